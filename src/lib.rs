//! Tanya Pemilu: answers citizens' questions about elections from official texts, never from anything else.
//!
//! # The map, in reading order
//!
//! Pure rooms, no await, no clock, no disk (but for `knowledge/read.rs`), no Telegram, no SQL:
//!
//! | room | gives | may use |
//! | --- | --- | --- |
//! | [`language`] | normalised, stemmed words; small talk, refusals, other subjects | nothing of ours |
//! | [`knowledge`] | files to documents, `check` | language |
//! | [`schedule`] | timelines, questions about time | language, knowledge's types |
//! | [`search`] | the Tantivy index, latent semantic analysis, a classifier, ranking | language, knowledge, schedule, random |
//! | [`library`] | one immutable snapshot of all that can be answered | the above |
//! | [`answer`] | sure / ask back / don't know, replies, every fixed text | the above |
//! | [`random`] | numbers that a seed fixes | nothing of ours |
//! | [`privacy`] | masking, keyed hashes, sealed addresses | nothing of ours |
//! | [`conversation`] | message + state + library -> `Outcome { reply, state, effects }` | the above |
//! | [`ask`], [`eval`], [`fit`], [`cross`] | one question, labelled questions, ranking weights, entries asked their own questions, as values | the above |
//!
//! Edge rooms, one outside library each:
//!
//! | room | gives | outside library |
//! | --- | --- | --- |
//! | [`store`] | inbox, outbox, sessions, log, versions | sqlx |
//! | [`publish`] | folders -> library, swapped whole | - |
//! | [`app`] | inbox row -> conversation -> one commit | tokio |
//! | [`figures`] | counters of the running process | - |
//! | [`desk`] | what staff and admins do in Telegram | - |
//! | [`delivery`] | outbox -> door, the only sender | tokio |
//! | [`telegram`], [`web`], [`terminal`] | the doors | teloxide, axum, - |
//! | [`config`], [`cli`] | environment, commands | clap |
//!
//! ```text
//! telegram -> inbox -> app -> conversation -> language -> search -> answer -> Outcome
//! terminal, web -------------------^       store::commit: outbox + log + state + inbox mark, one transaction
//! knowledge folders -> read -> parse -> check -> Library, built aside, swapped whole
//! outbox -> delivery -> telegram
//! ```
//!
//! `tests/bot/rooms.rs` holds this map true.
//!
//! # Glossary (Indonesian term: what it is here)
//!
//! - *tahapan*: the stages of an election; [`schedule::Timeline`] and [`schedule::Stage`]
//! - *pemilu*: election of president and parliaments; *pilkada* (in law *Pemilihan*): of heads of regions; [`schedule::ElectionKind`]
//! - *wilayah*: region code with a parent, `72` Sulawesi Tengah, `72.71` Kota Palu
//! - *jenis*: kind of a document: faq, rilis (release), klarifikasi, panduan (guide), regulasi; [`knowledge::Jenis`]
//! - *topik*: topic that citizens browse; [`knowledge::Topic`]
//! - *judul*, *sumber*, *dasar hukum*, *rujukan*: title, source, legal basis, fact codes; [`knowledge::Fields`]
//! - *berlaku mulai/sampai*: first and last day a rule applies; *diperiksa*: last compared with its source; *tinjau ulang*: to be looked at again
//! - *menggantikan*: supersedes; *proyeksi*: computed from rules, not decided; *tergantikan*: an earlier schedule that was replaced
//! - *paling lambat*, *sejak*, *rentang*, *jendela*: a deadline, a start, a range, a projected window; [`schedule::StageTime`]
//! - *PPID*: a public body's information officer; *DPT*: the final voter list; *TPS*: polling station

pub mod answer;
pub mod app;
pub mod ask;
pub mod cli;
pub mod config;
pub mod conversation;
pub mod cross;
pub mod delivery;
pub mod desk;
pub mod eval;
pub mod figures;
pub mod fit;
pub mod knowledge;
pub mod language;
pub mod library;
pub mod privacy;
pub mod publish;
pub mod random;
pub mod schedule;
pub mod search;
pub mod store;
pub mod telegram;
pub mod terminal;
pub mod web;
