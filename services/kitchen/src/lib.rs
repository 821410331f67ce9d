//! The kitchen: tickets and the tablets that show them.
