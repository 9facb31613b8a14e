//! Sets the weights of ranking, and the thresholds, from labelled questions.
//!
//! Order is learned from two sources: the labelled questions, and every phrasing of the knowledge put to an index that
//! lacks it. What a first candidate is worth as a probability is then learned from the labelled questions alone, since
//! only they hold questions that have no answer. Nothing is taken from the weights in use but the choice of candidates,
//! so the same questions and knowledge give the same weights again.

use jiff::ZonedDateTime;
use jiff::civil::Date;

use crate::answer::{candidate_reply, plain, runner_up};
use crate::cross::each_left_out;
use crate::eval::passages::{self, Passage, PassageQuestion};
use crate::eval::{Evaluation, Question, Style, rewrite, satisfies};
use crate::language::LONG_MESSAGE;
use crate::library::{Library, Parts};
use crate::search::{
    FEATURE_BOUNDS, FEATURE_COUNT, FEATURE_NAMES, LONGEST_LEAD, Place, Query, SURE, SURE_NAMES, Weights,
};

/// Candidates looked at per question.
const CANDIDATES: usize = 16;
/// A labelled question counts as much as so many phrasings.
const LABELLED: f64 = 3.0;
/// Strength of the pull towards the start, zero for most weights (a Gaussian prior), in questions.
const PRIOR: f64 = 1.0;
/// The same for plain paragraphs, towards the order of answers.
const PLAIN_PRIOR: f64 = 20.0;
/// Other rewritings than those that are measured.
const PLAIN_SEED: u64 = 5;
const STEPS: usize = 1_500;
const RATE: f64 = 0.2;
/// Features that tell candidates apart, and nothing of whether the first one answers.
const ORDERS_ONLY: [&str; 3] = ["bm25", "claim", "summary"];
/// Features of running text: they find the right paragraph where there are no question forms. Measured beside those,
/// they made answers worse (more false answers), so they have no part in them.
const PARAGRAPHS_ONLY: [&str; 5] = ["phrase", "window", "opening", "definition", "answer_type"];

/// What an outcome costs a citizen. To go without an answer that exists costs one; a wrong answer, or an answer where there
/// is none, twice that. A choice that holds the right answer still costs more than half: on a small phone many do not tap.
const MISSED: f64 = 1.0;
const WRONG: f64 = 2.0;
const OFFERED: f64 = 0.6;
const OFFERED_IN_VAIN: f64 = 1.0;
/// Choices for a question that has no answer: a detour, not a falsehood.
const OFFERED_FOR_NOTHING: f64 = 0.1;

/// Thresholds whose cost is within this share of the least are as good.
const AS_GOOD: f64 = 1.01;

/// Features of a candidate, and whether it is right.
type Row = ([f64; FEATURE_COUNT], bool);

/// One question's candidates, and what the question counts.
struct Asked {
    rows: Vec<Row>,
    weight: f64,
}

/// New weights and what they were made from.
pub struct Fitted {
    pub weights: Weights,
    pub labelled: usize,
    pub phrasings: usize,
    /// Share of the labelled questions with a right candidate that put it first, before and after.
    pub first_before: f64,
    pub first_after: f64,
}

