//! Sure, ask back, or don't know.

use jiff::ZonedDateTime;

use crate::language::{self, Outside, QuestionType, Refusal, Smalltalk};
use crate::library::Library;
use crate::schedule::ask::{self, ScheduleAnswer};
use crate::search::{Features, Hit, Place, Query, Weights};

/// Two candidates nearer than this in log odds cannot be told apart; the citizen is asked.
const TIE: f32 = 0.12;
/// How many candidates are kept.
const KEEP: usize = 8;
/// What a question that names another subject must reach to be answered all the same.
const OUTSIDE_BESIDE: f32 = 0.6;
const OUTSIDE_WHOLLY: f32 = 0.93;
/// How far the answer just given steps back for a follow-up, in log odds.
const STEP_BACK: f32 = 0.8;
/// A message of more words has a story around its question; its sentences are then tried one by one.
const LONG_MESSAGE: usize = 14;
/// How many parts of a message are looked up.
const MOST_PARTS: usize = 8;
/// A part of a message must be so sure to stand for itself.
const SURE_PART: f32 = 0.85;
/// Among how many of the whole message's candidates a part's answer must be.
const AGREEING: usize = 5;
/// From this confidence of the calendar on, a question without a year is about what is to come.
const LOOKS_AHEAD: f32 = 0.85;
/// What a sentence taken out of a long message is trusted, in log odds.
const OUT_OF_LONG: f32 = -0.25;

/// What a candidate would show.
#[derive(Debug, Clone)]
pub enum Target {
    /// Id of an entry.
    Entry(String),
    Timeline(Box<ScheduleAnswer>),
}

/// One thing that might answer the question.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub target: Target,
    /// Probability that it answers the question.
    pub confidence: f32,
    /// Log odds, for order and ties.
    pub score: f32,
    /// What ranking saw; none for an answer that only the timelines gave.
    pub features: Option<Features>,
}

impl Candidate {
    /// `<doc>#<key>` or `tahapan:<election>/<stage>`.
    pub fn id(&self) -> &str {
        match &self.target {
            Target::Entry(id) => id,
            Target::Timeline(answer) => &answer.entry,
        }
    }
}

/// The right place to ask when there is no official answer here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// cekdptonline
    VoterList,
    /// e-PPID
    Information,
    /// Bawaslu
    Violation,
    /// DKPP
    Ethics,
    /// Komisi Informasi
    Dispute,
    /// Not our subject at all.
    Outside,
    /// The KPU office.
    Office,
}

impl Door {
    pub const ALL: [Door; 7] = [
        Door::VoterList,
        Door::Information,
        Door::Violation,
        Door::Ethics,
        Door::Dispute,
        Door::Outside,
        Door::Office,
    ];
}

/// How a question is met.
#[derive(Debug, Clone)]
pub enum Decision {
    /// The first candidate answers; the rest are runners-up.
    Answer(Vec<Candidate>),
    /// Two or three candidates to choose from.
    Choices(Vec<Candidate>),
    Abstain(Door, Vec<Candidate>),
    Refuse(Refusal),
    Smalltalk(Smalltalk),
}

/// What was said before in the chat.
#[derive(Debug, Clone, Copy, Default)]
pub struct Earlier<'a> {
    /// The last question, with what it took over from the one before it.
    pub question: &'a str,
    /// Id of the answer that was given, if one was.
    pub entry: Option<&'a str>,
}

/// A decision, and the words it took over from the question before.
#[derive(Debug, Clone)]
pub struct Decided {
    pub decision: Decision,
    pub carried: Vec<String>,
}

/// Decides on a question, which may continue an earlier one.
pub fn decide(
    library: &Library,
    text: &str,
    earlier: Option<Earlier>,
    now: &ZonedDateTime,
    region: &str,
) -> Decided {
    let mut carried = Vec::new();
    let decision = decide_with(library, text, earlier, now, region, &mut carried);
    Decided { decision, carried }
}

