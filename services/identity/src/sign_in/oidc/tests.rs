use super::*;
use crate::{
    sign_in::enter,
    test_db::{PASSWORD, PIN, Service, password, reason},
};
use comanda_auth::role::Role;
use comanda_proto::identity::v1::{
    ArchiveStaffRequest, GetSignInOptionsRequest, Session, Staff, UpdateStaffRequest,
    identity_service_server::IdentityService, sign_in_request::Proof,
};
use serde_json::json;
use tonic::Request;

const DOOR: Door<'static> = Door { device: None, address: None };
/// Nothing listens there.
const NOBODY: &str = "http://127.0.0.1:1";

pub fn settings() -> Settings {
    Settings {
        issuer: NOBODY.to_owned(),
        client_id: "comanda".to_owned(),
        client_secret: None,
        name: "Café SSO".to_owned(),
        roles_claim: "groups".to_owned(),
        roles: "donos=OWNER gerentes=MANAGER@main,norte caixa=BARISTA@main".parse().expect("roles"),
        redirect_uri: "http://127.0.0.1:8080/equipe".to_owned(),
    }
}

/// Whom the provider has vouched for.
async fn comes(service: &Service, sub: &str, groups: &[&str]) -> Result<Session, Refusal> {
    let (identity, settings) = (&service.grpc.0, settings());
    let claims = json!({
        "sub": sub, "aud": "comanda", "iat": 1, "name": "Ana Lúcia", "preferred_username": "ana@cafe.example", "groups": groups,
    });
    let claims = serde_json::from_value(claims).expect("claims");
    let counted = slowing::count(&identity.database, vec![]).await?;
    let proved = admit(identity, &settings, &claims, counted, DOOR).await?;
    enter(identity, proved, DOOR).await
}

fn staff(session: &Session) -> &Staff {
    session.staff.as_ref().expect("a person")
}

#[tokio::test]
async fn who_comes_first_becomes_a_person_with_the_role_of_the_groups() {
    let service = Service::with_provider(settings()).await;
    let session = comes(&service, "1", &["gerentes"]).await.expect("signed in");
    let who = service.principal(&session.access_token);
    assert_eq!((who.role, who.shops.join(",")), (Role::Manager, "main,norte".to_owned()));
    let ana = staff(&session);
    assert_eq!((ana.name.as_str(), ana.login.as_str(), ana.by_provider), ("Ana Lúcia", "ana.cafe.example", true));
    let again = comes(&service, "1", &["gerentes"]).await.expect("signed in");
    assert_eq!(staff(&again), ana, "the same person, unchanged");
    // The same name and e-mail address, and yet somebody else.
    let other = comes(&service, "2", &["caixa"]).await.expect("signed in");
    assert_ne!(staff(&other).staff_id, ana.staff_id);
    assert!(staff(&other).login.starts_with("ana.cafe.example-"), "{other:?}");
    assert_eq!(
        reason(service.by(password("ana.cafe.example", PASSWORD)).await),
        "SIGN_IN_REFUSED",
        "no password is set"
    );
}

#[tokio::test]
async fn a_changed_group_changes_the_role_ends_what_was_open_and_is_written_down() {
    let service = Service::with_provider(settings()).await;
    let owner = service.owner().await;
    let before = comes(&service, "1", &["gerentes"]).await.expect("signed in");
    let after = comes(&service, "1", &["caixa", "unknown"]).await.expect("signed in");
    assert_eq!(staff(&after).staff_id, staff(&before).staff_id);
    assert_eq!(service.principal(&after.access_token).role, Role::Barista);
    assert!(service.caller(&before.access_token).is_err(), "the manager's session has ended");
    let events = service.events(&owner, "norte").await;
    let changed = events.iter().find(|event| event.kind == "STAFF_UPDATED").expect("an event");
    assert_eq!(changed.detail, "role: MANAGER → BARISTA; shops: main, norte → main");
    assert_eq!(changed.actor, "Café SSO");
}

