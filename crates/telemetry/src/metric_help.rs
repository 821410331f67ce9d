//! Help and unit of every metric. A test scrapes a running process and misses none.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// Counters, with what is counted.
const COUNTERS: &[(&str, &str)] = &[
    ("comanda_calls_unanswered_total", "Calls to another role that no replica answered, by role"),
    ("comanda_client_retries_total", "Calls to another role that were sent again, by role"),
    ("comanda_connections_cut_total", "Connections that were closed with calls still open"),
    ("comanda_connections_ended_total", "Connections that the server ended, by reason"),
    ("comanda_connections_refused_total", "Connections refused because a limit was reached, by limit"),
    ("comanda_db_connections_discarded_total", "Database connections closed because their state was unknown"),
    ("comanda_dead_letters_total", "Messages that became dead letters, by queue"),
    ("comanda_handshakes_refused_total", "Connections that failed TLS"),
    ("comanda_load_shed_total", "Calls refused because the process was at its limit, by kind"),
    ("comanda_menu_cache_fills_total", "Menus loaded into memory, by source"),
    ("comanda_menu_cache_requests_total", "Menus served from memory, fresh or stale"),
    ("comanda_orders_archived_total", "Orders moved to the archive"),
    ("comanda_orders_removed_total", "Archived orders removed for good"),
    ("comanda_orders_republished_total", "Orders that the audit published again"),
    ("comanda_orders_unnamed_total", "Archived orders whose customer's first name was removed"),
    ("comanda_panics_total", "Handlers that panicked"),
    ("comanda_rate_limited_total", "Calls refused by a limit per caller, by limit"),
    ("comanda_tickets_forgotten_total", "Old tickets removed"),
    ("comanda_tokens_refused_total", "Tokens refused because an address tried too many"),
];

/// Gauges, with what is shown.
const GAUGES: &[(&str, Unit, &str)] = &[
    (
        "comanda_dead_letters",
        Unit::Count,
        "Dead letters that wait for a person, by service; read from a shared database",
    ),
    ("comanda_open_streams", Unit::Count, "Open streams of this process, by RPC"),
    ("comanda_orders_unaccounted", Unit::Count, "Orders without a ticket; read from a shared database"),
    ("comanda_outbox_events", Unit::Count, "Events in the outbox, by service; read from a shared database"),
    (
        "comanda_outbox_oldest_seconds",
        Unit::Seconds,
        "Age of the oldest event, by service; read from a shared database",
    ),
    ("comanda_ready_estimates", Unit::Count, "Last orders whose time was said; read from a shared database"),
    ("comanda_ready_estimates_kept", Unit::Count, "Those that were READY in time; read from a shared database"),
];

/// Describes all of them to the recorder.
pub fn describe_all() {
    for (name, help) in COUNTERS {
        describe_counter!(*name, Unit::Count, *help);
    }
    for (name, unit, help) in GAUGES {
        describe_gauge!(*name, *unit, *help);
    }
    describe_histogram!("rpc_server_call_duration_seconds", Unit::Seconds, "Duration of RPCs, by method and status");
    describe_histogram!(
        "http_server_request_duration_seconds",
        Unit::Seconds,
        "Duration of HTTP requests that are no RPC, by verb, route and status"
    );
}
