//! The score tables and the mistakes, as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::statistics::{Shares, intervals, reliability, style_losses};
use super::{Evaluation, Judged, Question, Verdict};

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
    pub(super) fn add(&mut self, verdict: Verdict) {
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

    pub(super) fn merge(&mut self, other: &Counts) {
        self.correct += other.correct;
        self.wrong += other.wrong;
        self.offered += other.offered;
        self.missed += other.missed;
        self.right_refusal += other.right_refusal;
        self.false_answer += other.false_answer;
    }

    pub fn answerable(&self) -> usize {
        self.correct + self.wrong + self.offered + self.missed
    }

    pub fn unanswerable(&self) -> usize {
        self.right_refusal + self.false_answer
    }
}

impl Evaluation {
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for judged in &self.results {
            counts.add(judged.verdict);
        }
        counts
    }

    fn grouped(&self, key: impl Fn(&Question) -> &str) -> BTreeMap<&str, Counts> {
        let mut groups: BTreeMap<&str, Counts> = BTreeMap::new();
        for judged in &self.results {
            groups.entry(key(&judged.question)).or_default().add(judged.verdict);
        }
        groups
    }

    /// Tables per style and topic, the figures with their 95 % intervals, losses by style, reliability, mistakes.
    pub fn report(&self, mistakes: usize) -> String {
        let mut out = format!(
            "{:<24} {:>5} {:>8} {:>6} {:>8} {:>7} | {:>5} {:>8} {:>6}\n",
            "", "n", "correct", "wrong", "offered", "missed", "n", "refused", "false"
        );
        for (name, counts) in self.grouped(|question| &question.style) {
            line(&mut out, name, &counts);
        }
        out.push('\n');
        for (name, counts) in self.grouped(|question| &question.topic) {
            line(&mut out, name, &counts);
        }
        out.push('\n');
        line(&mut out, "all", &self.counts());
        // Writing to a String cannot fail.
        let _ = self.figures(&mut out);
        let _ = self.mistakes(&mut out, mistakes);
        out
    }

    fn figures(&self, out: &mut String) -> std::fmt::Result {
        let shares = Shares::from(self.counts());
        let percent = |share: f64| 100.0 * share;
        writeln!(
            out,
            "\nstyle, against the same intents in formal style: n, correct there, correct formal, loss in points"
        )?;
        for (style, asked, own, formal) in style_losses(&self.results) {
            if style != "formal" {
                let loss = percent(formal - own);
                writeln!(
                    out,
                    "{style:<24} {asked:>5} {:>8.1} {:>8.1} {loss:>6.1}",
                    percent(own),
                    percent(formal)
                )?;
            }
        }
        let (bins, error) = reliability(&self.results);
        writeln!(out, "\nconfidence of the first candidate: from, n, mean, share right")?;
        for (number, bin) in bins.iter().enumerate() {
            let from = number as f64 / 10.0;
            writeln!(out, "{from:<24.1} {:>5} {:>8.3} {:>8.3}", bin.questions, bin.confidence, bin.right)?;
        }
        writeln!(out, "expected calibration error {error:.3}")?;
        writeln!(out, "\n95 % intervals by bootstrap over intents")?;
        let names = ["correct", "found", "wrong", "false answers"];
        for (name, (low, high)) in names.iter().zip(intervals(&self.results)) {
            writeln!(out, "{name:<24} {:>5.1} - {:.1} %", percent(low), percent(high))?;
        }
        writeln!(
            out,
            "correct {:.1} %, found {:.1} %, wrong {:.1} %, false answers {:.1} %",
            percent(shares.correct),
            percent(shares.found),
            percent(shares.wrong),
            percent(shares.false_answers),
        )
    }

    fn mistakes(&self, out: &mut String, most: usize) -> std::fmt::Result {
        let mut bad: Vec<&Judged> = self
            .results
            .iter()
            .filter(|judged| !matches!(judged.verdict, Verdict::Correct | Verdict::RightRefusal))
            .collect();
        // A confident wrong answer is the worst mistake.
        let rank = |verdict: Verdict| match verdict {
            Verdict::FalseAnswer | Verdict::Wrong => 0,
            Verdict::Missed => 1,
            _ => 2,
        };
        bad.sort_by(|a, b| {
            rank(a.verdict).cmp(&rank(b.verdict)).then(b.asked.confidence.total_cmp(&a.asked.confidence))
        });
        if !bad.is_empty() && most > 0 {
            writeln!(out, "\nmistakes, worst first")?;
        }
        for judged in bad.into_iter().take(most) {
            writeln!(
                out,
                "{:?} {:.2} {} [{}] {:?} -> {}",
                judged.verdict,
                judged.asked.confidence,
                judged.question.id,
                judged.question.style,
                judged.question.text,
                judged.asked.entry.as_deref().unwrap_or("-")
            )?;
        }
        Ok(())
    }
}

fn line(out: &mut String, name: &str, counts: &Counts) {
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{name:<24} {:>5} {:>8} {:>6} {:>8} {:>7} | {:>5} {:>8} {:>6}",
        counts.answerable(),
        counts.correct,
        counts.wrong,
        counts.offered,
        counts.missed,
        counts.unanswerable(),
        counts.right_refusal,
        counts.false_answer
    );
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A judged question with nothing but what tables look at.
    pub fn judged(intent: &str, style: &str, verdict: Verdict) -> Judged {
        let question = serde_json::json!({
            "id": format!("{intent}-{style}"), "text": "?", "style": style, "intent": intent,
            "answerable": !matches!(verdict, Verdict::RightRefusal | Verdict::FalseAnswer),
        });
        let asked = serde_json::json!({
            "kind": "answer", "answered": true, "text": "", "sources": [], "historical": false, "confidence": 0.5,
            "options": [], "latency_us": 0,
        });
        Judged {
            question: serde_json::from_value(question).unwrap(),
            asked: serde_json::from_value(asked).unwrap(),
            verdict,
            candidates: Vec::new(),
        }
    }

    #[test]
    fn the_report_names_figures_and_mistakes() {
        let results = vec![
            judged("a", "formal", Verdict::Correct),
            judged("b", "slang", Verdict::Wrong),
            judged("c", "slang", Verdict::FalseAnswer),
        ];
        let report = Evaluation { results }.report(5);
        assert!(
            report.contains("correct 50.0 %, found 50.0 %, wrong 50.0 %, false answers 100.0 %"),
            "{report}"
        );
        assert!(report.contains("FalseAnswer 0.50 c-slang"), "{report}");
    }
}
