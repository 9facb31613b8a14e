//! Which election a question means: named by word and year, by turn ("berikutnya", "kemarin"), by the
//! conversation so far, or implied by today.

use jiff::civil::Date;

use super::heard::{Heard, Turn};
use super::{ElectionKind, Timeline, regions};

/// An election that may be meant, with how sure that is before any stage is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'t> {
    pub timeline: &'t Timeline,
    pub base: f32,
    /// The year in the question may be that of the stage (a governor elected 2024 takes office 2025).
    pub year_of_stage: bool,
}

impl<'t> Target<'t> {
    pub(crate) fn new(timeline: &'t Timeline, base: f32) -> Self {
        Self { timeline, base, year_of_stage: false }
    }
}

/// Elections that the question names. `None`: it names none. An empty list: it names one we do not have.
/// The words that named it are taken out of `heard.rest`.
pub(crate) fn named<'t>(
    timelines: &'t [Timeline],
    heard: &mut Heard,
    office: &str,
) -> Option<Vec<Target<'t>>> {
    let fits_year = |timeline: &Timeline| heard.years.is_empty() || heard.years.contains(&timeline.tahun);
    let fits_kind = |timeline: &Timeline| heard.kind.is_none_or(|kind| timeline.jenis == kind);

    if heard.second_round || heard.replaced {
        let found = timelines.iter().filter(|timeline| {
            timeline.is_replaced()
                && fits_year(timeline)
                && fits_kind(timeline)
                && is_second_round(timeline) == heard.second_round
        });
        return Some(found.map(|timeline| Target::new(timeline, 0.9)).collect());
    }

    let mut best: Option<(&Timeline, Vec<String>)> = None;
    for timeline in timelines.iter().filter(|timeline| !timeline.is_replaced()) {
        for name_words in &timeline.keys {
            let has_year =
                name_words.iter().any(|word| heard.years.iter().any(|year| *word == year.to_string()));
            let right_year = has_year || fits_year(timeline);
            let longer = best.as_ref().is_none_or(|(_, known)| name_words.len() > known.len());
            if right_year && longer && name_words.len() >= 2 && contains_run(&heard.words, name_words) {
                best = Some((timeline, name_words.clone()));
            }
        }
    }
    if let Some((timeline, used)) = best {
        heard.rest.retain(|word| !used.contains(word));
        return Some(vec![Target::new(timeline, 0.95)]);
    }

    if !heard.years.is_empty() {
        let eligible: Vec<&Timeline> = timelines
            .iter()
            .filter(|timeline| {
                !timeline.is_replaced() && fits_kind(timeline) && reachable(timeline, heard, office)
            })
            .collect();
        let mut found: Vec<Target> = eligible
            .iter()
            .filter(|timeline| heard.years.contains(&timeline.tahun))
            .map(|timeline| Target::new(timeline, 0.95))
            .collect();
        if heard.kind.is_none() && found.len() > 1 {
            for target in &mut found {
                target.base = 0.5;
            }
        }
        // Asked by stage alone, the year may be the stage's.
        if !heard.election_word {
            let known: Vec<&str> = found.iter().map(|target| target.timeline.id.as_str()).collect();
            let more: Vec<Target> = eligible
                .iter()
                .filter(|timeline| !known.contains(&timeline.id.as_str()))
                .map(|timeline| Target { timeline, base: 0.85, year_of_stage: true })
                .collect();
            found.extend(more);
        }
        return Some(found);
    }
    None
}

/// Are elections of more than one year named? One answer cannot serve them both.
pub(crate) fn several_named(timelines: &[Timeline], heard: &Heard) -> bool {
    let mut years: Vec<i16> = timelines
        .iter()
        .filter(|timeline| heard.kind.is_none_or(|kind| kind == timeline.jenis))
        .map(|timeline| timeline.tahun)
        .filter(|year| heard.years.contains(year))
        .collect();
    years.sort_unstable();
    years.dedup();
    years.len() > 1 && heard.election_word
}

