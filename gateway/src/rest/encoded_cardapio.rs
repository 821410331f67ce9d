//! Menus as JSON, encoded and compressed once per version. Bounded by bytes; knows neither callers nor Catalog.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY},
};
use parking_lot::Mutex;
use prost::bytes::Bytes;
use std::{
    collections::HashMap,
    io::{self, Write},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::OnceCell, task::spawn_blocking};

/// Of all menus as JSON. When a new one does not fit, all others go.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Shorter ones fit into one packet as they are.
const WORTH_IT: usize = 1024;
/// Of 11 for brotli and 9 for gzip: it is done once.
const QUALITY: u8 = 6;
/// A change is shown so much later at most, and Catalog is asked ten times a second at most for a shop.
const REUSE: Duration = Duration::from_millis(100);

/// By shop, as callers name it. Cloning shares them.
#[derive(Clone, Default)]
pub struct EncodedMenus(Arc<Mutex<HashMap<String, Arc<EncodedMenu>>>>);

/// A menu at one version.
pub struct EncodedMenu {
    pub version: i64,
    /// Until then it may be shown unmarked without asking Catalog.
    fresh_until: Mutex<Option<Instant>>,
    json: Bytes,
    gzip: OnceCell<Bytes>,
    brotli: OnceCell<Bytes>,
}

/// The smaller the form, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl EncodedMenus {
    pub fn get(&self, shop: &str) -> Option<Arc<EncodedMenu>> {
        self.0.lock().get(shop).cloned()
    }

    /// Stores a menu unless a newer one is there.
    pub fn put(&self, shop: String, version: i64, json: Vec<u8>) -> Arc<EncodedMenu> {
        let (json, fresh_until) = (Bytes::from(json), Mutex::default());
        let menu = Arc::new(EncodedMenu { version, fresh_until, json, gzip: OnceCell::new(), brotli: OnceCell::new() });
        let mut menus = self.0.lock();
        if menus.get(&shop).is_none_or(|held| held.version < version) {
            menus.remove(&shop);
            let held: usize = menus.values().map(|menu| menu.json.len()).sum();
            if held + menu.json.len() > MAX_BYTES {
                menus.clear();
            }
            menus.insert(shop, menu.clone());
        }
        menu
    }
}

impl EncodedMenu {
    /// Whether Catalog need not be asked about it now.
    pub fn is_fresh(&self, now: Instant) -> bool {
        self.fresh_until.lock().is_some_and(|until| now < until)
    }

    /// Notes that Catalog, asked then, said that it may be shown for so long.
    pub fn confirm(&self, asked: Instant, fresh_for: Duration) {
        let until = asked + fresh_for.min(REUSE);
        let mut fresh_until = self.fresh_until.lock();
        *fresh_until = (*fresh_until).max(Some(until));
    }