#[tokio::test]
async fn who_has_no_role_or_has_left_is_refused_and_written_down() {
    let service = Service::with_provider(settings()).await;
    let owner = service.owner().await;
    let refused = comes(&service, "3", &["estranhos"]).await.expect_err("refused");
    assert!(matches!(refused, Refusal::NoRole), "{refused:?}");
    let ana = comes(&service, "1", &["caixa"]).await.expect("signed in");
    let request = ArchiveStaffRequest { staff_id: staff(&ana).staff_id.clone(), erase: false };
    service.grpc.archive_staff(service.as_(&owner.access_token, request)).await.expect("archived");
    let refused = comes(&service, "1", &["donos"]).await.expect_err("refused");
    assert!(matches!(refused, Refusal::NoRole), "{refused:?}");
    let events = service.events(&owner, "main").await;
    let refusals = events.iter().filter(|event| event.kind == "SIGN_IN_REFUSED").collect::<Vec<_>>();
    let told = refusals.iter().map(|event| (event.subject.as_str(), event.detail.as_str())).collect::<Vec<_>>();
    let expected = [("ana.cafe.example", "Café SSO: Ana Lúcia, has left"), ("", "Café SSO: Ana Lúcia, no role here")];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_session_ends_with_its_shift_however_often_it_is_refreshed() {
    let service = Service::with_provider(settings()).await;
    let session = comes(&service, "1", &["caixa"]).await.expect("signed in");
    service
        .execute("UPDATE session SET expires_at = strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now', '+600 seconds')")
        .await;
    let refreshed = crate::grpc::tests::refreshed(&service, &session.refresh_token).await.expect("within the shift");
    let left = service.principal(&refreshed.access_token).remaining().expect("some time").as_secs();
    assert!((500..=600).contains(&left), "{left}");
    service.execute("UPDATE session SET expires_at = '2020-01-01T00:00:00+00:00'").await;
    let over = crate::grpc::tests::refreshed(&service, &refreshed.refresh_token).await;
    assert_eq!(reason(over), "SESSION_ENDED");
}

#[tokio::test]
async fn a_manager_may_give_a_pin_and_nobody_a_password_to_oneself() {
    let service = Service::with_provider(settings()).await;
    let owner = service.owner().await;
    let ana = comes(&service, "1", &["caixa"]).await.expect("signed in");
    let request = UpdateStaffRequest { staff: ana.staff.clone(), pin: PIN.into(), ..Default::default() };
    let with_pin = service.grpc.update_staff(service.as_(&owner.access_token, request)).await.expect("a PIN");
    let staff_now = with_pin.into_inner().staff;
    let own = UpdateStaffRequest {
        staff: staff_now,
        password: PASSWORD.into(),
        present_password: PIN.into(),
        ..Default::default()
    };
    let refused = service.grpc.update_staff(service.as_(&ana.access_token, own)).await;
    assert_eq!(reason(refused), "ROLE_REQUIRED", "or whoever has left would still get in");
    let tablet = service.device(Role::Barista, "Tablet").await;
    service.by_pin(&tablet, &staff(&ana).staff_id, PIN).await.expect("signed in");
}

#[tokio::test]
async fn a_provider_that_is_away_is_no_wrong_guess_and_keeps_nobody_else_out() {
    let service = Service::with_provider(settings()).await;
    service.owner().await;
    let proof = || OidcProof { code: "x".into(), code_verifier: "v".repeat(43), nonce: "n".into() };
    for _ in 0..25 {
        let mut request =
            Request::new(comanda_proto::identity::v1::SignInRequest { proof: Some(Proof::Oidc(proof())) });
        request.metadata_mut().insert("x-comanda-client-address", "203.0.113.7".parse().expect("an address"));
        assert_eq!(reason(service.grpc.sign_in(request).await), "DEPENDENCY_DOWN");
    }
    service.by_password("owner").await.expect("signed in");
    let options = service.grpc.get_sign_in_options(Request::new(GetSignInOptionsRequest {})).await.expect("an answer");
    let oidc = options.into_inner().oidc.expect("a provider");
    assert_eq!((oidc.name.as_str(), oidc.authorization_endpoint.as_str()), ("Café SSO", ""));
    assert_eq!(
        reason(service.by(Proof::Oidc(OidcProof { code_verifier: "v".repeat(42), ..proof() })).await),
        "FIELD_INVALID"
    );
}
