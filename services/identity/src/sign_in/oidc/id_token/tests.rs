use super::*;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{self, EcdsaKeyPair, KeyPair, RsaKeyPair},
};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use serde_json::json;

const EXPECTED: Expected<'static> =
    Expected { issuer: "https://login.example", client_id: "comanda", nonce: "n-0S6_WzA2Mj" };

/// For these tests only; `ring` makes no RSA keys.
const RSA: &str = include_str!("test_rsa.pem");

fn rsa() -> RsaKeyPair {
    let key = PrivatePkcs8KeyDer::from_pem_slice(RSA.as_bytes()).expect("a key");
    RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).expect("a key")
}

fn rsa_jwk(id: &str) -> Value {
    let public = rsa().public().into();
    let signature::RsaPublicKeyComponents { n, e }: signature::RsaPublicKeyComponents<Vec<u8>> = public;
    json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": encoded(&n), "e": encoded(&e)})
}

fn ec() -> EcdsaKeyPair {
    let by = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let made = EcdsaKeyPair::generate_pkcs8(by, &SystemRandom::new()).expect("a key");
    EcdsaKeyPair::from_pkcs8(by, made.as_ref(), &SystemRandom::new()).expect("a key")
}

fn ec_jwk(id: &str, key: &EcdsaKeyPair) -> Value {
    let (x, y) = key.public_key().as_ref()[1..].split_at(32);
    json!({"kty": "EC", "crv": "P-256", "kid": id, "x": encoded(x), "y": encoded(y)})
}

fn read(listed: &[Value]) -> Vec<Jwk> {
    keys(json!({"keys": listed}).to_string().as_bytes()).expect("keys")
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn good() -> Value {
    json!({
        "iss": EXPECTED.issuer, "aud": EXPECTED.client_id, "sub": "248289761001", "nonce": EXPECTED.nonce,
        "iat": now(), "exp": now() + 300, "name": "Ana", "groups": ["gerentes"],
    })
}

fn token(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let message = format!("{}.{}", encoded(header.to_string().as_bytes()), encoded(claims.to_string().as_bytes()));
    let signature = sign(message.as_bytes());
    format!("{message}.{}", encoded(&signature))
}

fn by_rsa(message: &[u8]) -> Vec<u8> {
    let key = rsa();
    let mut signed = vec![0; key.public().modulus_len()];
    key.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signed).expect("signed");
    signed
}

fn by_ec(key: &EcdsaKeyPair) -> impl FnOnce(&[u8]) -> Vec<u8> {
    |message| key.sign(&SystemRandom::new(), message).expect("signed").as_ref().to_vec()
}

fn rs256(claims: &Value) -> String {
    token(&json!({"alg": "RS256", "kid": "a"}), claims, by_rsa)
}

#[test]
fn what_the_provider_signed_for_us_is_read() {
    let (key, other) = (ec(), ec());
    let keys = read(&[rsa_jwk("a"), ec_jwk("b", &key), ec_jwk("c", &other)]);
    let claims = check(&rs256(&good()), &keys, &EXPECTED).expect("good");
    assert_eq!((claims.sub.as_str(), claims.name.as_deref()), ("248289761001", Some("Ana")));
    assert_eq!(claims.get("groups"), Some(&json!(["gerentes"])));
    let es256 = |kid: &str| token(&json!({"alg": "ES256", "kid": kid}), &good(), by_ec(&key));
    assert!(check(&es256("b"), &keys, &EXPECTED).is_ok());
    // Without a name, where there is one key that it can be of.
    let unnamed = token(&json!({"alg": "RS256"}), &good(), by_rsa);
    assert!(check(&unnamed, &keys, &EXPECTED).is_ok());
    let unnamed = token(&json!({"alg": "ES256"}), &good(), by_ec(&key));
    assert_eq!(check(&unnamed, &keys, &EXPECTED), Err(Unfit::UnknownKey), "two could be meant");
}

