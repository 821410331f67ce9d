use super::*;
use crate::{
    grpc::tests::refreshed,
    security_log::Actor,
    session,
    test_db::{PASSWORD, PIN, Service, password, reason},
};
use comanda_auth::token::Refused;
use comanda_proto::identity::v1::{
    ArchiveStaffRequest, ListStaffRequest, Role as Contract, Session, UpdateStaffRequest,
    identity_service_server::IdentityService,
};
use futures_util::future::join;
use tonic::Status;

async fn update(service: &Service, by: &Session, request: UpdateStaffRequest) -> Result<Staff, Status> {
    let answer = service.grpc.update_staff(service.as_(&by.access_token, request)).await?;
    Ok(answer.into_inner().staff.expect("a person"))
}

/// A change without secrets.
fn to(staff: Staff) -> UpdateStaffRequest {
    UpdateStaffRequest { staff: Some(staff), ..Default::default() }
}

async fn archive(service: &Service, by: &Session, id: &str) -> Result<Staff, Status> {
    let request = ArchiveStaffRequest { staff_id: id.to_owned(), erase: false };
    let answer = service.grpc.archive_staff(service.as_(&by.access_token, request)).await?;
    Ok(answer.into_inner().staff.expect("a person"))
}

async fn listed(service: &Service, by: &Session, shop: &str, with_archived: bool) -> Result<Vec<String>, Status> {
    let request = ListStaffRequest { shop_id: shop.to_owned(), with_archived };
    let answer = service.grpc.list_staff(service.as_(&by.access_token, request)).await?;
    Ok(answer.into_inner().staff.into_iter().map(|staff| staff.login).collect())
}

/// An owner, and a manager of the shop main.
async fn staffed() -> (Service, Session, Session) {
    let service = Service::new().await;
    let owner = service.owner().await;
    service.person(&owner, "marta", Contract::Manager, &["main"]).await;
    let manager = service.by_password("marta").await.expect("signed in");
    (service, owner, manager)
}

#[tokio::test]
async fn managers_handle_the_people_of_their_shops() {
    let (service, owner, marta) = staffed().await;
    let ana = service.person(&marta, "ana", Contract::Barista, &["main"]).await;
    assert_eq!((ana.has_password, ana.has_pin, ana.revision), (true, true, 1));
    let renamed = update(&service, &marta, to(Staff { name: "Aninha".into(), ..ana.clone() })).await.expect("changed");
    assert_eq!((renamed.name.as_str(), renamed.revision), ("Aninha", 2));
    assert_eq!(reason(update(&service, &marta, to(ana.clone())).await), "REVISION_MISMATCH");
    let same = update(&service, &marta, to(renamed.clone())).await.expect("nothing to change");
    assert_eq!(same, renamed);
    assert_eq!(listed(&service, &marta, "main", false).await.expect("people"), ["ana", "marta"]);
    assert_eq!(listed(&service, &owner, "main", false).await.expect("people"), ["ana", "marta", "owner"]);
    let gone = archive(&service, &marta, &ana.staff_id).await.expect("gone");
    assert!(gone.archive_time.is_some() && !gone.has_password && !gone.has_pin);
    assert_eq!(archive(&service, &marta, &ana.staff_id).await.expect("again"), gone);
    assert_eq!(listed(&service, &marta, "main", false).await.expect("people"), ["marta"]);
    assert_eq!(listed(&service, &marta, "main", true).await.expect("people"), ["ana", "marta"]);
    assert_eq!(reason(service.by_password("ana").await), "SIGN_IN_REFUSED");
    assert_eq!(reason(update(&service, &marta, to(gone.clone())).await), "STAFF_NOT_FOUND");
    let again = service.new_person("ana", Contract::Barista, &["main"]);
    let taken = service.grpc.create_staff(service.as_(&marta.access_token, again)).await;
    assert_eq!(reason(taken), "LOGIN_TAKEN", "also of who has left");
    let erase = ArchiveStaffRequest { staff_id: ana.staff_id.clone(), erase: true };
    for _ in 0..2 {
        let erased = service.grpc.archive_staff(service.as_(&marta.access_token, erase.clone())).await;
        let erased = erased.expect("erased").into_inner().staff.expect("a person");
        assert_eq!((erased.name.as_str(), erased.revision), ("—", gone.revision + 1));
        assert_eq!(erased.login, format!("erased-{}", ana.staff_id));
    }
}

