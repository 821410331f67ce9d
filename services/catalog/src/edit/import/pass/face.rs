//! What a file says of the shop's face: how it looks, how to pay, when its board warns, which languages it speaks.

use super::Import;
use crate::{
    edit::{
        checks::{AGE, COLOR, IN_ORDER, LANGUAGE},
        file::{MenuFile, at},
    },
    menu::face::{self, AGES, PAYMENT_TEXT},
    store::entity::Translation,
};
use comanda_types::language;
use serde_saphyr::Spanned;

impl Import<'_> {
    pub(super) fn face(&mut self, file: &MenuFile) {
        self.rows.shop.logo_url = self.picture(file.logo.as_ref(), "logo");
        self.rows.shop.cover_url = self.picture(file.cover.as_ref(), "cover");
        let color = file.brand_color.as_ref().map(|color| (color, face::color(&color.value)));
        if let Some((color, None)) = &color {
            self.fail(color, "brand_color", COLOR[0], COLOR[1]);
        }
        self.rows.shop.brand_color = color.and_then(|(_, color)| color).unwrap_or_default();
        let payment = file.payment_text.as_ref();
        self.rows.shop.payment_text =
            payment.map(|text| self.text(text, "payment_text", 0, PAYMENT_TEXT)).unwrap_or_default();
        let language = file.language.as_ref().map(|tag| (tag, language::normal(&tag.value)));
        if let Some((tag, None)) = &language {
            self.fail(tag, "language", LANGUAGE[0], LANGUAGE[1]);
        }
        self.rows.shop.language_code = language.and_then(|(_, tag)| tag).unwrap_or_else(|| face::LANGUAGE.into());
        self.rows.shop.translations =
            self.translations(&file.translations, &file.shop, "translations", |import, said, path| Translation {
                payment_text: import.text(&said.payment_text, &format!("{path}.payment_text"), 1, PAYMENT_TEXT),
                ..Translation::default()
            });
        self.ages(file);
    }

    fn ages(&mut self, file: &MenuFile) {
        let mut age = |said: &Option<Spanned<i32>>, path: &str, otherwise| {
            if let Some(said) = said.as_ref().filter(|said| !AGES.contains(&said.value)) {
                self.checks.fail(at(said.referenced.line(), path), AGE[0], AGE[1]);
            }
            said.as_ref().map_or(otherwise, |said| said.value)
        };
        let warn = age(&file.warn_minutes, "warn_minutes", face::WARN_MINUTES);
        let late = age(&file.late_minutes, "late_minutes", face::LATE_MINUTES);
        let said = file.late_minutes.as_ref().map(|said| (said, "late_minutes"));
        if let Some((said, path)) = said.or(file.warn_minutes.as_ref().map(|said| (said, "warn_minutes")))
            && warn >= late
        {
            self.checks.fail(at(said.referenced.line(), path), IN_ORDER[0], IN_ORDER[1]);
        }
        (self.rows.shop.warn_minutes, self.rows.shop.late_minutes) = (warn, late);
    }
}
