//! Questions about time and the values of their answers. No sentences here: `answer::timeline` has them.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::elections::{self, Target};
pub use super::facts::{ElectionFacts, StageFacts};
use super::facts::{election_facts, is_projected, stage_facts, voting_facts};
use super::follow::Context;
use super::heard::{self, Heard};
pub use super::heard::{Aspect, Intent};
use super::matching::{factor_of, match_all};
use super::{Phase, Stage, StageTime, Timeline, VOTING_STAGE, days_until, next_after, regions, running_on};

/// Below this nobody should be shown the answer, not even as a choice.
const LEAST: f32 = 0.2;
/// A message longer than this many words has more in it than the question.
const WORDY: usize = 9;
/// At most this many readings of one question are returned.
const MOST: usize = 3;

/// A question, cleaned and normalised.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Lower-case text with slang already normalised, such as "kapan kampanye pilkada 2024".
    pub text: String,
    /// Normalised words, not stemmed. Empty: the words of `text`.
    pub tokens: Vec<String>,
    /// What the conversation is about: an election's id, or the text of the question before.
    pub context_election: Option<String>,
}

/// What is known that answers the question: plain data, no sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScheduleAnswer {
    /// `tahapan:<election>/<stage>`, or `tahapan:<election>/*` for "now" and for lists.
    pub entry: String,
    /// First 16 hex digits of SHA-256 over the template version and the timeline's version.
    pub version: String,
    pub title: String,
    pub intent: Intent,
    pub aspect: Aspect,
    /// How sure it is that this was asked, 0 to 1.
    pub confidence: f32,
    /// The answer speaks of what is over.
    pub historical: bool,
    /// The answer rests on something that no authority has decided yet.
    pub projected: bool,
    /// Today in the office's time zone.
    pub today: Date,
    pub election: ElectionFacts,
    /// The stage that was asked for; none for "now" and lists.
    pub stage: Option<StageFacts>,
    /// "Now": what runs today. Lists: every stage, in the order of the file.
    pub stages: Vec<StageFacts>,
    /// "Now": dated stages to come, soonest first.
    pub upcoming: Vec<StageFacts>,
    /// "Now": the election held last and the one to come.
    pub last_election: Option<ElectionFacts>,
    pub next_election: Option<ElectionFacts>,
}

/// One line of the /tahapan menu.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverviewElection {
    pub id: String,
    pub nama: String,
    /// `tahapan:<election>/*`
    pub entry: String,
    pub election: ElectionFacts,
    /// Stages that run today.
    pub running: Vec<StageFacts>,
    /// The stage in which votes are cast, if the timeline has one.
    pub voting: Option<StageFacts>,
}

/// What the /tahapan menu shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    pub today: Date,
    /// Elections to come or under way first (soonest first), then past ones (latest first).
    pub elections: Vec<OverviewElection>,
}

/// The likeliest answer, or none when the question is not about time or not about anything we know.
pub fn ask(
    timelines: &[Timeline],
    question: &Question,
    now: &ZonedDateTime,
    office_region: &str,
) -> Option<ScheduleAnswer> {
    candidates(timelines, question, now, office_region).into_iter().next()
}

/// Up to three readings of the question, surest first; each is a different entry.
pub fn candidates(
    timelines: &[Timeline],
    question: &Question,
    now: &ZonedDateTime,
    office_region: &str,
) -> Vec<ScheduleAnswer> {
    let today = now.date();
    let context =
        question.context_election.as_deref().map(|text| Context::new(timelines, text, office_region));
    let context = context.as_ref();
    let tokens: Vec<&str> = match question.tokens.as_slice() {
        [] => question.text.split_whitespace().collect(),
        tokens => tokens.iter().map(String::as_str).collect(),
    };
    let own = context.map_or(tokens.as_slice(), |context| context.own_words(&tokens));
    let whole = read(timelines, own.iter().copied(), context, today, office_region);
    let sure = whole.first().map_or(0.0, |answer| answer.confidence);
    // A long message: the sentence with the question counts, told apart by its own punctuation.
    if sure >= 0.5 {
        return whole;
    }
    let mut best = whole;
    for part in parts(&question.text) {
        let mut found = read(timelines, part.into_iter(), context, today, office_region);
        for answer in &mut found {
            answer.confidence *= 0.9;
        }
        found.retain(|answer| answer.confidence >= LEAST);
        if found.first().map(|answer| answer.confidence) > best.first().map(|answer| answer.confidence) {
            best = found;
        }
    }
    best
}

