//! Sentences of timeline answers: versioned templates that put the values of a [`ScheduleAnswer`] into words.
//!
//! > Pemungutan suara Pilkada 2024 sudah berlangsung pada Rabu, 27 November 2024.
//!
//! Nothing is added to the values. What is past is told as past, what nobody has decided is never told
//! without "belum ditetapkan resmi". Change a sentence, and [`TEMPLATE_VERSION`] must be raised with it.

use jiff::civil::Date;

use super::dates;
use crate::conversation::SourceLine;
use crate::knowledge::Source;
use crate::schedule::ask::{Aspect, ElectionFacts, Intent, Overview, ScheduleAnswer, StageFacts};
use crate::schedule::{Phase, StageTime};

/// Version of the sentences in this file.
pub const TEMPLATE_VERSION: &str = crate::schedule::TEMPLATE_VERSION;

/// How many running stages the short answer names; the rest stands in the details.
const NAMED: usize = 5;

/// A timeline answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineText {
    /// Answers the question in its first sentence.
    pub short: String,
    pub details: String,
    /// When the values were last compared with their source.
    pub validity: Option<String>,
    pub sources: Vec<SourceLine>,
}

/// Puts an answer into words.
pub fn render(answer: &ScheduleAnswer) -> TimelineText {
    let (short, details) = match (&answer.stage, answer.intent) {
        (Some(stage), intent) => (stage_short(answer, stage, intent), stage_details(answer, stage)),
        (None, Intent::Now) => (now_short(answer), now_details(answer)),
        (None, _) => (list_short(answer), list_details(answer)),
    };
    let own = answer.stage.as_ref().map_or(&[][..], |stage| &stage.sumber);
    let sources = if own.is_empty() { &answer.election.sumber } else { own };
    TimelineText {
        short,
        details,
        validity: validity(answer),
        sources: sources.iter().map(source_line).collect(),
    }
}

/// The text above the buttons of /tahapan.
pub fn overview_text(overview: &Overview) -> String {
    let mut text = format!("**Tahapan pemilu dan pilkada** per {}\n\n", full(overview.today));
    let mut running =
        overview.elections.iter().flat_map(|election| &election.running).map(running_line).peekable();
    if running.peek().is_none() {
        text.push_str("Hari ini tidak ada tahapan yang berjalan menurut jadwal yang kami catat.\n");
    } else {
        text.push_str("Yang berjalan hari ini:\n");
        for line in running {
            text.push_str(&line);
        }
    }
    text.push('\n');
    for election in &overview.elections {
        text.push_str(&format!(
            "- **{}**: {}\n",
            election.nama,
            voting_phrase(&election.election, overview.today)
        ));
    }
    text.push_str("\nPilih pemilihan untuk melihat jadwal lengkapnya.");
    text
}

/// "Masa kampanye Pilkada 2024"; long names are joined with "dalam".
fn subject(stage: &StageFacts) -> String {
    if stage.nama.split(' ').count() > 4 || stage.nama.contains('(') {
        format!("{} dalam {}", stage.nama, stage.election)
    } else {
        format!("{} {}", stage.nama, stage.election)
    }
}

fn stage_short(answer: &ScheduleAnswer, stage: &StageFacts, intent: Intent) -> String {
    if stage.replaced {
        return replaced(answer, stage);
    }
    if stage.projected {
        return projected(answer, stage, intent);
    }
    let when = when_sentence(stage, answer.aspect);
    match intent {
        Intent::Countdown => countdown(stage).unwrap_or(when),
        Intent::PassedYet => format!("{} {when}", verdict(stage, answer)),
        Intent::Duration => duration(stage).unwrap_or_else(|| format!("Lamanya tidak tercatat. {when}")),
        _ => when,
    }
}

