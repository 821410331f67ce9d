//! What pgbench makes of the same inserts: one transaction for each order, prepared, on the same server and the same
//! tables.

use comanda_proto::{
    events::v1::{Event, OrderPlaced, event::Payload},
    orders::v1::Order,
};
use harness::{Folder, connect};
use prost::Message;
use sea_orm::ConnectionTrait;
use std::{fs, path::PathBuf, process::Command, time::Duration};

/// The tables of one order, without the shop's counter, whose lock would only hold pgbench up. Keys rise with time, as
/// ours do.
const SCRIPT: &str = "\
\\set a random(0, 9000000000000000000)
\\set b random(0, 9000000000000000000)
BEGIN;
INSERT INTO orders (order_id, shop_id, number, accepted_seq, state, revision, customer_name, currency_code, total_minor, menu_version, created_at, updated_at, cancel_reason, audit_at, audit_wait, retold) VALUES ({KEY}, 'main', 1, :a, 1, 1, 'Ana', 'BRL', 700, 1, now(), now(), '', now() + interval '30 s', 30, 0);
INSERT INTO order_line (order_id, position, product_id, name, quantity, unit_price_minor, options, note, stations) VALUES ({KEY}, 0, '{PRODUCT}', 'Pão de queijo', 1, 700, '[]', '', '[]');
INSERT INTO order_history (order_id, revision, from_state, to_state, actor, reason, changed_at) VALUES ({KEY}, 1, 0, 1, 1, '', now()) ON CONFLICT DO NOTHING;
INSERT INTO outbox (event_id, queue, body, subject, lease_until) VALUES ({KEY}, 'kitchen.orders.0', '\\x{EVENT}'::bytea, '{PRODUCT}', now() + interval '10 s');
INSERT INTO answer (request_id, request_hash, code, body, answered_at) VALUES ((lpad(to_hex(:a::bigint), 16, '0') || lpad(to_hex(:b::bigint), 16, '0'))::uuid, sha256('{PRODUCT}'), 0, '\\x{ANSWER}'::bytea, now()) ON CONFLICT DO NOTHING;
COMMIT;
";
const KEY: &str = "(lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '7000' || lpad(to_hex(:b::bigint), 16, '0'))::uuid";

/// What one run saw.
pub struct Seen {
    /// Transactions a second.
    pub rate: f64,
    /// Microseconds of one, the mean.
    pub latency: f64,
    /// Transactions.
    pub calls: f64,
}

/// A database with Orders' tables that pgbench alone writes.
pub struct PgBench {
    url: String,
    script: PathBuf,
    _folder: Folder,
}

impl PgBench {
    /// The rows of such an order, in a database that is empty but for its tables.
    pub fn of(url: &str, order: &Order) -> Self {
        let event_id = order.order_id.clone();
        let placed = Payload::OrderPlaced(OrderPlaced { order: Some(order.clone()) });
        let event = Event { event_id, shop_id: order.shop_id.clone(), payload: Some(placed) };
        let script = SCRIPT
            .replace("{KEY}", KEY)
            .replace("{PRODUCT}", &order.lines[0].product_id)
            .replace("{EVENT}", &hex(&event.encode_to_vec()))
            .replace("{ANSWER}", &hex(&order.encode_to_vec()));
        let folder = Folder::new("pgbench");
        let place = folder.join("order.sql");
        fs::write(&place, script).expect("a file");
        Self { url: url.to_owned(), script: place, _folder: folder }
    }

    /// So many clients for a time, in whole seconds.
    pub async fn run(&self, clients: usize, time: Duration) -> Seen {
        let mut command = Command::new(newest("pgbench"));
        let (clients, seconds) = (clients.to_string(), time.as_secs().max(1).to_string());
        command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--client", &clients, "--time", &seconds]);
        command.arg("--file").arg(&self.script).arg(&self.url);
        let output = tokio::task::spawn_blocking(move || command.output().expect("pgbench is installed"))
            .await
            .expect("it ends");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let number = |before: &str| {
            let rest = text.lines().find_map(|line| line.strip_prefix(before)).unwrap_or_else(|| panic!("{text}"));
            rest.split_whitespace().next().expect("a word").parse::<f64>().expect("a number")
        };
        let calls = number("number of transactions actually processed: ");
        Seen { rate: number("tps = "), latency: number("latency average = ") * 1000.0, calls }
    }

    /// The number of clients with which it does most.
    pub async fn best_of(&self, time: Duration) -> usize {
        let mut best = (0.0, 1);
        for clients in [8, 16, 32] {
            let rate = self.run(clients, time).await.rate;
            eprintln!("  pgbench, {clients} clients: {rate:.0} orders/s");
            best = if rate > best.0 { (rate, clients) } else { best };
        }
        best.1
    }
}

/// Makes a database like another: its tables, none of its rows.
pub async fn like(source: &str, target: &str) {
    let mut dump = Command::new(newest("pg_dump"));
    let dumped = dump.args(["--schema-only", "--no-owner", source]).output().expect("pg_dump is installed").stdout;
    let schema = String::from_utf8(dumped).expect("text");
    // Lines that begin with a backslash are for psql.
    let schema = schema.lines().filter(|line| !line.starts_with('\\')).collect::<Vec<_>>().join("\n");
    connect(target).await.expect("it answers").execute_unprepared(&schema).await.expect("the schema fits");
}

/// As SQL writes bytes.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Debian's own wrappers choose a version by a configuration that private servers do not have.
fn newest(program: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).max();
    format!("/usr/lib/postgresql/{}/bin/{program}", newest.expect("PostgreSQL is installed")).into()
}
