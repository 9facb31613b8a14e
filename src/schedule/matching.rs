//! Which stage of an election a question names, and how much of the question that explains.

use super::elections::Target;
use super::heard::{self, Heard};
use super::{Stage, Timeline, regions};

/// A stage that the question names in one of the targets.
pub(crate) struct Match<'t> {
    pub timeline: &'t Timeline,
    pub stage: &'t Stage,
    /// How well the words fit, before the election is weighed.
    pub fit: f32,
    pub confidence: f32,
}

/// The best stage of each target.
pub(crate) fn match_all<'t>(targets: &[Target<'t>], heard: &Heard, office: &str) -> Vec<Match<'t>> {
    let mut found: Vec<Match> = Vec::new();
    for target in targets {
        let in_year = |stage: &Stage| {
            let days = [stage.time.first_day(), stage.time.last_day()];
            days.into_iter().flatten().any(|day| heard.years.contains(&day.year()))
        };
        let stages = target.timeline.stages.iter().filter(|stage| !target.year_of_stage || in_year(stage));
        let mut best: Option<((Words, i8), &Stage, f32)> = None;
        let mut tie = false;
        for stage in stages {
            let Some((place, place_factor)) = place_of(stage, heard, office) else { continue };
            let Some((words, fit)) = fit_of(stage, heard) else { continue };
            let rank = (words, place);
            let fit = fit * if words.telling >= 2 { place_factor.max(0.85) } else { place_factor };
            match &best {
                Some((known, ..)) if rank < *known => {}
                Some((known, ..)) if rank == *known => tie = true,
                _ => {
                    tie = false;
                    best = Some((rank, stage, fit));
                }
            }
        }
        if let Some((_, stage, fit)) = best {
            let fit = if tie { fit * 0.7 } else { fit };
            if !found.iter().any(|known| known.timeline.id == target.timeline.id) {
                found.push(Match { timeline: target.timeline, stage, fit, confidence: target.base * fit });
            }
        }
    }
    found
}

/// Region preference: `None` when the stage belongs elsewhere, otherwise rank and factor.
fn place_of(stage: &Stage, heard: &Heard, office: &str) -> Option<(i8, f32)> {
    match (stage.wilayah.as_deref(), heard.region) {
        (None, None) => Some((2, 1.0)),
        // Regions swore in on days of their own where a dispute or a repeated vote came between.
        (None, Some(_)) if stage.kelompok == "pelantikan" => Some((1, 0.8)),
        (None, Some(_)) => Some((1, 0.97)),
        // The more exact the region, the better it fits the one that was named.
        (Some(own), Some(asked)) if regions::within(asked, own) => {
            Some((if own == asked { 3 } else { 2 }, 1.0))
        }
        (Some(own), Some(asked)) if regions::within(own, asked) => Some((0, 0.6)),
        (Some(own), None) if regions::within(office, own) => Some((1, 0.8)),
        (Some(own), None) if regions::within(own, office) => Some((0, 0.6)),
        _ => None,
    }
}

/// How many words of a name a question has. In the order of their weight: the more, the better the name fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Words {
    /// Telling words that the question says itself, not one that the question before lends.
    own: usize,
    telling: usize,
    plain: usize,
}

/// The stage's best name for this question, and the share of the question that the name explains.
fn fit_of(stage: &Stage, heard: &Heard) -> Option<(Words, f32)> {
    let mut best: Option<(Words, f32)> = None;
    for name in &stage.keys {
        if !name.iter().all(|word| heard.words.contains(word)) {
            continue;
        }
        let telling = name.iter().filter(|word| heard::is_telling(word));
        let own = telling.clone().filter(|word| heard.rest.contains(word)).count();
        let telling = telling.count();
        // "tahapan dimulai" consists of plain words only; one such word would fit anything.
        if telling == 0 && name.len() < 2 {
            continue;
        }
        let found = (
            Words { own, telling, plain: name.len() - telling },
            factor_of(&heard.rest, name, &stage.kelompok),
        );
        if best.is_none_or(|known| found > known) {
            best = Some(found);
        }
    }
    best
}

/// What is left of the confidence after the words that nothing explains.
pub(crate) fn factor_of(rest: &[String], name: &[String], kelompok: &str) -> f32 {
    let mut factor = 1.0;
    for word in rest.iter().filter(|word| !name.contains(word)) {
        // "anggota DPR hasil pemilu 2024", "presiden terpilih": whoever takes office has been elected.
        let elected = matches!(word.as_str(), "hasil" | "terpilih" | "menang") && kelompok == "pelantikan";
        factor *= if elected { 1.0 } else { heard::leftover_factor(word) };
    }
    factor
}