/// Fits on the questions that stand alone (no context), leaving the features `without` at zero. Errors name a pattern that
/// does not compile.
pub fn fit(
    parts: &Parts,
    questions: &[Question],
    now: &ZonedDateTime,
    without: &[String],
) -> Result<Fitted, String> {
    let library = Library::build(parts.clone());
    let mut asked: Vec<Asked> = Vec::new();
    // Longer messages are looked at sentence by sentence; their features are not those of a question.
    for question in questions.iter().filter(|q| {
        q.context.is_none() && q.kind.is_none() && q.text.split_whitespace().count() <= LONG_MESSAGE
    }) {
        let query = Query::new(&library.index, &question.text, now.date());
        let mut rows = Vec::new();
        for hit in library.index.search(&query, CANDIDATES) {
            let shown = runner_up(&library, &library.id_at(hit.place), now)
                .and_then(|candidate| candidate_reply(&library, &candidate, now.date()));
            let text = shown.map(|shown| plain(&shown.reply)).unwrap_or_default();
            let right = question.answerable && satisfies(question, &text)?;
            rows.push((hit.features.values().map(f64::from), right));
        }
        asked.push(Asked { rows, weight: LABELLED });
    }
    let labelled = asked.len();
    each_left_out(parts, |library, _, entry, phrasing| {
        let query = Query::new(&library.index, phrasing, now.date());
        let rows = library
            .index
            .search(&query, CANDIDATES)
            .into_iter()
            .map(|hit| (hit.features.values().map(f64::from), library.id_at(hit.place) == entry.id));
        asked.push(Asked { rows: rows.collect(), weight: 1.0 });
    });
    let shipped = Weights::in_use();
    let bounds: [(f64, f64); FEATURE_COUNT] = std::array::from_fn(|place| {
        let (least, most) = FEATURE_BOUNDS[place];
        let name = FEATURE_NAMES[place];
        let left_out = PARAGRAPHS_ONLY.contains(&name) || without.iter().any(|without| without == name);
        if left_out { (0.0, 0.0) } else { (f64::from(least), f64::from(most)) }
    });
    let total: f64 = asked.iter().map(|asked| asked.weight).sum();
    let order =
        descend([0.0; FEATURE_COUNT], PRIOR, [1.0; FEATURE_COUNT], bounds, total, |weights, slope| {
            for asked in &asked {
                listwise(asked, weights, slope);
            }
        });
    let firsts = firsts(&asked[..labelled], &order);
    let mut start = [0.0; SURE];
    start[1] = 0.3;
    start[2] = 0.5;
    // A sign of fitness never makes an answer less sure, nor a sign against it more.
    let mut signs = [(f64::MIN, f64::MAX); SURE];
    signs[1..3].fill((0.0, f64::MAX));
    for ((sign, (least, most)), name) in signs[3..].iter_mut().zip(bounds).zip(FEATURE_NAMES) {
        let orders_only = ORDERS_ONLY.contains(&name);
        *sign = if orders_only { (0.0, 0.0) } else { (least.min(0.0), most.max(0.0)) };
    }
    let mut sizes = [0.0; SURE];
    for (values, _) in &firsts {
        for (size, value) in sizes.iter_mut().zip(values) {
            *size += value * value / firsts.len() as f64;
        }
    }
    let sure = descend(start, PRIOR, sizes.map(f64::sqrt), signs, firsts.len() as f64, |weights, slope| {
        for (values, right) in &firsts {
            let odds: f64 = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
            let error = 1.0 / (1.0 + (-odds).exp()) - f64::from(u8::from(*right));
            for (slope, value) in slope.iter_mut().zip(values) {
                *slope += error * value;
            }
        }
    });
    Ok(Fitted {
        first_before: first_share(&asked[..labelled], &shipped.order.map(f64::from)),
        first_after: first_share(&asked[..labelled], &order),
        phrasings: asked.len() - labelled,
        labelled,
        weights: Weights {
            order: order.map(|weight| weight as f32),
            plain: shipped.plain,
            sure: sure.map(|weight| weight as f32),
            answer_at: shipped.answer_at,
            choice_at: shipped.choice_at,
        },
    })
}

