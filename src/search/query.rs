//! A question made ready for search: weighted terms with their equivalents, and what it names.

use jiff::civil::Date;

use super::{Index, trigrams};
use crate::language::{self, Analysis, QuestionType};
use crate::schedule::ElectionKind;

/// Elections, years and regions that a question names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    pub kinds: Vec<ElectionKind>,
    pub years: Vec<i16>,
    /// Region codes.
    pub regions: Vec<String>,
}

/// A question after the language chain.
#[derive(Debug, Clone)]
pub struct Query {
    pub analysis: Analysis,
    pub question_type: Option<QuestionType>,
    pub named: Named,
    /// Whether it asks if something heard is true.
    pub claim: bool,
    /// The day in the office's time zone, for validity.
    pub today: Date,
    /// Weight of each word of the analysis; words taken over from an earlier question weigh less.
    pub weights: Vec<f32>,
    /// How many of the words are the message's own; the rest come from the question before.
    pub own_words: usize,
    /// Letters of the message's own words, three by three.
    pub trigrams: Vec<u32>,
}

impl Query {
    pub fn new(index: &Index, text: &str, today: Date) -> Self {
        Self::of_words(index, language::normalize(text), today)
    }

    /// A question whose words are normalised already.
    pub fn of_words(index: &Index, words: Vec<String>, today: Date) -> Self {
        Self::from_analysis(language::correct(words, index.vocabulary()), today)
    }

    /// The words that a follow-up takes over from the question before.
    pub fn carried(index: &Index, words: &[String], earlier: &str) -> Vec<String> {
        let query = Self::follow_up(index, words.to_vec(), earlier, Date::ZERO);
        query.analysis.words[query.own_words..].iter().map(|word| word.text.clone()).collect()
    }

    /// A follow-up: this text, with the earlier question's content words at a lower weight. An election, a year or a
    /// place that the text names takes the place of the one asked about before.
    pub fn follow_up(index: &Index, words: Vec<String>, earlier: &str, today: Date) -> Self {
        let mut query = Self::of_words(index, words, today);
        let before = language::analyze_question(earlier, index.vocabulary());
        let own = &query.named;
        let replaced = |word: &str| {
            (!own.kinds.is_empty() && (PEMILU.contains(&word) || PILKADA.contains(&word)))
                || (!own.years.is_empty() && year(word).is_some())
                || (!own.regions.is_empty() && language::is_region_word(word))
        };
        let carried: Vec<_> =
            before.words.iter().filter(|word| !word.weak && !replaced(&word.text)).cloned().collect();
        if query.question_type.is_none() {
            let asked: Vec<&str> = before.words.iter().map(|word| word.text.as_str()).collect();
            query.question_type = language::question_type(&asked);
        }
        for word in carried {
            if query.analysis.words.iter().all(|known| known.stem != word.stem) {
                query.analysis.words.push(word);
                query.weights.push(CARRIED);
            }
        }
        query.named = named(&query.analysis);
        query
    }

    fn from_analysis(analysis: Analysis, today: Date) -> Self {
        let words: Vec<&str> = analysis.words.iter().map(|word| word.text.as_str()).collect();
        let question_type = language::question_type(&words);
        let named = named(&analysis);
        let weights = vec![1.0; analysis.words.len()];
        let own_words = analysis.words.len();
        let trigrams = trigrams::of(words.iter().copied());
        let claim = language::is_claim(&words);
        Query { analysis, question_type, named, claim, today, weights, own_words, trigrams }
    }
}

/// What a word taken over from the question before weighs.
const CARRIED: f32 = 0.6;

/// One content term of a question.
pub(super) struct Term {
    pub stem: String,
    pub id: Option<u32>,
    /// Inverse document frequency times the word's weight.
    pub weight: f32,
}

/// An equivalent for some terms: covered when a passage holds all of `ids`.
pub(super) struct Alternative {
    /// Bit by bit, the terms that it stands for.
    pub terms: u64,
    pub stems: &'static [String],
    pub ids: Vec<u32>,
}

