//! Keeps a refusal small enough to arrive. A status travels in headers, and those are short: 8 KiB in many a client and
//! proxy, all of them together, and the details grow by a third on their way. Whoever is sent more hears that something
//! was too large instead of what was wrong.
//!
//! So long texts are shortened, and of many violations and facts the first are shown and the rest counted: one more
//! violation, of no field, says how many others there are, and so does the fact [`LEFT_OUT`]. Facts about one line stay
//! together.

use crate::language::Language;
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

/// The most that the details take, serialized; their base64 stays below 4 KiB.
pub const MAX_BYTES: usize = 3000;
/// The fact that counts those that are left out; facts about one line count as one.
pub const LEFT_OUT: &str = "left_out";

/// More of them never fit.
pub(super) const MAX_VIOLATIONS: usize = MAX_BYTES / FRAME;
/// Bytes of a sentence. It travels three times, once percent-encoded.
pub(super) const SENTENCE: usize = 320;
/// Bytes of a name or value of a fact, and of a field or its description.
const TEXT: usize = 200;
/// What a violation or fact costs beside its texts: tags and lengths.
const FRAME: usize = 12;
/// Room for the counts, and for lengths that take a byte more.
const COUNTS: usize = 100;

/// The status, with as many of its details as fit; there are so many more violations.
pub(super) fn status(code: Code, sentence: &str, details: ErrorDetails, more: usize) -> Status {
    let whole = Status::with_error_details(code, sentence, details);
    if more == 0 && sentence.len() <= SENTENCE && whole.details().len() <= MAX_BYTES {
        return whole;
    }
    let (sentence, details) = (shortened(sentence, SENTENCE), whole.get_error_details());
    let mut stored = head(&details);
    let bare = Status::with_error_details(code, &*sentence, stored.clone());
    let mut room = Room(MAX_BYTES.saturating_sub(bare.details().len() + COUNTS));
    let locale = details.localized_message().map(|local| local.locale.as_str());
    let language = if locale == Some(Language::English.tag()) { Language::English } else { Language::Portuguese };
    keep_violations(&details, more, &mut stored, &mut room, language);
    keep_facts(&details, &mut stored, &mut room);
    Status::with_error_details(code, sentence, stored)
}

/// Joins names to the end of a sentence, as far as it may be long, and counts the rest: `Latte, Mocha and 3 more`.
pub fn listed(names: impl IntoIterator<Item: AsRef<str>>, separator: &str, language: Language) -> String {
    let mut names = names.into_iter();
    let mut list = names.next().map(|name| shortened(name.as_ref(), TEXT)).unwrap_or_default();
    let mut more = 0_usize;
    for name in names {
        let name = name.as_ref();
        // Room for whatever stands before the list, and for the count after it.
        if more == 0 && list.len() + separator.len() + name.len() <= SENTENCE - 80 {
            list += separator;
            list += name;
        } else {
            more += 1;
        }
    }
    if more > 0 {
        list += " ";
        list += &and_more(more, language);
    }
    list
}

/// At most so many bytes, an ellipsis included.
fn shortened(text: &str, most: usize) -> String {
    const ELLIPSIS: &str = "…";
    if text.len() <= most {
        return text.to_owned();
    }
    let cut = (0..=most - ELLIPSIS.len()).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}{ELLIPSIS}", &text[..cut])
}

fn and_more(count: usize, language: Language) -> String {
    match language {
        Language::English => format!("and {count} more"),
        Language::Portuguese => format!("e mais {count}"),
    }
}

/// What every refusal keeps.
fn head(details: &ErrorDetails) -> ErrorDetails {
    let mut stored = ErrorDetails::new();
    if let Some(info) = details.error_info() {
        stored.set_error_info(shortened(&info.reason, TEXT), shortened(&info.domain, TEXT), HashMap::new());
    }
    if let Some(local) = details.localized_message() {
        stored.set_localized_message(shortened(&local.locale, TEXT), shortened(&local.message, SENTENCE));
    }
    if let Some(delay) = details.retry_info().and_then(|retry| retry.retry_delay) {
        stored.set_retry_info(Some(delay.min(Duration::from_secs(24 * 3600))));
    }
    stored
}

fn keep_violations(
    details: &ErrorDetails,
    more: usize,
    stored: &mut ErrorDetails,
    room: &mut Room,
    language: Language,
) {
    let all = details.bad_request().map_or(&[][..], |bad| &bad.field_violations);
    let short = all.iter().map(|one| (shortened(&one.field, TEXT), shortened(&one.description, TEXT)));
    let mut shown: Vec<_> = short
        .take_while(|(field, text)| room.take(FRAME + field.len() + text.len()))
        .map(|(field, text)| FieldViolation::new(field, text))
        .collect();
    let left_out = all.len() - shown.len() + more;
    if left_out > 0 {
        shown.push(FieldViolation::new("", and_more(left_out, language)));
    }
    if !shown.is_empty() {
        stored.set_bad_request(shown);
    }
}

