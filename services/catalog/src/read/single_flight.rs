//! Single flight: however many callers want the same thing at once, it is fetched once. A flight is a task of its own,
//! so a caller who gives up takes nobody with him. Knows nothing of what is fetched.

use parking_lot::{Mutex, MutexGuard};
use std::{
    collections::{HashMap, hash_map::Entry},
    future::Future,
    sync::Arc,
};
use tokio::sync::watch;

type InFlight<T> = Mutex<HashMap<String, watch::Receiver<Option<T>>>>;

/// The flights under way, by key.
#[derive(Debug)]
pub struct SingleFlight<T>(Arc<InFlight<T>>);

/// One flight, to be awaited or left alone.
#[derive(Debug)]
pub struct Pending<T>(watch::Receiver<Option<T>>);

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    /// The flight for this key that is under way, or a new one.
    pub fn join<F>(&self, key: &str, fetch: impl FnOnce() -> F) -> Pending<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        match lock(&self.0).entry(key.to_owned()) {
            Entry::Occupied(under_way) => Pending(under_way.get().clone()),
            Entry::Vacant(free) => {
                let (result, waiting) = watch::channel(None);
                free.insert(waiting.clone());
                let (landing, fetching) = (Finished(self.0.clone(), key.to_owned()), fetch());
                tokio::spawn(async move {
                    let fetched = fetching.await;
                    // Whoever comes from now on wants a look that is newer than this one.
                    drop(landing);
                    result.send_replace(Some(fetched));
                });
                Pending(waiting)
            }
        }
    }
}

impl<T: Clone> Pending<T> {
    /// What was fetched; none when the fetch panicked.
    pub async fn finished(mut self) -> Option<T> {
        self.0.wait_for(Option::is_some).await.ok()?.clone()
    }
}

/// Makes way for the next flight, also when this one panics.
struct Finished<T>(Arc<InFlight<T>>, String);

impl<T> Drop for Finished<T> {
    fn drop(&mut self) {
        lock(&self.0).remove(&self.1);
    }
}

fn lock<T>(single_flight: &InFlight<T>) -> MutexGuard<'_, HashMap<String, watch::Receiver<Option<T>>>> {
    single_flight.lock()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::Notify;

    #[tokio::test]
    async fn a_thousand_callers_fetch_once_and_the_next_one_again() {
        let (single_flight, fetches, gate) =
            (SingleFlight::default(), Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let fetch = || {
            let (fetches, gate) = (fetches.clone(), gate.clone());
            async move {
                gate.notified().await;
                fetches.fetch_add(1, Ordering::SeqCst) + 1
            }
        };
        let waiting: Vec<_> = (0..1000).map(|_| single_flight.join("main", fetch)).collect();
        gate.notify_one();
        for single_flight in waiting {
            assert_eq!(single_flight.finished().await, Some(1));
        }
        gate.notify_one();
        assert_eq!(single_flight.join("main", fetch).finished().await, Some(2));
    }

    #[tokio::test]
    async fn a_flight_lands_though_its_first_caller_left() {
        let (single_flight, gate) = (SingleFlight::default(), Arc::new(Notify::new()));
        let opened = gate.clone();
        drop(single_flight.join("main", || async move {
            opened.notified().await;
            1
        }));
        let second = single_flight.join("main", || async { 2 });
        gate.notify_one();
        assert_eq!(second.finished().await, Some(1));
    }

    #[tokio::test]
    async fn a_panic_makes_way_for_the_next_flight() {
        let single_flight: SingleFlight<u8> = SingleFlight::default();
        assert_eq!(single_flight.join("main", || async { panic!("on purpose") }).finished().await, None);
        assert_eq!(single_flight.join("main", || async { 2 }).finished().await, Some(2));
    }

    #[tokio::test]
    async fn keys_do_not_wait_for_each_other() {
        let single_flight = SingleFlight::default();
        let _stuck = single_flight.join("one", std::future::pending::<u8>);
        assert_eq!(single_flight.join("two", || async { 2 }).finished().await, Some(2));
    }
}
