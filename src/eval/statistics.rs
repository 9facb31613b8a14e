//! How sure a figure is, and whether confidence means what it says.

use std::collections::BTreeMap;

use super::{Counts, Judged, Verdict};
use crate::random::Random;

/// Resamples of the bootstrap.
const RESAMPLES: usize = 1_000;
/// Any fixed number: the same questions always give the same interval.
const SEED: u64 = 0x7a6e_7961;

/// The four figures that are reached for, as shares between 0 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Shares {
    pub correct: f64,
    pub found: f64,
    pub wrong: f64,
    pub false_answers: f64,
}

impl From<Counts> for Shares {
    fn from(c: Counts) -> Self {
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        Shares {
            correct: share(c.correct, c.answerable()),
            found: share(c.correct + c.offered, c.answerable()),
            wrong: share(c.wrong, c.answerable()),
            false_answers: share(c.false_answer, c.unanswerable()),
        }
    }
}

impl Shares {
    fn list(self) -> [f64; 4] {
        [self.correct, self.found, self.wrong, self.false_answers]
    }
}

/// 95 % intervals of the four shares by the percentile bootstrap (Efron 1979). Whole intents are drawn, not single
/// questions: five styles of one intent rise and fall together.
pub fn intervals(results: &[Judged]) -> [(f64, f64); 4] {
    let mut clusters: BTreeMap<(bool, &str), Counts> = BTreeMap::new();
    for judged in results {
        let question = &judged.question;
        // A question that cannot be answered shares its intent's name ("other") with unrelated ones.
        let name =
            if question.answerable && !question.intent.is_empty() { &question.intent } else { &question.id };
        clusters.entry((question.answerable, name)).or_default().add(judged.verdict);
    }
    let clusters: Vec<Counts> = clusters.into_values().collect();
    let mut random = Random::new(SEED);
    let mut drawn: [Vec<f64>; 4] = Default::default();
    for _ in 0..RESAMPLES {
        let mut counts = Counts::default();
        for _ in 0..clusters.len() {
            counts.merge(&clusters[random.below(clusters.len())]);
        }
        for (values, share) in drawn.iter_mut().zip(Shares::from(counts).list()) {
            values.push(share);
        }
    }
    drawn.map(|mut values| {
        values.sort_by(f64::total_cmp);
        (values[RESAMPLES * 25 / 1000], values[RESAMPLES * 975 / 1000])
    })
}

/// A tenth of the scale of confidence.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    pub questions: usize,
    /// Mean confidence, and the share that was right.
    pub confidence: f64,
    pub right: f64,
}

/// The first candidate's confidence against how often it was right, in ten bins, and the expected calibration error
/// (Naeini et al. 2015): the mean gap, weighted by questions.
pub fn reliability(results: &[Judged]) -> ([Bin; 10], f64) {
    let mut bins = [Bin::default(); 10];
    for first in results.iter().filter_map(|judged| judged.candidates.first()) {
        let confidence = f64::from(first.confidence);
        let bin = &mut bins[((confidence * 10.0) as usize).min(9)];
        bin.questions += 1;
        bin.confidence += confidence;
        bin.right += f64::from(u8::from(first.right));
    }
    let all: usize = bins.iter().map(|bin| bin.questions).sum();
    let mut error = 0.0;
    for bin in bins.iter_mut().filter(|bin| bin.questions > 0) {
        bin.confidence /= bin.questions as f64;
        bin.right /= bin.questions as f64;
        error += (bin.confidence - bin.right).abs() * bin.questions as f64 / all as f64;
    }
    (bins, error)
}

/// Correct answers of a style on the intents that were asked formally too, and the formal ones beside them:
/// (style, questions, share in this style, share in formal style).
pub fn style_losses(results: &[Judged]) -> Vec<(String, usize, f64, f64)> {
    let mut of_intent: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for judged in results.iter().filter(|judged| judged.question.answerable) {
        let question = &judged.question;
        let count = of_intent.entry((&question.style, &question.intent)).or_default();
        count.0 += 1;
        count.1 += usize::from(judged.verdict == Verdict::Correct);
    }
    let mut styles: BTreeMap<&str, (usize, f64, f64)> = BTreeMap::new();
    for ((style, intent), (asked, correct)) in &of_intent {
        let Some((formal_asked, formal_correct)) = of_intent.get(&("formal", *intent)) else { continue };
        let sums = styles.entry(style).or_default();
        sums.0 += asked;
        sums.1 += *correct as f64;
        sums.2 += *formal_correct as f64 / *formal_asked as f64 * *asked as f64;
    }
    styles
        .into_iter()
        .map(|(style, (asked, own, formal))| {
            (style.to_owned(), asked, own / asked as f64, formal / asked as f64)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Weighed;
    use crate::eval::report::tests::judged;

    #[test]
    fn an_interval_holds_the_share_and_narrows_with_more_intents() {
        let results = |count: usize| -> Vec<Judged> {
            (0..count)
                .map(|n| {
                    judged(
                        &format!("i{n}"),
                        "formal",
                        if n % 4 == 0 { Verdict::Wrong } else { Verdict::Correct },
                    )
                })
                .collect()
        };
        let width = |count| {
            let (low, high) = intervals(&results(count))[0];
            assert!(low <= 0.75 && 0.75 <= high, "{low} {high}");
            high - low
        };
        assert!(width(400) < width(40));
    }

    #[test]
    fn confidence_that_is_always_true_has_no_error() {
        let mut results = Vec::new();
        for n in 0..10 {
            let mut one = judged(&format!("i{n}"), "formal", Verdict::Correct);
            one.candidates = vec![Weighed { confidence: 0.75, right: n < 7, holds: n < 7 }];
            results.push(one);
        }
        let (bins, error) = reliability(&results);
        assert_eq!(bins[7].questions, 10);
        assert!((bins[7].right - 0.7).abs() < 1e-9);
        assert!((error - 0.05).abs() < 1e-6);
    }

    #[test]
    fn a_style_is_set_against_the_same_intents_in_formal_style() {
        let results = [
            judged("a", "formal", Verdict::Correct),
            judged("b", "formal", Verdict::Wrong),
            judged("a", "slang", Verdict::Missed),
            judged("c", "slang", Verdict::Correct),
        ];
        let losses = style_losses(&results);
        assert_eq!(losses[1], ("slang".to_owned(), 1, 0.0, 1.0));
    }
}
