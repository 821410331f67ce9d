//! One order, one trace: received over OTLP as any collector would, from the customer's call through the broker to the
//! kitchen and back. And what must never be told: tokens and passwords.

use comanda_proto::r#type::v1::OrderState;
use harness::{Servers, Shop, eventually, settled, trials, with_token};
use libtest_mimic::Trial;
use opentelemetry_proto::tonic::{
    collector::trace::v1::{
        ExportTraceServiceRequest, ExportTraceServiceResponse,
        trace_service_server::{TraceService, TraceServiceServer},
    },
    trace::v1::Span,
};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

use crate::clients::{Follower, Tablet, Tap, order, place, simple_order, tap};

pub fn tests() -> Vec<Trial> {
    trials![an_order_is_one_trace_through_the_broker_and_back, secrets_stay_out_of_logs_and_spans]
}

/// A span and the process that told it.
type Told = (String, Span);

#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Told>>>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        for told in request.into_inner().resource_spans {
            let attributes = told.resource.map(|resource| resource.attributes).unwrap_or_default();
            let process = format!("{:?}", attributes.iter().find(|attribute| attribute.key == "service.name"));
            let spans = told.scope_spans.into_iter().flat_map(|scope| scope.spans);
            self.0.lock().expect("unpoisoned").extend(spans.map(|span| (process.clone(), span)));
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Collector {
    async fn start() -> (Self, SocketAddr) {
        let (collector, listener) = (Self::default(), TcpListener::bind("127.0.0.1:0").await.expect("a port"));
        let address = listener.local_addr().expect("an address");
        let server = Server::builder().add_service(TraceServiceServer::new(collector.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        (collector, address)
    }

    fn spans(&self) -> Vec<Told> {
        self.0.lock().expect("unpoisoned").clone()
    }

    /// Waits for a span from which this path of roles and names leads up to `origin`, newest first; returns it. A message
    /// may have been published more than once: any path that is whole will do.
    async fn path(&self, origin: &[u8], path: &[(&str, &str)]) -> Vec<Span> {
        eventually(&format!("a path of spans {path:?}"), async || {
            let told = self.spans();
            told.iter().find_map(|last| climb(&told, last, origin, path))
        })
        .await
    }
}

/// The spans of the path, if it leads from this one up to `origin`.
fn climb(told: &[Told], (process, span): &Told, origin: &[u8], path: &[(&str, &str)]) -> Option<Vec<Span>> {
    let ((role, name), rest) = path.split_first()?;
    if !process.contains(&format!("comanda-{role}\"")) || span.name != *name {
        return None;
    }
    if rest.is_empty() {
        return (span.parent_span_id == origin).then(|| vec![span.clone()]);
    }
    let parent = told.iter().find(|(_, parent)| parent.span_id == span.parent_span_id)?;
    let mut above = climb(told, parent, origin, rest)?;
    above.push(span.clone());
    Some(above)
}

const PLACE: &str = "comanda.orders.v1.OrderService/PlaceOrder";
const START: &str = "comanda.kitchen.v1.KitchenService/StartTicket";

async fn an_order_is_one_trace_through_the_broker_and_back() {
    let (collector, address) = Collector::start().await;
    let settings = vec![("COMANDA_OTLP_ENDPOINT", format!("http://{address}")), ("COMANDA_LOG_FORMAT", "json".into())];
    let shop = Shop::mesh_with(&*Servers::shared().await, 1, settings).await;
    let (trace, customer) = ("0af7651916cd43dd8448eb211c80319c", [0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31]);
    let order_of_ana = simple_order(&shop, "Ana").await;
    let parent = format!("00-{trace}-b7ad6b7169203331-01");
    let call = async || {
        let mut request = Request::new(order_of_ana.clone());
        request.metadata_mut().insert("traceparent", parent.parse().expect("text"));
        shop.gateway.orders().place_order(request).await
    };
    let placed = settled(call).await.expect("accepted").into_inner();
    let id = &order(&placed).order_id;
    Follower::of(&shop, id, &placed.own_token).await.until(|order| order.ticket_time.is_some()).await.expect("told");

    let there_and_back = [
        ("orders", "orders.tickets.0"),
        ("kitchen", "orders.tickets.0"),
        ("kitchen", "kitchen.orders.0"),
        ("orders", "kitchen.orders.0"),
        ("orders", PLACE),
        ("gateway", PLACE),
    ];
    let hex = |id: &[u8]| id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for span in collector.path(&customer, &there_and_back).await {
        assert_eq!(hex(&span.trace_id), trace, "{}", span.name);
    }

    // A tap is a trace of its own, from the tablet to the customer's order.
    tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Start, id, 1).await.expect("started");
    let back =
        [("orders", "orders.tickets.0"), ("kitchen", "orders.tickets.0"), ("kitchen", START), ("gateway", START)];
    collector.path(&[], &back).await;
}

async fn secrets_stay_out_of_logs_and_spans() {
    let (collector, address) = Collector::start().await;
    let settings = vec![
        ("COMANDA_OTLP_ENDPOINT", format!("http://{address}")),
        ("COMANDA_LOG", "trace".into()),
        ("COMANDA_LOG_FORMAT", "json".into()),
    ];
    let shop = Shop::mesh_with(&*Servers::shared().await, 1, settings).await;
    let placed = place(&shop, "Canário Amarelo").await;
    let id = &order(&placed).order_id;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    tablet.until_state(id, OrderState::Received).await;
    Follower::of(&shop, id, &placed.own_token).await.until_state(OrderState::Received).await;
    let forged = with_token(crate::clients::cancel(id), "forged-token-of-a-canary");
    shop.gateway.orders().cancel_order(forged).await.expect_err("refused");
    eventually("spans have come", async || collector.spans().len() > 4).await;

    let secrets = &shop.secrets;
    let tokens = [&secrets.staff, &secrets.panel, &secrets.service, &secrets.token_key, &placed.own_token];
    let mut told: Vec<String> = shop.every_replica().map(|replica| replica.log()).collect();
    told.push(format!("{:?}", collector.spans()));
    told.push(crate::doctor::status(&shop).await.body);
    for text in &told {
        assert!(!text.is_empty());
        for token in tokens {
            assert!(!text.contains(token.as_str()), "a token was told");
        }
        assert!(!text.contains("forged-token-of-a-canary"), "a refused token was told");
    }
}
