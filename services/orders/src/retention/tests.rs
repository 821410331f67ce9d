use super::*;
use crate::{
    apply::{self, TicketNews},
    erase,
    place::tests::{placed, scratch},
    store::{self, order_line, orders},
};
use chrono::TimeDelta;
use comanda_proto::{
    kitchen::v1::Ticket,
    orders::v1::Order,
    r#type::v1::{OrderState, Transition},
};
use comanda_storage::idempotency;
use comanda_storage::test_db::TestDb;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ConnectionTrait, EntityTrait, PaginatorTrait,
    prelude::Uuid,
    sea_query::Expr,
};

const CONFIG: Config = Config {
    audit_after: std::time::Duration::from_secs(30),
    archive_after_days: 30,
    retention_days: None,
    order_token_days: 7,
    name_retention_days: 90,
};

/// When the orders of these tests, whose ids are of now, are older than so many days.
fn in_days(days: i64) -> DateTime<Utc> {
    Utc::now() + TimeDelta::days(days) + TimeDelta::minutes(1)
}

fn id(order: &Order) -> Uuid {
    Uuid::try_parse(&order.order_id).expect("a UUID")
}

fn news(order: &Order, revision: i64, state: OrderState) -> TicketNews {
    let step = |revision| Transition {
        revision,
        to_state: state.into(),
        transition_time: order.create_time,
        reason: "porque sim".to_owned(),
        ..Default::default()
    };
    let ticket = Ticket {
        order_id: order.order_id.clone(),
        shop_id: order.shop_id.clone(),
        state: state.into(),
        revision,
        accept_time: order.create_time,
        transitions: (1..=revision).map(step).collect(),
        ..Default::default()
    };
    TicketNews::try_from(ticket).expect("a whole ticket")
}

/// An order in this state, for which the audit asks, or not.
async fn order_in(scratch: &TestDb, state: OrderState, audited: bool) -> Order {
    let txn = scratch.database.begin().await.expect("a transaction");
    let order = placed(&txn).await;
    apply::apply(&txn, DateTime::UNIX_EPOCH, &[&news(&order, 3, state)]).await.expect("applied");
    if !audited {
        let unasked =
            orders::ActiveModel { order_id: Unchanged(id(&order)), audit_at: Set(None), ..Default::default() };
        orders::Entity::update(unasked).exec(&txn).await.expect("not asked for");
    }
    txn.commit().await.expect("committed");
    order
}

/// What anybody may be shown of it.
async fn all_of(scratch: &TestDb, order: &Order) -> (Option<Order>, Option<Order>, Vec<store::order_history::Model>) {
    let reader = scratch.database.reader();
    let shown = store::load(reader, id(order)).await.expect("an answer");
    let accepted = store::load_as_accepted(reader, id(order)).await.expect("an answer");
    (shown, accepted, store::history(reader, id(order)).await.expect("an answer"))
}

async fn passed(scratch: &TestDb, config: Config, now: DateTime<Utc>) -> u64 {
    pass(scratch.database.clone(), config, now).await.expect("a pass")
}

#[tokio::test]
async fn what_is_over_goes_to_the_archive_and_is_shown_as_before() {
    let scratch = scratch().await;
    let over = [OrderState::Collected, OrderState::Cancelled];
    for state in over {
        order_in(&scratch, state, false).await;
    }
    for state in [OrderState::Received, OrderState::Preparing, OrderState::Ready] {
        order_in(&scratch, state, false).await;
    }
    let asked_for = order_in(&scratch, OrderState::Collected, true).await;
    let order = order_in(&scratch, OrderState::Collected, false).await;
    let before = all_of(&scratch, &order).await;
    assert_eq!((before.0.as_ref().map(Order::state), before.2.len()), (Some(OrderState::Collected), 4));

    assert_eq!(passed(&scratch, CONFIG, in_days(29)).await, 0, "too young by its id");
    assert_eq!(passed(&scratch, CONFIG, in_days(30)).await, 3);
    assert_eq!(passed(&scratch, CONFIG, in_days(30)).await, 0);
    assert_eq!(store::find(scratch.database.reader(), id(&order)).await.expect("an answer"), None, "out of the way");
    assert_eq!(all_of(&scratch, &order).await, before);
    assert!(store::find(scratch.database.reader(), id(&asked_for)).await.expect("an answer").is_some());
    assert_eq!(orders::Entity::find().count(scratch.database.reader()).await.expect("a count"), 4);
}

