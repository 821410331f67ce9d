//! What the gateway answers by itself over gRPC beside the status: its health, and by reflection the contracts that it
//! forwards. A service without a public RPC is not listed. Must not read more than any other service does.

use crate::{config::OpenTo, layers::host};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use comanda_auth::{contracts::MAX_REQUEST_BYTES, gate::Gate};
use comanda_context::language::Language;
use comanda_telemetry::health::Health;
use prost::Message;
use prost_types::FileDescriptorSet;
use tonic::{Status, service::Routes};
use tonic_reflection::server::Builder;

const PACKAGE: &str = "/grpc.reflection.";
const HEALTH: &str = "grpc.health.v1.Health";

/// The contracts cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ReflectionError {
    /// The descriptors are unreadable.
    #[error(transparent)]
    Unreadable(#[from] prost::DecodeError),
    /// They do not fit together.
    #[error(transparent)]
    Invalid(#[from] tonic_reflection::server::Error),
}

/// Health, and reflection of what is public.
pub fn services(gate: &Gate, health: &Health) -> Result<Router, ReflectionError> {
    let listed = public_services(gate)?;
    let builder = || {
        let builder = Builder::configure()
            .register_encoded_file_descriptor_set(comanda_proto::DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .with_service_name(HEALTH);
        listed.iter().fold(builder, |builder, name| builder.with_service_name(name))
    };
    let v1 = builder().build_v1()?;
    let v1alpha = builder().build_v1alpha()?;
    let health = health.service().max_decoding_message_size(MAX_REQUEST_BYTES);
    let routes = Routes::new(health)
        .add_service(v1.max_decoding_message_size(MAX_REQUEST_BYTES))
        .add_service(v1alpha.max_decoding_message_size(MAX_REQUEST_BYTES));
    Ok(routes.into_axum_router())
}

/// Lets staff discover the contracts, and whom they are open to besides.
pub async fn check(State((gate, open)): State<(Gate, OpenTo)>, request: Request, next: Next) -> Response {
    if host::is_open(open, &request) || !request.uri().path().starts_with(PACKAGE) {
        return next.run(request).await;
    }
    match gate.admit_staff(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(fault) => {
            let refusal = async { Status::from(fault).into_http::<tonic::body::Body>().map(Body::new) };
            Language::of(request.headers()).scope(refusal).await
        }
    }
}

fn public_services(gate: &Gate) -> Result<Vec<String>, ReflectionError> {
    let contracts = FileDescriptorSet::decode(comanda_proto::DESCRIPTORS)?;
    let services = contracts.file.iter().flat_map(|file| {
        file.service.iter().map(|service| (format!("{}.{}", file.package(), service.name()), &service.method))
    });
    let public = services.filter(|(name, methods)| {
        methods.iter().any(|method| gate.is_public_path(&format!("/{name}/{}", method.name())))
    });
    Ok(public.map(|(name, _)| name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_services_with_a_public_rpc_are_listed() {
        let mut names = public_services(&crate::tests::gate()).expect("readable contracts");
        names.sort();
        assert_eq!(
            names,
            [
                "comanda.catalog.v1.CatalogAdminService",
                "comanda.catalog.v1.CatalogService",
                "comanda.identity.v1.IdentityService",
                "comanda.kitchen.v1.KitchenService",
                "comanda.mesh.v1.StatusService",
                "comanda.orders.v1.OrderService",
            ]
        );
    }
}
