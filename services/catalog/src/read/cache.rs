//! Redis, as a cache and nothing more: a body under the immutable key `menu:{format}:{shop}:{version}`, the hint
//! `menu:current:{shop}`, and the token `menu:lock:{format}:{shop}:{version}` by which replicas take turns. A failure
//! is worth no more than a miss, and no answer is worth waiting for. The client library stays in here.

mod probe;

use crate::read::encoded_menu::Body;
use comanda_telemetry::status::v1;
use comanda_tls::ca_roots::CaRoots;
use fred::{
    clients::{Client, WithOptions},
    interfaces::EventInterface,
    prelude::{
        Builder, ClientLike, Config, Error, Expiration, FredResult, KeysInterface, ReconnectPolicy, SetOptions,
        TcpConfig,
    },
    types::config::{Options, Server, UnresponsiveConfig},
};
use probe::Known;
use prost::bytes::Bytes;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use uuid::Uuid;

/// Part of the key: a release that writes another body writes it elsewhere.
const FORMAT: u32 = 6;
const TTL: Duration = Duration::from_secs(24 * 60 * 60);
const COMMAND_TIMEOUT: Duration = Duration::from_millis(80);
const KEEP_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a token keeps the others from the database: longer than a read and a [`Cache::store`] may take.
///
/// It is never given back, which is safe because it guards one version, whose body never changes. Giving it back would
/// even do harm: a replica that missed the body just before it was kept could take the token just after, and read all
/// the same. And a holder who died, or who found nothing, keeps nobody waiting for longer than this.
const LOCK_TTL: Duration = Duration::from_secs(2);
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
/// A connection that has not answered for so long is given up, and commands fail at once until it is replaced.
const UNRESPONSIVE_AFTER: Duration = Duration::from_millis(500);
const MAX_QUEUE: usize = 1024;
/// A cache that stays away is logged that often.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// What is wrong with the URL of the cache.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CacheUrlError(String);

impl From<String> for CacheUrlError {
    fn from(why: String) -> Self {
        Self(why)
    }
}

/// Where menus are kept between the local cache and the database. Cloning shares it.
#[derive(Debug, Clone)]
pub enum Cache {
    /// Nowhere: one process that has its database beside it gains nothing from a second copy.
    Memory,
    /// In Redis, for all replicas, and what is known of it.
    Redis(Client, Known),
}

/// Nobody answers: there is no Redis, or it is away or slow. Whoever hears this goes on without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheUnavailable;

impl Cache {
    /// The cache at `memory:`, `redis://[user:password@]host:port[/database]`, or `rediss:` for TLS with a server that is
    /// trusted. Redis is connected in the background and may be away for as long as it likes. Call it inside a tokio
    /// runtime.
    ///
    /// # Errors
    /// The URL is none of these, which is said without repeating it, because it may carry a password; or nobody at all
    /// is trusted.
    pub fn connect(url: &str, trust: &CaRoots) -> Result<Self, CacheUrlError> {
        if url == "memory:" {
            return Ok(Self::Memory);
        }
        let form = "must be memory:, redis://host:port[/database] or rediss://host:port[/database]";
        let (scheme, rest) = url.split_once("://").ok_or_else(|| form.to_owned())?;
        // The library knows TLS by its scheme, and then insists on all that the system believes.
        let tls = match scheme {
            "redis" => None,
            "rediss" => Some(trust.client_config().map_err(|error| error.to_string())?.into()),
            _ => return Err(form.to_owned().into()),
        };
        let config = Config::from_url(&format!("redis://{rest}"));
        let config = Config { tls, ..config.map_err(|error| format!("{form}: {}", error.details()))? };
        let client = builder(config).build().map_err(|error| error.details().to_owned())?;
        let known = Known::default();
        tokio::spawn(tell_why_away(client.error_rx(), client.reconnect_rx(), known.clone()));
        tokio::spawn(probe::follow(client.clone(), known.clone()));
        // Not awaited: a role starts, and serves, while Redis is away.
        drop(client.connect());
        Ok(Self::Redis(client, known))
    }

