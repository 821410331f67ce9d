//! The files of an identity, read as one set.

use super::{Dated, ca_roots::TlsError};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use x509_parser::prelude::{FromDer, X509Certificate};

/// As they lie there.
#[derive(PartialEq, Eq)]
pub(super) struct Files {
    folder: PathBuf,
    chain: Vec<u8>,
    key: Vec<u8>,
    authorities: Option<Vec<u8>>,
}

impl Files {
    pub(super) fn read(folder: &Path, with_authorities: bool) -> Result<Self, TlsError> {
        let read = |name: &str| {
            let file = folder.join(name);
            fs::read(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))
        };
        let authorities = with_authorities.then(|| read("ca.crt")).transpose()?;
        Ok(Self { folder: folder.to_owned(), chain: read("tls.crt")?, key: read("tls.key")?, authorities })
    }

    pub(super) fn name(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    pub(super) fn chain(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        self.certificates("tls.crt", &self.chain)
    }

    pub(super) fn key(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        PrivateKeyDer::from_pem_slice(&self.key)
            .map_err(|_| format!("{} holds no private key in PEM", self.name("tls.key")).into())
    }

    pub(super) fn authorities(&self) -> Result<Option<RootCertStore>, TlsError> {
        let Some(pem) = &self.authorities else { return Ok(None) };
        let mut roots = RootCertStore::empty();
        for certificate in self.certificates("ca.crt", pem)? {
            roots.add(certificate).map_err(|error| format!("{}: {error}", self.name("ca.crt")))?;
        }
        Ok(Some(roots))
    }

    /// Of the first certificate of each file: the others of a chain outlive it.
    pub(super) fn dates(&self) -> Result<Vec<Dated>, TlsError> {
        let files = [("tls.crt", Some(&self.chain)), ("ca.crt", self.authorities.as_ref())];
        let present = files.into_iter().filter_map(|(name, pem)| Some((name, pem?)));
        present.map(|(name, pem)| self.dated(name, pem)).collect()
    }

    fn dated(&self, name: &str, pem: &[u8]) -> Result<Dated, TlsError> {
        let certificates = self.certificates(name, pem)?;
        let first = certificates.first().and_then(|first| X509Certificate::from_der(first).ok());
        let (_, first) = first.ok_or_else(|| format!("{} holds no X.509 certificate", self.name(name)))?;
        Ok(Dated { name: self.name(name), not_after: first.validity().not_after.timestamp() })
    }

    fn certificates(&self, name: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let list = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().unwrap_or_default();
        if list.is_empty() { Err(format!("{} holds no certificate in PEM", self.name(name)).into()) } else { Ok(list) }
    }
}