/// Order for plain paragraphs, from questions whose paragraph is known, each asked in every style; all else stays.
pub fn fit_plain(passages: &[Passage], questions: &[PassageQuestion], today: Date) -> Weights {
    let library = passages::library(passages);
    let mut asked = Vec::new();
    for question in questions {
        for style in Style::ALL {
            let query = Query::new(&library.index, &rewrite(&question.text, style, PLAIN_SEED), today);
            let rows = library.index.search(&query, CANDIDATES).into_iter().map(|hit| {
                let own = matches!(hit.place, Place::Entry { document, .. } if library.documents[document].id == question.doc);
                (hit.features.values().map(f64::from), own)
            });
            asked.push(Asked { rows: rows.collect(), weight: 1.0 });
        }
    }
    // Drawn towards the order of answers, since a few hundred paragraphs of our own are a small world.
    let start = Weights::in_use().order.map(f64::from);
    let bounds: [(f64, f64); FEATURE_COUNT] = std::array::from_fn(|place| match FEATURE_NAMES[place] {
        // In a large collection sixty-four dimensions tell subjects apart, not paragraphs.
        "meaning" | "sense" => (0.0, 1.0),
        _ => (f64::from(FEATURE_BOUNDS[place].0), f64::from(FEATURE_BOUNDS[place].1)),
    });
    let sizes = [1.0; FEATURE_COUNT];
    let order = descend(start, PLAIN_PRIOR, sizes, bounds, asked.len() as f64, |weights, slope| {
        for asked in &asked {
            listwise(asked, weights, slope);
        }
    });
    Weights { plain: order.map(|weight| weight as f32), ..*Weights::in_use() }
}

/// The thresholds that cost the citizens least on an evaluated set, the weights staying as they are.
pub fn thresholds(evaluation: &Evaluation) -> Weights {
    let steps = || (1..20).map(|step| step as f32 * 0.05);
    let mut tried: Vec<(f64, f32, f32)> = Vec::new();
    for answer_at in steps() {
        for choice_at in steps().filter(|choice_at| *choice_at <= answer_at) {
            let cost: f64 = evaluation
                .results
                .iter()
                .filter(|judged| !judged.candidates.is_empty())
                .map(|judged| {
                    let first = judged.candidates[0];
                    let mut offered =
                        judged.candidates.iter().filter(|c| c.confidence >= choice_at).peekable();
                    match judged.question.answerable {
                        _ if first.confidence >= answer_at => {
                            if first.right {
                                0.0
                            } else {
                                WRONG
                            }
                        }
                        true if offered.peek().is_none() => MISSED,
                        true if offered.any(|candidate| candidate.holds) => OFFERED,
                        true => OFFERED_IN_VAIN,
                        false if offered.peek().is_none() => 0.0,
                        false => OFFERED_FOR_NOTHING,
                    }
                })
                .sum();
            tried.push((cost, answer_at, choice_at));
        }
    }
    // Costs lie flat around the least: of those that cost as good as the same, the one that answers most, then offers most.
    let least = tried.iter().map(|(cost, ..)| *cost).fold(f64::MAX, f64::min);
    let as_good = tried.into_iter().filter(|(cost, ..)| *cost <= least * AS_GOOD);
    let chosen = as_good.min_by(|one, other| one.1.total_cmp(&other.1).then(one.2.total_cmp(&other.2)));
    let in_use = Weights::in_use();
    chosen.map_or(*in_use, |(_, answer_at, choice_at)| Weights { answer_at, choice_at, ..*in_use })
}

