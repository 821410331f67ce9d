//! A customer is forgotten: name, wishes and allergies leave an order that is over, wherever it is kept.

use crate::store::{archive, order_line, orders};
use comanda_context::error::ApiError;
use comanda_mesh::channel::Channel;
use comanda_proto::{
    kitchen::v1::{EraseCustomerRequest, kitchen_service_client::KitchenServiceClient},
    orders::v1::Order,
    r#type::v1::OrderState,
};
use comanda_storage::database::Database;
use sea_orm::{DbErr, entity::prelude::*, sea_query::Expr};
use tonic::{Code, Status};

/// Refuses as long as somebody may call the name.
pub fn check_over(order: &Order) -> Result<(), ApiError> {
    if matches!(order.state(), OrderState::Collected | OrderState::Cancelled) {
        return Ok(());
    }
    Err(ApiError::new(
        Code::FailedPrecondition,
        "ORDER_OPEN",
        "the order is not over yet",
        "o pedido ainda não terminou",
    ))
}

/// First in the kitchen, whose ticket may be open again: staff reopen what was collected.
pub async fn in_the_kitchen(kitchen: &KitchenServiceClient<Channel>, order_id: Uuid) -> Result<(), Status> {
    let request = EraseCustomerRequest { order_id: order_id.to_string() };
    let erased = kitchen.clone().erase_customer(request).await;
    erased.map(|_| ()).map_err(|status| match status.code() {
        Code::FailedPrecondition => status,
        _ => ApiError::unavailable("kitchen").into(),
    })
}

/// In the order's own rows, or where it is archived by now.
pub async fn here(database: &Database, order_id: Uuid) -> Result<(), DbErr> {
    let txn = database.begin().await?;
    // The order first: whoever archives it holds its row, too.
    orders::Entity::update_many()
        .col_expr(orders::Column::CustomerName, Expr::value(""))
        .filter(orders::Column::OrderId.eq(order_id))
        .exec(&txn)
        .await?;
    order_line::Entity::update_many()
        .col_expr(order_line::Column::Note, Expr::value(""))
        .col_expr(order_line::Column::Allergy, Expr::value(""))
        .filter(order_line::Column::OrderId.eq(order_id))
        .exec(&txn)
        .await?;
    archive::erase_customer(&txn, order_id).await?;
    txn.commit().await
}
