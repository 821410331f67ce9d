//! The door for those who change menus: request → one verb → reply. Judges what can be judged without knowing the menu;
//! a verb does the rest.

use crate::{
    edit::{
        self, Execute, MenuCommand,
        availability::SetAvailability,
        file::MenuFile,
        import::ImportMenu,
        product::{self, ArchiveProduct, CreateProduct, UpdateProduct},
        shop::{self, UpdateShop},
    },
    grpc::Grpc,
    menu,
    refusal::{Refusal, no_shop},
    store::{self, entity::menu_change},
};
use comanda_auth::{caller::Caller, gate, role::Role};
use comanda_context::error::ApiError;
use comanda_proto::catalog::v1::{
    ArchiveProductRequest, ArchiveProductResponse, CreateProductRequest, CreateProductResponse, ExportMenuRequest,
    ExportMenuResponse, GetProductDetailsRequest, GetProductDetailsResponse, ImportMenuRequest, ImportMenuResponse,
    ListMenuChangesRequest, ListMenuChangesResponse, MenuChange, MenuDifference, ProductDetails,
    SetAvailabilityRequest, SetAvailabilityResponse, UpdateProductRequest, UpdateProductResponse, UpdateShopRequest,
    UpdateShopResponse, catalog_admin_service_server::CatalogAdminService,
};
use comanda_storage::{
    database,
    history::By,
    idempotency::{self, IdempotencyKey},
};
use comanda_types::{timestamp::to_proto, validation::Checks};
use prost::Message;
use prost_types::FieldMask;
use tonic::{Request, Response, Status};
use uuid::Uuid;

impl Grpc {
    /// Makes a change once. The reply comes when this process shows it; the other replicas do within a second.
    async fn change<D: MenuCommand>(
        &self,
        caller: &Caller,
        key: &IdempotencyKey,
        command: D,
    ) -> Result<Response<D::Reply>, Status> {
        let shop = command.shop().to_owned();
        own(caller, &shop)?;
        let answer = idempotency::run(&self.database, &(), key, &Execute(command)).await?;
        self.reader.show_latest(&shop).await;
        Ok(answer.into_response(|reply| reply))
    }

    async fn rows(&self, caller: &Caller, shop: &str) -> Result<crate::rows::Rows, ApiError> {
        own(caller, shop)?;
        let rows = store::menu(&self.database, shop).await.map_err(|error| database::fault(&error))?;
        rows.ok_or_else(|| no_shop(shop))
    }
}

