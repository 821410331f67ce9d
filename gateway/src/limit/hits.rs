//! Who ran into a limit, told to Identity every few seconds for the security log. What cannot be told waits; how much is
//! remembered is bounded.

use comanda_context::periodic::every;
use comanda_mesh::channel::Channel;
use comanda_proto::identity::v1::{
    RateLimited, ReportRateLimitedRequest, identity_service_client::IdentityServiceClient,
};
use parking_lot::Mutex;
use std::{collections::HashMap, net::IpAddr, time::Duration};
use tonic::Request;

const INTERVAL: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(2);
/// Callers; the others are one.
const MAX_CALLERS: usize = 1000;
/// In one report.
const MAX_TOLD: usize = 50;

type Counts = HashMap<(Option<IpAddr>, &'static str), i64>;

/// What was refused since the last report.
#[derive(Default)]
pub struct Hits(Mutex<Counts>);

impl Hits {
    /// One more refusal.
    pub fn count(&self, address: Option<IpAddr>, limit: &'static str) {
        let mut counts = self.0.lock();
        let known = counts.len() < MAX_CALLERS || counts.contains_key(&(address, limit));
        let count = counts.entry((address.filter(|_| known), limit)).or_default();
        *count = count.saturating_add(1);
    }

    /// The most frequent ones, which wait no longer.
    fn take(&self) -> Vec<RateLimited> {
        let mut all = std::mem::take(&mut *self.0.lock()).into_iter().collect::<Vec<_>>();
        all.sort_by_key(|(_, count)| -count);
        let told = all.into_iter().take(MAX_TOLD).map(|((address, limit), count)| RateLimited {
            address: address.map(|address| address.to_string()).unwrap_or_default(),
            limit: limit.to_owned(),
            count,
        });
        told.collect()
    }

    /// Tells Identity for as long as it is polled.
    pub async fn report(&self, identity: Channel) {
        let mut ticks = every(INTERVAL);
        loop {
            ticks.tick().await;
            let refusals = self.take();
            if refusals.is_empty() {
                continue;
            }
            let mut request = Request::new(ReportRateLimitedRequest { refusals });
            request.set_timeout(TIMEOUT);
            if let Err(status) = IdentityServiceClient::new(identity.clone()).report_rate_limited(request).await {
                tracing::debug!(code = ?status.code(), "the security log does not hear of limits");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_and_limit_is_counted_and_told_once() {
        let (hits, caller) = (Hits::default(), Some(IpAddr::from([192, 0, 2, 1])));
        for _ in 0..3 {
            hits.count(caller, "read");
        }
        hits.count(caller, "token");
        let told = hits.take();
        let told = told.iter().map(|hit| (hit.address.as_str(), hit.limit.as_str(), hit.count)).collect::<Vec<_>>();
        assert_eq!(told, [("192.0.2.1", "read", 3), ("192.0.2.1", "token", 1)]);
        assert_eq!(hits.take(), []);
    }

    #[test]
    fn a_thousand_callers_are_remembered_and_the_rest_as_one() {
        let hits = Hits::default();
        for caller in 0..5000_u32 {
            hits.count(Some(IpAddr::from(caller.to_be_bytes())), "read");
        }
        assert_eq!(hits.0.lock().len(), MAX_CALLERS + 1);
        let told = hits.take();
        assert_eq!((told.len(), told[0].address.as_str(), told[0].count), (MAX_TOLD, "", 4000));
    }
}
