//! Many who ask Identity at once: what may happen once happens once, on Postgres and on SQLite.

use comanda_proto::identity::v1::{ArchiveStaffRequest, CreateStaffRequest, ListStaffRequest, RefreshRequest, Staff};
use futures_util::future::join_all;
use harness::{Role, Servers, Settings, Shop, with_token};
use sea_orm::ConnectionTrait;
use tonic::Status;
use uuid::Uuid;

use super::attacks::{PASSWORD, by_password, code, hired, paired};
use crate::clients::reason;

const AT_ONCE: usize = 12;

pub async fn of_many_at_once_one_uses_a_code_or_a_refresh_token(shop: &Shop) {
    let code = code(shop).await;
    let pairings = join_all((0..AT_ONCE).map(|_| paired(shop, &code))).await;
    assert_eq!(pairings.iter().filter(|pairing| pairing.is_ok()).count(), 1, "{pairings:?}");

    let staff = hired(shop, "").await;
    let session = shop.gateway.identity().sign_in(by_password(&staff.login, PASSWORD)).await.expect("signed in");
    let refresh_token = session.into_inner().session.expect("a session").refresh_token;
    let uses = join_all((0..AT_ONCE).map(|_| async {
        let request = RefreshRequest { refresh_token: refresh_token.clone() };
        shop.gateway.identity().refresh(request).await.map_err(|status| reason(&status))
    }))
    .await;
    let (good, bad): (Vec<_>, Vec<_>) = uses.into_iter().partition(Result::is_ok);
    assert!(good.len() <= 1, "{good:?}");
    assert!(bad.iter().all(|bad| bad.as_ref().is_err_and(|why| why == "SESSION_ENDED")), "{bad:?}");
    for one in good.into_iter().flatten() {
        let next = RefreshRequest { refresh_token: one.into_inner().session.expect("a session").refresh_token };
        let ended = shop.gateway.identity().refresh(next).await.expect_err("whoever came second ended the session");
        assert_eq!(reason(&ended), "SESSION_ENDED");
    }
}

pub async fn guesses_at_once_get_no_further_than_one_after_the_other(shop: &Shop) {
    let staff = hired(shop, "").await;
    let guesses = join_all((0..4 * AT_ONCE).map(|number| {
        let request = by_password(&staff.login, &format!("a wrong one {number}"));
        async { shop.gateway.identity().sign_in(request).await.map_err(|status| reason(&status)) }
    }))
    .await;
    let looked_at = guesses.iter().filter(|told| matches!(told, Err(why) if why == "SIGN_IN_REFUSED")).count();
    assert!((1..=8).contains(&looked_at), "{guesses:?}");
    assert!(guesses.iter().all(Result::is_err));
}

pub async fn what_is_in_the_security_log_stays(shop: &Shop) {
    hired(shop, "").await;
    let database = shop.writable_database(Role::Identity).await;
    for change in ["UPDATE security_event SET actor = 'x'", "DELETE FROM security_event"] {
        let refusal = database.execute_unprepared(change).await.expect_err("append-only").to_string();
        assert!(refusal.contains("append-only"), "{refusal}");
    }
}

async fn owner(shop: &Shop) -> String {
    let login = format!("owner-{}", Uuid::new_v4());
    let staff = Staff { name: "Olga".into(), login, role: 4, ..Default::default() };
    let create = CreateStaffRequest { staff: Some(staff), password: PASSWORD.into(), pin: String::new() };
    let reply = shop.gateway.identity().create_staff(with_token(create, &shop.secrets.staff)).await;
    reply.expect("hired").into_inner().staff.expect("a person").staff_id
}

async fn archive(shop: &Shop, staff_id: &str) -> Result<(), Status> {
    let request = ArchiveStaffRequest { staff_id: staff_id.to_owned(), erase: false };
    shop.gateway.identity().archive_staff(with_token(request, &shop.secrets.staff)).await.map(|_| ())
}

/// On shops of their own: nobody else makes owners there.
pub async fn of_the_last_two_owners_one_stays() {
    for shop in [Shop::mesh(&*Servers::shared().await, 1).await, Shop::embedded_with(Settings::new()).await] {
        let mut left = owner(&shop).await;
        // Whoever the start made leaves first.
        let list = with_token(ListStaffRequest::default(), &shop.secrets.staff);
        let staff = shop.gateway.identity().list_staff(list).await.expect("people").into_inner().staff;
        for first in staff.iter().filter(|staff| staff.role == 4 && staff.staff_id != left) {
            archive(&shop, &first.staff_id).await.expect("another is left");
        }
        for _ in 0..5 {
            let other = owner(&shop).await;
            let (one, two) = tokio::join!(archive(&shop, &left), archive(&shop, &other));
            let refused = [&one, &two].map(|ended| ended.as_ref().err().map(reason));
            assert_eq!(refused.iter().flatten().collect::<Vec<_>>(), ["LAST_OWNER"], "{refused:?}");
            left = if one.is_err() { left } else { other };
        }
    }
}
