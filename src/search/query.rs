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
    /// From which word on a story is told: it helps to choose, and nothing is missed that lacks it.
    pub story: usize,
    /// It is one sentence of a long message.
    pub in_story: bool,
    /// Letters of the message's own words, three by three.
    pub trigrams: trigrams::Set,
    /// The message's own words as one number.
    pub wording: u64,
}

impl Query {
    pub fn new(index: &Index, text: &str, today: Date) -> Self {
        Self::of_words(index, language::normalize(text), today)
    }

    /// A question whose words are normalised already.
    pub fn of_words(index: &Index, words: Vec<String>, today: Date) -> Self {
        Self::from_analysis(language::correct(words, index.vocabulary()), today)
    }

    /// The question before, if the follow-up only fills a place in it anew.
    pub fn again(words: &[String], earlier: &str) -> Option<Vec<String>> {
        let before = language::normalize(earlier);
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        language::asked_again(&words, &before)
    }

    /// The words that a follow-up takes over from the question before.
    pub fn carried(index: &Index, words: &[String], earlier: &str) -> Vec<String> {
        if let Some(again) = Self::again(words, earlier) {
            return again.into_iter().filter(|word| !words.contains(word)).collect();
        }
        let query = Self::follow_up(index, words.to_vec(), earlier, Date::ZERO);
        query.analysis.words[query.own_words..].iter().map(|word| word.text.clone()).collect()
    }

    /// A follow-up: this text, with the earlier question's content words at a lower weight. An election, a year or a
    /// place that the text names takes the place of the one asked about before.
    pub fn follow_up(index: &Index, words: Vec<String>, earlier: &str, today: Date) -> Self {
        if let Some(again) = Self::again(&words, earlier) {
            return Self::of_words(index, again, today);
        }
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
        query.carry(carried);
        query
    }

    /// The question of a long message, with the content words of the story around it at a lower weight.
    pub fn in_story(index: &Index, words: Vec<String>, story: Vec<String>, today: Date) -> Self {
        let mut query = Self::of_words(index, words, today);
        let own = query.named.clone();
        // "Apakah pesan itu benar?" asks about what was told.
        let least = if query.claim { 3 } else { 1 };
        let asks_by_itself = query.analysis.content().count() >= least;
        let onwards = query.analysis.words.iter().any(|word| ONWARDS.contains(&word.text.as_str()));
        query.in_story = true;
        let around = language::correct(story, index.vocabulary());
        query.carry(around.words.into_iter().filter(|word| !word.weak));
        // "Saya harus bagaimana?" asks about the story itself.
        if asks_by_itself {
            query.story = query.own_words;
        }
        // The election of the story is meant only where the question names none and does not look ahead.
        if onwards || own != Named::default() {
            query.named = own;
        }
        query
    }

    fn carry(&mut self, words: impl IntoIterator<Item = language::Word>) {
        for word in words {
            if self.analysis.words.iter().all(|known| known.stem != word.stem) {
                self.analysis.words.push(word);
                self.weights.push(CARRIED);
            }
        }
        self.named = named(&self.analysis);
    }

    fn from_analysis(analysis: Analysis, today: Date) -> Self {
        let words: Vec<&str> = analysis.words.iter().map(|word| word.text.as_str()).collect();
        let question_type = language::question_type(&words);
        let named = named(&analysis);
        let weights = vec![1.0; analysis.words.len()];
        let own_words = analysis.words.len();
        let trigrams = trigrams::Set::of(words.iter().copied());
        let wording = trigrams::wording(words.iter().copied());
        let claim = language::is_claim(&words);
        let story = usize::MAX;
        Query {
            analysis,
            question_type,
            named,
            claim,
            today,
            weights,
            own_words,
            story,
            in_story: false,
            trigrams,
            wording,
        }
    }
}

/// Words that ask about the next time, not the one told of.
const ONWARDS: &[&str] = &["lagi", "berikutnya", "selanjutnya", "depan", "mendatang", "datang", "nanti"];
/// What a word weighs that was taken over from the question before, or from the story around it.
const CARRIED: f32 = 0.6;

/// One content term of a question.
pub(super) struct Term {
    pub stem: String,
    pub id: Option<u32>,
    pub acronym: bool,
    /// Inverse document frequency times the word's weight.
    pub weight: f32,
    /// The word's weight alone.
    pub share: f32,
    /// Told around the question, not asked.
    pub story: bool,
}

/// An equivalent for some terms: covered when a passage holds all of `ids`.
pub(super) struct Alternative {
    /// Bit by bit, the terms that it stands for.
    pub terms: u64,
    /// Its stems, as bits of [`Plan::watched`].
    pub bits: u128,
}

/// Terms are numbered in the bits of a word; nobody asks with more content words than that.
const MOST_TERMS: usize = 64;

pub(super) struct Plan {
    pub terms: Vec<Term>,
    pub alternatives: Vec<Alternative>,
    pub total: f32,
    /// Bit by bit, the terms that are asked and not told around.
    asked: u64,
    /// Every stem that matters, sorted: those of the terms and of their alternatives. A text is seen as the set of those
    /// it holds, bit by bit.
    watched: Vec<u32>,
    /// For each stem of the index one more than its bit; 0 if it does not matter.
    bit_of: Vec<u8>,
    /// For each term its bit.
    term_bits: Vec<u128>,
    all_terms: u128,
}

