//! How often one visitor may ask on the page: a fixed window per address, in memory.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);
const PER_WINDOW: u32 = 40;
/// Addresses remembered; beyond it the table starts anew rather than grow.
const MOST: usize = 10_000;

#[derive(Default)]
pub struct Limit(Mutex<HashMap<IpAddr, (Instant, u32)>>);

impl Limit {
    /// Counts a request; false when this address has had its share of the minute.
    pub fn allows(&self, address: IpAddr, now: Instant) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
            if seen.len() >= MOST {
                seen.clear();
            }
        }
        let (since, count) = seen.entry(address).or_insert((now, 0));
        if now.duration_since(*since) >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= PER_WINDOW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_a_minute() {
        let limit = Limit::default();
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let start = Instant::now();
        assert!((0..PER_WINDOW).all(|_| limit.allows(one, start)));
        assert!(!limit.allows(one, start));
        assert!(limit.allows(other, start));
        assert!(limit.allows(one, start + WINDOW));
    }
}
