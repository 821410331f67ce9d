//! An order's whole life, step by step, each of which can be repeated until it is settled.

use std::time::Duration;

use comanda_mesh::channel::Channel;
use comanda_proto::{
    catalog::v1::{
        GetMenuRequest, SetAvailabilityRequest, catalog_admin_service_client::CatalogAdminServiceClient,
        catalog_service_client::CatalogServiceClient,
    },
    kitchen::v1::{WatchTicketsRequest, kitchen_service_client::KitchenServiceClient},
    orders::v1::{
        CancelOrderRequest, PlaceOrderLine, PlaceOrderRequest, PlaceOrderResponse,
        order_service_client::OrderServiceClient,
    },
    r#type::v1::{OrderState, ServiceMode, TakeAway, service_mode::Mode},
};
use harness::{eventually, with_token};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use tonic::Status;

use crate::{
    clients::{Tap, cancel, fresh, order, tap_as},
    model::in_process_cluster::{Rooms, STAFF},
};

/// What is done to an order, or to the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Place,
    Repeat,
    Tap(Tapped),
    Cancel,
    EditMenu,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tapped {
    Start,
    Ready,
    Collected,
}

pub const STEPS: [Step; 7] = [
    Step::Place,
    Step::Repeat,
    Step::Tap(Tapped::Start),
    Step::Tap(Tapped::Ready),
    Step::Tap(Tapped::Collected),
    Step::Cancel,
    Step::EditMenu,
];

/// What a step begins with.
pub struct Scene {
    place: PlaceOrderRequest,
    placed: Option<PlaceOrderResponse>,
    /// Of its ticket, as far as it has got.
    revision: i64,
}

pub struct Life<'a> {
    rooms: &'a Rooms,
    /// Connections of nobody else's.
    orders: DatabaseConnection,
    kitchen: DatabaseConnection,
    product_id: String,
}

impl<'a> Life<'a> {
    pub async fn of(rooms: &'a Rooms, [_, orders, kitchen]: &[String; 3]) -> Self {
        let connect = async |url: &String| sea_orm::Database::connect(url).await.expect("a database");
        let (orders, kitchen) = (connect(orders).await, connect(kitchen).await);
        let mut catalog = CatalogServiceClient::new(rooms.catalog_door.clone());
        let menu = eventually("there is a menu", async || catalog.get_menu(GetMenuRequest::default()).await).await;
        let menu = menu.into_inner().menu().expect("readable").expect("a menu");
        let products = menu.categories.into_iter().flat_map(|category| category.products);
        let product_id =
            products.into_iter().find(|p| p.name == "Pão de queijo").expect("of the sample menu").product_id;
        Self { rooms, orders, kitchen, product_id }
    }

    /// All that comes before a step, undisturbed.
    pub async fn before(&self, step: Step) -> Scene {
        let line = PlaceOrderLine { product_id: self.product_id.clone(), quantity: 1, ..Default::default() };
        let place = PlaceOrderRequest {
            request_id: fresh(),
            customer_name: "Ana".into(),
            service_mode: Some(ServiceMode { mode: Some(Mode::TakeAway(TakeAway {})) }),
            lines: vec![line],
            ..Default::default()
        };
        let mut scene = Scene { place, placed: None, revision: 0 };
        if [Step::Place, Step::EditMenu].contains(&step) {
            return scene;
        }
        self.play_on(Step::Place, &mut scene).await;
        for tapped in [Tapped::Start, Tapped::Ready, Tapped::Collected] {
            match step {
                Step::Tap(last) if last != tapped => self.play_on(Step::Tap(tapped), &mut scene).await,
                _ => break,
            }
        }
        scene
    }

    pub async fn play(&self, step: Step, mut scene: Scene) {
        self.play_on(step, &mut scene).await;
    }

    /// Asks until it is done, always with the same request id; what is answered with OK must be there at once. Ends
    /// when the other side has it, too.
    async fn play_on(&self, step: Step, scene: &mut Scene) {
        let request_id = fresh();
        eventually(&format!("{step:?} is done"), async || self.once(step, &request_id, scene).await).await;
        if step == Step::EditMenu {
            return;
        }
        let placed = order(scene.placed.as_ref().expect("an order")).order_id.clone();
        let state = shown(step);
        eventually(&format!("both sides know of {step:?}"), async || {
            let [orders, kitchen] =
                [state_in(&self.orders, "orders", &placed).await, state_in(&self.kitchen, "ticket", &placed).await];
            (orders == state && kitchen == state).then_some(()).ok_or(format!("{orders:?} and {kitchen:?}"))
        })
        .await;
    }