/// The plain answer to "kapan", in the tense that the day asks for.
fn when_sentence(stage: &StageFacts, aspect: Aspect) -> String {
    let subject = subject(stage);
    let days = stage.days.unwrap_or_default();
    match (&stage.time, stage.phase) {
        (StageTime::Hari(day), Phase::Past) => format!("{subject} sudah berlangsung pada {}.", full(*day)),
        (StageTime::Hari(day), Phase::Current) => format!("{subject} berlangsung hari ini, {}.", full(*day)),
        (StageTime::Hari(day), _) => format!("{subject} dijadwalkan pada {}, {}.", full(*day), in_days(days)),
        (StageTime::Rentang(first, last), phase) => {
            let length = stage.length_days.unwrap_or_default();
            let span = format!("{}, {length} hari", dates::range(*first, *last));
            match (phase, aspect) {
                (Phase::Past, Aspect::Start) => {
                    format!(
                        "{subject} sudah dimulai pada {} dan berakhir pada {} ({length} hari).",
                        full(*first),
                        full(*last)
                    )
                }
                (Phase::Past, Aspect::End) => {
                    format!(
                        "{subject} sudah berakhir pada {}; mulainya {} ({length} hari).",
                        full(*last),
                        full(*first)
                    )
                }
                (Phase::Past, Aspect::Whole) => format!("{subject} sudah berlangsung pada {span}."),
                (Phase::Current, _) => {
                    format!("{subject} sedang berlangsung: {span}. {}", ends_in(days))
                }
                _ => format!("{subject} dijadwalkan pada {span}, mulai {}.", in_days(days)),
            }
        }
        (StageTime::PalingLambat(day), phase) => {
            let deadline = full(*day);
            let is_limit = stage.nama.starts_with("Batas");
            let verb = if is_limit { "jatuh pada" } else { "berlangsung paling lambat sampai" };
            match phase {
                Phase::Past if is_limit => format!("{subject} jatuh pada {deadline} dan sudah lewat."),
                Phase::Past => format!("{subject} {verb} {deadline}; hari itu sudah lewat."),
                Phase::Current => format!("{subject} {verb} hari ini, {deadline}."),
                _ => format!("{subject} {verb} {deadline}, {}.", in_days(days)),
            }
        }
        (StageTime::Sejak(day), Phase::Future) => {
            format!("{subject} akan dimulai pada {}, {}.", full(*day), in_days(days))
        }
        (StageTime::Sejak(day), Phase::Past) => {
            format!("{subject} sudah dimulai pada {} dan kini telah lewat.", full(*day))
        }
        (StageTime::Sejak(day), _) => format!("{subject} berjalan sejak {}.", full(*day)),
        (StageTime::Aturan(rule), _) => {
            format!("{subject} tidak memakai satu tanggal. Aturannya: {}", sentence(&lower_first(rule)))
        }
        // A window is always projected and told by `projected`; said here too so that no path can omit it.
        (StageTime::Jendela(first, last), _) => {
            format!(
                "{subject} belum ditetapkan resmi. Perkiraannya {}, dan itu bukan jadwal resmi.",
                window(*first, *last)
            )
        }
    }
}

/// What no authority has decided: the caveat comes first, and no day is ever counted.
fn projected(answer: &ScheduleAnswer, stage: &StageFacts, intent: Intent) -> String {
    let subject = subject(stage);
    let voting = stage.id == crate::schedule::VOTING_STAGE;
    let opening = match intent {
        Intent::Countdown if voting => {
            format!("Belum bisa dihitung: hari {} belum ditetapkan resmi.", lower_first(&subject))
        }
        Intent::Countdown => {
            format!("Belum bisa dihitung: {} belum ditetapkan resmi.", lower_first(&subject))
        }
        Intent::PassedYet => format!("Belum: {} belum ditetapkan resmi.", lower_first(&subject)),
        _ if voting => {
            format!("Hari {} belum ditetapkan resmi.", lower_first(&subject))
        }
        _ => format!("Waktu {} belum ditetapkan resmi.", lower_first(&subject)),
    };
    let known = match &stage.time {
        StageTime::Jendela(first, last) => {
            format!("Perkiraannya {}, dan itu bukan jadwal resmi.", window(*first, *last))
        }
        StageTime::Aturan(rule) if rule.is_empty() => {
            "Kami belum mencatat jadwal yang ditetapkan KPU untuk tahapan ini.".to_owned()
        }
        StageTime::Aturan(rule) => sentence(rule),
        StageTime::Hari(day) => format!("Menurut hitungan sementara {}.", full(*day)),
        StageTime::Rentang(first, last) => {
            format!("Menurut hitungan sementara {}.", dates::range(*first, *last))
        }
        StageTime::PalingLambat(day) => format!("Menurut hitungan sementara paling lambat {}.", full(*day)),
        StageTime::Sejak(day) => format!("Menurut hitungan sementara mulai {}.", full(*day)),
    };
    let held = if answer.election.over { " Jadwal ini sudah lama tidak diperbarui." } else { "" };
    format!("{opening} {known}{held}")
}

