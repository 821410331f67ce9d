//! Replies whose menu stays encoded. A menu is encoded once per version and then handed to thousands of readers; with
//! the generated types each of them would cost a copy of the whole tree and an encoding of it. Here the sub-message is
//! the bytes that it is on the wire anyway, so that a server shares them and only who wants to look inside decodes.
//!
//! Same numbers, same types, same wire: the test below holds these types to the contract. One thing differs: a field
//! that is sent twice replaces the first instead of being merged with it, and nobody sends one twice.

use crate::catalog::v1::Menu;
use prost::{DecodeError, Message, bytes::Bytes};

/// A menu, or the news that the known one is current.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct GetMenuResponse {
    /// `menu` of the contract, as the bytes of a [`Menu`]; absent when `not_modified`.
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub encoded_menu: Option<Bytes>,
    /// True when known_version is the current version.
    #[prost(bool, tag = "2")]
    pub not_modified: bool,
    /// True when the database could not be asked in time, so the menu may be older than one second.
    #[prost(bool, tag = "3")]
    pub stale: bool,
    /// How long after asking the caller may answer others with this menu, in milliseconds; 0 when `stale`.
    #[prost(int32, tag = "4")]
    pub fresh_millis: i32,
}

/// A new menu, or a heartbeat.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct WatchMenuResponse {
    /// `menu` of the contract, as the bytes of a [`Menu`]; absent in a heartbeat: the last one sent, or the known one,
    /// is current.
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub encoded_menu: Option<Bytes>,
    /// The version that is shown now.
    #[prost(int64, tag = "2")]
    pub version: i64,
    /// True while the database cannot be asked, so the menu may be older than one second.
    #[prost(bool, tag = "3")]
    pub stale: bool,
}

impl GetMenuResponse {
    /// The menu inside, if there is one.
    ///
    /// # Errors
    /// The bytes are no menu.
    pub fn menu(&self) -> Result<Option<Menu>, DecodeError> {
        decoded(self.encoded_menu.as_ref())
    }
}

impl WatchMenuResponse {
    /// The menu inside, if there is one.
    ///
    /// # Errors
    /// The bytes are no menu.
    pub fn menu(&self) -> Result<Option<Menu>, DecodeError> {
        decoded(self.encoded_menu.as_ref())
    }
}

fn decoded(menu: Option<&Bytes>) -> Result<Option<Menu>, DecodeError> {
    menu.map(|menu| Menu::decode(menu.clone())).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DESCRIPTORS, catalog::v1::Category};
    use prost_reflect::{DescriptorPool, DynamicMessage, Kind, MessageDescriptor, Value};

    fn contract(message: &str) -> MessageDescriptor {
        let pool = DescriptorPool::decode(DESCRIPTORS).expect("the contracts");
        pool.get_message_by_name(&format!("comanda.catalog.v1.{message}")).expect("a message")
    }

    fn menu() -> Menu {
        let coffee = Category { name: "Cafés".into(), ..Default::default() };
        Menu { shop_id: "main".into(), version: 1_764_000_000_000, categories: vec![coffee], ..Default::default() }
    }

    /// Reads it by the contract, looks at every field, and writes it back.
    fn judge(contract: &MessageDescriptor, ours: &impl Message, expected: &[(&str, Value)]) {
        let bytes = ours.encode_to_vec();
        let theirs = DynamicMessage::decode(contract.clone(), bytes.as_slice()).expect("readable by the contract");
        assert_eq!(theirs.unknown_fields().count(), 0);
        assert_eq!(contract.fields().count(), expected.len(), "a field of the contract is not here");
        for (name, value) in expected {
            assert_eq!(theirs.get_field_by_name(name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(theirs.encode_to_vec(), bytes);
    }

    /// As the contract sees a menu.
    fn seen(contract: &MessageDescriptor) -> Value {
        let field = contract.get_field_by_name("menu").expect("a menu");
        let Kind::Message(kind) = field.kind() else { panic!("the menu is a message") };
        Value::Message(DynamicMessage::decode(kind, menu().encode_to_vec().as_slice()).expect("a menu"))
    }

    #[test]
    fn a_reply_is_on_the_wire_what_the_contract_says() {
        let contract = contract("GetMenuResponse");
        let encoded_menu = Some(menu().encode_to_vec().into());
        let full = GetMenuResponse { encoded_menu, not_modified: true, stale: true, fresh_millis: 700 };
        let expected = [
            ("menu", seen(&contract)),
            ("not_modified", Value::Bool(true)),
            ("stale", Value::Bool(true)),
            ("fresh_millis", Value::I32(700)),
        ];
        judge(&contract, &full, &expected);
        let back = GetMenuResponse::decode(full.encode_to_vec().as_slice()).expect("ours");
        assert_eq!((back.menu().expect("a menu"), &back), (Some(menu()), &full));
    }

    #[test]
    fn news_is_on_the_wire_what_the_contract_says() {
        let contract = contract("WatchMenuResponse");
        let full = WatchMenuResponse { encoded_menu: Some(menu().encode_to_vec().into()), version: 7, stale: true };
        let expected = [("menu", seen(&contract)), ("version", Value::I64(7)), ("stale", Value::Bool(true))];
        judge(&contract, &full, &expected);
        let back = WatchMenuResponse::decode(full.encode_to_vec().as_slice()).expect("ours");
        assert_eq!((back.menu().expect("a menu"), &back), (Some(menu()), &full));
    }

    #[test]
    fn no_menu_and_an_empty_menu_are_two_things() {
        assert!(GetMenuResponse::default().encode_to_vec().is_empty());
        let empty = GetMenuResponse { encoded_menu: Some(Bytes::new()), ..Default::default() };
        let back = GetMenuResponse::decode(empty.encode_to_vec().as_slice()).expect("ours");
        assert_eq!(back.menu().expect("a menu"), Some(Menu::default()));
        let broken = GetMenuResponse { encoded_menu: Some(Bytes::from_static(b"\x0a\xff")), ..Default::default() };
        broken.menu().expect_err("no menu");
    }
}
