//! What a status means: one pure function from what processes say to findings, each a plain sentence and what to do
//! about it. `comanda doctor` and the page `/status` show the same findings, so they agree.
//!
//! Limits stand here and nowhere else. Must not look at anything but the status: a finding can be explained by what was
//! said.

mod flow;
mod servers;
mod sites;
#[cfg(test)]
mod tests;
mod upkeep;

use super::v1::{Check, Finding, GetStatusResponse, Level, Process, Role, Sentence};
use std::collections::BTreeMap;

type Look = fn(&GetStatusResponse) -> Vec<Finding>;

/// What is looked at, in the order in which it is told: what stops a shop comes first. The sentence is for when nothing is
/// found.
const CHECKS: [(Check, Look, [&str; 2]); 12] = [
    (
        Check::Roles,
        sites::roles,
        ["Every role answers and takes calls.", "Todos os papéis respondem e aceitam chamadas."],
    ),
    (Check::Databases, sites::databases, ["The databases answer.", "Os bancos de dados respondem."]),
    (Check::Disk, sites::disks, ["There is room on the disk.", "Há espaço no disco."]),
    (Check::Servers, servers::servers, ["Broker and cache answer.", "A fila e o cache respondem."]),
    (Check::Schemas, upkeep::schemas, ["The schemas fit the program.", "Os esquemas dos bancos são os do programa."]),
    (Check::Versions, upkeep::versions, ["Versions fit together.", "As versões combinam."]),
    (Check::Backlog, flow::backlog, ["Events get through at once.", "Os eventos passam na hora."]),
    (Check::DeadLetters, flow::dead_letters, ["There are no dead letters.", "Não há mensagens mortas."]),
    (
        Check::Orders,
        flow::orders,
        ["Every order is accounted for.", "Todos os pedidos foram respondidos pela cozinha."],
    ),
    (Check::Certificates, upkeep::certificates, ["No certificate ends soon.", "Nenhum certificado vence logo."]),
    (Check::Clocks, upkeep::clocks, ["The clocks agree.", "Os relógios concordam."]),
    (Check::Errors, flow::errors, ["Calls succeed.", "As chamadas dão certo."]),
];

/// Judges a whole deployment. Every check has at least one finding.
#[must_use]
pub fn diagnose(status: &GetStatusResponse) -> Vec<Finding> {
    let each = CHECKS.iter().map(|(check, look, good)| {
        let mut found = look(status);
        if found.iter().all(|finding| finding.level() == Level::Note) {
            // A note beside what is good; nothing good beside what is wrong.
            found.insert(0, finding(Level::Good, *good, None));
        }
        found.into_iter().map(|finding| Finding { check: (*check).into(), ..finding })
    });
    each.flatten().collect()
}

/// Whether nothing needs mending.
#[must_use]
pub fn is_well(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.level() < Level::Warning)
}

/// A finding, English first, before it is known which check made it.
fn finding<S: Into<String>>(level: Level, sentence: [S; 2], remedy: Option<[S; 2]>) -> Finding {
    let said = |[english, portuguese]: [S; 2]| Sentence { english: english.into(), portuguese: portuguese.into() };
    Finding { level: level.into(), sentence: Some(said(sentence)), remedy: remedy.map(said), ..Finding::default() }
}

fn problem(level: Level, sentence: [String; 2], remedy: [String; 2]) -> Finding {
    finding(level, sentence, Some(remedy))
}

/// A role, and the process that runs it.
#[derive(Clone, Copy)]
struct Replica<'a> {
    process: &'a Process,
    role: &'a Role,
    alone: bool,
}

impl Replica<'_> {
    /// By what people know it: the role alone, while there is one replica.
    fn name(&self) -> String {
        if self.alone { self.role.name.clone() } else { format!("{} ({})", self.role.name, self.process.host) }
    }
}

/// The replicas of each role. They share a database, so what is stored counts once for all of them.
fn replicas(status: &GetStatusResponse) -> BTreeMap<&str, Vec<Replica<'_>>> {
    let mut by_role: BTreeMap<&str, Vec<Replica<'_>>> = BTreeMap::new();
    for process in &status.processes {
        for role in &process.roles {
            by_role.entry(&role.name).or_default().push(Replica { process, role, alone: true });
        }
    }
    for replicas in by_role.values_mut() {
        let alone = replicas.len() == 1;
        replicas.iter_mut().for_each(|replica| replica.alone = alone);
    }
    by_role
}

fn every(status: &GetStatusResponse) -> impl Iterator<Item = Replica<'_>> {
    replicas(status).into_values().flatten()
}

/// The variable that says this of a role.
fn variable(role: &str, ending: &str) -> String {
    format!("COMANDA_{}_{ending}", role.to_uppercase())
}
