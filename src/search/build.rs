//! Documents to index. Each text goes through the language chain once, for Tantivy and for ranking alike.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{IndexWriter, ReloadPolicy, TantivyDocument};

use super::body::Body;
use super::classifier::Classifier;
use super::lsa::{Row, Space};
use super::{Index, Passage, Place, Unit, query, trigrams};
use crate::knowledge::{Document, Entry, Jenis, Topic};
use crate::language::{self, Analysis, Vocabulary};
use crate::schedule::{ElectionKind, Stage, StoredStatus, Timeline, VOTING_STAGE};

/// Field names with their weights: the question as staff word it counts most. Each field more makes every search dearer.
const FIELDS: [(&str, f32); 3] = [("question", 2.0), ("phrasing", 1.5), ("body", 1.0)];
/// Messages that no passage answers.
const NOT_FOR_US: &str = include_str!("not-for-us.txt");
const WRITER_BYTES: usize = 48_000_000;

impl Index {
    /// Builds the whole index in memory.
    pub fn build(documents: &[Document], topics: &[Topic], timelines: &[Timeline]) -> Index {
        match try_build(documents, topics, timelines) {
            Ok(index) => index,
            // The directory is memory and the schema a constant: what is left to fail is a bug or no memory.
            Err(error) => panic!("search index cannot be built in memory: {error}"),
        }
    }
}

fn try_build(documents: &[Document], topics: &[Topic], timelines: &[Timeline]) -> tantivy::Result<Index> {
    let mut schema = Schema::builder();
    let options = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::WithFreqs),
    );
    let fields: Vec<(Field, f32)> =
        FIELDS.iter().map(|(name, weight)| (schema.add_text_field(name, options.clone()), *weight)).collect();
    let number = schema.add_u64_field("passage", FAST);
    let index = tantivy::Index::create_in_ram(schema.build());
    let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;

    let mut builder = Builder::default();
    let entries = documents.iter().enumerate().flat_map(|(d, document)| {
        document.entries.iter().enumerate().map(move |(e, entry)| {
            (Place::Entry { document: d, entry: e }, Source::of_entry(document, entry, topics))
        })
    });
    let stages = timelines.iter().enumerate().flat_map(|(t, timeline)| {
        timeline
            .stages
            .iter()
            .enumerate()
            .filter(|(_, stage)| stage.status != Some(StoredStatus::Tergantikan))
            .map(move |(s, stage)| {
                (Place::Stage { timeline: t, stage: s }, Source::of_stage(timeline, stage))
            })
    });
    for (place, source) in entries.chain(stages) {
        let texts = builder.passage(place, &source);
        let mut row = TantivyDocument::default();
        for ((field, _), values) in fields.iter().zip(texts) {
            for value in values {
                row.add_pre_tokenized_text(*field, value);
            }
        }
        row.add_u64(number, builder.passages.len() as u64 - 1);
        writer.add_document(row)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    let passage_columns = searcher
        .segment_readers()
        .iter()
        .map(|segment| segment.fast_fields().u64("passage"))
        .collect::<tantivy::Result<Vec<_>>>()?;
    let count = builder.passages.len() as f32;
    let idf_of = |frequency: f32| (1.0 + (count - frequency + 0.5) / (frequency + 0.5)).ln();
    let idf: Vec<f32> = builder.frequencies.iter().map(|frequency| idf_of(*frequency as f32)).collect();
    for unit in builder.passages.iter_mut().flat_map(|passage| &mut passage.units) {
        unit.weight = unit.stems.iter().map(|stem| idf[*stem as usize]).sum();
    }
    for (word, weight) in builder.rows.iter_mut().flatten() {
        *weight = weight.ln_1p() * idf[*word as usize];
    }
    let space = Space::build(&builder.rows, builder.frequencies.len());
    for unit in builder.passages.iter_mut().flat_map(|passage| &mut passage.units) {
        unit.place = space.place(unit.all.iter().map(|stem| (*stem, idf[*stem as usize])));
    }
    let plain = builder.passages.iter().all(|passage| passage.units.len() <= 1);
    let vocabulary = Vocabulary::counted(builder.words);
    let mut other_words = HashMap::new();
    let classifier = if plain {
        Classifier::default()
    } else {
        let mut stems = |line: &str| -> Vec<u32> {
            let words = language::analyze_question(line, &vocabulary).words;
            let number = |word: language::Word| match builder.terms.get(word.stem.as_str()) {
                Some(id) => *id,
                None => {
                    let next = (builder.terms.len() + other_words.len()) as u32;
                    *other_words.entry(word.stem.into_boxed_str()).or_insert(next)
                }
            };
            words.into_iter().map(number).collect()
        };
        let kinds = NOT_FOR_US.split("\n## ").skip(1);
        let not_for_us: Vec<Vec<Vec<u32>>> = kinds
            .map(|kind| kind.lines().skip(1).filter(|line| !line.is_empty()).map(&mut stems).collect())
            .collect();
        let forms: Vec<Vec<&[u32]>> = builder
            .passages
            .iter()
            .map(|passage| passage.units.iter().map(|unit| unit.all.as_slice()).collect())
            .collect();
        Classifier::train(&forms, &not_for_us)
    };
    Ok(Index {
        searcher,
        space,
        classifier,
        other_words,
        idf,
        unknown_idf: idf_of(0.0),
        fields,
        vocabulary,
        plain,
        passages: builder.passages,
        terms: builder.terms,
        passage_columns,
    })
}

