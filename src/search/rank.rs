//! Candidates from Tantivy, then features and order.

use tantivy::Term as TantivyTerm;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as TantivyQuery, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::body::Matching;
use super::features::{Features, LONGEST_LEAD, Weights};
use super::query::{EQUIVALENT, Plan, Query};
use super::{Index, Passage, Place, Unit, lsa};
use crate::knowledge::Jenis;
use crate::language::LONG_MESSAGE;

/// How many candidates come from the inverted index.
const CANDIDATES: usize = 16;
/// How many more come from the space of latent semantic analysis.
const NEAREST: usize = 6;
/// How many of them all are looked at closely, where there are question forms.
const CLOSELY: usize = 10;
/// From this share of the best BM25 score on a candidate is looked at in any case.
const SHARES_MOST: f32 = 0.9;
/// A long message, or a sentence of one, seems no stranger than this: stories hold many words that no entry does.
const MOST_STRANGE_IN_STORY: f32 = 0.72;
/// The most that an answer about another year or place than the one named is trusted.
const OTHER_SCOPE: f32 = 0.4;

/// A ranked passage.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub place: Place,
    pub features: Features,
    /// Orders hits; a sum of weighted features, no probability.
    pub score: f32,
    /// Probability that this passage answers the question.
    pub confidence: f32,
}

impl Index {
    /// The best `limit` passages, best first; ties in the order of the documents.
    pub fn search(&self, query: &Query, limit: usize) -> Vec<Hit> {
        let plan = Plan::new(self, query);
        if plan.terms.is_empty() || self.passages.is_empty() {
            return Vec::new();
        }
        let mut candidates = self.candidates(&plan, CANDIDATES.max(limit * 2));
        let best = candidates.first().map_or(1.0, |(score, _)| score.max(f32::EPSILON));
        let places = query.analysis.words.iter().zip(&query.weights).filter_map(|(word, weight)| {
            let id = self.terms.get(word.stem.as_str()).copied()?;
            Some((id, self.idf(Some(id)) * weight))
        });
        let place = self.space.place(places);
        let stems: Vec<(Option<u32>, f32)> = query
            .analysis
            .words
            .iter()
            .zip(&query.weights)
            .take(query.story)
            .map(|(word, weight)| {
                let stem = word.stem.as_str();
                (self.terms.get(stem).or_else(|| self.other_words.get(stem)).copied(), *weight)
            })
            .collect();
        let posterior = self.classifier.posterior(&stems);
        let not_for_us = self.classifier.likelihood_of_none(&posterior);
        let tells = query.in_story || query.own_words > LONG_MESSAGE;
        let not_for_us = if tells { not_for_us.min(MOST_STRANGE_IN_STORY) } else { not_for_us };
        for (_, number) in self.space.nearest(&place, NEAREST) {
            if candidates.iter().all(|(_, known)| *known != number) {
                candidates.push((0.0, number));
            }
        }
        // What is cheap to see decides who is looked at closely.
        let mut seen: Vec<(usize, Features)> = candidates
            .into_iter()
            .map(|(bm25, number)| {
                let cheap = Features {
                    bm25: bm25 / best,
                    density: (bm25 / plan.total.max(f32::EPSILON)).min(4.0),
                    meaning: self.space.likeness(&place, number),
                    posterior: self.classifier.likelihood(&posterior, number),
                    not_for_us,
                    ..Features::default()
                };
                (number, cheap)
            })
            .collect();
        if !self.plain {
            let promise = |features: &Features| Weights::in_use().score(features, false);
            seen.sort_by(|(_, one), (_, other)| promise(other).total_cmp(&promise(one)));
            let cut = seen.split_off(seen.len().min(CLOSELY.max(limit)));
            // What shares most words stays: it may be the question word for word.
            seen.extend(cut.into_iter().filter(|(_, features)| features.bm25 >= SHARES_MOST));
        }
        let mut hits: Vec<(usize, Hit)> = seen
            .into_iter()
            .map(|(number, cheap)| {
                let passage = &self.passages[number];
                let mut features = self.features(&plan, query, passage, cheap);
                features.sense =
                    passage.units.iter().map(|unit| lsa::cosine(&place, &unit.place)).fold(0.0, f32::max);
                let hit = Hit {
                    place: passage.place,
                    features,
                    score: Weights::in_use().score(&features, self.plain),
                    confidence: 0.0,
                };
                (number, hit)
            })
            .collect();
        hits.sort_by(|(a_number, a), (b_number, b)| b.score.total_cmp(&a.score).then(a_number.cmp(b_number)));
        // The first by its lead over the second, the others by what they lack to the first: one scale for all.
        let best = hits.first().map_or(0.0, |(_, first)| first.score);
        let second = hits.get(1).map_or(best - LONGEST_LEAD, |(_, second)| second.score);
        for (place, (_, hit)) in hits.iter_mut().enumerate() {
            let lead = if place == 0 { best - second } else { hit.score - best };
            hit.confidence = Weights::in_use().confidence(&hit.features, lead);
            // An answer about another year or place than the one named is never sure.
            if hit.features.other_year > 0.0 || hit.features.region <= -1.0 {
                hit.confidence = hit.confidence.min(OTHER_SCOPE);
            }
        }
        // Nothing is surer than what ranks before it.
        let mut most = 1.0_f32;
        for (_, hit) in &mut hits {
            most = most.min(hit.confidence);
            hit.confidence = most;
        }
        hits.truncate(limit);
        hits.into_iter().map(|(_, hit)| hit).collect()
    }

