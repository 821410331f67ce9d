//! Callers who never stop: each reads the menu, orders, and looks at the order, again and again, and takes note of each
//! call that failed. They repeat nothing themselves.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use comanda_auth::contracts::Contracts;
use comanda_mesh::channel;
use comanda_proto::{
    DESCRIPTORS,
    catalog::v1::{GetMenuRequest, catalog_service_client::CatalogServiceClient},
    orders::v1::{GetOrderRequest, order_service_client::OrderServiceClient},
};
use harness::{Replica, Shop, eventually, with_token};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Status};

use crate::clients::{fresh, order, simple_order};

const CALLERS: usize = 4;

/// A channel to these, as any client has that knows several gateways.
pub fn channel_to(gateways: &[&Replica]) -> channel::Channel {
    let urls: Vec<_> = gateways.iter().map(|gateway| format!("http://{}", gateway.address())).collect();
    let urls: Vec<_> = urls.iter().map(|url| url.parse().expect("a URL")).collect();
    channel::connect("gateway", &urls, None, contracts()).expect("hosts and ports")
}

pub fn contracts() -> Contracts {
    Contracts::new(DESCRIPTORS).expect("readable contracts")
}

/// The callers; they stop when dropped.
pub struct Callers {
    stop: CancellationToken,
    tasks: JoinSet<()>,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    chunks: AtomicUsize,
    failures: Mutex<Vec<(&'static str, Status)>>,
}

impl Callers {
    /// They call by this channel from now on.
    pub async fn at(shop: &Shop, channel: &channel::Channel) -> Self {
        let callers = Self { stop: CancellationToken::new(), tasks: JoinSet::new(), seen: Arc::default() };
        callers.begin(shop, channel).await
    }

    async fn begin(mut self, shop: &Shop, channel: &channel::Channel) -> Self {
        let template = simple_order(shop, "Ana").await;
        for _ in 0..CALLERS {
            let (stop, seen, channel, template) =
                (self.stop.clone(), self.seen.clone(), channel.clone(), template.clone());
            self.tasks.spawn(async move {
                let (mut menus, mut orders) =
                    (CatalogServiceClient::new(channel.clone()), OrderServiceClient::new(channel));
                while !stop.is_cancelled() {
                    seen.note("GetMenu", menus.get_menu(in_time(GetMenuRequest::default())).await);
                    let request =
                        comanda_proto::orders::v1::PlaceOrderRequest { request_id: fresh(), ..template.clone() };
                    if let Some(placed) = seen.note("PlaceOrder", orders.place_order(in_time(request)).await) {
                        let placed = placed.into_inner();
                        let look = GetOrderRequest { order_id: order(&placed).order_id.clone() };
                        let look = orders.get_order(in_time_with(look, &placed.own_token)).await;
                        seen.note("GetOrder", look);
                    }
                    seen.chunks.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        self.progress().await;
        self
    }

    /// Waits for a few more rounds of all.
    pub async fn progress(&self) {
        let before = self.seen.chunks.load(Ordering::Relaxed);
        let done = async || self.seen.chunks.load(Ordering::Relaxed) >= before + 3 * CALLERS;
        eventually("the callers go on", done).await;
    }

    /// Lets them finish their rounds; what has failed since they began.
    pub async fn stop(mut self) -> Vec<String> {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.expect("no panic");
        }
        let failures = self.seen.failures.lock().expect("no panic");
        failures.iter().map(|(call, status)| format!("{call}: {:?} {}", status.code(), status.message())).collect()
    }
}

impl Seen {
    fn note<T>(&self, call: &'static str, outcome: Result<T, Status>) -> Option<T> {
        outcome.map_err(|status| self.failures.lock().expect("no panic").push((call, status))).ok()
    }
}

/// Far more than a call needs: what fails by it hangs.
fn in_time<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(std::time::Duration::from_secs(10));
    request
}

fn in_time_with<T>(message: T, token: &str) -> Request<T> {
    let mut request = with_token(message, token);
    request.set_timeout(std::time::Duration::from_secs(10));
    request
}
