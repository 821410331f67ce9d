use super::enter;
use crate::{
    refusal::Refusal,
    sign_in::{self, Door},
    test_db::{PASSWORD, PIN, Service, password, reason},
};
use comanda_auth::role::Role as AuthRole;
use comanda_proto::identity::v1::{
    PasswordProof, PinProof, Role, SignInRequest, identity_service_server::IdentityService, sign_in_request::Proof,
};
use futures_util::future::join_all;
use tonic::{Request, Status};
use tonic_types::StatusExt;

const ADDRESS: &str = "203.0.113.7";

/// A guess from an address.
async fn guess(service: &Service, address: &str, login: &str, secret: &str) -> Result<(), Status> {
    let proof = Proof::Password(PasswordProof { login: login.to_owned(), password: secret.to_owned() });
    let mut request = Request::new(SignInRequest { proof: Some(proof) });
    request.metadata_mut().insert("x-comanda-client-address", address.parse().expect("an address"));
    service.grpc.sign_in(request).await.map(drop)
}

/// As if so many seconds had passed since the last guess.
async fn pass(service: &Service, seconds: u32) {
    let earlier =
        |column: &str| format!("{column} = strftime('%Y-%m-%dT%H:%M:%f000+00:00', {column}, '-{seconds} seconds')");
    let (blocked, counted) = (earlier("blocked_until"), earlier("counted_at"));
    service.execute(&format!("UPDATE sign_in_attempt SET {blocked}, {counted}")).await;
}

/// Whoever has to wait now waits on, however slow the machine is.
async fn hold(service: &Service) {
    let long = "blocked_until = '2999-01-01T00:00:00+00:00'";
    service.execute(&format!("UPDATE sign_in_attempt SET {long} WHERE blocked_until > counted_at")).await;
}

/// As if everybody had waited.
async fn release(service: &Service) {
    service.execute("UPDATE sign_in_attempt SET blocked_until = counted_at").await;
}

#[tokio::test]
async fn five_wrong_passwords_are_free_and_then_the_right_one_waits_too() {
    let service = Service::new().await;
    service.owner().await;
    for _ in 0..5 {
        assert_eq!(reason(service.by(password("owner", "wrong password")).await), "SIGN_IN_REFUSED");
    }
    let slowed = service.by_password("owner").await.expect_err("slowed");
    let wait = slowed.get_details_retry_info().and_then(|info| info.retry_delay).expect("how long");
    assert!(wait.as_millis() <= 1000, "{wait:?}");
    assert_eq!(reason::<()>(Err(slowed)), "SIGN_IN_SLOWED");
    assert_eq!(reason(service.by(password("owner", "wrong password")).await), "SIGN_IN_SLOWED", "not counted");
    pass(&service, 1).await;
    service.by_password("owner").await.expect("it waited");
    for _ in 0..4 {
        assert_eq!(reason(service.by(password("owner", "wrong password")).await), "SIGN_IN_REFUSED");
    }
    service.by_password("owner").await.expect("the right one forgave the wrong ones before");
}

#[tokio::test]
async fn an_unknown_login_is_slowed_like_a_known_one() {
    let service = Service::new().await;
    for _ in 0..5 {
        assert_eq!(reason(service.by(password("nobody", PASSWORD)).await), "SIGN_IN_REFUSED");
    }
    assert_eq!(reason(service.by(password("nobody", PASSWORD)).await), "SIGN_IN_SLOWED");
    assert_eq!(reason(service.by(password("nobody.else", PASSWORD)).await), "SIGN_IN_REFUSED");
}

#[tokio::test]
async fn an_address_is_slowed_however_many_logins_it_tries() {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.person(&owner, "ana", Role::Barista, &["main"]).await;
    for n in 0..20 {
        let refused = guess(&service, ADDRESS, &format!("login{n}"), PASSWORD).await;
        assert_eq!(reason(refused), "SIGN_IN_REFUSED", "{n}");
    }
    assert_eq!(reason(guess(&service, ADDRESS, "ana", PASSWORD).await), "SIGN_IN_SLOWED");
    guess(&service, "203.0.113.8", "ana", PASSWORD).await.expect("from elsewhere");
    // Whoever has an IPv6 address has 2^64 of them.
    for n in 0..20 {
        let refused = guess(&service, &format!("2001:db8::{n}"), &format!("other{n}"), PASSWORD).await;
        assert_eq!(reason(refused), "SIGN_IN_REFUSED", "{n}");
    }
    assert_eq!(reason(guess(&service, "2001:db8::ffff", "ana", PASSWORD).await), "SIGN_IN_SLOWED");
}

