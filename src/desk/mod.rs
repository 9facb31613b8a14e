//! The desk: what staff and admins do in Telegram. Commands to replies; may use the store and the live library.
//!
//! Whoever is not listed in `ADMIN_IDS` or `STAFF_IDS` gets nothing from here: the conversation then says that there is no such
//! command. Replies go to private chats and the staff chat only.

pub mod texts;

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::answer::{self, entry_reply, explain, plain};
use crate::conversation::{Action, Block, Button, Effect, Message, Reply};
use crate::knowledge::{Entry, Severity};
use crate::library::Library;
use crate::privacy;
use crate::schedule::{Timeline, ask};
use crate::store::{Incoming, IncomingMessage, LogRow, Statistics, Store, StoreError};

const DAY_MS: i64 = 24 * 3_600_000;
/// Rows of /log on one page.
const PAGE: i64 = 5;
/// Problems that /masalah lists.
const MOST_PROBLEMS: usize = 25;

/// What a person may do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Nobody,
    Staff,
    Admin,
}

/// Who the staff are.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    pub admins: BTreeSet<i64>,
    pub staff: BTreeSet<i64>,
    /// Where questions to a person go.
    pub chat: Option<i64>,
}

/// What a command needs.
pub struct Around<'a> {
    pub store: &'a Store,
    pub library: &'a Library,
    pub now: &'a ZonedDateTime,
    pub region: &'a str,
}

/// What came of a command.
#[derive(Debug, Default)]
pub struct Handled {
    pub reply: Reply,
    pub effects: Vec<Effect>,
    /// Read the folders again, and withdrawals with them, once this is stored.
    pub reload: bool,
}

type MenuEntry = (&'static str, &'static str);

impl Desk {
    fn role(&self, person: &str) -> Role {
        let id = person.parse::<i64>().unwrap_or_default();
        if self.admins.contains(&id) {
            Role::Admin
        } else if self.staff.contains(&id) {
            Role::Staff
        } else {
            Role::Nobody
        }
    }

    /// Each staff member's chat with the commands that only they see.
    pub fn menus(&self) -> Vec<(i64, Vec<MenuEntry>)> {
        let staff = texts::STAFF_COMMANDS.to_vec();
        let all: Vec<MenuEntry> = staff.iter().chain(&texts::ADMIN_COMMANDS).copied().collect();
        let admins = self.admins.iter().map(|id| (*id, all.clone()));
        let others = self.staff.difference(&self.admins).map(|id| (*id, staff.clone()));
        admins.chain(others).collect()
    }

    /// The command of a message, if its sender may give it where it was given.
    pub fn command(&self, incoming: &Incoming, message: &Message) -> Option<String> {
        if incoming.session.channel != "telegram" {
            return None;
        }
        let role = self.role(&incoming.person);
        let chat = incoming.target.get("chat_id").and_then(serde_json::Value::as_i64);
        let here = incoming.session.id == incoming.person || (chat.is_some() && chat == self.chat);
        let text = match message {
            Message::Text(text) => text.trim(),
            Message::Tap(Action::Desk { command }) => command,
            _ => return None,
        };
        let name = name_of(text)?;
        let least = if texts::STAFF_COMMANDS.iter().any(|(known, _)| *known == name) {
            Role::Staff
        } else if name == "lihat" || texts::ADMIN_COMMANDS.iter().any(|(known, _)| *known == name) {
            Role::Admin
        } else {
            return None;
        };
        (here && role >= least).then(|| text.to_owned())
    }

    /// The message of the staff chat that this one replies to, with the text.
    pub fn staff_reply<'a>(&self, incoming: &'a Incoming) -> Option<(i64, &'a str)> {
        let chat = incoming.target.get("chat_id").and_then(serde_json::Value::as_i64)?;
        match (&incoming.message, incoming.replies_to) {
            (IncomingMessage::Plain(Message::Text(text)), Some(message))
                if Some(chat) == self.chat && !text.starts_with('/') =>
            {
                Some((message, text))
            }
            _ => None,
        }
    }
}

