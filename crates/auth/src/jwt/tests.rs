use super::*;
use std::time::{SystemTime, UNIX_EPOCH};

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

fn signer() -> TokenSigner {
    TokenSigner::from_pem(&TokenSigner::generate().expect("a key")).expect("a signer")
}

fn ana() -> Principal {
    let named = |id, name: &str| Some(Named { id: Uuid::from_u128(id), name: name.to_owned() });
    Principal {
        role: Role::Barista,
        shops: vec!["main".to_owned()],
        person: named(1, "Ana"),
        device: named(2, "Tablet do balcão"),
        session: Some(Uuid::from_u128(3)),
        expires: now() + 60,
    }
}

/// A token of the same claims, forged in some way.
fn forged(signer: &TokenSigner, header: &str, change: impl Fn(&mut serde_json::Value)) -> String {
    let token = signer.sign(&ana(), now()).expect("signed");
    let mut parts = token.split('.');
    let (_, claims, signature) = (parts.next(), parts.next().expect("claims"), parts.next().expect("a signature"));
    let mut claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).expect("base64")).expect("JSON");
    change(&mut claims);
    format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

#[test]
fn what_was_signed_is_what_is_read() {
    let signer = signer();
    let verifier = TokenVerifier::new(&PublicKeys::from_jwks(&signer.public_keys().to_jwks()).expect("keys"));
    let token = signer.sign(&ana(), now()).expect("signed");
    assert_eq!(*verifier.verify(&token).expect("good"), ana());
    assert_eq!(*verifier.verify(&token).expect("good again"), ana());
    let tablet = Principal { person: None, session: None, ..ana() };
    assert_eq!(*verifier.verify(&signer.sign(&tablet, now()).expect("signed")).expect("good"), tablet);
}

#[test]
fn forgeries_are_invalid() {
    let own = signer();
    let verifier = TokenVerifier::new(own.public_keys());
    let with_key = |header: &str| header.replace("KEY", &own.id);
    let other_key = signer().sign(&ana(), now()).expect("signed");
    let relabelled = {
        let (_, rest) = other_key.split_once('.').expect("parts");
        format!("{}.{rest}", URL_SAFE_NO_PAD.encode(with_key(r#"{"alg":"EdDSA","kid":"KEY"}"#)))
    };
    let cases = [
        ("another key", other_key),
        ("another key under the name of ours", relabelled),
        ("alg none", forged(&own, &with_key(r#"{"alg":"none","kid":"KEY"}"#), |_| {})),
        ("another algorithm", forged(&own, &with_key(r#"{"alg":"HS256","kid":"KEY"}"#), |_| {})),
        (
            "another role",
            forged(&own, &with_key(r#"{"alg":"EdDSA","kid":"KEY"}"#), |claims| claims["role"] = "owner".into()),
        ),
        ("nothing", String::new()),
        ("no token", "a.b.c".to_owned()),
    ];
    for (what, token) in cases {
        assert_eq!(verifier.verify(&token), Err(Unusable::Invalid), "{what}");
    }
}

#[test]
fn another_audience_or_issuer_is_invalid_and_an_old_one_expired() {
    let own = signer();
    let verifier = TokenVerifier::new(own.public_keys());
    let header = Header { kid: Some(own.id.clone()), ..Header::new(Algorithm::EdDSA) };
    let signed = |claims: serde_json::Value| encode(&header, &claims, &own.key).expect("signed");
    let claims = serde_json::json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": Uuid::from_u128(1), "iat": now(), "exp": now() + 60, "role": "owner",
        "shops": [],
    });
    assert!(verifier.verify(&signed(claims.clone())).is_ok());
    for (claim, value) in [("aud", "another".into()), ("iss", "another".into()), ("exp", serde_json::Value::Null)] {
        let mut claims = claims.clone();
        claims[claim] = value;
        assert_eq!(verifier.verify(&signed(claims)), Err(Unusable::Invalid), "{claim}");
    }
    let mut old = claims;
    old["exp"] = (now() - 3600).into();
    assert_eq!(verifier.verify(&signed(old)), Err(Unusable::Expired));
}

#[test]
fn a_new_key_signs_while_tokens_of_the_old_one_are_good() {
    let pem = |_| TokenSigner::generate().expect("a key");
    let [old, new] = [0, 1].map(pem);
    let (before, after) = (TokenSigner::from_pem(&old), TokenSigner::from_pem(&format!("{new}{old}")));
    let (before, after) = (before.expect("a signer"), after.expect("a signer"));
    let verifier = TokenVerifier::new(after.public_keys());
    for signer in [before, after] {
        assert!(verifier.verify(&signer.sign(&ana(), now()).expect("signed")).is_ok(), "{signer:?}");
    }
}
