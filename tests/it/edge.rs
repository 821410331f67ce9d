//! The outer side of the gateway, against callers who mean no good: too often, too much, too slowly, under a false
//! address. What counts is what everybody else sees meanwhile.

mod bodies;
mod connections;
mod limits;
mod long_refusals;
mod malformed;
mod raw;
mod rest;
mod slow;
mod stock_proxy;

use libtest_mimic::Trial;

pub fn tests() -> Vec<Trial> {
    let each = [
        limits::tests(),
        bodies::tests(),
        slow::tests(),
        connections::tests(),
        long_refusals::tests(),
        malformed::tests(),
        rest::tests(),
        stock_proxy::tests(),
    ];
    each.into_iter().flatten().collect()
}
