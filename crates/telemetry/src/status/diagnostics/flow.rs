//! Does everything get through? Events, messages, orders, calls.

use super::{Finding, GetStatusResponse, Level, Replica, problem, replicas};
use crate::status::v1::{Backlog, Rates};

/// Seconds. An event that has waited that long was not simply in the way of others.
const OLD: f64 = 15.0;
/// Seconds after which people stand at the counter and ask.
const VERY_OLD: f64 = 120.0;
/// Of all calls in a minute.
const MANY_FAIL: f64 = 0.05;
const MAX_FAILURE_RATE: f64 = 0.5;
/// Per second, so six in the minute: fewer may be chance.
const FEW_ERRORS: f64 = 0.1;

/// What waits longest tells whether a backlog grows: it gets older exactly as long as nothing gets through.
pub fn backlog(status: &GetStatusResponse) -> Vec<Finding> {
    let waiting =
        stored(status, |backlog| backlog.outbox_oldest_seconds).into_iter().filter(|(_, oldest)| *oldest > OLD);
    let found = waiting.map(|(role, oldest)| {
        let events = most(status, role, |backlog| f64::from(backlog.outbox_events));
        let level = if oldest > VERY_OLD { Level::Alarm } else { Level::Warning };
        problem(
            level,
            [
                format!("Events of {role} that wait to be published: {events:.0}, the oldest for {oldest:.0} s."),
                format!("Eventos de {role} que esperam para ser publicados: {events:.0}, o mais antigo há {oldest:.0} s."),
            ],
            [
                "They go out by themselves once the broker takes them: look at RabbitMQ first, then at the log of this role.".to_owned(),
                "Eles saem sozinhos assim que a fila os aceitar: olhe primeiro o RabbitMQ, depois o log deste papel.".to_owned(),
            ],
        )
    });
    found.collect()
}

pub fn dead_letters(status: &GetStatusResponse) -> Vec<Finding> {
    let buried =
        stored(status, |backlog| f64::from(backlog.dead_letters)).into_iter().filter(|(_, count)| *count > 0.0);
    let found = buried.map(|(role, count)| {
        let (messages, mensagens) = match count {
            ..=1.0 => ("message", "mensagem não pôde ser processada"),
            _ => ("messages", "mensagens não puderam ser processadas"),
        };
        problem(
            Level::Warning,
            [
                format!("{count:.0} {messages} could not be processed by {role}."),
                format!("{count:.0} {mensagens} por {role}."),
            ],
            [
                "`comanda dead list` names them and says why. Mend the cause, then `comanda dead replay`.".to_owned(),
                "`comanda dead list` mostra quais e por quê. Resolva a causa e depois use `comanda dead replay`."
                    .to_owned(),
            ],
        )
    });
    found.collect()
}

pub fn orders(status: &GetStatusResponse) -> Vec<Finding> {
    let lost =
        stored(status, |backlog| f64::from(backlog.orders_unaccounted)).into_iter().filter(|(_, count)| *count > 0.0);
    let found = lost.map(|(_, count)| {
        problem(
            Level::Warning,
            [
                format!("Orders that the kitchen has not answered in time: {count:.0}."),
                format!("Pedidos que a cozinha não respondeu a tempo: {count:.0}."),
            ],
            [
                "They are asked for, and told again if need be, by themselves. If the number does not fall within minutes, look at the kitchen and at RabbitMQ.".to_owned(),
                "O sistema pergunta por eles e os reenvia sozinho se for preciso. Se o número não cair em minutos, olhe a cozinha e o RabbitMQ.".to_owned(),
            ],
        )
    });
    found.collect()
}

pub fn errors(status: &GetStatusResponse) -> Vec<Finding> {
    let failing = status.processes.iter().filter_map(|process| {
        let Rates { calls_per_second, errors_per_second } = process.rates?;
        let share = errors_per_second / calls_per_second;
        if errors_per_second < FEW_ERRORS || share < MANY_FAIL {
            return None;
        }
        let level = if share > MAX_FAILURE_RATE { Level::Alarm } else { Level::Warning };
        let roles = process.roles.iter().map(|role| role.name.as_str()).collect::<Vec<_>>().join(", ");
        let (host, percent) = (&process.host, share * 100.0);
        Some(problem(
            level,
            [
                format!("{percent:.0} % of the calls to {roles} ({host}) failed in the last minute."),
                format!("{percent:.0} % das chamadas a {roles} ({host}) falharam no último minuto."),
            ],
            [
                "Mend what is named above first; the last warnings of this process say more.".to_owned(),
                "Resolva primeiro o que está acima; os últimos avisos deste processo dizem mais.".to_owned(),
            ],
        ))
    });
    failing.collect()
}

/// The figure of each role; of its replicas, which look at the same tables one after the other, the highest.
fn stored(status: &GetStatusResponse, figure: fn(&Backlog) -> f64) -> Vec<(&str, f64)> {
    replicas(status).keys().map(|role| (*role, most(status, role, figure))).collect()
}

fn most(status: &GetStatusResponse, role: &str, figure: fn(&Backlog) -> f64) -> f64 {
    let replicas = replicas(status).remove(role).unwrap_or_default();
    let said = |replica: &Replica<'_>| replica.role.backlog.as_ref().map(figure);
    replicas.iter().filter_map(said).fold(0.0, f64::max)
}
