//! Entries and timeline answers to replies, and replies to plain text.

use jiff::civil::Date;

use super::candidates::{Candidate, Target};
use super::{dates, timeline};
use crate::conversation::{Block, Reply, SourceLine};
use crate::knowledge::{Entry, Jenis};
use crate::library::Library;

/// A reply without buttons, and what the log keeps of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    pub reply: Reply,
    pub entry: String,
    pub version: String,
    pub topic: Option<String>,
    /// The rule or schedule lies in the past.
    pub historical: bool,
    pub valid_until: Option<Date>,
}

/// What a candidate shows; none when its entry is gone.
pub fn candidate_reply(library: &Library, candidate: &Candidate, today: Date) -> Option<Rendered> {
    match &candidate.target {
        Target::Entry(id) => library.entry(id).map(|entry| entry_reply(library, entry, today)),
        Target::Timeline(answer) => {
            let text = timeline::render(answer);
            let mut blocks = vec![Block::Heading(answer.title.clone()), Block::Short(text.short)];
            if !text.details.is_empty() {
                blocks.push(Block::Details(text.details));
            }
            if let Some(validity) = text.validity {
                blocks.push(Block::Validity(validity));
            }
            if !text.sources.is_empty() {
                blocks.push(Block::Sources(text.sources));
            }
            Some(Rendered {
                reply: Reply { blocks, buttons: Vec::new() },
                entry: answer.entry.clone(),
                version: answer.version.clone(),
                topic: Some("tahapan".to_owned()),
                historical: answer.historical,
                valid_until: None,
            })
        }
    }
}

/// What an entry shows on a day: past rules are marked as past.
pub fn entry_reply(library: &Library, entry: &Entry, today: Date) -> Rendered {
    let fields = &entry.fields;
    let expired = fields.berlaku_sampai.is_some_and(|last| last < today);
    let successor = library.successor(&entry.id);
    let historical = expired || successor.is_some();
    let mut blocks = Vec::new();
    if let Some(last) = fields.berlaku_sampai.filter(|_| expired) {
        blocks.push(Block::Notice(format!("⏳ Ini keterangan lama: berlaku sampai {}.", dates::long(last))));
    } else if successor.is_some() {
        blocks.push(Block::Notice("⏳ Ini keterangan lama; sudah ada yang menggantikannya.".to_owned()));
    } else if let Some(first) = fields.berlaku_mulai.filter(|first| *first > today) {
        blocks.push(Block::Notice(format!("🗓️ Baru berlaku mulai {}.", dates::long(first))));
    }
    blocks.push(Block::Heading(heading_of(entry)));
    blocks.push(Block::Short(entry.short.clone()));
    if !entry.details.is_empty() {
        blocks.push(Block::Details(entry.details.clone()));
    }
    if let Some(line) = validity_line(entry, today) {
        blocks.push(Block::Validity(line));
    }
    let sources = source_lines(entry);
    if !sources.is_empty() {
        blocks.push(Block::Sources(sources));
    }
    Rendered {
        reply: Reply { blocks, buttons: Vec::new() },
        entry: entry.id.clone(),
        version: entry.version.clone(),
        topic: fields.topik.clone(),
        historical,
        valid_until: fields.berlaku_sampai,
    }
}

fn heading_of(entry: &Entry) -> String {
    match (entry.heading.is_empty(), entry.jenis) {
        (true, _) => entry.title.clone(),
        (false, Jenis::Faq) => entry.heading.clone(),
        (false, _) => format!("{} – {}", entry.title, entry.heading),
    }
}

/// What a button or a list calls the target of a candidate.
pub fn title_of(library: &Library, candidate: &Candidate) -> String {
    match &candidate.target {
        Target::Entry(id) => library.entry(id).map(heading_of).unwrap_or_default(),
        Target::Timeline(answer) => answer.title.clone(),
    }
}

fn validity_line(entry: &Entry, today: Date) -> Option<String> {
    let fields = &entry.fields;
    let mut parts = Vec::new();
    if let Some(law) = &fields.dasar_hukum {
        parts.push(format!("Dasar: {law}"));
    }
    if let Some(last) = fields.berlaku_sampai.filter(|last| *last >= today) {
        parts.push(format!("Berlaku sampai {}", dates::long(last)));
    }
    if let Some(day) = fields.diperiksa {
        parts.push(format!("Diperiksa {}", dates::long(day)));
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn source_lines(entry: &Entry) -> Vec<SourceLine> {
    entry
        .fields
        .sumber
        .iter()
        .map(|source| SourceLine {
            title: source.title.clone(),
            url: source.url.clone(),
            date: source.date.map(|date| date.to_string()),
        })
        .collect()
}

/// Everything a citizen reads in the message as plain text, buttons left out.
pub fn plain(reply: &Reply) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    for block in &reply.blocks {
        paragraphs.push(match block {
            Block::Notice(text)
            | Block::Heading(text)
            | Block::Short(text)
            | Block::Plain(text)
            | Block::Details(text)
            | Block::Validity(text) => text.clone(),
            Block::Sources(sources) => sources.iter().map(source_text).collect::<Vec<_>>().join("\n"),
        });
    }
    paragraphs.join("\n\n")
}

/// `Sumber: PKPU 7/2022 (https://…), 12 Januari 2023`
fn source_text(source: &SourceLine) -> String {
    let mut text = format!("Sumber: {}", source.title);
    if let Some(url) = &source.url {
        text.push_str(&format!(" ({url})"));
    }
    if let Some(date) = source.date.as_deref().and_then(|date| date.parse::<Date>().ok()) {
        text.push_str(&format!(", {}", dates::long(date)));
    }
    text
}
