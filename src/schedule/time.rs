//! What is past, current and next on a given day. Pure functions over [`Timeline`] values.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Stage, StageTime, StoredStatus, Timeline, VOTING_STAGE};

/// Where a day stands relative to a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    Past,
    Current,
    Future,
    /// The stage has no date, so nobody can tell.
    Unknown,
}

/// Phase of a stage on its own. `Sejak` has no end here; [`Timeline::phase_of`] knows when its election is over.
pub fn phase(time: &StageTime, today: Date) -> Phase {
    match *time {
        StageTime::Hari(day) => between(day, day, today),
        StageTime::Rentang(first, last) | StageTime::Jendela(first, last) => between(first, last, today),
        // Before the deadline nothing has to be running yet; only its last day is sure.
        StageTime::PalingLambat(day) => between(day, day, today),
        StageTime::Sejak(day) if today < day => Phase::Future,
        StageTime::Sejak(_) => Phase::Current,
        StageTime::Aturan(_) => Phase::Unknown,
    }
}

fn between(first: Date, last: Date, today: Date) -> Phase {
    if today < first {
        Phase::Future
    } else if today > last {
        Phase::Past
    } else {
        Phase::Current
    }
}

/// Whole days from `today` to `day`; negative when it is behind.
pub fn days_until(today: Date, day: Date) -> i64 {
    // Dates of four-digit years: the difference in days is always representable.
    today.until(day).map_or(0, |span| i64::from(span.get_days()))
}

impl StageTime {
    /// First day on which something happens or is due.
    pub fn first_day(&self) -> Option<Date> {
        match *self {
            Self::Hari(day) | Self::PalingLambat(day) | Self::Sejak(day) => Some(day),
            Self::Rentang(first, _) | Self::Jendela(first, _) => Some(first),
            Self::Aturan(_) => None,
        }
    }

    /// Last day that is known.
    pub fn last_day(&self) -> Option<Date> {
        match *self {
            Self::Rentang(_, last) | Self::Jendela(_, last) => Some(last),
            _ => self.first_day(),
        }
    }

    /// How many days it takes, both ends counted, where start and end are fixed.
    pub fn length_days(&self) -> Option<i64> {
        match *self {
            Self::Hari(_) => Some(1),
            Self::Rentang(first, last) => Some(days_until(first, last) + 1),
            _ => None,
        }
    }
}

impl Timeline {
    /// Was this schedule replaced before it could happen?
    pub fn is_replaced(&self) -> bool {
        self.status == Some(StoredStatus::Tergantikan)
    }

    /// Last day of the election as far as dates are known.
    pub fn last_day(&self) -> Option<Date> {
        self.stages.iter().filter_map(|stage| stage.time.last_day()).chain(self.hari_pemungutan).max()
    }

    /// First dated day of the election.
    pub fn first_day(&self) -> Option<Date> {
        self.stages.iter().filter_map(|stage| stage.time.first_day()).chain(self.hari_pemungutan).min()
    }

    /// When votes are cast, as far as it is known: the date, the stage's time, or the rule in words.
    pub fn voting_time(&self) -> StageTime {
        match (self.hari_pemungutan, self.stage(VOTING_STAGE)) {
            (Some(day), _) => StageTime::Hari(day),
            (None, Some(stage)) => stage.time.clone(),
            (None, None) => StageTime::Aturan(self.ketentuan_waktu.clone().unwrap_or_default()),
        }
    }

    /// Have votes been cast before `today`? Without any date the year decides.
    pub fn voting_is_over(&self, today: Date) -> bool {
        match self.voting_time().last_day() {
            Some(day) => day < today,
            None => self.tahun < today.year(),
        }
    }

    /// Is everything that is known about this election behind us?
    pub fn is_over(&self, today: Date) -> bool {
        self.voting_is_over(today) && self.last_day().is_none_or(|day| day < today)
    }

    /// Sorts elections by when votes are cast.
    pub(crate) fn order(&self) -> Date {
        self.voting_time().first_day().unwrap_or_else(|| Date::constant(self.tahun.clamp(1, 9999), 1, 1))
    }

    /// Phase of one of this election's stages; what began "since" a day ends with the election.
    pub fn phase_of(&self, stage: &Stage, today: Date) -> Phase {
        match phase(&stage.time, today) {
            Phase::Current if matches!(stage.time, StageTime::Sejak(_)) && self.is_over(today) => Phase::Past,
            found => found,
        }
    }
}

/// Stages that run on `today`, in all elections that were not replaced. Projected windows do not count:
/// nobody has decided that anything happens in them.
pub fn running_on(timelines: &[Timeline], today: Date) -> Vec<(&Timeline, &Stage)> {
    stages(timelines)
        .filter(|(timeline, stage)| timeline.phase_of(stage, today) == Phase::Current)
        .filter(|(_, stage)| !matches!(stage.time, StageTime::Jendela(..)))
        .collect()
}

/// Dated stages that are still to come, soonest first.
pub fn next_after(timelines: &[Timeline], today: Date) -> Vec<(&Timeline, &Stage)> {
    let mut found: Vec<_> = stages(timelines)
        .filter(|(timeline, stage)| timeline.phase_of(stage, today) == Phase::Future)
        .filter(|(_, stage)| !matches!(stage.time, StageTime::Jendela(..)))
        .collect();
    found.sort_by_key(|(_, stage)| stage.time.first_day());
    found
}

fn stages(timelines: &[Timeline]) -> impl Iterator<Item = (&Timeline, &Stage)> {
    timelines
        .iter()
        .filter(|timeline| !timeline.is_replaced())
        .flat_map(|timeline| timeline.stages.iter().map(move |stage| (timeline, stage)))
        .filter(|(_, stage)| stage.status != Some(StoredStatus::Tergantikan))
}
