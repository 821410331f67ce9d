//! Menus: read by many, changed by few, on good days and bad. Every reply is held to the contract by the [`workload`]: a
//! read that begins a second after a change was acknowledged shows it, or is marked stale.

mod days;
mod reads;
mod watching;
mod workload;

use libtest_mimic::Trial;

pub fn tests() -> Vec<Trial> {
    [reads::tests(), watching::tests(), days::tests()].into_iter().flatten().collect()
}
