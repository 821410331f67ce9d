//! The provider, as we know it: its document and keys, read when they are first needed and kept for an hour, and the
//! exchange of a code for an ID token.

use super::{
    document::Document,
    fetch::Fetch,
    id_token::{self, Claims, Expected, Unfit},
    settings::Settings,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use comanda_proto::identity::v1::{OidcProof, OidcProvider};
use comanda_tls::ca_roots::TlsError;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};
use url::form_urlencoded::{Serializer, byte_serialize};

/// Known for so long.
const KEPT: Duration = Duration::from_secs(3600);
/// Between two readings because of a key that nobody knows: whoever makes such up makes us call no more often.
const BETWEEN_READINGS: Duration = Duration::from_secs(10);
/// After a failure nobody asks for so long.
const QUIET: Duration = Duration::from_secs(1);
/// All that is asked of the provider for one caller; pages wait for ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// Why nobody was identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// The provider does not answer, or nothing that could be understood.
    Away,
    /// The code, or what came for it, is none.
    Refused(&'static str),
}

/// A provider.
pub struct Provider {
    settings: Settings,
    fetch: Fetch,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    known: Option<(Arc<Known>, Instant)>,
    renewed: Option<Instant>,
    failed: Option<Instant>,
}

struct Known {
    document: Document,
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

#[derive(Deserialize)]
struct TokenError {
    error: String,
}

impl Provider {
    /// Of which nothing is known yet.
    ///
    /// # Errors
    /// The system believes no CA.
    pub fn new(settings: Settings) -> Result<Self, TlsError> {
        Ok(Self { settings, fetch: Fetch::new()?, state: Mutex::default() })
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// As a page needs it.
    pub async fn options(&self) -> OidcProvider {
        let known = timeout(PATIENCE, self.known()).await.unwrap_or(Err(Failed::Away)).ok();
        let mut scopes = vec!["openid".to_owned(), "profile".to_owned()];
        // Some tell groups only to who asks for them.
        let claim = &self.settings.roles_claim;
        if known.as_ref().is_some_and(|known| known.document.scopes_supported.contains(claim)) {
            scopes.push(claim.clone());
        }
        OidcProvider {
            name: self.settings.name.clone(),
            authorization_endpoint: known
                .map(|known| known.document.authorization_endpoint.to_string())
                .unwrap_or_default(),
            client_id: self.settings.client_id.clone(),
            scopes,
            redirect_uri: self.settings.redirect_uri.clone(),
        }
    }

    /// Who it is whom the code was given for.
    pub async fn identify(&self, proof: &OidcProof) -> Result<Claims, Failed> {
        let identified = async {
            let known = self.known().await?;
            let token = self.exchange(&known.document, proof).await?;
            let (issuer, client_id) = (&self.settings.issuer, &self.settings.client_id);
            let expected = Expected { issuer, client_id, nonce: &proof.nonce };
            let checked = match id_token::check(&token, &known.keys, &expected) {
                Err(Unfit::UnknownKey) => id_token::check(&token, &self.renewed().await?.keys, &expected),
                checked => checked,
            };
            checked.map_err(|unfit| match unfit {
                Unfit::UnknownKey => Failed::Refused("ID token signed by an unknown key"),
                Unfit::Wrong(why) => {
                    tracing::warn!(why, "an ID token is refused");
                    Failed::Refused("ID token refused")
                }
            })
        };
        timeout(PATIENCE, identified).await.unwrap_or(Err(Failed::Away))
    }

    async fn exchange(&self, document: &Document, proof: &OidcProof) -> Result<String, Failed> {
        let (headers, form) = self.form(document, proof)?;
        let answer = self.fetch.post(&document.token_endpoint, headers, form).await;
        let (status, body) = answer.map_err(|why| away("its token endpoint", &why))?;
        if status == StatusCode::OK {
            let tokens = serde_json::from_slice::<Tokens>(&body);
            return tokens.map(|tokens| tokens.id_token).map_err(|_| away("its token endpoint", "no ID token came"));
        }
        let error = serde_json::from_slice::<TokenError>(&body).map_or_else(|_| status.to_string(), |told| told.error);
        // Anything else is between the provider and us, and nobody's wrong code.
        if error == "invalid_grant" {
            Err(Failed::Refused("code refused"))
        } else {
            Err(away("its token endpoint", &error))
        }
    }

    fn form(&self, document: &Document, proof: &OidcProof) -> Result<(HeaderMap, String), Failed> {
        let Settings { client_id, client_secret, redirect_uri, .. } = &self.settings;
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code").append_pair("redirect_uri", redirect_uri);
        form.append_pair("code", &proof.code).append_pair("code_verifier", &proof.code_verifier);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        match client_secret {
            Some(secret) if !document.takes_secret_in_form() => {
                let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let both = STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret)));
                let mut header = HeaderValue::try_from(format!("Basic {both}")).map_err(|_| Failed::Away)?;
                header.set_sensitive(true);
                headers.insert(AUTHORIZATION, header);
            }
            Some(secret) => {
                form.append_pair("client_id", client_id).append_pair("client_secret", secret);
            }
            None => {
                form.append_pair("client_id", client_id);
            }
        }
        Ok((headers, form.finish()))
    }

    async fn known(&self) -> Result<Arc<Known>, Failed> {
        let mut state = self.state.lock().await;
        match &state.known {
            Some((known, since)) if since.elapsed() < KEPT => Ok(known.clone()),
            _ => self.read(&mut state).await,
        }
    }

    /// Read anew, unless that was just done.
    async fn renewed(&self) -> Result<Arc<Known>, Failed> {
        let mut state = self.state.lock().await;
        match (&state.known, state.renewed) {
            (Some((known, _)), Some(renewed)) if renewed.elapsed() < BETWEEN_READINGS => Ok(known.clone()),
            _ => {
                state.renewed = Some(Instant::now());
                self.read(&mut state).await
            }
        }
    }

    /// One reads, and those who wait meanwhile find it read, or failed.
    async fn read(&self, state: &mut State) -> Result<Arc<Known>, Failed> {
        if state.failed.is_some_and(|failed| failed.elapsed() < QUIET) {
            return Err(Failed::Away);
        }
        match self.read_all().await {
            Ok(known) => {
                let known = Arc::new(known);
                (state.known, state.failed) = (Some((known.clone(), Instant::now())), None);
                Ok(known)
            }
            Err(why) => {
                state.failed = Some(Instant::now());
                Err(away("its discovery", &why))
            }
        }
    }

    async fn read_all(&self) -> Result<Known, String> {
        let document = self.fetch.get(&Document::address(&self.settings)?).await?;
        let document = Document::read(&document, &self.settings)?;
        let keys = id_token::keys(&self.fetch.get(&document.jwks_uri).await?)?;
        Ok(Known { document, keys })
    }
}

fn away(what: &'static str, why: &str) -> Failed {
    let why = why.chars().take(200).collect::<String>();
    tracing::warn!(what, why, "the OpenID Connect provider does not serve");
    Failed::Away
}