/// `/log@Bot 5` is `log`.
fn name_of(text: &str) -> Option<String> {
    let first = text.strip_prefix('/')?.split_whitespace().next()?;
    Some(first.split('@').next().unwrap_or(first).to_lowercase())
}

/// Carries out a command that [`Desk::command`] let through.
pub async fn handle(command: &str, around: &Around<'_>) -> Result<Handled, StoreError> {
    let rest = command.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim());
    match name_of(command).unwrap_or_default().as_str() {
        "statistik" => statistics(around).await,
        "log" => log_page(around, rest.parse().unwrap_or(0)).await,
        "lihat" => log_row(around, rest).await,
        "jejak" => audit(around).await,
        "uji" => Ok(test(around, rest)),
        "tarik" => Ok(withdraw(around, rest)),
        "pulihkan" => restore(around, rest).await,
        "masalah" => Ok(problems(around.library)),
        _ => Ok(reload()),
    }
}

fn say(text: impl Into<String>) -> Handled {
    Handled {
        reply: Reply { blocks: vec![Block::Plain(text.into())], buttons: Vec::new() },
        ..Handled::default()
    }
}

fn act(act: &str, object: &str, detail: &str) -> Effect {
    Effect::Audit { act: act.to_owned(), object: object.to_owned(), detail: privacy::mask(detail) }
}

fn button(label: impl Into<String>, command: String) -> Vec<Button> {
    vec![Button { label: label.into(), action: Action::Desk { command } }]
}

fn reload() -> Handled {
    let mut handled = say("Folder pengetahuan dibaca ulang. Lihat /masalah untuk hasil pemeriksaannya.");
    handled.effects.push(act("muatulang", "", ""));
    handled.reload = true;
    handled
}

async fn statistics(around: &Around<'_>) -> Result<Handled, StoreError> {
    let now_ms = around.now.timestamp().as_millisecond();
    let midnight = around.now.start_of_day().map_or(now_ms, |start| start.timestamp().as_millisecond());
    let mut text = String::new();
    for (name, since) in
        [("Hari ini", midnight), ("7 hari", now_ms - 7 * DAY_MS), ("30 hari", now_ms - 30 * DAY_MS)]
    {
        let figures = around.store.statistics(since).await?;
        text.push_str(&span(name, &figures));
    }
    let month = around.store.statistics(now_ms - 30 * DAY_MS).await?;
    let list = |title: &str, rows: &[(String, i64)], name: &dyn Fn(&str) -> String| {
        let lines: Vec<String> = rows.iter().map(|(id, count)| format!("{count} × {}", name(id))).collect();
        if lines.is_empty() { String::new() } else { format!("\n{title} (30 hari)\n{}\n", lines.join("\n")) }
    };
    text.push_str(&list("Topik teratas", &month.topics, &|id| around.library.topic_name(id)));
    text.push_str(&list("Jawaban teratas", &month.entries, &str::to_owned));
    Ok(say(text.trim_end()))
}

fn span(name: &str, figures: &Statistics) -> String {
    let of =
        |kind: &str| figures.by_kind.iter().find(|(known, _)| known == kind).map_or(0, |(_, count)| *count);
    let judged = figures.helpful + figures.unhelpful;
    let helpful = match judged {
        0 => "belum ada penilaian".to_owned(),
        judged => format!("{} dari {judged} penilaian membantu", figures.helpful),
    };
    format!(
        "{name}: {} pertanyaan dari {} orang\nterjawab {}, ditanya balik {}, belum ada jawaban {}, ditolak netral {}\n{helpful}\n\n",
        figures.questions(),
        figures.people,
        of("answer"),
        of("choices"),
        of("abstain"),
        of("refuse"),
    )
}