#[tokio::test]
async fn a_customer_leaves_one_order_and_its_archive_when_asked() {
    let scratch = scratch().await;
    let mine = order_in(&scratch, OrderState::Collected, false).await;
    let archived = order_in(&scratch, OrderState::Collected, false).await;
    let other = order_in(&scratch, OrderState::Received, false).await;
    for (column, text) in [(order_line::Column::Note, "para a Bia"), (order_line::Column::Allergy, "leite")] {
        let all = order_line::Entity::update_many().col_expr(column, Expr::value(text));
        all.exec(scratch.database.writer()).await.expect("written");
    }
    let untouched = all_of(&scratch, &other).await;
    let shown = async |order: &Order| all_of(&scratch, order).await.0.expect("an order");
    let personal = |order: &Order| {
        let lines = || order.lines.iter();
        (
            order.customer_name.clone(),
            lines().any(|line| !line.note.is_empty()),
            lines().any(|line| !line.allergy.is_empty()),
        )
    };
    let all = ("Ana".to_owned(), true, true);
    let nothing = (String::new(), false, false);
    erase::here(&scratch.database, id(&mine)).await.expect("erased");
    assert_eq!(personal(&shown(&mine).await), nothing);
    assert_eq!(passed(&scratch, CONFIG, in_days(30)).await, 2, "both are archived");
    assert_eq!(personal(&shown(&archived).await), all);
    erase::here(&scratch.database, id(&archived)).await.expect("erased");
    let erased = shown(&archived).await;
    assert_eq!((personal(&erased), erased.lines.len()), (nothing, archived.lines.len()));
    assert_eq!(all_of(&scratch, &other).await, untouched);
    assert!(erase::check_over(&untouched.0.expect("an order")).is_err() && erase::check_over(&erased).is_ok());
}

#[tokio::test]
async fn an_order_is_as_old_as_the_database_says() {
    let scratch = scratch().await;
    let order = order_in(&scratch, OrderState::Collected, false).await;
    // As by a replica whose clock was late.
    let late =
        orders::ActiveModel { order_id: Unchanged(id(&order)), created_at: Set(in_days(5)), ..Default::default() };
    orders::Entity::update(late).exec(scratch.database.writer()).await.expect("later");
    assert_eq!(passed(&scratch, CONFIG, in_days(31)).await, 0);
    assert_eq!(passed(&scratch, CONFIG, in_days(36)).await, 1);
}

#[tokio::test]
async fn late_news_of_an_archived_order_do_no_harm_to_others() {
    let scratch = scratch().await;
    let archived = order_in(&scratch, OrderState::Collected, false).await;
    passed(&scratch, CONFIG, in_days(30)).await;
    let other = order_in(&scratch, OrderState::Received, false).await;
    let before = all_of(&scratch, &archived).await;
    let txn = scratch.database.begin().await.expect("a transaction");
    let (late, fresh) = (news(&archived, 9, OrderState::Ready), news(&other, 4, OrderState::Preparing));
    let hints = apply::apply(&txn, in_days(30), &[&late, &fresh]).await.expect("no harm").hints;
    txn.commit().await.expect("committed");
    assert_eq!(hints.into_iter().map(|hint| hint.order_id).collect::<Vec<_>>(), [other.order_id]);
    assert_eq!(all_of(&scratch, &archived).await, before);
}

#[tokio::test]
async fn an_archived_order_is_removed_if_the_owner_wants_that() {
    let scratch = scratch().await;
    let order = order_in(&scratch, OrderState::Collected, false).await;
    let open = order_in(&scratch, OrderState::Ready, false).await;
    let config = Config { retention_days: Some(60), ..CONFIG };
    assert_eq!(passed(&scratch, CONFIG, in_days(90)).await, 1, "moved");
    assert_eq!(passed(&scratch, CONFIG, in_days(9000)).await, 0, "nobody said so");
    assert_eq!(passed(&scratch, config, in_days(59)).await, 0);
    assert!(all_of(&scratch, &order).await.0.is_some());
    assert_eq!(passed(&scratch, config, in_days(60)).await, 1);
    assert_eq!(all_of(&scratch, &order).await, (None, None, vec![]));
    assert!(all_of(&scratch, &open).await.0.is_some(), "not as long as it is open");
}

