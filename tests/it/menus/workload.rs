//! People who read a shop's menu at several doors all the time, and a barista who sells a product out and back again.
//! What they saw is written down, and judged at the end by the contract alone: nothing here knows how the system keeps
//! it.

use comanda_proto::{
    catalog::v1::{
        GetMenuRequest, GetProductDetailsRequest, Menu, Product, SetAvailabilityRequest, UpdateProductRequest,
        catalog_admin_service_client::CatalogAdminServiceClient, catalog_service_client::CatalogServiceClient,
    },
    r#type::v1::Money,
};
use harness::{Shop, eventually, rest, with_token};
use http::{Request, StatusCode};
use prost_types::FieldMask;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tonic::{Code, Status, transport::Channel};

use crate::clients::{fresh, menu};

/// The contract's.
const BOUND: Duration = Duration::from_secs(1);
const BETWEEN_READS: Duration = Duration::from_millis(10);
/// A door that is frozen is left, and tried again.
const READ_TIMEOUT: Duration = Duration::from_secs(2);

/// The readers at their doors, and the barista.
pub struct Workload {
    journal: Arc<Mutex<Journal>>,
    doors: usize,
    product_id: String,
    staff: String,
    readers: JoinSet<()>,
}

#[derive(Default)]
struct Journal {
    writes: Vec<Write>,
    reads: Vec<Read>,
    /// When somebody last asked at each door, whether or not he got an answer.
    asked: HashMap<usize, Instant>,
    /// What the body of each version says of the product, as first read.
    bodies: HashMap<i64, Said>,
    /// What nobody should ever see.
    violations: Vec<String>,
}

struct Write {
    acknowledged: Instant,
    version: i64,
    says: Box<dyn Fn(Said) -> bool + Send>,
}

/// What a menu says of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    available: bool,
    price: i64,
}

impl Said {
    fn of(product: &Product) -> Self {
        let price = product.price.as_ref().map_or(0, |price| price.minor_units);
        Self { available: product.available, price }
    }
}

struct Read {
    door: usize,
    started: Instant,
    version: i64,
    stale: bool,
}

impl Workload {
    /// Gathers at every replica of Catalog and at the gateway.
    pub async fn gather(shop: &Shop) -> Self {
        let product_id = products(menu(shop).await).last().expect("a product").product_id;
        let (journal, mut readers) = (Arc::default(), JoinSet::new());
        let doors: Vec<_> = shop.catalog.iter().chain([&shop.gateway]).map(|door| door.channel()).collect();
        let count = doors.len();
        for (door, channel) in doors.into_iter().enumerate() {
            // At the gateway they come without the menu they had. Else they would carry the news of a change from one
            // replica to another, where nobody may need them.
            let remembers = door < shop.catalog.len();
            let (product_id, journal) = (product_id.clone(), Arc::clone(&journal));
            let reader = Reader { door, remembers, channel, product_id, journal };
            readers.spawn(reader.read_on());
        }
        Self { journal, doors: count, product_id, staff: shop.secrets.staff.clone(), readers }
    }

    /// Someone asks the gateway by REST, too. It carries the news of a change from one replica to another.
    pub fn ask_by_rest(&mut self, shop: &Shop) {
        let (door, address, product_id) = (self.doors, shop.gateway.address(), self.product_id.clone());
        let journal = Arc::clone(&self.journal);
        self.readers.spawn(RestReader { door, address, product_id, journal }.read_on());
        self.doors += 1;
    }

    /// Says whether the product can be ordered; gives the version that shows it.
    pub async fn set(&self, door: CatalogAdminServiceClient<Channel>, available: bool) -> Result<i64, Status> {
        self.set_as(&fresh(), door, available).await
    }

    /// The same as a request that may be a repeat.
    pub async fn set_as(
        &self,
        request_id: &str,
        mut door: CatalogAdminServiceClient<Channel>,
        available: bool,
    ) -> Result<i64, Status> {
        let (request_id, product_id) = (request_id.to_owned(), self.product_id.clone());
        let request = SetAvailabilityRequest { request_id, product_id, available, ..Default::default() };
        let version = door.set_availability(with_token(request, &self.staff)).await?.into_inner().menu_version;
        self.written(version, move |said| said.available == available);
        Ok(version)
    }

    /// Gives the product a price that tells this version from all others.
    pub async fn reprice(&self, mut door: CatalogAdminServiceClient<Channel>, price: i64) -> Result<i64, Status> {
        let request = GetProductDetailsRequest { shop_id: String::new(), product_id: self.product_id.clone() };
        let details = door.get_product_details(with_token(request, &self.staff)).await?.into_inner().product;
        let mut product = details.expect("a product");
        product.price = product.price.map(|old| Money { minor_units: price, ..old });
        let update_mask = Some(FieldMask { paths: vec!["price".to_owned()] });
        let request =
            UpdateProductRequest { request_id: fresh(), product: Some(product), update_mask, ..Default::default() };
        let version = door.update_product(with_token(request, &self.staff)).await?.into_inner().menu_version;
        self.written(version, move |said| said.price == price);
        Ok(version)
    }

    fn written(&self, version: i64, says: impl Fn(Said) -> bool + Send + 'static) {
        let says = Box::new(says);
        lock(&self.journal).writes.push(Write { acknowledged: Instant::now(), version, says });
    }

    /// Waits until every door shows this version to someone who came a second after the last change, without a mark.
    pub async fn until_shown(&self, version: i64) {
        let since = Instant::now() + BOUND;
        for door in 0..self.doors {
            eventually(&format!("door {door} shows {version}, unmarked"), async || {
                self.any(door, since, |read| !read.stale && read.version >= version)
            })
            .await;
        }
    }