#[tokio::test]
async fn who_signs_in_rightly_is_never_slowed() {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.person(&owner, "ana", Role::Barista, &["main"]).await;
    for _ in 0..25 {
        guess(&service, ADDRESS, "ana", PASSWORD).await.expect("signed in");
    }
}

/// Counted before anything is compared: of forty at once, no more get to guess than one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn parallel_guesses_are_counted_one_by_one() {
    let service = Service::new().await;
    service.owner().await;
    let guesses = join_all((0..40).map(|n| {
        let address = format!("198.51.100.{n}");
        let service = &service;
        async move { reason(guess(service, &address, "owner", "wrong password").await) }
    }))
    .await;
    let looked_at = guesses.iter().filter(|reason| *reason == "SIGN_IN_REFUSED").count();
    let slowed = guesses.iter().filter(|reason| *reason == "SIGN_IN_SLOWED").count();
    assert_eq!(looked_at + slowed, 40, "{guesses:?}");
    // The twelfth would have to come two minutes after the first.
    assert!((5..12).contains(&looked_at), "{looked_at}");
}

/// Whoever knows a login can guess, and only holds up whoever comes from nowhere in particular.
#[tokio::test]
async fn strangers_hold_nobody_who_comes_from_a_place_of_his_own() {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.person(&owner, "ana", Role::Barista, &["main"]).await;
    for login in ["ana", "owner"] {
        guess(&service, ADDRESS, login, PASSWORD).await.expect("signed in");
        let strangers = (0..40).map(|n| format!("198.51.100.{n}")).collect::<Vec<_>>();
        let told = join_all(strangers.iter().map(|from| guess(&service, from, login, "wrong password"))).await;
        let looked_at = told.into_iter().filter(|told| reason(told.clone()) == "SIGN_IN_REFUSED").count();
        assert!((5..12).contains(&looked_at), "strangers together: {looked_at}");
        hold(&service).await;
        let elsewhere = guess(&service, "203.0.113.9", login, PASSWORD).await;
        assert_eq!(reason(elsewhere), "SIGN_IN_SLOWED", "a place that {login} does not know");
        guess(&service, ADDRESS, login, PASSWORD).await.expect("a place of one's own");
        let elsewhere = guess(&service, "203.0.113.9", login, PASSWORD).await;
        assert_eq!(reason(elsewhere), "SIGN_IN_SLOWED", "which forgives no stranger");
    }
    let slowed = service.events(&owner, "main").await;
    let slowed = slowed.iter().filter(|event| event.kind == "SIGN_IN_SLOWED").collect::<Vec<_>>();
    assert_eq!(slowed.iter().map(|event| &event.subject).collect::<Vec<_>>(), ["owner", "ana"], "once each");
    assert!(slowed.iter().all(|event| event.address.starts_with("198.51.100.")), "{slowed:?}");
}

#[tokio::test]
async fn guesses_at_a_known_place_slow_that_place() {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.person(&owner, "ana", Role::Barista, &["main"]).await;
    for place in [ADDRESS, "203.0.113.8"] {
        guess(&service, place, "ana", PASSWORD).await.expect("signed in");
    }
    for _ in 0..5 {
        assert_eq!(reason(guess(&service, ADDRESS, "ana", "wrong password").await), "SIGN_IN_REFUSED");
    }
    hold(&service).await;
    assert_eq!(reason(guess(&service, ADDRESS, "ana", PASSWORD).await), "SIGN_IN_SLOWED");
    guess(&service, "203.0.113.8", "ana", PASSWORD).await.expect("at the other place");
    release(&service).await;
    guess(&service, ADDRESS, "ana", PASSWORD).await.expect("it waited");
    for _ in 0..4 {
        assert_eq!(reason(guess(&service, ADDRESS, "ana", "wrong password").await), "SIGN_IN_REFUSED", "forgiven");
    }
    service.execute("UPDATE sign_in_place SET used_at = '2020-01-01T00:00:00+00:00'").await;
    for _ in 0..5 {
        guess(&service, "198.51.100.1", "ana", "wrong password").await.expect_err("refused");
    }
    hold(&service).await;
    assert_eq!(reason(guess(&service, ADDRESS, "ana", PASSWORD).await), "SIGN_IN_SLOWED", "known no more");
}

