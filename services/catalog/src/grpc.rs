//! The door in: request → one verb → reply. Decides nothing itself; every error becomes a [`ApiError`] by exhaustive match.

use crate::{
    read::{DatabaseUnavailable, MenuError, Reader},
    refusal::no_shop,
    watch::{BoxedNews, watch_menu},
};
use comanda_context::error::ApiError;
use comanda_proto::catalog::v1::{
    GetMenuRequest, GetMenuResponse, GetMenuVersionsRequest, GetMenuVersionsResponse, WatchMenuRequest,
    catalog_service_server::CatalogService,
};
use comanda_storage::database::Database;
use comanda_types::validation::Checks;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

const MAX_SHOPS: usize = 1000;

/// Both services of the Catalog.
#[derive(Debug, Clone)]
pub struct Grpc {
    pub database: Database,
    pub reader: Arc<Reader>,
    /// Ends the streams.
    pub shutdown: CancellationToken,
}

#[tonic::async_trait]
impl CatalogService for Grpc {
    async fn get_menu(&self, request: Request<GetMenuRequest>) -> Result<Response<GetMenuResponse>, Status> {
        let GetMenuRequest { shop_id, known_version } = request.into_inner();
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &shop_id);
        checks.done()?;
        let answer = self.reader.menu(&shop, known_version).await.map_err(ApiError::from)?;
        let not_modified = answer.body.version == known_version;
        let encoded_menu = (!not_modified).then(|| answer.body.bytes.clone());
        let fresh_millis = i32::try_from(answer.fresh_for.as_millis()).unwrap_or(0);
        Ok(Response::new(GetMenuResponse { encoded_menu, not_modified, stale: answer.stale, fresh_millis }))
    }

    type WatchMenuStream = BoxedNews;

    async fn watch_menu(&self, request: Request<WatchMenuRequest>) -> Result<Response<Self::WatchMenuStream>, Status> {
        let WatchMenuRequest { shop_id, known_version } = request.into_inner();
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &shop_id);
        checks.done()?;
        let news =
            watch_menu(&self.reader, &shop, known_version, self.shutdown.clone()).await.map_err(ApiError::from)?;
        Ok(Response::new(news))
    }

    async fn get_menu_versions(
        &self,
        request: Request<GetMenuVersionsRequest>,
    ) -> Result<Response<GetMenuVersionsResponse>, Status> {
        let shops = checked_shops(&request.into_inner().shop_ids)?;
        let versions = self.reader.versions(&shops).await.map_err(ApiError::from)?;
        Ok(Response::new(GetMenuVersionsResponse { versions }))
    }
}

fn checked_shops(shop_ids: &[String]) -> Result<Vec<String>, ApiError> {
    let mut checks = Checks::default();
    if shop_ids.len() > MAX_SHOPS {
        let (english, portuguese) = ("must be at most 1000 shops", "deve ter no máximo 1000 lojas");
        checks.fail("shop_ids", english, portuguese);
        checks.done()?;
        return Ok(Vec::new());
    }
    let check = |(index, shop): (usize, &String)| checks.shop(format!("shop_ids[{index}]"), shop);
    let shops = shop_ids.iter().enumerate().map(check).collect();
    checks.done()?;
    Ok(shops)
}

impl From<MenuError> for ApiError {
    fn from(error: MenuError) -> Self {
        match error {
            MenuError::UnknownShop(shop) => no_shop(&shop),
            MenuError::DatabaseUnavailable(away) => away.into(),
        }
    }
}

impl From<DatabaseUnavailable> for ApiError {
    fn from(DatabaseUnavailable: DatabaseUnavailable) -> Self {
        ApiError::unavailable("database")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{read::cache::Cache, test_db::Menus};
    use tonic::Code;

    async fn grpc(test_db: &Menus) -> Grpc {
        let reader = Reader::new(test_db.database.clone(), Cache::Memory);
        Grpc { database: test_db.database.clone(), reader, shutdown: CancellationToken::new() }
    }

    async fn get(grpc: &Grpc, shop_id: &str, known_version: i64) -> Result<GetMenuResponse, Status> {
        let request = GetMenuRequest { shop_id: shop_id.into(), known_version };
        grpc.get_menu(Request::new(request)).await.map(Response::into_inner)
    }

    #[tokio::test]
    async fn the_menu_that_the_caller_has_is_not_sent_again() {
        let test_db = Menus::with_sample().await;
        let grpc = grpc(&test_db).await;
        let first = get(&grpc, "", 0).await.expect("a menu");
        let menu = first.menu().expect("readable").expect("a menu");
        assert!(!first.not_modified && !first.stale && (1..=1000).contains(&first.fresh_millis), "{first:?}");
        let again = get(&grpc, "main", menu.version).await.expect("an answer");
        assert_eq!((again.encoded_menu, again.not_modified), (None, true));
        let older = get(&grpc, "main", menu.version - 1).await.expect("a menu");
        assert_eq!((older.menu().expect("readable"), older.not_modified), (Some(menu), false));
    }

    #[tokio::test]
    async fn refusals_have_their_codes() {
        let test_db = Menus::with_sample().await;
        let grpc = grpc(&test_db).await;
        assert_eq!(get(&grpc, "Café", 0).await.expect_err("no slug").code(), Code::InvalidArgument);
        assert_eq!(get(&grpc, "other", 0).await.expect_err("no shop").code(), Code::NotFound);
        let watched =
            grpc.watch_menu(Request::new(WatchMenuRequest { shop_id: "other".into(), known_version: 0 })).await;
        assert_eq!(watched.err().expect("no shop").code(), Code::NotFound);
        let shop_ids = |count| GetMenuVersionsRequest { shop_ids: vec!["other".into(); count] };
        let most = grpc.get_menu_versions(Request::new(shop_ids(1000))).await.expect("versions").into_inner();
        assert!(most.versions.is_empty());
        let too_many = grpc.get_menu_versions(Request::new(shop_ids(1001))).await.expect_err("too many");
        assert_eq!(too_many.code(), Code::InvalidArgument);
    }
}
