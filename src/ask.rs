//! One question from an empty session, as a plain value: what `ask`, `eval` and tests read.
//!
//! Runs the same conversation as every door and drops its effects.

use std::time::Instant;

use jiff::ZonedDateTime;
use serde::{Deserialize, Serialize};

use crate::answer::messages::Office;
use crate::answer::{plain, runner_up};
use crate::conversation::{
    Action, Block, Effect, LogRecord, Message, Outcome, OutcomeKind, State, Surroundings, respond,
};
use crate::library::Library;

/// A choice offered, and what a tap on it would show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AskedOption {
    pub title: String,
    pub text: String,
}

/// A source of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedSource {
    pub title: String,
    pub url: Option<String>,
    pub date: Option<String>,
}

/// The result of one question, in the shape that `ask --json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// `answer`, `choices`, `abstain`, `refuse` or `smalltalk`.
    pub kind: String,
    pub answered: bool,
    /// Everything the citizen reads in the message as plain text.
    pub text: String,
    pub entry: Option<String>,
    pub version: Option<String>,
    pub sources: Vec<AskedSource>,
    pub valid_until: Option<String>,
    pub historical: bool,
    /// Probability between 0 and 1.
    pub confidence: f32,
    pub options: Vec<AskedOption>,
    /// The best candidates with their confidence, best first; for evaluation, not printed.
    #[serde(skip)]
    pub candidates: Vec<(String, f32)>,
    /// From text in to reply built, in microseconds.
    pub latency_us: u64,
}

/// Asks `text` after the `context` messages (oldest first), starting from an empty session.
pub fn ask(library: &Library, office: &Office, now: &ZonedDateTime, context: &[String], text: &str) -> Asked {
    let mut state = State::default();
    for earlier in context {
        state = turn(library, office, now, &state, earlier).state;
    }
    let start = Instant::now();
    let outcome = turn(library, office, now, &state, text);
    let latency_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    asked(library, now, outcome, latency_us)
}

fn turn(library: &Library, office: &Office, now: &ZonedDateTime, state: &State, text: &str) -> Outcome {
    let around = Surroundings { library, now, office, turn: "ask", reachable: false };
    respond(state, &Message::Text(text.to_owned()), &around)
}

fn asked(library: &Library, now: &ZonedDateTime, outcome: Outcome, latency_us: u64) -> Asked {
    let record: Option<LogRecord> = outcome
        .effects
        .into_iter()
        .find_map(|effect| if let Effect::Log(record) = effect { Some(record) } else { None });
    let kind = record.as_ref().map_or(OutcomeKind::Menu, |record| record.kind);
    let options = match kind {
        OutcomeKind::Choices => outcome
            .reply
            .buttons
            .iter()
            .flatten()
            .filter_map(|button| option(library, now, &button.action, &button.label))
            .collect(),
        _ => Vec::new(),
    };
    let sources = outcome.reply.blocks.iter().flat_map(|block| match block {
        Block::Sources(sources) => sources.clone(),
        _ => Vec::new(),
    });
    let sources = sources
        .map(|source| AskedSource { title: source.title, url: source.url, date: source.date })
        .collect();
    let entry = record.as_ref().and_then(|record| record.entry.clone());
    let valid_until =
        entry.as_deref().and_then(|id| library.entry(id)).and_then(|entry| entry.fields.berlaku_sampai);
    Asked {
        kind: match kind {
            OutcomeKind::Answer => "answer",
            OutcomeKind::Choices => "choices",
            OutcomeKind::Abstain => "abstain",
            OutcomeKind::Refuse => "refuse",
            // Commands and menus are friendly fixed texts, as small talk is.
            OutcomeKind::Smalltalk | OutcomeKind::Menu => "smalltalk",
        }
        .to_owned(),
        answered: matches!(kind, OutcomeKind::Answer | OutcomeKind::Smalltalk | OutcomeKind::Menu),
        text: plain(&outcome.reply),
        version: record.as_ref().and_then(|record| record.version.clone()),
        sources,
        valid_until: valid_until.map(|date| date.to_string()),
        historical: record.as_ref().is_some_and(|record| record.historical),
        confidence: record.as_ref().map_or(0.0, |record| record.confidence),
        entry,
        options,
        candidates: record.map(|record| record.candidates).unwrap_or_default(),
        latency_us,
    }
}

fn option(library: &Library, now: &ZonedDateTime, action: &Action, label: &str) -> Option<AskedOption> {
    let Action::Show { entry } = action else { return None };
    let candidate = runner_up(library, entry, now)?;
    let rendered = crate::answer::candidate_reply(library, &candidate, now.date())?;
    Some(AskedOption { title: label.to_owned(), text: plain(&rendered.reply) })
}