fn replaced(answer: &ScheduleAnswer, stage: &StageFacts) -> String {
    let time = match &stage.time {
        StageTime::Hari(day) => format!("pada {}", full(*day)),
        StageTime::Rentang(first, last) => format!("pada {}", dates::range(*first, *last)),
        StageTime::PalingLambat(day) => format!("paling lambat {}", full(*day)),
        StageTime::Sejak(day) => format!("mulai {}", full(*day)),
        StageTime::Aturan(rule) => format!("dengan aturan: {rule}"),
        StageTime::Jendela(first, last) => window(*first, *last),
    };
    let why = answer
        .election
        .ketentuan_waktu
        .as_deref()
        .map(|why| format!(" {}", sentence(why)))
        .unwrap_or_default();
    format!("{} semula dijadwalkan {time}, tetapi jadwal itu tidak jadi dilaksanakan.{why}", subject(stage))
}

fn countdown(stage: &StageFacts) -> Option<String> {
    let days = stage.days?;
    let subject = subject(stage);
    let first = stage.time.first_day()?;
    Some(match stage.phase {
        Phase::Future if days == 1 => format!("{subject} tinggal 1 hari lagi, yaitu besok, {}.", full(first)),
        Phase::Future => format!("{subject} tinggal {days} hari lagi, yaitu {}.", full(first)),
        Phase::Past => format!("{} Itu {days} hari yang lalu.", when_sentence(stage, Aspect::Whole)),
        _ => return None,
    })
}

fn duration(stage: &StageFacts) -> Option<String> {
    let subject = subject(stage);
    let length = stage.length_days?;
    let tense = match stage.phase {
        Phase::Future => "dijadwalkan berlangsung",
        Phase::Current => "sedang berlangsung dan lamanya",
        _ => "berlangsung",
    };
    Some(match &stage.time {
        StageTime::Rentang(first, last) => {
            format!("{subject} {tense} {length} hari, dari {}.", dates::range(*first, *last))
        }
        StageTime::Hari(day) => format!("{subject} {tense} satu hari, pada {}.", full(*day)),
        _ => return None,
    })
}

fn verdict(stage: &StageFacts, answer: &ScheduleAnswer) -> &'static str {
    match stage.phase {
        Phase::Past => "Sudah lewat.",
        Phase::Current if matches!(stage.time, StageTime::PalingLambat(_)) => {
            "Belum lewat; hari ini hari terakhir."
        }
        Phase::Current => "Belum lewat; masih berlangsung.",
        Phase::Future if matches!(stage.time, StageTime::PalingLambat(_)) => "Belum lewat.",
        Phase::Future => "Belum mulai.",
        Phase::Unknown if answer.historical => "Pemilihannya sudah selesai.",
        Phase::Unknown => "Belum bisa dipastikan.",
    }
}

