//! Elections and stages as far as an answer shows them: values taken from a timeline and computed for a day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    ElectionKind, Phase, Stage, StageTime, StoredStatus, Timeline, VOTING_STAGE, days_until, regions,
};
use crate::knowledge::Source;

/// An election as far as an answer shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElectionFacts {
    pub id: String,
    pub nama: String,
    pub jenis: ElectionKind,
    pub hari_pemungutan: Option<Date>,
    pub voting_time: StageTime,
    pub ketentuan_waktu: Option<String>,
    pub wilayah: Option<String>,
    pub projected: bool,
    pub replaced: bool,
    /// Everything known about it lies behind.
    pub over: bool,
    pub dasar_hukum: Option<String>,
    pub diperiksa: Option<Date>,
    pub sumber: Vec<Source>,
}

/// A stage as far as an answer shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageFacts {
    /// `tahapan:<election>/<stage>`
    pub entry: String,
    pub id: String,
    pub nama: String,
    /// Name of its election.
    pub election: String,
    pub time: StageTime,
    pub phase: Phase,
    pub catatan: Option<String>,
    pub warga: Option<String>,
    pub pelaku: Option<String>,
    /// Name of the region, if it is not the whole election.
    pub wilayah: Option<String>,
    pub dasar_hukum: Option<String>,
    pub sumber: Vec<Source>,
    pub projected: bool,
    pub replaced: bool,
    /// Days until it begins (or falls due) when it is to come, until its last day when it runs,
    /// since its last day when it is past. Never set for a window that nobody has decided.
    pub days: Option<i64>,
    pub length_days: Option<i64>,
}

/// The stage in which votes are cast; made from the election's own fields when the file has no such stage.
pub(crate) fn voting_facts(timeline: &Timeline, today: Date) -> StageFacts {
    if let Some(stage) = timeline.stage(VOTING_STAGE) {
        return stage_facts(timeline, stage, today);
    }
    let stage = Stage {
        id: VOTING_STAGE.to_owned(),
        nama: "Pemungutan suara".to_owned(),
        sebutan: Vec::new(),
        kelompok: "pemungutan".to_owned(),
        time: timeline.voting_time(),
        catatan: None,
        warga: None,
        pelaku: None,
        wilayah: None,
        dasar_hukum: timeline.dasar_hukum.clone(),
        rujukan: Vec::new(),
        sumber: Vec::new(),
        status: timeline.status,
        line: timeline.line,
        keys: Vec::new(),
    };
    stage_facts(timeline, &stage, today)
}

pub(crate) fn is_projected(timeline: &Timeline) -> bool {
    timeline.status == Some(StoredStatus::Proyeksi)
}

pub(crate) fn stage_facts(timeline: &Timeline, stage: &Stage, today: Date) -> StageFacts {
    let phase = timeline.phase_of(stage, today);
    let window = matches!(stage.time, StageTime::Jendela(..));
    let days = match phase {
        Phase::Future => stage.time.first_day().map(|day| days_until(today, day)),
        Phase::Current => stage.time.last_day().map(|day| days_until(today, day)),
        Phase::Past => stage.time.last_day().map(|day| days_until(day, today)),
        Phase::Unknown => None,
    };
    StageFacts {
        entry: format!("tahapan:{}/{}", timeline.id, stage.id),
        id: stage.id.clone(),
        nama: stage.nama.clone(),
        election: timeline.nama.clone(),
        time: stage.time.clone(),
        phase,
        catatan: stage.catatan.clone(),
        warga: stage.warga.clone(),
        pelaku: stage.pelaku.clone(),
        wilayah: stage.wilayah.as_deref().map(regions::name),
        dasar_hukum: stage.dasar_hukum.clone(),
        sumber: stage.sumber.clone(),
        projected: window || stage.status == Some(StoredStatus::Proyeksi) || is_projected(timeline),
        replaced: timeline.is_replaced() || stage.status == Some(StoredStatus::Tergantikan),
        days: days.filter(|_| !window),
        length_days: stage.time.length_days(),
    }
}

pub(crate) fn election_facts(timeline: &Timeline, today: Date) -> ElectionFacts {
    ElectionFacts {
        id: timeline.id.clone(),
        nama: timeline.nama.clone(),
        jenis: timeline.jenis,
        hari_pemungutan: timeline.hari_pemungutan,
        voting_time: timeline.voting_time(),
        ketentuan_waktu: timeline.ketentuan_waktu.clone(),
        wilayah: timeline.wilayah.as_deref().map(regions::name),
        projected: is_projected(timeline),
        replaced: timeline.is_replaced(),
        over: timeline.is_over(today),
        dasar_hukum: timeline.dasar_hukum.clone(),
        diperiksa: timeline.diperiksa,
        sumber: timeline.sumber.clone(),
    }
}
