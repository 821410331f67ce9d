//! What every Comanda process runs on: one way to serve gRPC and one way to call it, so that calls stay fast, honest and
//! bounded whatever happens to those who are called. Nothing here knows an order, a ticket or a menu: what there is to
//! know of an RPC is read from the descriptor bytes of its contract ([`contracts`]).
//!
//! **To serve.** [`server::RoleServer`] takes generated services, a [`gate::Gate`] that decides who may call what, a
//! [`health::Health`] that tells the truth, and [`load::Limits`]. A call passes, from outside in: TLS that knows the peer's
//! role ([`tls`]), connections with limits and an age, a span and a count ([`trace`]), language, deadline and load
//! ([`CallLayer`]), the gate, the service. Streams are told when they must end.
//!
//! **To call.** [`channel::connect`] makes a [`channel::Channel`] to all replicas of a role, however many stand behind a name
//! and whenever they come and go. Of two connected ones the less busy gets the call. The deadline of the call under way goes
//! along, less a margin ([`deadline`]).
//!
//! **To store.** [`database`] connects with tight time-outs, [`once`] makes a change that is asked for twice happen once,
//! [`retention`] has what is long over make way, and [`fault`] says what went wrong in a form that programs and people understand.
//!
//! A server and a call, complete:
//!
//! ```
//! use comanda_mesh::{
//!     channel, contracts::Contracts, gate::Gate, health::Health, incoming, load::Limits, server::RoleServer,
//!     token::{Keys, Secrets},
//! };
//! use comanda_proto::DESCRIPTORS;
//! use tokio_util::sync::CancellationToken;
//! use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let contracts = Contracts::new(DESCRIPTORS)?;
//! let (staff, panel, order_keys) = ("staff".to_owned(), "panel".to_owned(), vec![vec![7; 32]]);
//! let gate = Gate::new(contracts.clone(), Keys::new(Secrets { staff, panel, service: None, order_keys }));
//!
//! // The server: health, reflection and status come with it; `.with(…)` adds generated services.
//! let listener = incoming::bind("127.0.0.1:0".parse()?).await?;
//! let url = format!("http://{}", listener.local_addr()?).parse()?;
//! let (health, stop) = (Health::of_role("greeter").await, CancellationToken::new());
//! health.set_ready(true).await;
//! let server = RoleServer::new(gate, DESCRIPTORS, health, Limits::default());
//! let served = tokio::spawn(server.serve(incoming::tcp(listener, None), stop.clone()));
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

mod call;
pub mod channel;
pub mod check;
mod connection;
pub mod contracts;
pub mod currency;
pub mod database;
pub mod deadline;
pub mod disk;
mod ending;
pub mod failpoint;
pub mod fault;
pub mod gate;
mod gather;
pub mod health;
pub mod incoming;
pub mod language;
pub mod load;
pub mod once;
pub mod operations;
mod own_words;
pub mod peer;
pub mod retention;
pub mod rounds;
pub mod rows;
pub mod seldom;
pub mod server;
pub mod status;
pub mod streams;
pub mod telemetry;
pub mod text;
pub mod time;
pub mod tls;
pub mod token;
pub mod trace;
pub mod trust;
pub mod zone;

pub use call::{CallLayer, Called};
pub use connection::{Callers, places::PerAddress};