#[tokio::test]
async fn managers_reach_no_further_than_themselves() {
    let (service, owner, marta) = staffed().await;
    let there = service.person(&owner, "tom", Contract::Barista, &["other"]).await;
    let both = service.person(&owner, "bia", Contract::Barista, &["main", "other"]).await;
    let first = owner.staff.clone().expect("an owner");
    for (login, role, shops, why) in [
        ("a", Contract::Owner, &[][..], "ROLE_REQUIRED"),
        ("b", Contract::Barista, &["other"], "SHOP_NOT_FOUND"),
        ("c", Contract::Barista, &["main", "other"], "SHOP_NOT_FOUND"),
    ] {
        let request = service.new_person(login, role, shops);
        assert_eq!(reason(service.grpc.create_staff(service.as_(&marta.access_token, request)).await), why);
    }
    for (staff, why) in [(&there, "STAFF_NOT_FOUND"), (&both, "ROLE_REQUIRED"), (&first, "ROLE_REQUIRED")] {
        assert_eq!(reason(update(&service, &marta, to(staff.clone())).await), why, "{}", staff.login);
        assert_eq!(reason(archive(&service, &marta, &staff.staff_id).await), why, "{}", staff.login);
    }
    assert_eq!(reason(archive(&service, &marta, &uuid::Uuid::now_v7().to_string()).await), "STAFF_NOT_FOUND");
    assert_eq!(reason(listed(&service, &marta, "other", false).await), "SHOP_NOT_FOUND");
    let ana = service.person(&marta, "ana", Contract::Barista, &["main"]).await;
    let raised = Staff { role: Contract::Owner.into(), shop_ids: vec![], ..ana.clone() };
    assert_eq!(reason(update(&service, &marta, to(raised)).await), "ROLE_REQUIRED");
    let sent = Staff { shop_ids: vec!["main".into(), "other".into()], ..ana };
    assert_eq!(reason(update(&service, &marta, to(sent)).await), "SHOP_NOT_FOUND");
}

#[tokio::test]
async fn nobody_raises_himself() {
    let (service, _owner, marta) = staffed().await;
    let me = marta.staff.clone().expect("a manager");
    for raised in [
        Staff { role: Contract::Owner.into(), shop_ids: vec![], ..me.clone() },
        Staff { shop_ids: vec!["main".into(), "other".into()], ..me.clone() },
        Staff { login: "another".into(), ..me.clone() },
        Staff { role: Contract::Barista.into(), ..me.clone() },
    ] {
        let request = UpdateStaffRequest { present_password: PASSWORD.into(), ..to(raised) };
        assert_eq!(reason(update(&service, &marta, request).await), "ROLE_REQUIRED");
    }
    let ana = service.person(&marta, "ana", Contract::Barista, &["main"]).await;
    let by_ana = service.by_password("ana").await.expect("signed in");
    assert_eq!(reason(update(&service, &by_ana, to(me)).await), "ROLE_REQUIRED", "a barista changes nobody else");
    let request = service.new_person("x", Contract::Barista, &["main"]);
    let made = service.grpc.create_staff(service.as_(&by_ana.access_token, request)).await;
    assert_eq!(reason(made), "ROLE_REQUIRED");
    let raised =
        UpdateStaffRequest { present_password: PASSWORD.into(), ..to(Staff { role: Contract::Manager.into(), ..ana }) };
    assert_eq!(reason(update(&service, &by_ana, raised).await), "ROLE_REQUIRED");
}

