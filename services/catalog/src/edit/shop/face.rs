//! The settings of a shop's face: how it looks, what it says of paying, when its board warns, which languages it speaks.

use crate::{
    edit::checks::{self, Translated},
    menu::{
        face::{AGES, PAYMENT_TEXT, color},
        translation,
    },
    refusal::Refusal,
    store::entity::shop,
};
use comanda_proto::catalog::v1::ShopSettings;
use comanda_types::{language, text::tidy, validation::Checks};

/// Judges a setting.
pub fn check(settings: &ShopSettings, field: &str, place: String, checks: &mut Checks) {
    match field {
        "logo_url" => checks::picture(&settings.logo_url, place, checks),
        "cover_url" => checks::picture(&settings.cover_url, place, checks),
        "brand_color" if !settings.brand_color.is_empty() && color(&settings.brand_color).is_none() => {
            checks.fail(place, checks::COLOR[0], checks::COLOR[1]);
        }
        "payment_text" => drop(checks.text(place, &settings.payment_text, 0, PAYMENT_TEXT)),
        "warn_minutes" => check_age(settings.warn_minutes, place, checks),
        "late_minutes" => check_age(settings.late_minutes, place, checks),
        "language_code" => checks::language(&settings.language_code, place, checks),
        "translations" => checks::translations(&settings.translations, Translated::Menu, &place, checks),
        _ => {}
    }
}

fn check_age(minutes: i32, place: String, checks: &mut Checks) {
    if !AGES.contains(&minutes) {
        checks.fail(place, checks::AGE[0], checks::AGE[1]);
    }
}

/// Judges what the two ages have become, because a caller may change one of them only.
pub fn check_ages(shop: &shop::Model, fields: &[String]) -> Result<(), Refusal> {
    let mut checks = Checks::default();
    for age in
        ["late_minutes", "warn_minutes"].into_iter().filter(|age| fields.iter().any(|field| field == age)).take(1)
    {
        if shop.warn_minutes >= shop.late_minutes {
            checks.fail(format!("shop.{age}"), checks::IN_ORDER[0], checks::IN_ORDER[1]);
        }
    }
    checks.done().map_err(Refusal::Invalid)
}

/// Takes a setting that [`check`] let pass.
pub fn set(shop: &mut shop::Model, settings: &ShopSettings, field: &str) {
    match field {
        "logo_url" => shop.logo_url.clone_from(&settings.logo_url),
        "cover_url" => shop.cover_url.clone_from(&settings.cover_url),
        "brand_color" => shop.brand_color = color(&settings.brand_color).unwrap_or_default(),
        "payment_text" => tidy(&settings.payment_text).clone_into(&mut shop.payment_text),
        "warn_minutes" => shop.warn_minutes = settings.warn_minutes,
        "late_minutes" => shop.late_minutes = settings.late_minutes,
        "language_code" => shop.language_code = language::normal(&settings.language_code).unwrap_or_default(),
        "translations" => shop.translations = translation::from_proto(&settings.translations),
        _ => {}
    }
}

/// As contracts say them.
pub fn settings(shop: &shop::Model) -> ShopSettings {
    ShopSettings {
        logo_url: shop.logo_url.clone(),
        cover_url: shop.cover_url.clone(),
        brand_color: shop.brand_color.clone(),
        payment_text: shop.payment_text.clone(),
        warn_minutes: shop.warn_minutes,
        late_minutes: shop.late_minutes,
        language_code: shop.language_code.clone(),
        translations: translation::to_proto(shop.translations.clone()),
        ..ShopSettings::default()
    }
}
