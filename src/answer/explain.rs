//! Why a question was answered as it was: tokens, corrections, candidates. For staff and developers.

use std::collections::BTreeMap;

use jiff::ZonedDateTime;
use serde::Serialize;

use super::candidates::Candidate;
use super::decide::{self, Decision, Earlier};
use super::{messages, title_of};
use crate::language;
use crate::library::Library;
use crate::search::{FEATURE_NAMES, Features, Weights};

/// A candidate as weighed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weighed {
    pub entry: String,
    pub title: String,
    pub confidence: f32,
    /// What ranking saw, feature by feature; empty for an answer that only the timelines gave.
    pub features: BTreeMap<&'static str, f32>,
}

/// The way from text to decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Words after clean-up, chat forms and correction; weak words in parentheses.
    pub words: Vec<String>,
    /// (as written, as understood).
    pub corrections: Vec<(String, String)>,
    /// `answer`, `choices`, `abstain`, `refuse` or `smalltalk`.
    pub decision: &'static str,
    /// The fixed text that was chosen, if one was.
    pub fixed: Option<&'static str>,
    pub candidates: Vec<Weighed>,
    /// From this confidence on an answer is given at once, or offered as a choice.
    pub answer_at: f32,
    pub choice_at: f32,
}

/// The features that say something.
fn shown(candidate: &Candidate) -> BTreeMap<&'static str, f32> {
    let values = candidate.features.iter().flat_map(Features::values);
    FEATURE_NAMES.into_iter().zip(values).filter(|(_, value)| *value != 0.0).collect()
}

/// Explains what [`decide::decide`] makes of a question.
pub fn explain(
    library: &Library,
    text: &str,
    earlier: Option<Earlier>,
    now: &ZonedDateTime,
    region: &str,
) -> Explanation {
    let analysis = language::analyze_question(text, library.index.vocabulary());
    let words =
        analysis
            .words
            .iter()
            .map(|word| {
                if word.weak { format!("({})", word.text) } else { format!("{}→{}", word.text, word.stem) }
            })
            .collect();
    let corrections = analysis
        .words
        .iter()
        .filter_map(|word| word.corrected_from.clone().map(|from| (from, word.text.clone())))
        .collect();
    let (decision, fixed, candidates): (_, _, Vec<Candidate>) =
        match decide::decide(library, text, earlier, now, region).decision {
            Decision::Answer(candidates) => ("answer", None, candidates),
            Decision::Choices(candidates) => ("choices", None, candidates),
            Decision::Abstain(door, candidates) => ("abstain", Some(messages::abstain(door).0), candidates),
            Decision::Refuse(kind) => ("refuse", Some(messages::refusal(kind).0), Vec::new()),
            Decision::Smalltalk(kind) => ("smalltalk", Some(messages::smalltalk(kind).0), Vec::new()),
        };
    let candidates = candidates
        .iter()
        .take(5)
        .map(|candidate| Weighed {
            entry: candidate.id().to_owned(),
            title: title_of(library, candidate),
            confidence: candidate.confidence,
            features: shown(candidate),
        })
        .collect();
    Explanation {
        words,
        corrections,
        decision,
        fixed,
        candidates,
        answer_at: Weights::in_use().answer_at,
        choice_at: Weights::in_use().choice_at,
    }
}