#[tokio::test]
async fn everybody_changes_the_own_password_by_the_present_one() {
    let (service, _owner, marta) = staffed().await;
    let ana = service.person(&marta, "ana", Contract::Barista, &["main"]).await;
    let session = service.by_password("ana").await.expect("signed in");
    let change = |present: &str| UpdateStaffRequest {
        password: "another password".into(),
        present_password: present.into(),
        ..to(Staff { name: "Aninha".into(), ..ana.clone() })
    };
    for wrong in ["", "wrong password", PIN] {
        assert_eq!(reason(update(&service, &session, change(wrong)).await), "PRESENT_PASSWORD_WRONG");
    }
    let changed = update(&service, &session, change(PASSWORD)).await.expect("changed");
    assert_eq!(changed.name, "Aninha");
    assert_eq!(service.caller(&session.access_token), Err(Refused::Revoked), "the own session, too");
    assert_eq!(reason(service.by_password("ana").await), "SIGN_IN_REFUSED");
    service.by(password("ana", "another password")).await.expect("signed in");
}

#[tokio::test]
async fn who_has_only_a_pin_shows_it_and_guesses_of_it_are_slowed() {
    let (service, _owner, marta) = staffed().await;
    let mut request = service.new_person("ana", Contract::Barista, &["main"]);
    request.password = String::new();
    let made = service.grpc.create_staff(service.as_(&marta.access_token, request)).await.expect("made");
    let ana = made.into_inner().staff.expect("a person");
    let tablet = service.device(Role::Barista, "Tablet").await;
    let session = service.by_pin(&tablet, &ana.staff_id, PIN).await.expect("signed in");
    let change = |present: &str| UpdateStaffRequest {
        password: PASSWORD.into(),
        present_password: present.into(),
        ..to(ana.clone())
    };
    for n in 0..5 {
        let wrong = update(&service, &session, change(&format!("000{n}"))).await;
        assert_eq!(reason(wrong), "PRESENT_PASSWORD_WRONG");
    }
    assert_eq!(reason(update(&service, &session, change(PIN)).await), "SIGN_IN_SLOWED");
    service.execute("DELETE FROM sign_in_attempt").await;
    assert!(update(&service, &session, change(PIN)).await.expect("changed").has_password);
}

