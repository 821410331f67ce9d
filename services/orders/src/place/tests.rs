use super::{
    pending::{Outcome, PendingOrder},
    *,
};
use comanda_events::relay::CommitEffects;
use comanda_proto::catalog::v1::{Menu, OpeningHours};
use comanda_storage::{database::Transaction, idempotency::batch::Taken, test_db::TestDb};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ConnectionTrait, EntityTrait,
};
use tonic::Status;
use tonic_types::StatusExt;

/// An empty database.
pub async fn scratch() -> TestDb {
    TestDb::with::<comanda_migrations::Orders>().await
}

/// An order of two lines.
pub fn order_at(shop: &str, menu: Menu) -> NewOrder {
    let stations = vec!["bar".to_owned(), "forno".to_owned()];
    NewOrder {
        order_id: Uuid::now_v7(),
        shop_id: shop.to_owned(),
        guest: Guest { name: "Ana".into(), table: None },
        priced: Priced { lines: vec![OrderLine { stations, ..Default::default() }, OrderLine::default()], total: 0 },
        menu: Arc::new(PriceList::from(menu)),
        audit_after: 30,
        ready: None,
    }
}

fn reason(refused: Result<Order, Status>) -> String {
    refused.expect_err("refused").get_details_error_info().expect("a reason").reason
}

fn at_most(max_open_tickets: i32) -> Menu {
    Menu { max_open_tickets, ..Default::default() }
}

/// An order of one product, by itself in a batch; its event is not announced.
pub async fn placed(txn: &Transaction) -> Order {
    decided(txn, order_at("main", Menu::default())).await.expect("taken")
}

/// What comes of an order that is stored by itself.
async fn decided(txn: &Transaction, place: NewOrder) -> Result<Order, Status> {
    together(txn, [place]).await.remove(0)
}

/// Stores orders as at the epoch.
async fn stored(txn: &Transaction, pending: &[PendingOrder]) -> (Vec<Outcome>, CommitEffects) {
    stored_at(txn, pending, DateTime::UNIX_EPOCH).await
}

async fn stored_at(txn: &Transaction, pending: &[PendingOrder], now: DateTime<Utc>) -> (Vec<Outcome>, CommitEffects) {
    let taken = batch::take(txn, pending).await.expect("an answer");
    batch::write(txn, taken.map(|taken| Taken { now, ..taken }), pending).await.expect("stored")
}

/// An order of that day.
async fn placed_on(txn: &Transaction, day: &str) -> Order {
    placed_at(txn, at_most(0), &format!("{day}T12:00:00Z")).await
}

async fn placed_at(txn: &Transaction, menu: Menu, now: &str) -> Order {
    let pending = [PendingOrder::by_nobody(&Uuid::now_v7().to_string(), order_at("main", menu))];
    let (mut outcomes, _) = stored_at(txn, &pending, now.parse().expect("a time")).await;
    let Outcome::Accepted(order) = outcomes.remove(0) else { panic!("not taken") };
    *order
}

/// The numbers of orders of these days, each of which is collected at once.
async fn numbers(txn: &Transaction, days: &[&str]) -> Vec<i64> {
    let mut numbers = Vec::new();
    for day in days {
        let order = placed_on(txn, day).await;
        stands(txn, &order, OrderState::Collected).await;
        numbers.push(order.number);
    }
    numbers
}

#[tokio::test]
async fn a_clock_that_leaps_ahead_and_back_does_not_stop_daily_numbers() {
    let scratch = scratch().await;
    let txn = scratch.database.begin().await.expect("a transaction");
    let days = ["2026-12-01", "2026-12-01", "2036-06-01", "2036-06-01", "2026-12-01", "2026-12-02", "2026-12-02"];
    assert_eq!(numbers(&txn, &days).await, [1, 2, 1, 2, 3, 1, 2]);
    // A clock that is set at midnight, or a shop that moves: no third day begins.
    assert_eq!(numbers(&txn, &["2026-12-01", "2026-12-02", "2026-12-03"]).await, [3, 4, 1]);
}