/// The pieces of a long message that may hold the question: its sentences, or, where no punctuation is left,
/// what follows the question word and what leads up to it.
fn parts(text: &str) -> Vec<Vec<&str>> {
    let sentences = text.split(['.', '?', '!', '\n', ';', ',']).map(|part| part.split_whitespace().collect());
    let mut parts: Vec<Vec<&str>> = sentences.filter(|part: &Vec<&str>| !part.is_empty()).collect();
    if parts.len() < 2 {
        let words = parts.pop().unwrap_or_default();
        let asks = |word: &&str| matches!(*word, "kapan" | "kpn" | "tanggal" | "tgl" | "jadwal");
        if let Some(at) = words.iter().position(asks).filter(|_| words.len() > WORDY) {
            parts.push(words[at..words.len().min(at + WORDY)].to_vec());
            parts.push(words[at.saturating_sub(WORDY)..=at].to_vec());
        }
    }
    parts
}

fn read<'q>(
    timelines: &[Timeline],
    tokens: impl Iterator<Item = &'q str>,
    context: Option<&Context>,
    today: Date,
    office: &str,
) -> Vec<ScheduleAnswer> {
    let Some(mut heard) = heard::hear(tokens) else { return Vec::new() };
    let named = match context {
        Some(context) => context.named(timelines, &mut heard, office),
        None => elections::named(timelines, &mut heard, office),
    };
    let context = context.and_then(|context| context.election.as_deref());
    let mut found = match heard.intent {
        Intent::Now => answer_now(timelines, &heard, named, today, office),
        Intent::List => {
            let stages =
                answer_stages(timelines, &heard, named.clone(), context, today, office, Intent::When);
            let lists = answer_list(timelines, &heard, named, context, today, office);
            if stages.first().is_some_and(|stage| stage.confidence > 0.5) { stages } else { lists }
        }
        intent => {
            let mut found = answer_stages(timelines, &heard, named.clone(), context, today, office, intent);
            if found.is_empty() && heard.only_election() && named.is_some() && mentions_schedule(&heard) {
                found = answer_list(timelines, &heard, named, context, today, office);
            }
            found
        }
    };
    let doubt = if heard.both_kinds || elections::several_named(timelines, &heard) { 0.6 } else { 1.0 };
    for answer in &mut found {
        answer.confidence *= doubt;
    }
    found.retain(|answer| answer.confidence >= LEAST);
    found.sort_by(|one, other| other.confidence.total_cmp(&one.confidence));
    let mut seen: Vec<String> = Vec::new();
    found.retain(|answer| {
        let new = !seen.contains(&answer.entry);
        seen.push(answer.entry.clone());
        new
    });
    found.truncate(MOST);
    found
}

/// "tahapan pilkada 2024", "kapan tahapan pilkada 2024": the schedule as a whole.
fn mentions_schedule(heard: &Heard) -> bool {
    heard.words.iter().any(|word| word == "tahap" || word == "jadwal")
}