#[tonic::async_trait]
impl CatalogAdminService for Grpc {
    async fn set_availability(
        &self,
        request: Request<SetAvailabilityRequest>,
    ) -> Result<Response<SetAvailabilityResponse>, Status> {
        let caller = Caller::of(&request);
        let request = request.into_inner();
        let key = IdempotencyKey::new(&request.request_id, "SetAvailability", &request)?;
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &request.shop_id);
        let author = By::staff(caller.author());
        let product = checks.uuid("product_id", &request.product_id);
        checks.done()?;
        let (available, for_today) = (request.available, request.for_today);
        self.change(&caller, &key, SetAvailability { shop, product, available, for_today, author }).await
    }

    async fn create_product(
        &self,
        request: Request<CreateProductRequest>,
    ) -> Result<Response<CreateProductResponse>, Status> {
        let caller = Caller::of(&request);
        let request = request.into_inner();
        let key = IdempotencyKey::new(&request.request_id, "CreateProduct", &request)?;
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &request.shop_id);
        let author = By::staff(caller.author());
        let details = request.product.unwrap_or_default();
        if !details.key.is_empty() && !menu::is_key(&details.key) {
            checks.fail("product.key", "must be 1 to 60 of a-z, 0-9 and -", "deve ter de 1 a 60 entre a-z, 0-9 e -");
        }
        product::check(&details, &product::FIELDS, &mut checks);
        checks.done()?;
        self.change(&caller, &key, CreateProduct { shop, id: Uuid::now_v7(), details, author }).await
    }

    async fn get_product_details(
        &self,
        request: Request<GetProductDetailsRequest>,
    ) -> Result<Response<GetProductDetailsResponse>, Status> {
        let caller = Caller::of(&request);
        let request = request.into_inner();
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &request.shop_id);
        let id = checks.uuid("product_id", &request.product_id);
        checks.done()?;
        let product = product::details(&self.rows(&caller, &shop).await?, id);
        let product = Some(product.ok_or_else(|| ApiError::from(Refusal::NoProduct(id)))?);
        Ok(Response::new(GetProductDetailsResponse { product }))
    }

    async fn update_product(
        &self,
        request: Request<UpdateProductRequest>,
    ) -> Result<Response<UpdateProductResponse>, Status> {
        let caller = Caller::of(&request);
        let request = request.into_inner();
        let key = IdempotencyKey::new(&request.request_id, "UpdateProduct", &request)?;
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &request.shop_id);
        let author = By::staff(caller.author());
        let details: ProductDetails = request.product.unwrap_or_default();
        let id = checks.uuid("product.product_id", &details.product_id);
        let fields = masked(request.update_mask, &product::FIELDS, &mut checks);
        product::check(&details, &fields.iter().map(String::as_str).collect::<Vec<_>>(), &mut checks);
        checks.done()?;
        self.change(&caller, &key, UpdateProduct { shop, id, details, fields, author }).await
    }

    async fn archive_product(
        &self,
        request: Request<ArchiveProductRequest>,
    ) -> Result<Response<ArchiveProductResponse>, Status> {
        let caller = Caller::of(&request);
        let request = request.into_inner();
        let key = IdempotencyKey::new(&request.request_id, "ArchiveProduct", &request)?;
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &request.shop_id);
        let author = By::staff(caller.author());
        let id = checks.uuid("product_id", &request.product_id);
        checks.done()?;
        self.change(&caller, &key, ArchiveProduct { shop, id, revision: request.revision, author }).await
    }

    async fn update_shop(&self, request: Request<UpdateShopRequest>) -> Result<Response<UpdateShopResponse>, Status> {
        let caller = Caller::of(&request);
        let request = request.into_inner();
        let key = IdempotencyKey::new(&request.request_id, "UpdateShop", &request)?;
        let mut checks = Checks::default();
        let settings = request.shop.unwrap_or_default();
        let shop = checks.shop("shop_id", &settings.shop_id);
        let author = By::staff(caller.author());
        let fields = masked(request.update_mask, &shop::FIELDS, &mut checks);
        if !caller.is_at_least(Role::Manager) && fields.iter().any(|field| field != "pause") {
            return Err(gate::denied().into());
        }
        shop::check(&settings, &fields.iter().map(String::as_str).collect::<Vec<_>>(), &mut checks);
        checks.done()?;
        self.change(&caller, &key, UpdateShop { shop, settings, fields, author }).await
    }

    async fn import_menu(&self, request: Request<ImportMenuRequest>) -> Result<Response<ImportMenuResponse>, Status> {
        let caller = Caller::of(&request);
        let request = request.into_inner();
        let key =
            (!request.dry_run).then(|| IdempotencyKey::new(&request.request_id, "ImportMenu", &request)).transpose()?;
        let known_version = request.known_version;
        // A file may be long, and nobody else shall wait for it.
        let parsed = tokio::task::spawn_blocking(move || MenuFile::parse(&request.file)).await;
        let file = parsed.map_err(|_| ApiError::internal())??;
        own(&caller, &file.shop.value)?;
        let may_open = caller.is_at_least(Role::Owner);
        let import = ImportMenu { file, known_version, may_open, author: By::staff(caller.author()) };
        match key {
            Some(key) => self.change(&caller, &key, import).await,
            None => Ok(Response::new(edit::preview(&self.database, &import).await.map_err(ApiError::from)?)),
        }
    }

    async fn export_menu(&self, request: Request<ExportMenuRequest>) -> Result<Response<ExportMenuResponse>, Status> {
        let caller = Caller::of(&request);
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &request.into_inner().shop_id);
        checks.done()?;
        let rows = self.rows(&caller, &shop).await?;
        let file = MenuFile::of(&rows).render().map_err(|error| {
            tracing::error!(%error, "a menu cannot be written as a file");
            ApiError::internal()
        })?;
        Ok(Response::new(ExportMenuResponse { file, menu_version: rows.shop.version }))
    }

    async fn list_menu_changes(
        &self,
        request: Request<ListMenuChangesRequest>,
    ) -> Result<Response<ListMenuChangesResponse>, Status> {
        let caller = Caller::of(&request);
        let ListMenuChangesRequest { shop_id, page_size, before_version } = request.into_inner();
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &shop_id);
        if page_size < 0 {
            checks.fail("page_size", "must not be negative", "não pode ser negativo");
        }
        checks.done()?;
        own(&caller, &shop)?;
        let limit = if page_size == 0 { 50 } else { page_size.unsigned_abs().min(200).into() };
        let failed = |error| ApiError::from(Refusal::Database(error));
        let snapshot = self.database.snapshot().await.map_err(failed)?;
        store::version(&snapshot, &shop).await.map_err(failed)?.ok_or_else(|| no_shop(&shop))?;
        let changes = store::changes(&snapshot, &shop, before_version, limit).await.map_err(failed)?;
        snapshot.commit().await.map_err(failed)?;
        Ok(Response::new(ListMenuChangesResponse { changes: within(changes.into_iter().map(change)) }))
    }
}

/// What fits a reply that any client takes: the latest, and always one.
fn within(changes: impl Iterator<Item = MenuChange>) -> Vec<MenuChange> {
    const BYTES: usize = 2 * 1024 * 1024;
    let mut size = 0;
    let fits = |change: &MenuChange| {
        let first = size == 0;
        size += change.encoded_len() + 8;
        first || size < BYTES
    };
    changes.take_while(fits).collect()
}

fn change(row: menu_change::Model) -> MenuChange {
    MenuChange {
        menu_version: row.version,
        change_time: Some(to_proto(row.changed_at)),
        actor: row.actor.into(),
        author: row.changed_by.map(Into::into),
        action: row.action,
        differences: row.differences.0.into_iter().map(MenuDifference::from).collect(),
        difference_count: row.difference_count,
        trace_id: row.trace_id.unwrap_or_default(),
    }
}

/// Another's shop is not there for staff.
fn own(caller: &Caller, shop: &str) -> Result<(), ApiError> {
    if caller.may_shop(shop) { Ok(()) } else { Err(no_shop(shop)) }
}

fn masked(mask: Option<FieldMask>, known: &[&str], checks: &mut Checks) -> Vec<String> {
    let paths = mask.unwrap_or_default().paths;
    if paths.is_empty() || !paths.iter().all(|path| known.contains(&path.as_str())) {
        let known = known.join(", ");
        checks.fail("update_mask", format!("must name some of {known}"), format!("deve conter alguns de {known}"));
    }
    paths
}
