//! New rows, many at a time. For Postgres each column goes as one array, so that a statement is as short for a thousand
//! rows as for one, and one statement stores the rows of several tables. SQLite takes them in rounds of values.

use crate::rounds::rounds;
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
    if backend == DbBackend::Postgres {
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
    rounds(rows).map(in_values).collect()
}

/// Executes inserts: on Postgres all as one statement, whose tables may need each other's rows.
///
/// # Errors
/// The database failed.
pub async fn store(connection: &impl ConnectionTrait, mut inserts: Vec<InsertStatement>) -> Result<(), DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres && inserts.len() > 1 {
        let last = inserts.swap_remove(0);
        let mut others = WithClause::new();
        for (number, insert) in inserts.into_iter().enumerate() {
            let mut table = CommonTableExpression::new();
            table.query(insert).table_name(format!("rows_{number}"));
            others.cte(table);
        }
        let mut all = WithQuery::new();
        all.with_clause(others).query(last);
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
        let values: Vec<_> = rows.iter_mut().filter_map(|row| row.take(*column).into_value()).map(told).collect();
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
fn told(value: Value) -> Value {
    if value == Value::String(None) { "".into() } else { value }
}

fn odd(what: impl ToString) -> DbErr {
    DbErr::Type(format!("rows that cannot go together: {}", what.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Database;
    use sea_orm::{ActiveValue::NotSet, DbBackend, EntityTrait, IntoActiveModel, QueryOrder, StatementBuilder};

    mod note {
        use sea_orm::entity::prelude::*;

        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "note")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub id: i64,
            pub said: String,
            pub by: Option<String>,
            pub count: Option<i64>,
        }

        impl ActiveModelBehavior for ActiveModel {}
    }

    fn notes(count: i64) -> Vec<note::Model> {
        let note =
            |id| note::Model { id, said: String::new(), by: (id % 2 == 0).then(|| "Ana".to_owned()), count: None };
        (0..count).map(note).collect()
    }

    fn without_count(notes: Vec<note::Model>) -> Vec<note::ActiveModel> {
        notes.into_iter().map(|note| note::ActiveModel { count: NotSet, ..note.into_active_model() }).collect()
    }

    #[test]
    fn a_statement_is_as_short_for_many_rows_as_for_one() {
        let sql = |count| {
            let inserts = inserts(DbBackend::Postgres, without_count(notes(count)), None).expect("they go together");
            assert_eq!(inserts.len(), 1);
            StatementBuilder::build(&inserts[0], &DbBackend::Postgres).sql
        };
        let one = r#"INSERT INTO "note" ("id", "said", "by") SELECT UNNEST($1), UNNEST($2), UNNEST(ARRAY_REPLACE($3, $4, NULL))"#;
        assert_eq!(sql(1), one);
        assert_eq!(sql(500), one);
        assert!(inserts(DbBackend::Postgres, Vec::<note::ActiveModel>::new(), None).expect("nothing to do").is_empty());
    }

    #[test]
    fn what_no_array_holds_is_an_error() {
        let whole: Vec<note::ActiveModel> = notes(2).into_iter().map(IntoActiveModel::into_active_model).collect();
        assert!(inserts(DbBackend::Postgres, whole, None).is_err());
        let mut mixed = without_count(notes(2));
        mixed[1].said = NotSet;
        assert!(inserts(DbBackend::Postgres, mixed, None).is_err());
    }

    #[tokio::test]
    async fn every_row_is_stored() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("notes.db").display());
        let database = Database::connect(&url).await.expect("a database");
        let table = "CREATE TABLE note (id INTEGER PRIMARY KEY, said TEXT NOT NULL, \"by\" TEXT, count INTEGER)";
        database.writer().execute_unprepared(table).await.expect("a table");
        let rows = inserts(DbBackend::Sqlite, without_count(notes(100)), None).expect("they go together");
        store(database.writer(), rows).await.expect("stored");
        let seven = Some((note::Column::Count, Expr::val(7)));
        let late = note::Model { id: 100, said: String::new(), by: None, count: Some(7) };
        let rows = inserts(DbBackend::Sqlite, without_count(vec![late.clone()]), seven).expect("they go together");
        store(database.writer(), rows).await.expect("stored");
        let stored = note::Entity::find().order_by_asc(note::Column::Id).all(database.reader()).await.expect("rows");
        assert_eq!(stored, [notes(100), vec![late]].concat());
    }
}
