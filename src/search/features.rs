//! What ranking looks at for one candidate, and the confidence it makes of it.

use std::sync::OnceLock;

/// Signals for one candidate passage, most between 0 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Features {
    /// Share of the best matching question form's content (by idf) that the question covers.
    pub backward: f32,
    /// Harmonic mean of that and the share of the question that the form covers: high only when both say the same.
    pub harmony: f32,
    /// Share of the question's content that the passage covers anywhere.
    pub coverage: f32,
    /// Share of the question's weight in its heaviest content word that the passage lacks.
    pub missing: f32,
    /// 1 same question type, 0 unknown, -1 another.
    pub question_type: f32,
    /// 1 agrees with an election or year named, 0 none named, -0.5 another kind of election.
    pub election: f32,
    /// 1 if it is about another year than the one named.
    pub other_year: f32,
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
    /// Likeness of the question and the question form most like it, letter by letter (trigrams).
    pub likeness: f32,
    /// Likeness of question and passage by the company their words keep (latent semantic analysis).
    pub meaning: f32,
    /// The same of the question and the question form that lies nearest to it.
    pub sense: f32,
    /// How likely the passage is among all, judged by the classifier that learned every question form: the logarithm, 0 to 1.
    pub posterior: f32,
    /// How likely no passage answers, judged by the same, on the same scale.
    pub not_for_us: f32,
    /// 1 if a question form says the same words in the same order.
    pub exact: f32,
    /// For a clarification: 1 if the question asks whether something heard is true, -1 if only its nearest form does.
    /// 0 for other kinds.
    pub claim: f32,
    /// 1 for a summary (release, guide, regulation), which says a little of everything.
    pub summary: f32,
    /// Share of neighbouring words of the question that stand next to each other in the body.
    pub phrase: f32,
    /// Share of the question's content (by idf) in the body's best window of words.
    pub window: f32,
    /// Share of the question's content in the body's first words, which say what it is about.
    pub opening: f32,
    /// For a question of meaning: how well what the body defines ("X adalah …") is what is asked about.
    pub definition: f32,
    /// For a question of number or date: 1 if the body holds one, else -1.
    pub answer_type: f32,
}

/// How many features there are.
pub const COUNT: usize = 25;
/// Their names, as in the weights file.
pub const NAMES: [&str; COUNT] = [
    "backward",
    "harmony",
    "coverage",
    "missing",
    "question_type",
    "election",
    "other_year",
    "region",
    "expired",
    "bm25",
    "density",
    "acronym",
    "likeness",
    "meaning",
    "sense",
    "posterior",
    "not_for_us",
    "exact",
    "claim",
    "summary",
    "phrase",
    "window",
    "opening",
    "definition",
    "answer_type",
];

/// The ranking model: one linear score for order, one logistic model for how sure the first candidate is.
///
/// The weights stand in `weights.toml`; `tanya-pemilu fit` makes them from labelled questions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Orders candidates: the sum of features times weights.
    pub order: [f32; COUNT],
    /// The same for a collection without question forms: plain paragraphs.
    pub plain: [f32; COUNT],
    /// Log odds that a candidate answers: constant, weight of its score, weight of its lead, weights of its features.
    pub sure: [f32; SURE],
    /// From this confidence on an answer is given at once.
    pub answer_at: f32,
    /// From this confidence on a candidate is worth offering as a choice.
    pub choice_at: f32,
}

/// Numbers in [`Weights::sure`].
pub const SURE: usize = COUNT + 3;
/// Names of the first of them in the weights file; the features follow.
pub const SURE_NAMES: [&str; 3] = ["constant", "score", "lead"];
/// What common sense knows of a feature's weight before any question is seen: at least and at most. A label is a pattern
/// that a wrong answer may match by chance, so these keep the fit from unlearning that a contradicted year matters.
pub const BOUNDS: [(f32, f32); COUNT] = [
    (0.0, 9.0),
    (0.0, 9.0),
    (0.0, 9.0),
    (-9.0, 0.0),
    (0.2, 9.0),
    (1.0, 9.0),
    (-9.0, -2.0),
    (0.6, 9.0),
    (-9.0, -0.3),
    (0.0, 9.0),
    (-9.0, 9.0),
    (-9.0, -0.4),
    (0.0, 9.0),
    (0.0, 19.0),
    (0.0, 19.0),
    (0.0, 29.0),
    (-29.0, 0.0),
    (2.0, 9.0),
    (0.0, 9.0),
    (-9.0, 0.0),
    (0.0, 9.0),
    (0.0, 9.0),
    (0.0, 9.0),
    (0.0, 9.0),
    (0.0, 9.0),
];
/// A longer lead says no more.
pub const LONGEST_LEAD: f32 = 3.0;

