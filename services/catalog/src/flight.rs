//! Single flight: however many callers want the same thing at once, it is fetched once. A flight is a task of its own,
//! so a caller who gives up takes nobody with him. Knows nothing of what is fetched.

use std::{
    collections::{HashMap, hash_map::Entry},
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;

type Airborne<T> = Mutex<HashMap<String, watch::Receiver<Option<T>>>>;

/// The flights under way, by key.
#[derive(Debug)]
pub struct Flights<T>(Arc<Airborne<T>>);

/// One flight, to be awaited or left alone.
#[derive(Debug)]
pub struct Flight<T>(watch::Receiver<Option<T>>);

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    /// The flight for this key that is under way, or a new one.
    pub fn board<F>(&self, key: &str, fetch: impl FnOnce() -> F) -> Flight<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        match lock(&self.0).entry(key.to_owned()) {
            Entry::Occupied(under_way) => Flight(under_way.get().clone()),
            Entry::Vacant(free) => {
                let (result, waiting) = watch::channel(None);
                free.insert(waiting.clone());
                let (landing, fetching) = (Landing(self.0.clone(), key.to_owned()), fetch());
                tokio::spawn(async move {
                    let fetched = fetching.await;
                    // Whoever comes from now on wants a look that is newer than this one.
                    drop(landing);
                    result.send_replace(Some(fetched));
                });
                Flight(waiting)
            }
        }
    }
}

impl<T: Clone> Flight<T> {
    /// What was fetched; none when the fetch panicked.
    pub async fn landed(mut self) -> Option<T> {
        self.0.wait_for(Option::is_some).await.ok()?.clone()
    }
}

/// Makes way for the next flight, also when this one panics.
struct Landing<T>(Arc<Airborne<T>>, String);

impl<T> Drop for Landing<T> {
    fn drop(&mut self) {
        lock(&self.0).remove(&self.1);
    }
}

fn lock<T>(flights: &Airborne<T>) -> MutexGuard<'_, HashMap<String, watch::Receiver<Option<T>>>> {
    flights.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::Notify;

    #[tokio::test]
    async fn a_thousand_callers_fetch_once_and_the_next_one_again() {
        let (flights, fetches, gate) = (Flights::default(), Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let fetch = || {
            let (fetches, gate) = (fetches.clone(), gate.clone());
            async move {
                gate.notified().await;
                fetches.fetch_add(1, Ordering::SeqCst) + 1
            }
        };
        let waiting: Vec<_> = (0..1000).map(|_| flights.board("main", fetch)).collect();
        gate.notify_one();
        for flight in waiting {
            assert_eq!(flight.landed().await, Some(1));
        }
        gate.notify_one();
        assert_eq!(flights.board("main", fetch).landed().await, Some(2));
    }

    #[tokio::test]
    async fn a_flight_lands_though_its_first_caller_left() {
        let (flights, gate) = (Flights::default(), Arc::new(Notify::new()));
        let opened = gate.clone();
        drop(flights.board("main", || async move {
            opened.notified().await;
            1
        }));
        let second = flights.board("main", || async { 2 });
        gate.notify_one();
        assert_eq!(second.landed().await, Some(1));
    }

    #[tokio::test]
    async fn a_panic_makes_way_for_the_next_flight() {
        let flights: Flights<u8> = Flights::default();
        assert_eq!(flights.board("main", || async { panic!("on purpose") }).landed().await, None);
        assert_eq!(flights.board("main", || async { 2 }).landed().await, Some(2));
    }

    #[tokio::test]
    async fn keys_do_not_wait_for_each_other() {
        let flights = Flights::default();
        let _stuck = flights.board("one", std::future::pending::<u8>);
        assert_eq!(flights.board("two", || async { 2 }).landed().await, Some(2));
    }
}
