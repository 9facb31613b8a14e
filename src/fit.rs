//! Sets the weights of ranking from labelled questions.
//!
//! Learns the order of each question's candidates, then what a score is worth as a probability. A candidate is right when
//! its text holds what the question expects and nothing it forbids. The weights are drawn towards those in use (a Gaussian prior), so that a
//! small set of questions cannot turn them around.

use jiff::ZonedDateTime;

use crate::answer::{candidate_reply, plain, runner_up};
use crate::eval::{Question, satisfies};
use crate::library::Library;
use crate::search::{FEATURE_BOUNDS, FEATURE_COUNT, FEATURE_NAMES, LONGEST_LEAD, Query, TOP_NAMES, Weights};

/// Candidates looked at per question.
const CANDIDATES: usize = 8;
/// Strength of the pull towards the weights in use.
const PRIOR: f64 = 2.0;
const STEPS: usize = 3_000;
const RATE: f64 = 0.02;

/// New weights, and how well old and new explain the labels (mean log loss; lower is better).
pub struct Fitted {
    pub weights: Weights,
    pub rows: usize,
    pub loss_before: f64,
    pub loss_after: f64,
}

/// Fits on the questions that stand alone (no context). Errors name a pattern that does not compile.
pub fn fit(library: &Library, questions: &[Question], now: &ZonedDateTime) -> Result<Fitted, String> {
    let mut rows: Vec<([f64; FEATURE_COUNT], f64)> = Vec::new();
    let mut asked: Vec<Vec<([f64; FEATURE_COUNT], f64)>> = Vec::new();
    for question in questions
        .iter()
        .filter(|q| q.context.is_none() && q.kind.is_none() && q.text.split_whitespace().count() <= 14)
    {
        let query = Query::new(&library.index, &question.text, now.date());
        let mut of_question = Vec::new();
        for hit in library.index.search(&query, CANDIDATES) {
            let id = &library.documents[hit.document].entries[hit.entry].id;
            let shown = runner_up(library, id, now)
                .and_then(|candidate| candidate_reply(library, &candidate, now.date()));
            let text = shown.map(|shown| plain(&shown.reply)).unwrap_or_default();
            let right = question.answerable && satisfies(question, &text)?;
            of_question.push((hit.features.values().map(f64::from), f64::from(u8::from(right))));
        }
        rows.extend(&of_question);
        asked.push(of_question);
    }
    let shipped = Weights::shipped();
    let mut start = [0.0; FEATURE_COUNT + 1];
    start[0] = f64::from(shipped.bias);
    for (place, weight) in shipped.of.iter().enumerate() {
        start[place + 1] = f64::from(*weight);
    }
    let mut bounds = [(f64::MIN, f64::MAX); FEATURE_COUNT + 1];
    for (place, (least, most)) in FEATURE_BOUNDS.iter().enumerate() {
        bounds[place + 1] = (f64::from(*least), f64::from(*most));
    }
    // First the order among a question's candidates, then the constant, then what the first candidate's score and its
    // lead over the second mean as a probability.
    let order = descend(start, PRIOR, bounds, asked.len(), |weights, slope| listwise(&asked, weights, slope));
    let end = descend(order, 0.0, [(f64::MIN, f64::MAX); FEATURE_COUNT + 1], rows.len(), |weights, slope| {
        slope[0] = rows.iter().map(|(values, label)| probability(values, weights) - label).sum();
    });
    let first = logistic_fit(&firsts(&asked, &end), [0.0, 1.0, 0.5]);
    let mut of = [0.0_f32; FEATURE_COUNT];
    for (place, weight) in of.iter_mut().enumerate() {
        *weight = end[place + 1] as f32;
    }
    Ok(Fitted {
        weights: Weights { bias: end[0] as f32, of, top: first.map(|weight| weight as f32) },
        rows: rows.len(),
        loss_before: loss(&rows, &start),
        loss_after: loss(&rows, &end),
    })
}

/// Score and lead of each question's first candidate under the new weights, and whether it is right.
fn firsts(
    asked: &[Vec<([f64; FEATURE_COUNT], f64)>],
    weights: &[f64; FEATURE_COUNT + 1],
) -> Vec<([f64; 2], f64)> {
    asked
        .iter()
        .filter_map(|candidates| {
            let mut scored: Vec<(f64, f64)> =
                candidates.iter().map(|(values, label)| (log_odds(values, weights), *label)).collect();
            scored.sort_by(|a, b| b.0.total_cmp(&a.0));
            let (score, right) = *scored.first()?;
            let longest = f64::from(LONGEST_LEAD);
            let lead = scored.get(1).map_or(longest, |second| (score - second.0).min(longest));
            Some(([score, lead], right))
        })
        .collect()
}

