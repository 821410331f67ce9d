use super::*;
use crate::{
    is_claimed, owner_link, start_code,
    test_db::{PASSWORD, Service, password, reason},
};
use comanda_proto::identity::v1::{self as contract, OidcProof};

#[tokio::test]
async fn the_first_owner_comes_by_a_link_that_works_once() {
    let service = Service::new().await;
    let database = &service.test_db.database;
    assert!(!is_claimed(database).await.expect("an answer"));
    let link = owner_link(database, false).await.expect("a link");
    assert!(!is_claimed(database).await.expect("an answer"), "a link is not a sign-in");
    let owner = service.by(Shown::Link(link.clone())).await.expect("signed in");
    assert!(is_claimed(database).await.expect("an answer"));
    assert_eq!(service.principal(&owner.access_token).role, Role::Owner);
    assert_eq!(reason(service.by(Shown::Link(link)).await), "SIGN_IN_REFUSED");

    let again = owner_link(database, false).await.expect("a link");
    assert!(service.caller(&owner.access_token).is_ok(), "ends no session");
    let same = service.by(Shown::Link(again)).await.expect("signed in");
    assert_eq!(owner.staff.expect("an owner").staff_id, same.staff.expect("an owner").staff_id);
}

#[tokio::test]
async fn a_later_link_ends_the_earlier_and_a_reset_all() {
    let service = Service::new().await;
    let (owner, database) = (service.owner().await, &service.test_db.database);
    let earlier = owner_link(database, false).await.expect("a link");
    let later = owner_link(database, true).await.expect("a link");
    assert_eq!(reason(service.by(Shown::Link(earlier)).await), "SIGN_IN_REFUSED");
    assert_eq!(reason(service.by_password("owner").await), "SIGN_IN_REFUSED", "the password is forgotten");
    assert_eq!(reason(refreshed(&service, &owner.refresh_token).await), "SESSION_ENDED");
    let revocations = service.keys.revocations();
    crate::session::revocations::read(database, revocations).await.expect("the list");
    assert!(service.caller(&owner.access_token).is_err(), "the session has ended");
    service.by(Shown::Link(later)).await.expect("signed in");
}

#[tokio::test]
async fn links_and_codes_are_over_in_time() {
    let service = Service::new().await;
    let database = &service.test_db.database;
    let link = owner_link(database, false).await.expect("a link");
    let code = start_code(database, Role::Barista, "Tablet").await.expect("a code");
    service.execute("UPDATE sign_in_link SET expires_at = '2020-01-01T00:00:00+00:00'").await;
    service.execute("UPDATE pairing_code SET expires_at = '2020-01-01T00:00:00+00:00'").await;
    assert_eq!(reason(service.by(Shown::Link(link)).await), "SIGN_IN_REFUSED");
    let pair = service.grpc.pair_device(Request::new(PairDeviceRequest { code })).await;
    assert_eq!(reason(pair), "PAIRING_REFUSED");
}

#[tokio::test]
async fn a_password_opens_a_session_of_a_shift() {
    let service = Service::new().await;
    let owner = service.owner().await;
    let principal = service.principal(&owner.access_token);
    assert!(principal.person.as_ref().is_some_and(|person| person.name == "Owner") && principal.device.is_none());
    let left = principal.remaining().expect("some time").as_secs();
    assert!((11 * 3600..=12 * 3600).contains(&left), "{left}");
    let me = service.me(&owner.access_token).await;
    assert_eq!((me.staff, me.device, me.people), (owner.staff, None, vec![]));
    for (login, secret) in [("owner", "wrong password"), ("nobody", PASSWORD), ("owner", "")] {
        let refused = reason(service.by(password(login, secret)).await);
        assert_eq!(refused, if secret.is_empty() { "FIELD_INVALID" } else { "SIGN_IN_REFUSED" });
    }
    service.by(password(" Owner ", PASSWORD)).await.expect("as phones write it");
    let proof = OidcProof { code: "x".into(), code_verifier: "v".repeat(43), nonce: "n".into() };
    assert_eq!(reason(service.by(Shown::Oidc(proof)).await), "OIDC_NOT_CONFIGURED");
    let nothing = service.grpc.sign_in(Request::new(SignInRequest { proof: None })).await;
    assert_eq!(reason(nothing), "FIELD_INVALID");
}

#[tokio::test]
async fn what_is_revoked_is_listed_once_it_was_read() {
    let service = Service::new().await;
    let owner = service.owner().await;
    let list = async |known_version| {
        let request = Request::new(ListRevocationsRequest { known_version });
        service.grpc.list_revocations(request).await.expect("a list").into_inner()
    };
    let before = list(0).await;
    service.grpc.sign_out(service.as_(&owner.access_token, SignOutRequest {})).await.expect("signed out");
    let after = list(before.version).await;
    let session = service.keys.revocations().list();
    assert!(after.version > before.version && after.revocations.len() > before.revocations.len());
    assert_eq!(session.len(), after.revocations.len());
    assert_eq!(list(after.version).await.revocations, vec![]);
    assert_eq!(service.caller(&owner.access_token), Err(comanda_auth::token::Refused::Revoked));
    assert_eq!(reason(refreshed(&service, &owner.refresh_token).await), "SESSION_ENDED");

    let unread = comanda_auth::revocation::Revocations::default();
    let refused = ApiError::from(revocations::list(&unread, 0).expect_err("not read yet"));
    assert_eq!(refused.reason, "DEPENDENCY_DOWN");
}

pub async fn refreshed(service: &Service, token: &str) -> Result<contract::Session, Status> {
    let request = Request::new(RefreshRequest { refresh_token: token.to_owned() });
    Ok(service.grpc.refresh(request).await?.into_inner().session.expect("a session"))
}
