//! Runs the parts of a role side by side until a graceful shutdown. When an essential part ends or any part fails, the
//! others are told to stop, and the one that failed is named. A panic is a failure.

use std::fmt::Display;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// A part that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part} failed: {why}")]
pub struct PartFailed {
    /// Its name.
    pub part: &'static str,
    /// Why.
    pub why: String,
}

/// The parts of a role.
pub struct Supervisor {
    parts: JoinSet<Result<(), PartFailed>>,
    shutdown: CancellationToken,
}

impl Supervisor {
    /// No parts yet. `shutdown` is cancelled when one fails.
    #[must_use]
    pub fn new(shutdown: CancellationToken) -> Self {
        Self { parts: JoinSet::new(), shutdown }
    }

    /// Starts an essential part: when it ends, however it ends, all others are told to stop.
    pub fn essential<E: Display>(
        &mut self,
        part: &'static str,
        work: impl Future<Output = Result<(), E>> + Send + 'static,
    ) {
        let stop = self.shutdown.clone().drop_guard();
        self.spawn(part, async move {
            let ended = work.await.map_err(|why| why.to_string());
            drop(stop);
            ended
        });
    }

    /// Starts a part that ends in good order when it is told to stop, and fails if it ends before.
    pub fn background(&mut self, part: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let shutdown = self.shutdown.clone();
        self.spawn(part, async move {
            work.await;
            if shutdown.is_cancelled() { Ok(()) } else { Err("it ended by itself".to_owned()) }
        });
    }

    /// Starts a part that never ends by itself and may be cut off anywhere when all stop.
    pub fn endless<T>(&mut self, part: &'static str, work: impl Future<Output = T> + Send + 'static) {
        let shutdown = self.shutdown.clone();
        self.spawn(part, async move {
            shutdown.run_until_cancelled(work).await;
            Ok(())
        });
    }

    fn spawn(&mut self, part: &'static str, work: impl Future<Output = Result<(), String>> + Send + 'static) {
        // In a task of its own, so that a panic has the name of its part.
        self.parts.spawn(async move {
            let mut one = JoinSet::new();
            one.spawn(work);
            let ended = one.join_next().await.unwrap_or(Ok(Ok(())));
            ended.unwrap_or_else(|panic| Err(panic.to_string())).map_err(|why| PartFailed { part, why })
        });
    }

    /// Waits until all have ended.
    ///
    /// # Errors
    /// The first part that failed.
    pub async fn all_ended(mut self) -> Result<(), PartFailed> {
        let mut outcome = Ok(());
        while let Some(ended) = self.parts.join_next().await {
            if let Ok(Err(failed)) = ended {
                tracing::error!(part = failed.part, why = failed.why, "a part of this process failed; stopping");
                self.shutdown.cancel();
                outcome = outcome.and(Err(failed));
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    #[tokio::test]
    async fn the_end_of_an_essential_part_stops_the_others() {
        let shutdown = CancellationToken::new();
        let mut parts = Supervisor::new(shutdown.clone());
        parts.essential("server", async { Ok::<_, String>(()) });
        parts.background("relay", shutdown.cancelled_owned());
        parts.endless("retention", pending::<()>());
        assert_eq!(parts.all_ended().await, Ok(()));
    }

    #[tokio::test]
    async fn a_failure_stops_the_others_and_is_named() {
        let shutdown = CancellationToken::new();
        let mut parts = Supervisor::new(shutdown.clone());
        parts.essential("server", async move {
            shutdown.cancelled_owned().await;
            Ok::<_, String>(())
        });
        parts.background("relay", async { panic!("on purpose") });
        let failed = parts.all_ended().await.expect_err("a panic");
        assert!(failed.part == "relay" && failed.why.contains("panic"), "{failed}");
    }

    #[tokio::test]
    async fn a_part_that_ends_too_early_is_a_failure() {
        let mut parts = Supervisor::new(CancellationToken::new());
        parts.background("relay", async {});
        parts.endless("retention", pending::<()>());
        assert_eq!(parts.all_ended().await.expect_err("too early").part, "relay");
    }
}
