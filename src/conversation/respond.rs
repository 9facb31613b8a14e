//! A message and a chat's state to an [`Outcome`].

use jiff::ZonedDateTime;

use super::{Action, Block, Button, Effect, LogRecord, Message, Outcome, OutcomeKind, Reply, State, menu};
use crate::answer::messages::{self, Office};
use crate::answer::{self, Candidate, Decision, Door, Earlier};
use crate::library::Library;
use crate::{language, privacy};

/// A question is forgotten as context after this many seconds.
const CONTEXT_SECONDS: i64 = 30 * 60;
/// Longer texts are asked to be shortened; nobody types this by hand.
const LONGEST_TEXT: usize = 2_000;
/// So much of a question is remembered, and so many words that it took over from the one before.
const LONGEST_REMEMBERED: usize = 300;
const MOST_CARRIED: usize = 12;
/// A forwarded question is cut at so many characters.
const LONGEST_FORWARD: usize = 500;
/// How many related questions an answer offers.
const RELATED: usize = 2;
/// A related question must be at least this plausible.
const RELATED_AT: f32 = 0.08;

/// What a conversation needs besides the message and the state.
pub struct Surroundings<'a> {
    pub library: &'a Library,
    /// Now, in the office's time zone.
    pub now: &'a ZonedDateTime,
    pub office: &'a Office,
    /// Id of this turn; random, made by the caller.
    pub turn: &'a str,
    /// Whether a person at the office can take a question and write back into this chat.
    pub reachable: bool,
}

/// Answers one message.
pub fn respond(state: &State, message: &Message, around: &Surroundings) -> Outcome {
    let mut state = state.clone();
    let seconds = around.now.timestamp().as_second();
    if seconds - state.at > CONTEXT_SECONDS {
        state = State::default();
    }
    state.at = seconds;
    let mut turn = Turn { around, state, effects: Vec::new(), carried: Vec::new() };
    let reply = match message {
        Message::Text(text) => turn.text(text.trim()),
        Message::Tap(action) => turn.tap(action),
        Message::UnknownTap => turn.fixed("tombol-lama", messages::UNKNOWN_TAP),
        Message::Unreadable(what) => {
            let template = messages::unreadable(messages::UNREADABLE);
            turn.log(OutcomeKind::Menu, "", pesan("bukan-teks", &template), 1.0, &[]);
            menu::text(&messages::unreadable(what))
        }
        Message::TooMany => turn.fixed("terlalu-cepat", messages::TOO_MANY),
        Message::ForwardedAlready => turn.fixed("sudah-diteruskan", messages::FORWARDED_ALREADY),
        Message::ForwardedEnough => turn.fixed("terlalu-sering-diteruskan", messages::FORWARDED_ENOUGH),
    };
    Outcome { reply, state: turn.state, effects: turn.effects }
}

struct Turn<'a> {
    around: &'a Surroundings<'a>,
    state: State,
    effects: Vec<Effect>,
    /// Words taken over from the question before; masked then.
    carried: Vec<String>,
}

