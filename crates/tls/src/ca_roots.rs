//! Whom we believe to be our Postgres, Redis or RabbitMQ: who shows a certificate for its host's name that a CA of ours
//! has signed, or, where none is set, a CA of the system. One place, so that all three are judged by the same rule.
//!
//! The CA's file is read anew for every connection: when a deployment changes it, the next connection knows. Nothing here
//! turns a check off.

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        Resumption, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why certificates or CAs cannot be used: what is wrong with which file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TlsError(String);

impl From<String> for TlsError {
    fn from(why: String) -> Self {
        Self(why)
    }
}

/// Which CAs may vouch for a server. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct CaRoots {
    ca_file: Option<Arc<PathBuf>>,
}

impl CaRoots {
    /// The CAs that the system believes.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// The CAs in a PEM file, and no others.
    ///
    /// # Errors
    /// The file cannot be read or holds no certificate.
    pub fn ca_file(path: impl Into<PathBuf>) -> Result<Self, TlsError> {
        let path = path.into();
        roots(&path)?;
        Ok(Self { ca_file: Some(Arc::new(path)) })
    }

    /// The PEM file, if it is not the system that is asked.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.ca_file.as_deref().map(PathBuf::as_path)
    }

    /// What a client library needs to open connections.
    ///
    /// # Errors
    /// The system believes nobody.
    pub fn client_config(&self) -> Result<ClientConfig, TlsError> {
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(|error| TlsError(error.to_string()))?;
        let mut config = match &self.ca_file {
            Some(path) => {
                let verifier = Rereading { path: path.clone(), provider: Arc::new(ring::default_provider()) };
                builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
            }
            None => builder.with_root_certificates(system_roots()?).with_no_client_auth(),
        };
        // A resumed session is not judged again, and these connections are few and long.
        config.resumption = Resumption::disabled();
        Ok(config)
    }
}

/// Judges by the file as it is now, with rustls's own rules.
#[derive(Debug)]
struct Rereading {
    path: Arc<PathBuf>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Rereading {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // A small file from a local disk, once per connection.
        let roots = roots(&self.path).map_err(|why| Error::General(why.to_string()))?;
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), self.provider.clone()).build();
        let verifier = verifier.map_err(|error| Error::General(error.to_string()))?;
        let judged = verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        judged.map_err(without_time)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Whoever tries again and again should get the same answer, and so log it once.
fn without_time(error: Error) -> Error {
    Error::InvalidCertificate(match error {
        Error::InvalidCertificate(CertificateError::ExpiredContext { .. }) => CertificateError::Expired,
        Error::InvalidCertificate(CertificateError::NotValidYetContext { .. }) => CertificateError::NotValidYet,
        error => return error,
    })
}

fn roots(path: &Path) -> Result<RootCertStore, TlsError> {
    let unusable = |why: String| format!("{} is no file of CA certificates: {why}", path.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))? {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
    }
    if roots.is_empty() { Err(unusable("it holds none".to_owned()).into()) } else { Ok(roots) }
}

fn system_roots() -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    // What cannot be parsed among a system's many is no reason to believe none of them.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() { Err("the system has no CA certificates".to_owned().into()) } else { Ok(roots) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_refused_by_its_name() {
        for (name, content) in [("missing.crt", None), ("empty.crt", Some("")), ("other.crt", Some("no PEM"))] {
            let path = std::env::temp_dir().join(format!("comanda-trust-{}-{name}", std::process::id()));
            if let Some(content) = content {
                std::fs::write(&path, content).expect("a file");
            }
            let refused = CaRoots::ca_file(&path).expect_err("no certificate");
            assert!(refused.to_string().contains(name), "{refused}");
            let _ = std::fs::remove_file(&path);
        }
    }
}
