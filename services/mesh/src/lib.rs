//! What every Comanda process runs on.
