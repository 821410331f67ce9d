//! Servers that answer and refuse something all the same: `comanda doctor` says what, and how to mend it.

use harness::{Servers, Shop, queues, run, trials};
use libtest_mimic::Trial;

use crate::{
    dead_letters::QUEUE,
    doctor::{running, until_says, until_well},
};

pub fn tests() -> Vec<Trial> {
    trials![
        a_queue_with_other_arguments_is_named,
        missing_permissions_are_named,
        a_cache_that_refuses_writes_is_named,
        a_cache_is_called_by_its_own_name,
        one_database_for_several_roles_is_refused,
    ]
}

async fn a_queue_with_other_arguments_is_named() {
    let servers = Servers::shared().await;
    let broker = servers.rabbitmq.virtual_host();
    queues::declare_plainly(&broker, QUEUE).await.expect("declared");
    let shop = Shop::mesh_with(&servers, 1, vec![("COMANDA_BROKER_URL", broker.clone())]).await;
    let said = until_says(&shop, "RabbitMQ has a queue or an exchange with other arguments than orders needs: ").await;
    assert!(said.contains(&format!("for queue '{QUEUE}'")), "{said}");
    queues::delete(&broker, QUEUE).await.expect("deleted");
    until_well(&shop).await;
}

async fn missing_permissions_are_named() {
    let servers = Servers::private().await;
    let broker = servers.rabbitmq.virtual_host();
    servers.rabbitmq.permit(&broker, ["^$", ".*", ".*"]).await;
    let shop = Shop::mesh_with(&servers, 1, vec![("COMANDA_BROKER_URL", broker.clone())]).await;
    let said = until_says(&shop, "RabbitMQ denies orders something that it needs: ").await;
    assert!(said.contains("exchange 'comanda.work'") && said.contains("rabbitmqctl set_permissions"), "{said}");
    servers.rabbitmq.permit(&broker, [".*", ".*", ".*"]).await;
    until_well(&shop).await;
}

async fn a_cache_that_refuses_writes_is_named() {
    let servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 1).await;
    until_well(&shop).await;
    for (break_it, mend_it, says, remedy) in [
        ("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0", "OOM", "allkeys-lru"),
        ("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE", "READONLY", "the primary"),
        ("ACL SETUSER default -set", "ACL SETUSER default +set", "NOPERM", "ACL SETUSER"),
    ] {
        assert_eq!(servers.redis.ask(break_it).expect("it answers"), "+OK");
        let said = until_says(&shop, &format!("takes no writes of catalog: {says}")).await;
        assert!(said.contains(remedy), "{said}");
        assert_eq!(servers.redis.ask(mend_it).expect("it answers"), "+OK");
        until_well(&shop).await;
    }
}

async fn a_cache_is_called_by_its_own_name() {
    let servers = Servers::shared().await;
    let shop = Shop::mesh(&servers, 1).await;
    until_well(&shop).await;
    let cache = running(&shop, "catalog").await[0]["roles"][0]["servers"][0].clone();
    assert_eq!(cache["product"], servers.redis.product(), "{cache}");
    assert!(cache["version"].as_str().is_some_and(|version| !version.is_empty()), "{cache}");
}

async fn one_database_for_several_roles_is_refused() {
    let servers = Servers::shared().await;
    let url = servers.postgres.create_database("all").await;
    let other = servers.postgres.create_database("catalog").await;
    let of = |catalog: &str| {
        vec![
            ("COMANDA_CATALOG_DATABASE_URL", catalog.to_owned()),
            ("COMANDA_ORDERS_DATABASE_URL", url.clone()),
            ("COMANDA_KITCHEN_DATABASE_URL", format!("{url}?application_name=kitchen")),
        ]
    };
    let refused = run(&["migrate"], of(&other)).await;
    let sentence = "COMANDA_ORDERS_DATABASE_URL and COMANDA_KITCHEN_DATABASE_URL name one and the same database";
    assert!(!refused.status.success() && refused.log.contains(sentence), "{}", refused.log);

    // While it runs, whose database is whose can be told, and replicas of one role are no strangers.
    let shop = Shop::mesh(&servers, 2).await;
    until_well(&shop).await;
    let identities = async |role: &str| {
        let processes = running(&shop, role).await;
        processes.iter().map(|p| p["roles"][0]["database"]["identity"].to_string()).collect::<Vec<_>>()
    };
    let (orders, kitchen) = (identities("orders").await, identities("kitchen").await);
    assert!(orders.len() == 2 && orders[0] == orders[1] && orders[0].len() > 10, "{orders:?}");
    assert_ne!(orders[0], kitchen[0]);
}
