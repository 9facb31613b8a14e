//! The store: inbox, outbox, sessions, query log, feedback, knowledge versions, contacts. The only room with SQL.
//!
//! Methods are named after needs. Times are integer milliseconds since the epoch, handed in by the caller;
//! ids are text. One transaction per [`Store::commit`] holds outbox, log, state and inbox mark together.

mod backup;
mod commit;
mod desk;
mod log;
mod open;
mod queue;
#[cfg(test)]
mod tests;

pub use backup::{BackupError, ServeLock, exists, lock, restore};
pub use desk::{Elsewhere, Forward, NewForward, Statistics};
pub use log::{LogFilter, LogRow};
pub use open::{Store, StoreError};
pub use queue::Depths;

use serde::{Deserialize, Serialize};

use crate::conversation::{Action, Effect, Message, Reply, State};

/// A chat in a channel: (channel, opaque id). Order is kept per session key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionKey {
    /// `telegram`, `web`, `terminal`.
    pub channel: String,
    pub id: String,
}

/// A raw update as it arrived, before anything is understood of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawUpdate {
    pub channel: String,
    /// The channel's own number of the update; a repeat is dropped.
    pub update_id: i64,
    /// Order is kept among rows with the same chat; an update without a chat has an empty one.
    pub chat: String,
    /// The update as JSON text, unmasked; erased when the reply is stored.
    pub body: String,
    pub received_ms: i64,
}

/// An inbox row leased to this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    pub id: i64,
    pub update: RawUpdate,
    /// How often it was claimed, this time included; a row that keeps crashing is given up with an apology.
    pub attempts: i64,
}

/// Something to send. `target` is the door's own address as JSON; only that door reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Outgoing {
    /// A reply; `button_ids` are the stored action ids, in the order of `reply.buttons` read row by row.
    Reply { target: serde_json::Value, reply: Reply, button_ids: Vec<String> },
    /// Acknowledge a button press.
    Acknowledge { target: serde_json::Value, text: Option<String> },
}

/// Fast lane: replies. Slow lane: broadcasts and reminders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Fast,
    Slow,
}

/// One handled message with all that must be stored because of it.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Also the id of the log row; random, made by `app`.
    pub turn: String,
    /// Inbox row to mark as done and to erase; none for doors without an inbox.
    pub inbox_id: Option<i64>,
    pub session: SessionKey,
    /// Keyed hash of the person.
    pub person: String,
    /// The session's new state; none leaves it as it is.
    pub state: Option<State>,
    pub effects: Vec<Effect>,
    /// Buttons made by this turn, row by row; [`button_id`] gives their ids.
    pub actions: Vec<Action>,
    pub outgoing: Vec<Outgoing>,
    /// Messages to other chats: a question to the staff, the staff's answer to a citizen.
    pub elsewhere: Vec<Elsewhere>,
    pub forward: Option<NewForward>,
    pub now_ms: i64,
    pub latency_us: i64,
    /// Id of the knowledge state (see `library_states`) that answered.
    pub library_state: String,
}

/// An outbox row leased to this process.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    pub id: i64,
    pub turn: String,
    pub session: SessionKey,
    pub outgoing: Outgoing,
    pub attempts: i64,
    /// Parts of a long reply that were sent before.
    pub progress: i64,
}

/// A message as understood by a door.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    pub session: SessionKey,
    /// The person's id in the channel, in clear; hashed by `app` before anything is stored.
    pub person: String,
    pub message: IncomingMessage,
    /// Where replies go, in the door's own terms.
    pub target: serde_json::Value,
    /// A button press to acknowledge, in the door's own terms.
    pub acknowledge: Option<serde_json::Value>,
    /// Id of the message of ours that this one replies to.
    pub replies_to: Option<i64>,
}

/// What a door understood; a tap still carries the opaque id.
#[derive(Debug, Clone, PartialEq)]
pub enum IncomingMessage {
    Plain(Message),
    Tap {
        action_id: String,
    },
    /// Nothing to answer (a bot's own message, a group message not meant for us).
    Ignore,
}

/// The opaque id of a turn's button: the turn and the button's place, 18 characters.
pub fn button_id(turn: &str, place: usize) -> String {
    format!("{turn}{place:02x}")
}
