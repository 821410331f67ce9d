use super::*;
use comanda_context::error::ApiError;
use comanda_proto::{
    catalog::v1::{Category, Menu, Option as MenuOption},
    r#type::v1::{ServiceMode, TakeAway},
};

const LATTE: &str = "0192f0c1-0000-7000-8000-00000000000a";
const CAKE: &str = "0192f0c1-0000-7000-8000-00000000000b";
const SIZE: &str = "0192f0c1-0000-7000-8000-0000000000a0";
const SMALL: &str = "0192f0c1-0000-7000-8000-0000000000a1";
const LARGE: &str = "0192f0c1-0000-7000-8000-0000000000a2";

fn brl(minor_units: i64) -> Option<Money> {
    Some(Money { currency_code: "BRL".into(), minor_units })
}

fn menu(latte_price: i64, cake_available: bool) -> PriceList {
    let option = |id: &str, delta| MenuOption {
        option_id: id.into(),
        name: id.into(),
        price_delta: brl(delta),
        ..Default::default()
    };
    let size = OptionGroup {
        option_group_id: SIZE.into(),
        name: "Tamanho".into(),
        min_choices: 1,
        max_choices: 1,
        options: vec![option(SMALL, 0), option(LARGE, 400)],
        ..Default::default()
    };
    let latte = Product {
        product_id: LATTE.into(),
        name: "Latte".into(),
        price: brl(latte_price),
        available: true,
        option_group_ids: vec![SIZE.into()],
        ..Default::default()
    };
    let cake = Product {
        product_id: CAKE.into(),
        name: "Bolo".into(),
        price: brl(900),
        available: cake_available,
        stations: vec!["forno".into()],
        ..Default::default()
    };
    let category = Category { products: vec![latte, cake], ..Default::default() };
    PriceList::from(Menu {
        currency_code: "BRL".into(),
        categories: vec![category],
        option_groups: vec![size],
        ..Default::default()
    })
}

fn line(product: &str, quantity: i32, options: &[&str]) -> PlaceOrderLine {
    let option_ids = options.iter().map(ToString::to_string).collect();
    PlaceOrderLine { product_id: product.into(), quantity, option_ids, ..Default::default() }
}

fn seen(mut line: PlaceOrderLine, minor_units: i64) -> PlaceOrderLine {
    line.seen_unit_price = brl(minor_units);
    line
}

fn priced(menu: &PriceList, lines: &[PlaceOrderLine]) -> Result<i64, Refusal> {
    let mut checks = Checks::default();
    let total = price(menu, lines, &mut checks)?.total;
    assert_eq!(checks.done(), Ok(()));
    Ok(total)
}

fn violations(lines: &[PlaceOrderLine]) -> String {
    let mut checks = Checks::default();
    price(&menu(1200, true), lines, &mut checks).expect("priced");
    let fault: ApiError = checks.done().expect_err("violations");
    tonic::Status::from(fault).message().to_owned()
}

#[test]
fn a_line_carries_the_stations_of_its_product() {
    let mut checks = Checks::default();
    let lines = [line(LATTE, 1, &[SMALL]), line(CAKE, 1, &[])];
    let lines = price(&menu(1200, true), &lines, &mut checks).expect("priced").lines;
    assert_eq!(lines.into_iter().map(|line| line.stations).collect::<Vec<_>>(), [vec![], vec!["forno".to_owned()]]);
}

#[test]
fn options_and_quantities_make_the_price() {
    let lines = [line(LATTE, 2, &[LARGE]), seen(line(CAKE, 1, &[]), 900)];
    assert_eq!(priced(&menu(1200, true), &lines), Ok(2 * 1600 + 900));
}

#[test]
fn a_product_is_found_however_its_id_is_spelt() {
    assert_eq!(priced(&menu(1200, true), &[line(&CAKE.to_uppercase(), 1, &[])]), Ok(900));
}