#[tokio::test]
async fn sessions_end_with_what_they_stood_for() {
    let (service, owner, _marta) = staffed().await;
    let new = |password: &str, pin: &str, staff: Staff| UpdateStaffRequest {
        password: password.into(),
        pin: pin.into(),
        ..to(staff)
    };
    type Change = (&'static str, fn(Staff) -> Staff, &'static str, &'static str, bool);
    let changes: [Change; 5] = [
        ("a role", |staff| Staff { role: Contract::Manager.into(), ..staff }, "", "", true),
        ("a shop", |staff| Staff { shop_ids: vec!["other".into()], ..staff }, "", "", true),
        ("a password", |staff| staff, "another password", "", true),
        ("a PIN", |staff| staff, "", "99999999", true),
        ("a name", |staff| Staff { name: "Novo".into(), login: "novo".into(), ..staff }, "", "", false),
    ];
    for (n, (what, change, secret, pin, ends)) in changes.into_iter().enumerate() {
        let login = format!("person{n}");
        let staff = service.person(&owner, &login, Contract::Barista, &["main"]).await;
        let tablet = service.device(Role::Barista, "Tablet").await;
        let sessions = [
            service.by_password(&login).await.expect("signed in"),
            service.by_pin(&tablet, &staff.staff_id, PIN).await.expect("signed in"),
        ];
        update(&service, &owner, new(secret, pin, change(staff))).await.expect("changed");
        for session in &sessions {
            assert_eq!(service.caller(&session.access_token).is_err(), ends, "{what}");
        }
        assert_eq!(refreshed(&service, &sessions[0].refresh_token).await.is_err(), ends, "{what}");
        assert!(service.caller(&tablet).is_ok(), "the device stays");
    }
    let staff = service.person(&owner, "gone", Contract::Barista, &["main"]).await;
    let session = service.by_password("gone").await.expect("signed in");
    archive(&service, &owner, &staff.staff_id).await.expect("gone");
    assert_eq!(service.caller(&session.access_token), Err(Refused::Revoked));
}

#[tokio::test]
async fn somebody_is_always_left_who_may_everything() {
    let (service, owner, _marta) = staffed().await;
    let first = owner.staff.clone().expect("an owner");
    assert_eq!(reason(archive(&service, &owner, &first.staff_id).await), "LAST_OWNER");
    let demoted = UpdateStaffRequest {
        present_password: PASSWORD.into(),
        ..to(Staff { role: Contract::Manager.into(), shop_ids: vec!["main".into()], ..first.clone() })
    };
    assert_eq!(reason(update(&service, &owner, demoted.clone()).await), "LAST_OWNER");
    let second = service.person(&owner, "second", Contract::Owner, &[]).await;
    update(&service, &owner, demoted).await.expect("another is left");
    let second_session = service.by_password("second").await.expect("signed in");
    assert_eq!(reason(archive(&service, &second_session, &second.staff_id).await), "LAST_OWNER");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_last_owners_who_leave_at_once_one_stays() {
    let (service, owner, _marta) = staffed().await;
    let first = owner.staff.clone().expect("an owner").staff_id;
    let second = service.person(&owner, "second", Contract::Owner, &[]).await.staff_id;
    let other = service.by_password("second").await.expect("signed in");
    let (one, two) = join(archive(&service, &owner, &first), archive(&service, &other, &second)).await;
    let left = [&one, &two].into_iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(left, 1, "{one:?} {two:?}");
    assert_eq!(reason(one.and(two)), "LAST_OWNER");
}

#[tokio::test]
async fn who_has_just_been_let_go_changes_nothing_more() {
    let (service, owner, marta) = staffed().await;
    let id = marta.staff.clone().expect("a manager").staff_id;
    // As at a replica that has not read the revocations yet.
    let stale = service.principal(&marta.access_token);
    archive(&service, &owner, &id).await.expect("gone");
    let actor = Actor { principal: &stale, address: None };
    let refused = session::begin(&service.grpc.0, actor).await.err().expect("refused");
    assert!(matches!(refused, Refusal::SessionEnded), "{refused:?}");
}

#[tokio::test]
async fn fields_are_checked() {
    let (service, owner, _marta) = staffed().await;
    let good = || service.new_person("ana", Contract::Barista, &["main"]);
    let changes: [fn(&mut comanda_proto::identity::v1::CreateStaffRequest); 11] = [
        |request| request.password = "too short".into(),
        |request| request.password = "x".repeat(201),
        |request| request.pin = "123".into(),
        |request| request.pin = "123456789".into(),
        |request| request.pin = "12e4".into(),
        |request| request.staff.as_mut().expect("staff").login = "Ana".into(),
        |request| request.staff.as_mut().expect("staff").name = " ".into(),
        |request| request.staff.as_mut().expect("staff").role = Contract::Panel.into(),
        |request| request.staff.as_mut().expect("staff").shop_ids = vec![],
        |request| request.staff.as_mut().expect("staff").shop_ids = vec!["main".into(), "main".into()],
        |request| request.staff.as_mut().expect("staff").role = Contract::Owner.into(),
    ];
    for (n, change) in changes.into_iter().enumerate() {
        let mut request = good();
        change(&mut request);
        let refused = service.grpc.create_staff(service.as_(&owner.access_token, request)).await;
        assert_eq!(reason(refused), "FIELD_INVALID", "{n}");
    }
    service.grpc.create_staff(service.as_(&owner.access_token, good())).await.expect("made");
}