#[derive(Default)]
struct Builder {
    terms: HashMap<Box<str>, u32>,
    frequencies: Vec<u32>,
    words: HashMap<String, u32>,
    passages: Vec<Passage>,
    /// How often each passage holds each word.
    rows: Vec<Row>,
}

/// A word of the body counts half of one in a question form.
const IN_BODY: f32 = 0.5;

impl Builder {
    /// Registers one passage and gives its texts by field, in the order of [`FIELDS`].
    fn passage(&mut self, place: Place, texts: &Source) -> [Vec<PreTokenizedString>; 3] {
        let question = language::analyze(&texts.question);
        let phrasings: Vec<Analysis> = texts.phrasings.iter().map(|text| language::analyze(text)).collect();
        let heading = language::analyze(&texts.heading);
        let title = language::analyze(&texts.title);
        let body = language::analyze(&texts.body);
        let source = language::analyze(&texts.source);

        let mut units = vec![self.unit(&question)];
        units.extend(phrasings.iter().map(|phrasing| self.unit(phrasing)));
        if !heading.words.is_empty() {
            units.push(self.unit(&heading));
            let both = Analysis { words: question.words.iter().chain(&heading.words).cloned().collect() };
            units.push(self.unit(&both));
        }
        let mut stems = BTreeSet::new();
        for analysis in [&question, &heading, &title, &body, &source].into_iter().chain(&phrasings) {
            for word in &analysis.words {
                *self.words.entry(word.text.clone()).or_default() += 1;
                if !word.weak {
                    stems.insert(self.term(&word.stem));
                }
            }
        }
        let mut weak = BTreeSet::new();
        for analysis in [&question, &heading].into_iter().chain(&phrasings) {
            for word in analysis.words.iter().filter(|word| word.weak) {
                weak.insert(self.term(&word.stem));
            }
        }
        for id in stems.union(&weak) {
            self.frequencies[*id as usize] += 1;
        }
        let mut counts: BTreeMap<u32, f32> = BTreeMap::new();
        for analysis in [&question, &heading].into_iter().chain(&phrasings) {
            for word in &analysis.words {
                *counts.entry(self.term(&word.stem)).or_default() += 1.0;
            }
        }
        let distinct: BTreeSet<&str> = body.content().map(|word| word.stem.as_str()).collect();
        for stem in distinct {
            *counts.entry(self.term(stem)).or_default() += IN_BODY;
        }
        self.rows.push(counts.into_iter().collect());
        let running_text = Body::new(&body, |stem| self.term(stem));
        self.passages.push(Passage {
            place,
            body: running_text,
            units,
            stems: stems.into_iter().collect(),
            election: texts.election,
            years: query::years_in(&[&question, &heading, &body]),
            region: texts.region.as_deref().map(Into::into),
            kind: texts.kind,
            valid_until: texts.valid_until,
        });
        [
            vec![pretokenized(&question)],
            phrasings.iter().chain([&heading]).map(pretokenized).collect(),
            vec![pretokenized(&body), pretokenized(&title), pretokenized(&source)],
        ]
    }

