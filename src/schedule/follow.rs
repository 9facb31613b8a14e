//! Follow-ups: what the question before lends to this one.
//!
//! > kapan kampanye pemilu 2024? – kalau pilkada? – masa tenangnya?
//!
//! What a question says itself always counts more; the earlier one only fills what it leaves out.

use super::Timeline;
use super::elections::{self, Target};
use super::heard::{self, Heard};

/// The question before, or only the election that the conversation is about.
pub(crate) struct Context {
    pub election: Option<String>,
    earlier: Option<Heard>,
    /// Words of the earlier question as they were written.
    written: Vec<String>,
}

impl Context {
    /// `text` is the id of an election or the text of the question before.
    pub(crate) fn new(timelines: &[Timeline], text: &str, office: &str) -> Self {
        if timelines.iter().any(|timeline| timeline.id == text) {
            return Self { election: Some(text.to_owned()), earlier: None, written: Vec::new() };
        }
        let lower = text.to_lowercase();
        let written: Vec<String> =
            lower.split(|sign: char| !sign.is_alphanumeric()).map(str::to_owned).collect();
        let mut earlier = heard::understand(written.iter().map(String::as_str));
        let named = elections::named(timelines, &mut earlier, office).unwrap_or_default();
        let election = named.first().map(|target| target.timeline.id.clone());
        Self { election, earlier: Some(earlier), written }
    }

    /// Callers may append words of the earlier question to the new one; they are taken off again, so that
    /// "kalau pilkada?" is not read as speaking of both elections.
    pub(crate) fn own_words<'a, 'q>(&self, tokens: &'a [&'q str]) -> &'a [&'q str] {
        let lent = |token: &&&str| self.written.iter().any(|word| word == **token);
        let own = tokens.len() - tokens.iter().rev().take_while(lent).count();
        if own == 0 { tokens } else { &tokens[..own] }
    }

    /// Fills what the question leaves out and says which elections it names with that.
    pub(crate) fn named<'t>(
        &self,
        timelines: &'t [Timeline],
        heard: &mut Heard,
        office: &str,
    ) -> Option<Vec<Target<'t>>> {
        let Some(earlier) = &self.earlier else { return elections::named(timelines, heard, office) };
        let names_one = heard.names_election();
        let own_years = !heard.years.is_empty();
        heard.follow(earlier);
        let spoken_of =
            timelines.iter().find(|timeline| self.election.as_deref() == Some(timeline.id.as_str()));
        match spoken_of {
            Some(timeline) if !names_one => Some(vec![Target::new(timeline, 0.9)]),
            _ => match elections::named(timelines, heard, office) {
                // The other kind was not held in that year: which one is meant then follows from today.
                Some(none) if none.is_empty() && !own_years => {
                    heard.years.clear();
                    elections::named(timelines, heard, office)
                }
                found => found,
            },
        }
    }
}
