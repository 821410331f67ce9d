//! `comanda staff`: people, devices and API keys of a running shop, from the command line.

use crate::{
    Failure,
    cli::{Staff, StaffCommand},
    config::{Flags, SIGNING_KEY_FILE, Service, machine_token},
    data_dir,
    running_shop::{RunningShop, plain},
    schema,
};
use comanda_auth::{jwt::TokenSigner, role::Role as AuthRole};
use comanda_mesh::channel::Channel;
use comanda_proto::identity::v1::{
    self as identity, ArchiveStaffRequest, CreatePairingCodeRequest, CreateStaffRequest, ListDevicesRequest,
    ListStaffRequest, PairDeviceRequest, RevokeDeviceRequest, Role, identity_service_client::IdentityServiceClient,
};
use std::{
    fs,
    io::{Write, stdin, stdout},
    path::Path,
    time::Duration,
};
use tonic::{Request, Status};

const DEADLINE: Duration = Duration::from_secs(30);
const OWN_TOKEN_SECONDS: u64 = 600;
const JWKS_FILE: &str = "jwks.json";

/// Does what is asked for, then ends.
pub async fn run(flags: &Flags, asked: &Staff) -> Result<(), Failure> {
    let said = match &asked.command {
        StaffCommand::ResetOwner => reset_owner(flags).await?,
        StaffCommand::Token { role } => {
            machine_token(&flags.secrets.signer(&flags.data_dir)?, auth_role(role), OWN_TOKEN_SECONDS)?
        }
        command => Client::new(flags, asked)?.run(command).await?,
    };
    writeln!(stdout(), "{}", said.trim_end()).map_err(|error| format!("cannot write: {error}").into())
}

/// `comanda identity-keys`.
pub fn keys(folder: &Path, rotate: bool) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| format!("cannot keep keys in {}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(cannot)?;
    let (private, public) = (folder.join(SIGNING_KEY_FILE), folder.join(JWKS_FILE));
    let old = if private.exists() { fs::read_to_string(&private).map_err(cannot)? } else { String::new() };
    let new = || TokenSigner::generate().map_err(|_| "no randomness for keys".to_owned());
    let pem = if rotate || old.is_empty() { new()? + &old } else { old };
    let signer = TokenSigner::from_pem(&pem).map_err(|why| format!("{} {why}", private.display()))?;
    // Whoever checks must know a key before anybody signs with it.
    data_dir::write(&public, signer.public_keys().to_jwks().as_bytes()).map_err(cannot)?;
    data_dir::write(&private, pem.as_bytes()).map_err(cannot)?;
    let said = format!("{} is for Identity alone; {} is for every role.", private.display(), public.display());
    writeln!(stdout(), "{said}").map_err(|error| format!("cannot write: {error}").into())
}

async fn reset_owner(flags: &Flags) -> Result<String, Failure> {
    let database = schema::current_database(&flags.database(Service::Identity)?).await?;
    let link = comanda_identity::owner_link(&database, true).await.map_err(|error| error.to_string());
    database.close().await;
    Ok(format!("Open this once, within a day, at the shop's own address: /equipe#link={}", link?))
}

fn auth_role(name: &str) -> AuthRole {
    match name {
        "panel" => AuthRole::Panel,
        "barista" => AuthRole::Barista,
        "manager" => AuthRole::Manager,
        _ => AuthRole::Owner,
    }
}

fn role(name: &str) -> i32 {
    match auth_role(name) {
        AuthRole::Panel => Role::Panel,
        AuthRole::Barista => Role::Barista,
        AuthRole::Manager => Role::Manager,
        AuthRole::Owner => Role::Owner,
    }
    .into()
}

/// The running shop, as its staff call it.
struct Client {
    shop: RunningShop,
    identity: IdentityServiceClient<Channel>,
}

impl Client {
    fn new(flags: &Flags, asked: &Staff) -> Result<Self, Failure> {
        let shop = RunningShop::connect(&flags.client()?, &asked.url()?)?;
        Ok(Self { identity: IdentityServiceClient::new(shop.channel.clone()), shop })
    }

