//! A code becomes an ID token, at the provider's token endpoint.

use super::{
    document::Document,
    failed::{Failed, away},
    fetch::Fetch,
    settings::Settings,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use comanda_proto::identity::v1::OidcProof;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde::Deserialize;
use url::form_urlencoded::{Serializer, byte_serialize};

const WHAT: &str = "its token endpoint";

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

#[derive(Deserialize)]
struct TokenError {
    error: String,
}

/// The token that the provider gives for a code.
pub async fn id_token(
    fetch: &Fetch,
    settings: &Settings,
    document: &Document,
    proof: &OidcProof,
) -> Result<String, Failed> {
    let (headers, form) = form(settings, document, proof)?;
    let answer = fetch.post(&document.token_endpoint, headers, form).await;
    let (status, body) = answer.map_err(|why| away(WHAT, &why))?;
    if status == StatusCode::OK {
        let tokens = serde_json::from_slice::<Tokens>(&body);
        return tokens.map(|tokens| tokens.id_token).map_err(|_| away(WHAT, "no ID token came"));
    }
    let error = serde_json::from_slice::<TokenError>(&body).map_or_else(|_| status.to_string(), |told| told.error);
    // Anything else is between the provider and us, and nobody's wrong code.
    if error == "invalid_grant" { Err(Failed::Refused("code refused")) } else { Err(away(WHAT, &error)) }
}

fn form(settings: &Settings, document: &Document, proof: &OidcProof) -> Result<(HeaderMap, String), Failed> {
    let Settings { client_id, client_secret, redirect_uri, .. } = settings;
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code").append_pair("redirect_uri", redirect_uri);
    form.append_pair("code", &proof.code).append_pair("code_verifier", &proof.code_verifier);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    match client_secret {
        Some(secret) if !document.takes_secret_in_form() => {
            let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
            let both = STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret)));
            let mut header = HeaderValue::try_from(format!("Basic {both}")).map_err(|_| Failed::Away)?;
            header.set_sensitive(true);
            headers.insert(AUTHORIZATION, header);
        }
        Some(secret) => {
            form.append_pair("client_id", client_id).append_pair("client_secret", secret);
        }
        None => {
            form.append_pair("client_id", client_id);
        }
    }
    Ok((headers, form.finish()))
}
