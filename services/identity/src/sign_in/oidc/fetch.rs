//! Calls to a provider: no redirects, no more than so many bytes, and not for long.

use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

const TIMEOUT: Duration = Duration::from_secs(4);
/// Documents and keys are a few kilobytes.
const MAX_BYTES: usize = 256 * 1024;

type Body = Full<tonic::codegen::Bytes>;

/// Calls providers.
pub struct Fetch(Client<HttpsConnector<HttpConnector>, Body>);

impl Fetch {
    /// Believes the CAs of the system.
    ///
    /// # Errors
    /// It believes nobody.
    pub fn new() -> Result<Self, comanda_tls::ca_roots::TlsError> {
        let tls = comanda_tls::ca_roots::CaRoots::system().client_config()?;
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
        // Calls are few: a connection that was kept would only be one that the provider has closed.
        Ok(Self(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector)))
    }

    /// The body of what stands there.
    pub async fn get(&self, url: &Url) -> Result<Vec<u8>, String> {
        match self.call(Method::GET, url, HeaderMap::new(), String::new()).await? {
            (StatusCode::OK, body) => Ok(body),
            (status, _) => Err(format!("{status}")),
        }
    }

    /// What is answered to a form.
    pub async fn post(&self, url: &Url, headers: HeaderMap, form: String) -> Result<(StatusCode, Vec<u8>), String> {
        self.call(Method::POST, url, headers, form).await
    }

    async fn call(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: String,
    ) -> Result<(StatusCode, Vec<u8>), String> {
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = url.as_str().parse().map_err(|_| "no address".to_owned())?;
        *request.headers_mut() = headers;
        request.headers_mut().insert(header::ACCEPT, header::HeaderValue::from_static("application/json"));
        let answered = async {
            // Never with the request, which may hold a secret.
            let response = self.0.request(request).await.map_err(|error| told(&error))?;
            let status = response.status();
            let body =
                Limited::new(response.into_body(), MAX_BYTES).collect().await.map_err(|error| error.to_string())?;
            Ok((status, body.to_bytes().to_vec()))
        };
        timeout(TIMEOUT, answered).await.unwrap_or_else(|_| Err(format!("no answer within {} s", TIMEOUT.as_secs())))
    }
}

/// With what caused it, such as a refused connection.
fn told(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {}", told(source)))
}
