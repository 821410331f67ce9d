//! Mutual TLS between the roles, and TLS for browsers. A role is who the subject alternative names of its certificate
//! say, wherever it runs: a DNS name equal to the role's. Certificates are files, as cert-manager mounts them, and are read
//! again when they change: new connections use the new ones, open connections stay.

pub mod ca_roots;
mod files;

pub use ca_roots::TlsError;

use crate::ca_roots::CaRoots;
use files::Files;
use parking_lot::RwLock;
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    client::verify_server_name,
    pki_types::{CertificateDer, ServerName},
    server::{ParsedCertificate, WebPkiClientVerifier},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};
use tokio_util::sync::CancellationToken;

/// A peer that does not finish its handshake by then is given up.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// A certificate that is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// Its file.
    pub name: String,
    /// The end of its validity, in seconds since 1970.
    pub not_after: i64,
}

/// Who a process is, and whom it trusts. Cloning shares it.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    /// The roles that may connect; `None`: anybody, without a certificate.
    callers: Option<&'static [&'static str]>,
    current: RwLock<Arc<Current>>,
}

struct Current {
    files: Files,
    server: Arc<ServerConfig>,
    /// To call others; `None` for an identity that only serves.
    client: Option<Arc<ClientConfig>>,
    dates: Vec<Dated>,
}

impl Identity {
    /// Of a role, from `tls.crt`, `tls.key` and `ca.crt` in a folder; only these roles may connect to it.
    ///
    /// # Errors
    /// What is wrong with which file.
    pub fn of_role(folder: &Path, callers: &'static [&'static str]) -> Result<Self, TlsError> {
        Self::load(folder, Some(callers))
    }

    /// For browsers, from `tls.crt` and `tls.key` in a folder; anybody may connect.
    ///
    /// # Errors
    /// What is wrong with which file.
    pub fn for_browsers(folder: &Path) -> Result<Self, TlsError> {
        Self::load(folder, None)
    }

    fn load(folder: &Path, callers: Option<&'static [&'static str]>) -> Result<Self, TlsError> {
        let current = Current::of(Files::read(folder, callers.is_some())?)?;
        let current = RwLock::new(Arc::new(current));
        Ok(Self(Arc::new(Inner { folder: folder.to_owned(), callers, current })))
    }

    /// Follows the files until `shutdown`, and says at each change which certificates are in use. Files that cannot be used
    /// are told of once, and the last good ones kept.
    pub async fn follow(self, changed: impl Fn(Vec<Dated>), shutdown: CancellationToken) {
        changed(self.dates());
        let mut logged = None;
        while shutdown.run_until_cancelled(tokio::time::sleep(POLL_INTERVAL)).await.is_some() {
            match self.look_again() {
                Ok(false) => {}
                Ok(true) => {
                    tracing::info!(folder = %self.0.folder.display(), "new certificates are in use");
                    changed(self.dates());
                    logged = None;
                }
                Err(why) if logged.as_ref() == Some(&why) => {}
                Err(why) => {
                    tracing::error!(%why, "the new certificates cannot be used; the last ones are kept");
                    logged = Some(why);
                }
            }
        }
    }

    fn look_again(&self) -> Result<bool, TlsError> {
        let files = Files::read(&self.0.folder, self.0.callers.is_some())?;
        if files == self.current().files {
            return Ok(false);
        }
        let current = Arc::new(Current::of(files)?);
        *self.0.current.write() = current;
        Ok(true)
    }

    fn current(&self) -> Arc<Current> {
        self.0.current.read().clone()
    }

    fn dates(&self) -> Vec<Dated> {
        self.current().dates.clone()
    }

    /// Greets whoever has connected, and tells which role it is; `None` where no certificate is asked for.
    ///
    /// # Errors
    /// The peer is slow, shows no good certificate, or one of a role that may not call here.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<(server::TlsStream<TcpStream>, Option<&'static str>)> {
        let stream =
            timeout(HANDSHAKE_TIMEOUT, TlsAcceptor::from(self.current().server.clone()).accept(stream)).await??;
        let Some(callers) = self.0.callers else { return Ok((stream, None)) };
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let role = shown.and_then(|certificate| callers.iter().find(|role| names(certificate, role)));
        match role {
            Some(role) => Ok((stream, Some(role))),
            None => Err(io::Error::other(format!("its certificate names none of {}", callers.join(", ")))),
        }
    }

    /// Greets a role that this process has connected to, and makes sure that it is that role.
    ///
    /// # Errors
    /// The peer is slow, or its certificate is not good or names another role.
    pub async fn connect(&self, role: &str, stream: TcpStream) -> io::Result<client::TlsStream<TcpStream>> {
        let client = self.current().client.clone().ok_or_else(|| io::Error::other("it has no certificate to call"))?;
        let name = ServerName::try_from(role.to_owned()).map_err(io::Error::other)?;
        timeout(HANDSHAKE_TIMEOUT, TlsConnector::from(client).connect(name, stream)).await?
    }
}

/// Greets a host that this process has connected to, without showing who we are, and makes sure that it is that host.
///
/// # Errors
/// The peer is slow, or nobody whom we trust vouches for it.
pub async fn connect_as_anybody(
    trust: &CaRoots,
    host: &str,
    stream: TcpStream,
) -> io::Result<client::TlsStream<TcpStream>> {
    let mut client = trust.client_config().map_err(io::Error::other)?;
    client.alpn_protocols = vec![b"h2".to_vec()];
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    timeout(HANDSHAKE_TIMEOUT, TlsConnector::from(Arc::new(client)).connect(name, stream)).await?
}

impl Current {
    fn of(files: Files) -> Result<Self, TlsError> {
        let cannot = |error: rustls::Error| format!("{}: {error}", files.name("tls.crt"));
        let (chain, key) = (files.chain()?, files.key()?);
        let dates = files.dates()?;
        let mut server = match files.authorities()? {
            Some(roots) => {
                let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build();
                let verifier = verifier.map_err(|error| format!("{}: {error}", files.name("ca.crt")))?;
                ServerConfig::builder().with_client_cert_verifier(verifier)
            }
            None => ServerConfig::builder().with_no_client_auth(),
        }
        .with_single_cert(chain.clone(), key.clone_key())
        .map_err(cannot)?;
        server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let client = files.authorities()?.map(|roots: RootCertStore| {
            let mut client = ClientConfig::builder()
                .with_root_certificates(roots)
                .with_client_auth_cert(chain, key)
                .map_err(cannot)?;
            client.alpn_protocols = vec![b"h2".to_vec()];
            Ok::<_, TlsError>(Arc::new(client))
        });
        let client = client.transpose()?;
        Ok(Self { server: Arc::new(server), client, dates, files })
    }
}

/// Whether the certificate is this role's.
fn names(certificate: &CertificateDer<'_>, role: &str) -> bool {
    let (parsed, name) = (ParsedCertificate::try_from(certificate), ServerName::try_from(role));
    matches!((parsed, name), (Ok(parsed), Ok(name)) if verify_server_name(&parsed, &name).is_ok())
}
