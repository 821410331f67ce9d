//! The outer side of the gateway, against callers who mean no good: too often, too much, too slowly, under a false
//! address. What counts is what everybody else sees meanwhile.

mod bodies;
mod connections;
mod limits;
mod raw;
mod slow;

use libtest_mimic::Trial;

pub fn tests() -> Vec<Trial> {
    [limits::tests(), bodies::tests(), slow::tests(), connections::tests()].into_iter().flatten().collect()
}
