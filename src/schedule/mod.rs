//! Tahapan: the timelines of elections as data, and what they say on a given day.
//!
//! Pure: dates and `today` are arguments. Whether a stage is past, current or future is always computed;
//! only `proyeksi` and `tergantikan` are stored.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::knowledge::Source;

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
    /// Region code; none means everywhere the election is held.
    pub wilayah: Option<String>,
    pub dasar_hukum: Option<String>,
    pub rujukan: Vec<String>,
    pub status: Option<StoredStatus>,
    pub line: usize,
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
}