/// Terms are numbered in the bits of a word; nobody asks with more content words than that.
const MOST_TERMS: usize = 64;

pub(super) struct Plan {
    pub terms: Vec<Term>,
    pub alternatives: Vec<Alternative>,
    pub total: f32,
}

impl Plan {
    pub fn new(index: &Index, query: &Query) -> Self {
        let mut terms: Vec<Term> = Vec::new();
        for (word, weight) in query.analysis.words.iter().zip(&query.weights) {
            if word.weak || terms.iter().any(|term| term.stem == word.stem) {
                continue;
            }
            let id = index.terms.get(word.stem.as_str()).copied();
            terms.push(Term { stem: word.stem.clone(), id, weight: index.idf(id) * weight });
            if terms.len() == MOST_TERMS {
                break;
            }
        }
        let stems: Vec<&str> = terms.iter().map(|term| term.stem.as_str()).collect();
        let mut alternatives = Vec::new();
        for start in 0..stems.len() {
            for (length, equivalent) in language::expansions(&stems, start) {
                let ids: Option<Vec<u32>> =
                    equivalent.iter().map(|stem| index.terms.get(stem.as_str()).copied()).collect();
                if let Some(ids) = ids {
                    let terms = ((1_u128 << length) - 1) as u64;
                    alternatives.push(Alternative { terms: terms << start, stems: equivalent, ids });
                }
            }
        }
        let total = terms.iter().map(|term| term.weight).sum();
        Plan { terms, alternatives, total }
    }
}

/// `pilkada-2024` -> (pilkada, 2024). Ids of other shapes name their kind and year by the same words.
pub fn election_of_id(id: &str) -> Option<(ElectionKind, i16)> {
    let kind = if id.contains("pilkada") || id.contains("daerah") {
        ElectionKind::Pilkada
    } else {
        ElectionKind::Pemilu
    };
    let year =
        id.split('-').find_map(|part| part.parse::<i16>().ok().filter(|year| (1945..2100).contains(year)))?;
    Some((kind, year))
}

/// Years from 1998 on that stand in the texts.
pub fn years_in(analyses: &[&Analysis]) -> Vec<i16> {
    let mut years: Vec<i16> =
        analyses.iter().flat_map(|analysis| &analysis.words).filter_map(|word| year(&word.text)).collect();
    years.sort_unstable();
    years.dedup();
    years
}

fn year(word: &str) -> Option<i16> {
    if word.len() != 4 {
        return None;
    }
    word.parse::<i16>().ok().filter(|year| (1998..2050).contains(year))
}

/// Words that name a kind of election.
const PEMILU: &[&str] = &[
    "pemilu",
    "pilpres",
    "pileg",
    "presiden",
    "wapres",
    "capres",
    "cawapres",
    "dpr",
    "dpd",
    "dprd",
    "legislatif",
    "caleg",
];
const PILKADA: &[&str] = &[
    "pilkada",
    "pilgub",
    "pilbup",
    "pilwalkot",
    "pilwako",
    "gubernur",
    "bupati",
    "walikota",
    "wagub",
    "cagub",
    "cabup",
    "cawalkot",
];

fn named(analysis: &Analysis) -> Named {
    let mut named = Named { years: years_in(&[analysis]), ..Named::default() };
    for word in &analysis.words {
        let text = word.text.as_str();
        for (list, kind) in [(PEMILU, ElectionKind::Pemilu), (PILKADA, ElectionKind::Pilkada)] {
            if list.contains(&text) && !named.kinds.contains(&kind) {
                named.kinds.push(kind);
            }
        }
    }
    let words: Vec<&str> = analysis.words.iter().map(|word| word.text.as_str()).collect();
    if words.windows(2).any(|pair| pair == ["wali", "kota"]) && !named.kinds.contains(&ElectionKind::Pilkada)
    {
        named.kinds.push(ElectionKind::Pilkada);
    }
    named.regions = language::regions(&words);
    named
}