static WEIGHTS: OnceLock<Weights> = OnceLock::new();

impl Default for Weights {
    /// What ranking could do before anything was learned; never shipped, a test sees to it.
    fn default() -> Self {
        Weights {
            order: [1.0; COUNT],
            plain: [1.0; COUNT],
            sure: [0.0; SURE],
            answer_at: 1.0,
            choice_at: 0.5,
        }
    }
}

impl Weights {
    /// The weights in use: those that the program ships with, unless others were [tried](Self::try_out).
    pub fn in_use() -> &'static Self {
        WEIGHTS.get_or_init(|| Weights::read(include_str!("weights.toml")).unwrap_or_default())
    }

    /// Takes other weights for this run of the program; false once weights are in use.
    pub fn try_out(weights: Weights) -> bool {
        WEIGHTS.set(weights).is_ok()
    }

    /// Reads a weights file; none if a number is missing.
    pub fn read(text: &str) -> Option<Self> {
        let file: toml::Table = text.parse().ok()?;
        let number = |table: &str, name: &str| {
            file.get(table)?.as_table()?.get(name)?.as_float().map(|number| number as f32)
        };
        let mut weights = Weights::default();
        for (weight, name) in weights.order.iter_mut().zip(NAMES) {
            *weight = number("order", name)?;
        }
        for (weight, name) in weights.plain.iter_mut().zip(NAMES) {
            *weight = number("plain", name)?;
        }
        for (weight, name) in weights.sure.iter_mut().zip(SURE_NAMES.into_iter().chain(NAMES)) {
            *weight = number("sure", name)?;
        }
        weights.answer_at = number("thresholds", "answer_at")?;
        weights.choice_at = number("thresholds", "choice_at")?;
        Some(weights)
    }

    /// Probability that a candidate answers, given by how much its score leads the next one's (or, for others than the
    /// first, trails the first one's): one that leads clearly is right more often than its features alone tell.
    pub fn confidence(&self, features: &Features, lead: f32) -> f32 {
        let [constant, score, of_lead, of @ ..] = &self.sure;
        let values = features.values();
        let own: f32 = values.iter().zip(of).map(|(value, weight)| value * weight).sum();
        let lead = lead.clamp(-LONGEST_LEAD, LONGEST_LEAD);
        let odds = constant + score * linear(&values, &self.order) + of_lead * lead + own;
        1.0 / (1.0 + (-odds).exp())
    }

    /// What orders candidates of a collection, plain or with question forms.
    pub fn score(&self, features: &Features, plain: bool) -> f32 {
        linear(&features.values(), if plain { &self.plain } else { &self.order })
    }
}

fn linear(values: &[f32; COUNT], weights: &[f32; COUNT]) -> f32 {
    values.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

impl Features {
    pub fn values(&self) -> [f32; COUNT] {
        [
            self.backward,
            self.harmony,
            self.coverage,
            self.missing,
            self.question_type,
            self.election,
            self.other_year,
            self.region,
            self.expired,
            self.bm25,
            self.density,
            self.acronym,
            self.likeness,
            self.meaning,
            self.sense,
            self.posterior,
            self.not_for_us,
            self.exact,
            self.claim,
            self.summary,
            self.phrase,
            self.window,
            self.opening,
            self.definition,
            self.answer_type,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_file_is_whole() {
        assert!(Weights::read(include_str!("weights.toml")).is_some());
        assert!(Weights::read("[order]\nforward = 1.0").is_none());
    }
}
