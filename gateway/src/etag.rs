//! What a caller has already, by `If-None-Match`: a list of tags, or an asterisk for whatever there is. Compared weakly,
//! as this header asks: an answer that was compressed on its way is still the same answer.

use http::{HeaderMap, header::IF_NONE_MATCH};

/// The tags that the caller names.
pub enum Held<'a> {
    /// Anything at all.
    Whatever,
    /// These, without their quotes.
    Tags(Vec<&'a str>),
}

impl<'a> Held<'a> {
    pub fn of(headers: &'a HeaderMap) -> Self {
        let lists = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let tags = lists.flat_map(|list| list.split(',')).map(str::trim).collect::<Vec<_>>();
        if tags.contains(&"*") {
            return Self::Whatever;
        }
        // Our tags have no comma; a foreign one that has some falls into pieces that are no tags.
        let bare = |tag: &'a str| tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"');
        Self::Tags(tags.into_iter().filter_map(bare).collect())
    }

    /// Whether the caller has what is tagged like this, without quotes.
    pub fn has(&self, tag: &str) -> bool {
        match self {
            Self::Whatever => true,
            Self::Tags(tags) => tags.contains(&tag),
        }
    }

    /// The tags themselves; none for the asterisk.
    pub fn tags(&self) -> &[&'a str] {
        match self {
            Self::Whatever => &[],
            Self::Tags(tags) => tags,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn has(lines: &[&'static str], tag: &str) -> bool {
        let headers = lines.iter().map(|line| (IF_NONE_MATCH, HeaderValue::from_static(line))).collect();
        Held::of(&headers).has(tag)
    }

    #[test]
    fn lists_weak_tags_and_the_asterisk_are_understood() {
        for held in [&[r#""17""#][..], &[r#"W/"17""#], &[r#""a", W/"17" ,"b""#], &["*"], &[r#""x""#, r#""17""#]] {
            assert!(has(held, "17"), "{held:?}");
        }
        for other in [&[][..], &["17"], &[r#""1""#], &[r#""17"#], &[r#""""#], &["W/17"], &[r#""a,17""#]] {
            assert!(!has(other, "17"), "{other:?}");
        }
    }
}