impl Turn<'_> {
    fn text(&mut self, text: &str) -> Reply {
        if text.is_empty() {
            return self.fixed("bantuan", messages::HELP);
        }
        if text.starts_with('/') {
            return self.command(text);
        }
        if let Some(turn) = self.state.awaiting_reason.take()
            && !text.ends_with('?')
            && text.split_whitespace().count() <= 40
            && language::question_type(
                &language::normalize(text).iter().map(String::as_str).collect::<Vec<_>>(),
            )
            .is_none()
        {
            self.effects.push(Effect::Reason { turn, reason: privacy::mask(text) });
            return self.fixed("terima-kasih-alasan", messages::THANKS_REASON);
        }
        if text.chars().count() > LONGEST_TEXT {
            return self.fixed("terlalu-panjang", messages::TOO_LONG);
        }
        self.question(text)
    }

    fn command(&mut self, text: &str) -> Reply {
        let (command, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        // "/start@TanyaPemiluBot" in groups.
        let command = command.split('@').next().unwrap_or(command).to_lowercase();
        let office = self.around.office;
        self.state.awaiting_reason = None;
        match command.as_str() {
            "/start" | "/mulai" => {
                let text = messages::start(office);
                let reply = menu::with_topics(self.around.library, &text, None);
                self.menu("mulai", reply)
            }
            "/bantuan" | "/help" => self.fixed("bantuan", messages::HELP),
            "/topik" => {
                let reply = menu::with_topics(self.around.library, messages::TOPICS, None);
                self.menu("topik", reply)
            }
            "/hak" => {
                let reply = menu::with_topics(self.around.library, messages::RIGHTS, Some("hak"));
                self.menu("hak", reply)
            }
            "/tahapan" => {
                let reply = menu::stages(self.around.library, self.around.now);
                self.menu("tahapan", reply)
            }
            "/privasi" | "/privacy" => {
                let text = messages::privacy(office);
                self.fixed("privasi", &text)
            }
            "/hapusdata" => {
                let mut reply = menu::text(messages::ERASE_ASK);
                reply
                    .buttons
                    .push(vec![Button { label: messages::ERASE_YES.to_owned(), action: Action::Erase }]);
                self.menu("hapusdata", reply)
            }
            "/tanya" if rest.trim().is_empty() => self.fixed("tanya-kosong", messages::ASK_EMPTY),
            "/tanya" => self.question(rest.trim()),
            _ => self.fixed("perintah-lain", messages::UNKNOWN_COMMAND),
        }
    }

    fn tap(&mut self, action: &Action) -> Reply {
        let library = self.around.library;
        // Whoever goes on to something else is no longer asked for a reason.
        self.state.awaiting_reason = None;
        match action {
            Action::Show { entry } => match answer::runner_up(library, entry, self.around.now) {
                Some(candidate) => {
                    let asked = answer::title_of(library, &candidate);
                    self.answer(&asked, vec![candidate])
                }
                None => self.fixed("sudah-tidak-ada", messages::GONE),
            },
            Action::Ask { text } => self.question(text),
            Action::Topic { topic, offset } => {
                let reply = menu::topic(library, topic, *offset);
                self.menu("isi-topik", reply)
            }
            Action::NotMeant { turn } => self.not_meant(turn),
            Action::Feedback { turn, helpful } => {
                self.effects.push(Effect::Feedback { turn: turn.clone(), helpful: *helpful });
                if *helpful {
                    return self.fixed("terima-kasih-penilaian", messages::THANKS_HELPFUL);
                }
                self.state.awaiting_reason = Some(turn.clone());
                let mut reply = menu::text(messages::WHY_NOT);
                for reason in messages::REASONS {
                    let action = Action::Reason { turn: turn.clone(), reason: reason.to_owned() };
                    reply.buttons.push(vec![Button { label: reason.to_owned(), action }]);
                }
                self.menu("alasan", reply)
            }
            Action::Reason { turn, reason } => {
                self.state.awaiting_reason = None;
                self.effects.push(Effect::Reason { turn: turn.clone(), reason: reason.clone() });
                self.fixed("terima-kasih-alasan", messages::THANKS_REASON)
            }
            Action::Forward { .. } => self.fixed("diteruskan", messages::FORWARDED),
            // Handled before it comes here where the presser is one of the staff; to others the button is unknown.
            Action::Desk { .. } => self.fixed("tombol-lama", messages::UNKNOWN_TAP),
            Action::Erase => {
                self.state = State { at: self.state.at, ..State::default() };
                self.effects.push(Effect::Erase);
                menu::text(messages::ERASED)
            }
        }
    }

    fn question(&mut self, text: &str) -> Reply {
        let around = self.around;
        let state = self.state.clone();
        let earlier = state
            .last_question
            .as_deref()
            .map(|question| Earlier { question, entry: state.last_entry.as_deref() });
        let decided = answer::decide(around.library, text, earlier, around.now, &around.office.region);
        self.carried = decided.carried;
        let mut reply = self.decided(text, decided.decision);
        let pointer = match self.last_kind() {
            Some(OutcomeKind::Answer) => Some(messages::ENGLISH),
            Some(OutcomeKind::Choices | OutcomeKind::Abstain) => Some(messages::ENGLISH_UNSURE),
            _ => None,
        };
        if let Some(pointer) = pointer.filter(|_| language::is_english(text)) {
            reply.blocks.insert(0, Block::Notice(pointer.to_owned()));
        }
        reply
    }

    /// Kind of the outcome that was logged last.
    fn last_kind(&self) -> Option<OutcomeKind> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Log(record) => Some(record.kind),
            _ => None,
        })
    }

    fn decided(&mut self, text: &str, decision: Decision) -> Reply {
        match decision {
            Decision::Answer(candidates) => self.answer(text, candidates),
            Decision::Choices(candidates) => self.choices(text, candidates),
            Decision::Abstain(door, candidates) => self.abstain(text, door, &candidates),
            Decision::Refuse(kind) => {
                let (key, words) = messages::refusal(kind);
                self.log(OutcomeKind::Refuse, text, pesan(key, words), 0.0, &[]);
                menu::text(words)
            }
            Decision::Smalltalk(kind) => {
                let (key, words) = messages::smalltalk(kind);
                self.log(OutcomeKind::Smalltalk, text, pesan(key, words), 1.0, &[]);
                menu::text(words)
            }
        }
    }

    /// Shows the first candidate; the rest are runners-up.
    fn answer(&mut self, text: &str, candidates: Vec<Candidate>) -> Reply {
        let library = self.around.library;
        let today = self.around.now.date();
        let Some(first) = candidates.first() else { return self.fixed("sudah-tidak-ada", messages::GONE) };
        let Some(rendered) = answer::candidate_reply(library, first, today) else {
            return self.fixed("sudah-tidak-ada", messages::GONE);
        };
        self.effects.push(Effect::Log(LogRecord {
            kind: OutcomeKind::Answer,
            text: privacy::mask(text),
            entry: Some(rendered.entry.clone()),
            version: Some(rendered.version),
            topic: rendered.topic,
            confidence: first.confidence,
            historical: rendered.historical,
            candidates: scores(&candidates),
        }));
        self.remember(text, Some(first.id().to_owned()), &candidates[1..]);
        let mut reply = rendered.reply;
        for related in candidates.iter().skip(1).filter(|c| c.confidence >= RELATED_AT).take(RELATED) {
            reply.buttons.push(vec![show(library, related, messages::RELATED_LABEL)]);
        }
        let turn = self.around.turn.to_owned();
        if candidates.len() > 1 {
            let action = Action::NotMeant { turn: turn.clone() };
            reply.buttons.push(vec![Button { label: messages::NOT_MEANT_BUTTON.to_owned(), action }]);
        }
        reply.buttons.push(vec![
            Button {
                label: messages::HELPFUL_YES.to_owned(),
                action: Action::Feedback { turn: turn.clone(), helpful: true },
            },
            Button {
                label: messages::HELPFUL_NO.to_owned(),
                action: Action::Feedback { turn, helpful: false },
            },
        ]);
        reply
    }

    fn choices(&mut self, text: &str, candidates: Vec<Candidate>) -> Reply {
        let confidence = candidates.first().map_or(0.0, |candidate| candidate.confidence);
        let (key, words) = match candidates.len() {
            1 => ("pilihan-satu", messages::CHOICE_ONE),
            _ => ("pilihan", messages::CHOICES),
        };
        self.log(OutcomeKind::Choices, text, pesan(key, words), confidence, &candidates);
        self.remember(text, None, &candidates);
        let mut reply = menu::text(words);
        for candidate in &candidates {
            reply.buttons.push(vec![show(self.around.library, candidate, "")]);
        }
        reply
    }

    fn abstain(&mut self, text: &str, door: Door, candidates: &[Candidate]) -> Reply {
        let (key, words) = messages::abstain(door);
        let confidence = candidates.first().map_or(0.0, |candidate| candidate.confidence);
        self.log(OutcomeKind::Abstain, text, pesan(key, words), confidence, candidates);
        if door != Door::Outside {
            self.remember(text, None, candidates);
        }
        let mut reply = menu::text(words);
        if self.around.reachable && door != Door::Outside {
            let question = privacy::mask(text).chars().take(LONGEST_FORWARD).collect();
            let action = Action::Forward { question };
            reply.buttons.push(vec![Button { label: messages::FORWARD_BUTTON.to_owned(), action }]);
        }
        reply
    }

    fn not_meant(&mut self, turn: &str) -> Reply {
        let known = self.state.last_turn.as_deref() == Some(turn);
        let runners: Vec<Candidate> = if known {
            let ids = self.state.runners_up.iter();
            ids.filter_map(|id| answer::runner_up(self.around.library, id, self.around.now)).take(3).collect()
        } else {
            Vec::new()
        };
        self.effects.push(Effect::Feedback { turn: turn.to_owned(), helpful: false });
        if runners.is_empty() {
            let reply = menu::with_topics(self.around.library, messages::NOT_MEANT_NOTHING, None);
            return self.menu("bukan-itu-kosong", reply);
        }
        let mut reply = menu::text(messages::NOT_MEANT);
        for candidate in &runners {
            reply.buttons.push(vec![show(self.around.library, candidate, "")]);
        }
        self.menu("bukan-itu", reply)
    }

    /// Keeps what a follow-up needs: the question, masked, and the runners-up.
    fn remember(&mut self, text: &str, entry: Option<String>, runners_up: &[Candidate]) {
        let mut question: String = privacy::mask(text).chars().take(LONGEST_REMEMBERED).collect();
        for word in self.carried.iter().take(MOST_CARRIED) {
            question.push(' ');
            question.push_str(word);
        }
        // Once more: normalising may have joined what the first look saw as parts.
        self.state.last_question = Some(privacy::mask(&question));
        self.state.last_entry = entry;
        self.state.last_turn = Some(self.around.turn.to_owned());
        self.state.runners_up =
            runners_up.iter().take(3).map(|candidate| candidate.id().to_owned()).collect();
    }

    fn log(
        &mut self,
        kind: OutcomeKind,
        text: &str,
        (entry, version): (String, String),
        confidence: f32,
        candidates: &[Candidate],
    ) {
        let topic = None;
        let text = privacy::mask(text);
        let candidates = scores(candidates);
        self.effects.push(Effect::Log(LogRecord {
            kind,
            text,
            entry: Some(entry),
            version: Some(version),
            topic,
            confidence,
            historical: false,
            candidates,
        }));
    }

    /// A fixed text, logged as a menu turn without the person's words.
    fn fixed(&mut self, key: &str, text: &str) -> Reply {
        self.menu(key, menu::text(text))
    }

    fn menu(&mut self, key: &str, reply: Reply) -> Reply {
        let words = match reply.blocks.first() {
            Some(Block::Short(words)) => words.as_str(),
            _ => "",
        };
        self.log(OutcomeKind::Menu, "", pesan(key, words), 1.0, &[]);
        reply
    }
}

/// Entry and version of a fixed text.
fn pesan(key: &str, words: &str) -> (String, String) {
    (format!("pesan:{key}"), messages::version(words))
}

fn scores(candidates: &[Candidate]) -> Vec<(String, f32)> {
    candidates.iter().take(5).map(|candidate| (candidate.id().to_owned(), candidate.confidence)).collect()
}

fn show(library: &Library, candidate: &Candidate, prefix: &str) -> Button {
    let label = format!("{prefix}{}", menu::short_label(&answer::title_of(library, candidate)));
    Button { label, action: Action::Show { entry: candidate.id().to_owned() } }
}
