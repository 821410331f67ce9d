//! The invariants, checked against what the clients saw and what stands in the databases, once everything is at rest.
//! Knows nothing of the program but its contracts. Not coming to rest is a failure too.

use std::collections::{HashMap, HashSet};

use comanda_proto::r#type::v1::OrderState::{self, Cancelled, Collected, Preparing, Ready, Received, Unspecified};

use super::{
    db_snapshot::{DbSnapshot, Entry, Histories, Step},
    journal::{Journal, Outcome, Wish},
    workload::Workload,
};

/// What was found, by invariant.
#[derive(Debug, Default)]
pub struct Findings {
    pub accepted: usize,
    pub refused: usize,
    /// Accepted keys whose customer did not learn it at the first attempt.
    pub unknown_resolved: usize,
    pub lost: Vec<String>,
    pub duplicated: Vec<String>,
    pub inversions: Vec<String>,
    pub illegal: Vec<String>,
    /// Times that the audit had to tell an order again: something was lost on the way.
    pub retold: i64,
    pub dead_letters: i64,
}

/// What still keeps things from being at rest; none when they are.
pub fn unrest(snapshot: &DbSnapshot, workload: &Workload) -> Option<String> {
    if let Some(why) = disagreement(snapshot) {
        return Some(why);
    }
    let open = |ticket: &&Entry| ticket.flag;
    let board: HashMap<_, _> = snapshot.tickets.iter().filter(|(_, ticket)| open(ticket)).collect();
    for shown in workload.boards() {
        let same = shown.len() == board.len()
            && board.iter().all(|(id, ticket)| shown.get(*id).is_some_and(|revision| *revision == ticket.revision));
        if !same {
            return Some(format!("a tablet shows {} tickets, {} are open", shown.len(), board.len()));
        }
    }
    let stale = workload
        .followers()
        .into_iter()
        .find(|(id, shown)| snapshot.orders.get(id).map(|o| o.revision) != Some(*shown));
    stale.map(|(id, shown)| format!("a follower of {id} is shown revision {shown} of {:?}", snapshot.orders.get(&id)))
}

/// What the two databases still have to tell each other.
pub fn disagreement(snapshot: &DbSnapshot) -> Option<String> {
    if snapshot.waiting > 0 {
        return Some(format!("{} events wait in the outboxes", snapshot.waiting));
    }
    let behind = snapshot
        .orders
        .iter()
        .find(|(id, order)| snapshot.tickets.get(*id).is_none_or(|ticket| !agree(order, ticket)) || !order.flag);
    behind.map(|(id, order)| format!("order {id} is {order:?}, its ticket {:?}", snapshot.tickets.get(id)))
}

fn agree(order: &Entry, ticket: &Entry) -> bool {
    order.state == ticket.state && order.revision == ticket.revision + 1
}

/// Checks everything.
pub fn check(snapshot: &DbSnapshot, workload: &Workload) -> Findings {
    audit(snapshot, &workload.journal)
}

/// The same for clients of another kind: all that counts of them stands in their journal.
pub fn audit(snapshot: &DbSnapshot, journal: &Journal) -> Findings {
    let wishes = journal.wishes();
    let mut findings = Findings {
        dead_letters: snapshot.dead_letters,
        retold: snapshot.orders.values().map(|order| order.retold).sum(),
        duplicated: snapshot.doubles.iter().map(|id| format!("more than one row of {id}")).collect(),
        illegal: journal.violations(),
        ..Findings::default()
    };
    conservation(&mut findings, snapshot, &wishes);
    first_come_first_served(&mut findings, &wishes);
    let [tickets_seen, orders_seen] = journal.sights();
    histories(&mut findings.illegal, "ticket", &snapshot.tickets, &snapshot.ticket_history, &tickets_seen);
    histories(&mut findings.illegal, "order", &snapshot.orders, &snapshot.order_history, &orders_seen);
    same_story(&mut findings.illegal, snapshot);
    findings
}

