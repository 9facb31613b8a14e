//! Integration tests: one binary, a module per area.

mod knowledge;
mod rooms;
