//! The verb that makes a menu what a file says. Things are known by their keys: what the file names is changed or comes
//! back, what is new gets an id, what the file leaves out is archived. Availability and pauses are of the day, no part
//! of a file, and stay as they are.

mod pass;

use crate::{
    edit::{
        MenuCommand,
        file::{MenuFile, Text},
    },
    refusal::Refusal,
    rows::{Keyed, Rows},
    store::entity::Difference,
};
use chrono::{DateTime, Utc};
use comanda_context::error::ApiError;
use comanda_proto::catalog::v1::{ImportMenuResponse, MenuDifference};
use comanda_storage::history::By;
use comanda_types::validation::Checks;
use pass::Import;
use prost::Message;
use std::collections::HashMap;

/// In minor units; enough for any coffee, and a full order of them still fits a number.
pub const MAX_PRICE: i64 = 1_000_000_000;

/// What an answer tells of its differences: it must be one that any client takes.
const MAX_DIFFERENCES_BYTES: usize = 2 * 1024 * 1024;

/// A file that shall be the menu.
#[derive(Debug)]
pub struct ImportMenu {
    pub file: MenuFile,
    /// The version that the file was made from, or 0.
    pub known_version: i64,
    /// Whether a shop that is not there is opened.
    pub may_open: bool,
    pub author: By,
}

impl MenuCommand for ImportMenu {
    type Reply = ImportMenuResponse;
    const ACTION: &'static str = "ImportMenu";

    fn shop(&self) -> &str {
        &self.file.shop.value
    }

    fn author(&self) -> &By {
        &self.author
    }

    fn opens_shop(&self) -> bool {
        self.may_open
    }

    fn apply(&self, rows: &mut Rows, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.known_version != 0 && self.known_version != rows.shop.version {
            return Err(Refusal::VersionMismatch { current: rows.shop.version });
        }
        let mut checks = Checks::default();
        Import { rows, now, checks: &mut checks }.all(&self.file);
        checks.done().map_err(Refusal::Invalid)
    }

    fn reply(&self, rows: &Rows, differences: &[Difference]) -> ImportMenuResponse {
        let shop_id = rows.shop.shop_id.clone();
        let difference_count = i32::try_from(differences.len()).unwrap_or(i32::MAX);
        let mut room = MAX_DIFFERENCES_BYTES;
        let fits = |difference: &MenuDifference| {
            let enough = room.checked_sub(difference.encoded_len() + 8);
            room = enough.unwrap_or_default();
            enough.is_some()
        };
        let differences = differences.iter().cloned().map(MenuDifference::from).take_while(fits).collect();
        ImportMenuResponse { shop_id, menu_version: rows.shop.version, differences, difference_count }
    }
}

impl From<Difference> for MenuDifference {
    fn from(Difference { path, before, after }: Difference) -> Self {
        Self { path, before, after }
    }
}

/// Judges a file by itself, as an import into an empty catalog would.
///
/// # Errors
/// INVALID_ARGUMENT FIELD_INVALID, naming line and field of each mistake.
pub fn check_file(file: &str) -> Result<(), ApiError> {
    let file = MenuFile::parse(file)?;
    let mut checks = Checks::default();
    let mut rows = Rows::new(file.shop.value.clone());
    Import { rows: &mut rows, now: DateTime::UNIX_EPOCH, checks: &mut checks }.all(&file);
    checks.done()
}

/// Where each key's row is, a new one at the end if need be. What no key names is archived.
fn slots<T: Keyed>(
    rows: &mut Vec<T>,
    keys: &[&Text],
    now: DateTime<Utc>,
    new: impl Fn(Option<String>) -> T,
) -> Vec<usize> {
    slots_of(rows, |_| true, keys, now, new)
}

/// The same within the rows of one owner.
fn slots_of<T: Keyed>(
    rows: &mut Vec<T>,
    owned: impl Fn(&T) -> bool,
    keys: &[&Text],
    now: DateTime<Utc>,
    new: impl Fn(Option<String>) -> T,
) -> Vec<usize> {
    let mut known: HashMap<String, usize> = HashMap::new();
    for (index, row) in rows.iter_mut().enumerate().filter(|(_, row)| owned(row)) {
        known.insert(row.key(), index);
        row.archive(now);
    }
    let mut slot = |key: &&Text| {
        *known.entry(key.value.clone()).or_insert_with(|| {
            rows.push(new(Some(key.value.clone())));
            rows.len() - 1
        })
    };
    keys.iter().map(&mut slot).collect()
}