    async fn run(mut self, command: &StaffCommand) -> Result<String, Failure> {
        match command {
            StaffCommand::List { shop } => Ok(self.list(shop).await?.iter().map(person).collect()),
            StaffCommand::Add { name, login, role, shops, password, pin } => {
                let shop_ids = if role == "owner" { vec![] } else { shops.clone() };
                let staff = identity::Staff {
                    name: name.clone(),
                    login: login.clone(),
                    role: self::role(role),
                    shop_ids,
                    ..Default::default()
                };
                let (password, pin) = (secret(*password)?, secret(*pin)?);
                let request = self.request(CreateStaffRequest { staff: Some(staff), password, pin });
                let reply = self.identity.create_staff(request).await.map_err(|status| self.refused(&status))?;
                Ok(reply.into_inner().staff.iter().map(person).collect())
            }
            StaffCommand::Archive { login, shop } => {
                let known = self.list(shop).await?.into_iter().find(|staff| staff.login == *login);
                let staff_id = known.ok_or_else(|| format!("nobody signs in as {login} in {shop}"))?.staff_id;
                let request = self.request(ArchiveStaffRequest { staff_id, erase: false });
                self.identity.archive_staff(request).await.map_err(|status| self.refused(&status))?;
                Ok(format!("{login} signs in no more."))
            }
            StaffCommand::Devices { shop } => {
                let request = self.request(ListDevicesRequest { shop_id: shop.clone() });
                let reply = self.identity.list_devices(request).await.map_err(|status| self.refused(&status))?;
                Ok(reply.into_inner().devices.iter().map(device).collect())
            }
            StaffCommand::Pair { name, role, shop, stations } => {
                let code = self.code(name, role, shop, stations).await?;
                Ok(format!("Enter this at /barista or /painel within ten minutes: {code}"))
            }
            StaffCommand::ApiKey { name, role, shop } => {
                let code = self.code(name, role, shop, &[]).await?;
                let request = self.request(PairDeviceRequest { code });
                let reply = self.identity.pair_device(request).await.map_err(|status| self.refused(&status))?;
                Ok(reply.into_inner().credential)
            }
            StaffCommand::Revoke { device } => {
                let request = self.request(RevokeDeviceRequest { device_id: device.clone() });
                self.identity.revoke_device(request).await.map_err(|status| self.refused(&status))?;
                Ok("It is let in no more.".to_owned())
            }
            StaffCommand::ResetOwner | StaffCommand::Token { .. } => Ok(String::new()),
        }
    }

    async fn list(&mut self, shop: &str) -> Result<Vec<identity::Staff>, Failure> {
        let request = self.request(ListStaffRequest { shop_id: shop.to_owned(), with_archived: false });
        Ok(self.identity.list_staff(request).await.map_err(|status| self.refused(&status))?.into_inner().staff)
    }

    async fn code(&mut self, name: &str, role: &str, shop: &str, stations: &[String]) -> Result<String, Failure> {
        let (name, shop_id, stations) = (name.to_owned(), shop.to_owned(), stations.to_vec());
        let request = self.request(CreatePairingCodeRequest { shop_id, name, role: self::role(role), stations });
        let reply = self.identity.create_pairing_code(request).await.map_err(|status| self.refused(&status))?;
        Ok(reply.into_inner().code)
    }

    fn request<T>(&self, message: T) -> Request<T> {
        self.shop.request(message, DEADLINE)
    }

    fn refused(&self, status: &Status) -> Failure {
        self.shop.refused(status, "the request")
    }
}

/// A secret never stands in the arguments, which others see.
fn secret(wanted: bool) -> Result<String, Failure> {
    let mut line = String::new();
    if wanted {
        stdin().read_line(&mut line).map_err(|error| format!("cannot read standard input: {error}"))?;
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn person(staff: &identity::Staff) -> String {
    let identity::Staff { login, name, shop_ids, .. } = staff;
    let role = staff.role().as_str_name().trim_start_matches("ROLE_").to_lowercase();
    let shops = if shop_ids.is_empty() { "every shop".to_owned() } else { shop_ids.join(", ") };
    plain(&format!("{login}  {name}  {role}  {shops}")) + "\n"
}

fn device(device: &identity::Device) -> String {
    let role = device.role().as_str_name().trim_start_matches("ROLE_").to_lowercase();
    let revoked = if device.revoke_time.is_some() { "  revoked" } else { "" };
    plain(&format!("{}  {}  {role}  {}{revoked}", device.device_id, device.name, device.shop_id)) + "\n"
}