    /// In the best form that the caller accepts.
    pub async fn response(self: Arc<Self>, headers: &HeaderMap) -> Response {
        let accepted = if self.json.len() < WORTH_IT { Encoding::Identity } else { accepted(headers) };
        let compressed = match accepted {
            Encoding::Identity => None,
            Encoding::Gzip => self.compressed(&self.gzip, gzip).await.map(|bytes| (bytes, "gzip")),
            Encoding::Brotli => self.compressed(&self.brotli, brotli).await.map(|bytes| (bytes, "br")),
        };
        let (body, name) = match compressed {
            Some((bytes, name)) => (bytes, Some(name)),
            None => (self.json.clone(), None),
        };
        let mut response = Body::from(body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(name) = name {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        response
    }

    /// Compresses on first use, on a thread that may take its time. `None` if that fails: a plain menu is one, too.
    async fn compressed(&self, cell: &OnceCell<Bytes>, by: fn(&[u8]) -> io::Result<Vec<u8>>) -> Option<Bytes> {
        let json = self.json.clone();
        let compress = async { Ok::<_, io::Error>(Bytes::from(spawn_blocking(move || by(&json)).await??)) };
        match cell.get_or_try_init(|| compress).await {
            Ok(compressed) => Some(compressed.clone()),
            Err(error) => {
                tracing::warn!(%error, "a menu cannot be compressed");
                None
            }
        }
    }
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(QUALITY.into()));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let params = BrotliEncoderParams { quality: QUALITY.into(), ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &params)?;
    Ok(compressed)
}

/// By `accept-encoding`: the one with the greatest weight, of equals the smaller form.
fn accepted(headers: &HeaderMap) -> Encoding {
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let named = lists.flat_map(|list| list.split(',')).filter_map(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, "q=1"));
        let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
        let encoding = match name.trim().to_ascii_lowercase().as_str() {
            "br" => Encoding::Brotli,
            "gzip" | "x-gzip" => Encoding::Gzip,
            "identity" => Encoding::Identity,
            _ => return None,
        };
        (weight > 0.0).then_some((encoding, weight))
    });
    let better = |best: (Encoding, f32), next: (Encoding, f32)| {
        let ranks = next.1 > best.1 || (next.1 == best.1 && next.0 > best.0);
        if ranks { next } else { best }
    };
    named.fold((Encoding::Identity, 0.0), better).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use std::io::Read;

    fn accepting(list: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(list))])
    }

    #[test]
    fn the_greatest_weight_wins_and_of_equals_the_smaller_form() {
        for (list, expected) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip;q=1.0, br;q=0.5", Encoding::Gzip),
            ("br;q=0, gzip", Encoding::Gzip),
            ("identity, gzip;q=0.5", Encoding::Identity),
            ("*", Encoding::Identity),
            ("br;q=nonsense", Encoding::Identity),
        ] {
            assert_eq!(accepted(&accepting(list)), expected, "{list}");
        }
        assert_eq!(accepted(&HeaderMap::new()), Encoding::Identity);
    }

    #[tokio::test]
    async fn every_form_holds_the_same_menu() {
        let json = format!("[{}]", "\"café\",".repeat(1000)).into_bytes();
        let menu = EncodedMenus::default().put("main".into(), 7, json.clone());
        for (list, name) in [("", None), ("gzip", Some("gzip")), ("br", Some("br"))] {
            let response = menu.clone().response(&accepting(list)).await;
            let encoding =
                response.headers().get(CONTENT_ENCODING).and_then(|value| value.to_str().ok().map(str::to_owned));
            assert_eq!(encoding.as_deref(), name);
            let body = response.into_body().collect().await.expect("a body").to_bytes();
            let mut plain = Vec::new();
            match name {
                Some("gzip") => drop(flate2::read::GzDecoder::new(&*body).read_to_end(&mut plain).expect("gzip")),
                Some(_) => brotli::BrotliDecompress(&mut &*body, &mut plain).expect("brotli"),
                None => plain = body.to_vec(),
            }
            assert!(plain == json && (name.is_none() || body.len() < json.len() / 10), "{list}: {}", body.len());
        }
    }

    #[tokio::test]
    async fn what_cannot_be_compressed_goes_plain() {
        let menu = EncodedMenus::default().put("main".into(), 7, b"{}".to_vec());
        let broken = |_: &[u8]| Err(io::Error::other("on purpose"));
        assert_eq!(menu.compressed(&menu.gzip, broken).await, None);
        assert!(menu.compressed(&menu.gzip, gzip).await.is_some(), "and is tried again");
    }

    #[test]
    fn a_menu_is_fresh_for_as_long_as_catalog_said_and_not_much_longer() {
        let (menu, asked) = (EncodedMenus::default().put("main".into(), 7, b"{}".to_vec()), Instant::now());
        let fresh_after = |millis| menu.is_fresh(asked + Duration::from_millis(millis));
        assert!(!fresh_after(0), "nobody has said so");
        menu.confirm(asked, Duration::from_millis(40));
        assert!(fresh_after(39) && !fresh_after(40));
        menu.confirm(asked, Duration::ZERO);
        assert!(fresh_after(39), "an answer that was late takes nothing back");
        menu.confirm(asked, Duration::from_millis(700));
        assert!(fresh_after(99) && !fresh_after(100), "a change waits no longer than that");
    }

    #[test]
    fn menus_are_bounded_and_never_go_back() {
        let menus = EncodedMenus::default();
        menus.put("main".into(), 7, vec![0; 10]);
        assert_eq!(menus.put("main".into(), 6, vec![0; 10]).version, 6, "for its own caller");
        assert_eq!(menus.get("main").map(|menu| menu.version), Some(7));
        menus.put("other".into(), 1, vec![0; MAX_BYTES - 5]);
        assert!(menus.get("main").is_none() && menus.get("other").is_some());
    }
}
