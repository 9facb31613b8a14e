//! One conversation for every door: a message and the chat's state in, an [`Outcome`] out.
//!
//! Pure: knows neither Telegram, nor SQL, nor the clock. Doors render [`Reply`]; `store` carries out effects.

use serde::{Deserialize, Serialize};

/// What a person did, whichever door it came in by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Message {
    /// Typed text, commands such as `/start` included.
    Text(String),
    /// A button that this program made earlier.
    Tap(Action),
    /// A button that is unknown: too old, or made up.
    UnknownTap,
    /// Content that cannot be read, such as a photo; the word is Indonesian ("foto", "stiker", "pesan suara").
    Unreadable(String),
    /// The sender went over the per-user limit; one polite notice is due.
    TooMany,
    /// Pressed "put it to the office" twice.
    ForwardedAlready,
    /// Asked to put a question to the office, and has done so often enough today.
    ForwardedEnough,
}

/// What a button does. Stored under an opaque id; the id alone travels to the channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Action {
    /// Show this entry (`<doc>#<key>` or `tahapan:<election>/<stage>`), chosen among options or related questions.
    Show { entry: String },
    /// Ask this text as if typed.
    Ask { text: String },
    /// List the questions of a topic, from the given offset.
    Topic { topic: String, offset: usize },
    /// "Bukan itu maksud saya": show the runners-up of that turn.
    NotMeant { turn: String },
    /// Helpful yes/no for that turn.
    Feedback { turn: String, helpful: bool },
    /// The reason after a "no".
    Reason { turn: String, reason: String },
    /// Confirmed /hapusdata.
    Erase,
    /// Put this question, masked, to a person at the office.
    Forward { question: String },
    /// A command of staff and admins, as if typed; whoever presses must still be one of them.
    Desk { command: String },
}

/// A button: what it says and what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    pub label: String,
    pub action: Action,
}

/// A source line under an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLine {
    pub title: String,
    pub url: Option<String>,
    /// ISO date of the source, if known.
    pub date: Option<String>,
}

/// A channel-neutral piece of a reply. Text is simple Markdown (`**bold**`, lists, links) as staff wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "block", content = "text")]
pub enum Block {
    /// A line above the answer, such as "Aturan ini sudah lewat".
    Notice(String),
    /// The question that is answered, as the entry words it.
    Heading(String),
    /// The short answer, or the whole text of a fixed message.
    Short(String),
    /// Text that is shown as it is, whatever it looks like: a person's words, ids.
    Plain(String),
    /// Details that a channel may fold.
    Details(String),
    /// Validity, last check: one line each.
    Validity(String),
    Sources(Vec<SourceLine>),
}

/// What goes back to the person: blocks in order, then rows of buttons.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reply {
    pub blocks: Vec<Block>,
    /// Rows of buttons; empty for none.
    pub buttons: Vec<Vec<Button>>,
}

/// How a turn ended, for the log and for `ask --json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeKind {
    Answer,
    Choices,
    Abstain,
    Refuse,
    Smalltalk,
    /// A command, menu or button that is not an answer to a question.
    Menu,
}

impl OutcomeKind {
    pub const ALL: [OutcomeKind; 6] = [
        OutcomeKind::Answer,
        OutcomeKind::Choices,
        OutcomeKind::Abstain,
        OutcomeKind::Refuse,
        OutcomeKind::Smalltalk,
        OutcomeKind::Menu,
    ];

    /// As it stands in the log and in figures.
    pub fn name(self) -> &'static str {
        match self {
            OutcomeKind::Answer => "answer",
            OutcomeKind::Choices => "choices",
            OutcomeKind::Abstain => "abstain",
            OutcomeKind::Refuse => "refuse",
            OutcomeKind::Smalltalk => "smalltalk",
            OutcomeKind::Menu => "menu",
        }
    }
}

/// What the query log keeps of a turn. Text is masked; the person is known by keyed hash only (added by `app`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogRecord {
    pub kind: OutcomeKind,
    /// The question with personal numbers masked.
    pub text: String,
    /// Entry that was answered (`<doc>#<key>`, `tahapan:…`, `pesan:<key>`).
    pub entry: Option<String>,
    pub version: Option<String>,
    pub topic: Option<String>,
    pub confidence: f32,
    pub historical: bool,
    /// Best candidates with their confidence, best first.
    pub candidates: Vec<(String, f32)>,
}

/// What must be stored because of a turn, beside the reply and the state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// Write this turn to the query log.
    Log(LogRecord),
    /// Was the answer of `turn` helpful?
    Feedback { turn: String, helpful: bool },
    /// Why it was not.
    Reason { turn: String, reason: String },
    /// Erase all that is stored about this session and person.
    Erase,
    /// An act of staff or admins, for the audit trail.
    Audit { act: String, object: String, detail: String },
    /// Take an entry out of service.
    Withdraw { entry: String, reason: String },
    /// Bring a withdrawn entry back.
    Restore { entry: String },
    /// A forwarded question was answered by the office.
    Answered { forward: String },
}

/// What a chat remembers between messages: short, masked, expiring.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The last question with the words it took over from the one before, masked, for follow-ups.
    pub last_question: Option<String>,
    /// Entry last shown.
    pub last_entry: Option<String>,
    /// Turn id of the last answer and its runners-up, for "bukan itu maksud saya".
    pub last_turn: Option<String>,
    pub runners_up: Vec<String>,
    /// Seconds since the epoch of the last message; context expires after a while.
    pub at: i64,
    /// Waiting for the free-text reason after "tidak membantu" of this turn.
    pub awaiting_reason: Option<String>,
}

/// The whole result of one message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    pub reply: Reply,
    pub state: State,
    pub effects: Vec<Effect>,
}

mod menu;
mod respond;

pub use respond::{Surroundings, respond};
