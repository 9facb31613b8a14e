//! A run kept as JSON lines, and what changed since.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{Evaluation, Verdict};

/// One question of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedLine {
    pub id: String,
    pub verdict: Verdict,
    pub entry: Option<String>,
    pub confidence: f32,
}

impl Evaluation {
    /// The run in the shape that [`compare`] reads.
    pub fn saved(&self) -> Vec<SavedLine> {
        let line = |judged: &super::Judged| SavedLine {
            id: judged.question.id.clone(),
            verdict: judged.verdict,
            entry: judged.asked.entry.clone(),
            confidence: judged.asked.confidence,
        };
        self.results.iter().map(line).collect()
    }
}

/// What is better and what is worse than in an earlier run, question by question; worse first.
pub fn compare(evaluation: &Evaluation, earlier: &[SavedLine]) -> String {
    let before: HashMap<&str, &SavedLine> = earlier.iter().map(|line| (line.id.as_str(), line)).collect();
    let (mut better, mut worse, mut unknown) = (Vec::new(), Vec::new(), 0);
    for judged in &evaluation.results {
        match before.get(judged.question.id.as_str()) {
            None => unknown += 1,
            Some(old) if worth(judged.verdict) > worth(old.verdict) => better.push((judged, *old)),
            Some(old) if worth(judged.verdict) < worth(old.verdict) => worse.push((judged, *old)),
            Some(_) => {}
        }
    }
    let mut out =
        format!("\nsince the saved run: {} better, {} worse, {unknown} new\n", better.len(), worse.len());
    for (name, changed) in [("worse", worse), ("better", better)] {
        for (judged, old) in changed {
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "{name} {:?} -> {:?} {} [{}] {:?}: {} -> {}",
                old.verdict,
                judged.verdict,
                judged.question.id,
                judged.question.style,
                judged.question.text,
                old.entry.as_deref().unwrap_or("-"),
                judged.asked.entry.as_deref().unwrap_or("-"),
            );
        }
    }
    out
}

/// Order of the outcomes for a citizen, best highest.
fn worth(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Correct | Verdict::RightRefusal => 3,
        Verdict::Offered => 2,
        Verdict::Missed => 1,
        Verdict::Wrong | Verdict::FalseAnswer => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::report::tests::judged;

    #[test]
    fn better_and_worse_are_told_apart() {
        let before = Evaluation {
            results: vec![judged("a", "formal", Verdict::Wrong), judged("b", "formal", Verdict::Correct)],
        };
        let mut saved = before.saved();
        for line in &mut saved {
            let text = serde_json::to_string(line).unwrap();
            *line = serde_json::from_str(&text).unwrap();
        }
        let after = Evaluation {
            results: vec![judged("a", "formal", Verdict::Missed), judged("b", "formal", Verdict::Offered)],
        };
        let text = compare(&after, &saved);
        assert!(text.contains("1 better, 1 worse, 0 new"), "{text}");
        assert!(text.contains("worse Correct -> Offered"), "{text}");
    }
}
