//! Is everybody there? Roles and databases; broker and cache are in [`super::servers`].

use super::{Finding, GetStatusResponse, Level, Replica, every, problem, replicas, variable};
use crate::status::v1::DiskState;
use std::collections::{BTreeMap, BTreeSet};

pub fn roles(status: &GetStatusResponse) -> Vec<Finding> {
    let present = replicas(status);
    let away = status.unreachable.iter().map(|away| {
        let (role, reason) = (&away.role, &away.reason);
        let covered = present.contains_key(role.as_str());
        let level = if covered { Level::Warning } else { Level::Alarm };
        let [one, um] = if covered { ["A replica of ", "Uma réplica de "] } else { ["", ""] };
        let url = variable(role, "URL");
        problem(
            level,
            [format!("{one}{role} does not answer: {reason}."), format!("{um}{role} não responde: {reason}.")],
            [
                format!("Start it, or read the end of its log. {url} of the gateway must name where it listens."),
                format!("Inicie-o, ou leia o fim do log dele. {url} do gateway deve dizer onde ele escuta."),
            ],
        )
    });
    let idle = every(status)
        .filter(|replica| !replica.role.ready && !waits_for_database(replica) && !takes_no_writes(replica))
        .map(|replica| {
            let name = replica.name();
            problem(
                Level::Warning,
                [format!("{name} takes no calls."), format!("{name} não aceita chamadas.")],
                [
                    "It is starting or stopping. If that lasts longer than a minute, read its log.".to_owned(),
                    "Está iniciando ou parando. Se durar mais de um minuto, leia o log.".to_owned(),
                ],
            )
        });
    away.chain(idle).collect()
}

fn waits_for_database(replica: &Replica<'_>) -> bool {
    replica.role.database.as_ref().is_some_and(|database| !database.answers)
}

pub fn databases(status: &GetStatusResponse) -> Vec<Finding> {
    let silent = every(status).filter(waits_for_database).map(|replica| {
        let (name, role) = (replica.name(), &replica.role.name);
        let embedded = replica.role.database.as_ref().is_some_and(|database| database.product == "SQLite");
        let url = variable(role, "DATABASE_URL");
        let [look, olhe] = match embedded {
            true => [
                "Look at the disk of the data folder: is it full or gone?".to_owned(),
                "Olhe o disco da pasta de dados: está cheio ou sumiu?".to_owned(),
            ],
            false => [
                format!("Is PostgreSQL running, and can this machine reach it? {url} names it."),
                format!("O PostgreSQL está rodando, e esta máquina chega até ele? {url} diz qual é."),
            ],
        };
        let [meanwhile, enquanto] = match role.as_str() {
            "catalog" => ["Menus are shown as they were.", "Os cardápios aparecem como estavam."],
            _ => [
                "What is stored is safe; nothing new can be stored.",
                "O que está salvo está seguro; nada novo pode ser salvo.",
            ],
        };
        problem(
            Level::Alarm,
            [format!("The database of {name} does not answer."), format!("O banco de dados de {name} não responde.")],
            [format!("{look} {meanwhile}"), format!("{olhe} {enquanto}")],
        )
    });
    let read_only = every(status).filter(takes_no_writes).map(|replica| {
        let (name, url) = (replica.name(), variable(&replica.role.name, "DATABASE_URL"));
        problem(
            Level::Alarm,
            [
                format!("The database of {name} is read-only: nothing can be stored."),
                format!("O banco de dados de {name} só aceita leitura: nada pode ser salvo."),
            ],
            [
                format!("{url} names a standby, or a primary with default_transaction_read_only. Name the primary, or allow writes."),
                format!("{url} indica uma réplica, ou um primário com default_transaction_read_only. Indique o primário, ou permita escrita."),
            ],
        )
    });
    silent.chain(read_only).chain(shared(status)).collect()
}

fn takes_no_writes(replica: &Replica<'_>) -> bool {
    replica.role.database.as_ref().is_some_and(|database| database.answers && database.read_only)
}

pub fn disks(status: &GetStatusResponse) -> Vec<Finding> {
    let short = status.processes.iter().filter_map(|process| {
        let (host, disk) = (&process.host, process.disk?);
        let free = disk.free_bytes / (1024 * 1024);
        let (level, sentence) = match disk.state() {
            DiskState::Unspecified | DiskState::Enough => return None,
            DiskState::Low => (
                Level::Warning,
                [
                    format!("The disk of the data folder ({host}) is nearly full: {free} MiB are free."),
                    format!("O disco da pasta de dados ({host}) está quase cheio: {free} MiB livres."),
                ],
            ),
            DiskState::Full => (
                Level::Alarm,
                [
                    format!("The disk of the data folder ({host}) is full: {free} MiB are free. No new orders are taken."),
                    format!("O disco da pasta de dados ({host}) está cheio: {free} MiB livres. Novos pedidos são recusados."),
                ],
            ),
        };
        let remedy = [
            "Make room: delete what does not belong to Comanda, or old copies (`*.before-upgrade-*`) in the data folder. Orders are taken again by themselves.",
            "Libere espaço: apague o que não é do Comanda, ou cópias antigas (`*.before-upgrade-*`) na pasta de dados. Os pedidos voltam a ser aceitos sozinhos.",
        ];
        Some(problem(level, sentence, remedy.map(str::to_owned)))
    });
    short.collect()
}

/// Roles that use one database: each has tables of its own under the same names, and would take the others' for its own.
fn shared(status: &GetStatusResponse) -> Vec<Finding> {
    let mut users: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for Replica { process, role, .. } in every(status) {
        let Some(database) = role.database.as_ref().filter(|database| !database.identity.is_empty()) else { continue };
        // The path of a file says something on one machine only.
        let machine = if database.product == "SQLite" { process.host.rsplit_once('/') } else { None };
        let machine = machine.map_or("", |(machine, _)| machine);
        users.entry((machine, &database.identity)).or_default().insert(&role.name);
    }
    let crowded = users.into_values().filter(|roles| roles.len() > 1).map(|roles| {
        let list = Vec::from_iter(roles.iter().copied()).join(", ");
        let urls = Vec::from_iter(roles.iter().map(|role| variable(role, "DATABASE_URL"))).join(", ");
        problem(
            Level::Alarm,
            [
                format!("These roles use one and the same database: {list}."),
                format!("Estes papéis usam um mesmo banco de dados: {list}."),
            ],
            [
                format!("Give each a database of its own ({urls}) and run `comanda migrate`; events of one role are taken for another's until then."),
                format!("Dê a cada um um banco próprio ({urls}) e rode `comanda migrate`; até lá os eventos de um papel são tomados pelos de outro."),
            ],
        )
    });
    crowded.collect()
}
