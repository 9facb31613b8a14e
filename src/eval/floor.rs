//! What must hold: the least number of questions and the worst figures that CI lets pass.

use serde::Deserialize;

use super::Evaluation;
use super::statistics::{Shares, reliability};

/// Shares between 0 and 1 of the answerable or the unanswerable, and least numbers of questions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    #[serde(default)]
    pub questions: usize,
    /// How many of them cannot be answered.
    #[serde(default)]
    pub unanswerable: usize,
    #[serde(default)]
    pub correct: f64,
    /// Correct or among the choices.
    #[serde(default)]
    pub found: f64,
    #[serde(default = "one")]
    pub wrong_at_most: f64,
    #[serde(default = "one")]
    pub false_answers_at_most: f64,
    /// Expected calibration error.
    #[serde(default = "one")]
    pub calibration_error_at_most: f64,
}

fn one() -> f64 {
    1.0
}

impl Evaluation {
    /// What falls below the floor; empty when all holds.
    pub fn below(&self, floor: &Floor) -> Vec<String> {
        let counts = self.counts();
        let shares = Shares::from(counts);
        let least = [
            ("questions", self.results.len() as f64, floor.questions as f64),
            ("unanswerable", counts.unanswerable() as f64, floor.unanswerable as f64),
            ("correct", shares.correct, floor.correct),
            ("found", shares.found, floor.found),
        ];
        let most = [
            ("wrong", shares.wrong, floor.wrong_at_most),
            ("false answers", shares.false_answers, floor.false_answers_at_most),
            ("calibration error", reliability(&self.results).1, floor.calibration_error_at_most),
        ];
        let below = least
            .into_iter()
            .filter(|(_, is, least)| is < least)
            .map(|(name, is, least)| format!("{name} {is:.3} is below {least:.3}"));
        let above = most
            .into_iter()
            .filter(|(_, is, most)| is > most)
            .map(|(name, is, most)| format!("{name} {is:.3} is above {most:.3}"));
        below.chain(above).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Verdict;
    use crate::eval::report::tests::judged;

    #[test]
    fn each_line_of_the_floor_can_fail() {
        let results = vec![judged("a", "formal", Verdict::Wrong), judged("b", "formal", Verdict::Correct)];
        let evaluation = Evaluation { results };
        let check = |floor: &str, expected: usize| {
            let floor: Floor = toml::from_str(floor).unwrap();
            assert_eq!(evaluation.below(&floor).len(), expected, "{:?}", evaluation.below(&floor));
        };
        check("questions = 2\ncorrect = 0.5\nwrong_at_most = 0.5", 0);
        check("questions = 3", 1);
        check("unanswerable = 1\ncorrect = 0.6\nfound = 0.6\nwrong_at_most = 0.4", 4);
    }
}
