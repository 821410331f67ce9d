//! The whole matrix: every RPC that there is, by every kind of caller, about the caller's own shop and about another. What is
//! expected is read from the contracts; no RPC can be left out, because nobody lists them here.

use comanda_auth::{
    principal::{Named, Principal},
    role::Role,
    test_tokens::{self, ana},
};
use comanda_proto::{
    DESCRIPTORS,
    catalog::v1::{GetMenuRequest, ImportMenuRequest},
    identity::v1::{
        CreatePairingCodeRequest, CreateStaffRequest, Device, PairDeviceRequest, RevokeDeviceRequest, Staff,
        identity_service_client::IdentityServiceClient,
    },
    orders::v1::{GetOrderRequest, PlaceOrderLine, PlaceOrderRequest, PlaceOrderResponse},
    r#type::v1::{ServiceMode, TakeAway, service_mode::Mode},
};
use harness::{Shop, eventually, with_token};
use prost_reflect::{DescriptorPool, MethodDescriptor, Value};
use tonic::{Code, transport::Channel};
use uuid::Uuid;

use super::{
    requests::{Things, outcome},
    rest,
};
use crate::clients::{fresh, order};

/// What an RPC is open to, by the contract's own numbers.
const PUBLIC: i32 = 1;
const CUSTOMER: i32 = 2;
const BARISTA: i32 = 3;
const PANEL: i32 = 4;
const MANAGER: i32 = 6;
const OWNER: i32 = 7;

/// What the gateway never forwards.
const NEVER_FORWARDED: [&[i32]; 2] = [&[5], &[8]];
/// Open to every barista by contract, for oneself only: another person is a manager's business.
const ONLY_ONESELF: &str = "UpdateStaff";
/// What says that something is not there, for this caller.
const NOT_THERE: [&str; 5] =
    ["SHOP_NOT_FOUND", "ORDER_NOT_FOUND", "TICKET_NOT_FOUND", "STAFF_NOT_FOUND", "DEVICE_NOT_FOUND"];

/// What is shown about these things.
type Token = Box<dyn Fn(&Things) -> Option<String>>;

/// Who calls.
struct Caller {
    name: &'static str,
    /// The numbers of access that let this caller in.
    opens: &'static [i32],
    token: Token,
    /// What is there for them.
    sees: Sees,
}

#[derive(Clone, Copy, PartialEq)]
enum Sees {
    /// What belongs to any shop.
    All,
    /// What belongs to their own.
    Own,
    /// Nothing that the requests name.
    Nothing,
}

pub async fn every_rpc_is_open_to_whom_its_contract_says(shop: &Shop) {
    let (own, own_tokens) = furnished(shop, "matrix-a").await;
    let (other, other_tokens) = furnished(shop, "matrix-b").await;
    let revoked = revoked(shop, &own).await;
    let callers = callers(&own, own_tokens, other_tokens, revoked);
    let (mut cells, mut leaks) = (0, Vec::new());
    for method in methods() {
        let access = access(&method);
        names_its_shop(&method);
        for caller in &callers {
            for things in [&own, &other] {
                let ended = outcome(&shop.gateway, &method, things, (caller.token)(things).as_deref()).await;
                cells += 1;
                if let Err(why) = judge(&method, &access, caller, things.shop == own.shop, &ended) {
                    leaks.push(leak(method.full_name(), caller, things, why, &ended));
                }
            }
        }
    }
    for (route, method) in rest::routes(shop, &methods()).await {
        let access = access(&method);
        for caller in &callers {
            for things in [&own, &other] {
                let ended = rest::outcome(&shop.gateway, &route, things, (caller.token)(things).as_deref()).await;
                cells += 1;
                if let Err(why) = judge(&method, &access, caller, things.shop == own.shop, &ended) {
                    leaks.push(leak(&route.path, caller, things, why, &ended));
                }
            }
        }
    }
    assert!(leaks.is_empty(), "{} of {cells} cells:\n{}", leaks.len(), leaks.join("\n"));
    assert!(cells >= 500, "only {cells} cells");
}

fn leak(what: &str, caller: &Caller, things: &Things, why: &str, ended: &(Code, String)) -> String {
    format!("{what} by {} about {}: {why}, and not {ended:?}", caller.name, things.shop)
}

