use crate::{
    grpc::tests::refreshed,
    start_code,
    test_db::{PASSWORD, PIN, Service, password, reason},
};
use comanda_auth::{role::Role as AuthRole, token::Refused};
use comanda_proto::identity::v1::{
    ArchiveStaffRequest, CreatePairingCodeRequest, Device, ListDevicesRequest, PairDeviceRequest, PairDeviceResponse,
    RevokeDeviceRequest, Role, Session, SignInRequest, identity_service_server::IdentityService,
};
use futures_util::future::join_all;
use tonic::{Request, Status};

fn wanted(shop: &str, role: Role) -> CreatePairingCodeRequest {
    let (shop_id, name) = (shop.to_owned(), "Tablet do balcão".to_owned());
    CreatePairingCodeRequest { shop_id, name, role: role.into(), stations: vec!["Bar".into()] }
}

async fn code(service: &Service, by: &Session, shop: &str, role: Role) -> Result<String, Status> {
    let request = service.as_(&by.access_token, wanted(shop, role));
    Ok(service.grpc.create_pairing_code(request).await?.into_inner().code)
}

async fn pair(service: &Service, code: &str) -> Result<PairDeviceResponse, Status> {
    let request = Request::new(PairDeviceRequest { code: code.to_owned() });
    Ok(service.grpc.pair_device(request).await?.into_inner())
}

async fn revoke(service: &Service, by: &Session, id: &str) -> Result<Device, Status> {
    let request = RevokeDeviceRequest { device_id: id.to_owned() };
    let answer = service.grpc.revoke_device(service.as_(&by.access_token, request)).await?;
    Ok(answer.into_inner().device.expect("a device"))
}

async fn listed(service: &Service, by: &Session, shop: &str) -> Result<Vec<Device>, Status> {
    let request = ListDevicesRequest { shop_id: shop.to_owned() };
    Ok(service.grpc.list_devices(service.as_(&by.access_token, request)).await?.into_inner().devices)
}

async fn staffed() -> (Service, Session, Session) {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.person(&owner, "marta", Role::Manager, &["main"]).await;
    let manager = service.by_password("marta").await.expect("signed in");
    (service, owner, manager)
}

