use crate::{
    owner_link, start_code,
    test_db::{PASSWORD, PIN, Service, password, reason},
};
use comanda_auth::role::Role as AuthRole;
use comanda_proto::identity::v1::{
    ListSecurityEventsRequest, PairDeviceRequest, Role, UpdateStaffRequest, identity_service_server::IdentityService,
};
use tonic::Request;

#[tokio::test]
async fn what_was_done_is_told_to_those_whom_it_concerns() {
    let service = Service::new().await;
    let owner = service.owner().await;
    let marta = service.person(&owner, "marta", Role::Manager, &["main"]).await;
    let session = service.by_password("marta").await.expect("signed in");
    let staff = service.person(&owner, "tom", Role::Barista, &["other"]).await;
    let raised = comanda_proto::identity::v1::Staff { role: Role::Manager.into(), ..staff };
    let raised = UpdateStaffRequest { staff: Some(raised), ..Default::default() };
    service.grpc.update_staff(service.as_(&owner.access_token, raised)).await.expect("changed");

    let kinds = |events: &[comanda_proto::identity::v1::SecurityEvent]| {
        events.iter().map(|event| (event.kind.clone(), event.subject.clone())).collect::<Vec<_>>()
    };
    let own = service.events(&session, "main").await;
    assert_eq!(kinds(&own), [("SIGN_IN".into(), "marta".into()), ("STAFF_CREATED".into(), "marta".into())]);
    assert_eq!((own[0].actor.as_str(), own[1].actor.as_str()), (marta.name.as_str(), "Owner"));
    let other = service.events(&owner, "other").await;
    assert!(other.iter().any(|event| event.detail == "role: BARISTA → MANAGER"), "{other:?}");
    assert!(other.iter().any(|event| event.subject == "owner"), "what concerns no shop, for owners");
    let request = ListSecurityEventsRequest { shop_id: "other".into(), ..Default::default() };
    let refused = service.grpc.list_security_events(service.as_(&session.access_token, request)).await;
    assert_eq!(reason(refused), "SHOP_NOT_FOUND");
}

#[tokio::test]
async fn the_log_is_read_part_by_part() {
    let service = Service::new().await;
    let owner = service.owner().await;
    for n in 0..4 {
        service.person(&owner, &format!("person{n}"), Role::Barista, &["main"]).await;
    }
    let all = service.events(&owner, "main").await;
    let (mut parts, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListSecurityEventsRequest { shop_id: String::new(), page_size: 3, page_token };
        let part = service.grpc.list_security_events(service.as_(&owner.access_token, request)).await;
        let part = part.expect("a part").into_inner();
        parts.extend(part.events);
        page_token = part.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(parts, all);
    assert!(all.windows(2).all(|two| {
        let at = |n: usize| two[n].event_time.map(|at| (at.seconds, at.nanos / 1_000_000));
        at(0) >= at(1)
    }));
    let request = ListSecurityEventsRequest { page_token: "x".into(), ..Default::default() };
    let refused = service.grpc.list_security_events(service.as_(&owner.access_token, request)).await;
    assert_eq!(reason(refused), "FIELD_INVALID");
}

/// Every secret that there was, in every way that it could have got there.
#[tokio::test]
async fn no_secret_is_in_the_log() {
    let service = Service::new().await;
    let owner = service.owner().await;
    let link = owner_link(&service.test_db.database, false).await.expect("a link");
    let ana = service.person(&owner, "ana", Role::Barista, &["main"]).await;
    let code = start_code(&service.test_db.database, AuthRole::Barista, "Tablet").await.expect("a code");
    let paired = service.grpc.pair_device(Request::new(PairDeviceRequest { code: code.clone() })).await;
    let credential = paired.expect("paired").into_inner().credential;
    let by_pin = service.by_pin(&credential, &ana.staff_id, PIN).await.expect("signed in");
    // In the wrong field, or nearly right.
    assert_eq!(reason(service.by(password("pao-de-queijo-2024", "ana")).await), "SIGN_IN_REFUSED");
    assert_eq!(reason(service.by(password("ana", "pão de queijos")).await), "SIGN_IN_REFUSED");
    assert_eq!(reason(service.by_pin(&credential, &ana.staff_id, "4712").await), "SIGN_IN_REFUSED");
    let wrong = service.grpc.pair_device(Request::new(PairDeviceRequest { code: "WRNGCDE2".into() })).await;
    assert_eq!(reason(wrong), "PAIRING_REFUSED");
    let staff = service.me(&owner.access_token).await.staff;
    let change =
        UpdateStaffRequest { staff, pin: "86420".into(), present_password: PASSWORD.into(), ..Default::default() };
    let printed = format!("{change:?}");
    service.grpc.update_staff(service.as_(&owner.access_token, change)).await.expect("changed");

    let owner = service.by_password("owner").await.expect("signed in");
    let told = format!("{:?} {printed} {owner:?} {by_pin:?}", service.events(&owner, "main").await);
    let secrets = [
        PASSWORD,
        PIN,
        "4712",
        "86420",
        "pao-de-queijo",
        "queijos",
        "WRNGCDE2",
        &link,
        &code,
        &credential,
        "eyJ",
        "argon2",
    ];
    for secret in secrets {
        assert!(!told.contains(secret), "{secret}");
    }
    for secret in [&owner.access_token, &owner.refresh_token, &by_pin.access_token] {
        assert!(!told.contains(secret.as_str()));
    }
}

#[tokio::test]
async fn who_guesses_from_everywhere_does_not_fill_the_log() {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.execute("INSERT INTO sign_in_attempt VALUES ('noted', 1000, '2999-01-01T00:00:00+00:00', '2999-01-01T00:00:00+00:00')").await;
    let before = service.events(&owner, "main").await.len();
    assert_eq!(reason(service.by(password("nobody", PASSWORD)).await), "SIGN_IN_REFUSED");
    assert_eq!(service.events(&owner, "main").await.len(), before);
    assert_eq!(reason(service.by(password("owner", "wrong password")).await), "SIGN_IN_REFUSED");
    assert_eq!(service.events(&owner, "main").await.len(), before + 1, "what concerns somebody is noted");
}