fn decide_with(
    library: &Library,
    text: &str,
    earlier: Option<Earlier>,
    now: &ZonedDateTime,
    region: &str,
    carried: &mut Vec<String>,
) -> Decision {
    let normalized = language::normalize(text);
    let words: Vec<&str> = normalized.iter().map(String::as_str).collect();
    if let Some(kind) = language::smalltalk(&words) {
        return Decision::Smalltalk(kind);
    }
    let refusal = language::refusal(&words)
        .or_else(|| language::foretells(&words, now.year()).then_some(Refusal::Prediction));
    // "Boleh minta NIK tetangga?" asks about the rule, which has an answer; "minta NIK tetangga" asks for the data.
    let about_rule = refusal == Some(Refusal::PersonalData) && language::asks_about_personal_data(&words);
    if let Some(kind) = refusal
        && kind != Refusal::Abuse
        && !about_rule
    {
        return Decision::Refuse(kind);
    }
    let alone = candidates(library, text, &normalized, Around::Nothing, now, region);
    let leaning = leaning(&words);
    let candidates = match earlier {
        Some(earlier) if leans(leaning, best_confidence(&alone)) => {
            let mut with_context =
                candidates(library, text, &normalized, Around::Earlier(earlier.question), now, region);
            if leaning == Leaning::Marked && content_of(&words).next().is_some() {
                step_back(&mut with_context, earlier.entry);
            }
            let bonus = match leaning {
                Leaning::Pointing => 3.0,
                Leaning::Marked => 1.2,
                Leaning::Short => 0.5,
                Leaning::No => 0.0,
            };
            // "Kalau pilkada 2024?" names an election and nothing else: it can only continue.
            let continues = language::only_scope(&words) && language::question_type(&words).is_none()
                || Query::again(&normalized, earlier.question).is_some();
            if continues || best(&with_context) + bonus > best(&alone) {
                carried.extend(Query::carried(&library.index, &normalized, earlier.question));
                with_context
            } else {
                alone
            }
        }
        _ => alone,
    };
    let top = best_confidence(&candidates);
    let Weights { answer_at, choice_at, .. } = *Weights::in_use();
    if let Some(kind) = refusal
        && top < if about_rule { answer_at } else { 0.85 }
    {
        return Decision::Refuse(kind);
    }
    let least = match language::outside(&words) {
        Outside::No => 0.0,
        Outside::Beside => OUTSIDE_BESIDE,
        // In a story other subjects come up by the way.
        Outside::Wholly if words.len() > LONG_MESSAGE => OUTSIDE_BESIDE,
        Outside::Wholly => OUTSIDE_WHOLLY,
    };
    if top < least {
        return Decision::Abstain(Door::Outside, Vec::new());
    }
    if top >= answer_at {
        let tied = match candidates.as_slice() {
            [first, second, ..] => {
                first.score - second.score < TIE
                    && second.confidence >= answer_at
                    && are_twins(library, first, second)
            }
            _ => false,
        };
        if !tied {
            return Decision::Answer(candidates);
        }
    }
    let plausible: Vec<Candidate> =
        candidates.iter().filter(|c| c.confidence >= choice_at).take(3).cloned().collect();
    if plausible.is_empty() {
        return Decision::Abstain(door(&words), candidates);
    }
    Decision::Choices(plausible)
}

/// Entries that differ in election or region: the same question about something else.
fn are_twins(library: &Library, one: &Candidate, other: &Candidate) -> bool {
    let scope = |candidate: &Candidate| match &candidate.target {
        Target::Entry(id) => {
            library.entry(id).map(|entry| (entry.fields.pemilihan.clone(), entry.fields.wilayah.clone()))
        }
        Target::Timeline(_) => None,
    };
    match (scope(one), scope(other)) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    }
}

