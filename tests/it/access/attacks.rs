//! What somebody may try: an old code, a stolen refresh token, guesses, headers of one's own making; and Identity gone.

use comanda_proto::{
    identity::v1::{
        CreatePairingCodeRequest, CreateStaffRequest, PairDeviceRequest, PairDeviceResponse, PasswordProof, PinProof,
        RefreshRequest, RevokeDeviceRequest, SignInRequest, Staff, identity_service_client::IdentityServiceClient,
        sign_in_request::Proof,
    },
    kitchen::v1::WatchTicketsRequest,
    r#type::v1::OrderState,
};
use harness::{Servers, Shop, eventually, with_token};
use tonic::{Code, Request, Status};
use uuid::Uuid;

use crate::clients::{Tablet, Tap, order, place, reason, tap};

pub const PASSWORD: &str = "correct horse battery";

pub async fn paired(shop: &Shop, code: &str) -> Result<PairDeviceResponse, Status> {
    Ok(shop.gateway.identity().pair_device(PairDeviceRequest { code: code.to_owned() }).await?.into_inner())
}

pub async fn code(shop: &Shop) -> String {
    let wanted = CreatePairingCodeRequest { name: "Tablet".into(), role: 2, ..Default::default() };
    let reply = shop.gateway.identity().create_pairing_code(with_token(wanted, &shop.secrets.staff)).await;
    reply.expect("a code").into_inner().code
}

pub async fn hired(shop: &Shop, pin: &str) -> Staff {
    let staff = Staff {
        name: "Dino".into(),
        login: format!("dino-{}", Uuid::new_v4()),
        role: 2,
        shop_ids: vec!["main".into()],
        ..Default::default()
    };
    let create = CreateStaffRequest { staff: Some(staff), password: PASSWORD.into(), pin: pin.into() };
    let reply = shop.gateway.identity().create_staff(with_token(create, &shop.secrets.staff)).await;
    reply.expect("hired").into_inner().staff.expect("a person")
}

pub fn by_password(login: &str, password: &str) -> SignInRequest {
    let proof = PasswordProof { login: login.to_owned(), password: password.to_owned() };
    SignInRequest { proof: Some(Proof::Password(proof)) }
}

fn by_pin(staff: &Staff, pin: &str) -> SignInRequest {
    SignInRequest { proof: Some(Proof::Pin(PinProof { staff_id: staff.staff_id.clone(), pin: pin.to_owned() })) }
}

/// Whatever is logged within a call of the staff names the person.
pub async fn a_log_names_the_person(shop: &Shop) {
    let staff = hired(shop, "").await;
    let identity = shop.identity.first().unwrap_or(&shop.gateway);
    eventually("a line of the log has both", async || {
        let log = identity.log();
        log.lines().any(|line| line.contains(&staff.login) && line.contains("person") && line.contains("Ana"))
    })
    .await;
}

pub async fn a_pairing_code_pairs_one_device(shop: &Shop) {
    let code = code(shop).await;
    paired(shop, &code).await.expect("paired");
    let again = paired(shop, &code).await.expect_err("it was used");
    assert_eq!((again.code(), reason(&again).as_str()), (Code::Unauthenticated, "PAIRING_REFUSED"));
}

pub async fn a_refresh_token_that_is_used_twice_ends_its_session(shop: &Shop) {
    let staff = hired(shop, "").await;
    let mut identity = shop.gateway.identity();
    let first = identity.sign_in(by_password(&staff.login, PASSWORD)).await.expect("signed in").into_inner();
    let stolen = RefreshRequest { refresh_token: first.session.expect("a session").refresh_token };
    let second =
        identity.refresh(stolen.clone()).await.expect("the first use").into_inner().session.expect("a session");
    let again = identity.refresh(stolen).await.expect_err("the second use");
    assert_eq!(reason(&again), "SESSION_ENDED");
    let honest = RefreshRequest { refresh_token: second.refresh_token };
    assert_eq!(reason(&identity.refresh(honest).await.expect_err("nobody goes on")), "SESSION_ENDED");
    eventually("its access token is worth nothing in the kitchen", async || {
        let watch = with_token(WatchTicketsRequest::default(), &second.access_token);
        let refused = shop.gateway.kitchen().watch_tickets(watch).await.err()?;
        (reason(&refused) == "TOKEN_REVOKED").then_some(())
    })
    .await;
}

