//! The door in: request → one verb → reply. Decides nothing itself; every error becomes a [`Fault`] by exhaustive match.

use crate::{
    read::{Away, MenuError, Reader},
    set_availability::{SetAvailability, SetAvailabilityError, set_availability},
};
use comanda_mesh::{
    check::Checks,
    database::{self, Database},
    fault::Fault,
};
use comanda_proto::catalog::v1::*;
use comanda_proto::catalog::v1::{
    GetMenuRequest, GetMenuResponse, GetMenuVersionsRequest, GetMenuVersionsResponse, SetAvailabilityRequest,
    SetAvailabilityResponse, catalog_admin_service_server::CatalogAdminService, catalog_service_server::CatalogService,
};
use std::sync::Arc;
use tonic::{Code, Request, Response, Status};

const SHOPS_AT_MOST: usize = 1000;

/// Both services of the Catalog.
#[derive(Debug, Clone)]
pub struct Grpc {
    pub database: Database,
    pub reader: Arc<Reader>,
}

#[tonic::async_trait]
impl CatalogService for Grpc {
    async fn get_menu(&self, request: Request<GetMenuRequest>) -> Result<Response<GetMenuResponse>, Status> {
        let GetMenuRequest { shop_id, known_version } = request.into_inner();
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &shop_id);
        checks.done()?;
        let answer = self.reader.menu(&shop, known_version).await.map_err(Fault::from)?;
        let not_modified = answer.menu.version == known_version;
        let menu = (!not_modified).then(|| answer.menu.as_ref().clone());
        Ok(Response::new(GetMenuResponse { menu, not_modified, stale: answer.stale }))
    }

    type WatchMenuStream = tokio_stream::Empty<Result<WatchMenuResponse, Status>>;

    async fn watch_menu(&self, _: Request<WatchMenuRequest>) -> Result<Response<Self::WatchMenuStream>, Status> {
        Err(Status::unimplemented("not yet"))
    }

    async fn get_menu_versions(
        &self,
        request: Request<GetMenuVersionsRequest>,
    ) -> Result<Response<GetMenuVersionsResponse>, Status> {
        let shops = checked_shops(&request.into_inner().shop_ids)?;
        let versions = self.reader.versions(&shops).await.map_err(Fault::from)?;
        Ok(Response::new(GetMenuVersionsResponse { versions }))
    }
}

#[tonic::async_trait]
impl CatalogAdminService for Grpc {
    async fn set_availability(
        &self,
        request: Request<SetAvailabilityRequest>,
    ) -> Result<Response<SetAvailabilityResponse>, Status> {
        let SetAvailabilityRequest { shop_id, product_id, available, .. } = request.into_inner();
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &shop_id);
        let product = checks.uuid("product_id", &product_id);
        checks.done()?;
        let change = SetAvailability { shop, product, available };
        let menu_version = set_availability(&self.database, &self.reader, change).await.map_err(Fault::from)?;
        Ok(Response::new(SetAvailabilityResponse { menu_version }))
    }

    async fn create_product(
        &self,
        _: Request<CreateProductRequest>,
    ) -> Result<Response<CreateProductResponse>, Status> {
        Err(Status::unimplemented("not yet"))
    }

    async fn get_product_details(
        &self,
        _: Request<GetProductDetailsRequest>,
    ) -> Result<Response<GetProductDetailsResponse>, Status> {
        Err(Status::unimplemented("not yet"))
    }

    async fn update_product(
        &self,
        _: Request<UpdateProductRequest>,
    ) -> Result<Response<UpdateProductResponse>, Status> {
        Err(Status::unimplemented("not yet"))
    }

    async fn archive_product(
        &self,
        _: Request<ArchiveProductRequest>,
    ) -> Result<Response<ArchiveProductResponse>, Status> {
        Err(Status::unimplemented("not yet"))
    }

    async fn update_shop(&self, _: Request<UpdateShopRequest>) -> Result<Response<UpdateShopResponse>, Status> {
        Err(Status::unimplemented("not yet"))
    }

    async fn import_menu(&self, _: Request<ImportMenuRequest>) -> Result<Response<ImportMenuResponse>, Status> {
        Err(Status::unimplemented("not yet"))
    }

    async fn export_menu(&self, _: Request<ExportMenuRequest>) -> Result<Response<ExportMenuResponse>, Status> {
        Err(Status::unimplemented("not yet"))
    }

    async fn list_menu_changes(
        &self,
        _: Request<ListMenuChangesRequest>,
    ) -> Result<Response<ListMenuChangesResponse>, Status> {
        Err(Status::unimplemented("not yet"))
    }
}

