//! Open streams, counted: hold one of these for as long as a stream lives.

/// One open stream.
pub struct OpenStream(&'static str);

impl OpenStream {
    /// Counts a stream of this RPC.
    #[must_use]
    pub fn of(rpc: &'static str) -> Self {
        metrics::gauge!("comanda_open_streams", "rpc" => rpc).increment(1);
        Self(rpc)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        metrics::gauge!("comanda_open_streams", "rpc" => self.0).decrement(1);
    }
}
