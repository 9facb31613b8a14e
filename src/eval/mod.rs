//! Labelled questions: asked, judged, counted. The yardstick for every change to language, ranking and thresholds.
//!
//! `evaluate` judges; `report` draws tables; `statistics` tells how sure a figure is and whether confidence means what
//! it says; `saved` compares with an earlier run; `floor` holds what CI asks for. `passages` measures
//! plain retrieval, with questions that `perturb` rewrites.

mod floor;
pub mod passages;
mod perturb;
mod report;
mod saved;
mod statistics;

pub use floor::Floor;
pub use perturb::{Style, rewrite};
pub use report::Counts;
pub use saved::{SavedLine, compare};

use jiff::ZonedDateTime;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::answer::messages::Office;
use crate::answer::{candidate_reply, plain, runner_up};
use crate::ask::{Asked, ask};
use crate::library::Library;

/// One text or several, oldest first.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Context {
    One(String),
    Many(Vec<String>),
}

impl Context {
    pub fn into_list(self) -> Vec<String> {
        match self {
            Context::One(text) => vec![text],
            Context::Many(texts) => texts,
        }
    }
}

/// A labelled question; see the README of `tests/eval`.
#[derive(Debug, Clone, Deserialize)]
pub struct Question {
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub context: Option<Context>,
    #[serde(default)]
    pub style: String,
    #[serde(default)]
    pub topic: String,
    #[serde(default)]
    pub intent: String,
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub expect: Vec<String>,
    #[serde(default)]
    pub forbid: Vec<String>,
    #[serde(default)]
    pub allow: Option<Vec<String>>,
    #[serde(default = "yes")]
    pub answerable: bool,
}

fn yes() -> bool {
    true
}

/// How one question went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Answerable, answered rightly.
    Correct,
    /// Answerable, answered with something else.
    Wrong,
    /// Answerable, not answered, but one of the choices was right.
    Offered,
    /// Answerable, neither answered nor offered.
    Missed,
    /// Not answerable, and not answered (or answered as allowed).
    RightRefusal,
    /// Not answerable, answered all the same.
    FalseAnswer,
}

/// A candidate of a question: how sure the bot was, and whether its text would have been right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighed {
    pub confidence: f32,
    pub right: bool,
    /// Holds what is expected, whatever else it says: what counts for a choice.
    pub holds: bool,
}

/// How many candidates of each question are judged.
const WEIGHED: usize = 3;

/// One question with all that was found out about it.
#[derive(Debug, Clone)]
pub struct Judged {
    pub question: Question,
    pub asked: Asked,
    pub verdict: Verdict,
    /// The best candidates, also of a question that was not answered; none for refusals and small talk.
    pub candidates: Vec<Weighed>,
}

/// Verdicts of all questions, in order.
#[derive(Debug, Clone)]
pub struct Evaluation {
    pub results: Vec<Judged>,
}

/// Asks every question and judges the answers. Errors name a regular expression that does not compile.
pub fn evaluate(
    library: &Library,
    office: &Office,
    questions: &[Question],
    now: &ZonedDateTime,
) -> Result<Evaluation, String> {
    let mut results = Vec::new();
    for question in questions {
        let context = question.context.clone().map(Context::into_list).unwrap_or_default();
        let asked = ask(library, office, now, &context, &question.text);
        let verdict = judge(question, &asked)?;
        let mut candidates = Vec::new();
        for (id, confidence) in asked.candidates.iter().take(WEIGHED) {
            let shown =
                runner_up(library, id, now).and_then(|found| candidate_reply(library, &found, now.date()));
            let text = one_line(&shown.map(|shown| plain(&shown.reply)).unwrap_or_default());
            let (right, holds) = weigh(question, &text)?;
            candidates.push(Weighed { confidence: *confidence, right, holds });
        }
        results.push(Judged { question: question.clone(), asked, verdict, candidates });
    }
    Ok(Evaluation { results })
}

fn compile(question: &Question, patterns: &[String]) -> Result<Vec<Regex>, String> {
    patterns
        .iter()
        .map(|pattern| {
            RegexBuilder::new(pattern)
                .case_insensitive(true)
                .build()
                .map_err(|error| format!("{}: {error}", question.id))
        })
        .collect()
}

/// Whether a text holds all that is expected and nothing that is forbidden.
pub fn satisfies(question: &Question, text: &str) -> Result<bool, String> {
    let text = one_line(text);
    let expect = compile(question, &question.expect)?;
    let forbid = compile(question, &question.forbid)?;
    Ok(expect.iter().all(|pattern| pattern.is_match(&text))
        && !forbid.iter().any(|pattern| pattern.is_match(&text)))
}