fn checked_shops(shop_ids: &[String]) -> Result<Vec<String>, Fault> {
    let mut checks = Checks::default();
    if shop_ids.len() > SHOPS_AT_MOST {
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

impl From<MenuError> for Fault {
    fn from(error: MenuError) -> Self {
        match error {
            MenuError::UnknownShop(shop) => {
                Fault::new(Code::NotFound, "SHOP_NOT_FOUND", "there is no such shop", "essa loja não existe")
                    .meta("shop_id", shop)
            }
            MenuError::Away(away) => away.into(),
        }
    }
}

impl From<Away> for Fault {
    fn from(Away: Away) -> Self {
        Fault::unavailable("database")
    }
}

impl From<SetAvailabilityError> for Fault {
    fn from(error: SetAvailabilityError) -> Self {
        match error {
            SetAvailabilityError::ProductNotFound(product) => {
                let (english, portuguese) = ("the shop has no such product", "a loja não tem esse produto");
                Fault::new(Code::NotFound, "PRODUCT_NOT_FOUND", english, portuguese).meta("product_id", product)
            }
            SetAvailabilityError::Database(error) => database::fault(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cache::Cache, scratch::Scratch};

    async fn grpc(scratch: &Scratch) -> Grpc {
        let reader = Reader::new(scratch.database.clone(), Cache::Memory);
        Grpc { database: scratch.database.clone(), reader }
    }

    async fn get(grpc: &Grpc, shop_id: &str, known_version: i64) -> Result<GetMenuResponse, Status> {
        let request = GetMenuRequest { shop_id: shop_id.into(), known_version };
        grpc.get_menu(Request::new(request)).await.map(Response::into_inner)
    }

    #[tokio::test]
    async fn the_menu_that_the_caller_has_is_not_sent_again() {
        let scratch = Scratch::with_sample().await;
        let grpc = grpc(&scratch).await;
        let first = get(&grpc, "", 0).await.expect("a menu");
        let menu = first.menu.expect("a menu");
        assert!(!first.not_modified && !first.stale);
        let again = get(&grpc, "main", menu.version).await.expect("an answer");
        assert_eq!((again.menu, again.not_modified), (None, true));
        let older = get(&grpc, "main", menu.version - 1).await.expect("a menu");
        assert_eq!((older.menu, older.not_modified), (Some(menu), false));
    }

    #[tokio::test]
    async fn refusals_have_their_codes() {
        let scratch = Scratch::with_sample().await;
        let grpc = grpc(&scratch).await;
        assert_eq!(get(&grpc, "Café", 0).await.expect_err("no slug").code(), Code::InvalidArgument);
        assert_eq!(get(&grpc, "other", 0).await.expect_err("no shop").code(), Code::NotFound);
        let shop_ids = |count| GetMenuVersionsRequest { shop_ids: vec!["other".into(); count] };
        let most = grpc.get_menu_versions(Request::new(shop_ids(1000))).await.expect("versions").into_inner();
        assert!(most.versions.is_empty());
        let too_many = grpc.get_menu_versions(Request::new(shop_ids(1001))).await.expect_err("too many");
        assert_eq!(too_many.code(), Code::InvalidArgument);
        let change = |product_id: &str| SetAvailabilityRequest { product_id: product_id.into(), ..Default::default() };
        let malformed = grpc.set_availability(Request::new(change("espresso"))).await.expect_err("no UUID");
        assert_eq!(malformed.code(), Code::InvalidArgument);
        let nobody = change("0192f0c1-0000-7000-8000-000000000000");
        assert_eq!(grpc.set_availability(Request::new(nobody)).await.expect_err("no product").code(), Code::NotFound);
    }
}