#[tokio::test]
async fn an_account_knows_its_latest_ten_places() {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.person(&owner, "ana", Role::Barista, &["main"]).await;
    for n in 0..12 {
        guess(&service, &format!("203.0.113.{n}"), "ana", PASSWORD).await.expect("signed in");
    }
    for _ in 0..5 {
        guess(&service, "198.51.100.1", "ana", "wrong password").await.expect_err("refused");
    }
    hold(&service).await;
    for n in 0..2 {
        let forgotten = guess(&service, &format!("203.0.113.{n}"), "ana", PASSWORD).await;
        assert_eq!(reason(forgotten), "SIGN_IN_SLOWED", "{n}");
    }
    guess(&service, "203.0.113.2", "ana", PASSWORD).await.expect("signed in");
}

#[tokio::test]
async fn a_tablet_of_the_shop_is_a_place_of_its_own() {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.person(&owner, "ana", Role::Barista, &["main"]).await;
    service.person(&owner, "bia", Role::Barista, &["other"]).await;
    let tablet = service.device(AuthRole::Barista, "Tablet").await;
    let panel = service.device(AuthRole::Panel, "Painel").await;
    let at = async |device: &str, login: &str, secret: &str| {
        let mut request = service.as_(device, SignInRequest { proof: Some(password(login, secret)) });
        request.metadata_mut().insert("x-comanda-client-address", ADDRESS.parse().expect("an address"));
        service.grpc.sign_in(request).await.map(drop)
    };
    // From the address of the tablet, too, as by the customers' Wi-Fi.
    for n in 0..20 {
        guess(&service, ADDRESS, ["ana", "bia", "owner"][n % 3], "wrong password").await.expect_err("refused");
    }
    hold(&service).await;
    for (device, login) in [(&tablet, "bia"), (&panel, "ana"), (&String::new(), "ana")] {
        assert_eq!(reason(at(device, login, PASSWORD).await), "SIGN_IN_SLOWED", "{login}");
    }
    for login in ["ana", "owner"] {
        at(&tablet, login, PASSWORD).await.expect("at a tablet of the shop");
    }
    for _ in 0..5 {
        assert_eq!(reason(at(&tablet, "ana", "wrong password").await), "SIGN_IN_REFUSED");
    }
    hold(&service).await;
    assert_eq!(reason(at(&tablet, "ana", PASSWORD).await), "SIGN_IN_SLOWED", "it has a lock, too");
}

#[tokio::test]
async fn a_pin_counts_only_beside_a_device() {
    let service = Service::new().await;
    let owner = service.owner().await;
    let ana = service.person(&owner, "ana", Role::Manager, &["main", "other"]).await;
    let tablet = service.device(AuthRole::Barista, "Tablet").await;
    let session = service.by_pin(&tablet, &ana.staff_id, PIN).await.expect("signed in");
    let (who, device) = (service.principal(&session.access_token), service.principal(&tablet));
    assert_eq!((who.role, &who.shops, &who.device), (AuthRole::Manager, &vec!["main".to_owned()], &device.device));
    assert!(who.person.as_ref().is_some_and(|person| person.name == "ANA") && session.refresh_token.is_empty());

    let proof = || Proof::Pin(PinProof { staff_id: ana.staff_id.clone(), pin: PIN.into() });
    assert_eq!(reason(service.by(proof()).await), "SIGN_IN_REFUSED", "without a device");
    for token in [&owner.access_token, &session.access_token] {
        let refused = service.by_pin(token, &ana.staff_id, PIN).await;
        assert_eq!(reason(refused), "SIGN_IN_REFUSED", "with a person's token");
    }
    let panel = service.device(AuthRole::Panel, "Painel").await;
    assert_eq!(reason(service.by_pin(&panel, &ana.staff_id, PIN).await), "SIGN_IN_REFUSED", "at the panel");
    let elsewhere = service.person(&owner, "bia", Role::Barista, &["other"]).await;
    let refused = service.by_pin(&tablet, &elsewhere.staff_id, PIN).await;
    assert_eq!(reason(refused), "SIGN_IN_REFUSED", "of another shop");
    let machine = service.device(AuthRole::Owner, "Máquina").await;
    assert_eq!(reason(service.by_pin(&machine, &ana.staff_id, PIN).await), "SIGN_IN_REFUSED", "of no shop");
}

