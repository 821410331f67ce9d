//! The load-shedding permit of the current call, for work that may outlive its caller: the permit is released when that
//! work is done, not when the caller gives up.

use std::{any::Any, sync::Arc};

/// Counts one call against the limits of the process; released when its last copy is dropped.
pub type Permit = Arc<dyn Any + Send + Sync>;

tokio::task_local! {
    static CURRENT: Option<Permit>;
}

/// The permit of the current call; `None` outside of any.
#[must_use]
pub fn current() -> Option<Permit> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// Runs `work` under a permit.
pub async fn scope<T>(permit: Option<Permit>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(permit, work).await
}
