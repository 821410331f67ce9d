//! The web apps, as built into `gateway/web/dist`: seven pages and their files, and in development builds `/ui`, which shows
//! their components. Must not load anything from elsewhere, nor run what is written into a page.

use crate::{etag::Held, problem::Problem, rest};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
    header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG},
};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::fmt::Write;

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Dist;

const NOT_BUILT: &str =
    "The pages are not built: run `npm ci && npm run build` in gateway/web, then build comanda again.\n";
const POLICY: &str =
    "default-src 'self'; img-src 'self' https:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const GUARD: [(HeaderName, HeaderValue); 1] = [(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))];

pub async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let name = file_name(uri.path());
    let Some(file) = Dist::get(name) else {
        return if is_page(name) { not_built() } else { unknown().into_response() };
    };
    if method != Method::GET && method != Method::HEAD {
        return ([(ALLOW, "GET, HEAD")], rest::method_not_allowed().await).into_response();
    }
    (GUARD, send(name, file, &headers)).into_response()
}

fn file_name(path: &str) -> &str {
    match path {
        "/" => "index.html",
        "/acompanhar" => "acompanhar.html",
        "/barista" => "barista.html",
        "/painel" => "painel.html",
        "/status" => "status.html",
        "/equipe" => "equipe.html",
        "/ui" if cfg!(debug_assertions) => "ui.html",
        "/confiar" => "confiar.html",
        other => other.trim_start_matches('/'),
    }
}

fn is_page(name: &str) -> bool {
    const PAGES: [&str; 7] =
        ["index.html", "acompanhar.html", "barista.html", "painel.html", "status.html", "equipe.html", "confiar.html"];
    PAGES.contains(&name)
}

fn send(name: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = tag(&file.metadata.sha256_hash());
    let caching = [(CACHE_CONTROL, caching(name).to_owned()), (ETAG, format!("\"{tag}\""))];
    if Held::of(headers).has(&tag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let kind = [(CONTENT_TYPE, file.metadata.mimetype().to_owned())];
    (caching, kind, Body::from(file.data.into_owned())).into_response()
}

/// The build puts a hash into the name of every file below `assets/`, so such a file never changes.
fn caching(name: &str) -> &'static str {
    if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn tag(hash: &[u8; 32]) -> String {
    hash[..16].iter().fold(String::new(), |mut tag, byte| {
        let _ = write!(tag, "{byte:02x}");
        tag
    })
}

fn not_built() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, GUARD, NOT_BUILT).into_response()
}

/// Of a path that this deployment does not have.
pub async fn nothing() -> Problem {
    unknown()
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "PATH_NOT_FOUND", "there is nothing here", "não há nada aqui")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::IF_NONE_MATCH;
    use std::path::Path;

    #[test]
    fn each_path_has_its_file() {
        for (path, file) in [
            ("/", "index.html"),
            ("/acompanhar", "acompanhar.html"),
            ("/barista", "barista.html"),
            ("/painel", "painel.html"),
            ("/status", "status.html"),
            ("/equipe", "equipe.html"),
            ("/ui", "ui.html"),
            ("/confiar", "confiar.html"),
            ("/assets/x-1.js", "assets/x-1.js"),
            ("/pedidos", "pedidos"),
        ] {
            assert_eq!(file_name(path), file);
        }
    }

    #[test]
    fn hashed_files_are_kept_and_pages_asked_for_again() {
        let sent = |name, known: Option<&HeaderValue>| {
            let file = rust_embed::utils::read_file_from_fs(Path::new("Cargo.toml")).expect("this crate's manifest");
            send(name, file, &known.map(|tag| (IF_NONE_MATCH, tag.clone())).into_iter().collect())
        };
        let asset = sent("assets/x-1.js", None);
        assert_eq!(asset.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
        let page = sent("index.html", None);
        assert_eq!(
            (page.status(), &page.headers()[CACHE_CONTROL]),
            (StatusCode::OK, &HeaderValue::from_static("no-cache"))
        );
        assert_eq!(sent("index.html", page.headers().get(ETAG)).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(sent("index.html", Some(&HeaderValue::from_static("\"0\""))).status(), StatusCode::OK);
    }
}
