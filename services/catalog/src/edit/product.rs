//! The verbs for one product: add it, edit it, take it off the menu.

use crate::{
    edit::{
        MenuCommand,
        checks::{self, MAX_QUICK_NOTES, QUICK_NOTE, Translated},
        difference,
        import::MAX_PRICE,
        price::Reductions,
    },
    menu::{self, translation},
    refusal::Refusal,
    rows::{Keyed, Rows},
    store::entity::{Difference, product},
};
use chrono::{DateTime, Utc};
use comanda_proto::{
    catalog::v1::{Allergen, ArchiveProductResponse, CreateProductResponse, ProductDetails, UpdateProductResponse},
    r#type::v1::Money,
};
use comanda_storage::history::By;
use comanda_types::{language, text::tidy, timestamp::to_proto, validation::Checks};
use uuid::Uuid;

/// What a mask may name.
pub const FIELDS: [&str; 10] = [
    "category_id",
    "name",
    "description",
    "price",
    "allergens",
    "picture_url",
    "stations",
    "option_group_ids",
    "quick_notes",
    "translations",
];

/// Adds a product at the end of its category.
#[derive(Debug, Clone)]
pub struct CreateProduct {
    pub shop: String,
    /// The id that it shall have.
    pub id: Uuid,
    pub details: ProductDetails,
    pub author: By,
}

/// Changes the fields that the mask names.
#[derive(Debug, Clone)]
pub struct UpdateProduct {
    pub shop: String,
    pub id: Uuid,
    pub details: ProductDetails,
    pub fields: Vec<String>,
    pub author: By,
}

/// Takes a product off the menu.
#[derive(Debug, Clone)]
pub struct ArchiveProduct {
    pub shop: String,
    pub id: Uuid,
    pub revision: i64,
    pub author: By,
}

impl MenuCommand for CreateProduct {
    type Reply = CreateProductResponse;
    const ACTION: &'static str = "CreateProduct";

    fn shop(&self) -> &str {
        &self.shop
    }

    fn author(&self) -> &By {
        &self.author
    }

    fn apply(&self, rows: &mut Rows, _: DateTime<Utc>) -> Result<(), Refusal> {
        let key = &self.details.key;
        if rows.products.iter().any(|product| product.key() == *key) {
            return Err(Refusal::KeyTaken(key.clone()));
        }
        let key = (!key.is_empty()).then(|| key.clone());
        let fresh = product::Model::new(rows.shop.shop_id.clone(), key);
        rows.products.push(product::Model { product_id: self.id, ..fresh });
        set(rows, self.id, &self.details, &FIELDS)
    }

    fn reply(&self, rows: &Rows, _: &[Difference]) -> CreateProductResponse {
        CreateProductResponse { product: details(rows, self.id), menu_version: rows.shop.version }
    }
}

impl MenuCommand for UpdateProduct {
    type Reply = UpdateProductResponse;
    const ACTION: &'static str = "UpdateProduct";

    fn shop(&self) -> &str {
        &self.shop
    }

    fn author(&self) -> &By {
        &self.author
    }

    fn apply(&self, rows: &mut Rows, _: DateTime<Utc>) -> Result<(), Refusal> {
        at_revision(rows, self.id, self.details.revision)?;
        let fields: Vec<_> = self.fields.iter().map(String::as_str).collect();
        set(rows, self.id, &self.details, &fields)
    }

    fn reply(&self, rows: &Rows, _: &[Difference]) -> UpdateProductResponse {
        UpdateProductResponse { product: details(rows, self.id), menu_version: rows.shop.version }
    }
}

impl MenuCommand for ArchiveProduct {
    type Reply = ArchiveProductResponse;
    const ACTION: &'static str = "ArchiveProduct";

    fn shop(&self) -> &str {
        &self.shop
    }

    fn author(&self) -> &By {
        &self.author
    }

    fn apply(&self, rows: &mut Rows, now: DateTime<Utc>) -> Result<(), Refusal> {
        at_revision(rows, self.id, self.revision)?;
        if let Some(product) = rows.product_mut(self.id) {
            product.archive(now);
        }
        Ok(())
    }

    fn reply(&self, rows: &Rows, _: &[Difference]) -> ArchiveProductResponse {
        ArchiveProductResponse { product: details(rows, self.id), menu_version: rows.shop.version }
    }
}

/// Judges the named fields without knowing the menu.
pub fn check(details: &ProductDetails, fields: &[&str], checks: &mut Checks) {
    for field in fields {
        let place = format!("product.{field}");
        match *field {
            "category_id" => drop(checks.uuid(place, &details.category_id)),
            "name" => drop(checks.text(place, &details.name, 1, 80)),
            "description" => drop(checks.text(place, &details.description, 0, 400)),
            "price" => {
                let price = details.price.as_ref().map(|price| price.minor_units);
                if !price.is_some_and(|price| (0..=MAX_PRICE).contains(&price)) {
                    checks.fail(place, "must be 0 to 1000000000 minor units", "deve ser de 0 a 1000000000 centavos");
                }
            }
            "allergens" => {
                let known =
                    |number: &i32| Allergen::try_from(*number).is_ok_and(|known| known != Allergen::Unspecified);
                if !details.allergens.iter().all(known) {
                    checks.fail(place, "must be known allergens", "devem ser alérgenos conhecidos");
                } else if !menu::is_each_once(&details.allergens) {
                    checks.fail(place, "must be each once", "não podem se repetir");
                }
            }
            "picture_url" => checks::picture(&details.picture_url, place, checks),
            "stations" => checks::words(&details.stations, 30, 10, &place, checks),
            "quick_notes" => checks::words(&details.quick_notes, QUICK_NOTE, MAX_QUICK_NOTES, &place, checks),
            "translations" => checks::translations(&details.translations, Translated::Product, &place, checks),
            "option_group_ids" => {
                for (index, id) in details.option_group_ids.iter().enumerate().take(21) {
                    checks.uuid(format!("{place}[{index}]"), id);
                }
                checks::few(details.option_group_ids.len(), 20, &place, checks);
            }
            _ => {}
        }
    }
}

