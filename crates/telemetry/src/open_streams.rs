//! Open streams, counted: hold one of these for as long as a stream lives.

use std::sync::atomic::{AtomicU32, Ordering};

/// Of the whole process, like the gauge.
static OPEN: AtomicU32 = AtomicU32::new(0);

/// How many are open in this process.
#[must_use]
pub fn open() -> u32 {
    OPEN.load(Ordering::Relaxed)
}

/// One open stream.
pub struct OpenStream(&'static str);

impl OpenStream {
    /// Counts a stream of this RPC.
    #[must_use]
    pub fn of(rpc: &'static str) -> Self {
        metrics::gauge!("comanda_open_streams", "rpc" => rpc).increment(1);
        OPEN.fetch_add(1, Ordering::Relaxed);
        Self(rpc)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        metrics::gauge!("comanda_open_streams", "rpc" => self.0).decrement(1);
        OPEN.fetch_sub(1, Ordering::Relaxed);
    }
}