async fn log_page(around: &Around<'_>, offset: i64) -> Result<Handled, StoreError> {
    let offset = offset.max(0);
    let rows = around.store.unhappy(offset, PAGE + 1).await?;
    if rows.is_empty() {
        return Ok(say(texts::LOG_EMPTY));
    }
    let shown = &rows[..rows.len().min(usize::try_from(PAGE).unwrap_or(rows.len()))];
    let lines: Vec<String> = (1..)
        .zip(shown)
        .map(|(number, row)| {
            format!("{number}. {} · {} · {}", moment(row.at_ms, around.now), what(row), row.text)
        })
        .collect();
    let mut handled = say(lines.join("\n"));
    for (number, row) in (1..).zip(shown) {
        let label: String = format!("{number}. {}", row.text).chars().take(40).collect();
        handled.reply.buttons.push(button(label, format!("/lihat {}", row.turn)));
    }
    let mut pages = Vec::new();
    if offset > 0 {
        pages.extend(button(texts::NEWER, format!("/log {}", (offset - PAGE).max(0))));
    }
    if rows.len() > shown.len() {
        pages.extend(button(texts::OLDER, format!("/log {}", offset + PAGE)));
    }
    if !pages.is_empty() {
        handled.reply.buttons.push(pages);
    }
    Ok(handled)
}

fn what(row: &LogRow) -> &'static str {
    match (row.kind.as_str(), row.helpful) {
        (_, Some(false)) => "dinilai kurang",
        ("choices", _) => "ditanya balik",
        ("abstain", _) => "belum ada jawaban",
        _ => "terjawab",
    }
}

fn moment(at_ms: i64, now: &ZonedDateTime) -> String {
    zoned(at_ms, now.time_zone().clone()).strftime("%d-%m-%Y %H:%M").to_string()
}

fn zoned(at_ms: i64, zone: TimeZone) -> ZonedDateTime {
    Timestamp::from_millisecond(at_ms).unwrap_or_default().to_zoned_datetime(zone)
}

async fn log_row(around: &Around<'_>, turn: &str) -> Result<Handled, StoreError> {
    let Some(row) = around.store.logged(turn).await? else { return Ok(say(texts::LOG_GONE)) };
    let mut text = format!("{} · {}\nPertanyaan: {}\n", moment(row.at_ms, around.now), what(&row), row.text);
    if let Some(entry) = &row.entry {
        text.push_str(&format!(
            "Dijawab dengan: {entry} (versi {})\n",
            row.version.as_deref().unwrap_or("-")
        ));
    }
    if let Some(reason) = &row.reason {
        text.push_str(&format!("Alasan penanya: {reason}\n"));
    }
    text.push_str(&format!("Keyakinan: {:.0} %\n\n", row.confidence * 100.0));
    text.push_str("Yang dibaca penanya:\n");
    text.push_str(&shown_again(around, &row).await?);
    let mut handled = say(text);
    handled.reply.buttons.push(button(texts::BACK, "/log".to_owned()));
    Ok(handled)
}

/// The answer of a logged turn as it read then, from the recorded content of its version.
pub async fn shown_again(around: &Around<'_>, row: &LogRow) -> Result<String, StoreError> {
    let gone = || "(isi versi itu tidak tersimpan)".to_owned();
    let Some(version) = &row.version else { return Ok(gone()) };
    let Some((id, content)) = around.store.entry_version(version).await? else { return Ok(gone()) };
    let at = zoned(row.at_ms, around.now.time_zone().clone());
    if id.starts_with("pesan:") {
        return Ok(serde_json::from_str(&content).unwrap_or_else(|_| gone()));
    }
    if id.starts_with("tahapan:") {
        let timeline = serde_json::from_str::<serde_json::Value>(&content)
            .ok()
            .and_then(|mut content| content.get_mut("timeline").map(serde_json::Value::take))
            .and_then(|timeline| serde_json::from_value::<Timeline>(timeline).ok());
        let shown = timeline.and_then(|timeline| {
            let answer = ask::entry(&[timeline], row.entry.as_deref()?, &at)?;
            let text = answer::timeline::render(&answer);
            Some(format!("{}\n\n{}\n\n{}", answer.title, text.short, text.details))
        });
        return Ok(shown.unwrap_or_else(gone));
    }
    Ok(match serde_json::from_str::<Entry>(&content) {
        Ok(entry) => plain(&entry_reply(around.library, &entry, at.date()).reply),
        Err(_) => gone(),
    })
}

