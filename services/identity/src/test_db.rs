//! For tests: Identity on a database of its own, called as the gate lets callers through.

use crate::{
    Identity, OidcSettings, grpc::Grpc, secrets::Hasher, session::revocations, sign_in::oidc::provider::Provider,
    start_code,
};
use comanda_auth::{
    caller::Caller,
    jwt::TokenSigner,
    principal::Principal,
    role::Role,
    token::{Keys, Refused, Secrets},
};
use comanda_proto::identity::v1::{
    self as contract, CreateStaffRequest, GetMeRequest, ListSecurityEventsRequest, PairDeviceRequest, PasswordProof,
    PinProof, SecurityEvent, Session, SignInRequest, Staff, UpdateStaffRequest,
    identity_service_server::IdentityService, sign_in_request::Proof,
};
use comanda_storage::test_db::TestDb;
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use tonic::{Request, Status};
use tonic_types::StatusExt;

pub const PASSWORD: &str = "pão de queijo";
pub const PIN: &str = "4711";

/// Identity, and what its neighbours check tokens with.
pub struct Service {
    pub grpc: Grpc,
    pub keys: Keys,
    pub test_db: TestDb,
}

impl Service {
    /// With the schema and nobody in it.
    pub async fn new() -> Self {
        let test_db = TestDb::with::<comanda_migrations::Identity>().await;
        let signer = TokenSigner::from_pem(&TokenSigner::generate().expect("a key")).expect("a signer");
        let public_keys = signer.public_keys().clone();
        let keys = Keys::new(Secrets { service: vec![], order_keys: vec![vec![7; 32]], public_keys });
        let (database, revocations) = (test_db.database.clone(), keys.revocations().clone());
        revocations::read(&database, &revocations).await.expect("a list");
        let hasher = Hasher::new().expect("random");
        let grpc = Grpc(Identity { database, signer: Arc::new(signer), revocations, hasher, provider: None });
        Self { grpc, keys, test_db }
    }

    /// The same with a provider.
    pub async fn with_provider(settings: OidcSettings) -> Self {
        let mut service = Self::new().await;
        service.grpc.0.provider = Some(Arc::new(Provider::new(settings).expect("a provider")));
        service
    }

    /// Who shows this token.
    pub fn caller(&self, token: &str) -> Result<Caller, Refused> {
        let header = HeaderValue::try_from(format!("Bearer {token}")).expect("a header");
        self.keys.caller(&HeaderMap::from_iter([(AUTHORIZATION, header)]))
    }

    /// What a token says.
    pub fn principal(&self, token: &str) -> Arc<Principal> {
        self.caller(token).expect("a good token").principal().expect("staff").clone()
    }

    /// Changes the database behind the service's back.
    pub async fn execute(&self, sql: &str) {
        self.test_db.database.writer().execute_unprepared(sql).await.expect("done");
    }

    /// The first owner, with a password.
    pub async fn owner(&self) -> Session {
        let link = crate::owner_link(&self.test_db.database, false).await.expect("a link");
        let session = self.by(Proof::Link(link)).await.expect("signed in");
        let staff = session.staff.expect("an owner");
        let login = staff.login.clone();
        let change = UpdateStaffRequest { staff: Some(staff), password: PASSWORD.into(), ..Default::default() };
        self.grpc.update_staff(self.as_(&session.access_token, change)).await.expect("a password");
        self.by_password(&login).await.expect("signed in")
    }

    /// A person with password and PIN, made by somebody.
    pub async fn person(&self, by: &Session, login: &str, role: contract::Role, shops: &[&str]) -> Staff {
        let request = self.new_person(login, role, shops);
        let made = self.grpc.create_staff(self.as_(&by.access_token, request)).await.expect("made");
        made.into_inner().staff.expect("a person")
    }

    /// As [`Self::person`] asks for one.
    pub fn new_person(&self, login: &str, role: contract::Role, shops: &[&str]) -> CreateStaffRequest {
        let shop_ids = shops.iter().map(|shop| (*shop).to_owned()).collect();
        let (name, login) = (login.to_uppercase(), login.to_owned());
        let staff = Staff { name, login, role: role.into(), shop_ids, ..Staff::default() };
        CreateStaffRequest { staff: Some(staff), password: PASSWORD.into(), pin: PIN.into() }
    }

    /// Somebody with the right password.
    pub async fn by_password(&self, login: &str) -> Result<Session, Status> {
        self.by(password(login, PASSWORD)).await
    }

    /// Somebody with this PIN, at a device.
    pub async fn by_pin(&self, device: &str, staff_id: &str, pin: &str) -> Result<Session, Status> {
        let proof = Proof::Pin(PinProof { staff_id: staff_id.to_owned(), pin: pin.to_owned() });
        let answer = self.grpc.sign_in(self.as_(device, SignInRequest { proof: Some(proof) })).await?;
        Ok(answer.into_inner().session.expect("a session"))
    }

    /// Whoever shows this.
    pub async fn by(&self, proof: Proof) -> Result<Session, Status> {
        let answer = self.grpc.sign_in(Request::new(SignInRequest { proof: Some(proof) })).await?;
        Ok(answer.into_inner().session.expect("a session"))
    }

    /// The credential of a device of the shop main.
    pub async fn device(&self, role: Role, name: &str) -> String {
        let code = start_code(&self.test_db.database, role, name).await.expect("a code");
        let paired = self.grpc.pair_device(Request::new(PairDeviceRequest { code })).await.expect("paired");
        paired.into_inner().credential
    }

    /// A request with this token.
    pub fn as_<T>(&self, token: &str, message: T) -> Request<T> {
        let mut request = Request::new(message);
        // As at public RPCs, where a token that is none counts for nothing.
        request.extensions_mut().insert(self.caller(token).unwrap_or(Caller::Anonymous));
        request
    }

    /// What concerned security in a shop, latest first, as somebody is told.
    pub async fn events(&self, by: &Session, shop: &str) -> Vec<SecurityEvent> {
        let request = ListSecurityEventsRequest { shop_id: shop.to_owned(), page_size: 200, page_token: String::new() };
        let answer = self.grpc.list_security_events(self.as_(&by.access_token, request)).await.expect("a log");
        answer.into_inner().events
    }

    /// Who somebody is.
    pub async fn me(&self, token: &str) -> contract::GetMeResponse {
        self.grpc.get_me(self.as_(token, GetMeRequest {})).await.expect("somebody").into_inner()
    }
}

/// A login and a password.
pub fn password(login: &str, password: &str) -> Proof {
    Proof::Password(PasswordProof { login: login.to_owned(), password: password.to_owned() })
}

/// Why something was refused.
pub fn reason<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    let refused = answer.expect_err("refused");
    refused.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}
