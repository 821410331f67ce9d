//! What a provider's groups mean here, as a setting says it: `donos=OWNER gerentes-centro=MANAGER@centro,norte`.

use crate::people::MAX_SHOPS;
use comanda_auth::role::Role;
use comanda_types::validation::is_shop;
use serde_json::Value;
use std::{collections::BTreeSet, str::FromStr};

/// A role, and the shops where it counts; an owner has none, because every shop is his or hers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    pub role: Role,
    /// In order, each once.
    pub shops: Vec<String>,
}

/// Groups, each with what it grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles(Vec<(String, Granted)>);

impl Roles {
    /// Of a claim, which is a name or a list of names: the highest role that one of them grants, in the shops where it does.
    pub fn of(&self, claim: Option<&Value>) -> Option<Granted> {
        let names = match claim {
            Some(Value::String(name)) => vec![name.as_str()],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        };
        let granted = self.0.iter().filter(|(group, _)| names.contains(&group.as_str())).map(|(_, granted)| granted);
        let granted = granted.collect::<Vec<_>>();
        let role = granted.iter().map(|granted| granted.role).max()?;
        let shops = granted.iter().filter(|granted| granted.role == role).flat_map(|granted| &granted.shops);
        Some(Granted { role, shops: shops.cloned().collect::<BTreeSet<_>>().into_iter().collect() })
    }
}

/// What is wrong with a mapping; shows none of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRoles {
    /// There is no entry.
    #[error("must name a group, such as donos=OWNER")]
    Empty,
    /// Which entry is none.
    #[error(
        "must be entries such as donos=OWNER or gerentes=MANAGER@centro,norte, separated by spaces; BARISTA and MANAGER need \
         shops and OWNER has none; entry {0} is none"
    )]
    Entry(usize),
    /// More than a person may have.
    #[error("must not name more than {MAX_SHOPS} shops for one role")]
    Shops,
}

impl FromStr for Roles {
    type Err = NoRoles;

    fn from_str(text: &str) -> Result<Self, NoRoles> {
        let entries = text.split_whitespace().enumerate();
        let entries = entries.map(|(at, text)| entry(text).ok_or(NoRoles::Entry(at + 1)));
        let roles = Self(entries.collect::<Result<Vec<_>, _>>()?);
        if roles.0.is_empty() {
            return Err(NoRoles::Empty);
        }
        for role in [Role::Barista, Role::Manager] {
            let shops = roles.0.iter().filter(|(_, granted)| granted.role == role);
            if shops.flat_map(|(_, granted)| &granted.shops).collect::<BTreeSet<_>>().len() > MAX_SHOPS {
                return Err(NoRoles::Shops);
            }
        }
        Ok(roles)
    }
}

/// The name of a group may have a `=` itself, as those of directories do.
fn entry(text: &str) -> Option<(String, Granted)> {
    let (group, granted) = text.rsplit_once('=').filter(|(group, _)| !group.is_empty())?;
    let (role, shops) = granted.split_once('@').map_or((granted, None), |(role, shops)| (role, Some(shops)));
    let shops = shops.map(|shops| shops.split(',').map(str::to_owned).collect::<Vec<_>>());
    let granted = match (role, shops) {
        ("OWNER", None) => Granted { role: Role::Owner, shops: vec![] },
        ("MANAGER", Some(shops)) => Granted { role: Role::Manager, shops },
        ("BARISTA", Some(shops)) => Granted { role: Role::Barista, shops },
        _ => return None,
    };
    granted.shops.iter().all(|shop| is_shop(shop)).then(|| (group.to_owned(), granted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn roles() -> Roles {
        "donos=OWNER gerentes=MANAGER@centro,norte cn=sul,dc=cafe=MANAGER@sul caixa=BARISTA@norte,centro"
            .parse()
            .expect("good")
    }

    #[test]
    fn the_highest_role_wins_and_only_its_shops_count() {
        let of = |claim: Value| roles().of(Some(&claim)).map(|granted| (granted.role, granted.shops.join(",")));
        let granted = |role, shops: &str| Some((role, shops.to_owned()));
        assert_eq!(of(json!(["caixa"])), granted(Role::Barista, "centro,norte"));
        assert_eq!(of(json!("caixa")), granted(Role::Barista, "centro,norte"));
        assert_eq!(of(json!(["caixa", "cn=sul,dc=cafe"])), granted(Role::Manager, "sul"));
        assert_eq!(of(json!(["cn=sul,dc=cafe", "gerentes", 7])), granted(Role::Manager, "centro,norte,sul"));
        assert_eq!(of(json!(["gerentes", "donos"])), granted(Role::Owner, ""));
    }

    #[test]
    fn who_is_in_no_such_group_has_no_role() {
        for claim in
            [json!([]), json!("Donos"), json!(["caix"]), json!({"donos": true}), json!(["donos "]), Value::Null]
        {
            assert_eq!(roles().of(Some(&claim)), None, "{claim}");
        }
        assert_eq!(roles().of(None), None);
    }

    #[test]
    fn what_is_no_mapping_is_refused_by_its_place() {
        let read = |text: &str| text.parse::<Roles>();
        for wrong in [
            "donos",
            "=OWNER",
            "donos=",
            "donos=owner",
            "donos=OWNER@main",
            "a=MANAGER",
            "a=MANAGER@",
            "a=MANAGER@centro,",
            "a=BARISTA@Centro",
            "a=PANEL@main",
            "a=MANAGER@x@y",
        ] {
            assert_eq!(read(&format!("good=OWNER {wrong}")), Err(NoRoles::Entry(2)), "{wrong}");
        }
        assert_eq!(read("  "), Err(NoRoles::Empty));
        let many = (0..=MAX_SHOPS).map(|n| format!("g{n}=MANAGER@shop-{n}")).collect::<Vec<_>>();
        assert_eq!(read(&many.join(" ")), Err(NoRoles::Shops));
        assert!(read(&many[1..].join("\n")).is_ok());
    }
}