/// What the confidence of each question's first candidate is made of under the new order, and whether it is right.
fn firsts(asked: &[Asked], order: &[f64; FEATURE_COUNT]) -> Vec<([f64; SURE], bool)> {
    let rows = asked.iter().filter_map(|asked| {
        let mut scored: Vec<(f64, &Row)> = asked.rows.iter().map(|row| (score(&row.0, order), row)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (score, (features, right)) = *scored.first()?;
        let longest = f64::from(LONGEST_LEAD);
        let lead = scored.get(1).map_or(longest, |second| (score - second.0).min(longest));
        let mut values = [1.0; SURE];
        values[1] = score;
        values[2] = lead;
        values[3..].copy_from_slice(features);
        Some((values, *right))
    });
    rows.collect()
}

fn first_share(asked: &[Asked], order: &[f64; FEATURE_COUNT]) -> f64 {
    let with_right: Vec<&Asked> = asked.iter().filter(|asked| asked.rows.iter().any(|row| row.1)).collect();
    let first = with_right.iter().filter(|asked| {
        asked
            .rows
            .iter()
            .max_by(|a, b| score(&a.0, order).total_cmp(&score(&b.0, order)))
            .is_some_and(|row| row.1)
    });
    first.count() as f64 / with_right.len().max(1) as f64
}

fn score(values: &[f64; FEATURE_COUNT], order: &[f64; FEATURE_COUNT]) -> f64 {
    values.iter().zip(order).map(|(value, weight)| value * weight).sum()
}

/// Slope of the loss of ranking (ListNet's top-one, Cao et al. 2007): how much of the softmax lies on right candidates.
/// Questions whose candidates are all right or all wrong say nothing about order.
fn listwise(asked: &Asked, order: &[f64; FEATURE_COUNT], slope: &mut [f64; FEATURE_COUNT]) {
    let right = asked.rows.iter().filter(|(_, right)| *right).count();
    if right == 0 || right == asked.rows.len() {
        return;
    }
    let scores: Vec<f64> = asked.rows.iter().map(|(values, _)| score(values, order)).collect();
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let share: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
    let all: f64 = share.iter().sum();
    let of_right: f64 = share
        .iter()
        .zip(&asked.rows)
        .filter(|(_, row)| row.1)
        .map(|(share, _)| share)
        .sum::<f64>()
        .max(1e-12);
    for (share, (values, right)) in share.iter().zip(&asked.rows) {
        let pull = share / all - if *right { share / of_right } else { 0.0 };
        for (slope, value) in slope.iter_mut().zip(values) {
            *slope += asked.weight * pull * value;
        }
    }
}

/// Gradient descent with momentum within bounds, drawn towards its start by `prior`; deterministic. `sizes` are the usual sizes of the values that the weights
/// are multiplied with, `count` is what the slope sums over.
fn descend<const M: usize>(
    start: [f64; M],
    prior: f64,
    sizes: [f64; M],
    bounds: [(f64, f64); M],
    count: f64,
    add_slope: impl Fn(&[f64; M], &mut [f64; M]),
) -> [f64; M] {
    let mut weights = start;
    let mut speed = [0.0; M];
    for _ in 0..STEPS {
        let mut slope = [0.0; M];
        add_slope(&weights, &mut slope);
        for place in 0..M {
            let size = sizes[place].max(0.1);
            let pull = prior * (weights[place] - start[place]);
            speed[place] = 0.9 * speed[place] - RATE * (slope[place] + pull) / (count.max(1.0) * size * size);
            weights[place] = (weights[place] + speed[place]).clamp(bounds[place].0, bounds[place].1);
        }
    }
    weights
}

/// The weights file; `made_by` says how, in lines.
pub fn file(weights: &Weights, made_by: &str) -> String {
    let mut out = String::from("# The ranking model; features.rs says what each feature is.\n");
    for line in made_by.lines() {
        out.push_str(&format!("# {line}\n"));
    }
    out.push_str("\n# Orders candidates.\n[order]\n");
    for (name, weight) in FEATURE_NAMES.iter().zip(weights.order) {
        out.push_str(&format!("{name} = {weight:.3}\n"));
    }
    out.push_str("\n# Orders plain paragraphs, which have no question forms.\n[plain]\n");
    for (name, weight) in FEATURE_NAMES.iter().zip(weights.plain) {
        out.push_str(&format!("{name} = {weight:.3}\n"));
    }
    out.push_str("\n# Log odds that a candidate answers.\n[sure]\n");
    for (name, weight) in SURE_NAMES.iter().chain(&FEATURE_NAMES).zip(weights.sure) {
        out.push_str(&format!("{name} = {weight:.3}\n"));
    }
    out.push_str(&format!(
        "\n[thresholds]\nanswer_at = {:.2}\nchoice_at = {:.2}\n",
        weights.answer_at, weights.choice_at
    ));
    out
}
