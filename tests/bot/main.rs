//! Integration tests: one binary, a module per area.

mod cli;
mod conversation;
mod desk;
mod fake_telegram;
mod holds;
mod knowledge;
mod rooms;
mod telegram;
mod text;
