//! Labelled questions to a score table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::ZonedDateTime;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::answer::messages::Office;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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

/// Verdicts of all questions, in order.
#[derive(Debug, Clone)]
pub struct Evaluation {
    pub results: Vec<(Question, Asked, Verdict)>,
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
        results.push((question.clone(), asked, verdict));
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

/// Counts of one group of questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub correct: usize,
    pub wrong: usize,
    pub offered: usize,
    pub missed: usize,
    pub right_refusal: usize,
    pub false_answer: usize,
}

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        let field = match verdict {
            Verdict::Correct => &mut self.correct,
            Verdict::Wrong => &mut self.wrong,
            Verdict::Offered => &mut self.offered,
            Verdict::Missed => &mut self.missed,
            Verdict::RightRefusal => &mut self.right_refusal,
            Verdict::FalseAnswer => &mut self.false_answer,
        };
        *field += 1;
    }

    pub fn answerable(&self) -> usize {
        self.correct + self.wrong + self.offered + self.missed
    }

    pub fn unanswerable(&self) -> usize {
        self.right_refusal + self.false_answer
    }
}

/// Lines that must hold: shares between 0 and 1 of the answerable or the unanswerable, and a least number of questions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    #[serde(default)]
    pub questions: usize,
    #[serde(default)]
    pub correct: f64,
    /// Correct or among the choices.
    #[serde(default)]
    pub found: f64,
    #[serde(default = "one")]
    pub wrong_at_most: f64,
    #[serde(default = "one")]
    pub false_answers_at_most: f64,
}

fn one() -> f64 {
    1.0
}

impl Evaluation {
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (_, _, verdict) in &self.results {
            counts.add(*verdict);
        }
        counts
    }

    fn grouped(&self, key: impl Fn(&Question) -> String) -> BTreeMap<String, Counts> {
        let mut groups: BTreeMap<String, Counts> = BTreeMap::new();
        for (question, _, verdict) in &self.results {
            groups.entry(key(question)).or_default().add(*verdict);
        }
        groups
    }

    /// The table and the mistakes, as text.
    pub fn report(&self, mistakes: usize) -> String {
        let mut out = String::new();
        let header = format!(
            "{:<24} {:>5} {:>8} {:>6} {:>8} {:>7} | {:>5} {:>8} {:>6}\n",
            "", "n", "correct", "wrong", "offered", "missed", "n", "refused", "false"
        );
        let line = |name: &str, c: &Counts| {
            format!(
                "{name:<24} {:>5} {:>8} {:>6} {:>8} {:>7} | {:>5} {:>8} {:>6}\n",
                c.answerable(),
                c.correct,
                c.wrong,
                c.offered,
                c.missed,
                c.unanswerable(),
                c.right_refusal,
                c.false_answer
            )
        };
        out.push_str(&header);
        for (name, counts) in self.grouped(|question| question.style.clone()) {
            out.push_str(&line(&name, &counts));
        }
        out.push('\n');
        for (name, counts) in self.grouped(|question| question.topic.clone()) {
            out.push_str(&line(&name, &counts));
        }
        let all = self.counts();
        out.push('\n');
        out.push_str(&line("all", &all));
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "correct {:.1} %, found {:.1} %, wrong {:.1} %, false answers {:.1} %",
            share(all.correct, all.answerable()),
            share(all.correct + all.offered, all.answerable()),
            share(all.wrong, all.answerable()),
            share(all.false_answer, all.unanswerable()),
        );
        let mut bad: Vec<_> = self
            .results
            .iter()
            .filter(|(_, _, v)| !matches!(v, Verdict::Correct | Verdict::RightRefusal))
            .collect();
        // A confident wrong answer is the worst mistake.
        let rank = |v: Verdict| match v {
            Verdict::FalseAnswer | Verdict::Wrong => 0,
            Verdict::Missed => 1,
            _ => 2,
        };
        bad.sort_by(|(_, a, av), (_, b, bv)| {
            rank(*av).cmp(&rank(*bv)).then(b.confidence.total_cmp(&a.confidence))
        });
        if !bad.is_empty() && mistakes > 0 {
            out.push_str("\nmistakes, worst first\n");
        }
        for (question, asked, verdict) in bad.into_iter().take(mistakes) {
            let _ = writeln!(
                out,
                "{verdict:?} {:.2} {} [{}] {:?} -> {}",
                asked.confidence,
                question.id,
                question.style,
                question.text,
                asked.entry.as_deref().unwrap_or("-")
            );
        }
        out
    }

    /// What falls below the floor; empty when all holds.
    pub fn below(&self, floor: &Floor) -> Vec<String> {
        let c = self.counts();
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let mut out = Vec::new();
        if self.results.len() < floor.questions {
            out.push(format!("{} questions, the floor asks for {}", self.results.len(), floor.questions));
        }
        let correct = share(c.correct, c.answerable());
        if correct < floor.correct {
            out.push(format!("correct {correct:.3} is below {:.3}", floor.correct));
        }
        let found = share(c.correct + c.offered, c.answerable());
        if found < floor.found {
            out.push(format!("found {found:.3} is below {:.3}", floor.found));
        }
        let wrong = share(c.wrong, c.answerable());
        if wrong > floor.wrong_at_most {
            out.push(format!("wrong {wrong:.3} is above {:.3}", floor.wrong_at_most));
        }
        let false_answers = share(c.false_answer, c.unanswerable());
        if false_answers > floor.false_answers_at_most {
            out.push(format!("false answers {false_answers:.3} is above {:.3}", floor.false_answers_at_most));
        }
        out
    }
}
