//! New rows, many at a time. For Postgres each column of several rows goes as one array, so that a statement is as short
//! for a thousand as for two, and one statement stores the rows of several tables. A single row goes as values, which
//! costs it less, and SQLite takes all rows so, in rounds.

use crate::chunk::chunks;
use sea_orm::{
    DbBackend, DbErr, Iterable,
    entity::prelude::*,
    sea_query::{CommonTableExpression, Func, InsertStatement, Query, SelectStatement, Value, WithClause, WithQuery},
};

type ColumnOf<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column;

/// What inserts rows that all set the same columns, with a value of the database's own beside them if there is one. A
/// column that may be NULL holds no empty text: it is stored as NULL.
///
/// # Errors
/// A NULL that is no text: leave its column out.
pub fn inserts<A: ActiveModelTrait>(
    backend: DbBackend,
    rows: Vec<A>,
    also: Option<(ColumnOf<A>, Expr)>,
) -> Result<Vec<InsertStatement>, DbErr> {
    let Some(first) = rows.first() else { return Ok(vec![]) };
    let columns: Vec<_> = ColumnOf::<A>::iter().filter(|column| !first.get(*column).is_not_set()).collect();
    let insert = || {
        let named = columns.iter().copied().chain(also.as_ref().map(|(column, _)| *column));
        Query::insert().into_table(A::Entity::default()).columns(named).to_owned()
    };
    let own = also.as_ref().map(|(_, value)| value.clone());
    if backend == DbBackend::Postgres && rows.len() > 1 {
        let mut insert = insert();
        insert.select_from(arrays(rows, &columns, own)?).map_err(odd)?;
        return Ok(vec![insert]);
    }
    let in_values = |rows: Vec<A>| {
        let mut insert = insert();
        for mut row in rows {
            let values = columns.iter().filter_map(|column| row.take(*column).into_value()).map(Expr::val);
            insert.values(values.chain(own.clone())).map_err(odd)?;
        }
        Ok(insert)
    };
    chunks(rows).map(in_values).collect()
}

/// Executes inserts: on Postgres all as one statement, whose tables may need each other's rows.
///
/// # Errors
/// The database failed.
pub async fn store(connection: &impl ConnectionTrait, mut inserts: Vec<InsertStatement>) -> Result<(), DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres && inserts.len() > 1 {
        let main = inserts.swap_remove(0);
        let mut others = WithClause::new();
        for (number, insert) in inserts.into_iter().enumerate() {
            let mut table = CommonTableExpression::new();
            table.query(insert).table_name(format!("rows_{number}"));
            others.cte(table);
        }
        let mut all = WithQuery::new();
        all.with_clause(others).query(main);
        return connection.execute(&all).await.map(drop);
    }
    for insert in inserts {
        connection.execute(&insert).await?;
    }
    Ok(())
}

/// All rows, column by column.
fn arrays<A: ActiveModelTrait>(
    mut rows: Vec<A>,
    columns: &[ColumnOf<A>],
    own: Option<Expr>,
) -> Result<SelectStatement, DbErr> {
    let mut select = Query::select();
    for column in columns {
        let values: Vec<_> = rows.iter_mut().filter_map(|row| row.take(*column).into_value()).map(found).collect();
        let kind = values.first().ok_or_else(|| odd(column.as_str()))?.array_type();
        // The driver's arrays hold no NULL.
        if values.len() < rows.len() || values.iter().any(|value| *value == value.as_null()) {
            return Err(odd(column.as_str()));
        }
        let is_text = matches!(values.first(), Some(Value::String(_)));
        let array = Expr::val(Value::Array(kind, Some(Box::new(values))));
        let array = match column.def().is_null() && is_text {
            true => Func::cust("ARRAY_REPLACE").args([array, Expr::val(""), Expr::null()]).into(),
            false => array,
        };
        select.expr(Func::cust("UNNEST").arg(array));
    }
    select.exprs(own);
    Ok(select)
}

/// A text that is NULL, as an array can hold it.
fn found(value: Value) -> Value {
    if value == Value::String(None) { "".into() } else { value }
}

fn odd(what: impl ToString) -> DbErr {
    DbErr::Type(format!("rows that cannot go together: {}", what.to_string()))
}

#[cfg(test)]
mod tests;
