//! Counters of the running process, for /status and /metrics. Plain atomics: counting never waits and never fails.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;

use crate::conversation::OutcomeKind;

/// Upper bounds of the latency histogram, in microseconds.
const BOUNDS_US: [u64; 10] = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 250_000];

/// How a send ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    Ok,
    /// Asked to wait.
    Throttled,
    /// 5xx, timeout, broken connection.
    Temporary,
    /// Blocked, gone, refused for good.
    Failed,
}

impl Sent {
    pub const ALL: [Sent; 4] = [Sent::Ok, Sent::Throttled, Sent::Temporary, Sent::Failed];

    pub fn name(self) -> &'static str {
        match self {
            Sent::Ok => "ok",
            Sent::Throttled => "throttled",
            Sent::Temporary => "temporary",
            Sent::Failed => "failed",
        }
    }
}

/// Counts since the process started.
#[derive(Debug)]
pub struct Figures {
    pub started: Instant,
    outcomes: [AtomicU64; OutcomeKind::ALL.len()],
    latency: [AtomicU64; BOUNDS_US.len() + 1],
    latency_sum_us: AtomicU64,
    sends: [AtomicU64; Sent::ALL.len()],
    /// Milliseconds since the epoch of the last successful answer by Telegram; 0: never.
    contact_ms: AtomicI64,
    /// When the live knowledge was published, and how long its index took.
    published_ms: AtomicI64,
    index_us: AtomicU64,
    /// Doors that are open, by name, with a word on how.
    doors: Mutex<BTreeMap<&'static str, String>>,
}

impl Default for Figures {
    fn default() -> Self {
        Figures {
            started: Instant::now(),
            outcomes: Default::default(),
            latency: Default::default(),
            latency_sum_us: AtomicU64::new(0),
            sends: Default::default(),
            contact_ms: AtomicI64::new(0),
            published_ms: AtomicI64::new(0),
            index_us: AtomicU64::new(0),
            doors: Mutex::new(BTreeMap::new()),
        }
    }
}

/// The latency histogram: counts of answers at most so many microseconds, cumulative; count and sum of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    pub at_most_us: Vec<(u64, u64)>,
    pub count: u64,
    pub sum_us: u64,
}

impl Figures {
    pub fn question(&self, kind: OutcomeKind, latency_us: u64) {
        self.outcomes[kind as usize].fetch_add(1, Ordering::Relaxed);
        let place = BOUNDS_US.iter().position(|bound| latency_us <= *bound).unwrap_or(BOUNDS_US.len());
        self.latency[place].fetch_add(1, Ordering::Relaxed);
        self.latency_sum_us.fetch_add(latency_us, Ordering::Relaxed);
    }

    pub fn sent(&self, how: Sent) {
        self.sends[how as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub fn contact(&self, now_ms: i64) {
        self.contact_ms.store(now_ms, Ordering::Relaxed);
    }

    pub fn last_contact_ms(&self) -> Option<i64> {
        Some(self.contact_ms.load(Ordering::Relaxed)).filter(|ms| *ms > 0)
    }

    pub fn published(&self, now_ms: i64, took: std::time::Duration) {
        self.published_ms.store(now_ms, Ordering::Relaxed);
        self.index_us.store(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// When the live knowledge was published (milliseconds since the epoch), and what its index took (microseconds).
    pub fn publication(&self) -> (i64, u64) {
        (self.published_ms.load(Ordering::Relaxed), self.index_us.load(Ordering::Relaxed))
    }

    pub fn open_door(&self, name: &'static str, how: String) {
        self.doors.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(name, how);
    }

    pub fn doors(&self) -> Vec<(&'static str, String)> {
        let doors = self.doors.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        doors.iter().map(|(name, how)| (*name, how.clone())).collect()
    }

    pub fn outcomes(&self) -> impl Iterator<Item = (OutcomeKind, u64)> {
        OutcomeKind::ALL.into_iter().map(|kind| (kind, self.outcomes[kind as usize].load(Ordering::Relaxed)))
    }

    pub fn sends(&self) -> impl Iterator<Item = (Sent, u64)> {
        Sent::ALL.into_iter().map(|how| (how, self.sends[how as usize].load(Ordering::Relaxed)))
    }

    pub fn latency(&self) -> Histogram {
        let counts: Vec<u64> = self.latency.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        let mut sum = 0;
        let at_most_us = BOUNDS_US
            .iter()
            .zip(&counts)
            .map(|(bound, count)| {
                sum += count;
                (*bound, sum)
            })
            .collect();
        Histogram {
            at_most_us,
            count: counts.iter().sum(),
            sum_us: self.latency_sum_us.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_histogram_is_cumulative() {
        let figures = Figures::default();
        for latency in [10, 80, 90, 400, 1_000_000] {
            figures.question(OutcomeKind::Answer, latency);
        }
        let histogram = figures.latency();
        assert_eq!(histogram.at_most_us[..4], [(50, 1), (100, 3), (200, 3), (500, 4)]);
        assert_eq!((histogram.count, histogram.sum_us), (5, 1_000_580));
        assert_eq!(figures.outcomes().next(), Some((OutcomeKind::Answer, 5)));
    }
}
