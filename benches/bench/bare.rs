//! The limit: a tonic server that does nothing but answer the same bytes, or tell them to all who watch, in a process
//! of its own.

use super::raw::Raw;
use prost::bytes::Bytes;
use std::{
    convert::Infallible,
    future::{Ready, ready},
    path::Path,
    pin::Pin,
    process::{Child, Command, Stdio},
    task::{Context, Poll},
};
use tokio::{net::TcpListener, sync::broadcast};
use tokio_stream::{Stream, StreamExt, wrappers::BroadcastStream};
use tonic::{
    Request, Response, Status,
    body::Body,
    codegen::http,
    server::{Grpc, NamedService, ServerStreamingService, UnaryService},
    transport::{Server, server::TcpIncoming},
};

const FLAG: &str = "--bare-server";

/// The file of the bytes, when this process shall be the server.
pub fn asked(arguments: &[String]) -> Option<String> {
    let place = arguments.iter().position(|argument| argument == FLAG)?;
    arguments.get(place + 1).cloned()
}

/// Starts it as a process; ends it when dropped.
pub struct Bare {
    process: Child,
    pub address: String,
}

impl Bare {
    pub async fn start(folder: &Path, reply: &[u8]) -> Self {
        let (bytes, told) = (folder.join("reply"), folder.join("address"));
        std::fs::write(&bytes, reply).expect("a file");
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg(FLAG).arg(&bytes).stdin(Stdio::null());
        let process = command.spawn().expect("it starts");
        let address = harness::eventually("the bare server listens", async || {
            std::fs::read_to_string(&told).ok().filter(|address| !address.is_empty())
        });
        Self { process, address: address.await }
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs until it is killed; says where it listens in a file beside the bytes.
pub async fn serve(file: &str) {
    let reply = Bytes::from(std::fs::read(file).expect("the bytes"));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let told = Path::new(file).with_file_name("address");
    std::fs::write(told, address).expect("a file");
    let tells = Tells { news: broadcast::Sender::new(16), bytes: reply.clone() };
    let server = Server::builder().add_service(Answers(reply)).add_service(tells);
    // The builder's own option is only for connections that it accepts itself. Without it, a lone caller waits 40 ms for
    // the rest of each answer.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    server.serve_with_incoming(incoming).await.expect("it serves");
}

#[derive(Clone)]
struct Answers(Bytes);

impl NamedService for Answers {
    const NAME: &'static str = "comanda.catalog.v1.CatalogService";
}

impl UnaryService<Bytes> for Answers {
    type Response = Bytes;
    type Future = Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        ready(Ok(Response::new(self.0.clone())))
    }
}

impl tower::Service<http::Request<Body>> for Answers {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let answers = self.clone();
        Box::pin(async move { Ok(Grpc::new(Raw).unary(answers, request).await) })
    }
}

/// The path that tells them.
pub const TELL: &str = "/comanda.kitchen.v1.KitchenService/StartTicket";

/// Whoever calls [`TELL`] has the bytes told to all who called anything else of this service.
#[derive(Clone)]
struct Tells {
    news: broadcast::Sender<Bytes>,
    bytes: Bytes,
}

impl NamedService for Tells {
    const NAME: &'static str = "comanda.kitchen.v1.KitchenService";
}

impl UnaryService<Bytes> for Tells {
    type Response = Bytes;
    type Future = Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        // Fails when nobody watches.
        let _ = self.news.send(self.bytes.clone());
        ready(Ok(Response::new(Bytes::new())))
    }
}

impl ServerStreamingService<Bytes> for Tells {
    type Response = Bytes;
    type ResponseStream = Pin<Box<dyn Stream<Item = Result<Bytes, Status>> + Send>>;
    type Future = Ready<Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        let news = BroadcastStream::new(self.news.subscribe());
        let news = news.map(|news| news.map_err(|_| Status::resource_exhausted("too slow")));
        ready(Ok(Response::new(Box::pin(news))))
    }
}

impl tower::Service<http::Request<Body>> for Tells {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let tells = self.clone();
        Box::pin(async move {
            Ok(match request.uri().path() {
                TELL => Grpc::new(Raw).unary(tells, request).await,
                _ => Grpc::new(Raw).server_streaming(tells, request).await,
            })
        })
    }
}
