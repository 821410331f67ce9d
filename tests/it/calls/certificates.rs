//! Mutual TLS between the roles: who is not who he should be gets no answer, in either direction, and certificates are
//! renewed under load.

use std::path::PathBuf;

use comanda_mesh::channel;
use comanda_proto::{
    identity::v1::{ReportRateLimitedRequest, identity_service_client::IdentityServiceClient},
    kitchen::v1::{BatchGetTicketsRequest, kitchen_service_client::KitchenServiceClient},
    r#type::v1::OrderState,
};
use comanda_tls::Identity;
use libtest_mimic::Trial;
use tonic::{Code, Status};

use super::callers::{Callers, channel_to, contracts};
use harness::{Certificates, Replica, Servers, Settings, Shop, eventually, trials};

use crate::clients::{Tablet, order, place, reason};

pub fn tests() -> Vec<Trial> {
    trials![
        by_tls_an_order_travels_and_only_services_are_services,
        whoever_cannot_prove_who_he_is_gets_no_answer,
        certificates_are_renewed_under_load,
    ]
}

fn by_tls(certificates: &Certificates) -> Settings {
    vec![("COMANDA_TLS_DIR", certificates.set().display().to_string())]
}

/// Asks the kitchen what only services may ask, as this role.
async fn ask_as(role: Option<PathBuf>, kitchen: &Replica) -> Result<(), Status> {
    let scheme = if role.is_some() { "https" } else { "http" };
    let identity = role.map(|folder| Identity::of_role(&folder, &[]).expect("a set of certificates"));
    let url = format!("{scheme}://{}", kitchen.address()).parse().expect("a URL");
    let channel = channel::connect("kitchen", &[url], identity, contracts()).expect("a host and a port");
    let reply = KitchenServiceClient::new(channel).batch_get_tickets(BatchGetTicketsRequest::default()).await;
    reply.map(drop)
}

async fn by_tls_an_order_travels_and_only_services_are_services() {
    let certificates = Certificates::new().await;
    let shop = Shop::mesh_with(&*Servers::shared().await, 1, by_tls(&certificates)).await;
    let placed = place(&shop, "Ana").await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
    let folder = |role: &str| Some(certificates.set().join(role));
    ask_as(folder("orders"), &shop.kitchen[0]).await.expect("Orders is a service");
    // The gateway may connect, but it brings what others ask.
    let gateway = ask_as(folder("gateway"), &shop.kitchen[0]).await.expect_err("no service");
    assert_eq!(reason(&gateway), "TOKEN_INVALID", "{gateway:?}");
    // What it says for itself is heard.
    let identity = Identity::of_role(&certificates.set().join("gateway"), &[]).expect("a set of certificates");
    let url = format!("https://{}", shop.identity[0].address()).parse().expect("a URL");
    let channel = channel::connect("identity", &[url], Some(identity), contracts()).expect("a host and a port");
    let report = IdentityServiceClient::new(channel).report_rate_limited(ReportRateLimitedRequest::default()).await;
    report.expect("the gateway's own");
}

async fn whoever_cannot_prove_who_he_is_gets_no_answer() {
    let (certificates, foreign) = (Certificates::new().await, Certificates::new().await);
    let mut shop = Shop::mesh_with(&*Servers::shared().await, 1, by_tls(&certificates)).await;
    let orders = |set: &Certificates| Some(set.set().join("orders"));
    let refused = async |folder, kitchen: &Replica, who: &str| {
        let status = ask_as(folder, kitchen).await.expect_err(who);
        assert_eq!(status.code(), Code::Unavailable, "{who}: {status:?}");
    };
    refused(None, &shop.kitchen[0], "plaintext").await;
    refused(orders(&foreign), &shop.kitchen[0], "another CA").await;
    refused(Some(certificates.set().join("catalog")), &shop.kitchen[0], "a role that has no business here").await;
    // The other way round: who is called must be the role that is meant.
    refused(orders(&certificates), &shop.catalog[0], "the catalog is no kitchen").await;
    certificates.renew_long_ago().await;
    refused(orders(&certificates), &shop.kitchen[0], "expired").await;
    certificates.renew().await;
    eventually("a good one is taken", async || ask_as(orders(&certificates), &shop.kitchen[0]).await).await;
    // A folder that lacks a file is a setting that is told of.
    std::fs::remove_file(certificates.set().join("kitchen/tls.key")).expect("our folder");
    shop.kitchen[0].kill();
    shop.kitchen[0].launch(Settings::new());
    eventually("it says what is missing", async || {
        let log = shop.kitchen[0].log();
        shop.kitchen[0].has_ended() && log.contains("comanda: COMANDA_TLS_DIR: cannot read") && log.contains("tls.key")
    })
    .await;
}

async fn certificates_are_renewed_under_load() {
    let certificates = Certificates::new().await;
    let age = vec![("COMANDA_MAX_CONNECTION_AGE_SECONDS", "1".to_owned())];
    let settings = [by_tls(&certificates), age].concat();
    let shop = Shop::mesh_of_twos(&*Servers::shared().await, settings).await;
    let channel = channel_to(&[&shop.gateway]);
    let callers = Callers::at(&shop, &channel).await;
    for renewal in 1..=2 {
        certificates.renew().await;
        for replica in shop.every_replica() {
            let seen = async || replica.log().matches("new certificates are in use").count() >= renewal;
            eventually("each role sees them", seen).await;
        }
        callers.progress().await;
    }
    assert_eq!(callers.stop().await, Vec::<String>::new(), "no call fails");
}
