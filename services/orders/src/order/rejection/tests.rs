use super::*;
use comanda_context::language::Language;
use comanda_types::time_zone::Zone;
use tonic::Status;
use tonic_types::StatusExt;

const NOW: &str = "2026-11-23T13:00:00Z";

/// By the clock of a shop in São Paulo, where it is ten in the morning of a Monday.
fn later(at: &str) -> NextChange {
    let time = |text: &str| text.parse().ok();
    NextChange {
        at: time(at),
        now: time(NOW).expect("a time"),
        time_zone: Zone::named("America/Sao_Paulo").expect("a zone"),
    }
}

/// What it says in English and in Portuguese.
async fn said(refusal: NotAccepting) -> (String, String) {
    let sentence = async || {
        let status = Status::from(ApiError::from(refusal.clone()));
        status.get_details_localized_message().expect("a sentence").message
    };
    (Language::English.scope(sentence()).await, Language::Portuguese.scope(sentence()).await)
}

fn facts(refusal: NotAccepting) -> (String, Vec<(String, String)>) {
    let info = Status::from(ApiError::from(refusal)).get_details_error_info().expect("details");
    let mut metadata: Vec<_> = info.metadata.into_iter().collect();
    metadata.sort();
    (info.reason, metadata)
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[tokio::test]
async fn a_closed_shop_says_by_its_own_clock_when_it_opens() {
    let cases = [
        ("2026-11-23T14:30:00Z", "; it opens today at 11:30", "; abre hoje às 11:30"),
        ("2026-11-24T04:05:00Z", "; it opens tomorrow at 01:05", "; abre amanhã à 01:05"),
        ("2026-11-28T11:00:00Z", "; it opens on Saturday at 08:00", "; abre no sábado às 08:00"),
        ("2026-11-30T02:00:00Z", "; it opens on Sunday at 23:00", "; abre no domingo às 23:00"),
        ("2026-11-30T11:00:00Z", "; it opens on 30 November at 08:00", "; abre em 30/11 às 08:00"),
        ("", "", ""),
    ];
    for (at, english, portuguese) in cases {
        let expected = (format!("the shop is closed{english}"), format!("a loja está fechada{portuguese}"));
        assert_eq!(said(NotAccepting::Closed(later(at))).await, expected);
    }
}

#[tokio::test]
async fn a_paused_shop_shows_its_reason() {
    let paused = |reason: &str, until| NotAccepting::Paused { reason: reason.to_owned(), until: later(until) };
    let english = "the shop takes no orders at the moment: falta luz; it does again today at 11:30";
    let portuguese = "a loja não está recebendo pedidos no momento: falta luz; volta a receber hoje às 11:30";
    assert_eq!(said(paused("falta luz", "2026-11-23T14:30:00Z")).await, pair(english, portuguese));
    let (english, _) = said(paused("", "")).await;
    assert_eq!(english, "the shop takes no orders at the moment");
}

#[test]
fn programs_get_times_in_utc() {
    let opens = vec![pair("opens_time", "2026-11-23T14:30:00Z")];
    assert_eq!(facts(NotAccepting::Closed(later("2026-11-23T14:30:00Z"))), ("SHOP_CLOSED".to_owned(), opens));
    assert_eq!(facts(NotAccepting::Closed(later(""))), ("SHOP_CLOSED".to_owned(), vec![]));
    let paused = NotAccepting::Paused { reason: "falta luz".to_owned(), until: later("2026-11-23T14:30:00.5Z") };
    let expected = vec![pair("reason", "falta luz"), pair("until_time", "2026-11-23T14:30:00.500Z")];
    assert_eq!(facts(paused), ("SHOP_PAUSED".to_owned(), expected));
    assert_eq!(facts(NotAccepting::Busy), ("SHOP_BUSY".to_owned(), vec![]));
}

#[test]
fn refused_lines_are_named_with_old_and_new() {
    let change = PriceChange { line: 2, product_id: "p".into(), name: "Latte".into(), seen: 1100, current: 1200 };
    let info = |refusal| Status::from(ApiError::from(refusal)).get_details_error_info().expect("details").metadata;
    let metadata = info(Refusal::PriceChanged(vec![change]));
    let value = |key: &str| metadata[&format!("lines[2].{key}")].clone();
    assert_eq!(["product_id", "name", "seen", "current"].map(value), ["p", "Latte", "1100", "1200"]);
    let metadata = info(Refusal::SoldOut(vec![SoldOut { line: 0, product_id: "q".into(), name: "Bolo".into() }]));
    assert_eq!((metadata["lines[0].product_id"].as_str(), metadata["lines[0].name"].as_str()), ("q", "Bolo"));
}