pub async fn guessed_pins_slow_the_tablet_and_nobody_else(shop: &Shop) {
    let staff = hired(shop, "2580").await;
    let device = paired(shop, &code(shop).await).await.expect("paired");
    let other = paired(shop, &code(shop).await).await.expect("paired");
    let mut identity = shop.gateway.identity();
    let mut guess = async |credential: &str, pin: &str, address: u8| {
        let mut request = with_token(by_pin(&staff, pin), credential);
        // As somebody would who had many addresses, or a header of that name.
        let address = format!("192.0.2.{address}").parse().expect("metadata");
        request.metadata_mut().insert("x-comanda-client-address", address);
        identity.sign_in(request).await.map(|_| ()).map_err(|status| reason(&status))
    };
    let mut told = Vec::new();
    for number in 0..20 {
        told.push(guess(&device.credential, &format!("{number:04}"), number).await.expect_err("a wrong one"));
    }
    assert!(told.iter().any(|told| told == "SIGN_IN_SLOWED"), "{told:?}");
    assert_eq!(guess(&device.credential, "2580", 99).await, Err("SIGN_IN_SLOWED".to_owned()), "the right one, too");
    assert_eq!(guess(&other.credential, "2580", 99).await, Ok(()), "at another tablet");
    assert_eq!(guess(&shop.secrets.staff, "2580", 99).await, Err("SIGN_IN_REFUSED".to_owned()), "without a tablet");
}

pub async fn guessed_passwords_are_slowed_whatever_address_is_claimed(shop: &Shop) {
    let staff = hired(shop, "").await;
    let mut told = Vec::new();
    for number in 0..12 {
        let mut request = Request::new(by_password(&staff.login, &format!("a wrong one {number}")));
        let address = format!("198.51.100.{number}").parse().expect("metadata");
        request.metadata_mut().insert("x-comanda-client-address", address);
        let refused = shop.gateway.identity().sign_in(request).await.expect_err("a wrong one");
        told.push(reason(&refused));
    }
    assert!(told.iter().any(|told| told == "SIGN_IN_SLOWED"), "{told:?}");
}

/// From another address, which a connection cannot invent.
pub async fn a_stranger_who_knows_a_login_keeps_nobody_out(shop: &Shop) {
    let staff = hired(shop, "").await;
    let from = async |address: &str, password: &str| {
        let channel = shop.gateway.endpoint().local_address(Some(address.parse().expect("an address"))).connect_lazy();
        let answer = IdentityServiceClient::new(channel).sign_in(by_password(&staff.login, password)).await;
        answer.map(|_| ()).map_err(|status| reason(&status))
    };
    from("127.0.3.1", PASSWORD).await.expect("signed in");
    let mut told = Vec::new();
    for number in 0..12 {
        told.push(from(&format!("127.0.4.{}", number + 1), "a wrong one").await.expect_err("a wrong one"));
    }
    assert!(told.iter().any(|told| told == "SIGN_IN_SLOWED"), "{told:?}");
    assert_eq!(from("127.0.3.1", PASSWORD).await, Ok(()), "from where the account has been used before");
}

/// Its being away stops sign-in and pairing, nothing else, also for a kitchen that starts meanwhile.
pub async fn a_kitchen_goes_on_while_identity_is_away() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let tablet = paired(&shop, &code(&shop).await).await.expect("paired").credential;
    let lost = paired(&shop, &code(&shop).await).await.expect("paired");
    let revoke = RevokeDeviceRequest { device_id: lost.device.expect("a device").device_id };
    shop.gateway.identity().revoke_device(with_token(revoke, &shop.secrets.staff)).await.expect("revoked");
    let refused = async |shop: &Shop| {
        let watch = with_token(WatchTicketsRequest::default(), &lost.credential);
        let refused = shop.kitchen[0].kitchen().watch_tickets(watch).await.err()?;
        (reason(&refused) == "TOKEN_REVOKED").then_some(())
    };
    eventually("the kitchen has heard of it", async || refused(&shop).await).await;

    shop.identity[0].kill();
    let status = shop.gateway.identity().sign_in(by_password("owner", PASSWORD)).await.expect_err("it is away");
    assert_eq!(status.code(), Code::Unavailable);
    shop.kitchen[0].kill();
    shop.kitchen[0].start().await;
    eventually("it still knows after a start", async || refused(&shop).await).await;
    let placed = place(&shop, "Eva").await;
    let id = &order(&placed).order_id;
    let mut board = Tablet::watch(shop.gateway.kitchen(), &tablet).await;
    let ticket = board.until_state(id, OrderState::Received).await;
    tap(shop.gateway.kitchen(), &tablet, Tap::Start, id, ticket.revision).await.expect("started");
    board.until_state(id, OrderState::Preparing).await;
}