/// As many stems as a set of bits holds; the rarest questions have more, and lose their last alternatives.
const MOST_WATCHED: usize = 128;

impl Plan {
    pub fn new(index: &Index, query: &Query) -> Self {
        let mut terms: Vec<Term> = Vec::new();
        for (place, (word, weight)) in query.analysis.words.iter().zip(&query.weights).enumerate() {
            if word.weak || terms.iter().any(|term| term.stem == word.stem) {
                continue;
            }
            let id = index.terms.get(word.stem.as_str()).copied();
            terms.push(Term {
                stem: word.stem.clone(),
                id,
                acronym: language::is_acronym(&word.stem),
                weight: index.idf(id) * weight,
                share: *weight,
                story: place >= query.story,
            });
            if terms.len() == MOST_TERMS {
                break;
            }
        }
        let stems: Vec<&str> = terms.iter().map(|term| term.stem.as_str()).collect();
        let mut watched: Vec<u32> = terms.iter().filter_map(|term| term.id).collect();
        let mut found: Vec<(u64, Vec<u32>)> = Vec::new();
        for start in 0..stems.len() {
            for (length, equivalent) in language::expansions(&stems, start) {
                let ids: Option<Vec<u32>> =
                    equivalent.iter().map(|stem| index.terms.get(stem.as_str()).copied()).collect();
                if let Some(ids) = ids
                    && watched.len() + ids.len() <= MOST_WATCHED
                {
                    watched.extend(&ids);
                    let terms = ((1_u128 << length) - 1) as u64;
                    found.push((terms << start, ids));
                }
            }
        }
        watched.sort_unstable();
        watched.dedup();
        let bit = |id: u32| watched.binary_search(&id).map_or(0, |at| 1_u128 << at);
        let alternatives = found
            .into_iter()
            .map(|(terms, ids)| Alternative {
                terms,
                bits: ids.into_iter().map(bit).fold(0, |bits, bit| bits | bit),
            })
            .collect();
        let term_bits: Vec<u128> = terms.iter().map(|term| term.id.map_or(0, bit)).collect();
        let all_terms = term_bits.iter().fold(0, |bits, bit| bits | bit);
        let total: f32 = terms.iter().filter(|term| !term.story).map(|term| term.weight).sum();
        let asked = terms.iter().enumerate().filter(|(_, term)| !term.story);
        let asked = asked.fold(0, |bits, (place, _)| bits | 1_u64 << place);
        let mut bit_of = vec![0; index.terms.len()];
        for (at, stem) in watched.iter().enumerate() {
            bit_of[*stem as usize] = at as u8 + 1;
        }
        Plan { asked, terms, alternatives, total, watched, bit_of, term_bits, all_terms }
    }

    /// The bit of a stem; 0 if it does not matter.
    pub fn bit(&self, stem: u32) -> u128 {
        match self.bit_of[stem as usize] {
            0 => 0,
            bit => 1 << (bit - 1),
        }
    }

    /// Which of the stems that matter a text holds.
    pub fn held(&self, holds: impl Fn(u32) -> bool) -> u128 {
        let bits = self.watched.iter().enumerate().filter(|(_, id)| holds(**id));
        bits.fold(0, |bits, (at, _)| bits | 1 << at)
    }

    /// Of the stems held, those that stand for something asked: terms, and whole alternatives.
    pub fn standing(&self, held: u128) -> (u128, u128) {
        let alternatives = self.alternatives.iter().filter(|alternative| alternative.bits & !held == 0);
        (held & self.all_terms, alternatives.fold(0, |bits, alternative| bits | alternative.bits))
    }

    /// Weight of the question's terms that a text with these stems covers, and bit by bit the terms that are lacking.
    pub fn covered(&self, held: u128) -> (f32, u64) {
        let mut covered = 0.0;
        let mut lacks = 0_u64;
        for (place, (term, bit)) in self.terms.iter().zip(&self.term_bits).enumerate() {
            if bit & held != 0 {
                covered += term.weight;
            } else {
                lacks |= 1 << place;
            }
        }
        for alternative in &self.alternatives {
            let gained = lacks & alternative.terms;
            if gained != 0 && alternative.bits & !held == 0 {
                lacks &= !gained;
                covered += self.weights(gained).map(|weight| weight * EQUIVALENT).sum::<f32>();
            }
        }
        (covered.min(self.total), lacks & self.asked)
    }

    /// Weights of the terms whose bits are set.
    pub fn weights(&self, bits: u64) -> impl Iterator<Item = f32> + '_ {
        self.terms
            .iter()
            .enumerate()
            .filter(move |(place, _)| bits & (1 << place) != 0)
            .map(|(_, term)| term.weight)
    }
}

/// An equivalent counts a little less than the word itself.
pub(super) const EQUIVALENT: f32 = 0.9;

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
