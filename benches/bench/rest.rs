//! Where a user stands: menus and orders through the gateway, with relay, broker, kitchen and streams at work, beside a
//! small Fastify service on the same Postgres. By REST, and orders by grpc-web, too.

use harness::{Role, Servers};

use super::{
    Effort,
    customers::{PLACE, an_order, at_rest},
    fastify::Fastify,
    http1::drive,
    load::Seen,
    menu::sixty_products,
    report::{Goal, Row},
    usage::cpu_seconds_of_all,
};
use comanda_proto::orders::v1::PlaceOrderRequest;
use http::{Request, header::CONTENT_TYPE};
use http_body_util::Full;
use prost::{
    Message,
    bytes::{BufMut, Bytes, BytesMut},
};
use sea_orm::{DatabaseConnection, prelude::Uuid};
use serde_json::json;

const PEER: &str = "Fastify + pg";
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// Menus, then orders, each at three numbers of connections.
pub async fn rows(_: &Servers, effort: Effort) -> Vec<Row> {
    let servers = Servers::durable(1).await;
    let shop = sixty_products(&servers).await;
    let menu = shop.gateway.http(Request::get("/cardapio"), "").await.body;
    let order = an_order(&shop).await;
    let Some(peer) = Fastify::on(&servers, &menu, &order.lines[0].product_id).await else {
        eprintln!("  its packages are not installed: npm ci in benches/peers/fastify");
        return Vec::new();
    };
    let ours = shop.every_replica().map(harness::Replica::pid).collect::<Vec<_>>();
    let database = shop.database(Role::Orders).await;
    let stage = Stage { servers: &servers, database, ours, theirs: peer.pids() };
    let (us, them) = (shop.gateway.address(), peer.address());
    let mut rows = Vec::new();
    for connections in CONNECTIONS {
        let pairs = stage.pairs(effort, (&us, &them), connections, (look, look)).await;
        rows.extend(pairs.rows("GET /cardapio", connections, Goals { rate: Some(6.0), ..Goals::default() }));
    }
    let (rest, web) = (by_rest(&order), by_grpc_web(&order));
    for connections in CONNECTIONS {
        let goals = Goals::of_orders(connections);
        let pairs = stage.pairs(effort, (&us, &them), connections, (rest.clone(), rest.clone())).await;
        rows.extend(pairs.rows("POST /pedido", connections, goals));
        let pairs = stage.pairs(effort, (&us, &them), connections, (web.clone(), rest.clone())).await;
        rows.extend(pairs.rows("PlaceOrder by grpc-web", connections, goals));
    }
    rows
}

struct Stage<'a> {
    servers: &'a Servers,
    /// Of Orders.
    database: DatabaseConnection,
    ours: Vec<u32>,
    theirs: Vec<u32>,
}

impl Stage<'_> {
    async fn pairs<A, B>(
        &self,
        effort: Effort,
        (us, them): (&str, &str),
        connections: usize,
        (ask_us, ask_them): (A, B),
    ) -> Pairs
    where
        A: Fn() -> Request<Full<Bytes>> + Clone + Send + Sync + 'static,
        B: Fn() -> Request<Full<Bytes>> + Clone + Send + Sync + 'static,
    {
        let servers = self.servers.pids();
        let (us_all, them_all) = ([&self.ours[..], &servers].concat(), [&self.theirs[..], &servers].concat());
        let mut pairs = Pairs::default();
        drive(us, connections, effort.time / 2, ask_us.clone()).await;
        drive(them, connections, effort.time / 2, ask_them.clone()).await;
        for _ in 0..effort.pairs {
            at_rest(&self.database).await;
            let before = cpu_seconds_of_all(&us_all);
            let ours = drive(us, connections, effort.time, ask_us.clone()).await;
            // With all that an order sets going.
            at_rest(&self.database).await;
            let ours_cpu = cpu_seconds_of_all(&us_all) - before;
            let before = cpu_seconds_of_all(&them_all);
            let theirs = drive(them, connections, effort.time, ask_them.clone()).await;
            pairs.add((&ours, ours_cpu), (&theirs, cpu_seconds_of_all(&them_all) - before));
        }
        pairs
    }
}