/// Whether a text would be right as an answer, and whether it holds what is expected.
fn weigh(question: &Question, text: &str) -> Result<(bool, bool), String> {
    let patterns = if question.answerable {
        &question.expect
    } else {
        question.allow.as_ref().unwrap_or(const { &Vec::new() })
    };
    let holds = (question.answerable || !patterns.is_empty())
        && compile(question, patterns)?.iter().all(|pattern| pattern.is_match(text));
    let forbidden = compile(question, &question.forbid)?.iter().any(|pattern| pattern.is_match(text));
    Ok((holds && !forbidden, holds && question.answerable))
}

fn judge(question: &Question, asked: &Asked) -> Result<Verdict, String> {
    let text = one_line(&asked.text);
    let forbidden = compile(question, &question.forbid)?.iter().any(|pattern| pattern.is_match(&text));
    if !question.answerable {
        let allow = compile(question, question.allow.as_deref().unwrap_or_default())?;
        let allowed = !allow.is_empty() && allow.iter().all(|pattern| pattern.is_match(&text));
        let right = !forbidden && (!asked.answered || allowed);
        return Ok(if right { Verdict::RightRefusal } else { Verdict::FalseAnswer });
    }
    if question.kind.as_deref() == Some("smalltalk") {
        return Ok(if asked.answered && !forbidden { Verdict::Correct } else { Verdict::Missed });
    }
    if asked.answered {
        return Ok(if satisfies(question, &asked.text)? { Verdict::Correct } else { Verdict::Wrong });
    }
    let expect = compile(question, &question.expect)?;
    let offered = asked.options.iter().any(|option| {
        let text = one_line(&option.text);
        expect.iter().all(|pattern| pattern.is_match(&text))
    });
    Ok(if offered { Verdict::Offered } else { Verdict::Missed })
}

/// White space counts as one blank.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;

    use super::*;

    fn questions(file: &str) -> Vec<Question> {
        let text = fs::read_to_string(format!("tests/eval/{file}.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// A yardstick that shrank or broke would still give figures; this keeps it whole.
    #[test]
    fn the_labelled_questions_are_enough_sound_and_split_by_intent() {
        let (tune, heldout) = (questions("tune"), questions("heldout"));
        let mut styles: BTreeMap<&str, usize> = BTreeMap::new();
        let mut ids = BTreeSet::new();
        for question in tune.iter().chain(&heldout) {
            assert!(ids.insert(&question.id), "{} twice", question.id);
            for patterns in [&question.expect, &question.forbid, question.allow.as_ref().unwrap_or(&vec![])] {
                compile(question, patterns).unwrap();
            }
            let judged = question.kind.is_some() || !question.expect.is_empty();
            assert!(judged || !question.answerable, "{} expects nothing", question.id);
            if question.answerable {
                *styles.entry(&question.style).or_default() += 1;
            }
        }
        for half in [&tune, &heldout] {
            assert!(half.iter().filter(|question| question.answerable).count() >= 600);
        }
        assert!(tune.iter().chain(&heldout).filter(|question| !question.answerable).count() >= 300);
        for style in ["formal", "slang", "typo", "abbr", "regional"] {
            assert!(styles[style] >= 150, "{style}: {}", styles[style]);
        }
        let intents: BTreeSet<&str> = tune
            .iter()
            .filter(|question| question.answerable && !question.intent.is_empty())
            .map(|question| question.intent.as_str())
            .collect();
        let shared: Vec<&str> = heldout
            .iter()
            .filter(|question| question.answerable && question.kind.is_none())
            .map(|question| question.intent.as_str())
            .filter(|intent| intents.contains(intent))
            .collect();
        assert!(shared.is_empty(), "in both splits: {shared:?}");
    }

    /// Questions that were once answered wrongly. Each mended mistake stays mended; a new one is added when it is mended.
    #[test]
    fn mended_mistakes_stay_mended() {
        let now: jiff::Timestamp = "2026-11-25T09:00:00+08:00".parse().unwrap();
        let now = now.to_zoned_datetime(jiff::tz::TimeZone::get("Asia/Makassar").unwrap());
        let library = crate::publish::load_library(&["knowledge".into()], now.date());
        let office = Office { name: None, region: "72".to_owned(), retention_days: 365 };
        let evaluation = evaluate(&library, &office, &questions("regression"), &now).unwrap();
        assert!(evaluation.results.len() >= 40);
        let wrong: Vec<String> = evaluation
            .results
            .iter()
            .filter(|judged| matches!(judged.verdict, Verdict::Wrong | Verdict::FalseAnswer))
            .map(|judged| format!("{} -> {:?}", judged.question.text, judged.asked.entry))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