    async fn once(&self, step: Step, request_id: &str, scene: &mut Scene) -> Result<(), Status> {
        match step {
            Step::Place | Step::Repeat => {
                let reply = self.orders().place_order(scene.place.clone()).await?.into_inner();
                let id = &order(&reply).order_id;
                if let Some(before) = &scene.placed {
                    assert_eq!(&order(before).order_id, id, "one order for one key");
                }
                assert!(self.is_stored("orders", id).await, "accepted, and not there");
                scene.placed = Some(reply);
                scene.revision = 1;
            }
            Step::Tap(tapped) => {
                let id = order(scene.placed.as_ref().expect("an order")).order_id.clone();
                let tap = match tapped {
                    Tapped::Start => Tap::Start,
                    Tapped::Ready => Tap::Ready,
                    Tapped::Collected => Tap::Collected,
                };
                let ticket = tap_as(request_id, self.kitchen(), &STAFF, tap, &id, scene.revision).await?;
                let state = state_in(&self.kitchen, "ticket", &id).await;
                assert_eq!(state, shown(step), "answered, and not there");
                scene.revision = ticket.revision;
            }
            Step::Cancel => {
                let placed = scene.placed.as_ref().expect("an order");
                let request =
                    CancelOrderRequest { request_id: request_id.to_owned(), ..cancel(&order(placed).order_id) };
                self.orders().cancel_order(with_token(request, &placed.own_token)).await?;
                let state = state_in(&self.orders, "orders", &order(placed).order_id).await;
                assert_eq!(state, shown(step), "answered, and not there");
            }
            Step::EditMenu => {
                let request = SetAvailabilityRequest {
                    request_id: request_id.to_owned(),
                    product_id: self.product_id.clone(),
                    available: true,
                    ..Default::default()
                };
                let mut admin = CatalogAdminServiceClient::new(self.rooms.catalog_door.clone());
                admin.set_availability(with_token(request, &STAFF)).await?;
            }
        }
        Ok(())
    }

    async fn is_stored(&self, table: &str, id: &str) -> bool {
        state_in(&self.orders, table, id).await.is_some()
    }

    fn orders(&self) -> OrderServiceClient<Channel> {
        OrderServiceClient::new(self.rooms.orders_door.clone())
    }

    fn kitchen(&self) -> KitchenServiceClient<Channel> {
        KitchenServiceClient::new(self.rooms.kitchen_door.clone())
    }
}

/// A tablet that shows the board, for ever.
pub async fn watch(door: Channel) {
    loop {
        let mut kitchen = KitchenServiceClient::new(door.clone());
        if let Ok(stream) = kitchen.watch_tickets(with_token(WatchTicketsRequest::default(), &STAFF)).await {
            let mut stream = stream.into_inner();
            while let Ok(Some(_)) = stream.message().await {}
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn shown(step: Step) -> Option<i16> {
    let state = match step {
        Step::Place | Step::Repeat => OrderState::Received,
        Step::Tap(Tapped::Start) => OrderState::Preparing,
        Step::Tap(Tapped::Ready) => OrderState::Ready,
        Step::Tap(Tapped::Collected) => OrderState::Collected,
        Step::Cancel => OrderState::Cancelled,
        Step::EditMenu => return None,
    };
    Some(state as i16)
}

/// As a connection of nobody else's sees it.
async fn state_in(database: &DatabaseConnection, table: &str, id: &str) -> Option<i16> {
    let id = sea_orm::prelude::Uuid::try_parse(id).expect("a UUID");
    let backend = database.get_database_backend();
    let placeholder = if backend == sea_orm::DbBackend::Postgres { "$1" } else { "?" };
    let ask = format!("SELECT state FROM {table} WHERE order_id = {placeholder}");
    let ask = Statement::from_sql_and_values(backend, ask, [id.into()]);
    let row = database.query_one_raw(ask).await.expect("an answer")?;
    Some(row.try_get("", "state").expect("a state"))
}