    /// BM25 score and passage number of the best candidates.
    fn candidates(&self, plan: &Plan, limit: usize) -> Vec<(f32, usize)> {
        // Equivalents are not looked for: what they would find, latent semantic analysis finds, at a third of the time.
        let mut clauses: Vec<(Occur, Box<dyn TantivyQuery>)> = Vec::new();
        for term in plan.terms.iter().filter(|term| term.id.is_some()) {
            for (field, weight) in &self.fields {
                let found = TantivyTerm::from_field_text(*field, &term.stem);
                let found = TermQuery::new(found, IndexRecordOption::WithFreqs);
                clauses
                    .push((Occur::Should, Box::new(BoostQuery::new(Box::new(found), weight * term.share))));
            }
        }
        if clauses.is_empty() {
            return Vec::new();
        }
        let query = BooleanQuery::new(clauses);
        // A search over an index in memory has no way to fail; if it ever does, nothing was found.
        let found =
            self.searcher.search(&query, &TopDocs::with_limit(limit).order_by_score()).unwrap_or_default();
        found
            .into_iter()
            .filter_map(|(score, address)| {
                let column = &self.passage_columns[address.segment_ord as usize];
                column.first(address.doc_id).map(|number| (score, number as usize))
            })
            .collect()
    }

    /// All features of a passage, given those that are known already.
    fn features(&self, plan: &Plan, query: &Query, passage: &Passage, cheap: Features) -> Features {
        let total = plan.total.max(f32::EPSILON);
        let (covered, lacks) = plan.covered(plan.held(|id| passage.stems.binary_search(&id).is_ok()));
        let heaviest_missing = plan.weights(lacks).fold(0.0, f32::max);
        let agrees = election_agreement(query, passage);
        let mut best = Features::default();
        let mut best_value = -1.0;
        let mut best_claims = false;
        let mut likeness = 0.0_f32;
        let mut exact = false;
        for unit in &passage.units {
            let (forward, backward) = self.unit_match(plan, unit);
            let type_match = agreement(query.question_type, unit.question_type);
            likeness = likeness.max(query.trigrams.likeness(&unit.trigrams));
            exact |= unit.wording == query.wording;
            let value = 0.6 * forward + 0.4 * backward + 0.05 * type_match;
            if value > best_value {
                best_value = value;
                best_claims = unit.claim;
                best = Features {
                    backward,
                    harmony: harmonic(forward, backward),
                    question_type: type_match,
                    ..Features::default()
                };
            }
        }
        // Where there are question forms, running text has no part in ordering (see `fit`).
        let body = if self.plain {
            passage.body.matching(plan, |word| self.idf(word), query.question_type)
        } else {
            Matching::default()
        };
        Features {
            phrase: body.phrase,
            window: body.window,
            opening: body.opening,
            definition: body.definition,
            answer_type: body.answer_type,
            coverage: covered / total,
            missing: heaviest_missing / total,
            election: agrees.unwrap_or_default(),
            other_year: f32::from(agrees.is_none()),
            region: region_agreement(query, passage),
            expired: f32::from(
                passage.valid_until.is_some_and(|day| day < query.today) && !names_election(query, passage),
            ),
            bm25: cheap.bm25,
            density: cheap.density,
            meaning: cheap.meaning,
            posterior: cheap.posterior,
            not_for_us: cheap.not_for_us,
            acronym: f32::from(
                plan.terms.iter().enumerate().any(|(place, term)| lacks & (1 << place) != 0 && term.acronym),
            ),
            likeness,
            exact: f32::from(exact),
            claim: match (passage.kind, query.claim) {
                (Jenis::Klarifikasi, true) => 1.0,
                // It also answers the plain question, where staff wrote that down.
                (Jenis::Klarifikasi, false) if best_claims => -1.0,
                _ => 0.0,
            },
            summary: f32::from(matches!(passage.kind, Jenis::Rilis | Jenis::Panduan | Jenis::Regulasi)),
            ..best
        }
    }

