//! Tanya Pemilu: answers citizens' questions about elections from official texts.
pub mod answer;
pub mod ask;
pub mod cli;
pub mod config;
pub mod conversation;
pub mod eval;
pub mod knowledge;
pub mod language;
pub mod library;
pub mod privacy;
pub mod publish;
pub mod schedule;
pub mod search;
pub mod store;
pub mod terminal;
