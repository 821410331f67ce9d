//! Is it looked after? Schemas, versions, certificates, clocks.

use super::{Finding, GetStatusResponse, Level, every, finding, problem};
use crate::status::v1::{Database, Process, SchemaState};
use std::collections::{BTreeMap, BTreeSet};

/// The oldest servers that are tested, as major and minor.
const OLDEST: [(&str, [u32; 2]); 4] =
    [("PostgreSQL", [15, 0]), ("RabbitMQ", [3, 10]), ("Redis", [7, 0]), ("Valkey", [8, 0])];
const DAY: i64 = 24 * 60 * 60;
/// Long enough for a holiday.
const SOON: i64 = 14 * DAY;
/// Seconds.
const CLOCKS_AGREE: f64 = 1.0;

pub fn schemas(status: &GetStatusResponse) -> Vec<Finding> {
    let differing = every(status).filter_map(|replica| {
        let Database { program_schema, database_schema, schema_state, .. } = replica.role.database.as_ref()?;
        let name = replica.name();
        match SchemaState::try_from(*schema_state) {
            Ok(SchemaState::Older) => Some(problem(
                Level::Alarm,
                [
                    format!("The database of {name} is older ({database_schema}) than its program ({program_schema})."),
                    format!("O banco de {name} é mais antigo ({database_schema}) que o programa ({program_schema})."),
                ],
                ["Run `comanda migrate`.".to_owned(), "Rode `comanda migrate`.".to_owned()],
            )),
            Ok(SchemaState::Newer) => Some(problem(
                Level::Note,
                [
                    format!("The database of {name} is newer ({database_schema}) than its program ({program_schema})."),
                    format!("O banco de {name} é mais novo ({database_schema}) que o programa ({program_schema})."),
                ],
                [
                    "That is so during an update, and does no harm. Afterwards, update what still runs the old release.".to_owned(),
                    "É assim durante uma atualização, e não faz mal. Depois, atualize o que ainda roda a versão antiga.".to_owned(),
                ],
            )),
            _ => None,
        }
    });
    differing.collect()
}

pub fn versions(status: &GetStatusResponse) -> Vec<Finding> {
    let mut found = Vec::from_iter(different(status));
    let mut seen = BTreeSet::new();
    for replica in every(status) {
        let database = replica.role.database.iter().map(|database| (&database.product, &database.version));
        let servers = replica.role.servers.iter().map(|server| (&server.product, &server.version));
        for (product, version) in database.chain(servers) {
            found.extend(too_old(product, version).filter(|_| seen.insert((product, version))));
        }
    }
    found
}

fn different(status: &GetStatusResponse) -> Option<Finding> {
    let mut by_version: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for process in &status.processes {
        let roles = process.roles.iter().map(|role| role.name.as_str());
        by_version.entry(&process.version).or_default().extend(roles);
    }
    let each = by_version
        .iter()
        .map(|(version, roles)| format!("{version} ({})", roles.iter().copied().collect::<Vec<_>>().join(", ")));
    let list = each.collect::<Vec<_>>().join("; ");
    (by_version.len() > 1).then(|| {
        problem(
            Level::Warning,
            [format!("Different versions run: {list}."), format!("Rodam versões diferentes: {list}.")],
            [
                "That is so during an update. Afterwards, update what was left behind.".to_owned(),
                "É assim durante uma atualização. Depois, atualize o que ficou para trás.".to_owned(),
            ],
        )
    })
}

/// What a version does not tell is not judged.
fn too_old(product: &str, version: &str) -> Option<Finding> {
    let (_, [major, minor]) = OLDEST.into_iter().find(|(known, _)| *known == product)?;
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map_while(|number| number.parse().ok());
    let found: [u32; 2] = [numbers.next()?, numbers.next().unwrap_or_default()];
    (found < [major, minor]).then(|| {
        problem(
            Level::Warning,
            [
                format!("{product} {version} is too old: nobody has tested this with less than {major}.{minor}."),
                format!("O {product} {version} é antigo demais: ninguém testou isto com menos que {major}.{minor}."),
            ],
            [format!("Upgrade {product}."), format!("Atualize o {product}.")],
        )
    })
}

pub fn certificates(status: &GetStatusResponse) -> Vec<Finding> {
    let now = status.check_time.map_or(0, |time| time.seconds);
    let mut seen = BTreeSet::new();
    let all = status.processes.iter().flat_map(|process| &process.certificates);
    let ending = all.filter_map(|certificate| {
        let (name, left) = (&certificate.name, certificate.expire_time?.seconds - now);
        if left > SOON || !seen.insert((name, left)) {
            return None;
        }
        let (level, sentence) = match left {
            ..=0 => (Level::Alarm, [format!("The certificate of {name} has expired."), format!("O certificado de {name} venceu.")]),
            _ => {
                let days = left / DAY;
                (Level::Warning, [format!("The certificate of {name} expires in {days} days."), format!("O certificado de {name} vence em {days} dias.")])
            }
        };
        let remedy = [
            "Put a new one in its place; it is read without a restart. If that should happen by itself, see why it did not.".to_owned(),
            "Ponha um novo no lugar; ele é lido sem reiniciar. Se isso devia acontecer sozinho, veja por que não aconteceu.".to_owned(),
        ];
        Some(problem(level, sentence, remedy))
    });
    ending.chain(plaintext(&status.processes)).collect()
}

fn plaintext(processes: &[Process]) -> Option<Finding> {
    let without = processes.iter().filter(|process| process.certificates.is_empty());
    let without = without.flat_map(|process| &process.roles).map(|role| role.name.as_str()).collect::<BTreeSet<_>>();
    let (some, list) =
        (processes.iter().any(|process| !process.certificates.is_empty()), Vec::from_iter(without).join(", "));
    match (processes.len(), some, list.is_empty()) {
        (..=1, ..) | (_, true, true) => None,
        (_, true, false) => Some(problem(
            Level::Warning,
            [
                format!("These speak plaintext while others use certificates: {list}."),
                format!("Falam sem criptografia enquanto outros usam certificados: {list}."),
            ],
            ["Give them certificates too.".to_owned(), "Dê certificados a eles também.".to_owned()],
        )),
        (_, false, _) => Some(finding(
            Level::Note,
            ["The roles talk to each other in plaintext.", "Os papéis conversam entre si sem criptografia."],
            Some([
                "That is fine on one machine, or under a service mesh that encrypts. Otherwise give them certificates.",
                "Tudo bem em uma máquina só, ou sob um service mesh que criptografa. Se não, dê certificados a eles.",
            ]),
        )),
    }
}

pub fn clocks(status: &GetStatusResponse) -> Vec<Finding> {
    let wrong = every(status).filter_map(|replica| {
        let offset = replica.role.database.as_ref()?.clock_offset?;
        let seconds = offset.seconds.abs();
        // What the round trip may have done is not the clock's fault.
        if seconds - offset.error_seconds <= CLOCKS_AGREE {
            return None;
        }
        let name = replica.name();
        let [behind, atras] = if offset.seconds > 0.0 { ["behind", "atrasado"] } else { ["ahead of", "adiantado"] };
        Some(problem(
            Level::Warning,
            [
                format!("The clock of {name} is {seconds:.1} s {behind} its database's."),
                format!("O relógio de {name} está {seconds:.1} s {atras} em relação ao do banco."),
            ],
            [
                "Let NTP set the clocks of both machines. What is stored has the database's time and is right."
                    .to_owned(),
                "Deixe o NTP acertar os relógios das duas máquinas. O que é salvo usa a hora do banco e está certo."
                    .to_owned(),
            ],
        ))
    });
    wrong.collect()
}
