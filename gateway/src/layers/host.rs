//! Which names the gateway answers to, and who is on this machine. A page of somewhere else can make its own name lead here
//! (DNS rebinding); its requests then say that name in `Host`.

use crate::{config::OpenTo, network::Network, problem::Problem};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use comanda_context::{error::ApiError, language::Language, peer::Peer};
use http::{
    HeaderMap, StatusCode, Uri,
    header::{CONTENT_TYPE, HOST},
};
use std::{net::IpAddr, sync::Arc};
use tonic::{Code, Status};

const LOCALHOST: &str = "localhost";
/// What a proxy adds: whoever comes through one is not on this machine.
const FORWARDING: [&str; 4] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// The names; `None` for any. Addresses, localhost and those of the shop's own network are always among them.
pub type Hosts = Option<Arc<[String]>>;

/// Refuses what was meant for another name.
pub async fn check(State((hosts, network)): State<(Hosts, Network)>, request: Request, next: Next) -> Response {
    let named = name(request.uri(), request.headers());
    let known =
        |hosts: &Arc<[String]>| named.as_deref().is_none_or(|named| is_known(named, hosts) || network.is_ours(named));
    if hosts.as_ref().is_none_or(known) {
        return next.run(request).await;
    }
    let kind = request.headers().get(CONTENT_TYPE);
    let is_grpc = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    let refusal = async {
        let fault = ApiError::new(
            Code::FailedPrecondition,
            "HOST_UNKNOWN",
            "this shop does not answer to that name; set COMANDA_PUBLIC_URL to the address that customers use",
            "esta loja não atende por esse nome; configure COMANDA_PUBLIC_URL com o endereço que os clientes usam",
        );
        match is_grpc {
            true => Status::from(fault).into_http(),
            false => Problem::with(StatusCode::MISDIRECTED_REQUEST, fault).into_response(),
        }
    };
    Language::of(request.headers()).scope(refusal).await
}

/// Whether a name means this machine, to whoever says it.
pub fn is_loopback(named: &str) -> bool {
    named == LOCALHOST || address(named).is_some_and(|ip| ip.is_loopback())
}

/// Whether the call comes from this machine, says so, and came through nobody.
fn is_local(request: &Request) -> bool {
    let peer = request.extensions().get::<Peer>().and_then(|peer| peer.address);
    let local = name(request.uri(), request.headers()).is_some_and(|named| is_loopback(&named));
    let forwarded = FORWARDING.iter().any(|header| request.headers().contains_key(*header));
    peer.is_some_and(|peer| peer.is_loopback()) && local && !forwarded
}

/// Whether what is for staff is open to whoever sends this.
pub fn is_open(open: OpenTo, request: &Request) -> bool {
    match open {
        OpenTo::Anybody => true,
        OpenTo::Loopback => is_local(request),
        OpenTo::Staff => false,
    }
}

fn is_known(named: &str, hosts: &[String]) -> bool {
    named == LOCALHOST || address(named).is_some() || hosts.iter().any(|host| host == named)
}

/// What a request calls us: without the port, in lower case.
pub fn name(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let said = headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = said.or_else(|| uri.authority().map(http::uri::Authority::as_str))?;
    let host = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|digit| digit.is_ascii_digit()));
    Some(host.map_or(authority, |(host, _)| host).to_ascii_lowercase())
}

fn address(named: &str) -> Option<IpAddr> {
    named.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn request(host: &str, peer: [u8; 4], headers: &[(&str, &str)]) -> Request {
        let mut request = Request::get("/").header(HOST, host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).expect("a request");
        request.extensions_mut().insert(Peer { address: Some(peer.into()), ..Peer::default() });
        request
    }

    #[test]
    fn only_names_of_ours_and_addresses_are_known() {
        let hosts = ["cafe.example".to_owned()];
        for (host, known) in [
            ("cafe.example", true),
            ("CAFE.example:8080", true),
            ("localhost:8080", true),
            ("127.0.0.1", true),
            ("[::1]:8080", true),
            ("192.168.0.7:80", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
        ] {
            let request = request(host, [127, 0, 0, 1], &[]);
            let named = name(request.uri(), request.headers()).expect("a name");
            assert_eq!(is_known(&named, &hosts), known, "{host}");
        }
    }

    #[test]
    fn local_is_who_is_here_says_so_and_came_through_nobody() {
        let (here, there) = ([127, 0, 0, 1], [192, 0, 2, 1]);
        assert!(is_local(&request("localhost:8080", here, &[])));
        assert!(is_local(&request("127.0.0.1:8080", here, &[])));
        assert!(!is_local(&request("evil.example", here, &[])), "a name that was made to lead here");
        assert!(!is_local(&request("localhost:8080", there, &[])));
        assert!(!is_local(&request("localhost:8080", here, &[("x-forwarded-for", "192.0.2.1")])));
    }
}