#[test]
fn a_key_that_is_not_known_may_be_a_new_one() {
    let keys = read(&[rsa_jwk("old"), json!({"kty": "new", "kid": "a"}), json!(7)]);
    assert_eq!(check(&rs256(&good()), &keys, &EXPECTED), Err(Unfit::UnknownKey));
    assert_eq!(check(&rs256(&good()), &read(&[]), &EXPECTED), Err(Unfit::UnknownKey));
    for (field, value) in [("use", "enc"), ("alg", "RS512"), ("alg", "RSA-OAEP")] {
        let mut key = rsa_jwk("a");
        key[field] = json!(value);
        assert_eq!(check(&rs256(&good()), &read(&[key]), &EXPECTED), Err(Unfit::UnknownKey), "{value}");
    }
}

#[test]
fn forgeries_are_refused() {
    let (theirs, keys) = (ec(), read(&[rsa_jwk("a")]));
    let algorithm = |alg: &str| json!({"alg": alg, "kid": "a"});
    // The public key as the secret, in the forms in which somebody may have it.
    let by_public_key = |message: &[u8]| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, rsa_jwk("a")["n"].as_str().expect("n").as_bytes());
        hmac::sign(&key, message).as_ref().to_vec()
    };
    for (what, token) in [
        ("alg none", token(&algorithm("none"), &good(), |_| vec![])),
        ("no signature", token(&algorithm("RS256"), &good(), |_| vec![])),
        ("HS256 with the public key", token(&algorithm("HS256"), &good(), by_public_key)),
        ("another algorithm", token(&algorithm("RS384"), &good(), by_rsa)),
        ("another key under that name", token(&algorithm("RS256"), &good(), by_ec(&theirs))),
        ("no token", "a.b.c".to_owned()),
        ("nothing", String::new()),
    ] {
        assert!(matches!(check(&token, &keys, &EXPECTED), Err(Unfit::Wrong(_))), "{what}");
    }
    let mut other = rs256(&good());
    other.replace_range(other.len() - 300..other.len() - 299, "~");
    assert!(check(&other, &keys, &EXPECTED).is_err());
    let both = read(&[ec_jwk("a", &theirs)]);
    assert_eq!(check(&rs256(&good()), &both, &EXPECTED), Err(Unfit::UnknownKey), "a key of another kind");
    let keys = read(&[ec_jwk("a", &theirs)]);
    let forged = token(&algorithm("ES256"), &good(), by_ec(&ec()));
    assert_eq!(check(&forged, &keys, &EXPECTED), Err(Unfit::Wrong("signed by another key")));
}

#[test]
fn each_claim_must_be_right() {
    let keys = read(&[rsa_jwk("a")]);
    for (what, claim, value) in [
        ("of another issuer", "iss", json!("https://login.example/")),
        ("for another client", "aud", json!("another")),
        ("for another client", "aud", json!(["another", "third"])),
        ("for another client", "aud", json!(["another", "comanda"])),
        ("for another client", "azp", json!("another")),
        ("of another sign-in", "nonce", json!("another")),
        ("of another sign-in", "nonce", Value::Null),
        ("over", "exp", json!(now() - 120)),
        ("not good yet", "nbf", json!(now() + 120)),
        ("issued in the future", "iat", json!(now() + 120)),
        ("of no subject", "sub", json!("")),
    ] {
        let mut claims = good();
        claims[claim] = value.clone();
        assert_eq!(check(&rs256(&claims), &keys, &EXPECTED), Err(Unfit::Wrong(what)), "{claim} {value}");
    }
    for claim in ["iss", "aud", "sub", "exp", "iat", "nonce"] {
        let mut claims = good();
        claims.as_object_mut().expect("claims").remove(claim);
        assert!(matches!(check(&rs256(&claims), &keys, &EXPECTED), Err(Unfit::Wrong(_))), "{claim}");
    }
    for (claim, value) in
        [("azp", json!("comanda")), ("aud", json!(["comanda"])), ("exp", json!(now() - 30)), ("iat", json!(now() + 30))]
    {
        let mut claims = good();
        claims[claim] = value;
        assert!(check(&rs256(&claims), &keys, &EXPECTED).is_ok(), "{claim}");
    }
    let mut claims = good();
    (claims["aud"], claims["azp"]) = (json!(["another", "comanda"]), json!("comanda"));
    assert!(check(&rs256(&claims), &keys, &EXPECTED).is_ok(), "of several, for us");
}