fn answer_stages(
    timelines: &[Timeline],
    heard: &Heard,
    named: Option<Vec<Target>>,
    context: Option<&str>,
    today: Date,
    office: &str,
    intent: Intent,
) -> Vec<ScheduleAnswer> {
    let explicit = named.is_some();
    let only_election = heard.only_election();
    let mut answers = Vec::new();

    if only_election && !mentions_tahap(heard) {
        // "Kapan pemilu?": votes are what is meant. Without a time word it may be any question.
        let means_voting = heard.election_word || heard.turn.is_some() || heard.second_round;
        if heard.bare || !means_voting || heard.permission && !explicit || intent == Intent::Duration {
            return answers;
        }
        let targets = named.unwrap_or_else(|| next_or_turn(timelines, heard, office, today));
        let plain_jadwal = intent == Intent::When && heard.words.iter().any(|word| word == "jadwal");
        for target in targets.iter().filter(|target| !target.year_of_stage) {
            let base = target.base * factor_of(&heard.rest, &[], "pemungutan");
            if plain_jadwal
                && explicit
                && !heard.words.iter().any(|word| word == "kapan" || word == "tanggal")
            {
                answers.push(list_answer(target.timeline, base * 0.9, today));
                continue;
            }
            answers.push(voting_answer(target.timeline, heard, intent, base, today));
        }
        return answers;
    }

    let named_targets = match (&named, heard.turn) {
        (Some(targets), _) => targets.clone(),
        (None, Some(_)) => elections::implied(timelines, heard, context, office, today),
        (None, None) => Vec::new(),
    };
    let mut targets = named.unwrap_or_else(|| elections::implied(timelines, heard, context, office, today));
    let mut matched = match_all(&targets, heard, office);
    if matched.is_empty() && explicit && !heard.years.is_empty() && !heard.replaced && !heard.second_round {
        targets = elections::by_stage_year(timelines, heard, office);
        matched = match_all(&targets, heard, office);
    }
    if matched.len() == 1 && explicit && heard.kind.is_none() {
        // "undian nomor urut 2024": one word of two decides when only one election has the stage.
        matched[0].confidence = matched[0].confidence.max(matched[0].fit * 0.75);
    }
    if matched.is_empty() {
        answers.extend(unscheduled(timelines, &named_targets, heard, office, intent, today));
    }
    for found in matched {
        let phase = found.timeline.phase_of(found.stage, today);
        let is_voting = found.stage.id == VOTING_STAGE;
        if is_voting && heard.permission && !explicit {
            continue; // "masih bisa nyoblos?" is about the right to vote
        }
        let mut confidence = found.confidence;
        // A region that was named and is the stage's own leaves little doubt about the election.
        if !explicit && heard.region.is_some() && found.stage.wilayah.as_deref() == heard.region {
            confidence = confidence.max(found.fit * 0.8);
        }
        if !explicit && context != Some(found.timeline.id.as_str()) && heard.turn.is_none() {
            // A stage of a running election that is already over is less likely meant than one to come.
            if phase == Phase::Past && !found.timeline.is_over(today) {
                confidence *= 0.8;
            }
            if is_voting && phase == Phase::Past {
                confidence *= 0.75;
            }
        }
        if heard.bare {
            // A name without a time word may ask for its meaning or its rules just as well.
            confidence *= if explicit { 0.45 } else { 0.0 };
        }
        let stage = stage_facts(found.timeline, found.stage, today);
        answers.push(stage_answer(found.timeline, stage, intent, heard.aspect, confidence, today));
    }
    answers
}

/// "Kapan kampanye Pemilu 2029?" while nobody has set it: the stage is known from an earlier election of the
/// same kind, the election is to come, so the honest answer is that no day has been set.
fn unscheduled(
    timelines: &[Timeline],
    targets: &[Target],
    heard: &Heard,
    office: &str,
    intent: Intent,
    today: Date,
) -> Option<ScheduleAnswer> {
    let target = targets.iter().find(|target| !target.year_of_stage && is_projected(target.timeline))?;
    let coming = target.timeline;
    if coming.voting_is_over(today) || heard.bare {
        return None;
    }
    let mut known: Vec<&Timeline> = timelines
        .iter()
        .filter(|timeline| !timeline.is_replaced() && timeline.jenis == coming.jenis)
        .collect();
    known.sort_by_key(|timeline| std::cmp::Reverse(timeline.order()));
    let known: Vec<Target> =
        known.into_iter().map(|timeline| Target { timeline, base: 0.85, year_of_stage: false }).collect();
    // Names with numbers or of one region tell of that one time; DPRD leave the national election in 2029.
    let general = |stage: &Stage| {
        stage.wilayah.is_none()
            && !stage.nama.contains(|sign: char| sign.is_ascii_digit())
            && !stage.nama.contains("DPRD")
    };
    let found = match_all(&known, heard, office).into_iter().find(|found| general(found.stage))?;
    let mut stage = stage_facts(coming, found.stage, today);
    stage.entry = format!("tahapan:{}/*", coming.id);
    stage.time = StageTime::Aturan(String::new());
    stage.phase = Phase::Unknown;
    stage.days = None;
    stage.length_days = None;
    stage.catatan = None;
    stage.warga = None;
    stage.pelaku = None;
    stage.dasar_hukum = None;
    stage.sumber.clear();
    stage.projected = true;
    Some(stage_answer(coming, stage, intent, heard.aspect, found.confidence, today))
}

