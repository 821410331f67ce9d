//! A code becomes a device's credential, once. Guesses slow the address that they come from, and all of them together are
//! slowed, too: a code has 40 bits and ten minutes.

use crate::{
    Identity,
    devices::{shops, to_contract},
    people::role,
    refusal::Refusal,
    secrets::{fast_hash, tidy_code},
    security_log::{self, Event},
    session::{seconds, sign},
    slowing::{self, Counted, Slowed},
    store::{
        self,
        entity::{device, pairing_code},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_auth::principal::{Named, Principal};
use comanda_proto::identity::v1::PairDeviceResponse;
use sea_orm::prelude::Uuid;
use std::net::IpAddr;

const CREDENTIAL: TimeDelta = TimeDelta::days(365);

/// Pairs a device.
pub async fn pair(identity: &Identity, code: &str, address: Option<IpAddr>) -> Result<PairDeviceResponse, Refusal> {
    let slowed = [Some(Slowed::all_pairing()), address.map(Slowed::pairing)];
    let counted = slowing::count(&identity.database, slowed.into_iter().flatten().collect()).await?;
    let (txn, now) = identity.database.begin_now().await?;
    let Some(code) = store::devices::use_code(&txn, &fast_hash(&tidy_code(code)), now).await? else {
        txn.rollback().await?;
        return Err(refuse(identity, &counted, address).await?);
    };
    let device = device_of(code, now);
    let credential = sign(identity, &principal(&device), now)?;
    store::devices::insert(&txn, &device).await?;
    counted.forget(&txn).await?;
    let (kind, subject, shops) = ("DEVICE_PAIRED", device.name.clone(), shops(&device.shop_id));
    let detail = format!("role: {}", role(device.role).name().to_uppercase());
    security_log::record(&txn, now, Event { kind, actor: subject.clone(), subject, address, detail, shops }).await?;
    txn.commit().await?;
    Ok(PairDeviceResponse { credential, device: Some(to_contract(device)) })
}

fn device_of(code: pairing_code::Model, now: DateTime<Utc>) -> device::Model {
    device::Model {
        device_id: Uuid::now_v7(),
        name: code.name,
        shop_id: code.shop_id,
        role: code.role,
        stations: code.stations,
        paired_at: now,
        expires_at: now + CREDENTIAL,
        revoked_at: None,
    }
}

fn principal(device: &device::Model) -> Principal {
    Principal {
        role: role(device.role),
        shops: shops(&device.shop_id),
        person: None,
        device: Some(Named { id: device.device_id, name: device.name.clone() }),
        session: None,
        expires: seconds(device.expires_at),
    }
}

/// Records a wrong code, and refuses it.
async fn refuse(identity: &Identity, counted: &Counted, address: Option<IpAddr>) -> Result<Refusal, Refusal> {
    if slowing::may_note(&identity.database).await? {
        let (txn, now) = identity.database.begin_now().await?;
        let event = Event { kind: "PAIRING_REFUSED", address, ..Event::default() };
        security_log::record(&txn, now, event.clone()).await?;
        if counted.slows {
            security_log::record(&txn, now, Event { kind: "SIGN_IN_SLOWED", ..event }).await?;
        }
        txn.commit().await?;
    }
    Ok(Refusal::Pairing)
}
