//! The contracts between Comanda's services, as generated from `proto/comanda/<area>/v1/*.proto`, and nothing else but
//! two messages of the same wire format: replies that carry a menu keep it encoded, because it is encoded once per
//! version and read by everybody. What holds a secret shows its name and no more ([`std::fmt::Debug`]).

mod encoded;
mod secret;

/// Defines the module of one generated package.
macro_rules! package {
    ($(#[$doc:meta])* $area:ident, $package:literal $(, $by_hand:item)?) => {
        $(#[$doc])*
        pub mod $area {
            /// Version 1.
            #[allow(missing_docs, clippy::all, rustdoc::all)]
            pub mod v1 {
                tonic::include_proto!($package);
                $($by_hand)?
            }
        }
    };
}

package! {
    /// Words that every contract shares.
    r#type, "comanda.r#type.v1"
}
package! {
    /// Menus.
    catalog, "comanda.catalog.v1", pub use crate::encoded::{GetMenuResponse, WatchMenuResponse};
}
package! {
    /// Orders.
    orders, "comanda.orders.v1"
}
package! {
    /// Tickets.
    kitchen, "comanda.kitchen.v1"
}
package! {
    /// People, devices, and what they may do.
    identity, "comanda.identity.v1"
}
package! {
    /// What travels through the broker.
    events, "comanda.events.v1"
}

/// Every contract as a serialized `FileDescriptorSet`, options and comments included: for reflection and for the gate.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
