//! What it costs to be watched: the same role with traces of every tenth call going to a collector, and without.

use harness::{Port, Servers};

use super::{
    Effort,
    load::drive,
    menu::{self, sixty_products},
    report::{Goal, Row},
    usage::cpu_seconds,
};
use comanda_proto::catalog::v1::GetMenuRequest;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
    trace_service_server::{TraceService, TraceServiceServer},
};
use prost::{Message, bytes::Bytes};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::{Request, Response, Status, transport::Server};

/// Counts spans and forgets them.
#[derive(Clone, Default)]
struct Collector(Arc<AtomicUsize>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let scopes = request.into_inner().resource_spans.into_iter().flat_map(|spans| spans.scope_spans);
        self.0.fetch_add(scopes.map(|scope| scope.spans.len()).sum(), Ordering::Relaxed);
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

/// On beside off.
pub async fn rows(servers: &Servers, effort: Effort) -> Vec<Row> {
    let shop = sixty_products(servers).await;
    let collector = Collector::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let server = Server::builder().add_service(TraceServiceServer::new(collector.clone()));
    let _serving = AbortOnDropHandle::new(tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener))));
    let port = Port::free();
    let settings = vec![
        ("COMANDA_CATALOG_LISTEN", port.address()),
        ("COMANDA_OTLP_ENDPOINT", endpoint),
        ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio".to_owned()),
        ("OTEL_TRACES_SAMPLER_ARG", "0.1".to_owned()),
    ];
    let mut watched = shop.catalog[0].twin(port, settings);
    watched.until_ready().await;
    let ask: Bytes = GetMenuRequest::default().encode_to_vec().into();
    let (mut rates, mut cpus, mut calls) = (Vec::new(), Vec::new(), 0);
    for round in 0..=effort.pairs {
        let mut pair = Vec::new();
        for replica in [&watched, &shop.catalog[0]] {
            let before = cpu_seconds(replica.pid());
            let seen = drive(&replica.address(), menu::PATH, ask.clone(), effort.time).await;
            pair.push((seen.rate(), (cpu_seconds(replica.pid()) - before) * 1e6 / seen.calls as f64, seen.calls));
        }
        calls += pair[0].2;
        // The first only warms both.
        if round > 0 {
            rates.push((pair[0].0, pair[1].0));
            cpus.push((pair[0].1, pair[1].1));
        }
    }
    let spans = collector.0.load(Ordering::Relaxed);
    eprintln!("  {spans} spans of {calls} calls have reached the collector");
    assert!(spans > 0, "traces are on");
    vec![
        Row::of(("GetMenu, hit, traces of 10 %: throughput", "no traces", "/s"), &rates, Goal::AtLeast(0.95)),
        Row::of(("the same: CPU per call", "no traces", "µs"), &cpus, Goal::None),
    ]
}
