//! Crashes at the worst moments: our own processes die between two steps of delivery, at a pass that the seed chooses, or
//! whenever they meet one certain message. Needs the feature `failpoints`.

use std::time::Duration;

use comanda_proto::{
    events::v1::{Event, OrderPlaced, event::Payload},
    orders::v1::{Order, OrderLine},
};
use prost::Message;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{
    Cell,
    cell_runner::{CellRunner, On},
    cells,
    db_snapshot::count,
};
use harness::{Replica, Role, Settings, eventually, within, worked_off};

use crate::clients::fresh;

/// How long a crash may take to come; some points are seldom passed.
const TIMEOUT: Duration = Duration::from_secs(15);

pub fn cells() -> Vec<Cell> {
    if !cfg!(feature = "failpoints") {
        return Vec::new();
    }
    let mut cells = cells![On::Mesh =>
        dies_before_it_commits_a_change,
        dies_before_it_answers telling,
        dies_with_claimed_events,
        dies_before_it_forgets_an_event telling,
        dies_before_it_commits_a_message,
        dies_before_it_acknowledges telling,
        a_message_kills_its_reader telling,
    ];
    cells.extend(cells![On::Embedded =>
        dies_before_it_commits_a_change,
        dies_before_it_answers telling,
        dies_with_claimed_events,
        dies_before_it_forgets_an_event,
        dies_before_it_commits_a_message,
        dies_before_it_acknowledges telling,
        a_message_kills_its_reader,
    ]);
    cells
}

async fn dies_before_it_commits_a_change(stage: &mut CellRunner) {
    crash(stage, "once.before_commit").await;
}

async fn dies_before_it_answers(stage: &mut CellRunner) {
    crash(stage, "once.committed").await;
}

async fn dies_with_claimed_events(stage: &mut CellRunner) {
    crash(stage, "relay.claimed").await;
}

async fn dies_before_it_forgets_an_event(stage: &mut CellRunner) {
    crash(stage, "relay.published").await;
}

async fn dies_before_it_commits_a_message(stage: &mut CellRunner) {
    crash(stage, "consumer.before_commit").await;
}

async fn dies_before_it_acknowledges(stage: &mut CellRunner) {
    crash(stage, "consumer.committed").await;
}

/// Starts all replicas of a role anew so that they die at this point, and again once one has.
async fn crash(stage: &mut CellRunner, point: &str) {
    let pass = if point == "relay.claimed" { 1 } else { stage.rng.u32(1..40) };
    arm(stage, format!("{point}={pass}"));
    let crashed = within(TIMEOUT, async || victims(stage).iter_mut().any(Replica::has_ended)).await;
    stage.journal.note(format_args!("{point} at pass {pass}: {crashed:?}"));
    disarm(stage).await;
}

/// An order that no database of Orders knows, and that kills whoever applies it: given up after five attempts.
async fn a_message_kills_its_reader(stage: &mut CellRunner) {
    stage.kitchens_turn = true;
    let deadly = fresh();
    arm(stage, format!("consumer.applying=~{deadly}"));
    let order = Order {
        order_id: fresh(),
        shop_id: "main".into(),
        create_time: Some(prost_types::Timestamp { seconds: 4_000_000_000, nanos: 0 }),
        lines: vec![OrderLine { note: deadly, ..Default::default() }],
        ..Default::default()
    };
    let event = Event { payload: Some(Payload::OrderPlaced(OrderPlaced { order: Some(order) })), ..Default::default() };
    send(stage, event.encode_to_vec()).await;
    stage.poison += 1;
    let kitchen = stage.shop.database(Role::Kitchen).await;
    let deadly = stage.armed.clone();
    let mut deaths = 0;
    let buried = worked_off(Duration::from_secs(120), async || {
        for victim in victims(stage) {
            if victim.has_ended() {
                deaths += 1;
                victim.launch(deadly.clone());
            }
        }
        match count(&kitchen, "dead_letter").await {
            Ok(letters) if letters == stage.poison => Ok(()),
            letters => Err(format!("{deaths} deaths, {letters:?} letters")),
        }
    });
    let buried = buried.await;
    stage.journal.note(format_args!("buried: {buried:?}"));
    disarm(stage).await;
}

/// Into Orders' outbox, as any event; its lease has run out, so that any replica publishes it.
async fn send(stage: &CellRunner, body: Vec<u8>) {
    let orders = stage.shop.writable_database(Role::Orders).await;
    let sql = match orders.get_database_backend() {
        DbBackend::Postgres => {
            "INSERT INTO outbox (event_id, queue, body, lease_until) VALUES ($1, $2, $3, '2020-01-01')"
        }
        _ => "INSERT INTO outbox (event_id, queue, body, lease_until) VALUES ($1, $2, $3, '2020-01-01T00:00:00+00:00')",
    };
    let values = [sea_orm::prelude::Uuid::new_v4().into(), "kitchen.orders.0".into(), body.into()];
    let insert = Statement::from_sql_and_values(orders.get_database_backend(), sql, values);
    eventually("the outbox takes it", async || orders.execute_raw(insert.clone()).await).await;
}

/// The processes that are to die: the box, or all replicas of one role.
fn victims(stage: &mut CellRunner) -> &mut [Replica] {
    match stage.shop.kitchen.is_empty() {
        true => std::slice::from_mut(&mut stage.shop.gateway),
        false if stage.kitchens_turn => &mut stage.shop.kitchen,
        false => &mut stage.shop.orders,
    }
}

fn arm(stage: &mut CellRunner, failpoints: String) {
    stage.armed = Settings::from([("COMANDA_FAILPOINTS", failpoints)]);
    let armed = stage.armed.clone();
    for victim in victims(stage) {
        victim.kill();
        victim.launch(armed.clone());
    }
}

async fn disarm(stage: &mut CellRunner) {
    for victim in victims(stage) {
        victim.kill();
        victim.start().await;
    }
    stage.kitchens_turn = stage.rng.bool();
}
