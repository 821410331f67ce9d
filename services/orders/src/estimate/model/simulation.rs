//! Days of shops that do not exist, by seeds: nine of ten orders are ready by the time that was said.

use super::*;
use chrono::TimeDelta;
use std::collections::BinaryHeap;

const DAYS: i32 = 12;
/// As many as are looked at in the database.
const REMEMBERED: usize = 1000;
/// Orders between two lessons.
const LESSON: u32 = 20;
const PRODUCTS: [(u128, f64, i32); 4] = [(1, 45.0, 50), (2, 90.0, 30), (3, 240.0, 15), (4, 420.0, 5)];

/// A shop and its customers.
#[derive(Debug, Clone, Copy)]
struct Shop {
    baristas: usize,
    /// Orders an hour, when it is quiet and when it is full.
    hourly: (f64, f64),
    /// How much the same product takes more or less time, as the sigma of a lognormal.
    luck: f64,
}

/// Numbers that a seed decides.
struct Dice(u64);

impl Dice {
    /// Between 0 and 1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let mixed = u32::try_from((mixed ^ (mixed >> 31)) >> 32).expect("32 bits");
        (f64::from(mixed) + 0.5) / (f64::from(u32::MAX) + 1.0)
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * self.roll().ln()
    }

    fn lognormal(&mut self, sigma: f64) -> f64 {
        let normal = (-2.0 * self.roll().ln()).sqrt() * (std::f64::consts::TAU * self.roll()).cos();
        (sigma * normal).exp()
    }

    /// A product, and how long it usually takes.
    fn product(&mut self) -> (Uuid, f64) {
        let mut left = self.roll() * 100.0;
        let chosen = PRODUCTS.into_iter().find(|(_, _, weight)| {
            left -= f64::from(*weight);
            left < 0.0
        });
        let (id, seconds, _) = chosen.unwrap_or(PRODUCTS[0]);
        (Uuid::from_u128(id), seconds)
    }

    /// One to four products and the work that they will be.
    fn order(&mut self, luck: f64) -> (Pieces, i64) {
        let more = self.roll() * self.roll();
        let count = [0.25, 0.5, 0.75].into_iter().filter(|step| more > *step).count() + 1;
        let products = (0..count).map(|_| self.product()).collect::<Vec<_>>();
        let work = products.iter().map(|(_, seconds)| seconds * self.lognormal(luck)).sum::<f64>();
        (products.into_iter().map(|(product, _)| (product, 1)).collect(), milliseconds(work))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "days at most")]
fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1000.0) as i64
}

fn at(milliseconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::milliseconds(milliseconds)
}

/// How many of the stated times were kept, of how many.
#[derive(Default)]
struct Score {
    kept: u32,
    said: u32,
    orders: u32,
    model: Option<Model>,
}

impl Score {
    fn count(&mut self, order: &Sample, finished: &[Sample], open: &[Sample]) {
        if self.orders.is_multiple_of(LESSON) {
            self.model = Model::learn(&finished[finished.len().saturating_sub(REMEMBERED)..]);
        }
        self.orders += 1;
        let Some(model) = &self.model else { return };
        let ahead = open.iter().map(|order| model.work(&order.pieces)).sum();
        let range = model.range(model.work(&order.pieces), ahead);
        assert!(range.earliest >= 0 && range.latest >= range.earliest, "{range:?}");
        self.said += 1;
        self.kept += u32::from(order.ready_at <= order.accepted_at + TimeDelta::seconds(range.latest.into()));
    }
}

/// One day; what was finished is added.
fn day(shop: Shop, opens: i64, dice: &mut Dice, finished: &mut Vec<Sample>, score: &mut Score) {
    let hour = milliseconds(3600.0);
    // When each barista will be free; negative, because a heap gives the largest.
    let (mut free, mut open) = (BinaryHeap::from(vec![0_i64; shop.baristas]), Vec::<Sample>::new());
    let mut now = opens;
    loop {
        let rush = (2 * hour..4 * hour).contains(&(now - opens));
        let hourly = if rush { shop.hourly.1 } else { shop.hourly.0 };
        now += milliseconds(dice.exponential(3600.0 / hourly));
        if now > opens + 10 * hour {
            break;
        }
        let (done, still): (Vec<_>, Vec<_>) = open.into_iter().partition(|order| order.ready_at <= at(now));
        finished.extend(done);
        open = still;
        let (pieces, work) = dice.order(shop.luck);
        let started = now.max(-free.pop().expect("a barista"));
        free.push(-(started + work));
        let order = Sample { accepted_at: at(now), started_at: at(started), ready_at: at(started + work), pieces };
        score.count(&order, finished, &open);
        open.push(order);
    }
    finished.extend(open);
    finished.sort_by_key(|order| order.accepted_at);
}

#[test]
fn nine_of_ten_orders_are_ready_when_it_was_said() {
    for (name, shop) in [
        ("a quiet one", Shop { baristas: 1, hourly: (12.0, 24.0), luck: 0.3 }),
        ("a busy one", Shop { baristas: 2, hourly: (25.0, 55.0), luck: 0.4 }),
        ("one where nothing takes its time", Shop { baristas: 2, hourly: (25.0, 45.0), luck: 0.8 }),
        ("a large one", Shop { baristas: 5, hourly: (60.0, 130.0), luck: 0.4 }),
        ("one that is too full at noon", Shop { baristas: 1, hourly: (15.0, 40.0), luck: 0.4 }),
    ] {
        for seed in 1..=3 {
            let (mut dice, mut finished, mut score) = (Dice(seed), Vec::new(), Score::default());
            for number in 0..DAYS {
                day(shop, i64::from(number) * 86_400_000, &mut dice, &mut finished, &mut score);
            }
            let Score { kept, said, .. } = score;
            let share = f64::from(kept) / f64::from(said);
            println!("{name}, seed {seed}: {kept} of {said}, {:.1} %", share * 100.0);
            assert!(said > 500 && (0.85..=0.95).contains(&share), "{name}, seed {seed}: {kept} of {said}");
        }
    }
}

#[test]
fn nothing_is_said_of_a_shop_that_has_finished_little() {
    let sample = Sample {
        accepted_at: DateTime::UNIX_EPOCH,
        started_at: DateTime::UNIX_EPOCH,
        ready_at: DateTime::UNIX_EPOCH + TimeDelta::minutes(3),
        pieces: vec![(Uuid::from_u128(1), 1)],
    };
    assert!(Model::learn(&vec![sample.clone(); FEWEST - 1]).is_none());
    let model = Model::learn(&vec![sample; FEWEST]).expect("enough");
    assert_eq!(model.range(180.0, 0.0), Range { earliest: 180, latest: 180 });
    assert_eq!(model.range(180.0, -1000.0), Range { earliest: 180, latest: 180 }, "never negative");
}
