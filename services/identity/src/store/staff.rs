//! People and where they work.

use super::entity::{staff, staff_shop};
use chrono::{DateTime, Utc};
use comanda_storage::database::Transaction;
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DbErr, IntoActiveModel, QueryOrder, QuerySelect, Select, entity::prelude::*,
    sea_query::Query,
};
use std::collections::HashMap;

/// A person, with his or her shops in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub row: staff::Model,
    pub shops: Vec<String>,
}

/// By id, whether at work or gone.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Person>, DbErr> {
    with_shops(connection, staff::Entity::find_by_id(id)).await.map(|found| found.into_iter().next())
}

/// The same, and nobody else changes the person until the transaction ends.
pub async fn locked(txn: &Transaction, id: Uuid) -> Result<Option<Person>, DbErr> {
    with_shops(txn, staff::Entity::find_by_id(id).lock_exclusive()).await.map(|found| found.into_iter().next())
}

/// By login, whether at work or gone.
pub async fn by_login(connection: &impl ConnectionTrait, login: &str) -> Result<Option<Person>, DbErr> {
    let found = with_shops(connection, staff::Entity::find().filter(staff::Column::Login.eq(login))).await?;
    Ok(found.into_iter().next())
}

/// By who that is at a provider, whether at work or gone.
pub async fn by_subject(
    connection: &impl ConnectionTrait,
    issuer: &str,
    subject: &str,
) -> Result<Option<Person>, DbErr> {
    let found = staff::Entity::find().filter(staff::Column::Issuer.eq(issuer));
    Ok(with_shops(connection, found.filter(staff::Column::Subject.eq(subject))).await?.into_iter().next())
}

/// The people of a shop by name, and those with this role, to whom every shop is open.
pub async fn of_shop(
    connection: &impl ConnectionTrait,
    shop: &str,
    or_role: Option<i16>,
    with_archived: bool,
) -> Result<Vec<Person>, DbErr> {
    let theirs = Query::select()
        .column(staff_shop::Column::StaffId)
        .from(staff_shop::Entity)
        .and_where(staff_shop::Column::ShopId.eq(shop))
        .to_owned();
    let mut whose = sea_orm::Condition::any().add(staff::Column::StaffId.in_subquery(theirs));
    if let Some(role) = or_role {
        whose = whose.add(staff::Column::Role.eq(role));
    }
    let mut people = staff::Entity::find().filter(whose);
    if !with_archived {
        people = people.filter(staff::Column::ArchivedAt.is_null());
    }
    with_shops(connection, people.order_by_asc(staff::Column::Name).order_by_asc(staff::Column::StaffId)).await
}

/// Those at work with this role, oldest first.
pub async fn of_role(connection: &impl ConnectionTrait, role: i16) -> Result<Vec<staff::Model>, DbErr> {
    let people = staff::Entity::find().filter(staff::Column::Role.eq(role));
    people.filter(staff::Column::ArchivedAt.is_null()).order_by_asc(staff::Column::StaffId).all(connection).await
}

/// Whether anybody with this role has ever signed in.
pub async fn has_signed_in(connection: &impl ConnectionTrait, role: i16) -> Result<bool, DbErr> {
    use sea_orm::SelectExt;
    let people = staff::Entity::find().filter(staff::Column::Role.eq(role));
    people.filter(staff::Column::SignedInAt.is_not_null()).exists(connection).await
}

/// Adds a person.
pub async fn insert(txn: &Transaction, person: &Person) -> Result<(), DbErr> {
    staff::Entity::insert(person.row.clone().into_active_model()).exec_without_returning(txn).await?;
    add_shops(txn, person).await
}

/// Stores a person who is locked, and where.
pub async fn save(txn: &Transaction, person: &Person) -> Result<(), DbErr> {
    staff::Entity::update(person.row.clone().into_active_model().reset_all()).exec(txn).await?;
    staff_shop::Entity::delete_many().filter(staff_shop::Column::StaffId.eq(person.row.staff_id)).exec(txn).await?;
    add_shops(txn, person).await
}

/// Notes that the person has signed in.
pub async fn signed_in(txn: &Transaction, id: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    let noted = staff::Entity::update_many().col_expr(staff::Column::SignedInAt, Expr::value(now));
    noted.filter(staff::Column::StaffId.eq(id)).exec(txn).await.map(drop)
}

async fn add_shops(txn: &Transaction, person: &Person) -> Result<(), DbErr> {
    if person.shops.is_empty() {
        return Ok(());
    }
    let shop =
        |shop: &String| staff_shop::ActiveModel { staff_id: Set(person.row.staff_id), shop_id: Set(shop.clone()) };
    let shops = staff_shop::Entity::insert_many(person.shops.iter().map(shop));
    shops.exec_without_returning(txn).await.map(drop)
}

async fn with_shops(connection: &impl ConnectionTrait, people: Select<staff::Entity>) -> Result<Vec<Person>, DbErr> {
    let rows = people.all(connection).await?;
    let mut shops: HashMap<Uuid, Vec<String>> = HashMap::new();
    for ids in rows.chunks(500) {
        let of =
            staff_shop::Entity::find().filter(staff_shop::Column::StaffId.is_in(ids.iter().map(|row| row.staff_id)));
        for row in of.order_by_asc(staff_shop::Column::ShopId).all(connection).await? {
            shops.entry(row.staff_id).or_default().push(row.shop_id);
        }
    }
    let person = |row: staff::Model| Person { shops: shops.remove(&row.staff_id).unwrap_or_default(), row };
    Ok(rows.into_iter().map(person).collect())
}
