//! What callers hear when an order is not taken: a stable reason, facts for programs, and a sentence for people in both
//! languages, with times as the shop's own clock shows them. Decides nothing.

use super::{
    PriceChange, Refusal, SoldOut,
    availability::{NextChange, NotAccepting},
};
use chrono::{DateTime, Datelike, SecondsFormat, Timelike, Utc};
use comanda_context::{
    error::{ApiError, listed},
    language::Language,
};
use comanda_types::validation::Checks;
use tonic::Code;

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownProduct { line, product_id } => Self::new(
                Code::NotFound,
                "PRODUCT_NOT_FOUND",
                format!("line {line} names no product of this menu"),
                "um produto do pedido não está no cardápio",
            )
            .meta("line", line)
            .meta("product_id", product_id),
            Refusal::SoldOut(lines) => sold_out(&lines),
            Refusal::PriceChanged(changes) => price_changed(&changes),
            Refusal::TotalTooLarge => {
                let mut checks = Checks::default();
                checks.fail("lines", "the total is too large", "o total é grande demais");
                checks.done().err().unwrap_or_else(Self::internal)
            }
        }
    }
}

impl From<NotAccepting> for ApiError {
    fn from(refusal: NotAccepting) -> Self {
        let not_now = |reason, english, portuguese| Self::new(Code::FailedPrecondition, reason, english, portuguese);
        match refusal {
            NotAccepting::Closed(opens) => {
                let (english, portuguese) = spoken(&opens, "; it opens", "; abre");
                let english = format!("the shop is closed{english}");
                let fault = not_now("SHOP_CLOSED", english, format!("a loja está fechada{portuguese}"));
                with_time(fault, "opens_time", &opens)
            }
            NotAccepting::Paused { reason, until } => {
                let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
                let (english, portuguese) = spoken(&until, "; it does again", "; volta a receber");
                let english = format!("the shop takes no orders at the moment{why}{english}");
                let portuguese = format!("a loja não está recebendo pedidos no momento{why}{portuguese}");
                with_time(not_now("SHOP_PAUSED", english, portuguese).meta("reason", reason), "until_time", &until)
            }
            NotAccepting::Busy => not_now(
                "SHOP_BUSY",
                "the shop has as many orders as it can prepare; try again in a few minutes".to_owned(),
                "a loja já tem todos os pedidos que consegue preparar; tente de novo em alguns minutos".to_owned(),
            ),
        }
    }
}

fn sold_out(lines: &[SoldOut]) -> ApiError {
    let names = |language| listed(lines.iter().map(|line| line.name.as_str()), ", ", language);
    let english = format!("sold out: {}", names(Language::English));
    let portuguese = format!("esgotado: {}", names(Language::Portuguese));
    let fault = ApiError::new(Code::FailedPrecondition, "PRODUCT_SOLD_OUT", english, portuguese);
    lines.iter().fold(fault, |fault, line| about_line(fault, line.line, &line.product_id, &line.name))
}

fn price_changed(changes: &[PriceChange]) -> ApiError {
    let names = |language| listed(changes.iter().map(|change| change.name.as_str()), ", ", language);
    let english = format!("prices have changed: {}", names(Language::English));
    let portuguese = format!("o preço mudou: {}", names(Language::Portuguese));
    let fault = ApiError::new(Code::FailedPrecondition, "PRICE_CHANGED", english, portuguese);
    changes.iter().fold(fault, |fault, change| {
        about_line(fault, change.line, &change.product_id, &change.name)
            .meta(&format!("lines[{}].seen", change.line), change.seen)
            .meta(&format!("lines[{}].current", change.line), change.current)
    })
}

fn about_line(fault: ApiError, line: usize, product_id: &str, name: &str) -> ApiError {
    fault.meta(&format!("lines[{line}].product_id"), product_id).meta(&format!("lines[{line}].name"), name)
}

fn with_time(fault: ApiError, key: &str, time: &NextChange) -> ApiError {
    match time.at {
        Some(at) => fault.meta(key, at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        None => fault,
    }
}

/// The end of a sentence that names a moment, if there is one, in English and in Portuguese.
fn spoken(time: &NextChange, english: &str, portuguese: &str) -> (String, String) {
    let Some(at) = time.at else { return Default::default() };
    let (day, dia) = day(at, time);
    let at = time.time_zone.wall(at);
    let clock = at.format("%H:%M");
    // One o'clock is the only hour of the singular.
    let article = if at.hour() == 1 { "à" } else { "às" };
    (format!("{english} {day} at {clock}"), format!("{portuguese} {dia} {article} {clock}"))
}

fn day(at: DateTime<Utc>, time: &NextChange) -> (String, String) {
    const DIAS: [&str; 7] = [
        "na segunda-feira",
        "na terça-feira",
        "na quarta-feira",
        "na quinta-feira",
        "na sexta-feira",
        "no sábado",
        "no domingo",
    ];
    let date = time.time_zone.date(at);
    let days = (date - time.time_zone.date(time.now)).num_days();
    match (days, DIAS.get(date.weekday().num_days_from_monday() as usize)) {
        (0, _) => ("today".to_owned(), "hoje".to_owned()),
        (1, _) => ("tomorrow".to_owned(), "amanhã".to_owned()),
        (2..=6, Some(dia)) => (date.format("on %A").to_string(), (*dia).to_owned()),
        _ => (date.format("on %-d %B").to_string(), date.format("em %d/%m").to_string()),
    }
}

#[cfg(test)]
mod tests;
