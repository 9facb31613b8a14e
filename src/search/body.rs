//! What ranking sees in the running text of a passage: phrases, nearness, its opening, what it defines.

use super::query::Plan;
use super::rank::harmonic;
use crate::language::{self, Analysis, QuestionType};

/// Content words in which a question's words count as near each other.
const WINDOW: usize = 12;
/// Content words at the beginning that say what a text is about.
const OPENING: usize = 6;
/// Words within which "X adalah …" stands if the text defines X.
const DEFINES_WITHIN: usize = 10;
/// Words that part what is defined from what it is.
const DEFINES: &[&str] = &["adalah", "ialah", "merupakan", "yaitu", "yakni", "disebut", "berarti"];
/// Words of longer texts are looked at up to here; what matters stands in front.
const LONGEST: usize = 400;

/// The content words of a body in their order, and what they tell.
#[derive(Debug, Default)]
pub struct Body {
    stems: Vec<u32>,
    /// How many of the first stems name what the text defines; 0: it defines nothing.
    subject: usize,
    number: bool,
    date: bool,
}

/// The features made of it.
#[derive(Debug, Default)]
pub struct Matching {
    pub phrase: f32,
    pub window: f32,
    pub opening: f32,
    pub definition: f32,
    pub answer_type: f32,
}

impl Body {
    pub fn new(analysis: &Analysis, mut term: impl FnMut(&str) -> u32) -> Body {
        let stems = analysis.content().take(LONGEST).map(|word| term(&word.stem)).collect();
        let marker =
            analysis.words.iter().take(DEFINES_WITHIN).position(|word| DEFINES.contains(&word.text.as_str()));
        let subject = marker.map_or(0, |at| analysis.words[..at].iter().filter(|word| !word.weak).count());
        let number = analysis.words.iter().any(|word| word.text.parse::<u64>().is_ok());
        let is_year = |text: &str| text.parse::<u16>().is_ok_and(|year| (1000..2100).contains(&year));
        let date = analysis
            .words
            .iter()
            .any(|word| is_year(&word.text) || language::MONTHS.contains(&word.text.as_str()));
        Body { stems, subject, number, date }
    }

    /// Compares the body with a question. Shares are by weight, of the question's whole content.
    pub fn matching(
        &self,
        plan: &Plan,
        idf: impl Fn(Option<u32>) -> f32,
        asked: Option<QuestionType>,
    ) -> Matching {
        let holds = |kind: bool| if kind { 1.0 } else { -1.0 };
        let answer_type = match asked {
            Some(QuestionType::When) => holds(self.date),
            Some(QuestionType::HowMuch) => holds(self.number),
            _ => 0.0,
        };
        let mut matching = Matching { answer_type, ..Matching::default() };
        // Which term of the question each word is; the rest does not matter.
        let hits: Vec<(usize, usize)> = self
            .stems
            .iter()
            .enumerate()
            .filter_map(|(at, stem)| Some((at, plan.terms.iter().position(|term| term.id == Some(*stem))?)))
            .collect();
        if hits.is_empty() || plan.total <= 0.0 {
            return matching;
        }
        let weight = |bits: u64| plan.weights(bits).sum::<f32>() / plan.total;
        let opening =
            hits.iter().take_while(|(at, _)| *at < OPENING).fold(0, |bits, (_, term)| bits | 1 << term);
        matching.opening = weight(opening);
        let mut before = 0_u64;
        for (first, (start, _)) in hits.iter().enumerate() {
            let bits = hits[first..]
                .iter()
                .take_while(|(at, _)| at - start < WINDOW)
                .fold(0, |bits, (_, term)| bits | 1 << term);
            // A window that only lost a word is no better than the one before.
            if bits & !before != 0 {
                matching.window = matching.window.max(weight(bits));
            }
            before = bits;
        }
        if plan.terms.len() > 1 {
            let mut pairs = 0_u64;
            for two in hits.windows(2) {
                let [(at, term), (next_at, next)] = [two[0], two[1]];
                if next_at == at + 1 && next == term + 1 {
                    pairs |= 1 << term;
                }
            }
            matching.phrase = pairs.count_ones() as f32 / (plan.terms.len() - 1) as f32;
        } else {
            matching.phrase = 1.0;
        }
        if asked == Some(QuestionType::Definition) && self.subject > 0 {
            let subject = &self.stems[..self.subject.min(self.stems.len())];
            let named = hits
                .iter()
                .take_while(|(at, _)| *at < subject.len())
                .fold(0, |bits, (_, term)| bits | 1 << term);
            let forward = weight(named);
            let whole: f32 = subject.iter().map(|stem| idf(Some(*stem))).sum();
            let own: f32 = hits
                .iter()
                .take_while(|(at, _)| *at < subject.len())
                .map(|(at, _)| idf(Some(self.stems[*at])))
                .sum();
            let backward = own / whole.max(f32::EPSILON);
            matching.definition = harmonic(forward, backward);
        }
        matching
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::analyze;
    use crate::search::Index;
    use crate::search::query::{Plan, Query};

    /// The best window's share of a two-word question in a body.
    fn window(body: &str) -> f32 {
        let documents =
            crate::knowledge::parse::document("a.txt", "a", crate::knowledge::parse::Format::Text, body);
        let index = Index::build(&[documents.0.unwrap()], &[], &[]);
        let query = Query::new(&index, "sasando kolintang", jiff::civil::date(2026, 11, 25));
        let plan = Plan::new(&index, &query);
        let body = Body::new(&analyze(body), |stem| index.terms[stem]);
        body.matching(&plan, |word| index.idf(word), None).window
    }

    #[test]
    fn words_that_come_together_late_are_seen_together() {
        let apart =
            "rumah gunung sungai danau laut pulau kota desa jalan pohon batu pasir langit awan".repeat(2);
        assert!((window(&format!("sasando {apart} kolintang")) - 0.5).abs() < 0.2);
        let late = format!("sasando {apart} kolintang {apart} sasando kolintang");
        assert!(window(&late) > 0.99, "{}", window(&late));
    }
}
