//! What people write: names, notes, reasons. Judges by Unicode's own tables what can be seen of a text and what harms the
//! text beside it; knows no field and no length. What is written is kept as it is, but for spaces at its ends: an
//! invisible character may belong to an emoji or to a letter of another script.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory as Category, GeneralCategoryGroup as Group},
};

/// How many marks may stand on one character. Vietnamese needs 2, vocalised Hebrew 4, Tibetan 5; more only climb over
/// the lines above.
pub const MAX_COMBINING_MARKS: usize = 6;

/// Of the categories below, and yet blank: a braille cell without dots, a note without a head, the place of an object.
const BLANK: [char; 3] = ['\u{2800}', '\u{1d159}', '\u{fffc}'];

/// Why a text is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// A control character or a line break: Cc, Zl, Zp.
    Control,
    /// A character that turns the direction of what follows, beyond the text's own end maybe.
    Direction,
    /// More than [`MAX_COMBINING_MARKS`] on one character.
    Marks,
}

/// Whether a character leaves ink by itself: letters, numbers, punctuation, symbols (L, N, P, S) that are not ignorable by
/// default, as zero-width characters, fillers, tags and soft hyphens are. Marks (M) need something to stand on; separators
/// (Z), controls, formats, private and unassigned ones (C) print nothing of their own.
#[must_use]
pub fn is_seen(c: char) -> bool {
    // Most of most texts, and none of it needs to be looked up.
    if c.is_ascii() {
        return c.is_ascii_graphic();
    }
    let kinds = Group::Letter.union(Group::Number).union(Group::Punctuation).union(Group::Symbol);
    kinds.contains(category(c)) && !is_ignorable(c) && !BLANK.contains(&c)
}

/// Without spaces at both ends; empty when nothing of it can be seen.
#[must_use]
pub fn tidy(text: &str) -> &str {
    if text.chars().any(is_seen) { text.trim() } else { "" }
}

/// What is wrong with a text wherever it is shown; nothing else in it changes what stands around it.
#[must_use]
pub fn harm(text: &str) -> Option<Harm> {
    let mut marks = 0;
    for c in text.chars() {
        // An invisible character neither bears marks nor begins a new pile.
        if c.is_ascii() && !c.is_control() {
            marks = 0;
            continue;
        }
        marks = match category(c) {
            Category::Control | Category::LineSeparator | Category::ParagraphSeparator => return Some(Harm::Control),
            _ if turns(c) => return Some(Harm::Direction),
            _ if is_ignorable(c) => marks,
            Category::NonspacingMark | Category::EnclosingMark => marks + 1,
            _ => 0,
        };
        if marks > MAX_COMBINING_MARKS {
            return Some(Harm::Marks);
        }
    }
    None
}

/// Embeddings, overrides and isolates. The other `Bidi_Control` characters, the marks U+061C, U+200E and U+200F, are part
/// of ordinary Arabic and Hebrew text, and reach no further than where a page isolates it.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

fn category(c: char) -> Category {
    CodePointMapData::<Category>::new().get(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_prints_nothing_is_no_text() {
        for nothing in [
            "",
            " \u{a0}\u{3000}\u{2003}",
            "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}",
            "\u{ad}",
            "\u{115f}\u{1160}\u{3164}\u{ffa0}\u{17b4}\u{180e}",
            "\u{fe0f}\u{fe0e}\u{e0100}\u{180b}",
            "\u{e0041}\u{e007f}",
            "\u{200e}\u{200f}\u{61c}",
            "\u{2800}",
            "\u{fffc}",
            "\u{301}\u{20dd}",
            "\u{e000}",
            "\u{378}",
            "\u{1d173}",
            "\u{34f}\u{206a}\u{2061}",
        ] {
            assert_eq!(tidy(nothing), "", "{}", nothing.escape_unicode());
        }
    }

    #[test]
    fn what_people_are_called_is_text() {
        for name in [
            "Ana",
            "Zoë",
            "Z\u{0065}\u{0308}",
            "Nguyễn",
            "N\u{69}\u{302}\u{301}",
            "李",
            "محمد",
            "می\u{200c}خواهم",
            "שָׁלוֹם",
            "བརྒྱུད",
            "ศิริ",
            "한",
            "👨\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            ".",
            "7",
            "O'Neill \u{200f}א",
        ] {
            assert_eq!((tidy(name), harm(name)), (name, None), "{name}");
        }
        assert_eq!(tidy(" \u{3000}Ana Lúcia\n"), "Ana Lúcia");
    }

    #[test]
    fn what_turns_the_text_beside_it_is_found() {
        for turned in ['\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2069}'] {
            assert_eq!(harm(&format!("A{turned}na")), Some(Harm::Direction), "{}", turned.escape_unicode());
        }
        for control in ['\u{7}', '\n', '\u{85}', '\u{2028}', '\u{2029}'] {
            assert_eq!(harm(&format!("A{control}na")), Some(Harm::Control), "{}", control.escape_unicode());
        }
    }

    #[test]
    fn a_pile_of_marks_has_an_end() {
        let pile = |marks: usize| format!("Z{}a", "\u{30d}".repeat(marks));
        assert_eq!(harm(&pile(MAX_COMBINING_MARKS)), None);
        assert_eq!(harm(&pile(MAX_COMBINING_MARKS + 1)), Some(Harm::Marks));
        assert_eq!(harm(&pile(MAX_COMBINING_MARKS).repeat(3)), None, "each has its own");
        let hidden = format!("Z{}", "\u{30d}\u{200b}\u{fe0f}\u{34f}".repeat(MAX_COMBINING_MARKS + 1));
        assert_eq!(harm(&hidden), Some(Harm::Marks), "what cannot be seen bears none");
        assert_eq!(harm(&"\u{20dd}".repeat(MAX_COMBINING_MARKS + 1)), Some(Harm::Marks));
    }
}
