//! Sweeps: faults at every place there is, not only at those that somebody thought of, through an order's whole life. A
//! place is counted from the beginning of a step, by file or by hop, because a process is not repeatable as a whole.
//!
//! The ordinary tests play a part that the seed chooses; `make faults` plays all.

mod life;
mod messages;
mod report;
mod series;
mod witness;
mod writes;

use std::time::Duration;

use libtest_mimic::{Failed, Trial};

use crate::faults;
use report::Part;

/// A whole one takes hours on a slow machine; a step that hangs is noticed long before.
const LONGEST: Duration = Duration::from_secs(3 * 60 * 60);
/// A part is minutes.
const LONGEST_PART: Duration = Duration::from_secs(20 * 60);

pub fn tests() -> Vec<Trial> {
    vec![
        trial("every_write", writes::sweep),
        trial("every_message_is_cut", messages::cuts),
        trial("every_message_is_followed_by_silence", messages::silences),
    ]
}

fn trial<F>(name: &'static str, sweep: fn(Part) -> F) -> Trial
where
    F: Future<Output = Result<(), String>> + 'static,
{
    let name = format!("faults::sweeps::{name}");
    Trial::test(name.clone(), move || {
        let whole = faults::is_long();
        let (part, longest) = if whole { (Part::Whole, LONGEST) } else { (Part::Seeded, LONGEST_PART) };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let played = runtime.block_on(async { tokio::time::timeout(longest, sweep(part)).await });
        let verdict = played.map_err(|_| "still not done".to_owned()).and_then(|verdict| verdict);
        verdict.map_err(|what| {
            eprintln!("{name}: {what}\nrepeat it with: make faults SEED={} ONLY={name}", faults::seed());
            Failed::from(what)
        })
    })
}
