//! What is revoked: sessions and devices whose tokens would still be good by themselves. Each process keeps the list that
//! Identity last told it, and goes by it for as long as Identity is away.

use crate::principal::Principal;
use parking_lot::RwLock;
use std::{
    collections::HashMap,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::watch;
use uuid::Uuid;

/// The list. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Revocations(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    revoked: RwLock<HashMap<Uuid, u64>>,
    version: watch::Sender<i64>,
}

impl Default for Revocations {
    fn default() -> Self {
        Self(Arc::new(Shared { revoked: RwLock::default(), version: watch::Sender::new(0) }))
    }
}

impl Revocations {
    /// Takes a newer list: ids, with the seconds since 1970 after which each is no longer needed. An older one changes nothing.
    pub fn replace(&self, version: i64, list: impl IntoIterator<Item = (Uuid, u64)>) {
        let mut revoked = self.0.revoked.write();
        if version > self.version() {
            *revoked = list.into_iter().collect();
            self.0.version.send_replace(version);
        }
    }

    /// The version of the list; 0 before the first.
    #[must_use]
    pub fn version(&self) -> i64 {
        *self.0.version.borrow()
    }

    /// The list, without what has ended by itself.
    #[must_use]
    pub fn list(&self) -> Vec<(Uuid, u64)> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        self.0.revoked.read().iter().map(|(id, end)| (*id, *end)).filter(|(_, end)| *end > now).collect()
    }

    /// Whether this caller is let in no more.
    #[must_use]
    pub fn is_revoked(&self, principal: &Principal) -> bool {
        let revoked = self.0.revoked.read();
        !revoked.is_empty() && principal.revocable().any(|id| revoked.contains_key(&id))
    }

    /// Waits until this caller is let in no more: revoked, or its token over.
    pub async fn ended(self, principal: Arc<Principal>) {
        let mut changes = self.0.version.subscribe();
        while let Some(left) = principal.remaining().filter(|_| !self.is_revoked(&principal)) {
            tokio::select! {
                _ = changes.changed() => {}
                () = tokio::time::sleep(left) => {}
            }
        }
    }
}
