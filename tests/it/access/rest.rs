//! The REST routes, as the gateway's own description lists them, each beside the RPC that it says it is.

use harness::{Replica, Shop};
use http::Request;
use prost_reflect::MethodDescriptor;
use serde_json::Value;
use tonic::Code;

use super::requests::Things;

/// A method and a path.
pub struct Route {
    pub path: String,
    verb: String,
}

/// Every route that says anything of a shop, with its RPC.
pub async fn routes(shop: &Shop, methods: &[MethodDescriptor]) -> Vec<(Route, MethodDescriptor)> {
    let described = shop.gateway.http(Request::get("/openapi.json"), "").await;
    let described: Value = serde_json::from_str(&described.body).expect("JSON");
    let mut routes = Vec::new();
    for (path, verbs) in described["paths"].as_object().expect("paths") {
        for (verb, operation) in verbs.as_object().expect("verbs").iter().filter(|(verb, _)| *verb != "parameters") {
            if path == "/openapi.json" {
                continue;
            }
            let rpc = operation["x-rpc"].as_str().unwrap_or_else(|| panic!("{verb} {path} names no RPC"));
            let method = methods.iter().find(|method| method.full_name() == rpc);
            let method = method.unwrap_or_else(|| panic!("{rpc} does not exist")).clone();
            routes.push((Route { path: path.clone(), verb: verb.to_uppercase() }, method));
        }
    }
    routes
}

/// How a call ended: the code that its HTTP status stands for, and the reason.
pub async fn outcome(gateway: &Replica, route: &Route, things: &Things, token: Option<&str>) -> (Code, String) {
    let path = route.path.replace("{id}", &things.order);
    let path = if path == "/cardapio" { format!("{path}?loja={}", things.shop) } else { path };
    let mut request =
        Request::builder().method(route.verb.as_str()).uri(path).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let reply = gateway.http(request, "").await;
    let code = match reply.status.as_u16() {
        200..=299 => return (Code::Ok, String::new()),
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::NotFound,
        _ => Code::InvalidArgument,
    };
    let problem = serde_json::from_str::<Value>(&reply.body).unwrap_or_default();
    (code, problem["motivo"].as_str().unwrap_or_default().to_owned())
}
