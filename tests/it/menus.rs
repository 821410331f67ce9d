//! Menus: read by many, changed by few, on good days and bad. Every reply is held to the contract by the [`crowd`]: a
//! read that begins a second after a change was acknowledged shows it, or is marked stale.

mod crowd;
mod days;
mod reads;
mod watching;

use libtest_mimic::Trial;

pub fn tests() -> Vec<Trial> {
    [reads::tests(), watching::tests(), days::tests()].into_iter().flatten().collect()
}
