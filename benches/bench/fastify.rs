//! The peer of the REST face: what a team would write in an afternoon, `benches/peers/fastify`, on the same Postgres.

use harness::{Port, Process, Servers, command, connect};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::path::Path;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/fastify");
const SCHEMA: &str = "\
CREATE TABLE menu (shop text PRIMARY KEY, version bigint NOT NULL, body text NOT NULL);
CREATE TABLE product (id uuid PRIMARY KEY, price integer NOT NULL, available boolean NOT NULL);
CREATE TABLE orders (id uuid PRIMARY KEY, number bigint GENERATED ALWAYS AS IDENTITY, customer text NOT NULL,
    state text NOT NULL, total integer NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE order_line (order_id uuid REFERENCES orders, position integer, product_id uuid REFERENCES product,
    quantity integer NOT NULL, price integer NOT NULL, PRIMARY KEY (order_id, position));
CREATE TABLE idempotency (key uuid PRIMARY KEY, body json NOT NULL, created_at timestamptz NOT NULL DEFAULT now());";

/// One process; stopped when dropped.
pub struct Fastify {
    process: Process,
    port: Port,
    _folder: harness::Folder,
}

impl Fastify {
    /// On a database of its own, with this menu and one product; `None` where its packages are not installed.
    pub async fn on(servers: &Servers, menu: &str, product_id: &str) -> Option<Self> {
        Path::new(FOLDER).join("node_modules/fastify").exists().then_some(())?;
        let url = servers.postgres.create_database("fastify").await;
        let database = connect(&url).await.expect("Postgres answers");
        database.execute_unprepared(SCHEMA).await.expect("the schema");
        let insert = |sql: &str, values: Vec<sea_orm::Value>| {
            database.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values))
        };
        insert("INSERT INTO menu VALUES ('main', 1, $1)", vec![menu.into()]).await.expect("a menu");
        let product = insert("INSERT INTO product VALUES ($1::uuid, 1250, true)", vec![product_id.into()]);
        product.await.expect("a product");
        let (folder, port) = (harness::Folder::new("fastify"), Port::free());
        let mut node = command("node");
        node.arg("server.mjs").current_dir(FOLDER).env("NODE_ENV", "production");
        node.env("DATABASE_URL", &url).env("PORT", port.number().to_string());
        let mut process = Process::spawn("fastify", node, &folder.join("log"));
        process.until_listening(&port).await;
        Some(Self { process, port, _folder: folder })
    }

    pub fn address(&self) -> String {
        self.port.address()
    }

    pub fn pids(&self) -> Vec<u32> {
        self.process.pids()
    }
}
