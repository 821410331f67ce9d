//! The publishing side: one channel with publisher confirms and many messages in flight.

use super::{
    Command, Declaring,
    backoff::{Backoff, Troubles},
    connection::{Address, in_time},
    declare, topology,
};
use crate::broker::{Outgoing, Unconfirmed};
use comanda_telemetry::trace::TRACE_PARENT;
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, Event,
    options::{BasicPublishOptions, ConfirmSelectOptions},
    types::{AMQPValue, FieldTable},
};
use prost::Message;
use std::{pin::pin, time::Duration};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, timeout},
};

/// How many messages may await their confirm.
pub(super) const WINDOW: usize = 256;
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(5);
const PERSISTENT: u8 = 2;
const WHO: &str = "publisher";

type Done = oneshot::Sender<Result<(), Unconfirmed>>;

/// Publishes until the process ends. While there is no connection, messages are refused at once: they are safe in the
/// outbox.
pub(super) async fn run(
    address: Address,
    declaring: Declaring,
    troubles: Troubles,
    mut commands: mpsc::Receiver<Command>,
    connected: watch::Sender<bool>,
) {
    let mut backoff = Backoff::new(WHO, address.count(), &troubles);
    loop {
        let open = address.open(WHO, |connection| async {
            declare(&connection, &declaring).await?;
            in_time(Session::open(connection, &troubles)).await
        });
        let pause = match refusing(&mut commands, open).await {
            Ok(session) => {
                tracing::info!("connected to RabbitMQ");
                backoff.opened();
                connected.send_replace(true);
                let opened = Instant::now();
                session.serve(&mut commands, &connected).await;
                connected.send_replace(false);
                backoff.lost(opened)
            }
            Err(error) => backoff.failed(&error),
        };
        refusing(&mut commands, tokio::time::sleep(pause)).await;
    }
}

/// Waits for something, refusing messages meanwhile.
async fn refusing<T>(commands: &mut mpsc::Receiver<Command>, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            Some(command) = commands.recv() => refuse(command),
        }
    }
}

fn refuse(command: Command) {
    if let Command::Publish { done, .. } = command {
        let _ = done.send(Err(Unconfirmed("not connected".into())));
    }
}

struct Session {
    work: Channel,
    live: Channel,
    in_flight: FuturesUnordered<BoxFuture<'static, (Done, Result<(), Unconfirmed>)>>,
    troubles: Troubles,
    /// Closes when dropped.
    connection: Connection,
}

impl Session {
    async fn open(connection: Connection, troubles: &Troubles) -> lapin::Result<Self> {
        let work = connection.create_channel().await?;
        work.confirm_select(ConfirmSelectOptions::default()).await?;
        let live = connection.create_channel().await?;
        Ok(Self { work, live, in_flight: FuturesUnordered::new(), troubles: troubles.clone(), connection })
    }

    /// Ends when anything is wrong. Whatever is in flight then is unknown, and its senders hear so.
    async fn serve(mut self, commands: &mut mpsc::Receiver<Command>, connected: &watch::Sender<bool>) {
        let mut events = pin!(self.connection.events_listener());
        let mut blocked = false;
        loop {
            let room = self.in_flight.len() < WINDOW;
            let sound = tokio::select! {
                Some(event) = events.next() => match event {
                    // A broker short of memory or disk takes nothing, not even a goodbye: keep the connection and wait.
                    // What was in flight is unknown, and safe in the outbox.
                    Event::ConnectionBlocked(reason) => {
                        blocked = true;
                        self.troubles.blocked(WHO, reason);
                        connected.send_replace(false);
                        self.in_flight.clear();
                        true
                    }
                    Event::ConnectionUnblocked => {
                        blocked = false;
                        self.troubles.served(WHO);
                        connected.send_replace(true);
                        true
                    }
                    Event::Error(_) => false,
                    _ => true,
                },
                Some(settled) = self.in_flight.next() => self.settle(settled),
                Some(command) = commands.recv(), if room => match blocked {
                    true => { refuse(command); true }
                    false => self.execute(command).await,
                },
            };
            if !sound {
                if blocked {
                    self.troubles.served(WHO);
                }
                return;
            }
        }
    }

    async fn execute(&mut self, command: Command) -> bool {
        match command {
            Command::Publish { message, done } => self.publish(message, done).await,
            Command::Hint(hint) => {
                let publish =
                    send(&self.live, topology::LIVE, "", false, hint.encode_to_vec(), BasicProperties::default());
                publish.await.is_ok()
            }
        }
    }

    async fn publish(&mut self, message: Outgoing, done: Done) -> bool {
        let properties = BasicProperties::default()
            .with_delivery_mode(PERSISTENT)
            .with_content_type("application/x-protobuf".into())
            .with_message_id(message.message_id.into())
            .with_headers(trace_headers(message.trace_parent));
        match send(&self.work, topology::WORK, &message.queue, true, message.body, properties).await {
            Ok(confirm) => {
                let troubles = self.troubles.clone();
                let outcome = async move {
                    match timeout(CONFIRM_TIMEOUT, confirm).await {
                        // `Ack` with a message inside means that no queue took it.
                        Ok(Ok(Confirmation::Ack(None))) => Ok(()),
                        Ok(Ok(Confirmation::Ack(Some(_)))) => Err(Unconfirmed("no queue took it".into())),
                        Ok(Ok(_)) => Err(Unconfirmed("the broker refused it".into())),
                        Ok(Err(error)) => {
                            troubles.refused(WHO, &error);
                            Err(Unconfirmed(error.to_string()))
                        }
                        Err(_) => Err(Unconfirmed("no confirm in time".into())),
                    }
                };
                self.in_flight.push(outcome.map(|outcome| (done, outcome)).boxed());
                true
            }
            Err(error) => {
                let _ = done.send(Err(Unconfirmed(error)));
                false
            }
        }
    }

    /// Believes confirms only together with all others that are there: the library hands a returned message to
    /// whichever confirm completes next, which may be a neighbour's.
    fn settle(&mut self, first: (Done, Result<(), Unconfirmed>)) -> bool {
        let mut burst = vec![first];
        while let Some(Some(next)) = self.in_flight.next().now_or_never() {
            burst.push(next);
        }
        let problem = burst.iter().find_map(|(_, outcome)| outcome.as_ref().err().map(ToString::to_string));
        if let Some(problem) = &problem {
            tracing::warn!(problem, "the broker did not confirm; messages will be published again");
        }
        for (done, _) in burst {
            let outcome = problem.as_ref().map_or(Ok(()), |problem| Err(Unconfirmed(problem.clone())));
            let _ = done.send(outcome);
        }
        if problem.is_none() {
            self.troubles.served(WHO);
        }
        problem.is_none()
    }
}

fn trace_headers(trace_parent: Option<String>) -> FieldTable {
    let mut headers = FieldTable::default();
    if let Some(parent) = trace_parent {
        headers.insert(TRACE_PARENT.into(), AMQPValue::LongString(parent.into()));
    }
    headers
}

async fn send(
    channel: &Channel,
    exchange: &str,
    key: &str,
    mandatory: bool,
    body: Vec<u8>,
    properties: BasicProperties,
) -> Result<lapin::PublisherConfirm, String> {
    let options = BasicPublishOptions { mandatory, ..Default::default() };
    let publish = channel.basic_publish(exchange.into(), key.into(), options, &body, properties);
    match timeout(CONFIRM_TIMEOUT, publish).await {
        Ok(sent) => sent.map_err(|error| error.to_string()),
        Err(_) => Err("the connection is blocked".into()),
    }
}