fn log_odds<const N: usize, const M: usize>(values: &[f64; N], weights: &[f64; M]) -> f64 {
    weights[0] + values.iter().zip(&weights[1..]).map(|(value, weight)| value * weight).sum::<f64>()
}

fn probability<const N: usize, const M: usize>(values: &[f64; N], weights: &[f64; M]) -> f64 {
    1.0 / (1.0 + (-log_odds(values, weights)).exp())
}

fn loss(rows: &[([f64; FEATURE_COUNT], f64)], weights: &[f64; FEATURE_COUNT + 1]) -> f64 {
    let total: f64 = rows
        .iter()
        .map(|(values, label)| {
            let p = probability(values, weights).clamp(1e-9, 1.0 - 1e-9);
            -(label * p.ln() + (1.0 - label) * (1.0 - p).ln())
        })
        .sum();
    total / rows.len().max(1) as f64
}

/// Slope of the loss of ranking (ListNet's top-one, Cao et al. 2007): how much of the softmax lies on right candidates.
/// Questions whose candidates are all right or all wrong say nothing about order.
fn listwise<const M: usize>(
    asked: &[Vec<([f64; FEATURE_COUNT], f64)>],
    weights: &[f64; M],
    slope: &mut [f64; M],
) {
    for candidates in asked {
        let right = candidates.iter().filter(|(_, label)| *label > 0.5).count();
        if right == 0 || right == candidates.len() {
            continue;
        }
        let odds: Vec<f64> = candidates.iter().map(|(values, _)| log_odds(values, weights)).collect();
        let most = odds.iter().copied().fold(f64::MIN, f64::max);
        let share: Vec<f64> = odds.iter().map(|odds| (odds - most).exp()).collect();
        let all: f64 = share.iter().sum();
        let of_right: f64 =
            share.iter().zip(candidates).map(|(share, (_, label))| share * label).sum::<f64>().max(1e-12);
        for (share, (values, label)) in share.iter().zip(candidates) {
            let pull = share / all - share * label / of_right;
            for (place, value) in values.iter().enumerate() {
                slope[place + 1] += pull * value;
            }
        }
    }
}

fn logistic_fit<const N: usize, const M: usize>(rows: &[([f64; N], f64)], start: [f64; M]) -> [f64; M] {
    descend(start, 0.0, [(f64::MIN, f64::MAX); M], rows.len(), |weights, slope| {
        for (values, label) in rows {
            let error = probability(values, weights) - label;
            slope[0] += error;
            for (place, value) in values.iter().enumerate() {
                slope[place + 1] += error * value;
            }
        }
    })
}

/// Gradient descent with momentum within bounds; deterministic. `count` is the number of examples the slope sums over.
fn descend<const M: usize>(
    start: [f64; M],
    prior: f64,
    bounds: [(f64, f64); M],
    count: usize,
    add_slope: impl Fn(&[f64; M], &mut [f64; M]),
) -> [f64; M] {
    let mut weights = start;
    let mut speed = [0.0; M];
    for _ in 0..STEPS {
        let mut slope = [0.0; M];
        add_slope(&weights, &mut slope);
        for place in 0..M {
            let pull = if place == 0 { 0.0 } else { prior * (weights[place] - start[place]) };
            speed[place] = 0.9 * speed[place] - RATE * (slope[place] + pull) / count.max(1) as f64 * 10.0;
            weights[place] = (weights[place] + speed[place]).clamp(bounds[place].0, bounds[place].1);
        }
    }
    weights
}

/// The weights file, with what it was made from.
pub fn file(fitted: &Fitted, made_from: &str) -> String {
    let mut out = format!(
        "# Weights of the ranking model (logistic; features explained in features.rs).\n# Made by `tanya-pemilu fit {made_from}`\n\
         # {} candidates; mean log loss {:.4} before, {:.4} after.\nbias = {:.3}\n",
        fitted.rows, fitted.loss_before, fitted.loss_after, fitted.weights.bias
    );
    for (name, weight) in FEATURE_NAMES.iter().zip(fitted.weights.of) {
        out.push_str(&format!("{name} = {weight:.3}\n"));
    }
    for (name, weight) in TOP_NAMES.iter().zip(fitted.weights.top) {
        out.push_str(&format!("{name} = {weight:.3}\n"));
    }
    out
}
