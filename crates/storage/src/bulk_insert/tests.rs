use super::*;
use crate::test_db::TestDb;
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
    let note = |id| note::Model { id, said: String::new(), by: (id % 2 == 0).then(|| "Ana".to_owned()), count: None };
    (0..count).map(note).collect()
}

fn without_count(notes: Vec<note::Model>) -> Vec<note::ActiveModel> {
    notes.into_iter().map(|note| note::ActiveModel { count: NotSet, ..note.into_active_model() }).collect()
}

#[test]
fn a_statement_is_as_short_for_many_rows_as_for_two() {
    let sql = |count| {
        let inserts = inserts(DbBackend::Postgres, without_count(notes(count)), None).expect("they go together");
        assert_eq!(inserts.len(), 1);
        StatementBuilder::build(&inserts[0], &DbBackend::Postgres).sql
    };
    let several =
        r#"INSERT INTO "note" ("id", "said", "by") SELECT UNNEST($1), UNNEST($2), UNNEST(ARRAY_REPLACE($3, $4, NULL))"#;
    assert_eq!(sql(2), several);
    assert_eq!(sql(500), several);
    assert_eq!(sql(1), r#"INSERT INTO "note" ("id", "said", "by") VALUES ($1, $2, $3)"#);
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
    let test_db = TestDb::empty().await;
    let database = &test_db.database;
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
