use crate::{
    grpc::tests::refreshed,
    test_db::{Service, reason},
};
use comanda_auth::token::Refused;
use comanda_proto::identity::v1::{Role, SignOutRequest, identity_service_server::IdentityService};
use futures_util::future::join_all;

#[tokio::test]
async fn tokens_rotate() {
    let service = Service::new().await;
    let first = service.owner().await;
    let second = refreshed(&service, &first.refresh_token).await.expect("new ones");
    assert_ne!(first.refresh_token, second.refresh_token);
    assert_eq!(first.staff, second.staff);
    let [before, after] = [&first, &second].map(|session| service.principal(&session.access_token));
    assert_eq!((before.session, &before.person), (after.session, &after.person));
    let third = refreshed(&service, &second.refresh_token).await.expect("new ones");
    assert!(service.caller(&third.access_token).is_ok());
    assert_eq!(reason(refreshed(&service, "unknown").await), "SESSION_ENDED");
    assert!(service.caller(&third.access_token).is_ok(), "a token that never was ends nothing");
}

#[tokio::test]
async fn a_refresh_token_that_is_used_twice_ends_its_session() {
    let service = Service::new().await;
    let (first, other) = (service.owner().await, service.by_password("owner").await.expect("signed in"));
    let stolen = refreshed(&service, &first.refresh_token).await.expect("by the thief");
    let onwards = refreshed(&service, &stolen.refresh_token).await.expect("by the thief, once more");
    assert_eq!(reason(refreshed(&service, &first.refresh_token).await), "SESSION_ENDED", "the honest one");
    assert_eq!(reason(refreshed(&service, &onwards.refresh_token).await), "SESSION_ENDED", "and the thief");
    for session in [&first, &stolen, &onwards] {
        assert_eq!(service.caller(&session.access_token), Err(Refused::Revoked));
    }
    assert!(service.caller(&other.access_token).is_ok(), "another session goes on");
    let events = service.events(&other, "main").await;
    let reused: Vec<_> = events.iter().filter(|event| event.kind == "REFRESH_REUSED").collect();
    assert_eq!(reused.len(), 1, "{events:?}");
    assert_eq!(reused[0].subject, "owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_use_it_at_once_neither_goes_on() {
    let service = Service::new().await;
    let first = service.owner().await;
    let both = join_all([(), ()].map(|()| refreshed(&service, &first.refresh_token))).await;
    let won: Vec<_> = both.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    assert_eq!(won.len(), 1, "{both:?}");
    assert_eq!(reason(refreshed(&service, &won[0].refresh_token).await), "SESSION_ENDED");
}

#[tokio::test]
async fn a_session_ends_with_its_time() {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.execute("UPDATE session SET expires_at = '2020-01-01T00:00:00+00:00'").await;
    assert_eq!(reason(refreshed(&service, &owner.refresh_token).await), "SESSION_ENDED");
    let rows = "UPDATE session SET expires_at = '2999-01-01T00:00:00+00:00'";
    service.execute(rows).await;
    refreshed(&service, &owner.refresh_token).await.expect("what was refused was not used up");
}

#[tokio::test]
async fn signing_out_ends_one_session() {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.person(&owner, "ana", Role::Barista, &["main"]).await;
    let [one, other] =
        [service.by_password("ana").await, service.by_password("ana").await].map(|s| s.expect("signed in"));
    service.grpc.sign_out(service.as_(&one.access_token, SignOutRequest {})).await.expect("signed out");
    assert_eq!(service.caller(&one.access_token), Err(Refused::Revoked));
    assert_eq!(reason(refreshed(&service, &one.refresh_token).await), "SESSION_ENDED");
    refreshed(&service, &other.refresh_token).await.expect("another device");
    let tablet = service.device(comanda_auth::role::Role::Barista, "Tablet").await;
    service.grpc.sign_out(service.as_(&tablet, SignOutRequest {})).await.expect("nothing to end");
    assert!(service.caller(&tablet).is_ok(), "it stays paired");
}
