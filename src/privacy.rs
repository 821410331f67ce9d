//! `comanda privacy`: what is known of a person, for whoever asks a shop for it, and out of the way again.

use crate::{
    Failure,
    cli::{Person, Privacy, PrivacyCommand},
    config::Flags,
    running_shop::RunningShop,
};
use comanda_mesh::channel::Channel;
use comanda_proto::{
    DESCRIPTORS,
    identity::v1::{
        ArchiveStaffRequest, ListSecurityEventsRequest, ListStaffRequest, SecurityEvent, Staff,
        identity_service_client::IdentityServiceClient,
    },
    orders::v1::{
        EraseCustomerRequest, GetOrderJourneyRequest, GetOrderRequest, order_service_client::OrderServiceClient,
    },
};
use comanda_telemetry::json;
use prost::Message;
use serde_json::{Value, json};
use std::{
    io::{Write, stdout},
    time::Duration,
};
use tonic::{Request, Status};

const DEADLINE: Duration = Duration::from_secs(30);
const PAGE: i32 = 100;

/// Does what is asked for, then ends.
pub async fn run(flags: &Flags, asked: &Privacy) -> Result<(), Failure> {
    let shop = Shop::connect(flags, asked)?;
    let said = match &asked.command {
        PrivacyCommand::Export(Person { staff: Some(login), shop: slug, .. }) => shop.export_staff(login, slug).await?,
        PrivacyCommand::Export(person) => shop.export_orders(&person.orders).await?,
        PrivacyCommand::Erase(Person { staff: Some(login), shop: slug, .. }) => shop.erase_staff(login, slug).await?,
        PrivacyCommand::Erase(person) => shop.erase_orders(&person.orders).await?,
    };
    writeln!(stdout(), "{said}").map_err(|error| format!("cannot write: {error}").into())
}

struct Shop {
    running: RunningShop,
    orders: OrderServiceClient<Channel>,
    identity: IdentityServiceClient<Channel>,
}

impl Shop {
    fn connect(flags: &Flags, asked: &Privacy) -> Result<Self, Failure> {
        let running = RunningShop::connect(&flags.client()?, &asked.url()?)?;
        let orders = OrderServiceClient::new(running.channel.clone());
        Ok(Self { orders, identity: IdentityServiceClient::new(running.channel.clone()), running })
    }

    async fn export_orders(&self, ids: &[String]) -> Result<String, Failure> {
        let mut exported = Vec::new();
        for order_id in ids {
            let request = self.request(GetOrderRequest { order_id: order_id.clone() });
            let order = self.orders.clone().get_order(request).await.map_err(|status| self.refused(&status))?;
            let request = self.request(GetOrderJourneyRequest { order_id: order_id.clone() });
            let journey = self.orders.clone().get_order_journey(request).await;
            let journey = journey.map_err(|status| self.refused(&status))?.into_inner();
            exported.push(json!({
                "order": written("comanda.orders.v1.Order", &order.into_inner().order.unwrap_or_default())?,
                "journey": written("comanda.orders.v1.GetOrderJourneyResponse", &journey)?,
            }));
        }
        Ok(format!("{:#}", json!({ "orders": exported })))
    }

    async fn erase_orders(&self, ids: &[String]) -> Result<String, Failure> {
        for order_id in ids {
            let request = self.request(EraseCustomerRequest { order_id: order_id.clone() });
            self.orders.clone().erase_customer(request).await.map_err(|status| self.refused(&status))?;
        }
        Ok(format!("Erased in {} of {} orders.", ids.len(), ids.len()))
    }

    async fn export_staff(&self, login: &str, shop: &str) -> Result<String, Failure> {
        let staff = self.staff(login, shop).await?;
        let mut events = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = ListSecurityEventsRequest { shop_id: shop.to_owned(), page_size: PAGE, page_token };
            let reply = self.identity.clone().list_security_events(self.request(request)).await;
            let reply = reply.map_err(|status| self.refused(&status))?.into_inner();
            let concerned = |event: &&SecurityEvent| {
                [&event.actor, &event.subject].into_iter().any(|who| who == login || *who == staff.name)
            };
            for event in reply.events.iter().filter(concerned) {
                events.push(written("comanda.identity.v1.SecurityEvent", event)?);
            }
            page_token = reply.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let staff = written("comanda.identity.v1.Staff", &staff)?;
        Ok(format!("{:#}", json!({ "staff": staff, "securityEvents": events })))
    }

    async fn erase_staff(&self, login: &str, shop: &str) -> Result<String, Failure> {
        let staff_id = self.staff(login, shop).await?.staff_id;
        let request = self.request(ArchiveStaffRequest { staff_id, erase: true });
        self.identity.clone().archive_staff(request).await.map_err(|status| self.refused(&status))?;
        Ok("Erased. Histories and the security log keep the name for as long as docs/privacy.md says.".to_owned())
    }

    /// Also one who has left.
    async fn staff(&self, login: &str, shop: &str) -> Result<Staff, Failure> {
        let request = self.request(ListStaffRequest { shop_id: shop.to_owned(), with_archived: true });
        let listed = self.identity.clone().list_staff(request).await.map_err(|status| self.refused(&status))?;
        let found = listed.into_inner().staff.into_iter().find(|staff| staff.login == login);
        found.ok_or_else(|| format!("nobody signs in as {login} in {shop}").into())
    }

    fn request<T>(&self, message: T) -> Request<T> {
        self.running.request(message, DEADLINE)
    }

    fn refused(&self, status: &Status) -> Failure {
        self.running.refused(status, "the request")
    }
}

fn written(name: &str, message: &impl Message) -> Result<Value, Failure> {
    json::of(DESCRIPTORS, name, message).map_err(|error| error.to_string().into())
}
