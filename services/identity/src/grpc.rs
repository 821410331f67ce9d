//! The door: each request becomes one verb, each refusal a status. Judges what can be judged without the database. Requests
//! hold secrets, so none of them is ever written anywhere.

use crate::{
    Identity,
    devices::{self, code},
    people::{self, Wanted, archive, create, is_pin, me, update},
    refusal::Refusal,
    secrets::tidy_code,
    security_log::{self, Actor},
    session::{refresh, revocations, sign_out},
    sign_in::{self, Door, Proof},
};
use comanda_auth::{caller::Caller, gate, principal::Principal, role::Role};
use comanda_context::{
    error::ApiError,
    peer::{Peer, network},
};
use comanda_proto::identity::v1::{
    ArchiveStaffRequest, ArchiveStaffResponse, CreatePairingCodeRequest, CreatePairingCodeResponse, CreateStaffRequest,
    CreateStaffResponse, GetMeRequest, GetMeResponse, GetSignInOptionsRequest, GetSignInOptionsResponse,
    ListDevicesRequest, ListDevicesResponse, ListRevocationsRequest, ListRevocationsResponse,
    ListSecurityEventsRequest, ListSecurityEventsResponse, ListStaffRequest, ListStaffResponse, PairDeviceRequest,
    PairDeviceResponse, RefreshRequest, RefreshResponse, ReportRateLimitedRequest, ReportRateLimitedResponse,
    RevokeDeviceRequest, RevokeDeviceResponse, SignInRequest, SignInResponse, SignOutRequest, SignOutResponse,
    UpdateStaffRequest, UpdateStaffResponse, identity_service_server::IdentityService, sign_in_request::Proof as Shown,
};
use comanda_types::{timestamp::to_proto, validation::Checks};
use sea_orm::prelude::Uuid;
use std::{net::IpAddr, sync::Arc};
use tonic::{Request, Response, Status};

/// Where the client is, as the gateway found it; the gateway lets nobody else say it.
const CLIENT_ADDRESS: &str = "x-comanda-client-address";
const MAX_STATIONS: usize = 10;
const MAX_PASSWORD: usize = 200;
/// Of a link, a refresh token or a provider's code.
const MAX_TOKEN: usize = 8192;
const MAX_NONCE: usize = 200;

/// Identity's RPCs.
pub struct Grpc(pub Identity);

/// Who calls, and from where.
struct Origin {
    caller: Caller,
    address: Option<IpAddr>,
}

impl Origin {
    fn of<T>(request: &Request<T>) -> Self {
        let told = request.metadata().get(CLIENT_ADDRESS).and_then(|address| address.to_str().ok()?.parse().ok());
        // Without it somebody calls this port, and not through the gateway.
        let peer = || request.extensions().get::<Peer>().and_then(|peer| peer.address);
        Self { caller: Caller::of(request), address: told.or_else(peer).map(network) }
    }

    fn staff(&self) -> Result<&Arc<Principal>, ApiError> {
        self.caller.principal().ok_or_else(gate::denied)
    }

    fn actor(&self) -> Result<Actor<'_>, ApiError> {
        Ok(Actor { principal: self.staff()?, address: self.address })
    }

    /// A shop of the caller's.
    fn shop(&self, shop: &str) -> Result<String, Status> {
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", shop);
        checks.done()?;
        if self.staff()?.may_shop(&shop) { Ok(shop) } else { Err(status(Refusal::NoShop(shop))) }
    }
}

fn status(refusal: Refusal) -> Status {
    ApiError::from(refusal).into()
}

fn id(field: &str, value: &str) -> Result<Uuid, ApiError> {
    let mut checks = Checks::default();
    let id = checks.uuid(field, value);
    checks.done().map(|()| id)
}

fn short(field: &str, value: &str, longest: usize, checks: &mut Checks) {
    if value.is_empty() || value.len() > longest {
        checks.fail(field, format!("must have 1 to {longest} bytes"), format!("deve ter de 1 a {longest} bytes"));
    }
}

/// As RFC 7636 has it.
fn is_code_verifier(text: &str) -> bool {
    let fits = |c: u8| c.is_ascii_alphanumeric() || b"-._~".contains(&c);
    (43..=128).contains(&text.len()) && text.bytes().all(fits)
}