fn judge(
    method: &MethodDescriptor,
    access: &[i32],
    caller: &Caller,
    own: bool,
    (code, reason): &(Code, String),
) -> Result<(), &'static str> {
    if NEVER_FORWARDED.contains(&access) {
        return (*code == Code::Unimplemented).then_some(()).ok_or("services only");
    }
    let refused = matches!(code, Code::Unauthenticated | Code::PermissionDenied);
    if access.contains(&PUBLIC) {
        let own_refusal = ["SIGN_IN_REFUSED", "PAIRING_REFUSED", "SESSION_ENDED"].contains(&reason.as_str());
        return (!refused || own_refusal).then_some(()).ok_or("open to all");
    }
    if !caller.opens.iter().any(|opens| access.contains(opens)) {
        let expected = if caller.opens.is_empty() { Code::Unauthenticated } else { Code::PermissionDenied };
        return (*code == expected).then_some(()).ok_or("closed");
    }
    if method.name() == ONLY_ONESELF && !caller.opens.contains(&MANAGER) {
        let closed = *code == Code::PermissionDenied || NOT_THERE.contains(&reason.as_str());
        return closed.then_some(()).ok_or("for oneself only");
    }
    let names_a_thing = !["SignOut", "GetMe", "GetStatus"].contains(&method.name());
    if names_a_thing && (caller.sees == Sees::Nothing || caller.sees == Sees::Own && !own) {
        return (*code == Code::NotFound && NOT_THERE.contains(&reason.as_str())).then_some(()).ok_or("another's");
    }
    let there = !refused && *code != Code::Unimplemented && !NOT_THERE.contains(&reason.as_str());
    there.then_some(()).ok_or("open")
}

/// Every RPC of ours.
fn methods() -> Vec<MethodDescriptor> {
    let pool = DescriptorPool::decode(DESCRIPTORS).expect("readable contracts");
    let services = pool.services().collect::<Vec<_>>();
    let methods = services.iter().flat_map(|service| service.methods().collect::<Vec<_>>()).collect::<Vec<_>>();
    assert!(methods.len() >= 35, "only {} RPCs", methods.len());
    methods
}

/// The contract says which field names the shop, wherever one does.
fn names_its_shop(method: &MethodDescriptor) {
    let option = method.parent_pool().get_extension_by_name("comanda.type.v1.shop_field").expect("the option");
    let options = method.options();
    let named = options.get_extension(&option).as_str().unwrap_or_default().to_owned();
    let input = method.input();
    let inner = input.get_field_by_name("shop").and_then(|shop| shop.kind().as_message().cloned());
    let expected = match (input.get_field_by_name("shop_id"), inner) {
        (Some(_), _) => "shop_id",
        (None, Some(shop)) if shop.get_field_by_name("shop_id").is_some() => "shop.shop_id",
        _ => "",
    };
    let for_staff = access(method).iter().any(|number| [BARISTA, PANEL, MANAGER, OWNER].contains(number));
    assert_eq!(named, if for_staff { expected } else { "" }, "{}", method.full_name());
}

fn access(method: &MethodDescriptor) -> Vec<i32> {
    let pool = method.parent_pool();
    let option = pool.get_extension_by_name("comanda.type.v1.access").expect("the option");
    let options = method.options();
    let listed = options.get_extension(&option);
    let listed = listed.as_list().unwrap_or(&[]).iter().filter_map(Value::as_enum_number).collect::<Vec<_>>();
    assert!(!listed.is_empty(), "{} says nothing of who may call it", method.full_name());
    listed
}

fn callers(own: &Things, own_tokens: [String; 2], other_tokens: [String; 2], revoked: String) -> Vec<Caller> {
    let staff = |name, opens, change: fn(Principal) -> Principal, role: Role, sees| {
        let shop = own.shop.clone();
        let token = move |_: &Things| Some(test_tokens::sign(&change(ana(role, &[&shop]))));
        Caller { name, opens, token: Box::new(token), sees }
    };
    let forged = |name, token: fn(&Principal) -> String| {
        let shop = own.shop.clone();
        let token = move |_: &Things| Some(token(&ana(Role::Owner, &[&shop])));
        Caller { name, opens: &[], token: Box::new(token), sees: Sees::All }
    };
    let panel = |principal| Principal {
        person: None,
        session: None,
        device: Some(Named { id: Uuid::now_v7(), name: "Painel".to_owned() }),
        ..principal
    };
    let (mine, theirs) = (own_tokens.clone(), other_tokens.clone());
    let shop = own.shop.clone();
    // Each order's token, with the order that it is of.
    let customer = move |things: &Things| Some(if things.shop == shop { &mine[0] } else { &theirs[0] }.clone());
    let shop = own.shop.clone();
    let another =
        move |things: &Things| Some(if things.shop == shop { &own_tokens[1] } else { &other_tokens[1] }.clone());
    vec![
        Caller { name: "nobody", opens: &[], token: Box::new(|_| None), sees: Sees::All },
        Caller { name: "the customer", opens: &[CUSTOMER], token: Box::new(customer), sees: Sees::All },
        Caller { name: "another customer", opens: &[CUSTOMER], token: Box::new(another), sees: Sees::Nothing },
        staff("a panel", &[PANEL], panel, Role::Panel, Sees::Own),
        staff("a barista", &[BARISTA], |ana| ana, Role::Barista, Sees::Own),
        staff("a manager", &[BARISTA, MANAGER], |ana| ana, Role::Manager, Sees::Own),
        staff("an owner", &[BARISTA, MANAGER, OWNER], |ana| ana, Role::Owner, Sees::All),
        staff(
            "an owner whose token is over",
            &[],
            |ana| Principal { expires: 1_000_000_000, ..ana },
            Role::Owner,
            Sees::All,
        ),
        Caller {
            name: "a revoked device",
            opens: &[],
            token: Box::new(move |_| Some(revoked.clone())),
            sees: Sees::All,
        },
        forged("a forger without a signature", test_tokens::unsigned),
        forged("a forger with another key", test_tokens::by_another_key),
        forged("a token for another audience", test_tokens::for_another_audience),
    ]
}