#[tokio::test]
async fn a_code_pairs_one_device_for_its_shop() {
    let (service, _owner, marta) = staffed().await;
    let code = code(&service, &marta, "", Role::Barista).await.expect("a code");
    assert_eq!(code.len(), 8);
    let typed = format!("{}-{}", code[..4].to_lowercase(), &code[4..]);
    let paired = pair(&service, &typed).await.expect("paired");
    let device = paired.device.expect("a device");
    let who = service.principal(&paired.credential);
    assert_eq!(
        (who.role, &who.shops, &who.person, who.session),
        (AuthRole::Barista, &vec!["main".to_owned()], &None, None)
    );
    assert_eq!(who.device.as_ref().map(|device| device.name.as_str()), Some("Tablet do balcão"));
    let days = who.remaining().expect("a time").as_secs() / 86_400;
    assert_eq!(days, 364);
    let me = service.me(&paired.credential).await;
    assert_eq!((me.staff, me.device), (None, Some(device.clone())));
    assert_eq!(me.people.iter().map(|staff| staff.name.as_str()).collect::<Vec<_>>(), ["MARTA"], "who has a PIN");
    assert!(me.people.iter().all(|staff| staff.login.is_empty() && staff.role == 0));
    assert_eq!(listed(&service, &marta, "main").await.expect("devices"), [device]);
    assert_eq!(reason(pair(&service, &code).await), "PAIRING_REFUSED", "a replay");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_use_a_code_at_once_one_is_paired() {
    let (service, _owner, marta) = staffed().await;
    let code = code(&service, &marta, "main", Role::Barista).await.expect("a code");
    let paired = join_all((0..8).map(|_| pair(&service, &code))).await;
    assert_eq!(paired.iter().filter(|answer| answer.is_ok()).count(), 1, "{paired:?}");
    assert_eq!(listed(&service, &marta, "main").await.expect("devices").len(), 1);
}

#[tokio::test]
async fn wrong_codes_slow_their_address() {
    let (service, _owner, marta) = staffed().await;
    let code = code(&service, &marta, "main", Role::Barista).await.expect("a code");
    let from = async |address: &str, code: &str| {
        let mut request = Request::new(PairDeviceRequest { code: code.to_owned() });
        request.metadata_mut().insert("x-comanda-client-address", address.parse().expect("an address"));
        service.grpc.pair_device(request).await
    };
    for _ in 0..5 {
        assert_eq!(reason(from("203.0.113.7", "AAAAAAAA").await), "PAIRING_REFUSED");
    }
    assert_eq!(reason(from("203.0.113.7", &code).await), "SIGN_IN_SLOWED");
    from("203.0.113.8", &code).await.expect("from elsewhere");
}

#[tokio::test]
async fn managers_pair_for_their_shops_and_no_higher() {
    let (service, owner, marta) = staffed().await;
    assert_eq!(reason(code(&service, &marta, "other", Role::Barista).await), "SHOP_NOT_FOUND");
    assert_eq!(reason(code(&service, &marta, "main", Role::Owner).await), "ROLE_REQUIRED");
    let machine = code(&service, &owner, "main", Role::Owner).await.expect("a code");
    let machine = pair(&service, &machine).await.expect("paired");
    let device = machine.device.expect("a device");
    assert_eq!(device.shop_id, "");
    assert_eq!(service.principal(&machine.credential).role, AuthRole::Owner);
    let there = pair(&service, &code(&service, &owner, "other", Role::Panel).await.expect("a code")).await;
    let there = there.expect("paired");
    assert_eq!(service.principal(&there.credential).shops, ["other"]);
    let there = there.device.expect("a device").device_id;
    for other in [&device.device_id, &there] {
        assert_eq!(reason(revoke(&service, &marta, other).await), "DEVICE_NOT_FOUND");
    }
    assert_eq!(listed(&service, &marta, "main").await.expect("devices"), []);
    assert_eq!(reason(listed(&service, &marta, "other").await), "SHOP_NOT_FOUND");
    assert_eq!(listed(&service, &owner, "main").await.expect("devices").len(), 1, "owners see their machines");
    for broken in [
        CreatePairingCodeRequest { name: String::new(), ..wanted("main", Role::Panel) },
        CreatePairingCodeRequest { role: 0, ..wanted("main", Role::Panel) },
        CreatePairingCodeRequest { stations: vec!["Bar".into(); 11], ..wanted("main", Role::Panel) },
    ] {
        let refused = service.grpc.create_pairing_code(service.as_(&marta.access_token, broken)).await;
        assert_eq!(reason(refused), "FIELD_INVALID");
    }
}

#[tokio::test]
async fn a_revoked_device_lets_nobody_in() {
    let (service, _owner, marta) = staffed().await;
    let id = marta.staff.clone().expect("a manager").staff_id;
    let paired = pair(&service, &code(&service, &marta, "main", Role::Barista).await.expect("a code")).await;
    let PairDeviceResponse { credential, device } = paired.expect("paired");
    let by_pin = service.by_pin(&credential, &id, PIN).await.expect("signed in");
    let request = SignInRequest { proof: Some(password("marta", PASSWORD)) };
    let there = service.grpc.sign_in(service.as_(&credential, request)).await.expect("signed in").into_inner();
    let there = there.session.expect("a session");
    let device_id = device.expect("a device").device_id;
    let revoked = revoke(&service, &marta, &device_id).await.expect("revoked");
    assert!(revoked.revoke_time.is_some());
    assert_eq!(revoke(&service, &marta, &device_id).await.expect("again"), revoked);
    for token in [&credential, &by_pin.access_token, &there.access_token] {
        assert_eq!(service.caller(token), Err(Refused::Revoked));
    }
    assert_eq!(reason(refreshed(&service, &there.refresh_token).await), "SESSION_ENDED");
    assert!(service.caller(&marta.access_token).is_ok(), "a session elsewhere goes on");
    let until = service.keys.revocations().list().into_iter().find(|(id, _)| id.to_string() == device_id);
    assert!(until.is_some_and(|(_, end)| end > service.principal(&marta.access_token).expires + 360 * 86_400));
    assert_eq!(listed(&service, &marta, "main").await.expect("devices"), [revoked]);
    service.execute("UPDATE device SET revoked_at = '2020-01-01T00:00:00+00:00'").await;
    assert_eq!(listed(&service, &marta, "main").await.expect("devices"), [], "long ago");
}

#[tokio::test]
async fn codes_end_with_who_made_them() {
    let (service, owner, marta) = staffed().await;
    let code = code(&service, &marta, "main", Role::Barista).await.expect("a code");
    let staff_id = marta.staff.expect("a manager").staff_id;
    let gone = service.as_(&owner.access_token, ArchiveStaffRequest { staff_id, erase: false });
    service.grpc.archive_staff(gone).await.expect("gone");
    assert_eq!(reason(pair(&service, &code).await), "PAIRING_REFUSED");
}

#[tokio::test]
async fn a_start_ends_the_codes_of_the_one_before() {
    let service = Service::new().await;
    let database = &service.test_db.database;
    let start = async |role, name| start_code(database, role, name).await.expect("a code");
    let (board, panel) = (start(AuthRole::Barista, "Balcão").await, start(AuthRole::Panel, "Painel").await);
    let again = start(AuthRole::Barista, "Balcão").await;
    assert!(again.len() > 48 && again != board);
    assert_eq!(reason(pair(&service, &board).await), "PAIRING_REFUSED");
    for code in [&panel, &again] {
        let device = pair(&service, code).await.expect("paired").device.expect("a device");
        assert_eq!(device.shop_id, "main");
    }
    let third = start(AuthRole::Barista, "Balcão").await;
    assert_eq!(reason(pair(&service, &again).await), "PAIRING_REFUSED", "good once");
    pair(&service, &third).await.expect("paired");
}
