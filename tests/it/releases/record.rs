//! Writes down what this release leaves behind.

use comanda_proto::{
    DESCRIPTORS,
    catalog::v1::ExportMenuRequest,
    events::v1::Event,
    identity::v1::{CreateStaffRequest, ListDevicesRequest, ListStaffRequest, Staff},
    orders::v1::{GetOrderJourneyRequest, GetOrderRequest},
    r#type::v1::OrderState,
};
use comanda_telemetry::json;
use futures_util::StreamExt;
use harness::{Servers, Shape, Shop, eventually, with_token};
use lapin::{options::BasicConsumeOptions, types::FieldTable};
use prost::Message;
use serde_json::{Value, json};
use std::{env, fs, path::Path, process::Command};

use super::{folder, schema};
use crate::{
    clients::{Tablet, Tap, cancel, order, place, placed, simple_order, tap},
    dead_letters::{QUEUE, connected},
};

pub async fn this_release() {
    let release = folder().join(env::var("RECORD_RELEASE").expect("a version"));
    fs::create_dir_all(release.join("messages")).expect("a folder");
    data_folder(&release).await;
    messages(&release).await;
    fs::write(release.join("contracts.binpb"), DESCRIPTORS).expect("written");
    for shape in [Shape::Embedded, Shape::Mesh] {
        fs::write(release.join(schema::file(shape)), schema::of(&*shape.shop().await).await).expect("written");
    }
}

/// An order in each state that time does not change, people and a device.
async fn data_folder(release: &Path) {
    let mut shop = Shop::embedded().await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let mut ids = Vec::new();
    for (name, taps) in [
        ("Ana", &[][..]),
        ("Bento", &[Tap::Start, Tap::Line(0, true)]),
        ("Caio", &[Tap::Start, Tap::Ready, Tap::Collected]),
    ] {
        let mut request = simple_order(&shop, name).await;
        request.lines[0].note = "sem açúcar".into();
        request.lines[0].allergy = "amendoim".into();
        let id = order(&placed(&shop, &request).await).order_id.clone();
        tablet.until_state(&id, OrderState::Received).await;
        for (seen, step) in (1..).zip(taps) {
            tap(shop.gateway.kitchen(), &shop.secrets.staff, *step, &id, seen).await.expect("done");
        }
        ids.push((id, 2 + i64::try_from(taps.len()).expect("few")));
    }
    let gone = place(&shop, "Dora").await;
    let id = order(&gone).order_id.clone();
    tablet.until_state(&id, OrderState::Received).await;
    shop.gateway.orders().cancel_order(with_token(cancel(&id), &gone.own_token)).await.expect("cancelled");
    let ticket = tablet.until_state(&id, OrderState::Cancelled).await;
    tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Acknowledge, &id, ticket.revision).await.expect("seen");
    ids.push((id, 4));
    let staff =
        Staff { name: "Eva".into(), login: "eva".into(), role: 2, shop_ids: vec!["main".into()], ..Default::default() };
    let create = CreateStaffRequest { staff: Some(staff), password: "pão de queijo".into(), pin: "2580".into() };
    shop.gateway.identity().create_staff(with_token(create, &shop.secrets.staff)).await.expect("hired");
    for (order_id, revision) in &ids {
        eventually("Orders has heard of each step", async || {
            let get = GetOrderRequest { order_id: order_id.clone() };
            let reply = shop.gateway.orders().get_order(with_token(get, &shop.secrets.staff)).await.ok()?;
            reply.into_inner().order.filter(|order| order.revision == *revision).map(|_| ())
        })
        .await;
    }
    let ids = ids.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    write(&release.join("shop.json"), &told(&shop, &ids).await);
    shop.gateway.stop().expect("it stops");
    let mut pack = Command::new("tar");
    pack.arg("-czf").arg(release.join("data.tar.gz")).arg("-C").arg(shop.data());
    // Keys are the settings' in tests.
    pack.args(["--exclude=*.key", "--exclude=*.token", "--exclude=links.txt", "."]);
    assert!(pack.status().expect("tar runs").success());
}

/// What is known of a shop, and stays so.
pub async fn told(shop: &Shop, ids: &[String]) -> Value {
    let token = &shop.secrets.staff;
    let mut orders = Vec::new();
    for order_id in ids {
        let get = with_token(GetOrderRequest { order_id: order_id.clone() }, token);
        let order = shop.gateway.orders().get_order(get).await.expect("an order").into_inner().order;
        let ask = with_token(GetOrderJourneyRequest { order_id: order_id.clone() }, token);
        let mut journey = shop.gateway.orders().get_order_journey(ask).await.expect("a story").into_inner();
        // Of the last step of an open order it grows.
        journey.steps.iter_mut().for_each(|step| step.time_in_step = None);
        orders.push(json!({
            "order": written("comanda.orders.v1.Order", &order.expect("an order")),
            "journey": written("comanda.orders.v1.GetOrderJourneyResponse", &journey),
        }));
    }
    let list = with_token(ListStaffRequest::default(), token);
    let staff = shop.gateway.identity().list_staff(list).await.expect("people").into_inner();
    let list = with_token(ListDevicesRequest::default(), token);
    let devices = shop.gateway.identity().list_devices(list).await.expect("devices").into_inner();
    let export = with_token(ExportMenuRequest::default(), token);
    let menu = shop.gateway.catalog_admin().export_menu(export).await.expect("a menu").into_inner();
    json!({
        "orders": orders,
        "staff": written("comanda.identity.v1.ListStaffResponse", &staff)["staff"],
        "devices": devices.devices.len(),
        "menu": menu.file,
    })
}

/// As they lie in the queues of the broker.
async fn messages(release: &Path) {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    shop.kitchen[0].kill();
    place(&shop, "Ana").await;
    keep(&shop, QUEUE, &release.join("messages/order_placed.bin")).await;
    shop.orders[0].kill();
    shop.kitchen[0].start().await;
    keep(&shop, "orders.tickets.0", &release.join("messages/ticket_changed.bin")).await;
}

async fn keep(shop: &Shop, queue: &str, file: &Path) {
    let (_connection, broker) = connected(shop).await;
    let options = BasicConsumeOptions::default();
    let consumer = broker.basic_consume(queue.into(), "".into(), options, FieldTable::default());
    let message = consumer.await.expect("a consumer").next().await.expect("a message").expect("a message");
    let event = Event::decode(message.data.as_slice()).expect("an event");
    assert!(event.payload.is_some());
    fs::write(file, &message.data).expect("written");
    write(&file.with_extension("json"), &written("comanda.events.v1.Event", &event));
}

fn written(name: &str, message: &impl Message) -> Value {
    json::of(DESCRIPTORS, name, message).expect("JSON")
}

fn write(file: &Path, value: &Value) {
    fs::write(file, format!("{value:#}\n")).expect("written");
}