fn stage_details(answer: &ScheduleAnswer, stage: &StageFacts) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(note) = &stage.catatan {
        parts.push(format!("**Catatan:** {}", sentence(note)));
    }
    if let Some(actor) = &stage.pelaku {
        parts.push(format!("**Pelaksana:** {}", sentence(actor)));
    }
    if let Some(citizens) = &stage.warga {
        parts.push(sentence(citizens));
    }
    if let Some(region) = stage.wilayah.as_ref().or(answer.election.wilayah.as_ref()) {
        parts.push(format!("**Wilayah:** {region}."));
    }
    if stage.projected {
        if let Some(rule) = &answer.election.ketentuan_waktu {
            parts.push(sentence(rule));
        }
        parts.push(CHANGEABLE.to_owned());
    } else if answer.historical && stage.phase == Phase::Unknown {
        parts.push(format!("{} sudah selesai; keterangan ini catatan sejarah.", answer.election.nama));
    }
    if let Some(basis) = stage.dasar_hukum.as_ref().or(answer.election.dasar_hukum.as_ref()) {
        parts.push(format!("**Dasar hukum:** {basis}."));
    }
    parts.join("\n\n")
}

const CHANGEABLE: &str = "Jadwal dapat diubah oleh undang-undang atau Peraturan KPU yang baru. Lihat kabar resmi di kpu.go.id dan jdih.kpu.go.id.";

fn now_short(answer: &ScheduleAnswer) -> String {
    let today = full(answer.today);
    if answer.stages.is_empty() {
        let mut text = format!(
            "Hari ini, {today}, tidak ada tahapan yang sedang berjalan menurut jadwal yang kami catat."
        );
        if let Some(last) = &answer.last_election {
            text.push_str(&format!(
                " Yang terakhir digelar: {}, {}.",
                last.nama,
                voting_phrase(last, answer.today)
            ));
        }
        if let Some(next) = &answer.next_election {
            text.push_str(&format!(" Berikutnya: {}, {}.", next.nama, voting_phrase(next, answer.today)));
        }
        return text;
    }
    let mut text = format!("Hari ini, {today}, yang sedang berjalan:\n\n");
    for stage in answer.stages.iter().take(NAMED) {
        text.push_str(&running_line(stage));
    }
    if answer.stages.len() > NAMED {
        text.push_str(&format!("- dan {} tahapan lain.\n", answer.stages.len() - NAMED));
    }
    text.trim_end().to_owned()
}

fn now_details(answer: &ScheduleAnswer) -> String {
    let mut text = String::new();
    for stage in answer.stages.iter().skip(NAMED) {
        text.push_str(&running_line(stage));
    }
    if !answer.upcoming.is_empty() {
        text.push_str("\nSesudah ini:\n\n");
        for stage in &answer.upcoming {
            text.push_str(&format!("- **{}**: {}\n", subject(stage), time_phrase(&stage.time)));
        }
    }
    if answer.stages.is_empty() && answer.projected {
        if let Some(rule) = answer.next_election.as_ref().and_then(|next| next.ketentuan_waktu.as_ref()) {
            text.push_str(&format!("\n{}\n", sentence(rule)));
        }
        text.push_str(&format!("\n{CHANGEABLE}"));
    }
    text.trim().to_owned()
}

fn running_line(stage: &StageFacts) -> String {
    let rest = match (&stage.time, stage.days) {
        (StageTime::Rentang(_, last), Some(0)) => format!("hari terakhir, {}", full(*last)),
        (StageTime::Rentang(_, last), Some(days)) => format!("sampai {} ({days} hari lagi)", full(*last)),
        (time, _) => time_phrase(time),
    };
    format!("- **{}**: {rest}\n", subject(stage))
}

fn list_short(answer: &ScheduleAnswer) -> String {
    let election = &answer.election;
    if election.replaced {
        let why =
            election.ketentuan_waktu.as_deref().map(|why| format!(" {}", sentence(why))).unwrap_or_default();
        return format!("{} tidak jadi dilaksanakan.{why}", election.nama);
    }
    let voting = voting_phrase(election, answer.today);
    if election.projected {
        let rule = election
            .ketentuan_waktu
            .as_deref()
            .map(|rule| format!(" {}", sentence(rule)))
            .unwrap_or_default();
        return format!("{}: {voting}.{rule}", election.nama);
    }
    format!("{}: {voting}. Tahapan yang kami catat ada {}.", election.nama, answer.stages.len())
}

