//! What ranking looks at for one candidate, and the confidence it makes of it.

/// Signals for one candidate passage, most between 0 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Features {
    /// Share of the question's content (by idf) that the best matching question form covers.
    pub forward: f32,
    /// Share of that form's content that the question covers.
    pub backward: f32,
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
}

/// Weights of a logistic model over [`Features`]: the confidence is its probability.
const BIAS: f32 = -7.6;
const WEIGHTS: [f32; 11] = [4.2, 2.6, 3.2, -2.2, 0.9, 0.45, 1.6, 0.8, -0.5, 0.9, 0.35];

impl Features {
    fn values(&self) -> [f32; 11] {
        [
            self.forward,
            self.backward,
            self.coverage,
            self.missing,
            self.order,
            self.question_type,
            self.election,
            self.region,
            self.expired,
            self.bm25,
            self.density,
        ]
    }

    /// Log odds that this candidate answers the question; orders candidates.
    pub fn score(&self) -> f32 {
        BIAS + self.values().iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum::<f32>()
    }

    /// Probability that this candidate answers the question.
    pub fn confidence(&self) -> f32 {
        1.0 / (1.0 + (-self.score()).exp())
    }
}