async fn audit(around: &Around<'_>) -> Result<Handled, StoreError> {
    let rows = around.store.audit(20).await?;
    if rows.is_empty() {
        return Ok(say(texts::AUDIT_EMPTY));
    }
    let lines: Vec<String> = rows
        .iter()
        .map(|(at_ms, person, act, object, detail)| {
            let person: String = person.chars().take(6).collect();
            format!("{} · {person} · {act} {object} {detail}", moment(*at_ms, around.now))
        })
        .collect();
    Ok(say(lines.join("\n")))
}

fn test(around: &Around<'_>, text: &str) -> Handled {
    if text.is_empty() {
        return say(texts::TEST_USAGE);
    }
    let explanation = explain(around.library, text, None, around.now, around.region);
    let mut out = format!("Keputusan: {}", explanation.decision);
    if let Some(fixed) = explanation.fixed {
        out.push_str(&format!(" (pesan:{fixed})"));
    }
    out.push_str(&format!("\nKata: {}", explanation.words.join(" ")));
    if !explanation.corrections.is_empty() {
        let corrections: Vec<String> =
            explanation.corrections.iter().map(|(from, to)| format!("{from} → {to}")).collect();
        out.push_str(&format!("\nDibetulkan: {}", corrections.join(", ")));
    }
    out.push_str(&format!(
        "\nAmbang: jawab {:.0} %, tawarkan {:.0} %\nCalon:",
        explanation.answer_at * 100.0,
        explanation.choice_at * 100.0
    ));
    for candidate in &explanation.candidates {
        out.push_str(&format!(
            "\n{:.0} % {} · {}",
            candidate.confidence * 100.0,
            candidate.title,
            candidate.entry
        ));
    }
    let mut handled = say(out);
    if explanation.decision == "answer"
        && let Some(best) = explanation.candidates.first()
        && let Some(candidate) = answer::runner_up(around.library, &best.entry, around.now)
        && let Some(rendered) = answer::candidate_reply(around.library, &candidate, around.now.date())
    {
        handled.reply.blocks.push(Block::Notice("Yang akan dibaca warga:".to_owned()));
        handled.reply.blocks.extend(rendered.reply.blocks);
    }
    handled
}

/// The longest known id at the start of the text, and the rest: ids come from file names and may hold blanks.
fn split_id<'t>(library: &Library, rest: &'t str) -> (&'t str, &'t str) {
    let starts = |id: &&str| {
        rest.strip_prefix(*id).is_some_and(|tail| tail.is_empty() || tail.starts_with(char::is_whitespace))
    };
    match library.entries().map(|entry| entry.id.as_str()).filter(starts).max_by_key(|id| id.len()) {
        Some(id) => rest.split_at(id.len()),
        None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
    }
}