/// The same kind of election with a stage dated in the year that was asked: "PSU pilkada 2025".
pub(crate) fn by_stage_year<'t>(timelines: &'t [Timeline], heard: &Heard, office: &str) -> Vec<Target<'t>> {
    timelines
        .iter()
        .filter(|timeline| !timeline.is_replaced() && reachable(timeline, heard, office))
        .filter(|timeline| heard.kind.is_some_and(|kind| kind == timeline.jenis))
        .map(|timeline| Target { timeline, base: 0.75, year_of_stage: true })
        .collect()
}

/// Elections implied by turn, context or today, best first, for a question about one of their stages.
pub(crate) fn implied<'t>(
    timelines: &'t [Timeline],
    heard: &Heard,
    context: Option<&str>,
    office: &str,
    today: Date,
) -> Vec<Target<'t>> {
    let fits = |timeline: &Timeline| heard.kind.is_none_or(|kind: ElectionKind| kind == timeline.jenis);
    match heard.turn {
        Some(Turn::Next) => {
            return upcoming(timelines, heard, office, today)
                .into_iter()
                .take(1)
                .map(|timeline| Target::new(timeline, 0.9))
                .collect();
        }
        Some(Turn::Last) => {
            return last_held(timelines, heard, office, today)
                .into_iter()
                .take(1)
                .map(|timeline| Target::new(timeline, 0.9))
                .collect();
        }
        None => {}
    }
    let mut found: Vec<Target> = Vec::new();
    let spoken_of = timelines.iter().find(|timeline| context == Some(timeline.id.as_str()));
    if let Some(timeline) = spoken_of.filter(|timeline| fits(timeline)) {
        found.push(Target::new(timeline, 0.92));
    }
    for (at, timeline) in upcoming(timelines, heard, office, today).into_iter().enumerate() {
        found.push(Target::new(timeline, if at == 0 { 0.88 } else { 0.7 }));
    }
    // Votes are cast, later stages still run.
    for timeline in pool(timelines, heard, office) {
        if timeline.voting_is_over(today) && !timeline.is_over(today) {
            found.push(Target::new(timeline, 0.86));
        }
    }
    for (at, timeline) in last_held(timelines, heard, office, today).into_iter().enumerate() {
        let sure = if heard.kind.is_some() { 0.68 } else { 0.62 };
        found.push(Target::new(timeline, if at == 0 { sure } else { sure - 0.25 }));
    }
    found
}

/// Elections whose votes are still to be cast, soonest first.
pub(crate) fn upcoming<'t>(
    timelines: &'t [Timeline],
    heard: &Heard,
    office: &str,
    today: Date,
) -> Vec<&'t Timeline> {
    let mut found: Vec<&Timeline> =
        pool(timelines, heard, office).filter(|timeline| !timeline.voting_is_over(today)).collect();
    found.sort_by_key(|timeline| timeline.order());
    found
}

/// Elections whose votes have been cast, latest first.
pub(crate) fn last_held<'t>(
    timelines: &'t [Timeline],
    heard: &Heard,
    office: &str,
    today: Date,
) -> Vec<&'t Timeline> {
    let mut found: Vec<&Timeline> =
        pool(timelines, heard, office).filter(|timeline| timeline.voting_is_over(today)).collect();
    found.sort_by_key(|timeline| std::cmp::Reverse(timeline.order()));
    found
}

fn pool<'t>(timelines: &'t [Timeline], heard: &Heard, office: &str) -> impl Iterator<Item = &'t Timeline> {
    timelines.iter().filter(move |timeline| {
        !timeline.is_replaced()
            && heard.kind.is_none_or(|kind| kind == timeline.jenis)
            && reachable(timeline, heard, office)
    })
}

/// Is the election held where the question (or else the office) is?
fn reachable(timeline: &Timeline, heard: &Heard, office: &str) -> bool {
    let place = heard.region.unwrap_or(office);
    timeline.wilayah.as_deref().is_none_or(|region| regions::related(region, place))
}

fn is_second_round(timeline: &Timeline) -> bool {
    timeline.sebutan.iter().any(|name| name.contains("putaran"))
}

fn contains_run(words: &[String], run: &[String]) -> bool {
    words.windows(run.len()).any(|window| window == run)
}
