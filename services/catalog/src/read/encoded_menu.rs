//! A menu at one version as it goes over the wire. It is encoded once, when it is read from the database; the near
//! copy, Redis and every reply share these bytes. Knows neither where they come from nor where they go.

use comanda_proto::catalog::v1::Menu;
use prost::{Message, bytes::Bytes};

/// One version of a shop's menu, encoded. Never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The shop's slug.
    pub shop_id: String,
    /// Of the menu.
    pub version: i64,
    /// The encoded [`Menu`]. Cloning shares it.
    pub bytes: Bytes,
}

/// The fields of a [`Menu`] that say which one it is; the others are passed over, which costs nothing for each product.
#[derive(Message)]
struct Head {
    #[prost(string, tag = "1")]
    shop_id: String,
    #[prost(int64, tag = "2")]
    version: i64,
}

impl Body {
    /// Encodes a menu.
    #[must_use]
    pub fn of(menu: &Menu) -> Self {
        Self { shop_id: menu.shop_id.clone(), version: menu.version, bytes: menu.encode_to_vec().into() }
    }

    /// These bytes, if they are the menu of this shop at this version: whatever else somebody kept there is of no use.
    /// Looked at once, so that no reader has to; what its products say is believed, since only we write under that key.
    #[must_use]
    pub fn checked(bytes: Bytes, shop: &str, version: i64) -> Option<Self> {
        let head = Head::decode(bytes.clone()).ok()?;
        let fits = head.shop_id == shop && head.version == version;
        fits.then(|| Self { shop_id: head.shop_id, version, bytes })
    }
}

#[cfg(test)]
impl Body {
    /// What is inside.
    pub fn menu(&self) -> Menu {
        Menu::decode(self.bytes.clone()).expect("a menu")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_menu_that_was_asked_for_is_taken() {
        let body = Body::of(&Menu { shop_id: "main".into(), version: 7, ..Default::default() });
        assert_eq!(Body::checked(body.bytes.clone(), "main", 7), Some(body.clone()));
        assert_eq!(Body::checked(body.bytes.clone(), "main", 8), None);
        assert_eq!(Body::checked(body.bytes.clone(), "other", 7), None);
        assert_eq!(Body::checked(Bytes::from_static(b"\x0a\xff"), "main", 7), None);
        assert_eq!(Body::checked(Bytes::new(), "main", 7), None);
        let long =
            Menu { shop_id: "main".into(), version: 7, time_zone: "America/Sao_Paulo".into(), ..Default::default() };
        let long = Body::of(&long).bytes;
        assert!(Body::checked(long.clone(), "main", 7).is_some());
        assert_eq!(Body::checked(long.slice(..long.len() - 1), "main", 7), None, "cut off");
    }
}