/// Accepted key ↔ one order ↔ one ticket, with the same content; refused key ↔ none.
fn conservation(findings: &mut Findings, snapshot: &DbSnapshot, wishes: &HashMap<String, Wish>) {
    let mut orders_of: HashMap<&str, Vec<&String>> = HashMap::new();
    for (id, order) in &snapshot.orders {
        orders_of.entry(&order.customer_name).or_default().push(id);
    }
    for (key, intent) in wishes {
        let orders = orders_of.remove(key.as_str()).unwrap_or_default();
        match &intent.outcome {
            Some(Outcome::Accepted { order_id, .. }) => {
                findings.accepted += 1;
                findings.unknown_resolved += usize::from(intent.unknown > 0);
                let id = order_id.replace('-', "");
                match (snapshot.orders.get(&id), snapshot.tickets.get(&id)) {
                    (Some(order), Some(ticket)) => {
                        let same = order.content == ticket.content && order.accepted_seq == ticket.accepted_seq;
                        if !same || ticket.customer_name != *key || order.content.1 != *key {
                            findings.illegal.push(format!("the ticket of {id} is another: {order:?}, {ticket:?}"));
                        }
                    }
                    (order, ticket) => findings.lost.push(format!("{key} accepted as {id}: {order:?}, {ticket:?}")),
                }
                if orders.len() > 1 {
                    findings.duplicated.push(format!("{key} made orders {orders:?}"));
                }
            }
            Some(Outcome::Refused) => {
                findings.refused += 1;
                findings.duplicated.extend(orders.iter().map(|id| format!("{key} was refused and made {id}")));
            }
            None => findings.lost.push(format!("{key} never got an answer: orders {orders:?}")),
        }
    }
    findings.duplicated.extend(orders_of.keys().map(|name| format!("an order of nobody: {name}")));
    let strays = snapshot.tickets.keys().filter(|id| !snapshot.orders.contains_key(*id));
    findings.duplicated.extend(strays.map(|id| format!("a ticket without an order: {id}")));
}

/// Whose OK came before another's request was sent, comes first.
fn first_come_first_served(findings: &mut Findings, wishes: &HashMap<String, Wish>) {
    let mut accepted: Vec<_> = wishes
        .values()
        .filter_map(|intent| match &intent.outcome {
            Some(Outcome::Accepted { at, accepted_seq, .. }) => Some((*accepted_seq, intent.sent, *at)),
            _ => None,
        })
        .collect();
    accepted.sort_unstable();
    // From the last to the first: the earliest OK among those with a higher number.
    let mut earliest_ok = None;
    for (number, sent, at) in accepted.into_iter().rev() {
        if let Some((later, ok)) = earliest_ok
            && ok < sent
        {
            findings.inversions.push(format!("{number} was sent at {sent:?}, after the OK of {later} at {ok:?}"));
        }
        if earliest_ok.is_none_or(|(_, ok)| at < ok) {
            earliest_ok = Some((number, at));
        }
    }
}

/// One row for each revision, each a legal step from where the last one led; and nobody was ever shown anything else.
fn histories(
    illegal: &mut Vec<String>,
    what: &str,
    entries: &HashMap<String, Entry>,
    histories: &Histories,
    seen: &HashSet<(String, i64, i32)>,
) {
    for (id, entry) in entries {
        let steps = histories.get(id).into_iter().flatten().collect::<Vec<_>>();
        let contiguous = steps.iter().zip(1..).all(|((revision, _), expected)| **revision == expected);
        let legal = steps.iter().all(|(_, step)| is_legal(**step))
            && steps.windows(2).all(|pair| pair[0].1.to == pair[1].1.from);
        let ends_here =
            steps.last().is_some_and(|(revision, step)| **revision == entry.revision && step.to == entry.state);
        if !(contiguous && legal && ends_here) {
            illegal.push(format!("{what} {id} is {entry:?}, its history {steps:?}"));
        }
    }
    for (id, revision, state) in seen {
        let stored = histories.get(id).and_then(|steps| steps.get(revision)).map(|step| step.to);
        if stored != Some(*state) {
            illegal.push(format!("{what} {id} was shown as {state} at revision {revision}, stored is {stored:?}"));
        }
    }
}

/// An order tells the story of its ticket, one revision later.
fn same_story(illegal: &mut Vec<String>, snapshot: &DbSnapshot) {
    for (id, ticket) in &snapshot.ticket_history {
        let order = snapshot.order_history.get(id);
        let told = |(revision, step): (&i64, &Step)| {
            order.and_then(|o| o.get(&(revision + 1))).is_some_and(|o| (o.to, o.ticks) == (step.to, step.ticks))
        };
        if !ticket.iter().all(told) {
            illegal.push(format!("order {id} tells {order:?} of its ticket's {ticket:?}"));
        }
    }
}

fn is_legal(step: Step) -> bool {
    let state = |number| OrderState::try_from(number).unwrap_or(Unspecified);
    let (from, to) = (state(step.from), state(step.to));
    // A line is ticked where the ticket stands; the last one may make it READY, and taking that back names it again.
    if step.ticks {
        return matches!(
            (from, to),
            (Received, Received) | (Preparing, Preparing | Ready) | (Ready, Ready | Preparing)
        );
    }
    matches!(
        (from, to),
        (Unspecified, Received | Cancelled)
            | (Received, Received | Preparing | Cancelled)
            | (Preparing, Received | Ready | Cancelled)
            | (Ready, Preparing | Collected | Cancelled)
            | (Collected, Ready)
            | (Cancelled, Cancelled)
    )
}