fn proof(shown: Option<Shown>) -> Result<Proof, ApiError> {
    let mut checks = Checks::default();
    let proof = match shown {
        Some(Shown::Password(proof)) => {
            short("password.login", proof.login.trim(), 60, &mut checks);
            short("password.password", &proof.password, 4 * MAX_PASSWORD, &mut checks);
            Some(Proof::Password(proof.login, proof.password))
        }
        Some(Shown::Pin(proof)) => {
            let person = checks.uuid("pin.staff_id", &proof.staff_id);
            if !is_pin(&proof.pin) {
                checks.fail("pin.pin", "must be four to eight digits", "deve ter de quatro a oito dígitos");
            }
            Some(Proof::Pin(person, proof.pin))
        }
        Some(Shown::Oidc(proof)) => {
            short("oidc.code", &proof.code, MAX_TOKEN, &mut checks);
            short("oidc.nonce", &proof.nonce, MAX_NONCE, &mut checks);
            if !is_code_verifier(&proof.code_verifier) {
                let portuguese = "deve ter de 43 a 128 entre A-Z, a-z, 0-9, -, ., _ e ~";
                checks.fail("oidc.code_verifier", "must be 43 to 128 of A-Z, a-z, 0-9, -, ., _ and ~", portuguese);
            }
            Some(Proof::Oidc(proof))
        }
        Some(Shown::Link(secret)) => {
            short("link", &secret, MAX_TOKEN, &mut checks);
            Some(Proof::Link(secret))
        }
        None => {
            checks.fail("proof", "is needed", "é necessário");
            None
        }
    };
    checks.done()?;
    proof.ok_or_else(ApiError::internal)
}

#[tonic::async_trait]
impl IdentityService for Grpc {
    async fn get_sign_in_options(
        &self,
        _: Request<GetSignInOptionsRequest>,
    ) -> Result<Response<GetSignInOptionsResponse>, Status> {
        let oidc = match &self.0.provider {
            Some(provider) => Some(provider.options().await),
            None => None,
        };
        Ok(Response::new(GetSignInOptionsResponse { oidc }))
    }

    async fn sign_in(&self, request: Request<SignInRequest>) -> Result<Response<SignInResponse>, Status> {
        let from = Origin::of(&request);
        let proof = proof(request.into_inner().proof)?;
        // Whoever is signed in already shows no device's own credential.
        let device = from.caller.principal().filter(|caller| caller.person.is_none()).map(AsRef::as_ref);
        let door = Door { device, address: from.address };
        let session = sign_in::sign_in(&self.0, proof, door).await.map_err(status)?;
        Ok(Response::new(SignInResponse { session: Some(session) }))
    }

    async fn refresh(&self, request: Request<RefreshRequest>) -> Result<Response<RefreshResponse>, Status> {
        let from = Origin::of(&request);
        let token = request.into_inner().refresh_token;
        let mut checks = Checks::default();
        short("refresh_token", &token, MAX_TOKEN, &mut checks);
        checks.done()?;
        let session = refresh::refresh(&self.0, &token, from.address).await.map_err(status)?;
        Ok(Response::new(RefreshResponse { session: Some(session) }))
    }

    async fn sign_out(&self, request: Request<SignOutRequest>) -> Result<Response<SignOutResponse>, Status> {
        sign_out::sign_out(&self.0, Origin::of(&request).actor()?).await.map_err(status)?;
        Ok(Response::new(SignOutResponse {}))
    }

    async fn get_me(&self, request: Request<GetMeRequest>) -> Result<Response<GetMeResponse>, Status> {
        let me = me::me(&self.0, Origin::of(&request).staff()?).await.map_err(status)?;
        Ok(Response::new(me))
    }

    async fn create_staff(
        &self,
        request: Request<CreateStaffRequest>,
    ) -> Result<Response<CreateStaffResponse>, Status> {
        let from = Origin::of(&request);
        let CreateStaffRequest { staff, password, pin } = request.into_inner();
        let mut checks = Checks::default();
        let wanted = Wanted::check(staff.unwrap_or_default(), password, pin, &mut checks);
        checks.done()?;
        let created = create::create(&self.0, from.actor()?, wanted).await.map_err(status)?;
        Ok(Response::new(CreateStaffResponse { staff: Some(people::to_contract(&created)) }))
    }

    async fn update_staff(
        &self,
        request: Request<UpdateStaffRequest>,
    ) -> Result<Response<UpdateStaffResponse>, Status> {
        let from = Origin::of(&request);
        let UpdateStaffRequest { staff, password, pin, present_password } = request.into_inner();
        let (staff, mut checks) = (staff.unwrap_or_default(), Checks::default());
        let staff_id = checks.uuid("staff.staff_id", &staff.staff_id);
        let seen = staff.revision;
        if present_password.len() > 4 * MAX_PASSWORD {
            checks.fail("present_password", "is too long", "é longa demais");
        }
        let wanted = Wanted::check(staff, password, pin, &mut checks);
        checks.done()?;
        let update = update::Update { staff_id, seen, wanted, present_password };
        let updated = update::update(&self.0, from.actor()?, update).await.map_err(status)?;
        Ok(Response::new(UpdateStaffResponse { staff: Some(people::to_contract(&updated)) }))
    }

    async fn archive_staff(
        &self,
        request: Request<ArchiveStaffRequest>,
    ) -> Result<Response<ArchiveStaffResponse>, Status> {
        let from = Origin::of(&request);
        let ArchiveStaffRequest { staff_id, erase } = request.into_inner();
        let id = id("staff_id", &staff_id)?;
        let archived = archive::archive(&self.0, from.actor()?, id, erase).await.map_err(status)?;
        Ok(Response::new(ArchiveStaffResponse { staff: Some(people::to_contract(&archived)) }))
    }

