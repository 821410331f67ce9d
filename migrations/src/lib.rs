//! The schemas of Comanda's databases.