#[tokio::test]
async fn a_first_name_and_allergies_leave_an_archived_order_and_nothing_else_does() {
    let scratch = scratch().await;
    let order = order_in(&scratch, OrderState::Collected, false).await;
    let open = order_in(&scratch, OrderState::Ready, false).await;
    let allergic = "UPDATE order_line SET allergy = 'nozes'";
    scratch.database.writer().execute_unprepared(allergic).await.expect("noted");
    assert_eq!(passed(&scratch, CONFIG, in_days(89)).await, 1, "moved");
    let (shown, accepted, history) = all_of(&scratch, &order).await;
    let [shown, accepted] = [shown, accepted].map(|order| order.expect("an order"));
    assert_eq!((shown.customer_name.as_str(), accepted.customer_name.as_str()), ("Ana", "Ana"));
    assert_eq!(passed(&scratch, CONFIG, in_days(90)).await, 1);
    let nameless = [shown, accepted].map(|mut order| {
        order.customer_name.clear();
        order.lines.iter_mut().for_each(|line| assert_eq!(std::mem::take(&mut line.allergy), "nozes"));
        Some(order)
    });
    let [shown, accepted] = nameless;
    assert_eq!(all_of(&scratch, &order).await, (shown, accepted, history));
    assert_eq!(passed(&scratch, CONFIG, in_days(91)).await, 0, "once");
    let open = all_of(&scratch, &open).await.0.expect("an order");
    assert_eq!(open.customer_name, "Ana", "whoever waits is called");
    assert!(open.lines.iter().all(|line| line.allergy == "nozes"));
}

#[tokio::test]
async fn only_an_archived_history_may_go() {
    let scratch = scratch().await;
    let order = order_in(&scratch, OrderState::Collected, false).await;
    let gone = scratch.database.writer().execute_unprepared("DELETE FROM order_history").await;
    assert!(gone.expect_err("refused").to_string().contains("append-only"));
    assert_eq!(all_of(&scratch, &order).await.2.len(), 4);
}

#[tokio::test]
async fn answers_are_forgotten_after_a_month() {
    let scratch = scratch().await;
    let today = in_days(0);
    for (key, days) in [(0, 31), (u128::MAX, 31), (0x77 << 120, 31), (1, 29), (u128::MAX - 1, 29)] {
        let answer = idempotency::Model {
            request_id: Uuid::from_u128(key),
            request_hash: vec![],
            code: 0,
            body: vec![],
            answered_at: today - TimeDelta::days(days),
        };
        let answer = idempotency::ActiveModel::from(answer);
        idempotency::Entity::insert(answer).exec_without_returning(scratch.database.writer()).await.expect("kept");
    }
    let (gone, after) = idempotency::forget(&scratch.database, today, Uuid::nil()).await.expect("a pass");
    assert_eq!((gone, after), (3, Uuid::nil()), "a small table is done in one pass");
    assert_eq!(idempotency::Entity::find().count(scratch.database.reader()).await.expect("a count"), 2);
}

/// Keys that all begin alike, as UUIDv7 do.
#[tokio::test]
async fn no_pass_over_answers_is_long_whatever_the_keys() {
    let scratch = scratch().await;
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) \
        INSERT INTO answer (request_id, request_hash, code, body, answered_at) \
        SELECT CAST(printf('%016d', i) AS BLOB), x'', 0, x'', '2020-01-01T00:00:00+00:00' FROM n";
    scratch.database.writer().execute_unprepared(many).await.expect("stored");
    let (mut after, mut passes) = (Uuid::nil(), Vec::new());
    loop {
        let (gone, next) = idempotency::forget(&scratch.database, in_days(0), after).await.expect("a pass");
        passes.push(gone);
        after = next;
        if after.is_nil() {
            break;
        }
    }
    assert_eq!(passes, [idempotency::SCAN, idempotency::SCAN, 12_000 - 2 * idempotency::SCAN]);
}
