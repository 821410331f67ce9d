//! Which limit a call counts against, read from the contracts: a stream is declared as one, and a change carries a
//! `request_id`. Must not name an RPC of ours, or the next one would be forgotten.

use prost::Message;
use prost_types::FileDescriptorSet;
use std::collections::HashMap;

const CHANGES_CARRY: &str = "request_id";

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
    /// As metrics and refusals call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Change => "change",
            Self::Stream => "stream",
        }
    }
}

/// The kinds of all RPCs, by path.
pub struct Kinds(HashMap<String, Kind>);

impl Kinds {
    /// Reads the contracts of this deployment, and those of health and reflection.
    ///
    /// # Errors
    /// They are unreadable.
    pub fn of_contracts() -> Result<Self, String> {
        let contracts = [
            comanda_proto::DESCRIPTORS,
            tonic_health::pb::FILE_DESCRIPTOR_SET,
            tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
            tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
        ];
        let mut kinds = HashMap::new();
        for contract in contracts {
            kinds.extend(kinds_in(&FileDescriptorSet::decode(contract).map_err(|error| error.to_string())?));
        }
        Ok(Self(kinds))
    }

    /// What a call of this path does; what is unknown will be refused, which costs no more than reading.
    pub fn of(&self, path: &str) -> Kind {
        self.0.get(path).copied().unwrap_or(Kind::Read)
    }
}

fn kinds_in(contract: &FileDescriptorSet) -> HashMap<String, Kind> {
    let mut changes = Vec::new();
    for file in &contract.file {
        let changing = file.message_type.iter().filter(|m| m.field.iter().any(|field| field.name() == CHANGES_CARRY));
        changes.extend(changing.map(|message| format!(".{}.{}", file.package(), message.name())));
    }
    let mut kinds = HashMap::new();
    for (file, service) in contract.file.iter().flat_map(|file| file.service.iter().map(move |service| (file, service)))
    {
        for method in &service.method {
            let kind = match method {
                _ if method.client_streaming() || method.server_streaming() => Kind::Stream,
                _ if changes.iter().any(|name| name == method.input_type()) => Kind::Change,
                _ => Kind::Read,
            };
            kinds.insert(format!("/{}.{}/{}", file.package(), service.name(), method.name()), kind);
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rpc_has_the_kind_that_people_would_say() {
        let kinds = Kinds::of_contracts().expect("readable contracts");
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
            assert_eq!(kinds.of(path), kind, "{path}");
        }
    }
}
