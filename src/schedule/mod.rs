//! Tahapan: the timelines of elections as data, and what they say on a given day.
//!
//! Pure: dates and `today` are arguments. Whether a stage is past, current or future is always computed;
//! only `proyeksi` and `tergantikan` are stored.
//!
//! `parse` reads one timeline file, `time` says what is past and what comes next, `ask` understands a
//! question about time and collects the values of its answer. The sentences are in `answer::timeline`.

pub mod ask;
mod elections;
mod facts;
mod follow;
mod heard;
mod matching;
pub mod parse;
pub mod regions;
mod time;
mod words;

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::ask::{Question, ScheduleAnswer, ask, candidates, entry, entry_ids, overview};
pub use self::parse::parse;
pub use self::time::{Phase, days_until, next_after, phase, running_on};

use crate::knowledge::Source;

/// Version of the sentences in `answer::timeline`. It stands here because the version of an answer names
/// both the sentences and the values, and `answer` depends on `schedule`, not the reverse.
/// Raise it whenever a sentence changes.
pub const TEMPLATE_VERSION: &str = "tahapan-2";

/// Id of the stage in which votes are cast, in every timeline.
pub const VOTING_STAGE: &str = "pemungutan-suara";

/// Groups of stages, in the order of an election.
pub const KELOMPOK: [&str; 9] = [
    "persiapan",
    "data-pemilih",
    "peserta",
    "pencalonan",
    "kampanye",
    "dana-kampanye",
    "pemungutan",
    "hasil",
    "pelantikan",
];

/// When a stage happens. "No fixed date" is a value, not a missing field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageTime {
    /// One day.
    Hari(Date),
    /// First and last day, both included.
    Rentang(Date, Date),
    /// A deadline: that day at the latest.
    PalingLambat(Date),
    /// From that day on, no end stated.
    Sejak(Date),
    /// A rule in words, such as "paling lama 5 hari setelah salinan putusan MK diterima".
    Aturan(String),
    /// A projected window that no authority has set. Days are never counted to it.
    Jendela(Date, Date),
}

/// The two states that are stored because no date can tell them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoredStatus {
    /// Computed from rules, not decided by an authority.
    Proyeksi,
    /// An earlier schedule that was replaced and never happened.
    Tergantikan,
}

/// Pemilu elects president and parliaments; pilkada (in law: Pemilihan) elects heads of regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ElectionKind {
    Pemilu,
    Pilkada,
}

/// One step of an election.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Stable within its election, such as `kampanye`.
    pub id: String,
    pub nama: String,
    /// Other names people use for it.
    pub sebutan: Vec<String>,
    pub kelompok: String,
    pub time: StageTime,
    /// A remark that is shown with the dates.
    pub catatan: Option<String>,
    /// What a citizen can do in it.
    #[serde(default)]
    pub warga: Option<String>,
    /// Who acts.
    #[serde(default)]
    pub pelaku: Option<String>,
    /// Region code; none means everywhere the election is held.
    pub wilayah: Option<String>,
    pub dasar_hukum: Option<String>,
    pub rujukan: Vec<String>,
    /// Its own sources; empty means those of the election.
    pub sumber: Vec<Source>,
    pub status: Option<StoredStatus>,
    pub line: usize,
    /// Words of its names in their one form, made once by `parse`.
    #[serde(skip)]
    pub(crate) keys: Vec<Vec<String>>,
}

/// One election with its stages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Such as `pemilu-2024`; knowledge files refer to it with `pemilihan`.
    pub id: String,
    pub nama: String,
    pub jenis: ElectionKind,
    pub tahun: i16,
    pub sebutan: Vec<String>,
    pub hari_pemungutan: Option<Date>,
    /// What is known about the day while it is not set.
    pub ketentuan_waktu: Option<String>,
    pub wilayah: Option<String>,
    pub status: Option<StoredStatus>,
    pub dasar_hukum: Option<String>,
    pub diperiksa: Option<Date>,
    pub sumber: Vec<Source>,
    pub stages: Vec<Stage>,
    /// File it came from, and line of its table.
    pub path: String,
    pub line: usize,
    /// First 16 hex digits of SHA-256 over the canonical JSON of its content.
    pub version: String,
    /// Words of its names in their one form, made once by `parse`.
    #[serde(skip)]
    pub(crate) keys: Vec<Vec<String>>,
}

impl Timeline {
    /// The stage with that id.
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// Version of every answer that is made from this timeline: sentences and values together.
    pub fn answer_version(&self) -> String {
        short_hash(&format!("{TEMPLATE_VERSION}\n{}", self.version))
    }

    /// The version that the content has: file, lines and the version field itself do not count.
    pub(crate) fn content_version(&self) -> String {
        let mut content = self.clone();
        content.path.clear();
        content.version.clear();
        content.line = 0;
        for stage in &mut content.stages {
            stage.line = 0;
        }
        // By way of `Value`, so that keys are ordered and not as the struct happens to list them.
        let canonical = serde_json::to_value(&content).map(|value| value.to_string());
        short_hash(&canonical.expect("a timeline holds only strings, numbers, lists and dates"))
    }
}

/// First 16 hex digits of SHA-256.
fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
