//! What the "Coba" page shows of a visit so far: the last exchanges of each session, in memory only.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Exchanges shown of one visit.
const PER_SESSION: usize = 12;
/// A visit is forgotten after this time without a question.
const KEEP: Duration = Duration::from_secs(1_800);
/// Visits remembered at once; beyond it the longest idle one goes.
const MOST: usize = 2_000;

/// Exchanges by session id. A restart forgets them: the conversation's own state stands in the store.
pub struct Talks<T>(Mutex<HashMap<String, (Instant, Vec<T>)>>);

impl<T> Default for Talks<T> {
    fn default() -> Self {
        Talks(Mutex::new(HashMap::new()))
    }
}

impl<T: Clone> Talks<T> {
    /// Adds an exchange; what the session shows now, oldest first.
    pub fn add(&self, session: &str, exchange: T, now: Instant) -> Vec<T> {
        let mut talks = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        talks.retain(|_, (last, _)| now.duration_since(*last) < KEEP);
        if talks.len() >= MOST && !talks.contains_key(session) {
            let idle = talks.iter().min_by_key(|(_, (last, _))| *last).map(|(id, _)| id.clone());
            if let Some(idle) = idle {
                talks.remove(&idle);
            }
        }
        let (last, exchanges) = talks.entry(session.to_owned()).or_insert((now, Vec::new()));
        *last = now;
        exchanges.push(exchange);
        if exchanges.len() > PER_SESSION {
            exchanges.remove(0);
        }
        exchanges.clone()
    }

    /// What the session has shown so far.
    pub fn of(&self, session: &str, now: Instant) -> Vec<T> {
        let talks = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let fresh = talks.get(session).filter(|(last, _)| now.duration_since(*last) < KEEP);
        fresh.map(|(_, exchanges)| exchanges.clone()).unwrap_or_default()
    }

    pub fn forget(&self, session: &str) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_shows_its_last_exchanges_and_is_forgotten() {
        let talks = Talks::default();
        let start = Instant::now();
        let mut shown = Vec::new();
        for number in 0..PER_SESSION + 3 {
            shown = talks.add("a", number, start);
        }
        assert_eq!((shown.len(), shown[0]), (PER_SESSION, 3));
        assert_eq!(talks.of("b", start), Vec::<usize>::new());
        talks.forget("a");
        assert_eq!(talks.of("a", start), Vec::<usize>::new());
        talks.add("a", 1, start);
        assert_eq!(talks.of("a", start + KEEP), Vec::<usize>::new(), "an idle visit is gone");
        talks.add("b", 2, start + KEEP);
        assert_eq!(talks.of("a", start), Vec::<usize>::new(), "and forgotten");
    }
}
