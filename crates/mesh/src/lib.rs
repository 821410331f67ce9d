//! gRPC servers and channels for every Comanda process. What a method needs to be known by is read from the descriptors of
//! its contract ([`comanda_auth::contracts`]); nothing here knows a service by name.
//!
//! **Servers.** [`server::RoleServer`] takes generated services, a [`Gate`](comanda_auth::gate::Gate) that authorizes calls,
//! [`Health`](comanda_telemetry::health::Health), and [`load_shed::Limits`]. The layers, from outside in: mutual TLS,
//! connections with limits and a maximum age ([`connection_limit`]), span and metrics ([`server::TraceLayer`]), language,
//! deadline and load shedding ([`server::CallLayer`]), the gate, the service. Streams are told when they must end.
//!
//! **Channels.** [`channel::connect`] makes a [`channel::Channel`] that balances over all replicas behind a name: of two
//! connected ones, the less busy gets the call. The call's remaining deadline, less a margin, travels along
//! ([`comanda_context::deadline`]).
//!
//! A server and a call, complete:
//!
//! ```
//! use comanda_auth::{contracts::Contracts, gate::Gate, jwt::PublicKeys, token::{Keys, Secrets}};
//! use comanda_mesh::{channel, listener, load_shed::Limits, server::RoleServer};
//! use comanda_proto::DESCRIPTORS;
//! use comanda_telemetry::health::Health;
//! use tokio_util::sync::CancellationToken;
//! use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let contracts = Contracts::new(DESCRIPTORS)?;
//! let (order_keys, public_keys) = (vec![vec![7; 32]], PublicKeys::default());
//! let gate = Gate::new(contracts.clone(), Keys::new(Secrets { service: Vec::new(), order_keys, public_keys }));
//!
//! // The server: health, reflection and status come with it; `.with(…)` adds generated services.
//! let listener = listener::bind("127.0.0.1:0".parse()?).await?;
//! let url = format!("http://{}", listener.local_addr()?).parse()?;
//! let (health, stop) = (Health::of_role("greeter").await, CancellationToken::new());
//! health.set_ready(true).await;
//! let server = RoleServer::new(gate, DESCRIPTORS, health, Limits::default());
//! let served = tokio::spawn(server.serve(listener::tcp(listener, None), stop.clone()));
//!
//! // The call: any generated client takes the channel.
//! let channel = channel::connect("greeter", &[url], None, contracts)?;
//! let reply = HealthClient::new(channel).check(HealthCheckRequest::default()).await?;
//! assert_eq!(reply.into_inner().status(), ServingStatus::Serving);
//!
//! stop.cancel();
//! served.await??;
//! # Ok(())
//! # }
//! ```

pub mod channel;
pub mod connection_limit;
pub mod listener;
pub mod load_shed;
pub mod server;
pub mod supervisor;
mod write_coalescing;