/// Puts the named fields, which [`check`] let pass, into a product.
fn set(rows: &mut Rows, id: Uuid, details: &ProductDetails, fields: &[&str]) -> Result<(), Refusal> {
    let uuid = |text: &str| Uuid::try_parse(text).unwrap_or_default();
    let category = fields.contains(&"category_id").then(|| uuid(&details.category_id));
    if let Some(category) = category {
        let known = rows.categories.iter().any(|row| row.category_id == category && !row.is_archived());
        known.then_some(()).ok_or(Refusal::NoCategory(category))?;
    }
    if fields.contains(&"option_group_ids") {
        let groups: Vec<_> = details.option_group_ids.iter().map(|id| uuid(id)).collect();
        for group in &groups {
            let known = rows.option_groups.iter().any(|row| row.option_group_id == *group && !row.is_archived());
            known.then_some(()).ok_or(Refusal::NoOptionGroup(*group))?;
        }
        rows.offer(id, &groups);
    }
    if let Some(price) = details.price.as_ref().filter(|_| fields.contains(&"price"))
        && price.currency_code != rows.shop.currency_code
    {
        let mut checks = Checks::default();
        checks.fail("product.price.currency_code", "must be the shop's currency", "deve ser a moeda da loja");
        return checks.done().map_err(Refusal::Invalid);
    }
    let last = category.and_then(|category| {
        let others = rows.products.iter().filter(|row| row.category_id == category && row.product_id != id);
        others.map(|row| row.position).max()
    });
    let product = rows.product_mut(id).ok_or(Refusal::NoProduct(id))?;
    for field in fields {
        match *field {
            "category_id" if product.category_id != uuid(&details.category_id) => {
                product.category_id = uuid(&details.category_id);
                product.position = last.map_or(0, |last| last + 1);
            }
            "name" => tidy(&details.name).clone_into(&mut product.name),
            "description" => tidy(&details.description).clone_into(&mut product.description),
            "price" => product.price_minor = details.price.as_ref().map_or(0, |price| price.minor_units),
            "allergens" => product.allergens.0 = details.allergens().map(menu::word).collect(),
            "picture_url" => product.picture_url.clone_from(&details.picture_url),
            "stations" => product.stations.0 = tidied(&details.stations),
            "quick_notes" => product.quick_notes.0 = tidied(&details.quick_notes),
            "translations" => product.translations = translation::from_proto(&details.translations),
            _ => {}
        }
    }
    let mut checks = Checks::default();
    check_match(product, details, fields, &mut checks);
    let price = product.price_minor;
    if fields.contains(&"price") || fields.contains(&"option_group_ids") {
        Reductions::of(rows).check("product.price".into(), price, &rows.groups_of(id), &mut checks);
    }
    checks.done().map_err(Refusal::Invalid)
}

/// Whether wishes are as many in every language as in the shop's own.
fn check_match(product: &product::Model, details: &ProductDetails, fields: &[&str], checks: &mut Checks) {
    let said = fields.contains(&"translations");
    if !said && !fields.contains(&"quick_notes") {
        return;
    }
    for language in translation::without_match(&product.translations, product.quick_notes.0.len()) {
        let mut languages = details.translations.iter().map(|one| language::normal(&one.language_code));
        let index = languages.position(|named| named.as_deref() == Some(language)).filter(|_| said);
        let place = index.map(|index| format!("product.translations[{index}].quick_notes"));
        let (english, portuguese) = match place {
            Some(_) => (checks::AS_MANY[0].to_owned(), checks::AS_MANY[1].to_owned()),
            None => (format!("must be as many as in {language}"), format!("deve ter tantos quanto em {language}")),
        };
        checks.fail(place.unwrap_or_else(|| "product.quick_notes".into()), english, portuguese);
    }
}

fn tidied(words: &[String]) -> Vec<String> {
    words.iter().map(|word| tidy(word).to_owned()).collect()
}

fn at_revision(rows: &Rows, id: Uuid, revision: i64) -> Result<(), Refusal> {
    let product = rows.product(id).ok_or(Refusal::NoProduct(id))?;
    if product.revision == revision {
        return Ok(());
    }
    let groups: Vec<_> = rows.groups_of(id).iter().map(Uuid::to_string).collect();
    Err(Refusal::RevisionMismatch {
        revision: product.revision,
        by: product.edited_by.clone(),
        at: product.edited_at,
        current: difference::of_product(product, &rows.shop.currency_code, &groups.join(", ")),
    })
}

/// A product as it is edited.
#[must_use]
pub fn details(rows: &Rows, id: Uuid) -> Option<ProductDetails> {
    let product = rows.product(id)?;
    let price = Money { currency_code: rows.shop.currency_code.clone(), minor_units: product.price_minor };
    Some(ProductDetails {
        product_id: id.to_string(),
        key: product.key(),
        category_id: product.category_id.to_string(),
        name: product.name.clone(),
        description: product.description.clone(),
        price: Some(price),
        allergens: menu::allergens(&product.allergens),
        picture_url: product.picture_url.clone(),
        stations: product.stations.0.clone(),
        option_group_ids: rows.groups_of(id).iter().map(Uuid::to_string).collect(),
        revision: product.revision,
        archive_time: product.archived_at.map(to_proto),
        quick_notes: product.quick_notes.0.clone(),
        translations: translation::to_proto(product.translations.clone()),
    })
}