fn list_details(answer: &ScheduleAnswer) -> String {
    let mut stages: Vec<&StageFacts> = answer.stages.iter().collect();
    // Dated stages in the order of the calendar, rules without a date after them.
    stages.sort_by_key(|stage| (stage.time.first_day().is_none(), stage.time.first_day()));
    let mut text = String::new();
    for stage in stages {
        let official = if stage.projected { ", belum ditetapkan resmi" } else { "" };
        text.push_str(&format!("- **{}**: {}{official}\n", stage.nama, time_phrase(&stage.time)));
    }
    if answer.projected {
        text.push_str(&format!("\n{CHANGEABLE}\n"));
    }
    if let Some(basis) = &answer.election.dasar_hukum {
        text.push_str(&format!("\n**Dasar hukum:** {basis}."));
    }
    text.trim().to_owned()
}

/// The voting day of an election as a clause: "pemungutan suara Rabu, 27 November 2024".
fn voting_phrase(election: &ElectionFacts, today: Date) -> String {
    match (&election.voting_time, election.projected) {
        (StageTime::Jendela(first, last), _) => {
            format!("hari pemungutan suara belum ditetapkan resmi (perkiraan {})", window(*first, *last))
        }
        (_, true) | (StageTime::Aturan(_), _) => "hari pemungutan suara belum ditetapkan resmi".to_owned(),
        (time, false) => match time.first_day() {
            Some(day) if day < today => format!("pemungutan suara sudah berlangsung pada {}", full(day)),
            Some(day) if day == today => format!("pemungutan suara hari ini, {}", full(day)),
            _ => format!("pemungutan suara dijadwalkan {}", time_phrase(time)),
        },
    }
}

/// A time without a verb.
fn time_phrase(time: &StageTime) -> String {
    match time {
        StageTime::Hari(day) => full(*day),
        StageTime::Rentang(first, last) => format!("{} sampai {}", dates::long(*first), dates::long(*last)),
        StageTime::PalingLambat(day) => format!("paling lambat {}", dates::long(*day)),
        StageTime::Sejak(day) => format!("sejak {}", dates::long(*day)),
        StageTime::Aturan(rule) => lower_first(rule),
        StageTime::Jendela(first, last) => format!("perkiraan {}", window(*first, *last)),
    }
}

fn validity(answer: &ScheduleAnswer) -> Option<String> {
    let checked = answer.election.diperiksa.map(|day| format!("Terakhir diperiksa {}.", dates::long(day)));
    let kind = match (answer.projected, answer.historical) {
        (true, _) => Some("Belum ditetapkan resmi; dapat berubah."),
        (false, true) => Some("Jadwal yang sudah lewat, sebagai catatan."),
        (false, false) => None,
    };
    let parts: Vec<String> = kind.map(str::to_owned).into_iter().chain(checked).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn source_line(source: &Source) -> SourceLine {
    SourceLine {
        title: source.title.clone(),
        url: source.url.clone(),
        date: source.date.map(|date| date.to_string()),
    }
}

/// "Rabu, 27 November 2024"
fn full(date: Date) -> String {
    format!("{}, {}", dates::weekday(date), dates::long(date))
}

/// A projected window is told in months: its exact days mean nothing.
fn window(first: Date, last: Date) -> String {
    let month =
        |date: Date| dates::long(date).split_once(' ').map_or_else(String::new, |(_, rest)| rest.to_owned());
    format!("sekitar {} sampai {}", month(first), month(last))
}

fn in_days(days: i64) -> String {
    match days {
        1 => "besok".to_owned(),
        _ => format!("{days} hari lagi"),
    }
}

fn ends_in(days: i64) -> String {
    match days {
        0 => "Hari ini hari terakhir.".to_owned(),
        1 => "Besok hari terakhir.".to_owned(),
        _ => format!("Masih {days} hari lagi sampai hari terakhir."),
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// Lowers the first letter unless the word is an abbreviation or a name with a digit ("KPPS", "DPT").
fn lower_first(text: &str) -> String {
    let first_word = text.split(' ').next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if first_word.chars().skip(1).all(char::is_lowercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
