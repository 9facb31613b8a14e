//! What ranking looks at for one candidate, and the confidence it makes of it.

use std::sync::LazyLock;

/// Signals for one candidate passage, most between 0 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Features {
    /// Share of the question's content (by idf) that the best matching question form covers.
    pub forward: f32,
    /// Share of that form's content that the question covers.
    pub backward: f32,
    /// Harmonic mean of the two: high only when question and form say the same.
    pub harmony: f32,
    /// Share of the question's content that the passage covers anywhere.
    pub coverage: f32,
    /// Share of the question's weight in its heaviest content word that the passage lacks.
    pub missing: f32,
    /// Share of neighbouring words that stand next to each other in the form, too.
    pub order: f32,
    /// 1 same question type, 0 unknown, -1 another.
    pub question_type: f32,
    /// 1 agrees with an election or year named, 0 none named, -1 contradicts.
    pub election: f32,
    /// 1 agrees with a region named, 0 none named, -1 another region.
    pub region: f32,
    /// 1 if the rule has expired and the question does not ask for that election.
    pub expired: f32,
    /// BM25 relative to the best candidate.
    pub bm25: f32,
    /// BM25 per unit of question weight, for passages without question forms.
    pub density: f32,
    /// 1 if the question names an acronym (PPS, DPD, PSU …) that the passage never mentions.
    pub acronym: f32,
    /// Number of content words, up to six, as a share of six: one word says little.
    pub length: f32,
    /// Likeness of the question and the question form most like it, letter by letter (trigrams).
    pub likeness: f32,
    /// Likeness of question and passage by the company their words keep (latent semantic analysis).
    pub meaning: f32,
}

/// How many features there are.
pub const COUNT: usize = 16;
/// Their names, as in the weights file.
pub const NAMES: [&str; COUNT] = [
    "forward",
    "backward",
    "harmony",
    "coverage",
    "missing",
    "order",
    "question_type",
    "election",
    "region",
    "expired",
    "bm25",
    "density",
    "acronym",
    "length",
    "likeness",
    "meaning",
];

/// A logistic model over [`Features`]: the confidence is its probability.
///
/// The weights stand in `weights.toml`; `tanya-pemilu fit` makes them from labelled questions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    pub bias: f32,
    pub of: [f32; COUNT],
    /// For the first candidate: constant, weight of its score, weight of its lead over the second.
    pub top: [f32; 3],
}

/// Names of [`Weights::top`] in the weights file.
pub const TOP_NAMES: [&str; 3] = ["top_bias", "top_score", "top_lead"];
/// What common sense knows of a feature's weight before any question is seen: at least and at most. A label is a pattern
/// that a wrong answer may match by chance, so these keep the fit from unlearning that a contradicted year matters.
pub const BOUNDS: [(f32, f32); COUNT] = [
    (0.0, 9.0),
    (0.0, 9.0),
    (0.0, 9.0),
    (0.0, 9.0),
    (-9.0, 0.0),
    (0.0, 9.0),
    (0.2, 9.0),
    (1.0, 9.0),
    (0.6, 9.0),
    (-9.0, -0.3),
    (0.0, 9.0),
    (-9.0, 9.0),
    (-9.0, -0.4),
    (-9.0, 9.0),
    (0.0, 9.0),
    (0.0, 19.0),
];
/// A longer lead says no more.
pub const LONGEST_LEAD: f32 = 3.0;

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let file: toml::Table = include_str!("weights.toml").parse().unwrap_or_default();
    let number = |name: &str| file.get(name).and_then(toml::Value::as_float).unwrap_or_default() as f32;
    Weights { bias: number("bias"), of: NAMES.map(number), top: TOP_NAMES.map(number) }
});

impl Weights {
    /// The weights that the program ships with.
    pub fn shipped() -> Self {
        *WEIGHTS
    }

    /// Probability that the first candidate answers: one that leads clearly is right more often than its features
    /// alone tell.
    pub fn top_confidence(&self, score: f32, lead: f32) -> f32 {
        let odds = self.top[0] + self.top[1] * score + self.top[2] * lead.clamp(-LONGEST_LEAD, LONGEST_LEAD);
        1.0 / (1.0 + (-odds).exp())
    }
}

impl Features {
    pub fn values(&self) -> [f32; COUNT] {
        [
            self.forward,
            self.backward,
            self.harmony,
            self.coverage,
            self.missing,
            self.order,
            self.question_type,
            self.election,
            self.region,
            self.expired,
            self.bm25,
            self.density,
            self.acronym,
            self.length,
            self.likeness,
            self.meaning,
        ]
    }

    /// Log odds that this candidate answers the question; orders candidates.
    pub fn score(&self) -> f32 {
        let weights = &*WEIGHTS;
        weights.bias + self.values().iter().zip(weights.of).map(|(value, weight)| value * weight).sum::<f32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_file_names_every_feature() {
        let file: toml::Table = include_str!("weights.toml").parse().unwrap();
        for name in NAMES.iter().chain(&["bias"]).chain(&TOP_NAMES) {
            assert!(file.get(*name).is_some_and(toml::Value::is_float), "{name} is missing");
        }
    }
}
