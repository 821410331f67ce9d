//! The schemas of all databases, as one line for each migration and column.

use harness::{Role, Shape, Shop};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::collections::{BTreeMap, BTreeSet};

const ROLES: [Role; 4] = [Role::Catalog, Role::Orders, Role::Kitchen, Role::Identity];

const POSTGRES: &str = "SELECT table_name AS t, column_name AS c, data_type AS y, is_nullable = 'NO' AS n, \
     column_default IS NOT NULL AS d FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2";
const SQLITE: &str = "SELECT m.name AS t, p.name AS c, p.type AS y, p.\"notnull\" AS n, p.dflt_value IS NOT NULL AS d \
     FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY 1, 2";
const MIGRATIONS: &str = "SELECT version AS v FROM seaql_migrations ORDER BY version";

pub fn file(shape: Shape) -> String {
    match shape {
        Shape::Embedded => "schema.sqlite".to_owned(),
        Shape::Mesh => "schema.postgres".to_owned(),
    }
}

/// Of a running shop.
pub async fn of(shop: &Shop) -> String {
    let mut lines = Vec::new();
    for role in ROLES {
        let database = shop.database(role).await;
        let name = format!("{role:?}").to_lowercase();
        for row in ask(&database, MIGRATIONS).await {
            lines.push(format!("{name} migration {}", row.try_get::<String>("", "v").expect("a version")));
        }
        let columns = if database.get_database_backend() == DbBackend::Postgres { POSTGRES } else { SQLITE };
        for row in ask(&database, columns).await {
            let text = |column| row.try_get::<String>("", column).expect("text");
            let flag = |column, word| if row.try_get::<bool>("", column).expect("a flag") { word } else { "" };
            let line = format!(
                "{name} {}.{} {}{}{}",
                text("t"),
                text("c"),
                text("y").replace(' ', "_"),
                flag("n", " required"),
                flag("d", " default")
            );
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}

async fn ask(database: &DatabaseConnection, sql: &str) -> Vec<sea_orm::QueryResult> {
    let statement = Statement::from_string(database.get_database_backend(), sql.to_owned());
    database.query_all_raw(statement).await.expect("the database answers")
}

/// What was there is there, no stricter; what is new asks nothing of a release that does not know it.
pub fn check_grown(before: &str, now: &str) {
    let columns = |text: &str| -> BTreeMap<(String, String), Vec<String>> {
        let words = text.lines().map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let columns = words.map(|words| ((words[0].clone(), words[1].clone()), words[2..].to_vec()));
        columns.filter(|((_, what), _)| what != "migration").collect()
    };
    let migrations = |text: &str| -> BTreeSet<String> {
        text.lines().filter(|line| line.contains(" migration ")).map(str::to_owned).collect()
    };
    let lost = migrations(before).difference(&migrations(now)).cloned().collect::<Vec<_>>();
    assert!(lost.is_empty(), "migrations that were applied are known no more: {lost:?}");
    let (old, new) = (columns(before), columns(now));
    let has = |words: &[String], word: &str| words.iter().any(|own| own == word);
    for (name, words) in &old {
        let now = new.get(name).unwrap_or_else(|| panic!("{name:?} is gone"));
        assert_eq!(words[0], now[0], "{name:?} has another type");
        assert!(has(words, "required") || !has(now, "required"), "{name:?} is required now");
    }
    let tables = old.keys().map(|(role, column)| (role, column.split('.').next())).collect::<BTreeSet<_>>();
    for ((role, column), words) in new.iter().filter(|(name, _)| !old.contains_key(name)) {
        let known = tables.contains(&(role, column.split('.').next()));
        assert!(
            !known || !has(words, "required") || has(words, "default"),
            "{role} {column}: earlier releases do not fill it"
        );
    }
}