/// Who goes on from an answer asks for something else: the answer just given steps back.
fn step_back(candidates: &mut [Candidate], given: Option<&str>) {
    let Some(candidate) = candidates.iter_mut().find(|candidate| Some(candidate.id()) == given) else {
        return;
    };
    candidate.score -= STEP_BACK;
    candidate.confidence = probability(candidate.score);
    candidates.sort_by(|one, other| other.score.total_cmp(&one.score));
}

fn content_of<'a>(words: &'a [&'a str]) -> impl Iterator<Item = &'a &'a str> {
    words.iter().filter(|word| !language::is_weak(word))
}

fn best(candidates: &[Candidate]) -> f32 {
    candidates.first().map_or(f32::NEG_INFINITY, |candidate| candidate.score)
}

fn best_confidence(candidates: &[Candidate]) -> f32 {
    candidates.first().map_or(0.0, |candidate| candidate.confidence)
}

/// All that might answer, best first. The question buried in a long message is looked for sentence by sentence; so is
/// the one beside a remark ("…, saya kuliah di Palu"), and a second question.
fn candidates(
    library: &Library,
    text: &str,
    words: &[String],
    around: Around,
    now: &ZonedDateTime,
    region: &str,
) -> Vec<Candidate> {
    let whole = candidates_of(library, text, words, around, now, region);
    let long = words.len() > LONG_MESSAGE;
    if best_confidence(&whole) >= 0.9 {
        return whole;
    }
    let years = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| word.len() == 4 && word.parse::<u16>().is_ok()).cloned().collect()
    };
    let asked_years = years(words);
    let parts: Vec<(&str, Vec<String>, bool)> = sentences(text, !long)
        .filter(|part| part.split_whitespace().count() >= 2)
        .map(|part| {
            let words = language::normalize(part);
            let asks = asks(&words) || (long && is_marked(text, part));
            (part, words, asks)
        })
        .collect();
    // In a message that asks, what its other sentences tell is looked at as the story around the question only.
    let all_tell = long && parts.iter().all(|(.., asks)| !asks);
    let of_parts: Vec<Part> = parts
        .into_iter()
        .filter(|(.., asks)| *asks || all_tell)
        .take(MOST_PARTS)
        .map(|(part, part_words, asks)| {
            let around = if long && asks { Around::Story(words) } else { around };
            Part {
                keeps_years: years(&part_words) == asked_years,
                found: candidates_of(library, part, &part_words, around, now, region),
            }
        })
        .filter(|part| !part.found.is_empty())
        .collect();
    if !all_tell && let Some(both) = two_questions(&of_parts) {
        return both;
    }
    let mut found = whole;
    for Part { keeps_years, found: mut of_part } in of_parts {
        let known = found.iter().take(AGREEING).any(|candidate| candidate.id() == of_part[0].id());
        // Part of a short message counts only where the whole points there too; one that lost the year would be answered for
        // another one.
        let counts = long || (keeps_years && known && of_part[0].confidence >= SURE_PART);
        if !counts {
            continue;
        }
        for candidate in &mut of_part {
            candidate.score += OUT_OF_LONG;
            candidate.confidence = probability(candidate.score);
        }
        if best(&of_part) > best(&found) {
            found = of_part;
        }
    }
    found
}