fn mentions_tahap(heard: &Heard) -> bool {
    heard.words.iter().any(|word| word == "tahap")
}

/// The election that a question without stage and name means: the next one, or by turn.
fn next_or_turn<'t>(timelines: &'t [Timeline], heard: &Heard, office: &str, today: Date) -> Vec<Target<'t>> {
    let mut targets = elections::implied(timelines, heard, None, office, today);
    targets.retain(|target| heard.turn.is_some() || !target.timeline.voting_is_over(today));
    targets.truncate(1);
    for target in &mut targets {
        target.base = target.base.max(0.9);
    }
    targets
}

fn answer_now(
    timelines: &[Timeline],
    heard: &Heard,
    named: Option<Vec<Target>>,
    today: Date,
    office: &str,
) -> Vec<ScheduleAnswer> {
    let fit = factor_of(&heard.rest, &[], "");
    if let Some(targets) = named {
        return targets
            .iter()
            .map(|target| list_answer(target.timeline, target.base * 0.9 * fit, today))
            .collect();
    }
    let held_here = |timeline: &Timeline| {
        timeline
            .wilayah
            .as_deref()
            .is_none_or(|region| regions::related(region, heard.region.unwrap_or(office)))
            && heard.kind.is_none_or(|kind| kind == timeline.jenis)
    };
    let running: Vec<_> =
        running_on(timelines, today).into_iter().filter(|(timeline, _)| held_here(timeline)).collect();
    let next = elections::upcoming(timelines, heard, office, today).into_iter().next();
    let last = elections::last_held(timelines, heard, office, today).into_iter().next();
    let Some(timeline) = running.first().map(|(timeline, _)| *timeline).or(next).or(last) else {
        return Vec::new();
    };
    let soon = next_after(timelines, today).into_iter().filter(|(timeline, _)| held_here(timeline)).take(3);
    let mut answer = list_answer(timeline, 0.92 * fit, today);
    answer.title = "Tahapan yang berjalan hari ini".to_owned();
    answer.intent = Intent::Now;
    answer.stages = running.iter().map(|(timeline, stage)| stage_facts(timeline, stage, today)).collect();
    answer.upcoming = soon.map(|(timeline, stage)| stage_facts(timeline, stage, today)).collect();
    answer.last_election = last.map(|timeline| election_facts(timeline, today));
    answer.next_election = next.map(|timeline| election_facts(timeline, today));
    answer.historical = false;
    answer.projected = running.is_empty() && answer.next_election.as_ref().is_some_and(|next| next.projected);
    vec![answer]
}

fn answer_list(
    timelines: &[Timeline],
    heard: &Heard,
    named: Option<Vec<Target>>,
    context: Option<&str>,
    today: Date,
    office: &str,
) -> Vec<ScheduleAnswer> {
    let fit = factor_of(&heard.rest, &[], "");
    let targets = named.unwrap_or_else(|| elections::implied(timelines, heard, context, office, today));
    let targets = targets.iter().filter(|target| !target.year_of_stage);
    targets.map(|target| list_answer(target.timeline, target.base * 0.95 * fit, today)).collect()
}

