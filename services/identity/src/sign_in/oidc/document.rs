//! What a provider tells about itself, at `/.well-known/openid-configuration`.

use super::settings::Settings;
use serde::Deserialize;
use url::Url;

/// The part that we use. Each address may be called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Document {
    issuer: String,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub jwks_uri: Url,
    #[serde(default)]
    pub scopes_supported: Vec<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

impl Document {
    /// Where it stands.
    pub fn address(settings: &Settings) -> Result<Url, &'static str> {
        let address = format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'));
        Url::parse(&address).map_err(|_| "the issuer is no URL")
    }

    /// Reads it, if it is of this issuer and sends nobody to where others read along.
    pub fn read(text: &[u8], settings: &Settings) -> Result<Self, &'static str> {
        let document: Self = serde_json::from_slice(text).map_err(|_| "its discovery document is none")?;
        if document.issuer != settings.issuer {
            return Err("its discovery document is of another issuer");
        }
        let addresses = [&document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri];
        if !addresses.into_iter().all(|address| settings.may_call(address)) {
            return Err("its discovery document has an address without https");
        }
        Ok(document)
    }

    /// Whether a secret goes into the form; usually it goes into a header.
    pub fn takes_secret_in_form(&self) -> bool {
        let takes = |method| self.token_endpoint_auth_methods_supported.iter().any(|taken| taken == method);
        takes("client_secret_post") && !takes("client_secret_basic")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::settings;
    use super::*;
    use serde_json::json;

    fn read(issuer: &str, change: impl Fn(&mut serde_json::Value)) -> Result<Document, &'static str> {
        let mut document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"),
        });
        change(&mut document);
        Document::read(document.to_string().as_bytes(), &Settings { issuer: issuer.to_owned(), ..settings() })
    }

    #[test]
    fn a_document_of_another_issuer_is_refused() {
        assert!(read("https://login.example", |_| {}).is_ok());
        let refused = read("https://login.example", |document| document["issuer"] = json!("https://login.example/"));
        assert_eq!(refused, Err("its discovery document is of another issuer"));
        let refused = read("https://login.example", |document| document["token_endpoint"] = json!("/token"));
        assert_eq!(refused, Err("its discovery document is none"));
    }

    #[test]
    fn plaintext_is_for_one_machine_only() {
        let plaintext = Err("its discovery document has an address without https");
        assert!(read("http://127.0.0.1:4000", |_| {}).is_ok());
        assert_eq!(read("http://login.example", |_| {}), plaintext);
        for field in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            for address in ["http://login.example/x", "http://127.0.0.1/x", "ftp://login.example/x", "javascript:x"] {
                let read = read("https://login.example", |document| document[field] = json!(address));
                assert_eq!(read, plaintext, "{field} {address}");
            }
        }
    }

    #[test]
    fn a_secret_goes_into_the_form_where_no_header_is_taken() {
        let takes = |methods: serde_json::Value| {
            let read = read("https://login.example", |document| {
                document["token_endpoint_auth_methods_supported"] = methods.clone()
            });
            read.expect("good").takes_secret_in_form()
        };
        assert!(takes(json!(["client_secret_post"])));
        assert!(!takes(json!(["client_secret_post", "client_secret_basic"])) && !takes(json!([])));
    }
}
