//! What the contracts say of each RPC beside its messages: who may call it, whether it streams, and whether it may be
//! repeated. Read once from descriptor bytes; nothing here knows a service by name.

use prost_reflect::{
    DescriptorPool, ExtensionDescriptor, MethodDescriptor, Value,
    prost_types::{MethodOptions, method_options::IdempotencyLevel},
};
use std::{collections::HashMap, sync::Arc};

const ACCESS_OPTION: &str = "comanda.type.v1.access";
const BYTES_OPTION: &str = "comanda.type.v1.max_request_bytes";
/// Of a request, where its method says nothing else.
pub const MAX_REQUEST_BYTES: usize = 64 * 1024;

/// Who may call an RPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// The holder of an order's token.
    Customer,
    /// The pickup panel.
    Panel,
    /// Baristas of the shop, and those above them.
    Barista,
    /// Managers of the shop, and owners.
    Manager,
    /// Owners.
    Owner,
    /// Another service.
    Service,
    /// The gateway, for itself.
    Gateway,
}

/// What a repeat of an RPC does, by the standard option `idempotency_level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// It only reads.
    Reads,
    /// A repeat changes nothing more.
    Safe,
    /// Nothing is promised.
    Unsafe,
}

/// One RPC.
#[derive(Debug, Clone)]
pub struct Method {
    /// Who may call it.
    pub access: Vec<Access>,
    /// It answers with a stream.
    pub streams: bool,
    /// What a repeat does.
    pub repeat: Idempotency,
    /// The longest request, in bytes.
    pub max_request: usize,
}

/// Why descriptors are of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// The bytes are no descriptor set.
    #[error("the contracts cannot be read: {0}")]
    Unreadable(String),
    /// An option that every method needs is not defined.
    #[error("the contracts define no option {0}")]
    NoOption(&'static str),
}

/// All RPCs by path, such as `/comanda.orders.v1.OrderService/PlaceOrder`. Cloning shares them.
#[derive(Debug, Clone)]
pub struct Contracts(Arc<HashMap<String, Method>>);

impl Contracts {
    /// Reads a serialized `FileDescriptorSet`.
    ///
    /// # Errors
    /// The bytes are no descriptor set, or do not define the options.
    pub fn new(descriptors: &[u8]) -> Result<Self, ContractError> {
        let pool = DescriptorPool::decode(descriptors).map_err(|error| ContractError::Unreadable(error.to_string()))?;
        let option = |name| pool.get_extension_by_name(name).ok_or(ContractError::NoOption(name));
        let (access, bytes) = (option(ACCESS_OPTION)?, option(BYTES_OPTION)?);
        let methods = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
        let known = methods.map(|method| {
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            let (access, max_request) = (allowed(&method, &access), max_request(&method, &bytes));
            (path, Method { access, streams: method.is_server_streaming(), repeat: repeat(&method), max_request })
        });
        Ok(Self(Arc::new(known.collect())))
    }

    /// What is said of a path; `None` for an RPC that no contract knows.
    #[must_use]
    pub fn method(&self, path: &str) -> Option<&Method> {
        self.0.get(path)
    }
}

fn allowed(method: &MethodDescriptor, option: &ExtensionDescriptor) -> Vec<Access> {
    let options = method.options();
    let value = options.get_extension(option);
    let numbers = value.as_list().unwrap_or(&[]).iter().filter_map(Value::as_enum_number);
    let access = |number| match number {
        1 => Some(Access::Public),
        2 => Some(Access::Customer),
        3 => Some(Access::Barista),
        4 => Some(Access::Panel),
        5 => Some(Access::Service),
        6 => Some(Access::Manager),
        7 => Some(Access::Owner),
        8 => Some(Access::Gateway),
        _ => None,
    };
    numbers.filter_map(access).collect()
}

fn max_request(method: &MethodDescriptor, option: &ExtensionDescriptor) -> usize {
    let set = method.options().get_extension(option).as_u32().filter(|bytes| *bytes > 0);
    set.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(MAX_REQUEST_BYTES)
}

fn repeat(method: &MethodDescriptor) -> Idempotency {
    let level = method.method_descriptor_proto().options.as_ref().map(MethodOptions::idempotency_level);
    match level {
        Some(IdempotencyLevel::NoSideEffects) => Idempotency::Reads,
        Some(IdempotencyLevel::Idempotent) => Idempotency::Safe,
        Some(IdempotencyLevel::IdempotencyUnknown) | None => Idempotency::Unsafe,
    }
}