    /// Waits for the first connection, but not long: a replica that starts should find a cache that is there.
    pub async fn wait_for_connection(&self) {
        if let Self::Redis(client, _) = self {
            let _ = tokio::time::timeout(CONNECT_TIMEOUT, client.wait_for_connect()).await;
        }
    }

    /// What a status says of it; nothing where there is none.
    pub fn server(&self) -> Option<v1::Server> {
        let Self::Redis(client, known) = self else { return None };
        Some(known.server(client))
    }

    /// The body of this version, if the cache has it.
    ///
    /// # Errors
    /// There is no cache, or it does not answer at once.
    pub async fn menu(&self, shop: &str, version: i64) -> Result<Option<Body>, CacheUnavailable> {
        let Self::Redis(client, _) = self else { return Err(CacheUnavailable) };
        let bytes =
            logged(impatient(client).get::<Option<Bytes>, _>(menu_key(shop, version)).await).ok_or(CacheUnavailable)?;
        // Whatever else lies under our key is a miss.
        Ok(bytes.and_then(|bytes| Body::checked(bytes, shop, version)))
    }

    /// Takes the token of this version; false while another replica has it.
    ///
    /// # Errors
    /// There is no cache, or it does not answer at once.
    pub async fn try_lock(&self, shop: &str, version: i64) -> Result<bool, CacheUnavailable> {
        let Self::Redis(client, _) = self else { return Err(CacheUnavailable) };
        let (key, token) = (token_key(shop, version), Uuid::new_v4().to_string());
        let expires = Some(Expiration::PX(i64::try_from(LOCK_TTL.as_millis()).unwrap_or(i64::MAX)));
        let taken =
            impatient(client).set::<Option<String>, _, _>(key, token, expires, Some(SetOptions::NX), false).await;
        logged(taken).map(|taken| taken.is_some()).ok_or(CacheUnavailable)
    }

    /// The version that was current when a replica last fed the cache. Only a hint: it may be old or missing.
    pub async fn current(&self, shop: &str) -> Option<i64> {
        let Self::Redis(client, _) = self else { return None };
        logged(impatient(client).get(current_key(shop)).await)?
    }

    /// Keeps a menu for the other replicas.
    pub async fn store(&self, body: &Body) {
        let Self::Redis(client, _) = self else { return };
        let (client, expires) = (patient(client), Some(Expiration::PX(time_to_live())));
        let body_key = menu_key(&body.shop_id, body.version);
        // The body first, so that the hint never names a version that is not there.
        let stored = client.set::<(), _, _>(body_key, body.bytes.clone(), expires.clone(), None, false).await;
        if logged(stored).is_some() {
            let hint = client.set(current_key(&body.shop_id), body.version, expires, None, false).await;
            logged::<()>(hint);
        }
    }

    /// Ends the connection.
    pub async fn close(self) {
        if let Self::Redis(client, _) = self {
            let _ = tokio::time::timeout(COMMAND_TIMEOUT, client.quit()).await;
        }
    }
}

fn builder(config: Config) -> Builder {
    // With `fail_fast` here, a client whose first attempt fails never tries again. Each command has its own, below.
    let mut builder = Builder::from_config(Config { fail_fast: false, ..config });
    builder
        .with_performance_config(|performance| performance.default_command_timeout = COMMAND_TIMEOUT)
        .with_connection_config(|connection| {
            connection.connection_timeout = CONNECT_TIMEOUT;
            connection.internal_command_timeout = CONNECT_TIMEOUT;
            connection.max_command_attempts = 1;
            connection.max_command_buffer_len = MAX_QUEUE;
            connection.unresponsive =
                UnresponsiveConfig { max_timeout: Some(UNRESPONSIVE_AFTER), interval: UNRESPONSIVE_AFTER / 2 };
            connection.tcp = TcpConfig { nodelay: Some(true), ..TcpConfig::default() };
        })
        .set_policy(ReconnectPolicy::new_exponential(0, 50, 2000, 2));
    builder
}

