//! `GET /cardapio`: the menu. Its version is its ETag, so that whoever has it downloads nothing.

use super::{
    Valor, broken_promise,
    encoded_cardapio::{EncodedMenu, EncodedMenus},
    on_behalf,
};
use crate::{Upstream, etag::Held, problem::Problem};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use comanda_proto::catalog::v1::{
    Allergen, Category, GetMenuRequest, Menu, Option as Choice, OptionGroup, Product,
    catalog_service_client::CatalogServiceClient,
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, ETAG},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

const STALE: HeaderName = HeaderName::from_static("comanda-stale");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pergunta {
    #[serde(default)]
    loja: String,
}

pub async fn show(
    State(forward): State<Upstream>,
    State(menus): State<EncodedMenus>,
    query: Result<Query<Pergunta>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(query) = query.map_err(|_| unclear())?;
    let held = Held::of(&headers);
    let (asked, newest) = (Instant::now(), newest(&held));
    let fresh = menus.get(&query.loja).filter(|menu| newest <= menu.version && menu.is_fresh(asked));
    let shown = match fresh {
        Some(menu) => Shown { version: menu.version, menu: Some(menu), stale: false },
        None => ask(forward, &menus, query.loja, newest, &headers).await?,
    };
    let mut response = if held.has(&shown.version.to_string()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        shown.menu.ok_or_else(broken_promise)?.response(&headers).await
    };
    response.headers_mut().insert(ETAG, etag(shown.version));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if shown.stale {
        response.headers_mut().insert(STALE, HeaderValue::from_static("true"));
    }
    Ok(response)
}

struct Shown {
    version: i64,
    /// `None` when only the caller has it.
    menu: Option<Arc<EncodedMenu>>,
    stale: bool,
}

/// Asks Catalog for a menu that is not older than what is here and what the caller has.
async fn ask(
    forward: Upstream,
    menus: &EncodedMenus,
    shop: String,
    newest: i64,
    headers: &HeaderMap,
) -> Result<Shown, Problem> {
    let (asked, held) = (Instant::now(), menus.get(&shop));
    let known_version = newest.max(held.as_ref().map_or(0, |menu| menu.version));
    let call = on_behalf(headers, GetMenuRequest { shop_id: shop.clone(), known_version });
    let reply = CatalogServiceClient::new(forward).get_menu(call).await?.into_inner();
    let (version, menu) = if reply.not_modified {
        (known_version, held.filter(|menu| menu.version == known_version))
    } else {
        let menu = reply.menu().ok().flatten().ok_or_else(broken_promise)?;
        let version = menu.version;
        let json = serde_json::to_vec(&Cardapio::from(menu)).map_err(|_| broken_promise())?;
        (version, Some(menus.put(shop, version, json)))
    };
    if let Some(menu) = &menu {
        menu.confirm(asked, Duration::from_millis(reply.fresh_millis.max(0).unsigned_abs().into()));
    }
    Ok(Shown { version, menu, stale: reply.stale })
}

fn etag(version: i64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// The newest version that the caller holds; 0 when it names none of ours.
fn newest(held: &Held<'_>) -> i64 {
    held.tags().iter().filter_map(|tag| tag.parse().ok()).max().unwrap_or(0).max(0)
}

fn unclear() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "QUERY_INVALID",
        "the only parameter is loja, once",
        "o único parâmetro é loja, uma vez",
    )
}

#[derive(Debug, Serialize)]
struct Cardapio {
    versao: i64,
    categorias: Vec<Categoria>,
}

#[derive(Debug, Serialize)]
struct Categoria {
    nome: String,
    produtos: Vec<Produto>,
}

#[derive(Debug, Serialize)]
struct Produto {
    id: String,
    nome: String,
    descricao: String,
    disponivel: bool,
    preco: Option<Valor>,
    opcoes: Vec<Grupo>,
    alergenos: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    foto: Option<String>,
}

/// A choice, such as the size: from `minimo` to `maximo` of its `escolhas`.
#[derive(Debug, Serialize)]
struct Grupo {
    id: String,
    nome: String,
    minimo: i32,
    maximo: i32,
    escolhas: Vec<Escolha>,
}

#[derive(Debug, Serialize)]
struct Escolha {
    id: String,
    nome: String,
    acrescimo: Option<Valor>,
}

impl From<Menu> for Cardapio {
    fn from(menu: Menu) -> Self {
        let groups = menu.option_groups.into_iter().map(|group| (group.option_group_id.clone(), group));
        let groups: HashMap<String, OptionGroup> = groups.collect();
        let categorias = menu.categories.into_iter().map(|category| Categoria::of(category, &groups));
        Self { versao: menu.version, categorias: categorias.collect() }
    }
}

impl Categoria {
    fn of(category: Category, groups: &HashMap<String, OptionGroup>) -> Self {
        let produtos = category.products.into_iter().map(|product| Produto::of(product, groups));
        Self { nome: category.name, produtos: produtos.collect() }
    }
}

impl Produto {
    fn of(product: Product, groups: &HashMap<String, OptionGroup>) -> Self {
        let opcoes = product.option_group_ids.iter().filter_map(|id| groups.get(id)).cloned();
        Self {
            alergenos: product.allergens().map(alergeno).collect(),
            opcoes: opcoes.map(Into::into).collect(),
            id: product.product_id,
            nome: product.name,
            descricao: product.description,
            disponivel: product.available,
            preco: product.price.map(Into::into),
            foto: (!product.picture_url.is_empty()).then_some(product.picture_url),
        }
    }
}

fn alergeno(allergen: Allergen) -> &'static str {
    match allergen {
        Allergen::Unspecified => "",
        Allergen::Gluten => "glúten",
        Allergen::Crustaceans => "crustáceos",
        Allergen::Eggs => "ovos",
        Allergen::Fish => "peixes",
        Allergen::Peanuts => "amendoim",
        Allergen::Soy => "soja",
        Allergen::Milk => "leite",
        Allergen::Nuts => "castanhas",
        Allergen::Celery => "aipo",
        Allergen::Mustard => "mostarda",
        Allergen::Sesame => "gergelim",
        Allergen::Sulphites => "sulfitos",
        Allergen::Lupin => "tremoço",
        Allergen::Molluscs => "moluscos",
        Allergen::Latex => "látex",
    }
}

impl From<OptionGroup> for Grupo {
    fn from(group: OptionGroup) -> Self {
        Self {
            id: group.option_group_id,
            nome: group.name,
            minimo: group.min_choices,
            maximo: group.max_choices,
            escolhas: group.options.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Choice> for Escolha {
    fn from(choice: Choice) -> Self {
        Self { id: choice.option_id, nome: choice.name, acrescimo: choice.price_delta.map(Into::into) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::IF_NONE_MATCH;

    #[test]
    fn the_newest_known_version_is_found() {
        let known = |list: &'static str| {
            newest(&Held::of(&HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static(list))])))
        };
        assert_eq!(known(r#""17""#), 17);
        assert_eq!(known(r#"W/"17", "18" , "abc""#), 18);
        assert_eq!((known("*"), known("17"), known(r#""-1""#), known(r#"""#)), (0, 0, 0, 0));
    }
}
