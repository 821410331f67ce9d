//! The backstop: what RabbitMQ itself gives up on, because it was delivered 1000 times and never acknowledged, becomes a
//! dead letter like any other. Otherwise it would lie in a queue that nobody reads.

use crate::{
    broker::Delivery,
    consumer::{Checked, Consumer, Handler},
};

const GIVEN_UP: &str = "the broker gave up delivering it";

impl<H: Handler> Consumer<H> {
    /// Buries what the broker gives up on, under the queue that it came from. Nothing to do for a broker that never gives
    /// up.
    pub(crate) async fn bury_given_up(&self) {
        if let Some(queue) = self.broker.delivery_limit_dlq(self.queue) {
            self.supervise(&queue, Self::condemn).await;
        }
    }

    /// Checks a message only to tell which order it is about; it is not applied, because it may be what kills consumers.
    fn condemn(&self, delivery: Delivery) -> Checked<H::Input> {
        let mut checked = self.check(delivery);
        checked.input = Err(match checked.input {
            Ok(_) => GIVEN_UP.into(),
            Err(why) => format!("{GIVEN_UP}: {why}").into(),
        });
        checked
    }
}
