use super::*;
use crate::{
    edit::{
        self,
        import::{ImportMenu, check_file},
    },
    store,
    test_db::Menus,
};
use comanda_context::{error::Violation, language::Language};
use comanda_proto::r#type::v1::Actor;
use comanda_storage::history::By;

const SMALL: &str = "\
shop: esquina
name: Esquina
currency: BRL
time_zone: America/Sao_Paulo
max_open_tickets: 20
day_starts_at: 02:30
opening_hours:
  monday: [07:00-12:00, 18:00-02:00]
special_days:
  - date: 2026-12-24
    hours: [07:00-14:00]
  - date: 2026-12-25
option_groups:
  - key: leite
    name: Leite
    min: 1
    max: 1
    options:
      - key: integral
        name: Integral
        default: true
      - key: aveia
        name: 'Aveia: sem leite'
        price_delta: -0.50
categories:
  - key: cafes
    name: Cafés
    products:
      - key: latte
        name: Latte
        price: 12.50
        allergens: [milk]
        picture: https://example.com/latte.jpg
        stations: [bar]
        option_groups: [leite]
  - key: vazia
    name: Vazia
    products: []
";

async fn import(test_db: &Menus, file: &str) -> bool {
    let file = MenuFile::parse(file).expect("a file");
    let import = ImportMenu { file, known_version: 0, may_open: true, author: By::from(Actor::System) };
    edit::run(&test_db.database, &import).await.expect("stored")
}

async fn rows(test_db: &Menus, shop: &str) -> Rows {
    store::menu(&test_db.database, shop).await.expect("rows").expect("a shop")
}

/// What is wrong with a file, as a caller reads it.
fn wrong(file: &str) -> Vec<(String, String)> {
    let violations = check_file(file).expect_err("something is wrong").violations().to_vec();
    violations.into_iter().map(|Violation { field, english, .. }| (field, english)).collect()
}

#[tokio::test]
async fn a_menu_goes_to_a_file_and_back_without_loss() {
    let test_db = Menus::with_sample().await;
    assert!(import(&test_db, SMALL).await);
    for shop in ["main", "esquina"] {
        let before = rows(&test_db, shop).await;
        let file = MenuFile::of(&before).render().expect("text");
        assert!(!import(&test_db, &file).await, "nothing differs");
        assert_eq!(rows(&test_db, shop).await, before);

        // Elsewhere it becomes the same menu, but for the ids.
        let elsewhere = Menus::empty().await;
        assert!(import(&elsewhere, &file).await);
        assert_eq!(MenuFile::of(&rows(&elsewhere, shop).await).render().expect("text"), file);
    }
}

#[tokio::test]
async fn a_file_without_the_beginning_of_a_day_means_four_o_clock() {
    let test_db = Menus::empty().await;
    import(&test_db, SMALL).await;
    assert_eq!(rows(&test_db, "esquina").await.shop.day_starts_minute, 150);
    import(&test_db, &SMALL.replace("day_starts_at: 02:30\n", "")).await;
    assert_eq!(rows(&test_db, "esquina").await.shop.day_starts_minute, 240);
    assert!(!MenuFile::of(&rows(&test_db, "esquina").await).render().expect("text").contains("day_starts_at"));
}

#[tokio::test]
async fn a_file_that_people_wrote_looks_the_same_when_comanda_writes_it() {
    let test_db = Menus::empty().await;
    import(&test_db, SMALL).await;
    let written = MenuFile::of(&rows(&test_db, "esquina").await).render().expect("text");
    let values = |file: &str| file.replace(['\'', '"', ' ', '\n', '[', ']', '-', ','], "");
    assert_eq!(values(&written), values(SMALL), "{written}");
}

#[test]
fn a_mistake_is_told_with_its_line_and_field() {
    let changed = |from: &str, to: &str| {
        assert!(SMALL.contains(from), "{from}");
        wrong(&SMALL.replacen(from, to, 1))
    };
    for (from, to, place) in [
        ("shop: esquina", "shop: Na Esquina", "line 1, shop"),
        ("currency: BRL", "currency: REAL", "line 3, currency"),
        ("America/Sao_Paulo", "America/Bauru", "line 4, time_zone"),
        ("max_open_tickets: 20", "max_open_tickets: -1", "line 5, max_open_tickets"),
        ("02:30", "12:01", "line 6, day_starts_at"),
        ("02:30", "2:30", "line 6, day_starts_at"),
        ("07:00-12:00", "7-12", "line 8, opening_hours.monday[0]"),
        ("07:00-12:00", "07:00-19:00", "line 8, opening_hours"),
        ("date: 2026-12-24", "date: 24.12.2026", "line 10, special_days[0].date"),
        ("[07:00-14:00]", "[7-14]", "line 11, special_days[0].hours[0]"),
        ("[07:00-14:00]", "[07:00-14:00, 13:00-15:00]", "line 10, special_days"),
        ("date: 2026-12-25", "date: 2026-12-24", "line 10, special_days"),
        ("key: leite", "key: Leite", "line 14, option_groups[0].key"),
        ("max: 1", "max: 3", "line 17, option_groups[0].max"),
        ("key: aveia", "key: integral", "line 22, option_groups[0].options[1].key"),
        ("price_delta: -0.50", "price_delta: -0,50", "line 24, option_groups[0].options[1].price_delta"),
        ("name: Latte", "name: ''", "line 30, categories[0].products[0].name"),
        ("price: 12.50", "price: 12.505", "line 31, categories[0].products[0].price"),
        ("[milk]", "[milk, love]", "line 32, categories[0].products[0].allergens[1]"),
        ("https:", "http:", "line 33, categories[0].products[0].picture"),
        ("option_groups: [leite]", "option_groups: [mel]", "line 35, categories[0].products[0].option_groups[0]"),
        ("key: vazia", "key: cafes", "line 36, categories[1].key"),
    ] {
        let told = changed(from, to);
        assert!(told.iter().any(|(field, _)| field == place), "{to}: {told:?}");
    }
}

#[test]
fn what_does_not_belong_there_is_told_too() {
    for (from, to, place, what) in [
        ("price: 12.50", "prize: 12.50", "line 31, categories[0].products[0]", "prize"),
        ("max: 1\n", "max: many\n", "line 17, option_groups[0].max", "a whole number"),
        ("        price: 12.50\n", "", "categories[0].products[0]", "price"),
        ("shop: esquina", "shop: [", "line", ""),
        ("name: Esquina", "name: a\nname: b", "line 3", "name"),
    ] {
        let told = wrong(&SMALL.replacen(from, to, 1));
        let found = told.iter().any(|(field, said)| field.contains(place) && said.contains(what));
        assert!(found && told.len() == 1, "{to}: {told:?}");
    }
    for empty in ["", "- a list", "42"] {
        assert_eq!(wrong(empty).len(), 1);
    }
}

#[test]
fn many_mistakes_are_told_as_far_as_they_fit() {
    let many = SMALL.to_owned()
        + &"      - {key: latte, name: '', price: x}\n".repeat(300).replacen(
            "      ",
            "  - key: b\n    name: B\n    products:\n      ",
            1,
        );
    let status = check_file(&many).expect_err("something is wrong").into_status(Language::English);
    assert!((1000..4096).contains(&status.details().len()), "{}", status.details().len());
    assert!(status.message().ends_with(" more"), "{}", status.message());
}
