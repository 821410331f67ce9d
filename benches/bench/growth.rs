//! What a house that has stored many orders pays for them: the pages of memory that an operation touches, beside the same
//! house when it was young.

use harness::{Role, Servers, Shop, connect, with_token};

use super::{
    Effort,
    customers::{Door, at_rest},
    report::{Goal, Row},
};
use comanda_proto::{
    kitchen::v1::WatchTicketsRequest,
    orders::v1::{GetOrderRequest, Order},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::time::Duration;

const YOUNG: i64 = 10_000;
const OPERATIONS: usize = 300;
const WARM_UP: usize = 200;
const BEATS: usize = 4;
const DEADLINE: Duration = Duration::from_secs(10);
/// As many as come in the 30 days after which an order makes way: it is archived, its ticket and its answer are forgotten.
const AT_HAND: i64 = 30 * 24 * 360;
/// Names another number of orders, such as ten million, which takes a quarter of an hour.
const VARIABLE: &str = "COMANDA_BENCH_ORDERS";
/// Which columns make a copy of a row another order's, at its end and long ago; `n` counts down from the oldest.
const ORDER: &str = "'order_id', {ID}, 'number', n, 'accepted_seq', -n, 'state', 4, 'audit_at', null";
const TICKET: &str = "'order_id', {ID}, 'number', n, 'accepted_seq', -n, 'state', 4, 'open', false";
const OF_ORDER: &str = "'order_id', {ID}";
/// What becomes of an order's rows in the archive.
const STORY: &str = "INSERT INTO archived_order SELECT {ID}, one.created_at, jsonb_build_object( \
     'order', to_jsonb(one) || jsonb_build_object({CHANGES}), \
     'lines', (SELECT jsonb_agg(to_jsonb(line) || jsonb_build_object('order_id', {ID})) \
         FROM order_line line WHERE line.order_id = one.order_id), \
     'history', (SELECT jsonb_agg(to_jsonb(step) || jsonb_build_object('order_id', {ID})) \
         FROM order_history step WHERE step.order_id = one.order_id)) \
     FROM orders one, generate_series({TO}::bigint, {FROM} + 1, -1) n WHERE one.order_id = '{ONE}'";
const ANSWER: &str = "'request_id', md5(n::text)::uuid";
/// Rises with time, as those of real orders, of which there was one every ten seconds until the first.
const ID: &str = "(lpad(to_hex({FIRST}::bigint - n * 10000), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid";

/// What is counted: pages of each operation.
struct Touched {
    place: f64,
    look: f64,
    board: f64,
    /// A look at the oldest order, if it is archived.
    archived: Option<f64>,
}

/// PlaceOrder, GetOrder, and a tablet's first sight of the board.
pub async fn rows(servers: &Servers, effort: Effort) -> Vec<Row> {
    let asked = std::env::var(VARIABLE).ok().map(|count| count.parse::<i64>().expect("a number of orders"));
    let many = asked.unwrap_or(if effort.quick { 100_000 } else { 1_000_000 });
    let shop = Shop::mesh(servers, 1).await;
    let house = House::of(&shop).await;
    house.age(0, YOUNG).await;
    let young = house.touched().await;
    house.age(YOUNG, many).await;
    let old = house.touched().await;
    let row = |work: &'static str, ours, beside| {
        let work = format!("{work}: pages touched, {many} orders stored").leak();
        Row::of((work, "10,000 orders stored", "pages"), &[(ours, beside)], Goal::MoreByAtMost(2.0))
    };
    let mut rows = vec![
        row("PlaceOrder", old.place, young.place),
        row("GetOrder", old.look, young.look),
        row("a tablet's board", old.board, young.board),
    ];
    let archived = |pages| {
        let work = format!("GetOrder, archived: pages touched, {many} orders stored").leak();
        Row::of((work, "GetOrder, not archived", "pages"), &[(pages, old.look)], Goal::None)
    };
    rows.extend(old.archived.map(archived));
    rows
}

struct House<'a> {
    shop: &'a Shop,
    door: Door,
    orders: DatabaseConnection,
    kitchen: DatabaseConnection,
    /// The order that all the others are copies of.
    first: Order,
}

impl<'a> House<'a> {
    async fn of(shop: &'a Shop) -> Self {
        let door = Door::of(shop, &shop.orders[0].address(), 1, DEADLINE).await;
        let first = door.one_order().await;
        let database = async |role| connect(shop.database_url(role)).await.expect("Postgres answers");
        let (orders, kitchen) = (database(Role::Orders).await, database(Role::Kitchen).await);
        at_rest(&orders).await;
        for database in [&orders, &kitchen] {
            database.execute_unprepared("CREATE EXTENSION pg_stat_statements").await.expect("Postgres counts");
        }
        Self { shop, door, orders, kitchen, first }
    }

