//! Drops a future at the poll that a test asks for, as a deadline, a disconnected caller or a stop would at any `await`.

/// The work's result; `None` if it was dropped half way, as a test asked for.
#[inline]
pub fn sever<T>(site: &'static str, work: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
    #[cfg(feature = "enabled")]
    return armed::sever(site, work);
    #[cfg(not(feature = "enabled"))]
    {
        let _ = site;
        futures_util::FutureExt::map(work, Some)
    }
}

#[cfg(feature = "enabled")]
pub use armed::{arm, disarm};

#[cfg(feature = "enabled")]
mod armed {
    use parking_lot::Mutex;
    use std::{future::poll_fn, task::Poll};

    struct Plan {
        site: &'static str,
        /// Polls until the cut.
        left: u64,
    }

    static PLAN: Mutex<Option<Plan>> = Mutex::new(None);

    /// From now on the k-th poll of any work at that site drops it instead; once.
    pub fn arm(site: &'static str, k: u64) {
        *PLAN.lock() = Some(Plan { site, left: k });
    }

    /// Ends that. Says whether something was dropped.
    pub fn disarm() -> bool {
        PLAN.lock().take().is_none()
    }

    pub fn sever<T>(site: &'static str, work: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
        let mut work = Some(Box::pin(work));
        poll_fn(move |cx| {
            if cuts(site) {
                work = None;
            }
            match &mut work {
                Some(work) => work.as_mut().poll(cx).map(Some),
                None => Poll::Ready(None),
            }
        })
    }

    fn cuts(site: &str) -> bool {
        let mut plan = PLAN.lock();
        let Some(armed) = plan.as_mut().filter(|plan| plan.site == site) else { return false };
        armed.left -= 1;
        let cuts = armed.left == 0;
        if cuts {
            *plan = None;
        }
        cuts
    }
}
