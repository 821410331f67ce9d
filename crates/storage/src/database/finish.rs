//! A future that is never dropped half way: if its owner drops it, it goes on in a task of its own. A caller gives up, a
//! deadline passes, a `select!` takes the other branch: a statement that was sent still has its answer read, so that the
//! connection stays in a known state.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{runtime::Handle, time::timeout};

type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Work that is finished even if this is dropped.
pub(super) struct Finish<T: Send + 'static> {
    work: Option<Work<T>>,
    /// How long it may go on after it was dropped. What is not finished by then is dropped after all.
    grace: Duration,
}

impl<T: Send + 'static> Finish<T> {
    pub(super) fn new(grace: Duration, work: impl Future<Output = T> + Send + 'static) -> Self {
        Self { work: Some(Box::pin(work)), grace }
    }
}

impl<T: Send + 'static> Future for Finish<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let Some(work) = &mut self.work else { return Poll::Pending };
        let done = work.as_mut().poll(cx);
        if done.is_ready() {
            self.work = None;
        }
        done
    }
}

impl<T: Send + 'static> Drop for Finish<T> {
    fn drop(&mut self) {
        // Without a runtime the process is ending, and its connections with it.
        if let (Some(work), Ok(runtime)) = (self.work.take(), Handle::try_current()) {
            runtime.spawn(timeout(self.grace, work));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test(start_paused = true)]
    async fn dropped_work_is_finished() {
        let (done, finished) = oneshot::channel();
        let work = Finish::new(Duration::from_secs(1), async move {
            tokio::time::sleep(Duration::from_millis(900)).await;
            let _ = done.send(());
        });
        drop(work);
        assert_eq!(finished.await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn it_has_so_long_and_no_longer() {
        let (done, finished) = oneshot::channel::<()>();
        let work = Finish::new(Duration::from_secs(1), async move {
            let _kept = done;
            std::future::pending::<()>().await;
        });
        drop(work);
        assert!(finished.await.is_err(), "dropped after its grace");
    }
}
