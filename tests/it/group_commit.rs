//! Orders of customers who come at once are stored in one transaction. None of them may notice: neither when the database
//! refuses a neighbour's, nor when the process dies after the commit and before the answers.

use comanda_proto::{
    orders::v1::{PlaceOrderRequest, PlaceOrderResponse},
    r#type::v1::{AtTable, ServiceMode, service_mode::Mode},
};
use futures_util::future::join_all;
use harness::{Replica, Role, Servers, Shop, eventually, trials};
use libtest_mimic::Trial;
use sea_orm::ConnectionTrait;
use std::collections::HashSet;
use tonic::{Code, Status};

use crate::{
    clients::{fresh, order, simple_order},
    journey::stored,
};

/// As many as wait together.
const CROWD: usize = 20;

pub fn tests() -> Vec<Trial> {
    let always = trials![an_order_that_the_database_refuses_does_no_harm_to_its_neighbours];
    // Only then can a process be told where to die.
    let with_failpoints = trials![a_crowd_whose_answers_are_lost_asks_again];
    always.into_iter().chain(with_failpoints.into_iter().filter(|_| cfg!(feature = "failpoints"))).collect()
}

async fn an_order_that_the_database_refuses_does_no_harm_to_its_neighbours() {
    let shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let never = "ALTER TABLE orders ADD CONSTRAINT never CHECK (customer_name <> 'Veneno')";
    shop.database(Role::Orders).await.execute_unprepared(never).await.expect("a constraint");
    let mut expected = 0;
    eventually("one comes together with others", async || {
        let mut crowd = crowd(&shop, "Nina").await;
        crowd[CROWD / 2].customer_name = "Veneno".to_owned();
        expected += CROWD - 1;
        for (request, answer) in crowd.iter().zip(place_all(&shop.orders[0], &crowd).await) {
            match answer {
                Ok(placed) => assert_eq!(order(&placed).customer_name, request.customer_name),
                Err(refusal) => {
                    assert_eq!((request.customer_name.as_str(), refusal.code()), ("Veneno", Code::Unavailable));
                }
            }
        }
        shop.orders[0].log().contains("cannot be stored together").then_some(())
    })
    .await;
    assert_eq!(stored(&shop, "Nina").await, i64::try_from(expected).expect("few"));
    assert_eq!(stored(&shop, "Veneno").await, 0);
}

async fn a_crowd_whose_answers_are_lost_asks_again() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 2).await;
    let crowd = crowd(&shop, "Olga").await;
    // The first transaction has little company, the second has more.
    let doomed = &mut shop.orders[0];
    doomed.kill();
    doomed.start_with(vec![("COMANDA_FAILPOINTS", "once.committed=2".to_owned())]).await;
    eventually("it dies before it answers", async || {
        place_all(doomed, &crowd).await.iter().any(Result::is_err).then_some(())
    })
    .await;
    doomed.until_exit().await;
    let mut ids = HashSet::new();
    for (request, answer) in crowd.iter().zip(place_all(&shop.orders[1], &crowd).await) {
        let placed = answer.expect("the same key settles it");
        assert_eq!(order(&placed).service_mode, request.service_mode, "as it was stored");
        ids.insert(order(&placed).order_id.clone());
    }
    assert_eq!(ids.len(), CROWD);
    assert_eq!(stored(&shop, "Olga").await, i64::try_from(CROWD).expect("few"));
}

async fn crowd(shop: &Shop, name: &str) -> Vec<PlaceOrderRequest> {
    let one = simple_order(shop, name).await;
    let mut crowd = vec![one; CROWD];
    for (place, request) in crowd.iter_mut().enumerate() {
        request.request_id = fresh();
        // Some sit at a table, others take it away.
        if place % 2 == 0 {
            let at = AtTable { table: format!("Mesa {place}") };
            request.service_mode = Some(ServiceMode { mode: Some(Mode::AtTable(at)) });
        }
    }
    crowd
}

/// All at once, at one replica.
async fn place_all(replica: &Replica, crowd: &[PlaceOrderRequest]) -> Vec<Result<PlaceOrderResponse, Status>> {
    let place = |request: &PlaceOrderRequest| {
        let (mut orders, request) = (replica.orders(), request.clone());
        async move { orders.place_order(request).await.map(tonic::Response::into_inner) }
    };
    join_all(crowd.iter().map(place)).await
}