/// A shop with an order, people and a device, and the tokens of two of its orders.
async fn furnished(shop: &Shop, name: &str) -> (Things, [String; 2]) {
    let slug = format!("{name}-{}", &Uuid::new_v4().to_string()[..8]);
    let menu_file = format!(
        "shop: {slug}\nname: {slug}\ncurrency: BRL\ntime_zone: America/Sao_Paulo\ncategories:\n  - key: cafes\n    \
         name: Cafés\n    products:\n      - {{key: latte, name: Latte, price: 12.50}}\n"
    );
    let import = ImportMenuRequest { request_id: fresh(), file: menu_file.clone(), ..Default::default() };
    shop.gateway.catalog_admin().import_menu(with_token(import, &shop.secrets.staff)).await.expect("imported");
    let (first, second) = (placed(shop, &slug).await, placed(shop, &slug).await);
    let product = order(&first).lines[0].product_id.clone();
    let mut identity = shop.gateway.identity();
    let staff = Staff {
        name: "Caio".into(),
        login: format!("caio-{}", Uuid::new_v4()),
        role: 2,
        shop_ids: vec![slug.clone()],
        ..Staff::default()
    };
    let create = CreateStaffRequest { staff: Some(staff), ..CreateStaffRequest::default() };
    let created = identity.create_staff(with_token(create, &shop.secrets.staff)).await.expect("created").into_inner();
    let (device, _) = paired(&mut identity, shop, &slug).await;
    let things = Things {
        shop: slug,
        order: order(&first).order_id.clone(),
        product,
        staff: created.staff.expect("a person").staff_id,
        device: device.device_id,
        menu_file,
    };
    (things, [first.own_token, second.own_token])
}

/// An order that the kitchen has.
async fn placed(shop: &Shop, slug: &str) -> PlaceOrderResponse {
    let menu = GetMenuRequest { shop_id: slug.to_owned(), known_version: 0 };
    let menu = shop.gateway.catalog().get_menu(menu).await.expect("a menu").into_inner().menu().expect("readable");
    let product_id = menu.expect("a menu").categories[0].products[0].product_id.clone();
    let request = PlaceOrderRequest {
        request_id: fresh(),
        shop_id: slug.to_owned(),
        customer_name: "Dora".into(),
        service_mode: Some(ServiceMode { mode: Some(Mode::TakeAway(TakeAway {})) }),
        lines: vec![PlaceOrderLine { product_id, quantity: 1, ..Default::default() }],
    };
    let placed = shop.gateway.orders().place_order(request).await.expect("placed").into_inner();
    let get = || GetOrderRequest { order_id: order(&placed).order_id.clone() };
    eventually("the kitchen has the ticket", async || {
        let reply = shop.gateway.orders().get_order(with_token(get(), &placed.own_token)).await.ok()?;
        reply.into_inner().order.filter(|order| order.revision > 1).map(|_| ())
    })
    .await;
    placed
}

async fn paired(identity: &mut IdentityServiceClient<Channel>, shop: &Shop, slug: &str) -> (Device, String) {
    let wanted =
        CreatePairingCodeRequest { shop_id: slug.to_owned(), name: "Tablet".into(), role: 2, stations: vec![] };
    let code =
        identity.create_pairing_code(with_token(wanted, &shop.secrets.staff)).await.expect("a code").into_inner();
    let reply = identity.pair_device(PairDeviceRequest { code: code.code }).await.expect("paired").into_inner();
    (reply.device.expect("a device"), reply.credential)
}

/// The credential of a device that is let in no more, anywhere.
async fn revoked(shop: &Shop, own: &Things) -> String {
    let mut identity = shop.gateway.identity();
    let (device, credential) = paired(&mut identity, shop, &own.shop).await;
    let revoke = RevokeDeviceRequest { device_id: device.device_id };
    identity.revoke_device(with_token(revoke, &shop.secrets.staff)).await.expect("revoked");
    for service in ["catalog", "orders", "kitchen"] {
        let method = methods().into_iter().find(|method| {
            method.full_name().starts_with(&format!("comanda.{service}."))
                && !access(method).contains(&PUBLIC)
                && access(method).contains(&BARISTA)
        });
        let method = method.expect("an RPC for staff");
        eventually("the revocation reaches every replica", async || {
            // In turn, each of them answers some.
            for _ in 0..8 {
                let ended = outcome(&shop.gateway, &method, own, Some(&credential)).await;
                (ended == (Code::Unauthenticated, "TOKEN_REVOKED".to_owned())).then_some(())?;
            }
            Some(())
        })
        .await;
    }
    credential
}
