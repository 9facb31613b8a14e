//! Ranked retrieval over a plain collection of paragraphs, measured: how often the right paragraph comes first.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Deserialize;

use super::perturb::{Style, rewrite};
use crate::knowledge::parse::{Format, document};
use crate::library::{Library, Parts};
use crate::search::{Place, Query};

/// A paragraph of the collection.
#[derive(Debug, Clone, Deserialize)]
pub struct Passage {
    pub id: String,
    pub text: String,
}

/// A question and the paragraph that answers it.
#[derive(Debug, Clone, Deserialize)]
pub struct PassageQuestion {
    pub id: String,
    pub text: String,
    pub doc: String,
}

/// Seed of the rewritings.
const SEED: u64 = 11;
const DEPTH: usize = 10;

/// A library that holds the paragraphs as plain text files without a title.
pub fn library(passages: &[Passage]) -> Library {
    let documents = passages
        .iter()
        .filter_map(|passage| {
            document(&format!("{}.txt", passage.id), &passage.id, Format::Text, &passage.text).0
        })
        .collect();
    Library::build(Parts { documents, ..Parts::default() })
}

/// Share of questions whose paragraph comes first, and among the first ten, by style; beside it the share of a plain BM25
/// list over lower-cased words.
pub fn report(passages: &[Passage], questions: &[PassageQuestion], today: Date) -> String {
    let library = library(passages);
    let plain = Bm25::new(passages);
    let mut out = format!("{:<8} {:>5} {:>7} {:>7} {:>11}\n", "style", "n", "hit@1", "hit@10", "BM25 hit@1");
    let mut clean = 0.0;
    for style in Style::ALL {
        let (mut first, mut among, mut plain_first) = (0, 0, 0);
        for question in questions {
            let text = rewrite(&question.text, style, SEED);
            let query = Query::new(&library.index, &text, today);
            let found: Vec<&str> = library
                .index
                .search(&query, DEPTH)
                .into_iter()
                .filter_map(|hit| match hit.place {
                    Place::Entry { document, .. } => Some(library.documents[document].id.as_str()),
                    Place::Stage { .. } => None,
                })
                .collect();
            first += usize::from(found.first() == Some(&question.doc.as_str()));
            among += usize::from(found.contains(&question.doc.as_str()));
            plain_first += usize::from(plain.first(&text) == Some(question.doc.as_str()));
        }
        let share = |count: usize| count as f64 / questions.len().max(1) as f64;
        if style == Style::Clean {
            clean = share(first);
        }
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "{:<8} {:>5} {:>7.3} {:>7.3} {:>11.3}   loss from clean {:.3}",
            style.name(),
            questions.len(),
            share(first),
            share(among),
            share(plain_first),
            clean - share(first)
        );
    }
    out
}

/// BM25 (Robertson & Zaragoza 2009) over lower-cased words, with the usual k1 = 1.2 and b = 0.75: what a search engine
/// gives without knowing Indonesian.
struct Bm25<'a> {
    ids: Vec<&'a str>,
    postings: HashMap<String, BTreeMap<usize, f64>>,
    lengths: Vec<f64>,
    mean: f64,
}

impl<'a> Bm25<'a> {
    fn new(passages: &'a [Passage]) -> Self {
        let mut postings: HashMap<String, BTreeMap<usize, f64>> = HashMap::new();
        let mut lengths = Vec::new();
        for (number, passage) in passages.iter().enumerate() {
            let words = words(&passage.text);
            lengths.push(words.len() as f64);
            for word in words {
                *postings.entry(word).or_default().entry(number).or_default() += 1.0;
            }
        }
        let mean = lengths.iter().sum::<f64>() / lengths.len().max(1) as f64;
        Bm25 { ids: passages.iter().map(|passage| passage.id.as_str()).collect(), postings, lengths, mean }
    }

    fn first(&self, text: &str) -> Option<&'a str> {
        let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
        let count = self.ids.len() as f64;
        for word in words(text) {
            let Some(postings) = self.postings.get(&word) else { continue };
            let found = postings.len() as f64;
            let idf = (1.0 + (count - found + 0.5) / (found + 0.5)).ln();
            for (number, times) in postings {
                let norm = 1.2 * (0.25 + 0.75 * self.lengths[*number] / self.mean);
                *scores.entry(*number).or_default() += idf * times * 2.2 / (times + norm);
            }
        }
        let best = scores.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        Some(self.ids[best.0])
    }
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_paragraph_is_counted() {
        let passage = |id: &str, text: &str| Passage { id: id.to_owned(), text: text.to_owned() };
        let passages = [
            passage("a", "Sasando adalah alat musik petik dari Pulau Rote."),
            passage("b", "Kolintang dimainkan dengan dipukul oleh orang Minahasa."),
        ];
        let question = |text: &str, doc: &str| PassageQuestion {
            id: doc.to_owned(),
            text: text.to_owned(),
            doc: doc.to_owned(),
        };
        let questions = [question("Apa itu sasando?", "a"), question("Siapa yang memainkan kolintang?", "a")];
        let report = report(&passages, &questions, jiff::civil::date(2026, 11, 25));
        let clean = report.lines().nth(1).unwrap();
        assert!(clean.starts_with("clean        2   0.500   1.000       0.500"), "{report}");
    }
}