/// Ours and the other's.
#[derive(Default)]
struct Pairs {
    rate: Vec<(f64, f64)>,
    half: Vec<(f64, f64)>,
    late: Vec<(f64, f64)>,
    cpu: Vec<(f64, f64)>,
}

#[derive(Clone, Copy, Default)]
struct Goals {
    rate: Option<f64>,
    half: Option<f64>,
    /// Microseconds of all processes.
    cpu: Option<f64>,
}

impl Goals {
    fn of_orders(connections: usize) -> Self {
        match connections {
            1 => Self { rate: None, half: Some(1.0), cpu: Some(1500.0) },
            16 => Self { rate: Some(2.0), ..Self::default() },
            _ => Self { rate: Some(3.0), ..Self::default() },
        }
    }
}

impl Pairs {
    fn add(&mut self, (ours, ours_cpu): (&Seen, f64), (theirs, theirs_cpu): (&Seen, f64)) {
        let each = |cpu: f64, seen: &Seen| cpu * 1e6 / seen.calls as f64;
        self.rate.push((ours.rate(), theirs.rate()));
        self.half.push((ours.quantile(0.5), theirs.quantile(0.5)));
        self.late.push((ours.quantile(0.99), theirs.quantile(0.99)));
        self.cpu.push((each(ours_cpu, ours), each(theirs_cpu, theirs)));
    }

    fn rows(&self, work: &str, connections: usize, goals: Goals) -> Vec<Row> {
        let name = |what: &str| -> &'static str { format!("{work}, {connections} connections: {what}").leak() };
        let at_least = |goal: Option<f64>| goal.map_or(Goal::None, Goal::AtLeast);
        let at_most = |goal: Option<f64>| goal.map_or(Goal::None, Goal::AtMost);
        let mut rows = vec![
            Row::of((name("throughput"), PEER, "/s"), &self.rate, at_least(goals.rate)),
            Row::of((name("p50"), PEER, "µs"), &self.half, at_most(goals.half)),
            Row::of((name("p99"), PEER, "µs"), &self.late, Goal::AtMost(1.0)),
            Row::of((name("CPU of all processes"), PEER, "µs"), &self.cpu, Goal::None),
        ];
        if let Some(most) = goals.cpu {
            let allowed: Vec<_> = self.cpu.iter().map(|(ours, _)| (*ours, most)).collect();
            rows.push(Row::of((name("CPU of all processes"), "what is allowed", "µs"), &allowed, Goal::AtMost(1.0)));
        }
        rows
    }
}

fn look() -> Request<Full<Bytes>> {
    Request::get("/cardapio").header("host", "localhost").body(Full::default()).expect("a request")
}

pub fn by_rest(order: &PlaceOrderRequest) -> impl Fn() -> Request<Full<Bytes>> + Clone + Send + Sync + 'static {
    let item = json!({"produto_id": order.lines[0].product_id, "quantidade": 1});
    let body = Bytes::from(json!({"cliente": "Ana", "itens": [item]}).to_string());
    move || {
        let request = Request::post("/pedido").header("host", "localhost").header(CONTENT_TYPE, "application/json");
        let request = request.header("idempotency-key", Uuid::new_v4().to_string());
        request.body(Full::new(body.clone())).expect("a request")
    }
}

fn by_grpc_web(order: &PlaceOrderRequest) -> impl Fn() -> Request<Full<Bytes>> + Clone + Send + Sync + 'static {
    let order = order.clone();
    move || {
        let message = PlaceOrderRequest { request_id: Uuid::new_v4().to_string(), ..order.clone() };
        let mut body = BytesMut::with_capacity(256);
        body.put_u8(0);
        body.put_u32(u32::try_from(message.encoded_len()).expect("short"));
        message.encode(&mut body).expect("room");
        let request =
            Request::post(PLACE).header("host", "localhost").header(CONTENT_TYPE, "application/grpc-web+proto");
        request.body(Full::new(body.freeze())).expect("a request")
    }
}