#[test]
fn what_is_not_on_the_menu_is_refused() {
    let unknown = line(SMALL, 1, &[]);
    let refusal = Refusal::UnknownProduct { line: 1, product_id: SMALL.into() };
    assert_eq!(priced(&menu(1200, true), &[line(CAKE, 1, &[]), unknown]), Err(refusal));
}

#[test]
fn sold_out_and_changed_prices_name_their_lines() {
    let lines = [line(LATTE, 1, &[SMALL]), line(CAKE, 1, &[])];
    let cake = SoldOut { line: 1, product_id: CAKE.into(), name: "Bolo".into() };
    assert_eq!(priced(&menu(1200, false), &lines), Err(Refusal::SoldOut(vec![cake])));
    let change = PriceChange { line: 0, product_id: LATTE.into(), name: "Latte".into(), seen: 1100, current: 1200 };
    let lines = [seen(line(LATTE, 1, &[SMALL]), 1100)];
    assert_eq!(priced(&menu(1200, true), &lines), Err(Refusal::PriceChanged(vec![change])));
}

#[test]
fn a_total_that_does_not_fit_is_refused() {
    let lines = [line(LATTE, 2, &[SMALL])];
    assert_eq!(priced(&menu(i64::MAX / 2 + 1, true), &lines), Err(Refusal::TotalTooLarge));
    assert_eq!(priced(&menu(i64::MAX, true), &[line(LATTE, 1, &[LARGE])]), Err(Refusal::TotalTooLarge));
    let sum = [line(LATTE, 1, &[SMALL]), line(CAKE, 1, &[])];
    assert_eq!(priced(&menu(i64::MAX, true), &sum), Err(Refusal::TotalTooLarge));
}

#[test]
fn choices_must_fit_their_groups() {
    assert_eq!(violations(&[line(LATTE, 1, &[])]), "lines[0].option_ids: must have 1 to 1 of \"Tamanho\"");
    assert_eq!(violations(&[line(LATTE, 1, &[SMALL, LARGE])]), "lines[0].option_ids: must have 1 to 1 of \"Tamanho\"");
    let unknown = "lines[0].option_ids: names an unknown option, or one twice";
    assert_eq!(violations(&[line(CAKE, 1, &[SMALL])]), unknown);
    assert_eq!(violations(&[line(LATTE, 1, &[SMALL, SMALL])]), unknown);
}

#[test]
fn a_request_is_checked_field_by_field() {
    let mode = Some(ServiceMode { mode: Some(Mode::TakeAway(TakeAway {})) });
    let good = PlaceOrderRequest {
        customer_name: "Ana".into(),
        service_mode: mode,
        lines: vec![line(CAKE, 1, &[])],
        ..Default::default()
    };
    let passes = |request: &PlaceOrderRequest| {
        let mut checks = Checks::default();
        check(request, &mut checks);
        checks.done().is_ok()
    };
    assert!(passes(&good));
    let bad = |change: fn(&mut PlaceOrderRequest)| {
        let mut request = good.clone();
        change(&mut request);
        !passes(&request)
    };
    assert!(bad(|r| r.lines.clear()));
    assert!(bad(|r| r.lines = vec![line(CAKE, 1, &[]); 51]));
    assert!(bad(|r| r.lines[0].quantity = 0));
    assert!(bad(|r| r.lines[0].quantity = -1));
    assert!(bad(|r| r.lines[0].quantity = 100));
    assert!(bad(|r| r.lines[0].product_id = "bolo".into()));
    assert!(bad(|r| r.lines[0].note = "x".repeat(141)));
    assert!(bad(|r| r.lines[0].option_ids = vec!["x".into()]));
    assert!(bad(|r| r.lines[0].option_ids = vec![SMALL.into(); 51]));
    assert!(bad(|r| r.customer_name = " ".into()));
    assert!(bad(|r| r.customer_name = "A\nB".into()));
    assert!(bad(|r| r.service_mode = None));
}
