//! Calls between the roles on bad days: they are done in time or not at all, they find the replicas that are there, and
//! nobody calls or answers who is not who he should be.

mod ages;
mod backends;
mod callers;
mod certificates;
mod deadlines;
mod given_up;
mod names;
mod rolling;

use libtest_mimic::Trial;

pub fn tests() -> Vec<Trial> {
    let tests = [
        ages::tests(),
        backends::tests(),
        certificates::tests(),
        deadlines::tests(),
        given_up::tests(),
        names::tests(),
        rolling::tests(),
    ];
    tests.into_iter().flatten().collect()
}