/// Logs why there is no connection, once for each reason and once a minute until there is one again; the commands only know
/// that there is none. Ends with the client.
async fn tell_why_away(mut failed: Receiver<(Error, Option<Server>)>, mut connected: Receiver<Server>, known: Known) {
    let mut logged: Option<(Instant, String)> = None;
    loop {
        tokio::select! {
            failure = failed.recv() => match failure {
                Ok((error, _)) => {
                    known.away(error.details());
                    let news = logged.as_ref().is_none_or(|(at, why)| at.elapsed() > LOG_INTERVAL || why != error.details());
                    if news {
                        logged = Some((Instant::now(), error.details().to_owned()));
                        // The library shows what TLS says as programmers write it.
                        match error.details().contains("InvalidCertificate") {
                            true => tracing::warn!(%error, "the certificate of Redis is refused, trying again"),
                            false => tracing::warn!(%error, "no connection to Redis, trying again"),
                        }
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
            Ok(_) = connected.recv() => logged = None,
        }
    }
}

/// Commands that fail at once while there is no connection, and soon when there is no answer: somebody waits.
fn impatient(client: &Client) -> WithOptions<Client> {
    within(client, COMMAND_TIMEOUT)
}

/// The same with more patience: nobody waits.
fn patient(client: &Client) -> WithOptions<Client> {
    within(client, KEEP_TIMEOUT)
}

fn within(client: &Client, patience: Duration) -> WithOptions<Client> {
    client.with_options(&Options {
        fail_fast: true,
        timeout: Some(patience),
        max_attempts: Some(1),
        ..Options::default()
    })
}

fn logged<T>(answer: FredResult<T>) -> Option<T> {
    answer.inspect_err(|error| tracing::warn!(%error, "the cache failed")).ok()
}

fn menu_key(shop: &str, version: i64) -> String {
    format!("menu:{FORMAT}:{shop}:{version}")
}

fn token_key(shop: &str, version: i64) -> String {
    format!("menu:lock:{FORMAT}:{shop}:{version}")
}

fn current_key(shop: &str) -> String {
    format!("menu:current:{shop}")
}

/// Milliseconds; up to a tenth longer than [`TTL`] at random, so that what was fed together does not end together.
fn time_to_live() -> i64 {
    let kept_for = TTL.as_millis();
    i64::try_from(kept_for + Uuid::new_v4().as_u128() % (kept_for / 10)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_proto::catalog::v1::Menu;

    #[tokio::test]
    async fn only_two_kinds_of_url_are_taken_and_no_password_is_repeated() {
        let trust = CaRoots::system();
        assert!(matches!(Cache::connect("memory:", &trust), Ok(Cache::Memory)));
        assert!(matches!(Cache::connect("redis://127.0.0.1:1/2", &trust), Ok(Cache::Redis(..))));
        for url in ["", "amqp://a:secret@b", "redis://a:secret@b:port"] {
            let refused = Cache::connect(url, &trust).expect_err("not a cache").to_string();
            assert!(refused.contains("redis://host:port") && !refused.contains("secret"), "{refused}");
        }
    }

    #[tokio::test]
    async fn a_dead_redis_is_a_miss_and_not_a_wait() {
        let cache = Cache::connect("redis://127.0.0.1:1", &CaRoots::system()).expect("a cache");
        let asked = async {
            cache.store(&Body::of(&Menu::default())).await;
            (cache.menu("main", 1).await, cache.try_lock("main", 1).await, cache.current("main").await)
        };
        // A client left to its defaults would wait for a connection for ever.
        let answer = tokio::time::timeout(Duration::from_secs(5), asked).await.expect("an answer");
        assert_eq!(answer, (Err(CacheUnavailable), Err(CacheUnavailable), None));
    }

    #[test]
    fn lifetimes_differ_but_stay_within_a_tenth() {
        let drawn: std::collections::HashSet<_> = (0..50).map(|_| time_to_live()).collect();
        let day = i64::try_from(TTL.as_millis()).expect("a day");
        assert!(drawn.len() > 1 && drawn.iter().all(|ms| (day..day + day / 10).contains(ms)));
    }
}
