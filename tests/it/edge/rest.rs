//! HTTP's own small print on the REST face: cases, lists, repeats, encodings.

use http::{Request, StatusCode, request::Builder};
use libtest_mimic::Trial;
use serde_json::json;

use super::raw::{connect, exchange};
use harness::{Reply, Shop, eventually, on_both_shapes};

use crate::clients::{fresh, product};

pub fn tests() -> Vec<Trial> {
    on_both_shapes![
        a_bearer_is_one_in_any_case,
        what_is_sent_twice_is_refused,
        a_list_is_no_object,
        what_a_caller_has_is_not_sent_again,
        the_preferred_language_is_spoken,
        long_text_travels_compressed_and_streams_never_do,
    ]
}

async fn a_bearer_is_one_in_any_case(shop: &Shop) {
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let request = Request::get("/status.json").header("authorization", format!("{scheme} {}", shop.secrets.staff));
        assert_eq!(shop.gateway.http(request, "").await.status, StatusCode::OK, "{scheme}");
    }
}

async fn what_is_sent_twice_is_refused(shop: &Shop) {
    let staff = format!("Bearer {}", shop.secrets.staff);
    let json = ("content-type", "application/json");
    let (key, other) = (fresh(), fresh());
    let (key, other) = (("idempotency-key", key.as_str()), ("idempotency-key", other.as_str()));
    let tokens = [("authorization", staff.as_str()), ("authorization", "Bearer x")];
    let cases = [
        (Request::get("/status.json"), vec![tokens[0], tokens[1]]),
        (Request::get("/cardapio"), vec![tokens[1], tokens[0]]),
        (Request::get(format!("/pedido/{}", fresh())), vec![tokens[0], tokens[0]]),
        (Request::post("/pedido"), vec![json, key, other]),
        (Request::post("/pedido"), vec![json, key, key]),
        (Request::post("/pedido"), vec![json, ("content-type", "text/plain"), key]),
    ];
    for (request, headers) in cases {
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let reply = shop.gateway.http(request, "{}").await;
        assert_eq!(
            (reply.status, &reply.json()["motivo"]),
            (StatusCode::BAD_REQUEST, &json!("HEADER_REPEATED")),
            "{headers:?}"
        );
    }
    let grpc = "content-type: application/grpc-web\r\n";
    for twice in [format!("{grpc}{grpc}"), format!("{grpc}authorization: {staff}\r\nauthorization: {staff}\r\n")] {
        let path = "/comanda.mesh.v1.StatusService/GetStatus";
        let call = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 5\r\n{twice}\r\n\0\0\0\0\0"
        );
        let answer = exchange(connect(&shop.gateway).await, call.as_bytes()).await;
        assert!(
            answer.contains("HEADER_REPEATED") || super::bodies::details(&answer).contains("HEADER_REPEATED"),
            "{answer}"
        );
    }
}

async fn a_list_is_no_object(shop: &Shop) {
    let bread = product(shop, "Pão de queijo").await.product_id;
    let listed = [
        json!([null, "Xavier", null, [{"produto_id": bread, "quantidade": 1}]]),
        json!({"cliente": "Xavier", "itens": [[bread, 1, [], null, null]]}),
        json!({"cliente": "Xavier", "itens": [{"produto_id": bread, "quantidade": 1, "preco_visto": ["BRL", 1200]}]}),
    ];
    for (body, field) in listed.into_iter().zip(["corpo", "itens[0]", "itens[0].preco_visto"]) {
        let request = Request::post("/pedido").header("content-type", "application/json");
        let reply = shop.gateway.http(request.header("idempotency-key", fresh()), body.to_string()).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {reply:?}");
        assert_eq!(reply.json()["campos"][0]["campo"], field, "{body}: {reply:?}");
    }
}

async fn what_a_caller_has_is_not_sent_again(shop: &Shop) {
    for path in ["/cardapio", "/painel"] {
        let any = shop.gateway.http(Request::get(path).header("if-none-match", "*"), "").await;
        assert_eq!((any.status, any.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        // Another test may change the menu in between.
        eventually("one of a list is the one that there is", async || {
            let etag =
                shop.gateway.http(Request::get(path), "").await.headers["etag"].to_str().expect("text").to_owned();
            let lists = [format!("\"9\", {etag}"), format!("W/{etag}, \"999999999\"")];
            let mut statuses = Vec::new();
            for list in lists {
                statuses.push(shop.gateway.http(Request::get(path).header("if-none-match", list), "").await.status);
            }
            if statuses == [StatusCode::NOT_MODIFIED; 2] { Ok(()) } else { Err(format!("{path}: {statuses:?}")) }
        })
        .await;
        let other = shop.gateway.http(Request::get(path).header("if-none-match", "\"x\", W/\"y\""), "").await;
        assert_eq!(other.status, StatusCode::OK, "{path}");
    }
}

async fn the_preferred_language_is_spoken(shop: &Shop) {
    let cases = [("fr, en;q=0.8, pt;q=0.2", "en"), ("en;q=0.1, pt-BR", "pt-BR"), ("de", "pt-BR"), ("EN-GB", "en")];
    for (asked, spoken) in cases {
        let reply = shop.gateway.http(Request::get("/nada").header("accept-language", asked), "").await;
        assert_eq!(reply.headers["content-language"], spoken, "{asked}");
    }
}

async fn long_text_travels_compressed_and_streams_never_do(shop: &Shop) {
    let get = async |path: &str, encoding: &str| {
        shop.gateway.http(Request::get(path).header("accept-encoding", encoding), "").await
    };
    let encoding =
        |reply: &Reply| reply.headers.get("content-encoding").map(|value| value.to_str().expect("text").to_owned());
    for path in ["/cardapio", "/openapi.json", "/painel"] {
        let plain = get(path, "identity").await;
        assert_eq!(encoding(&plain), None, "{path}");
        if plain.body.len() < 1024 {
            continue;
        }
        for wanted in ["gzip", "br"] {
            let packed = get(path, wanted).await;
            assert_eq!(encoding(&packed).as_deref(), Some(wanted), "{path}");
            assert_eq!(packed.headers["vary"], "accept-encoding", "{path}");
            // As text, which the packed bytes are not, they are longer than they were.
            assert!(path != "/cardapio" || packed.body.len() < plain.body.len() / 2, "{}", packed.body.len());
        }
    }
    let packed = get("/cardapio", "br, gzip").await;
    assert!(
        packed.headers["etag"].to_str().expect("text").starts_with("W/"),
        "other bytes than those of the plain one"
    );
    let held = Request::get("/cardapio").header("if-none-match", &packed.headers["etag"]);
    eventually("its tag counts", async || {
        let again = shop.gateway.http(copy(&held), "").await.status;
        if again == StatusCode::NOT_MODIFIED { Ok(()) } else { Err(again) }
    })
    .await;
    let call = Request::post("/comanda.catalog.v1.CatalogService/GetMenu").header("accept-encoding", "br, gzip");
    let menu = shop.gateway.http(call.header("content-type", "application/grpc-web"), "\0\0\0\0\0").await;
    assert!(menu.status == StatusCode::OK && encoding(&menu).is_none() && menu.body.len() > 1024, "{:?}", menu.headers);
}

fn copy(request: &Builder) -> Builder {
    let headers = request.headers_ref().expect("well-formed").iter();
    let bare = Request::get(request.uri_ref().expect("a path").clone());
    headers.fold(bare, |request, (name, value)| request.header(name, value))
}
