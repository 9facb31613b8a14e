//! Integration tests: one binary, a module per area.

mod fake_telegram;
mod knowledge;
mod rooms;
mod telegram;