    /// Stores copies of the first order, all at their end, and each where it is when it is so old.
    async fn age(&self, from: i64, to: i64) {
        let id = self.first.order_id.as_str();
        let ids = self.ids();
        if to > AT_HAND {
            let (after, to) = (from.max(AT_HAND).to_string(), to.to_string());
            let story = STORY.replace("{CHANGES}", ORDER).replace("{ID}", &ids).replace("{ONE}", id);
            let story = story.replace("{FROM}", &after).replace("{TO}", &to);
            self.orders.execute_unprepared(&story).await.expect("they are archived");
        }
        let to = to.min(AT_HAND);
        for (database, table, changes) in [
            (&self.orders, "orders", ORDER),
            (&self.orders, "order_line", OF_ORDER),
            (&self.orders, "order_history", OF_ORDER),
            (&self.kitchen, "ticket", TICKET),
            (&self.kitchen, "ticket_history", OF_ORDER),
        ] {
            let changes = changes.replace("{ID}", &ids);
            copy(database, table, &format!("order_id = '{id}'"), &changes, from, to).await;
        }
        let one = "request_id = (SELECT min(request_id::text)::uuid FROM answer)";
        copy(&self.orders, "answer", one, ANSWER, from, to).await;
        for database in [&self.orders, &self.kitchen] {
            database.execute_unprepared("VACUUM ANALYZE").await.expect("it is tidied up");
        }
    }

    /// The id of the order that came `n` orders before the first.
    fn ids(&self) -> String {
        let first = self.first.create_time.expect("a time").seconds * 1000;
        ID.replace("{FIRST}", &first.to_string())
    }

    /// Brings all orders to their end, so that both times as few are open.
    async fn collect(&self) {
        let done = "UPDATE orders SET state = 4, audit_at = NULL WHERE state < 4";
        self.orders.execute_unprepared(done).await.expect("they are done");
        self.kitchen.execute_unprepared("UPDATE ticket SET state = 4, open = false WHERE open").await.expect("too");
    }

    async fn touched(&self) -> Touched {
        let place = pages(&self.orders, async || drop(self.door.one_order().await)).await;
        at_rest(&self.orders).await;
        self.collect().await;
        let look_at = async |id: &str| {
            pages(&self.orders, async || {
                let look = with_token(GetOrderRequest { order_id: id.to_owned() }, &self.shop.secrets.staff);
                self.shop.orders[0].orders().get_order(look).await.expect("an order");
            })
            .await
        };
        let look = look_at(&self.first.order_id).await;
        let archived = match self.archived().await {
            Some(id) => Some(look_at(&id).await),
            None => None,
        };
        let watch = with_token(WatchTicketsRequest::default(), &self.shop.secrets.staff);
        let board = self.shop.kitchen[0].kitchen().watch_tickets(watch).await.expect("a stream");
        let mut board = board.into_inner();
        forget(&self.kitchen).await;
        for _ in 0..BEATS {
            board.message().await.expect("no error").expect("the board has no end");
        }
        // Each beat reads the board once.
        let board = counted(&self.kitchen, "sum(shared_blks_hit + shared_blks_read) / max(calls)", 1).await;
        Touched { place, look, board, archived }
    }

    /// The oldest archived order.
    async fn archived(&self) -> Option<String> {
        let ask = "SELECT order_id::text AS id FROM archived_order ORDER BY order_id LIMIT 1";
        let ask = Statement::from_string(self.orders.get_database_backend(), ask);
        let row = self.orders.query_one_raw(ask).await.expect("an answer")?;
        Some(row.try_get("", "id").expect("text"))
    }
}

/// Copies rows with other keys. From the oldest to the youngest, as they would have come.
async fn copy(database: &DatabaseConnection, table: &str, which: &str, changes: &str, from: i64, to: i64) {
    let copies = format!(
        "INSERT INTO {table} SELECT copy.* \
         FROM {table} one, generate_series({to}::bigint, {from} + 1, -1) n, \
         LATERAL jsonb_populate_record(one, jsonb_build_object({changes})) copy WHERE one.{which}"
    );
    database.execute_unprepared(&copies).await.expect("they are stored");
}

/// Pages that the statements of something touch, each time that it is done.
async fn pages(database: &DatabaseConnection, work: impl AsyncFn()) -> f64 {
    // Before, so that no connection has to make a plan or to read a catalogue any more: they take turns, and each makes
    // five plans before it keeps one.
    for _ in 0..WARM_UP {
        work().await;
    }
    forget(database).await;
    for _ in 0..OPERATIONS {
        work().await;
    }
    // What is made each time. The way back of a ticket goes on beside it, several at once by chance.
    counted(database, "sum(shared_blks_hit + shared_blks_read)", OPERATIONS).await / OPERATIONS as f64
}

async fn forget(database: &DatabaseConnection) {
    database.execute_unprepared("SELECT pg_stat_statements_reset()").await.expect("it forgets");
}

/// A figure of all statements on the database that were made so often.
async fn counted(database: &DatabaseConnection, figure: &str, calls: usize) -> f64 {
    let ask = format!(
        "SELECT coalesce({figure}, 0)::double precision AS figure FROM pg_stat_statements \
         WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND calls >= {calls}"
    );
    let ask = Statement::from_string(database.get_database_backend(), ask);
    let row = database.query_one_raw(ask).await.expect("an answer").expect("a row");
    row.try_get("", "figure").expect("a number")
}
