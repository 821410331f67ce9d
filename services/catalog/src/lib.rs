//! The menu: read from Redis in an instant, owned by Postgres.
