//! How a menu is changed, whatever the change: the shop's row is locked, the change is applied to all that the menu is
//! made of, and what differs is stored with a higher version and a row of history, in one transaction.
//!
//! A verb is a pure function on [`Rows`]; it knows nothing of versions, revisions or histories.

pub mod availability;
mod checks;
pub mod difference;
pub mod file;
pub mod import;
pub mod price;
pub mod product;
pub mod sample;
pub mod scheduled;
pub mod shop;

use crate::{
    menu,
    refusal::Refusal,
    rows::Rows,
    store::{
        self,
        entity::{self, Difference, Differences, menu_change},
    },
};
use chrono::{DateTime, Utc};
use comanda_proto::r#type::v1::Actor;
use comanda_storage::{
    database::{self, Database, Transaction},
    history::{Author, By},
    idempotency::IdempotentCommand,
};
use comanda_telemetry::trace;
use prost::Message;
use sea_orm::DbErr;
use std::collections::HashSet;
use uuid::Uuid;

/// What a history shows of one change at most.
const MAX_DIFFERENCES: usize = 1_000;

/// Of an encoded menu without what is of the day, for which there is room below the 4 MiB that gRPC's libraries take.
const MAX_MENU_BYTES: usize = 4_000_000;

/// A change of one shop's menu.
pub trait MenuCommand: Sync {
    /// What the caller gets.
    type Reply: Message + Default + Send;
    /// Its name in the history.
    const ACTION: &'static str;

    /// The shop's slug.
    fn shop(&self) -> &str;
    /// Who does it.
    fn author(&self) -> &By;
    /// Whether a shop that is not there is opened.
    fn opens_shop(&self) -> bool {
        false
    }
    /// Changes the menu. Must not touch versions, revisions or what belongs to them.
    ///
    /// # Errors
    /// Why nothing is changed.
    fn apply(&self, rows: &mut Rows, now: DateTime<Utc>) -> Result<(), Refusal>;
    /// Tells the menu after the change, and what differs.
    fn reply(&self, rows: &Rows, differences: &[Difference]) -> Self::Reply;
}

/// A command as a change that is made once.
#[derive(Debug)]
pub struct Execute<D>(pub D);

impl<D: MenuCommand> IdempotentCommand for Execute<D> {
    type Reply = D::Reply;
    type Error = Refusal;
    type Update = ();

    async fn decide(&self, txn: &Transaction, now: DateTime<Utc>) -> Result<(D::Reply, ()), Refusal> {
        let done = decide(txn, &self.0, now).await?;
        store_done(txn, &self.0, &done, now).await?;
        Ok((self.0.reply(&done.after, &done.differences), ()))
    }
}

/// What a command would do, without doing it.
///
/// # Errors
/// As the command itself.
pub async fn preview<D: MenuCommand>(database: &Database, command: &D) -> Result<D::Reply, Refusal> {
    let txn = database.snapshot().await?;
    let now = database::now(&txn).await?;
    let before = store::rows(&txn, command.shop()).await?;
    txn.rollback().await?;
    let done = apply(command, before, now)?;
    Ok(command.reply(&done.after, &done.differences))
}

/// Does a command that nobody asked for by a `request_id`; returns whether it changed anything.
///
/// # Errors
/// As the command itself.
pub async fn run<D: MenuCommand>(database: &Database, command: &D) -> Result<bool, Refusal> {
    let txn = database.begin().await?;
    let now = database::now(&txn).await?;
    let done = decide(&txn, command, now).await?;
    store_done(&txn, command, &done, now).await?;
    txn.commit().await?;
    Ok(!done.differences.is_empty())
}

/// A command, applied but not stored.
struct Done {
    before: Option<Rows>,
    after: Rows,
    differences: Vec<Difference>,
}

