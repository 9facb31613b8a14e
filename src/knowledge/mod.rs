//! Knowledge files: what staff write, as plain values.
//!
//! `read` is the only part that touches the disk; `parse` turns the text of one file into a [`Document`];
//! `check` looks at all documents together. Nothing here knows search, the store or a door.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The kind of a document, key `jenis`. Decides how an expired text is introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Jenis {
    Faq,
    #[default]
    Rilis,
    Klarifikasi,
    Panduan,
    Regulasi,
}

/// Where a statement comes from, key `sumber`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    pub title: String,
    pub url: Option<String>,
    pub date: Option<Date>,
}

/// The fields that a document sets for all its entries and an entry may set for itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fields {
    /// Topic id, as listed in `topik.toml`.
    pub topik: Option<String>,
    /// Region code, such as `72` or `72.71`; none means national.
    pub wilayah: Option<String>,
    /// Election id of the timelines, such as `pilkada-2024`.
    pub pemilihan: Option<String>,
    /// First day on which the rule applies.
    pub berlaku_mulai: Option<Date>,
    /// Last day on which the rule applies; after it the text is history.
    pub berlaku_sampai: Option<Date>,
    /// Day on which staff last compared the text with its source.
    pub diperiksa: Option<Date>,
    /// Day on which staff want to look at it again.
    pub tinjau_ulang: Option<Date>,
    pub dasar_hukum: Option<String>,
    /// Codes of the facts that the text rests on.
    pub rujukan: Vec<String>,
    pub sumber: Vec<Source>,
    /// Figures that other entries may repeat, as key and value; two live entries must agree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fakta: Vec<(String, String)>,
}

/// One answerable unit: a FAQ question with its answer, or one passage of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// `<doc>#<key>`; buttons, feedback and the log refer to it.
    pub id: String,
    /// First 16 hex digits of SHA-256 over the canonical JSON of this entry's content.
    pub version: String,
    /// The question, or the title of the release.
    pub title: String,
    /// The heading of a passage within a release; empty in a FAQ.
    pub heading: String,
    /// Other ways in which people ask this.
    pub phrasings: Vec<String>,
    /// The first paragraph: the answer in short. Text as staff wrote it (simple Markdown).
    pub short: String,
    /// What follows the first paragraph, as written; may be empty.
    pub details: String,
    /// The document's fields with this entry's own laid over them.
    pub fields: Fields,
    pub jenis: Jenis,
    /// 1-based line of the heading in its file.
    pub line: usize,
}

/// One knowledge file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Key `id`, or the path below its folder without extension, with `/` between parts.
    pub id: String,
    /// Path as shown to staff (folder and file name).
    pub path: String,
    pub title: String,
    pub jenis: Jenis,
    pub fields: Fields,
    /// Ids of the entries or documents that this one supersedes, each with its line.
    pub menggantikan: Vec<(String, usize)>,
    pub entries: Vec<Entry>,
}

/// A topic that citizens can browse, from `topik.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    pub id: String,
    pub nama: String,
    /// Which menu shows it: `tahapan` (voting and stages) or `hak` (information rights).
    pub kelompok: String,
}

/// How bad a [`Problem`] is. An error keeps the file (or the entry) from being used; a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// Something staff should mend: where, what, and the way out, in Indonesian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub path: String,
    /// 1-based; 1 when the whole file is meant.
    pub line: usize,
    pub severity: Severity,
    pub message: String,
}

impl Problem {
    pub fn error(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, severity: Severity::Error, message: message.into() }
    }

    pub fn warning(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, severity: Severity::Warning, message: message.into() }
    }
}

/// `file:line: error|warning: message`
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}:{}: {word}: {}", self.path, self.line, self.message)
    }
}

pub mod check;
mod editorial;
mod fields;
pub mod parse;
pub mod read;
pub mod registers;

/// `Cara mengurus pindah memilih?` -> `cara-mengurus-pindah-memilih`: the default key of a heading.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.char_indices().nth(60).map_or(out.len(), |(i, _)| i));
    let trimmed = out.trim_end_matches('-');
    if trimmed.is_empty() { "isi".to_owned() } else { trimmed.to_owned() }
}

/// First 16 hex digits of SHA-256 over the value's canonical JSON (object keys sorted).
pub fn version_of<T: Serialize>(value: &T) -> String {
    use sha2::{Digest, Sha256};
    // `serde_json::Value` keeps objects in a BTreeMap, so keys come out sorted.
    let canonical = serde_json::to_value(value).map(|v| v.to_string()).unwrap_or_default();
    let digest = Sha256::digest(canonical.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Entry {
    /// Short answer and details as one text, exactly as written.
    pub fn body(&self) -> String {
        if self.details.is_empty() {
            self.short.clone()
        } else {
            format!("{}\n\n{}", self.short, self.details)
        }
    }

    /// The content that the version stands for: everything but the place in the file.
    pub fn with_version(mut self) -> Self {
        let line = std::mem::take(&mut self.line);
        self.version = String::new();
        self.version = version_of(&self);
        self.line = line;
        self
    }
}
