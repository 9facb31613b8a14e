//! Questions about time and the values of their answers. No sentences here: `answer::timeline` has them.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::elections::{self, Target};
use super::heard::{self, Heard};
pub use super::heard::{Aspect, Intent};
use super::{
    ElectionKind, Phase, Stage, StageTime, StoredStatus, Timeline, VOTING_STAGE, days_until, next_after,
    regions, running_on,
};
use crate::knowledge::Source;

/// Below this nobody should be shown the answer, not even as a choice.
const LEAST: f32 = 0.2;
/// At most this many readings of one question are returned.
const MOST: usize = 3;

/// A question, cleaned and normalised.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Lower-case text with slang already normalised, such as "kapan kampanye pilkada 2024".
    pub text: String,
    /// Normalised words, not stemmed. Empty: the words of `text`.
    pub tokens: Vec<String>,
    /// Election that the conversation is about.
    pub context_election: Option<String>,
}

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
    let context = question.context_election.as_deref();
    let whole = if question.tokens.is_empty() {
        read(timelines, question.text.split_whitespace(), context, today, office_region)
    } else {
        read(timelines, question.tokens.iter().map(String::as_str), context, today, office_region)
    };
    let sure = whole.first().map_or(0.0, |answer| answer.confidence);
    // A long message: the sentence with the question counts, told apart by its own punctuation.
    let sentences: Vec<&str> = question
        .text
        .split(['.', '?', '!', '\n', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    if sure >= 0.5 || sentences.len() < 2 {
        return whole;
    }
    let mut best = whole;
    for sentence in sentences {
        let mut found = read(timelines, sentence.split_whitespace(), context, today, office_region);
        for answer in &mut found {
            answer.confidence *= 0.9;
        }
        if found.first().map(|answer| answer.confidence) > best.first().map(|answer| answer.confidence) {
            best = found;
        }
    }
    best
}

fn read<'q>(
    timelines: &[Timeline],
    tokens: impl Iterator<Item = &'q str>,
    context: Option<&str>,
    today: Date,
    office: &str,
) -> Vec<ScheduleAnswer> {
    let Some(mut heard) = heard::hear(tokens) else { return Vec::new() };
    let named = elections::named(timelines, &mut heard, office);
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
    let doubt = if heard.both_kinds { 0.6 } else { 1.0 };
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
    for found in matched {
        let phase = found.timeline.phase_of(found.stage, today);
        let is_voting = found.stage.id == VOTING_STAGE;
        if is_voting && heard.permission && !explicit {
            continue; // "masih bisa nyoblos?" is about the right to vote
        }
        let mut confidence = found.confidence;
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
            confidence *= if explicit { 0.55 } else { 0.0 };
        }
        let stage = stage_facts(found.timeline, found.stage, today);
        answers.push(stage_answer(found.timeline, stage, intent, heard.aspect, confidence, today));
    }
    answers
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

/// A stage that the question names in one of the targets.
struct Match<'t> {
    timeline: &'t Timeline,
    stage: &'t Stage,
    /// How well the words fit, before the election is weighed.
    fit: f32,
    confidence: f32,
}

/// The best stage of each target.
fn match_all<'t>(targets: &[Target<'t>], heard: &Heard, office: &str) -> Vec<Match<'t>> {
    let mut found: Vec<Match> = Vec::new();
    for target in targets {
        let in_year = |stage: &Stage| {
            let days = [stage.time.first_day(), stage.time.last_day()];
            days.into_iter().flatten().any(|day| heard.years.contains(&day.year()))
        };
        let stages = target.timeline.stages.iter().filter(|stage| !target.year_of_stage || in_year(stage));
        let mut best: Option<((usize, usize, i8), &Stage, f32)> = None;
        let mut tie = false;
        for stage in stages {
            let Some((place, place_factor)) = place_of(stage, heard, office) else { continue };
            let Some((hard, soft, fit)) = fit_of(stage, heard) else { continue };
            let rank = (hard, soft, place);
            let fit = fit * if hard >= 2 { place_factor.max(0.85) } else { place_factor };
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

/// How many telling and how many plain words of the stage's best name the question has, and the share of
/// the question that the name explains.
fn fit_of(stage: &Stage, heard: &Heard) -> Option<(usize, usize, f32)> {
    let names = stage.sebutan.iter().map(String::as_str).chain([stage.nama.as_str()]);
    let mut best: Option<(usize, usize, f32)> = None;
    for name in names {
        let name = heard::name_words(name);
        if name.is_empty() || !name.iter().all(|word| heard.words.contains(word)) {
            continue;
        }
        let hard = name.iter().filter(|word| !heard::is_safe(word)).count();
        // "tahapan dimulai" consists of plain words only; one such word would fit anything.
        if hard == 0 && name.len() < 2 {
            continue;
        }
        let fit = factor_of(&heard.rest, &name, &stage.kelompok);
        let rank = (hard, name.len() - hard);
        let better = best.is_none_or(|(known_hard, known_soft, known_fit)| {
            (rank, fit) > ((known_hard, known_soft), known_fit)
        });
        if better {
            best = Some((rank.0, rank.1, fit));
        }
    }
    best
}

/// What is left of the confidence after the words that nothing explains.
fn factor_of(rest: &[String], name: &[String], kelompok: &str) -> f32 {
    let mut factor = 1.0;
    for word in rest.iter().filter(|word| !name.contains(word)) {
        // "anggota DPR hasil pemilu 2024", "presiden terpilih": whoever takes office has been elected.
        let elected = matches!(word.as_str(), "hasil" | "terpilih" | "menang") && kelompok == "pelantikan";
        factor *= if elected { 1.0 } else { heard::leftover_factor(word) };
    }
    factor
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

/// The stage in which votes are cast; made from the election's own fields when the file has no such stage.
fn voting_facts(timeline: &Timeline, today: Date) -> StageFacts {
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
        wilayah: None,
        dasar_hukum: timeline.dasar_hukum.clone(),
        rujukan: Vec::new(),
        sumber: Vec::new(),
        status: timeline.status,
        line: timeline.line,
    };
    stage_facts(timeline, &stage, today)
}

fn is_projected(timeline: &Timeline) -> bool {
    timeline.status == Some(StoredStatus::Proyeksi)
}

fn stage_facts(timeline: &Timeline, stage: &Stage, today: Date) -> StageFacts {
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
        wilayah: stage.wilayah.as_deref().map(regions::name),
        dasar_hukum: stage.dasar_hukum.clone(),
        sumber: stage.sumber.clone(),
        projected: window || stage.status == Some(StoredStatus::Proyeksi) || is_projected(timeline),
        replaced: timeline.is_replaced() || stage.status == Some(StoredStatus::Tergantikan),
        days: days.filter(|_| !window),
        length_days: stage.time.length_days(),
    }
}

fn election_facts(timeline: &Timeline, today: Date) -> ElectionFacts {
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
