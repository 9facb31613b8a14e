//! Tanya Pemilu: answers citizens' questions about elections from official texts.
pub mod answer;
pub mod conversation;
pub mod knowledge;
pub mod language;
pub mod library;
pub mod privacy;
pub mod schedule;
pub mod search;
pub mod store;
