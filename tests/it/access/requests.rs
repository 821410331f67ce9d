//! Requests for any RPC, filled by the names of its fields, and a client that sends them without knowing them.

use std::marker::PhantomData;

use harness::Replica;
use prost::{
    Message,
    bytes::{Buf, BufMut},
};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, Value};
use tonic::{
    Code, Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};
use tonic_types::StatusExt;
use uuid::Uuid;

/// What a shop has that requests can name.
#[derive(Debug, Clone)]
pub struct Things {
    pub shop: String,
    pub order: String,
    pub product: String,
    pub staff: String,
    pub device: String,
    pub menu_file: String,
}

/// A request that is in order as far as names can say, about these things.
pub fn request(method: &MethodDescriptor, things: &Things) -> DynamicMessage {
    let mask = if method.name() == "UpdateShop" { "pause" } else { "name" };
    filled(&method.input(), things, mask)
}

fn filled(message: &MessageDescriptor, things: &Things, mask: &str) -> DynamicMessage {
    let mut request = DynamicMessage::new(message.clone());
    for field in message.fields() {
        if field.containing_oneof().is_some_and(|choice| choice.fields().next().as_ref() != Some(&field)) {
            continue;
        }
        if let Some(value) = value(&field, things, mask) {
            request.set_field(&field, if field.is_list() { Value::List(vec![value]) } else { value });
        }
    }
    request
}

fn value(field: &FieldDescriptor, things: &Things, mask: &str) -> Option<Value> {
    let text = |text: &str| Some(Value::String(text.to_owned()));
    match (field.name(), field.kind()) {
        ("request_id", _) => text(&Uuid::new_v4().to_string()),
        ("shop_id" | "shop_ids", _) => text(&things.shop),
        ("order_id" | "order_ids", _) => text(&things.order),
        ("product_id", _) => text(&things.product),
        ("staff_id", _) => text(&things.staff),
        ("device_id", _) => text(&things.device),
        ("category_id", _) => text(&Uuid::new_v4().to_string()),
        ("file", _) => text(&things.menu_file),
        ("name" | "customer_name", _) => text("Bia"),
        ("login", _) => text(&format!("bia-{}", Uuid::new_v4())),
        ("paths", _) => text(mask),
        ("currency_code", _) => text("BRL"),
        ("reason", Kind::String) => text("por engano"),
        ("revision", _) => Some(Value::I64(1)),
        ("quantity", _) => Some(Value::I32(1)),
        // BARISTA, for people and devices alike.
        ("role", _) => Some(Value::EnumNumber(2)),
        (
            "shop" | "product" | "staff" | "price" | "update_mask" | "lines" | "service_mode" | "take_away",
            Kind::Message(inner),
        ) => Some(Value::Message(filled(&inner, things, mask))),
        _ => None,
    }
}

/// How a call ended, or that it began to answer: the code, and the reason.
pub async fn outcome(
    gateway: &Replica,
    method: &MethodDescriptor,
    things: &Things,
    token: Option<&str>,
) -> (Code, String) {
    let mut call = Request::new(request(method, things).encode_to_vec());
    if let Some(token) = token {
        call.metadata_mut().insert("authorization", format!("Bearer {token}").parse().expect("metadata"));
    }
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let path = path.parse().expect("a path");
    let mut client = Grpc::new(gateway.channel());
    client.ready().await.expect("a connection");
    let answer = if method.is_server_streaming() {
        match client.server_streaming(call, path, Bytes(PhantomData)).await {
            Ok(reply) => reply.into_inner().message().await.map(|_| ()),
            Err(status) => Err(status),
        }
    } else {
        client.unary(call, path, Bytes(PhantomData)).await.map(|_| ())
    };
    match answer {
        Ok(()) => (Code::Ok, String::new()),
        Err(status) => (status.code(), status.get_details_error_info().map_or(String::new(), |info| info.reason)),
    }
}

/// Messages as bytes.
struct Bytes(PhantomData<()>);

impl Codec for Bytes {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self(PhantomData)
    }

    fn decoder(&mut self) -> Self {
        Self(PhantomData)
    }
}

impl Encoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item.as_slice());
        Ok(())
    }
}

impl Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let length = buffer.remaining();
        Ok(Some(buffer.copy_to_bytes(length).to_vec()))
    }
}