#[tokio::test]
async fn a_night_has_one_series_of_numbers() {
    let scratch = scratch().await;
    let txn = scratch.database.begin().await.expect("a transaction");
    let mut numbers = Vec::new();
    // In São Paulo: ten to midnight, one minute past it, one minute to four, four o'clock.
    for now in ["2026-12-02T02:50:00Z", "2026-12-02T03:01:00Z", "2026-12-02T06:59:00Z", "2026-12-02T07:00:00Z"] {
        let menu = Menu { time_zone: "America/Sao_Paulo".into(), day_starts_minute: 240, ..Default::default() };
        let order = placed_at(&txn, menu, now).await;
        stands(&txn, &order, OrderState::Collected).await;
        numbers.push(order.number);
    }
    assert_eq!(numbers, [1, 2, 3, 1]);
}

#[tokio::test]
async fn no_number_is_given_twice_while_an_order_with_it_is_open() {
    let scratch = scratch().await;
    let txn = scratch.database.begin().await.expect("a transaction");
    let mut open = Vec::new();
    for day in ["2026-12-01", "2026-12-01", "2036-06-01", "2026-12-01", "2026-12-02"] {
        open.push(placed_on(&txn, day).await);
    }
    let other = PendingOrder::by_nobody(&Uuid::now_v7().to_string(), order_at("other", at_most(0)));
    let (outcomes, _) = stored(&txn, &[other]).await;
    assert!(matches!(&outcomes[0], Outcome::Accepted(order) if order.number == 1), "another shop has its own");
    assert_eq!(open.iter().map(|order| order.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    for order in &open[1..] {
        stands(&txn, order, OrderState::Collected).await;
    }
    assert_eq!(numbers(&txn, &["2026-12-03", "2026-12-03"]).await, [2, 3], "the first is still open");
    stands(&txn, &open[0], OrderState::Cancelled).await;
    assert_eq!(numbers(&txn, &["2026-12-04"]).await, [1]);
}

/// What comes of orders that are stored together.
async fn together<const N: usize>(txn: &Transaction, places: [NewOrder; N]) -> Vec<Result<Order, Status>> {
    let pending = places.map(|place| PendingOrder::by_nobody(&Uuid::now_v7().to_string(), place));
    let (outcomes, _) = stored(txn, &pending).await;
    let answer = |outcome| match outcome {
        Outcome::Accepted(order) => Ok(*order),
        Outcome::Refused(refusal) => Err(refusal),
        other => panic!("not new: {other:?}"),
    };
    outcomes.into_iter().map(answer).collect()
}

#[tokio::test]
async fn a_full_shop_takes_no_more_until_an_order_is_done() {
    let scratch = scratch().await;
    let txn = scratch.database.begin().await.expect("a transaction");
    let first = decided(&txn, order_at("main", at_most(2))).await.expect("one");
    decided(&txn, order_at("main", at_most(2))).await.expect("two");
    let refused = decided(&txn, order_at("main", at_most(2))).await;
    assert_eq!(reason(refused), "SHOP_BUSY");
    decided(&txn, order_at("other", at_most(2))).await.expect("another shop is not full");
    decided(&txn, order_at("main", at_most(0))).await.expect("no limit");

    for (state, takes) in [
        (OrderState::Preparing, false),
        (OrderState::Ready, false),
        (OrderState::Collected, true),
        (OrderState::Cancelled, true),
    ] {
        stands(&txn, &first, state).await;
        // Three are open, the first among them.
        let taken = decided(&txn, order_at("main", at_most(3))).await;
        assert_eq!(taken.is_ok(), takes, "{state:?}");
        if let Ok(order) = taken {
            stands(&txn, &order, OrderState::Collected).await;
        }
    }
}

#[tokio::test]
async fn of_orders_stored_together_as_many_are_taken_as_fit() {
    let scratch = scratch().await;
    let txn = scratch.database.begin().await.expect("a transaction");
    let main = || order_at("main", at_most(3));
    let all = together(&txn, [main(), order_at("other", at_most(1)), main(), main(), main()]).await;
    let numbers = all.into_iter().map(|one| one.map(|order| order.accepted_seq).map_err(|_| ()));
    assert_eq!(numbers.collect::<Vec<_>>(), [Ok(1), Ok(1), Ok(2), Ok(3), Err(())]);
    assert_eq!(decided(&txn, order_at("main", at_most(0))).await.expect("taken").accepted_seq, 4);
}

#[tokio::test]
async fn of_two_with_the_same_key_one_is_stored() {
    let scratch = scratch().await;
    let txn = scratch.database.begin().await.expect("a transaction");
    let key = Uuid::now_v7().to_string();
    let ask = || PendingOrder::by_nobody(&key, order_at("main", at_most(0)));
    for expected in [[false, true], [true, true]] {
        let (outcomes, effects) = stored(&txn, &[ask(), ask()]).await;
        let repeats = outcomes.iter().map(|outcome| matches!(outcome, Outcome::AnsweredBefore)).collect::<Vec<_>>();
        assert_eq!((repeats, effects.events.len()), (expected.to_vec(), usize::from(!expected[0])));
    }
    assert_eq!(placed(&txn).await.accepted_seq, 2, "a repeat takes no number");
}

async fn stands(txn: &Transaction, order: &Order, state: OrderState) {
    let order_id = Unchanged(Uuid::try_parse(&order.order_id).expect("a UUID"));
    let moved = orders::ActiveModel { order_id, state: Set(state as i16), ..Default::default() };
    orders::Entity::update(moved).exec(txn).await.expect("moved");
}

#[tokio::test]
async fn a_refused_order_takes_no_number() {
    let scratch = scratch().await;
    let txn = scratch.database.begin().await.expect("a transaction");
    // The epoch was a Thursday.
    let friday = OpeningHours { day: 5, opens_minute: 0, closes_minute: 1440 };
    let closed = Menu { opening_hours: vec![friday], ..Default::default() };
    let refused = decided(&txn, order_at("main", closed)).await;
    assert_eq!(reason(refused), "SHOP_CLOSED");
    assert_eq!(decided(&txn, order_at("main", at_most(1))).await.expect("taken").accepted_seq, 1);
    decided(&txn, order_at("main", at_most(1))).await.expect_err("full");
    assert_eq!(decided(&txn, order_at("main", at_most(0))).await.expect("taken").accepted_seq, 2);
}

#[tokio::test]
async fn the_stations_of_a_line_are_stored_with_it() {
    let scratch = scratch().await;
    let txn = scratch.database.begin().await.expect("a transaction");
    let placed = decided(&txn, order_at("main", at_most(0))).await.expect("taken");
    let id = Uuid::try_parse(&placed.order_id).expect("a UUID");
    let stored = store::load(&txn, id).await.expect("an answer").expect("an order");
    assert_eq!(stored.lines, placed.lines);
    assert_eq!(stored.lines.into_iter().map(|line| line.stations.len()).collect::<Vec<_>>(), [2, 0]);
}

#[tokio::test]
async fn a_line_of_the_release_before_is_for_all_stations() {
    let scratch = scratch().await;
    let txn = scratch.database.begin().await.expect("a transaction");
    let placed = decided(&txn, order_at("main", at_most(0))).await.expect("taken");
    // As a replica that does not know of stations stores it.
    let known = "order_id, product_id, name, quantity, unit_price_minor, options, note";
    let old =
        format!("INSERT INTO order_line (position, {known}) SELECT 2, {known} FROM order_line WHERE position = 0");
    txn.execute_unprepared(&old).await.expect("stored");
    let id = Uuid::try_parse(&placed.order_id).expect("a UUID");
    let stored = store::load(&txn, id).await.expect("an answer").expect("an order");
    assert_eq!(stored.lines.into_iter().map(|line| line.stations.len()).collect::<Vec<_>>(), [2, 0, 0]);
}
