//! Which limit a call counts against, as its contract says whether it streams and whether it only reads. Must not name an
//! RPC of ours, or the next one would be forgotten.

use comanda_auth::contracts::{Contracts, Idempotency, Method};

/// What the gateway answers by itself and goes on answering.
const OWN_STREAMS: [&str; 2] = ["/grpc.health.v1.Health/Watch", "/grpc.reflection."];

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It looks at something.
    Read,
    /// It changes something.
    Change,
    /// It looks, and goes on looking.
    Stream,
}

impl Kind {
    /// What a call of this path does; what is unknown will be refused, which costs no more than reading.
    pub fn of(contracts: &Contracts, path: &str) -> Self {
        match contracts.method(path) {
            Some(Method { streams: true, .. }) => Self::Stream,
            Some(Method { repeat: Idempotency::Reads, .. }) => Self::Read,
            Some(_) => Self::Change,
            None if OWN_STREAMS.iter().any(|own| path.starts_with(own)) => Self::Stream,
            None => Self::Read,
        }
    }

    /// As metrics and refusals call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Change => "change",
            Self::Stream => "stream",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rpc_has_the_kind_that_people_would_say() {
        let contracts = Contracts::new(comanda_proto::DESCRIPTORS).expect("readable contracts");
        let cases = [
            ("/comanda.orders.v1.OrderService/PlaceOrder", Kind::Change),
            ("/comanda.orders.v1.OrderService/CancelOrder", Kind::Change),
            ("/comanda.kitchen.v1.KitchenService/StartTicket", Kind::Change),
            ("/comanda.catalog.v1.CatalogAdminService/ImportMenu", Kind::Change),
            ("/comanda.orders.v1.OrderService/GetOrder", Kind::Read),
            ("/comanda.catalog.v1.CatalogService/GetMenu", Kind::Read),
            ("/comanda.catalog.v1.CatalogService/WatchMenu", Kind::Stream),
            ("/comanda.orders.v1.OrderService/WatchOrder", Kind::Stream),
            ("/comanda.kitchen.v1.KitchenService/WatchTickets", Kind::Stream),
            ("/grpc.health.v1.Health/Check", Kind::Read),
            ("/grpc.health.v1.Health/Watch", Kind::Stream),
            ("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Kind::Stream),
            ("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Kind::Stream),
            ("/comanda.orders.v1.OrderService/Nonsense", Kind::Read),
        ];
        for (path, kind) in cases {
            assert_eq!(Kind::of(&contracts, path), kind, "{path}");
        }
    }
}
