//! Messages as JSON, for people and programs that read no protobuf.

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde_json::{Value, value::Serializer};

/// A message cannot be written as JSON: the build put it and its descriptors together wrongly.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JsonError(String);

impl From<String> for JsonError {
    fn from(why: String) -> Self {
        Self(why)
    }
}

/// A message of this name as protobuf writes JSON: names in camel case, times as RFC 3339, nothing left out.
///
/// # Errors
/// Never, as long as the descriptors have it.
pub fn of(descriptors: &[u8], name: &str, message: &impl Message) -> Result<Value, JsonError> {
    let pool = DescriptorPool::decode(descriptors).map_err(|error| error.to_string())?;
    let descriptor = pool.get_message_by_name(name).ok_or_else(|| format!("{name} is not described"))?;
    let bytes = message.encode_to_vec();
    let message = DynamicMessage::decode(descriptor, bytes.as_slice()).map_err(|error| error.to_string())?;
    let options = SerializeOptions::new().skip_default_fields(false);
    Ok(message.serialize_with_options(Serializer, &options).map_err(|error| error.to_string())?)
}