    /// Waits until a door marks what it shows to those who come from now on.
    pub async fn until_stale_at(&self, door: usize) {
        let since = Instant::now();
        eventually(&format!("door {door} marks its menu"), async || self.any(door, since, |read| read.stale)).await;
    }

    /// The same at every door.
    pub async fn until_stale(&self) {
        for door in 0..self.doors {
            self.until_stale_at(door).await;
        }
    }

    /// Waits until somebody has asked at a door a second after the last change.
    pub async fn until_asked_late(&self, door: usize) {
        let since = Instant::now() + BOUND;
        let late = || lock(&self.journal).asked.get(&door).is_some_and(|asked| *asked >= since);
        eventually(&format!("somebody asks at door {door}"), async || late()).await;
    }

    fn any(&self, door: usize, since: Instant, wish: impl Fn(&Read) -> bool) -> bool {
        let journal = lock(&self.journal);
        let latest = journal.reads.iter().rev().take_while(|read| read.started >= since || read.door != door);
        latest.filter(|read| read.door == door && read.started >= since).any(wish)
    }

    /// Holds all that was read to the contract.
    pub fn judge(self) {
        let journal = lock(&self.journal);
        assert!(journal.violations.is_empty(), "{:?}", journal.violations);
        for write in &journal.writes {
            let late = |read: &&Read| read.started >= write.acknowledged + BOUND;
            for read in journal.reads.iter().filter(late) {
                let seconds = (read.started - write.acknowledged).as_secs_f32();
                assert!(
                    read.stale || read.version >= write.version,
                    "door {} shows {} without a mark {seconds} s after {} was acknowledged",
                    read.door,
                    read.version,
                    write.version,
                );
            }
            let shown = journal.bodies.get(&write.version);
            assert!(shown.is_none_or(|shown| (write.says)(*shown)), "version {} has another's body", write.version);
        }
    }
}

impl Journal {
    fn note(&mut self, read: Read, said: Option<Said>) {
        let version = read.version;
        self.reads.push(read);
        let Some(said) = said else { return };
        let first = *self.bodies.entry(version).or_insert(said);
        if first != said {
            self.violations.push(format!("version {version} has two bodies"));
        }
    }
}

struct Reader {
    door: usize,
    remembers: bool,
    channel: Channel,
    product_id: String,
    journal: Arc<Mutex<Journal>>,
}

impl Reader {
    async fn read_on(self) {
        let (mut catalog, mut known) = (CatalogServiceClient::new(self.channel.clone()), 0);
        loop {
            // A process that died, or froze, is no violation.
            if let Ok(Ok(version)) = timeout(READ_TIMEOUT, self.read(&mut catalog, known)).await {
                known = if self.remembers { version } else { 0 };
            }
            sleep(BETWEEN_READS).await;
        }
    }

    async fn read(&self, catalog: &mut CatalogServiceClient<Channel>, known: i64) -> Result<i64, Status> {
        let started = Instant::now();
        lock(&self.journal).asked.insert(self.door, started);
        let request = GetMenuRequest { known_version: known, ..Default::default() };
        let reply = catalog.get_menu(request).await.inspect_err(|status| {
            if !matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Cancelled | Code::DeadlineExceeded) {
                self.violation(format!("no menu: {status:?}"));
            }
        })?;
        let reply = reply.into_inner();
        let (menu, stale) = (reply.menu().expect("readable"), reply.stale);
        let version = menu.as_ref().map_or(known, |menu| menu.version);
        if version < known && !stale {
            self.violation(format!("{version} after {known} without a mark"));
        }
        let said = menu.map(|menu| {
            let product = products(menu).find(|product| product.product_id == self.product_id).expect("it stays");
            Said::of(&product)
        });
        lock(&self.journal).note(Read { door: self.door, started, version, stale }, said);
        Ok(version)
    }

    fn violation(&self, what: String) {
        lock(&self.journal).violations.push(format!("door {}: {what}", self.door));
    }
}

/// Asks for `GET /cardapio`, each time without `If-None-Match`.
struct RestReader {
    door: usize,
    address: String,
    product_id: String,
    journal: Arc<Mutex<Journal>>,
}

impl RestReader {
    async fn read_on(self) {
        loop {
            // No menu at all is no violation here: those who read by gRPC look after that.
            let _ = timeout(READ_TIMEOUT, self.read()).await;
            sleep(BETWEEN_READS).await;
        }
    }

    async fn read(&self) {
        let started = Instant::now();
        lock(&self.journal).asked.insert(self.door, started);
        let reply = rest::send(&self.address, Request::get("/cardapio"), "").await;
        if reply.status != StatusCode::OK {
            return;
        }
        let (menu, stale) = (reply.json(), reply.headers.contains_key("comanda-stale"));
        let categories = menu["categorias"].as_array().expect("categories").iter();
        let mut products = categories.flat_map(|category| category["produtos"].as_array().expect("products"));
        let product = products.find(|product| product["id"] == *self.product_id).expect("it stays");
        let available = product["disponivel"].as_bool().expect("a bool");
        let price = product["preco"]["centavos"].as_i64().expect("a price");
        let version = menu["versao"].as_i64().expect("a version");
        let read = Read { door: self.door, started, version, stale };
        lock(&self.journal).note(read, Some(Said { available, price }));
    }
}

fn products(menu: Menu) -> impl Iterator<Item = Product> {
    menu.categories.into_iter().flat_map(|category| category.products)
}

fn lock(journal: &Mutex<Journal>) -> MutexGuard<'_, Journal> {
    journal.lock().unwrap_or_else(PoisonError::into_inner)
}