fn keep_facts(details: &ErrorDetails, stored: &mut ErrorDetails, room: &mut Room) {
    let Some(info) = details.error_info() else { return };
    // Facts about one line, by its number; those about the whole come first.
    let mut subjects: BTreeMap<Subject<'_>, Vec<(String, String)>> = BTreeMap::new();
    for (name, value) in &info.metadata {
        subjects.entry(Subject::of(name)).or_default().push((shortened(name, TEXT), shortened(value, TEXT)));
    }
    let count = subjects.len();
    let cost = |facts: &[(String, String)]| facts.iter().map(|(name, value)| FRAME + name.len() + value.len()).sum();
    let shown = subjects.into_values().take_while(|facts| room.take(cost(facts))).collect::<Vec<_>>();
    let left_out = count - shown.len();
    let counted = (left_out > 0).then(|| (LEFT_OUT.to_owned(), left_out.to_string()));
    let facts = shown.into_iter().flatten().chain(counted).collect::<HashMap<_, _>>();
    if let Some(info) = stored.error_info().cloned() {
        stored.set_error_info(info.reason, info.domain, facts);
    }
}

/// What a fact is about: `lines[2].name` is about the third line.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Subject<'a> {
    line: Option<usize>,
    name: &'a str,
}

impl<'a> Subject<'a> {
    fn of(fact: &'a str) -> Self {
        let indexed = fact.split_once('[').and_then(|(_, rest)| rest.split_once(']')?.0.parse().ok());
        let name = if indexed.is_some() { fact.split('.').next().unwrap_or(fact) } else { fact };
        Self { line: indexed, name }
    }
}

/// Bytes that are left.
struct Room(usize);

impl Room {
    /// Takes so many if they are there; once they were not, nothing follows.
    fn take(&mut self, bytes: usize) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ApiError, Violation, stored};

    fn size(status: &Status) -> usize {
        assert!(status.message().len() <= SENTENCE, "{}", status.message());
        assert!(status.details().len() <= MAX_BYTES, "{}", status.details().len());
        status.details().len()
    }

    fn facts(lines: usize) -> ApiError {
        let fault = ApiError::new(Code::FailedPrecondition, "PRICE_CHANGED", "prices have changed", "o preço mudou");
        (0..lines).fold(fault, |fault, line| {
            fault.meta(&format!("lines[{line}].name"), "é".repeat(40)).meta(&format!("lines[{line}].seen"), 1200)
        })
    }

    #[test]
    fn what_fits_is_left_as_it_is() {
        let status = facts(3).into_status(Language::English);
        let metadata = status.get_details_error_info().expect("facts").metadata;
        assert_eq!((metadata.len(), metadata.contains_key(LEFT_OUT)), (6, false));
    }

    #[test]
    fn facts_about_a_line_stay_together_and_the_other_lines_are_counted() {
        let status = facts(50).into_status(Language::English);
        assert!(size(&status) > MAX_BYTES / 2, "the room is used");
        let metadata = status.get_details_error_info().expect("facts").metadata;
        let left_out: usize = metadata[LEFT_OUT].parse().expect("a number");
        assert_eq!(metadata.len(), (50 - left_out) * 2 + 1);
        for line in 0..50 - left_out {
            assert!(metadata.contains_key(&format!("lines[{line}].seen")), "the first ones: {metadata:?}");
        }
    }

    #[test]
    fn one_more_violation_counts_the_others() {
        for (language, end) in [(Language::English, " more"), (Language::Portuguese, "e mais ")] {
            let violation = |n: usize| Violation {
                field: format!("lines[{n}].note"),
                english: "must have 0 to 140 characters".into(),
                portuguese: "deve ter de 0 a 140 caracteres".into(),
            };
            let status = ApiError::invalid((0..500).map(violation).collect()).into_status(language);
            size(&status);
            let shown = status.get_details_bad_request().expect("violations").field_violations;
            let last = shown.last().expect("one");
            assert_eq!(last.field, "");
            assert!(last.description.contains(end), "{last:?}");
            assert!(last.description.contains(&(500 - (shown.len() - 1)).to_string()), "{last:?} of {}", shown.len());
            assert!(status.message().ends_with(" more"), "{}", status.message());
        }
    }

    #[test]
    fn one_text_of_a_megabyte_is_shortened() {
        let huge = "ã".repeat(500_000);
        let violation = Violation { field: huge.clone(), english: huge.clone(), portuguese: huge.clone() };
        let status = ApiError::invalid(vec![violation]).into_status(Language::Portuguese);
        size(&status);
        let shown = status.get_details_bad_request().expect("one").field_violations;
        assert_eq!((shown.len(), shown[0].field.ends_with('…')), (1, true));
        let fault = ApiError::new(Code::NotFound, "SHOP_NOT_FOUND", &huge, &huge).meta("shop_id", &huge);
        size(&fault.retry_after(Duration::from_secs(1)).into_status(Language::English));
    }

    #[test]
    fn what_an_older_release_has_kept_is_bounded_when_it_is_told() {
        let mut details = ErrorDetails::with_error_info("PRICE_CHANGED", "comanda", facts(50).metadata);
        details.set_localized_message("pt-BR", "o preço mudou");
        let old = Status::with_error_details(Code::FailedPrecondition, "prices have changed", details);
        assert!(old.details().len() > 4096);
        let told = stored(Code::FailedPrecondition, old.details());
        size(&told);
        assert_eq!((told.code(), told.message()), (Code::FailedPrecondition, "prices have changed"));
        assert!(told.get_details_error_info().expect("facts").metadata.contains_key(LEFT_OUT));
    }

    #[test]
    fn a_list_counts_what_it_does_not_name() {
        assert_eq!(listed(["a", "b"], ", ", Language::English), "a, b");
        let many = vec!["Café com leite"; 50];
        let list = listed(many.iter().copied(), ", ", Language::Portuguese);
        assert!(list.len() < SENTENCE && list.ends_with("e mais 36"), "{list}");
    }
}
