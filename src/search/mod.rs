//! Full-text search: a Tantivy inverted index in memory, its candidates re-ranked on what the question asks.
//!
//! BM25 finds candidates over weighted fields; `rank` then looks at how much of the question's *content* a
//! passage covers, at phrase and order, question type, election, year, region and validity. User text never
//! passes a query parser: terms are looked up one by one. The only room that names tantivy.

mod body;
mod build;
mod classifier;
mod features;
mod lsa;
mod query;
mod rank;
mod trigrams;

pub use features::{
    BOUNDS as FEATURE_BOUNDS, COUNT as FEATURE_COUNT, Features, LONGEST_LEAD, NAMES as FEATURE_NAMES, SURE,
    SURE_NAMES, Weights,
};
pub use query::{Named, Query};
pub use rank::{Hit, Prepared};

use self::body::Body;
use std::collections::HashMap;

use tantivy::schema::Field;

use crate::knowledge::Jenis;
use crate::language::{QuestionType, Vocabulary};
use crate::schedule::ElectionKind;

/// The index over all entries of a library. Immutable once built.
pub struct Index {
    searcher: tantivy::Searcher,
    fields: Vec<(Field, f32)>,
    passages: Vec<Passage>,
    /// No passage has question forms: a collection of paragraphs.
    plain: bool,
    /// Stem -> term id.
    terms: HashMap<Box<str>, u32>,
    /// Inverse document frequency (BM25's) by term id, and that of a term no passage holds.
    idf: Vec<f32>,
    unknown_idf: f32,
    vocabulary: Vocabulary,
    space: lsa::Space,
    classifier: classifier::Classifier,
    /// Stem -> number, of words that stand in messages not for us alone; the classifier knows them too.
    other_words: HashMap<Box<str>, u32>,
    /// Segments' columns that hold the passage number.
    passage_columns: Vec<tantivy::columnar::Column<u64>>,
}

/// What a passage is: an entry of a document, or a stage of a timeline, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Entry { document: usize, entry: usize },
    Stage { timeline: usize, stage: usize },
}

/// What ranking needs to know of one entry or stage.
struct Passage {
    place: Place,
    /// The question, each phrasing, title with heading: each as its content stems in order.
    units: Vec<Unit>,
    body: Body,
    /// All distinct content stems of the passage, sorted.
    stems: Vec<u32>,
    election: Option<(ElectionKind, i16)>,
    years: Vec<i16>,
    region: Option<Box<str>>,
    kind: Jenis,
    valid_until: Option<jiff::civil::Date>,
}

struct Unit {
    /// Every stem, function words included: where the form lies in the space is decided by them too.
    all: Vec<u32>,
    /// The stems that carry content.
    stems: Vec<u32>,
    /// Sum of the stems' inverse document frequencies; set once all passages are known.
    weight: f32,
    question_type: Option<QuestionType>,
    /// Whether it asks if something heard is true.
    claim: bool,
    /// Its letters three by three: what typing errors leave in place.
    trigrams: trigrams::List,
    /// Its words as one number.
    wording: u64,
    /// Where it lies in the space of latent semantic analysis.
    place: Vec<f32>,
}

impl Index {
    /// Number of passages.
    pub fn len(&self) -> usize {
        self.passages.len()
    }

    pub fn is_empty(&self) -> bool {
        self.passages.is_empty()
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Inverse document frequency of a term; an unknown term is as rare as can be.
    fn idf(&self, term: Option<u32>) -> f32 {
        term.and_then(|id| self.idf.get(id as usize)).copied().unwrap_or(self.unknown_idf)
    }
}