fn list_answer(timeline: &Timeline, confidence: f32, today: Date) -> ScheduleAnswer {
    ScheduleAnswer {
        entry: format!("tahapan:{}/*", timeline.id),
        version: timeline.answer_version(),
        title: format!("Jadwal {}", timeline.nama),
        intent: Intent::List,
        aspect: Aspect::Whole,
        confidence,
        historical: timeline.is_replaced() || timeline.is_over(today),
        projected: is_projected(timeline),
        today,
        election: election_facts(timeline, today),
        stage: None,
        stages: timeline.stages.iter().map(|stage| stage_facts(timeline, stage, today)).collect(),
        upcoming: Vec::new(),
        last_election: None,
        next_election: None,
    }
}

fn stage_answer(
    timeline: &Timeline,
    stage: StageFacts,
    intent: Intent,
    aspect: Aspect,
    confidence: f32,
    today: Date,
) -> ScheduleAnswer {
    let over = stage.phase == Phase::Past || stage.phase == Phase::Unknown && timeline.is_over(today);
    ScheduleAnswer {
        entry: stage.entry.clone(),
        title: format!("{} {}", stage.nama, timeline.nama),
        intent,
        aspect,
        historical: timeline.is_replaced() || over,
        projected: stage.projected,
        stages: Vec::new(),
        stage: Some(stage),
        ..list_answer(timeline, confidence, today)
    }
}

fn voting_answer(
    timeline: &Timeline,
    heard: &Heard,
    intent: Intent,
    confidence: f32,
    today: Date,
) -> ScheduleAnswer {
    stage_answer(timeline, voting_facts(timeline, today), intent, heard.aspect, confidence, today)
}

/// Shows one entry directly, as a button does: `tahapan:<election>/<stage>` or `tahapan:<election>/*`.
pub fn entry(timelines: &[Timeline], entry: &str, now: &ZonedDateTime) -> Option<ScheduleAnswer> {
    let (election, stage) = entry.strip_prefix("tahapan:")?.split_once('/')?;
    let timeline = timelines.iter().find(|timeline| timeline.id == election)?;
    let today = now.date();
    if stage == "*" {
        return Some(list_answer(timeline, 1.0, today));
    }
    let facts = match timeline.stage(stage) {
        Some(stage) => stage_facts(timeline, stage, today),
        None if stage == VOTING_STAGE => voting_facts(timeline, today),
        None => return None,
    };
    Some(stage_answer(timeline, facts, Intent::When, Aspect::Whole, 1.0, today))
}

/// Every entry that [`entry`] can show, with its version: what publishing records.
pub fn entry_ids(timelines: &[Timeline]) -> Vec<(String, String)> {
    let mut ids = Vec::new();
    for timeline in timelines {
        let version = timeline.answer_version();
        ids.push((format!("tahapan:{}/*", timeline.id), version.clone()));
        if timeline.stage(VOTING_STAGE).is_none() {
            ids.push((format!("tahapan:{}/{VOTING_STAGE}", timeline.id), version.clone()));
        }
        for stage in &timeline.stages {
            ids.push((format!("tahapan:{}/{}", timeline.id, stage.id), version.clone()));
        }
    }
    ids
}

/// The /tahapan menu: elections to come or under way, then past ones. Replaced schedules are left out.
pub fn overview(timelines: &[Timeline], now: &ZonedDateTime) -> Overview {
    let today = now.date();
    let running = running_on(timelines, today);
    let mut shown: Vec<&Timeline> = timelines.iter().filter(|timeline| !timeline.is_replaced()).collect();
    shown.sort_by_key(|timeline| {
        let distance = days_until(today, timeline.order());
        let over = timeline.is_over(today);
        (over, if over { -distance } else { distance })
    });
    let elections = shown
        .into_iter()
        .map(|timeline| OverviewElection {
            id: timeline.id.clone(),
            nama: timeline.nama.clone(),
            entry: format!("tahapan:{}/*", timeline.id),
            election: election_facts(timeline, today),
            running: running
                .iter()
                .filter(|(owner, _)| owner.id == timeline.id)
                .map(|(owner, stage)| stage_facts(owner, stage, today))
                .collect(),
            voting: timeline.stage(VOTING_STAGE).map(|stage| stage_facts(timeline, stage, today)),
        })
        .collect();
    Overview { today, elections }
}