    async fn list_staff(&self, request: Request<ListStaffRequest>) -> Result<Response<ListStaffResponse>, Status> {
        let from = Origin::of(&request);
        let ListStaffRequest { shop_id, with_archived } = request.into_inner();
        let shop = from.shop(&shop_id)?;
        let staff = people::list::list(&self.0, from.staff()?, &shop, with_archived).await.map_err(status)?;
        Ok(Response::new(ListStaffResponse { staff }))
    }

    async fn create_pairing_code(
        &self,
        request: Request<CreatePairingCodeRequest>,
    ) -> Result<Response<CreatePairingCodeResponse>, Status> {
        let from = Origin::of(&request);
        let CreatePairingCodeRequest { shop_id, name, role, stations } = request.into_inner();
        let shop = from.shop(&shop_id)?;
        let mut checks = Checks::default();
        let wanted = code::Wanted {
            name: checks.text("name", &name, 1, 40),
            shop,
            role: device_role(role, &mut checks),
            stations: stations_of(&stations, &mut checks),
        };
        checks.done()?;
        let (code, expires) = code::create(&self.0, from.actor()?, wanted).await.map_err(status)?;
        Ok(Response::new(CreatePairingCodeResponse { code, expire_time: Some(to_proto(expires)) }))
    }

    async fn pair_device(&self, request: Request<PairDeviceRequest>) -> Result<Response<PairDeviceResponse>, Status> {
        let from = Origin::of(&request);
        let code = tidy_code(&request.into_inner().code);
        let mut checks = Checks::default();
        short("code", &code, MAX_TOKEN, &mut checks);
        checks.done()?;
        Ok(Response::new(devices::pair::pair(&self.0, &code, from.address).await.map_err(status)?))
    }

    async fn list_devices(
        &self,
        request: Request<ListDevicesRequest>,
    ) -> Result<Response<ListDevicesResponse>, Status> {
        let from = Origin::of(&request);
        let shop = from.shop(&request.get_ref().shop_id)?;
        let devices = devices::list::list(&self.0, from.staff()?, &shop).await.map_err(status)?;
        Ok(Response::new(ListDevicesResponse { devices }))
    }

    async fn revoke_device(
        &self,
        request: Request<RevokeDeviceRequest>,
    ) -> Result<Response<RevokeDeviceResponse>, Status> {
        let from = Origin::of(&request);
        let id = id("device_id", &request.get_ref().device_id)?;
        let device = devices::revoke::revoke(&self.0, from.actor()?, id).await.map_err(status)?;
        Ok(Response::new(RevokeDeviceResponse { device: Some(device) }))
    }

    async fn list_security_events(
        &self,
        request: Request<ListSecurityEventsRequest>,
    ) -> Result<Response<ListSecurityEventsResponse>, Status> {
        let from = Origin::of(&request);
        let ListSecurityEventsRequest { shop_id, page_size, page_token } = request.into_inner();
        let shop = from.shop(&shop_id)?;
        let mut checks = Checks::default();
        if page_size < 0 {
            checks.fail("page_size", "must not be negative", "não pode ser negativo");
        }
        let before = (!page_token.is_empty()).then(|| checks.uuid("page_token", &page_token));
        checks.done()?;
        let limit = if page_size == 0 { 50 } else { page_size.unsigned_abs().min(200).into() };
        let listed = security_log::list(&self.0, from.staff()?, &shop, before, limit).await.map_err(status)?;
        Ok(Response::new(listed))
    }

    async fn list_revocations(
        &self,
        request: Request<ListRevocationsRequest>,
    ) -> Result<Response<ListRevocationsResponse>, Status> {
        let known = request.into_inner().known_version;
        Ok(Response::new(revocations::list(&self.0.revocations, known).map_err(status)?))
    }

    async fn report_rate_limited(
        &self,
        request: Request<ReportRateLimitedRequest>,
    ) -> Result<Response<ReportRateLimitedResponse>, Status> {
        security_log::note_limited(&self.0, request.into_inner().refusals).await.map_err(status)?;
        Ok(Response::new(ReportRateLimitedResponse {}))
    }
}

fn device_role(number: i32, checks: &mut Checks) -> Role {
    use comanda_proto::identity::v1::Role as Contract;
    match Contract::try_from(number) {
        Ok(Contract::Panel) => Role::Panel,
        Ok(Contract::Barista) => Role::Barista,
        Ok(Contract::Manager) => Role::Manager,
        Ok(Contract::Owner) => Role::Owner,
        Ok(Contract::Unspecified) | Err(_) => {
            let portuguese = "deve ser PANEL, BARISTA, MANAGER ou OWNER";
            checks.fail("role", "must be PANEL, BARISTA, MANAGER or OWNER", portuguese);
            Role::Panel
        }
    }
}

fn stations_of(stations: &[String], checks: &mut Checks) -> Vec<String> {
    if stations.len() > MAX_STATIONS {
        checks.fail("stations", "must be at most 10", "devem ser no máximo 10");
    }
    (0..).zip(stations).map(|(at, name): (usize, _)| checks.text(format!("stations[{at}]"), name, 1, 30)).collect()
}

#[cfg(test)]
pub mod tests;
