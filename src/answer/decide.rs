//! Sure, ask back, or don't know.

use jiff::ZonedDateTime;

use super::candidates::{Around, Candidate, Target, best, best_confidence, probability};
use super::parts::{asking, candidates};
use crate::language::{self, LONG_MESSAGE, Outside, Refusal, Smalltalk};
use crate::library::Library;
use crate::search::{Query, Weights};

/// Two candidates nearer than this in log odds cannot be told apart; the citizen is asked.
const TIE: f32 = 0.12;
/// What a question that names another subject must reach to be answered all the same.
const OUTSIDE_BESIDE: f32 = 0.6;
const OUTSIDE_WHOLLY: f32 = 0.93;
/// What a question that sounds like asking for advice must reach to be answered.
const SURELY_THE_RULE: f32 = 0.93;
/// And one with an insult.
const SURE_DESPITE_ALL: f32 = 0.85;
/// How far the answer just given steps back for a follow-up, in log odds.
const STEP_BACK: f32 = 0.8;

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
    // Single letters say nothing.
    if words.iter().all(|word| word.chars().count() < 2) {
        return Decision::Abstain(Door::Office, Vec::new());
    }
    let asking = asking(text, &normalized);
    let asking: Vec<&str> = asking.iter().map(String::as_str).collect();
    // Whom somebody chose may be told by the way; what else is refused is refused wherever it stands.
    let refusal = language::refusal(&asking)
        .or_else(|| language::refusal(&words).filter(|kind| *kind != Refusal::Partisan))
        .or_else(|| language::foretells(&words, now.year()).then_some(Refusal::Prediction));
    let about_rule = refusal.is_some_and(|kind| language::asks_about_rule(kind, &asking));
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
    // What is asked about data has its own answers; what touches somebody's choice must be surely about the rule.
    if let Some(kind) = refusal
        && top
            < match kind {
                Refusal::PersonalData => answer_at,
                Refusal::Partisan => SURELY_THE_RULE,
                _ => SURE_DESPITE_ALL,
            }
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