    fn unit(&mut self, analysis: &Analysis) -> Unit {
        let words: Vec<&str> = analysis.words.iter().map(|word| word.text.as_str()).collect();
        let stems = analysis.content().map(|word| self.term(&word.stem)).collect();
        let all = analysis.words.iter().map(|word| self.term(&word.stem)).collect();
        Unit {
            stems,
            all,
            weight: 0.0,
            question_type: language::question_type(&words),
            claim: language::is_claim(&words),
            trigrams: trigrams::List::of(words.iter().copied()),
            wording: trigrams::wording(words.iter().copied()),
            place: Vec::new(),
        }
    }

    fn term(&mut self, stem: &str) -> u32 {
        if let Some(id) = self.terms.get(stem) {
            return *id;
        }
        let id = self.terms.len() as u32;
        self.terms.insert(stem.into(), id);
        self.frequencies.push(0);
        id
    }
}

/// The texts of one passage, and what they are about.
struct Source {
    question: String,
    phrasings: Vec<String>,
    heading: String,
    title: String,
    body: String,
    source: String,
    election: Option<(ElectionKind, i16)>,
    region: Option<String>,
    kind: Jenis,
    valid_until: Option<Date>,
}

impl Source {
    fn of_entry(document: &Document, entry: &Entry, topics: &[Topic]) -> Source {
        let topic = entry.fields.topik.as_deref().unwrap_or_default();
        let topic_name =
            topics.iter().find(|known| known.id == topic).map_or(topic, |known| known.nama.as_str());
        Source {
            question: entry.title.clone(),
            phrasings: entry.phrasings.clone(),
            heading: entry.heading.clone(),
            title: format!("{} {topic_name}", document.title),
            body: entry.body(),
            source: source_text(entry),
            election: entry.fields.pemilihan.as_deref().and_then(query::election_of_id),
            region: entry.fields.wilayah.clone(),
            kind: entry.jenis,
            valid_until: entry.fields.berlaku_sampai,
        }
    }

    /// A stage answers one question: when it is.
    fn of_stage(timeline: &Timeline, stage: &Stage) -> Source {
        let mut names: Vec<&str> =
            std::iter::once(&stage.nama).chain(&stage.sebutan).map(String::as_str).collect();
        names.dedup();
        let mut phrasings: Vec<String> = names
            .iter()
            .flat_map(|name| {
                [
                    format!("tanggal berapa {name} {}", timeline.nama),
                    format!("jadwal {name} {} dari tanggal berapa sampai tanggal berapa", timeline.nama),
                ]
            })
            .collect();
        if stage.id == VOTING_STAGE {
            phrasings.extend(timeline.sebutan.iter().map(|name| format!("kapan {name}")));
        }
        Source {
            question: format!("Kapan {} {}?", stage.nama, timeline.nama),
            phrasings,
            heading: String::new(),
            title: format!("jadwal tahapan {}", timeline.nama),
            body: stage.catatan.clone().unwrap_or_default(),
            source: stage.dasar_hukum.clone().unwrap_or_default(),
            election: Some((timeline.jenis, timeline.tahun)),
            region: stage.wilayah.clone().or_else(|| timeline.wilayah.clone()),
            kind: Jenis::Faq,
            valid_until: None,
        }
    }
}

fn source_text(entry: &Entry) -> String {
    let fields = &entry.fields;
    let mut text = fields.dasar_hukum.clone().unwrap_or_default();
    for source in &fields.sumber {
        text.push(' ');
        text.push_str(&source.title);
    }
    text
}

/// Content stems only: weak words would add noise and cost, and never decide.
fn pretokenized(analysis: &Analysis) -> PreTokenizedString {
    let tokens = analysis
        .content()
        .enumerate()
        .map(|(position, word)| Token { position, text: word.stem.clone(), ..Token::default() })
        .collect();
    PreTokenizedString { text: String::new(), tokens }
}
