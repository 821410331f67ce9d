//! The provider, as we know it: its document and keys, read when they are first needed and kept for an hour.

use super::{
    document::Document,
    exchange,
    failed::{Failed, away},
    fetch::Fetch,
    id_token::{self, Claims, Expected, Unfit},
    settings::Settings,
};
use comanda_proto::identity::v1::{OidcProof, OidcProvider};
use comanda_tls::ca_roots::TlsError;
use jsonwebtoken::jwk::Jwk;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

/// Known for so long.
const KEPT: Duration = Duration::from_secs(3600);
/// Between two readings because of a key that nobody knows: whoever makes such up makes us call no more often.
const BETWEEN_READINGS: Duration = Duration::from_secs(10);
/// After a failure nobody asks for so long.
const QUIET: Duration = Duration::from_secs(1);
/// All that is asked of the provider for one caller; pages wait for ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);

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
            let token = exchange::id_token(&self.fetch, &self.settings, &known.document, proof).await?;
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

#[cfg(test)]
mod tests {
    use super::{super::tests::settings, *};
    use tokio::time::advance;

    /// One that nobody answers for, of which this is known.
    fn provider() -> Provider {
        let provider = Provider::new(settings()).expect("a provider");
        let document = serde_json::json!({
            "issuer": settings().issuer, "authorization_endpoint": "http://127.0.0.1:1/auth",
            "token_endpoint": "http://127.0.0.1:1/token", "jwks_uri": "http://127.0.0.1:1/jwks",
        });
        let document = Document::read(document.to_string().as_bytes(), &settings()).expect("a document");
        let known = Some((Arc::new(Known { document, keys: vec![] }), Instant::now()));
        Provider { state: Mutex::new(State { known, ..State::default() }), ..provider }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_known_is_asked_for_again_after_an_hour() {
        let provider = provider();
        advance(KEPT - Duration::from_millis(1)).await;
        assert!(provider.known().await.is_ok());
        advance(Duration::from_millis(1)).await;
        assert_eq!(provider.known().await.err(), Some(Failed::Away));
    }

    #[tokio::test(start_paused = true)]
    async fn unknown_keys_make_us_ask_once_in_ten_seconds() {
        let provider = provider();
        assert_eq!(provider.renewed().await.err(), Some(Failed::Away), "it was asked");
        assert!(provider.renewed().await.is_ok(), "it was not");
        advance(BETWEEN_READINGS).await;
        assert_eq!(provider.renewed().await.err(), Some(Failed::Away), "it was asked");
    }
}