    /// How much of the question one question form covers, and how much of the form the question covers.
    fn unit_match(&self, plan: &Plan, unit: &Unit) -> (f32, f32) {
        let held = unit.stems.iter().fold(0, |held, stem| held | plan.bit(*stem));
        if held == 0 {
            return (0.0, 0.0);
        }
        let (covered, _) = plan.covered(held);
        let (terms, equivalents) = plan.standing(held);
        let mut matched = 0.0;
        for stem in &unit.stems {
            let bit = plan.bit(*stem);
            if bit & terms != 0 {
                matched += self.idf(Some(*stem));
            } else if bit & equivalents != 0 {
                matched += self.idf(Some(*stem)) * EQUIVALENT;
            }
        }
        (covered / plan.total.max(f32::EPSILON), matched / unit.weight.max(f32::EPSILON))
    }
}

/// Harmonic mean: high only when both are.
pub(super) fn harmonic(one: f32, other: f32) -> f32 {
    2.0 * one * other / (one + other).max(f32::EPSILON)
}

fn agreement<T: PartialEq>(asked: Option<T>, own: Option<T>) -> f32 {
    match (asked, own) {
        (Some(asked), Some(own)) if asked == own => 1.0,
        (Some(_), Some(_)) => -1.0,
        _ => 0.0,
    }
}

fn names_election(query: &Query, passage: &Passage) -> bool {
    passage.election.is_some_and(|(_, year)| query.named.years.contains(&year))
}

/// How far a passage agrees with the election named; none if it is about another year.
fn election_agreement(query: &Query, passage: &Passage) -> Option<f32> {
    let named = &query.named;
    let Some((kind, year)) = passage.election else {
        // Not bound to one election: a named year that the text mentions is a good sign.
        let mentions = named.years.iter().any(|year| passage.years.contains(year));
        return Some(if mentions { 0.5 } else { 0.0 });
    };
    let year_ok = named.years.is_empty()
        || named.years.contains(&year)
        || named.years.iter().all(|y| passage.years.contains(y));
    let kind_ok = named.kinds.is_empty() || named.kinds.contains(&kind);
    match (year_ok, kind_ok) {
        (true, true) if named.years.is_empty() && named.kinds.is_empty() => Some(0.0),
        (true, true) => Some(1.0),
        (false, _) => None,
        (true, false) => Some(-0.5),
    }
}

fn region_agreement(query: &Query, passage: &Passage) -> f32 {
    match (&passage.region, query.named.regions.as_slice()) {
        (_, []) | (None, _) => 0.0,
        (Some(own), named) if named.iter().any(|code| code == own.as_ref()) => 1.0,
        (Some(own), named)
            if named.iter().any(|code| code.starts_with(own.as_ref()) || own.starts_with(code.as_str())) =>
        {
            0.3
        }
        _ => -1.0,
    }
}

impl Index {
    /// A plain BM25 top list over the same fields, without re-ranking: the yardstick of the
    /// benchmark. Planned beforehand, so that only Tantivy's own work is timed.
    pub fn prepare(&self, query: &Query) -> Prepared {
        Prepared(Plan::new(self, query))
    }

    pub fn plain_prepared(&self, prepared: &Prepared, limit: usize) -> usize {
        self.candidates(&prepared.0, limit).len()
    }
}

/// A planned plain search.
pub struct Prepared(Plan);
