//! For tests: a database of Identity, and the service on it.