async fn decide<D: MenuCommand>(txn: &Transaction, command: &D, now: DateTime<Utc>) -> Result<Done, Refusal> {
    // Whoever changes a menu holds this lock, so versions rise in the order of the commits.
    store::lock_shop(txn, command.shop()).await?;
    let before = store::rows(txn, command.shop()).await?;
    let mut done = apply(command, before, now)?;
    if !done.differences.is_empty() {
        done.after.shop.version = menu::next_version(done.after.shop.version, now);
    }
    Ok(done)
}

fn apply<D: MenuCommand>(command: &D, before: Option<Rows>, now: DateTime<Utc>) -> Result<Done, Refusal> {
    let no_shop = || Refusal::NoShop(command.shop().to_owned());
    let mut after = match &before {
        Some(rows) => rows.clone(),
        None => command.opens_shop().then(|| Rows::new(command.shop().to_owned())).ok_or_else(no_shop)?,
    };
    command.apply(&mut after, now)?;
    after.shop.due_at = after.due_at();
    if let Some(before) = &before {
        raise_revisions(before, &mut after, command.author(), now);
    }
    let known = before.as_ref().map(difference::values).unwrap_or_default();
    let differences = difference::between(&known, &difference::values(&after));
    if !differences.is_empty() {
        check_size(before.as_ref(), &after)?;
    }
    Ok(Done { before, after, differences })
}

/// A menu is one message, and must be one that any client takes. What was larger before may at least shrink.
fn check_size(before: Option<&Rows>, after: &Rows) -> Result<(), Refusal> {
    let bytes = menu::size(after.clone());
    let fits = bytes <= MAX_MENU_BYTES || before.is_some_and(|before| menu::size(before.clone()) >= bytes);
    if fits { Ok(()) } else { Err(Refusal::TooLarge { bytes }) }
}

/// What was edited gets a new revision. Whether a product is sold out belongs to the day, not to the editor.
fn raise_revisions(before: &Rows, after: &mut Rows, author: &By, now: DateTime<Utc>) {
    let by = if author.actor == Actor::System { "Comanda" } else { name(author) };
    let settings = |shop: &entity::shop::Model| entity::shop::Model { version: 0, due_at: None, ..shop.clone() };
    if settings(&before.shop) != settings(&after.shop) {
        after.shop.revision += 1;
        (after.shop.edited_at, after.shop.edited_by) = (Some(now), by.to_owned());
    }
    let links: HashSet<_> =
        before.links.iter().map(|link| (link.product_id, link.option_group_id, link.position)).collect();
    let now_links: HashSet<_> =
        after.links.iter().map(|link| (link.product_id, link.option_group_id, link.position)).collect();
    let relinked: HashSet<Uuid> = links.symmetric_difference(&now_links).map(|(product, ..)| *product).collect();
    let content = |row: &entity::product::Model| entity::product::Model {
        available: true,
        available_again_at: None,
        position: 0,
        ..row.clone()
    };
    for (old, new) in before.products.iter().zip(&mut after.products) {
        if content(old) != content(new) || relinked.contains(&new.product_id) {
            new.revision += 1;
            (new.edited_at, new.edited_by) = (Some(now), by.to_owned());
        }
    }
}

fn name(by: &By) -> &str {
    by.author.as_ref().map_or("", Author::name)
}

async fn store_done<D: MenuCommand>(
    txn: &Transaction,
    command: &D,
    done: &Done,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if done.differences.is_empty() {
        return Ok(());
    }
    store::save(txn, done.before.as_ref(), &done.after).await?;
    let author = command.author();
    let change = menu_change::Model {
        shop_id: done.after.shop.shop_id.clone(),
        version: done.after.shop.version,
        changed_at: now,
        actor: author.actor as i16,
        author: name(author).to_owned(),
        changed_by: author.author.clone(),
        action: D::ACTION.to_owned(),
        differences: Differences(done.differences.iter().take(MAX_DIFFERENCES).cloned().collect()),
        difference_count: i32::try_from(done.differences.len()).unwrap_or(i32::MAX),
        trace_id: trace::id(),
    };
    store::add_change(txn, change).await
}

#[cfg(test)]
mod tests;
