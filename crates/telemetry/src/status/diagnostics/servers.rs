//! Broker and cache: are they there, and do they take what they are given?

use super::{Finding, GetStatusResponse, Level, Replica, every, finding, problem};
use crate::status::v1::{Backlog, Problem, ProblemKind, Server};

pub fn servers(status: &GetStatusResponse) -> Vec<Finding> {
    let found = every(status).flat_map(|replica| {
        let servers = replica.role.servers.iter();
        servers.flat_map(move |server| of_server(&replica, server))
    });
    found.collect()
}

fn of_server(replica: &Replica<'_>, server: &Server) -> Vec<Finding> {
    let away = (!server.answers).then(|| away(replica, server));
    // Why there is no connection is told with that.
    let other = |problem: &&Problem| server.answers || problem.kind() != ProblemKind::Unreachable;
    let problems = server.problems.iter().filter(other).map(|problem| refusal(replica, server, problem));
    away.into_iter().chain(problems).collect()
}

fn is_cache(server: &Server) -> bool {
    server.product != "RabbitMQ"
}

fn away(replica: &Replica<'_>, server: &Server) -> Finding {
    let (name, product) = (replica.name(), &server.product);
    let why = server.problems.iter().find(|problem| problem.kind() == ProblemKind::Unreachable);
    let why = why.map(|why| format!(" ({})", why.detail)).unwrap_or_default();
    if is_cache(server) {
        return problem(
            Level::Warning,
            [format!("{product} does not answer {name}{why}."), format!("O {product} não responde a {name}{why}.")],
            [
                "Start it; COMANDA_CACHE_URL names it. Menus come from the database meanwhile.".to_owned(),
                "Inicie-o; COMANDA_CACHE_URL diz qual é. Enquanto isso os cardápios vêm do banco de dados.".to_owned(),
            ],
        );
    }
    let Backlog { outbox_events, .. } = replica.role.backlog.unwrap_or_default();
    problem(
        Level::Alarm,
        [
            format!("{product} does not answer {name}; events that wait for it: {outbox_events}{why}."),
            format!("O {product} não responde a {name}; eventos que esperam por ele: {outbox_events}{why}."),
        ],
        [
            format!(
                "Start {product}, or see why it refuses; COMANDA_BROKER_URL names it. Orders are taken meanwhile, and reach the kitchen when it is back."
            ),
            format!(
                "Inicie o {product}, ou veja por que recusa; COMANDA_BROKER_URL diz qual é. Os pedidos são aceitos e chegam à cozinha quando ele voltar."
            ),
        ],
    )
}

fn refusal(replica: &Replica<'_>, server: &Server, what: &Problem) -> Finding {
    let (name, product, detail) = (replica.name(), &server.product, &what.detail);
    let level = if is_cache(server) { Level::Warning } else { Level::Alarm };
    let (sentence, remedy) = match (what.kind(), is_cache(server)) {
        (ProblemKind::Unreachable, false) => (
            [
                format!("A connection of {name} to {product} cannot be opened: {detail}."),
                format!("Uma conexão de {name} ao {product} não pode ser aberta: {detail}."),
            ],
            [
                "See why that node refuses; COMANDA_BROKER_URL names it.",
                "Veja por que esse nó recusa; COMANDA_BROKER_URL diz qual é.",
            ],
        ),
        (ProblemKind::Arguments, _) => (
            [
                format!("{product} has a queue or an exchange with other arguments than {name} needs: {detail}."),
                format!("O {product} tem uma fila ou um exchange com outros argumentos que {name} precisa: {detail}."),
            ],
            [
                "Arguments cannot change: stop who reads it, wait until it is empty, and delete it; it is made anew at once. Orders wait in the outbox meanwhile.",
                "Argumentos não mudam: pare quem a lê, espere ela esvaziar e apague-a; ela é refeita na hora. Enquanto isso os pedidos esperam.",
            ],
        ),
        (ProblemKind::Permission, false) => (
            [
                format!("{product} denies {name} something that it needs: {detail}."),
                format!("O {product} nega a {name} algo de que precisa: {detail}."),
            ],
            [
                "See that the user of COMANDA_BROKER_URL exists with that password, and has the permissions configure, write and read in its virtual host: `rabbitmqctl set_permissions --vhost VHOST USER '.*' '.*' '.*'`.",
                "Veja que o usuário de COMANDA_BROKER_URL existe com essa senha, e tem as permissões configure, write e read no virtual host: `rabbitmqctl set_permissions --vhost VHOST USER '.*' '.*' '.*'`.",
            ],
        ),
        (ProblemKind::Blocked, _) => (
            [
                format!("{product} takes no messages of {name}: {detail}."),
                format!("O {product} não aceita mensagens de {name}: {detail}."),
            ],
            [
                "It goes on by itself once it has memory and disk again: `rabbitmq-diagnostics alarms` says what is short.",
                "Ele volta sozinho quando tiver memória e disco: `rabbitmq-diagnostics alarms` diz o que falta.",
            ],
        ),
        (kind, _) => return cache(level, &name, product, kind, detail),
    };
    finding(level, sentence, Some(remedy.map(str::to_owned)))
}

fn cache(level: Level, name: &str, product: &str, kind: ProblemKind, detail: &str) -> Finding {
    let remedy = match kind {
        ProblemKind::Memory => [
            "Set maxmemory-policy to allkeys-lru, or raise maxmemory: a cache has to drop what is old.",
            "Ponha maxmemory-policy em allkeys-lru, ou aumente maxmemory: um cache precisa descartar o que é velho.",
        ],
        ProblemKind::ReadOnly => [
            "It is a replica: COMANDA_CACHE_URL must name the primary.",
            "É uma réplica: COMANDA_CACHE_URL deve dizer o primário.",
        ],
        ProblemKind::Permission => [
            "Let the user of COMANDA_CACHE_URL do GET, SET and INFO on the keys menu:*: `ACL SETUSER USER +get +set +info ~menu:*`.",
            "Permita ao usuário de COMANDA_CACHE_URL GET, SET e INFO nas chaves menu:*: `ACL SETUSER USER +get +set +info ~menu:*`.",
        ],
        _ => ["Its log says more; COMANDA_CACHE_URL names it.", "O log dele diz mais; COMANDA_CACHE_URL diz qual é."],
    };
    finding(
        level,
        [
            format!("{product} takes no writes of {name}: {detail}. Menus come from the database more often."),
            format!("O {product} não aceita escritas de {name}: {detail}. Os cardápios vêm mais vezes do banco."),
        ],
        Some(remedy.map(str::to_owned)),
    )
}
