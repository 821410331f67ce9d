//! A CA: makes itself, knows itself again, and signs. It keeps nothing on disk.

use super::local::{NAMES, NETWORKS};
use crate::Failure;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, PublicKeyData, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::{
    net::IpAddr,
    time::{Duration, SystemTime},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const CA_DAYS: u32 = 3650;
/// The clocks of two machines may differ.
const VALID_SINCE: Duration = Duration::from_secs(60 * 60);

/// Signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

/// What a CA is there for. It is part of its name, and must stay as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To try TLS with.
    Trial,
    /// For the devices of one shop. Whoever trusts it trusts it for names and addresses that no other network has.
    Shop,
}

/// A certificate and its key, as PEM.
pub struct Leaf {
    pub certificate: String,
    pub key: String,
}

/// What a certificate is good for.
#[derive(Debug, Clone, Copy)]
pub enum Usage {
    /// To be called.
    Server,
    /// To be called, and to call others.
    BothEnds,
}

impl Authority {
    /// A new one.
    pub fn new(kind: Kind) -> Result<Self, Failure> {
        let key = KeyPair::generate().map_err(cannot)?;
        let mut params = params(kind, &key)?;
        valid_for(&mut params, CA_DAYS);
        let certificate = params.self_signed(&key).map_err(cannot)?.pem();
        Ok(Self { issuer: Issuer::new(params, key), certificate })
    }

    /// The one that [`Self::new`] made before.
    pub fn known(kind: Kind, certificate: String, key: &str) -> Result<Self, Failure> {
        let key = KeyPair::from_pem(key).map_err(|error| format!("its key cannot be used: {error}"))?;
        let der = CertificateDer::from_pem_slice(certificate.as_bytes());
        let der = der.map_err(|error| format!("it cannot be used: {error}"))?;
        // A certificate holds its public key and its name as they are. Nothing else must be read from it.
        let holds = |part: &[u8]| der.windows(part.len()).any(|window| window == part);
        if !holds(&key.subject_public_key_info()) || !holds(name(kind, &key).as_bytes()) {
            return Err("it was not made by this program with the key beside it".to_owned().into());
        }
        Ok(Self { issuer: Issuer::new(params(kind, &key)?, key), certificate })
    }

    /// Its certificate, as PEM.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Its key, as PEM.
    pub fn key(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    /// A certificate with a new key for these host names and addresses.
    pub fn sign(&self, subject: &str, hosts: &[&str], usage: Usage, days: u16) -> Result<Leaf, Failure> {
        let key = KeyPair::generate().map_err(cannot)?;
        let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
        let mut params = CertificateParams::new(hosts).map_err(|error| format!("--host: {error}"))?;
        valid_for(&mut params, days.into());
        params.distinguished_name.push(DnType::CommonName, subject);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = match usage {
            Usage::Server => vec![ExtendedKeyUsagePurpose::ServerAuth],
            Usage::BothEnds => vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth],
        };
        let certificate = params.signed_by(&key, &self.issuer).map_err(cannot)?.pem();
        Ok(Leaf { certificate, key: key.serialize_pem() })
    }
}

/// Two CAs must not share a name, or a certificate of the other would seem to be a forgery of one's own.
fn name(kind: Kind, key: &KeyPair) -> String {
    let end: String = key.public_key_raw().iter().rev().take(4).map(|byte| format!("{byte:02x}")).collect();
    match kind {
        Kind::Trial => format!("Comanda CA for trying {end}"),
        Kind::Shop => format!("Comanda LAN {end}"),
    }
}

/// What the CA says of itself. What it signs repeats the name, so this must stay as it is.
fn params(kind: Kind, key: &KeyPair) -> Result<CertificateParams, Failure> {
    let mut params = CertificateParams::new(Vec::new()).map_err(cannot)?;
    params.distinguished_name.push(DnType::CommonName, name(kind, key));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = match kind {
        Kind::Trial => None,
        Kind::Shop => Some(NameConstraints { permitted_subtrees: permitted()?, excluded_subtrees: Vec::new() }),
    };
    Ok(params)
}

/// A kind of name without one permitted would be free, so both kinds are named.
fn permitted() -> Result<Vec<GeneralSubtree>, Failure> {
    let names = NAMES.map(|name| Ok(GeneralSubtree::DnsName(name.to_owned())));
    let networks = NETWORKS.map(|(network, prefix)| {
        let network = network.parse::<IpAddr>().map_err(|error| format!("{network}: {error}"))?;
        Ok(GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(network, prefix)))
    });
    names.into_iter().chain(networks).collect()
}

fn valid_for(params: &mut CertificateParams, days: u32) {
    // A clock before 1970 makes a certificate that is long over, which whoever tries it will hear.
    let since_1970 = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    params.not_before = date_time_ymd(1970, 1, 1) + since_1970.saturating_sub(VALID_SINCE);
    params.not_after = date_time_ymd(1970, 1, 1) + since_1970 + DAY * days;
}

fn cannot(error: rcgen::Error) -> Failure {
    format!("cannot make a certificate: {error}").into()
}
