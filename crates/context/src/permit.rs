//! The load-shedding permit of the current call, for work that may outlive its caller: the permit is released when that
//! work is done, not when the caller gives up.

use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// Counts one call against the limits of the process; released when dropped.
pub type Permit = OwnedSemaphorePermit;

tokio::task_local! {
    static CURRENT: Option<Arc<Permit>>;
}

/// The permit of the current call; `None` outside of any.
#[must_use]
pub fn current() -> Option<Arc<Permit>> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// Runs `work` under a permit.
pub async fn scope<T>(permit: Option<Arc<Permit>>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(permit, work).await
}
