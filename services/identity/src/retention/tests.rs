use super::*;
use crate::{
    grpc::tests::refreshed,
    owner_link, start_code,
    test_db::{PIN, Service, password, reason},
};
use comanda_auth::role::Role;
use comanda_proto::identity::v1::{Role as Contract, SignOutRequest, identity_service_server::IdentityService};
use comanda_storage::database::now;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

const TABLES: [&str; 9] = [
    "session",
    "refresh_token",
    "revocation",
    "pairing_code",
    "sign_in_link",
    "device",
    "sign_in_attempt",
    "sign_in_place",
    "security_event",
];

async fn rows(service: &Service) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        let count = Statement::from_string(DbBackend::Sqlite, format!("SELECT count(*) AS n FROM {table}"));
        let row = service.test_db.database.reader().query_one_raw(count).await.expect("an answer").expect("a row");
        counts.push(row.try_get("", "n").expect("a number"));
    }
    counts
}

#[tokio::test]
async fn what_is_over_goes_and_nothing_else() {
    let service = Service::new().await;
    let owner = service.owner().await;
    let ana = service.person(&owner, "ana", Contract::Barista, &["main"]).await;
    let tablet = service.device(Role::Barista, "Tablet").await;
    let by_pin = service.by_pin(&tablet, &ana.staff_id, PIN).await.expect("signed in");
    service.grpc.sign_out(service.as_(&by_pin.access_token, SignOutRequest {})).await.expect("signed out");
    let session = service.by_password("ana").await.expect("signed in");
    let session = refreshed(&service, &session.refresh_token).await.expect("new ones");
    assert_eq!(reason(service.by(password("ana", "wrong password")).await), "SIGN_IN_REFUSED");
    let place = "INSERT INTO sign_in_place SELECT staff_id, '203.0.113.7', strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now') \
        FROM staff WHERE login = 'ana'";
    service.execute(place).await;
    start_code(&service.test_db.database, Role::Panel, "Painel").await.expect("a code");
    owner_link(&service.test_db.database, false).await.expect("a link");

    let database = &service.test_db.database;
    let today = now(database.reader()).await.expect("a time");
    let before = rows(&service).await;
    assert!(before.iter().all(|count| *count > 0), "{before:?}");
    pass(database.clone(), today).await.expect("a pass");
    assert_eq!(rows(&service).await, before, "nothing is over yet");

    pass(database.clone(), today + TimeDelta::days(3)).await.expect("a pass");
    let left = rows(&service).await;
    // The two sessions that go on (the owner's first, by a link, has ended), with ana's two tokens and the owner's one.
    assert_eq!(left[..8], [2, 3, 0, 0, 0, 1, 0, 1], "{left:?}");
    refreshed(&service, &session.refresh_token).await.expect("it goes on");

    pass(database.clone(), today + TimeDelta::days(91)).await.expect("a pass");
    assert_eq!(rows(&service).await[7], 0, "a place that nobody has signed in from for so long");
    pass(database.clone(), today + TimeDelta::days(400))
        .await
        .expect_err("the log is younger, whatever the clock says");
}

#[tokio::test]
async fn the_log_cannot_be_changed_and_goes_after_a_year() {
    let service = Service::new().await;
    service.owner().await;
    let writer = service.test_db.database.writer();
    for change in ["UPDATE security_event SET detail = 'x'", "DELETE FROM security_event"] {
        let refused = writer.execute_unprepared(change).await.expect_err("refused").to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    let old = "INSERT INTO security_event SELECT randomblob(16), shop_id, '2020-01-01T00:00:00+00:00', 'OLD', actor, \
        subject, address, detail FROM security_event LIMIT 1";
    service.execute(old).await;
    let before = rows(&service).await[8];
    let database = &service.test_db.database;
    let today = now(database.reader()).await.expect("a time");
    pass(database.clone(), today).await.expect("a pass");
    assert_eq!(rows(&service).await[8], before - 1);
}
