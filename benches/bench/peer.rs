//! What RabbitMQ and Postgres do by themselves, without us: messages published with confirms and consumed, each with one
//! commit or many of them without any.

use harness::{Servers, connect};

use super::load::{histogram, record};
use futures_util::{StreamExt, stream};
use hdrhistogram::Histogram;
use lapin::{
    BasicProperties, Channel, Connection, ConnectionProperties, Consumer,
    options::{BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, prelude::Uuid};
use std::{
    pin::pin,
    time::{Duration, Instant},
};
use tokio::time::sleep;

const QUEUE: &str = "beside";
const PERSISTENT: u8 = 2;
/// As many as our relay has under way.
const UNCONFIRMED: usize = 256;

/// The servers without us.
pub struct Peer {
    _connections: [Connection; 2],
    publisher: Channel,
    consumer: Consumer,
    database: DatabaseConnection,
    body: Vec<u8>,
}

impl Peer {
    /// Its own queue and table on these servers.
    pub async fn new(servers: &Servers, body: Vec<u8>) -> Self {
        let url = servers.rabbitmq.virtual_host();
        let open = async || Connection::connect(&url, ConnectionProperties::default()).await.expect("RabbitMQ answers");
        let (publishing, consuming) = (open().await, open().await);
        let publisher = publishing.create_channel().await.expect("a channel");
        publisher.confirm_select(ConfirmSelectOptions::default()).await.expect("confirms");
        let mut kind = FieldTable::default();
        kind.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
        let durable = QueueDeclareOptions { durable: true, ..Default::default() };
        publisher.queue_declare(QUEUE.into(), durable, kind).await.expect("a queue");
        let reader = consuming.create_channel().await.expect("a channel");
        let options = BasicConsumeOptions::default();
        let consumer = reader.basic_consume(QUEUE.into(), "".into(), options, FieldTable::default()).await;
        let database = connect(&servers.postgres.create_database("beside").await).await.expect("Postgres answers");
        let table = "CREATE TABLE ticket (id uuid PRIMARY KEY, body bytea NOT NULL)";
        database.execute_unprepared(table).await.expect("a table");
        let consumer = consumer.expect("a consumer");
        Self { _connections: [publishing, consuming], publisher, consumer, database, body }
    }

    /// One message after the other for a time, with a pause between them.
    pub async fn run(&mut self, time: Duration, pause: Duration) -> Histogram<u64> {
        let (start, mut latency) = (Instant::now(), histogram());
        while start.elapsed() < time {
            let sent = Instant::now();
            self.once().await;
            record(&mut latency, sent.elapsed());
            sleep(pause).await;
        }
        latency
    }

    async fn once(&mut self) {
        let properties = BasicProperties::default().with_delivery_mode(PERSISTENT);
        let options = BasicPublishOptions::default();
        let sent = self.publisher.basic_publish("".into(), QUEUE.into(), options, &self.body, properties).await;
        let (confirmed, delivered) = tokio::join!(sent.expect("it is sent"), self.consumer.next());
        assert!(confirmed.expect("a confirm").is_ack());
        let delivered = delivered.expect("a message").expect("no error");
        let values = [Uuid::now_v7().into(), delivered.data.clone().into()];
        let insert = "INSERT INTO ticket VALUES ($1, $2)";
        let insert = Statement::from_sql_and_values(self.database.get_database_backend(), insert, values);
        self.database.execute_raw(insert).await.expect("stored");
        delivered.ack(BasicAckOptions::default()).await.expect("acknowledged");
    }

    /// Publishes so many messages, some of them unconfirmed at a time, while it consumes them; how many a second.
    pub async fn moved(&mut self, count: usize) -> f64 {
        let start = Instant::now();
        let Self { publisher, consumer, body, .. } = self;
        let publish = async {
            let properties = BasicProperties::default().with_delivery_mode(PERSISTENT);
            let send = |_| {
                let options = BasicPublishOptions::default();
                publisher.basic_publish("".into(), QUEUE.into(), options, body, properties.clone())
            };
            let sent = stream::iter(0..count).then(send).map(|sent| sent.expect("it is sent"));
            let mut sent = pin!(sent.buffered(UNCONFIRMED));
            while let Some(confirmed) = sent.next().await {
                assert!(confirmed.expect("a confirm").is_ack());
            }
        };
        let consume = async {
            for number in 1..=count {
                let delivered = consumer.next().await.expect("a message").expect("no error");
                if number % UNCONFIRMED == 0 || number == count {
                    delivered.ack(BasicAckOptions { multiple: true }).await.expect("acknowledged");
                }
            }
        };
        tokio::join!(publish, consume);
        count as f64 / start.elapsed().as_secs_f64()
    }
}
