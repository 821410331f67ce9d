//! One running shop of each shape for all tests that do not break it, so that the suite starts few processes.

use std::sync::Arc;

use libtest_mimic::Trial;
use tokio::sync::Mutex;

use super::{Servers, Shop, trial};

static EMBEDDED: Mutex<Option<Arc<Shop>>> = Mutex::const_new(None);
static MESH: Mutex<Option<Arc<Shop>>> = Mutex::const_new(None);

/// How Comanda runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One process, embedded parts.
    Embedded,
    /// A process for each role, real servers, two replicas of Orders and Kitchen.
    Mesh,
}

impl Shape {
    /// The shop of this shape that all tests share; not to be killed or paused.
    pub async fn shop(self) -> Arc<Shop> {
        let shared = match self {
            Self::Embedded => &EMBEDDED,
            Self::Mesh => &MESH,
        };
        let mut shared = shared.lock().await;
        match &*shared {
            Some(shop) => shop.clone(),
            None => {
                let started = match self {
                    Self::Embedded => Shop::embedded().await,
                    Self::Mesh => Shop::mesh(&*Servers::shared().await, 2).await,
                };
                shared.insert(Arc::new(started)).clone()
            }
        }
    }

    /// Stops both. For the end of `main`, before the servers go.
    pub fn stop_shared() {
        EMBEDDED.blocking_lock().take();
        MESH.blocking_lock().take();
    }
}

/// Lists tests that take a running shop, each once for either shape.
#[macro_export]
macro_rules! on_both_shapes {
    ($($test:ident),* $(,)?) => {
        [$($crate::on_each_shape(
            concat!(module_path!(), "::", stringify!($test)),
            || async { $test(&*$crate::Shape::Embedded.shop().await).await },
            || async { $test(&*$crate::Shape::Mesh.shop().await).await },
        )),*].into_iter().flatten().collect::<Vec<_>>()
    };
}

/// The two tests that a function over a shop stands for.
pub fn on_each_shape<E, M>(path: &str, embedded: fn() -> E, mesh: fn() -> M) -> [Trial; 2]
where
    E: Future<Output = ()> + 'static,
    M: Future<Output = ()> + 'static,
{
    [trial(&format!("{path}::embedded"), embedded), trial(&format!("{path}::mesh"), mesh)]
}