/// What stands around a text and gives it meaning.
#[derive(Debug, Clone, Copy)]
enum Around<'a> {
    Nothing,
    /// The question before.
    Earlier(&'a str),
    /// The words of the long message that it was taken from.
    Story(&'a [String]),
}

/// A sentence or clause of a message, looked up by itself.
struct Part {
    /// It names the years that the whole message names.
    keeps_years: bool,
    /// Never empty.
    found: Vec<Candidate>,
}

/// Whether a question mark stands right behind a part of a text.
fn is_marked(text: &str, part: &str) -> bool {
    let end = part.as_ptr() as usize - text.as_ptr() as usize + part.len();
    text[end..].trim_start().starts_with('?')
}

/// Whether a part of a message asks something: "saya ketua KPPS" and "saya tahu apa itu KPPS" tell.
fn asks(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let tells = words.iter().any(|word| ["tahu", "mengetahui", "paham", "mengerti"].contains(word));
    !tells && language::question_type(&words).is_some()
}

/// Two questions in one message, each surely answered by something else: the first one's answer, the second's right behind
/// it, so that it is offered below.
fn two_questions(parts: &[Part]) -> Option<Vec<Candidate>> {
    let mut sure = parts.iter().map(|part| &part.found).filter(|found| found[0].confidence >= SURE_PART);
    let (first, second) = (sure.next()?, sure.next()?);
    if first[0].id() == second[0].id() {
        return None;
    }
    let rest = first[1..].iter().filter(|candidate| candidate.id() != second[0].id());
    Some([&first[0], &second[0]].into_iter().chain(rest).cloned().collect())
}

/// Sentences, and if asked for, their clauses. A comma or full stop between digits parts nothing.
fn sentences(text: &str, clauses: bool) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let between_digits = move |at: usize| {
        at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
    };
    let mut at = 0;
    text.split(move |c: char| {
        let here = at;
        at += c.len_utf8();
        (matches!(c, '.' | '?' | '!' | '\n' | ';') || (clauses && c == ',')) && !between_digits(here)
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
}

fn log_odds(probability: f32) -> f32 {
    let probability = probability.clamp(0.001, 0.995);
    (probability / (1.0 - probability)).ln()
}

fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Entries by search, and up to three timeline answers. `text` keeps its punctuation for the timelines.
fn candidates_of(
    library: &Library,
    text: &str,
    words: &[String],
    around: Around,
    now: &ZonedDateTime,
    region: &str,
) -> Vec<Candidate> {
    let today = now.date();
    let query = match around {
        Around::Earlier(earlier) => Query::follow_up(&library.index, words.to_vec(), earlier, today),
        Around::Story(whole) => Query::in_story(&library.index, words.to_vec(), whole.to_vec(), today),
        Around::Nothing => Query::of_words(&library.index, words.to_vec(), today),
    };
    let mut candidates: Vec<Candidate> = library
        .index
        .search(&query, KEEP)
        .into_iter()
        .filter_map(|hit: Hit| {
            let id = library.id_at(hit.place);
            let target = match hit.place {
                Place::Entry { .. } => Target::Entry(id),
                Place::Stage { .. } => Target::Timeline(Box::new(ask::entry(&library.timelines, &id, now)?)),
            };
            let score = log_odds(hit.confidence);
            Some(Candidate { target, confidence: hit.confidence, score, features: Some(hit.features) })
        })
        .collect();
    let own = &query.analysis.words[..query.own_words];
    let tokens: Vec<String> = own.iter().map(|word| word.text.clone()).collect();
    let with_stops = if sentences(text, false).nth(1).is_some() {
        sentences(text, false).map(|part| language::normalize(part).join(" ")).collect::<Vec<_>>().join(". ")
    } else {
        tokens.join(" ")
    };
    let question = ask::Question {
        text: with_stops,
        tokens,
        context_election: match around {
            Around::Earlier(text) => Some(language::normalize(text).join(" ")),
            // What a story tells of is past; which election is asked about, its question says or leaves to the calendar.
            Around::Story(_) | Around::Nothing => None,
        },
    };
    let told = ask::candidates(&library.timelines, &question, now, region);
    // "Kapan pilkada lagi?": the calendar looks ahead, so the days of elections that are over step out of its way.
    let ahead = told.first().is_some_and(|first| !first.historical && first.confidence >= LOOKS_AHEAD);
    if ahead && query.named.years.is_empty() {
        candidates.retain(|known| !matches!(&known.target, Target::Timeline(answer) if answer.historical));
    }
    for answer in told {
        let mut score = log_odds(answer.confidence);
        // "Kapan" asks for the calendar itself; an entry on the same subject says less.
        if query.question_type == Some(QuestionType::When) {
            score += 0.4;
        }
        let mut features = None;
        // Found by search too: the surer of both, with what the timelines understood ("sudah lewat?").
        if let Some(at) = candidates.iter().position(|known| known.id() == answer.entry) {
            let known = candidates.remove(at);
            score = score.max(known.score);
            features = known.features;
        }
        let target = Target::Timeline(Box::new(answer));
        let candidate = Candidate { target, confidence: probability(score), score, features };
        let place = candidates.iter().position(|known| known.score < score).unwrap_or(candidates.len());
        candidates.insert(place, candidate);
    }
    candidates
}

/// Words that tie a message to the one before it: at its start, at the start of a short one, or anywhere.
const OPENS_FOLLOW_UP: &[&str] =
    &["kalau", "terus", "lalu", "trus", "berarti", "lantas", "dan", "terusannya", "sedangkan", "nah"];
const OPENS_SHORT_FOLLOW_UP: &[&str] =
    &["yang", "untuk", "saat", "waktu", "khusus", "jika", "bila", "soal", "tapi", "tetapi", "dari", "di"];
const POINTS_BACK: &[&str] = &["itu", "tersebut", "tadi", "dia", "mereka", "begitu"];
/// A message of at most so many words may leave out what it is about.
const SHORT: usize = 5;

/// How strongly a message leans on the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaning {
    /// It points back and names nothing by itself: "batas waktunya berapa hari?".
    Pointing,
    /// It says so: "kalau …", "provinsinya ada berapa?".
    Marked,
    /// Short, and naming nothing of our subject by itself.
    Short,
    No,
}

/// Whether the question before is worth a look: not when a message stands well on its own.
fn leans(leaning: Leaning, alone: f32) -> bool {
    match leaning {
        Leaning::Pointing | Leaning::Marked => true,
        Leaning::Short => alone < 0.9,
        Leaning::No => alone < Weights::in_use().answer_at,
    }
}

fn leaning(words: &[&str]) -> Leaning {
    if words.len() > LONG_MESSAGE {
        return Leaning::No;
    }
    let short = words.len() <= SHORT;
    let opens = words.first().is_some_and(|word| {
        OPENS_FOLLOW_UP.contains(word) || (short && OPENS_SHORT_FOLLOW_UP.contains(word))
    });
    // "-nya" refers to what was spoken of: masa tenangnya, syaratnya.
    let points =
        words.iter().any(|word| POINTS_BACK.contains(word) || (word.len() > 6 && word.ends_with("nya")));
    let only_scope = language::only_scope(words) && language::question_type(words).is_none();
    if short && points && !language::names_subject(words) {
        Leaning::Pointing
    } else if opens || only_scope || (short && points) {
        Leaning::Marked
    } else if short && !language::names_subject(words) {
        Leaning::Short
    } else {
        Leaning::No
    }
}

fn door(words: &[&str]) -> Door {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    if has(&["nik", "dpt", "terdaftar", "tps"]) {
        Door::VoterList
    } else if has(&["etik", "dkpp"]) {
        Door::Ethics
    } else if has(&[
        "curang",
        "kecurangan",
        "pelanggaran",
        "melanggar",
        "lapor",
        "melapor",
        "suap",
        "bawaslu",
    ]) {
        Door::Violation
    } else if has(&["sengketa", "ajudikasi", "mediasi"]) && has(&["informasi"]) {
        Door::Dispute
    } else if has(&["informasi", "dokumen", "data", "ppid", "salinan"]) {
        Door::Information
    } else {
        Door::Office
    }
}

/// The candidate for an id named by a button, or none when it is gone.
pub fn runner_up(library: &Library, id: &str, now: &ZonedDateTime) -> Option<Candidate> {
    let target = if id.starts_with("tahapan:") {
        Target::Timeline(Box::new(ask::entry(&library.timelines, id, now)?))
    } else {
        Target::Entry(library.entry(id)?.id.clone())
    };
    Some(Candidate { target, confidence: 1.0, score: 9.0, features: None })
}