#[tokio::test]
async fn wrong_pins_slow_the_device_and_nobody_else() {
    let service = Service::new().await;
    let owner = service.owner().await;
    let ana = service.person(&owner, "ana", Role::Barista, &["main"]).await;
    let bia = service.person(&owner, "bia", Role::Manager, &["main"]).await;
    let [tablet, other] =
        [service.device(AuthRole::Barista, "Tablet").await, service.device(AuthRole::Barista, "Outro").await];
    for n in 0..10 {
        let wrong = service.by_pin(&tablet, &bia.staff_id, &format!("000{n}")).await;
        assert_eq!(reason(wrong), "SIGN_IN_REFUSED", "{n}");
        if n < 9 {
            // Whoever knows a PIN of his own gets no further with another's.
            service.by_pin(&tablet, &ana.staff_id, PIN).await.expect("signed in");
        }
    }
    assert_eq!(reason(service.by_pin(&tablet, &ana.staff_id, PIN).await), "SIGN_IN_SLOWED");
    service.by_pin(&other, &bia.staff_id, PIN).await.expect("at another device");
    service.by_password("bia").await.expect("with the password");
}

#[tokio::test]
async fn a_password_beside_a_device_makes_a_session_at_it() {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.person(&owner, "ana", Role::Barista, &["main"]).await;
    let tablet = service.device(AuthRole::Barista, "Tablet").await;
    let request = SignInRequest { proof: Some(password("ana", PASSWORD)) };
    let answer = service.grpc.sign_in(service.as_(&tablet, request)).await.expect("signed in").into_inner();
    let session = answer.session.expect("a session");
    assert_eq!(service.principal(&session.access_token).device, service.principal(&tablet).device);
    assert!(!session.refresh_token.is_empty());
}

/// As when the password is changed, or the person leaves, while it is compared.
#[tokio::test]
async fn what_was_proved_must_still_be_so() {
    let service = Service::new().await;
    let owner = service.owner().await;
    let identity = &service.grpc.0;
    let door = Door { device: None, address: None };
    let prove = async || sign_in::password::prove(identity, "ana", PASSWORD.into(), door).await.expect("it is right");
    service.person(&owner, "ana", Role::Barista, &["main"]).await;
    enter(identity, prove().await, door).await.expect("signed in");
    for change in ["password_hash = 'another'", "archived_at = '2024-01-01T00:00:00+00:00'"] {
        let proved = prove().await;
        service.execute(&format!("UPDATE staff SET {change} WHERE login = 'ana'")).await;
        let refused = enter(identity, proved, door).await.expect_err("refused");
        assert!(matches!(refused, Refusal::SignIn), "{change}: {refused:?}");
        service.execute("DELETE FROM sign_in_attempt").await;
        let hash = identity.hasher.hash(PASSWORD.into()).await.expect("hashed").0;
        service.execute(&format!("UPDATE staff SET password_hash = '{hash}' WHERE login = 'ana'")).await;
    }
}

#[tokio::test]
async fn a_proof_without_sense_is_told_so() {
    let service = Service::new().await;
    for proof in [
        password("", PASSWORD),
        password(&"x".repeat(61), PASSWORD),
        password("ana", &"x".repeat(801)),
        Proof::Pin(PinProof { staff_id: "x".into(), pin: "1234".into() }),
        Proof::Pin(PinProof { staff_id: uuid::Uuid::now_v7().to_string(), pin: "12a4".into() }),
        Proof::Link(String::new()),
    ] {
        assert_eq!(reason(service.by(proof).await), "FIELD_INVALID");
    }
}