fn withdraw(around: &Around<'_>, rest: &str) -> Handled {
    let (entry, reason) = split_id(around.library, rest);
    if entry.is_empty() {
        return say(texts::WITHDRAW_USAGE);
    }
    let stages = ask::entry_ids(&around.library.timelines);
    let known = around.library.entry(entry).is_some()
        || stages.iter().any(|(id, _)| id == entry)
        || around.library.timelines.iter().any(|timeline| entry == format!("tahapan:{}", timeline.id));
    if !known {
        let wanted = entry.to_lowercase();
        let near: Vec<&str> = around
            .library
            .entries()
            .map(|known| known.id.as_str())
            .filter(|known| known.contains(wanted.trim_start_matches('/')))
            .take(5)
            .collect();
        let hint = if near.is_empty() { String::new() } else { format!("\nMungkin: {}", near.join(", ")) };
        return say(format!("{}{hint}\n\n{}", texts::UNKNOWN_ENTRY, texts::WITHDRAW_USAGE));
    }
    let reason = privacy::mask(reason.trim());
    if reason.is_empty() {
        return say(texts::WITHDRAW_REASON);
    }
    let mut handled = say(texts::withdrawn(entry, &reason));
    handled.effects.push(act("tarik", entry, &reason));
    handled.effects.push(Effect::Withdraw { entry: entry.to_owned(), reason });
    handled.reload = true;
    handled
}

async fn restore(around: &Around<'_>, entry: &str) -> Result<Handled, StoreError> {
    let withdrawn = around.store.withdrawals().await?;
    if withdrawn.is_empty() {
        return Ok(say(texts::RESTORE_NONE));
    }
    if !withdrawn.iter().any(|(known, _)| known == entry) {
        let lines: Vec<String> =
            withdrawn.iter().map(|(entry, reason)| format!("{entry}: {reason}")).collect();
        let mut handled = say(format!("{}\n{}", texts::RESTORE_LIST, lines.join("\n")));
        for (entry, _) in withdrawn.iter().take(20) {
            handled
                .reply
                .buttons
                .push(button(entry.chars().take(60).collect::<String>(), format!("/pulihkan {entry}")));
        }
        return Ok(handled);
    }
    let mut handled = say(texts::restored(entry));
    handled.effects.push(act("pulihkan", entry, ""));
    handled.effects.push(Effect::Restore { entry: entry.to_owned() });
    handled.reload = true;
    Ok(handled)
}

fn problems(library: &Library) -> Handled {
    if library.problems.is_empty() {
        return say(texts::NO_PROBLEMS);
    }
    let errors = library.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let mut text = format!("{errors} kesalahan, {} peringatan.", library.problems.len() - errors);
    let mut sorted: Vec<_> = library.problems.iter().collect();
    sorted.sort_by_key(|problem| problem.severity != Severity::Error);
    for problem in sorted.iter().take(MOST_PROBLEMS) {
        text.push_str(&format!("\n{problem}"));
    }
    if sorted.len() > MOST_PROBLEMS {
        text.push_str(&format!(
            "\n… dan {} lagi; lihat /status atau jalankan check.",
            sorted.len() - MOST_PROBLEMS
        ));
    }
    say(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::SessionKey;

    fn check(person: &str, chat: &str, text: &str, expected: bool) {
        let desk = Desk { admins: BTreeSet::from([1]), staff: BTreeSet::from([2]), chat: Some(-9) };
        let message = Message::Text(text.to_owned());
        let incoming = Incoming {
            session: SessionKey { channel: "telegram".to_owned(), id: chat.to_owned() },
            person: person.to_owned(),
            message: IncomingMessage::Plain(message.clone()),
            target: json!({ "chat_id": chat.split(':').next().unwrap_or(chat).parse::<i64>().unwrap_or(0) }),
            acknowledge: None,
            replies_to: None,
        };
        assert_eq!(desk.command(&incoming, &message).is_some(), expected, "{person} in {chat}: {text}");
    }

    #[test]
    fn commands_are_for_those_who_may() {
        check("1", "1", "/statistik", true);
        check("2", "2", "/statistik", false);
        check("2", "2", "/uji kapan pemilu", true);
        check("3", "3", "/uji kapan pemilu", false);
        check("1", "-5:1", "/statistik", false);
        check("1", "-9:1", "/statistik@TanyaPemiluBot", true);
        check("1", "1", "/start", false);
        check("1", "1", "statistik", false);
    }
}
