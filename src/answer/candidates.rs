//! What might answer a text: entries by search, and answers of the calendar, in one order.

use jiff::ZonedDateTime;

use crate::language::{self, QuestionType};
use crate::library::Library;
use crate::schedule::ask::{self, Intent, ScheduleAnswer};
use crate::search::{Features, Hit, Place, Query};

/// How many candidates are kept.
const KEEP: usize = 8;
/// From this confidence of the calendar on, a question without a year is about what is to come.
const LOOKS_AHEAD: f32 = 0.85;

/// What a candidate would show.
#[derive(Debug, Clone)]
pub enum Target {
    /// Id of an entry.
    Entry(String),
    Timeline(Box<ScheduleAnswer>),
}

/// One thing that might answer the question.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub target: Target,
    /// Probability that it answers the question.
    pub confidence: f32,
    /// Log odds, for order and ties.
    pub score: f32,
    /// What ranking saw; none for an answer that only the timelines gave.
    pub features: Option<Features>,
}

impl Candidate {
    /// `<doc>#<key>` or `tahapan:<election>/<stage>`.
    pub fn id(&self) -> &str {
        match &self.target {
            Target::Entry(id) => id,
            Target::Timeline(answer) => &answer.entry,
        }
    }
}

/// What stands around a text and gives it meaning.
#[derive(Debug, Clone, Copy)]
pub(super) enum Around<'a> {
    Nothing,
    /// The question before.
    Earlier(&'a str),
    /// The words of the long message that it was taken from.
    Story(&'a [String]),
}

/// Entries by search, and up to three timeline answers. `text` keeps its punctuation for the timelines.
pub(super) fn look_up(
    library: &Library,
    text: &str,
    words: &[String],
    around: Around,
    now: &ZonedDateTime,
    region: &str,
) -> Vec<Candidate> {
    let today = now.date();
    let query = match around {
        Around::Earlier(earlier) => Query::follow_up(&library.index, words.to_vec(), earlier, today),
        Around::Story(whole) => Query::in_story(&library.index, words.to_vec(), whole.to_vec(), today),
        Around::Nothing => Query::of_words(&library.index, words.to_vec(), today),
    };
    let mut candidates: Vec<Candidate> = library
        .index
        .search(&query, KEEP)
        .into_iter()
        .filter_map(|hit: Hit| {
            let id = library.id_at(hit.place);
            let target = match hit.place {
                Place::Entry { .. } => Target::Entry(id),
                Place::Stage { .. } => Target::Timeline(Box::new(ask::entry(&library.timelines, &id, now)?)),
            };
            let score = log_odds(hit.confidence);
            Some(Candidate { target, confidence: hit.confidence, score, features: Some(hit.features) })
        })
        .collect();
    let own = &query.analysis.words[..query.own_words];
    let tokens: Vec<String> = own.iter().map(|word| word.text.clone()).collect();
    let with_stops = if language::sentences(text, false).nth(1).is_some() {
        language::sentences(text, false)
            .map(|part| language::normalize(part).join(" "))
            .collect::<Vec<_>>()
            .join(". ")
    } else {
        tokens.join(" ")
    };
    let question = ask::Question {
        text: with_stops,
        tokens,
        context_election: match around {
            Around::Earlier(text) => Some(language::normalize(text).join(" ")),
            // What a story tells of is past; which election is asked about, its question says or leaves to the calendar.
            Around::Story(_) | Around::Nothing => None,
        },
    };
    let told = ask::candidates(&library.timelines, &question, now, region);
    // "Kapan pilkada lagi?": the calendar looks ahead, so the days of elections that are over step out of its way.
    let ahead = told.first().is_some_and(|first| !first.historical && first.confidence >= LOOKS_AHEAD);
    if ahead && query.named.years.is_empty() {
        candidates.retain(|known| !matches!(&known.target, Target::Timeline(answer) if answer.historical));
    }
    for answer in told {
        let mut score = log_odds(answer.confidence);
        // "Kapan" and "berapa hari" ask for the calendar itself; an entry on the same subject says less.
        if query.question_type == Some(QuestionType::When) || answer.intent == Intent::Duration {
            score += 0.4;
        }
        let mut features = None;
        // Found by search too: the surer of both, with what the timelines understood ("sudah lewat?").
        if let Some(at) = candidates.iter().position(|known| known.id() == answer.entry) {
            let known = candidates.remove(at);
            score = score.max(known.score);
            features = known.features;
        }
        let target = Target::Timeline(Box::new(answer));
        let candidate = Candidate { target, confidence: probability(score), score, features };
        let place = candidates.iter().position(|known| known.score < score).unwrap_or(candidates.len());
        candidates.insert(place, candidate);
    }
    candidates
}

pub(super) fn best(candidates: &[Candidate]) -> f32 {
    candidates.first().map_or(f32::NEG_INFINITY, |candidate| candidate.score)
}

pub(super) fn best_confidence(candidates: &[Candidate]) -> f32 {
    candidates.first().map_or(0.0, |candidate| candidate.confidence)
}

pub(super) fn log_odds(probability: f32) -> f32 {
    let probability = probability.clamp(0.001, 0.995);
    (probability / (1.0 - probability)).ln()
}

pub(super) fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The candidate for an id named by a button, or none when it is gone.
pub fn runner_up(library: &Library, id: &str, now: &ZonedDateTime) -> Option<Candidate> {
    let target = if id.starts_with("tahapan:") {
        Target::Timeline(Box::new(ask::entry(&library.timelines, id, now)?))
    } else {
        Target::Entry(library.entry(id)?.id.clone())
    };
    Some(Candidate { target, confidence: 1.0, score: 9.0, features: None })
}
