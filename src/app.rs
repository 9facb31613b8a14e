//! The working parts together: inbox row -> conversation -> one commit; knowledge folders -> publish.
//!
//! Knows no teloxide and no axum: doors hand in plain values and a function that reads their updates.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use tokio::sync::{Notify, watch};

use crate::answer::messages::{self, Office};
use crate::conversation::{
    self, Block, Effect, LogRecord, Message, Outcome, OutcomeKind, Reply, State, Surroundings,
};
use crate::library::Library;
use crate::privacy::Keys;
use crate::publish::{self, Folders, Live};
use crate::store::{
    InboxRow, Incoming, IncomingMessage, Outgoing, SessionKey, Store, StoreError, Turn, button_id,
};

/// Rows claimed at once; at most one per chat, so a flood from one chat takes one place.
const BATCH: i64 = 64;
/// A claimed row is free again after this time, should the process die.
const LEASE_MS: i64 = 30_000;
/// A row that was claimed this often without success gets an apology instead of another try.
const MOST_ATTEMPTS: i64 = 3;
/// A chat may have this many messages waiting; what comes beyond gets one polite notice.
const WAITING_PER_CHAT: i64 = 50;
/// One notice per chat in this time.
const NOTICE_EVERY_MS: i64 = 60_000;
/// How often the folders are looked at.
const WATCH_EVERY: Duration = Duration::from_millis(1_000);
/// How often old rows are swept out.
const SWEEP_EVERY: Duration = Duration::from_secs(3_600);

/// Reads a door's raw update.
pub type Decoder = Arc<dyn Fn(&str) -> Incoming + Send + Sync>;

/// The working parts, built once and shared.
pub struct App {
    /// The library that answers now.
    pub live: Live,
    pub store: Store,
    pub office: Office,
    /// Rings when the inbox may hold something new.
    pub inbox_ready: Notify,
    /// Rings when the outbox may hold something new.
    pub outbox_ready: Notify,
    keys: Keys,
    zone: TimeZone,
    /// Names this process on its leases.
    owner: String,
    decoders: HashMap<String, Decoder>,
    noticed: Mutex<HashMap<String, i64>>,
}

/// What a door that answers at once (the web page) needs to show.
pub struct Answered {
    pub reply: Reply,
    /// Stored ids of the reply's buttons, row by row.
    pub button_ids: Vec<String>,
}

impl App {
    pub fn new(
        live: Live,
        store: Store,
        keys: Keys,
        office: Office,
        zone: TimeZone,
        decoders: HashMap<String, Decoder>,
    ) -> Self {
        App {
            live,
            store,
            office,
            inbox_ready: Notify::new(),
            outbox_ready: Notify::new(),
            keys,
            zone,
            owner: random_id(),
            decoders,
            noticed: Mutex::new(HashMap::new()),
        }
    }

    pub fn owner(&self) -> &str {
        &self.owner
    }

    fn now(&self) -> ZonedDateTime {
        Timestamp::now().to_zoned_datetime(self.zone.clone())
    }

    /// Answers inbox rows until told to stop; finishes the batch in hand.
    pub async fn run_inbox(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.work_once().await {
                Ok(0) => {
                    tokio::select! {
                        () = self.inbox_ready.notified() => {}
                        () = tokio::time::sleep(Duration::from_millis(500)) => {}
                        _ = stop.changed() => {}
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "the store cannot be used; messages wait and will be answered later");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Claims a batch, answers it and commits it whole. The number of rows handled; 0 when nothing waits.
    pub async fn work_once(&self) -> Result<usize, StoreError> {
        let now_ms = Timestamp::now().as_millisecond();
        self.thin_out_floods(now_ms).await?;
        let rows = self.store.claim_inbox(&self.owner, now_ms, LEASE_MS, BATCH).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let count = rows.len();
        let turns = self.answer_rows(rows).await?;
        self.commit(turns).await?;
        self.outbox_ready.notify_one();
        Ok(count)
    }

    /// One transaction for the batch; if that fails, each turn alone, so that one bad turn costs only itself.
    async fn commit(&self, turns: Vec<Turn>) -> Result<(), StoreError> {
        let Err(error) = self.store.commit(turns.clone()).await else { return Ok(()) };
        tracing::warn!(%error, "a batch could not be stored whole; storing its turns one by one");
        let mut last = None;
        for turn in turns {
            if let Err(error) = self.store.commit(vec![turn]).await {
                last = Some(error);
            }
        }
        last.map_or(Ok(()), Err)
    }

    /// Messages of one chat beyond the allowed number are set aside unanswered, with one polite notice.
    async fn thin_out_floods(&self, now_ms: i64) -> Result<(), StoreError> {
        let excess = self.store.crowd(&self.owner, now_ms, LEASE_MS, WAITING_PER_CHAT).await?;
        if excess.is_empty() {
            return Ok(());
        }
        let mut turns = Vec::new();
        for row in excess {
            let incoming = self.decode(&row);
            let notice = !matches!(incoming.message, IncomingMessage::Ignore)
                && self.notice_is_due(&row.update.chat, now_ms);
            let message = if notice { Some(Message::TooMany) } else { None };
            turns.push(self.turn(&row, incoming, message, State::default(), false));
        }
        tracing::info!(messages = turns.len(), "set aside messages of a flooding chat");
        self.commit(turns).await
    }

    fn notice_is_due(&self, chat: &str, now_ms: i64) -> bool {
        let mut noticed = self.noticed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        noticed.retain(|_, at| now_ms - *at < NOTICE_EVERY_MS);
        if noticed.contains_key(chat) {
            return false;
        }
        noticed.insert(chat.to_owned(), now_ms);
        true
    }

    fn decode(&self, row: &InboxRow) -> Incoming {
        let decoded = self
            .decoders
            .get(&row.update.channel)
            .map(|decode| catch_unwind(AssertUnwindSafe(|| decode(&row.update.body))));
        match decoded {
            Some(Ok(incoming)) => incoming,
            _ => Incoming {
                session: SessionKey { channel: row.update.channel.clone(), id: row.update.chat.clone() },
                person: row.update.chat.clone(),
                message: IncomingMessage::Ignore,
                target: serde_json::Value::Null,
                acknowledge: None,
            },
        }
    }

    async fn answer_rows(&self, rows: Vec<InboxRow>) -> Result<Vec<Turn>, StoreError> {
        let decoded: Vec<(InboxRow, Incoming)> = rows
            .into_iter()
            .map(|row| {
                let incoming = self.decode(&row);
                (row, incoming)
            })
            .collect();
        let keys: Vec<SessionKey> = decoded.iter().map(|(_, incoming)| incoming.session.clone()).collect();
        let states = self.store.session_states(&keys).await?;
        let mut messages: Vec<Option<Message>> = Vec::with_capacity(decoded.len());
        for (_, incoming) in &decoded {
            messages.push(self.message(incoming).await?);
        }
        let mut turns = Vec::with_capacity(decoded.len());
        for ((row, incoming), message) in decoded.into_iter().zip(messages) {
            let state = states.get(&incoming.session).cloned().unwrap_or_default();
            let give_up = row.attempts > MOST_ATTEMPTS;
            turns.push(self.turn(&row, incoming, message, state, give_up));
        }
        Ok(turns)
    }

    /// The message with a tap's stored action looked up; none for what is not meant for us.
    async fn message(&self, incoming: &Incoming) -> Result<Option<Message>, StoreError> {
        Ok(match &incoming.message {
            IncomingMessage::Plain(message) => Some(message.clone()),
            IncomingMessage::Ignore => None,
            IncomingMessage::Tap { action_id } => {
                match self.store.action(action_id, &incoming.session).await? {
                    Some(action) => Some(Message::Tap(action)),
                    None => Some(Message::UnknownTap),
                }
            }
        })
    }

    /// Runs the conversation on one message and gathers what must be stored.
    fn turn(
        &self,
        row: &InboxRow,
        incoming: Incoming,
        message: Option<Message>,
        state: State,
        give_up: bool,
    ) -> Turn {
        let person = self.keys.hash_person(&incoming.session.channel, &incoming.person);
        let library = self.live.get();
        let mut turn = self.converse(&library, incoming.session, person, message, state, give_up);
        turn.inbox_id = Some(row.id);
        if let Some(target) = incoming.acknowledge {
            turn.outgoing.insert(0, Outgoing::Acknowledge { target, text: None });
        }
        for outgoing in &mut turn.outgoing {
            if let Outgoing::Reply { target, .. } = outgoing {
                *target = incoming.target.clone();
            }
        }
        turn
    }

    fn converse(
        &self,
        library: &Library,
        session: SessionKey,
        person: String,
        message: Option<Message>,
        state: State,
        give_up: bool,
    ) -> Turn {
        let id = random_id();
        let now = self.now();
        let start = Instant::now();
        let outcome = match &message {
            None => None,
            Some(_) if give_up => Some(apology(&state)),
            Some(message) => {
                let around = Surroundings { library, now: &now, office: &self.office, turn: &id };
                // A panic in one message's handling costs that message an apology, nothing else.
                let caught =
                    catch_unwind(AssertUnwindSafe(|| conversation::respond(&state, message, &around)));
                Some(caught.unwrap_or_else(|_| {
                    tracing::error!(turn = %id, "a message could not be handled; an apology was sent");
                    apology(&state)
                }))
            }
        };
        let latency_us = i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX);
        let mut turn = Turn {
            turn: id,
            inbox_id: None,
            session,
            person,
            state: None,
            effects: Vec::new(),
            actions: Vec::new(),
            outgoing: Vec::new(),
            now_ms: now.timestamp().as_millisecond(),
            latency_us,
            library_state: library.state_id.clone(),
        };
        if let Some(outcome) = outcome {
            turn.actions =
                outcome.reply.buttons.iter().flatten().map(|button| button.action.clone()).collect();
            let button_ids = (0..turn.actions.len()).map(|place| button_id(&turn.turn, place)).collect();
            turn.state = Some(outcome.state);
            turn.effects = outcome.effects;
            turn.outgoing.push(Outgoing::Reply {
                target: serde_json::Value::Null,
                reply: outcome.reply,
                button_ids,
            });
        }
        turn
    }

    /// Answers a door that shows the reply itself; the turn is stored, nothing is queued for delivery.
    pub async fn answer_now(
        &self,
        session: SessionKey,
        person: &str,
        message: IncomingMessage,
    ) -> Result<Answered, StoreError> {
        let incoming = Incoming {
            session,
            person: person.to_owned(),
            message,
            target: serde_json::Value::Null,
            acknowledge: None,
        };
        let message = self.message(&incoming).await?;
        let states = self.store.session_states(std::slice::from_ref(&incoming.session)).await?;
        let state = states.get(&incoming.session).cloned().unwrap_or_default();
        let person = self.keys.hash_person(&incoming.session.channel, person);
        let mut turn = self.converse(&self.live.get(), incoming.session, person, message, state, false);
        let outgoing = std::mem::take(&mut turn.outgoing);
        let answered = outgoing.into_iter().find_map(|outgoing| match outgoing {
            Outgoing::Reply { reply, button_ids, .. } => Some(Answered { reply, button_ids }),
            Outgoing::Acknowledge { .. } => None,
        });
        self.store.commit(vec![turn]).await?;
        Ok(answered.unwrap_or(Answered { reply: Reply::default(), button_ids: Vec::new() }))
    }

    /// Records the live library's content, so that every logged answer can be shown again.
    pub async fn record_library(&self, library: &Library) -> Result<(), StoreError> {
        let manifest = serde_json::to_string(&library.manifest()).unwrap_or_default();
        let now_ms = Timestamp::now().as_millisecond();
        self.store
            .publish(&library.state_id, &manifest, &publish::recorded(library, &self.office), now_ms)
            .await
    }

    /// Watches the folders and publishes what changed, until told to stop.
    pub async fn run_watch(self: Arc<Self>, mut folders: Folders, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                () = tokio::time::sleep(WATCH_EVERY) => {}
                _ = stop.changed() => return,
            }
            let today = self.now().date();
            // Reading, parsing and indexing are CPU and disk work: off the async threads.
            let built = tokio::task::spawn_blocking(move || {
                let library = folders.refresh().then(|| Library::build(folders.parts(today)));
                (folders, library)
            });
            let Ok((back, library)) = built.await else {
                tracing::error!(
                    "the knowledge watcher stopped after a fault; the last good knowledge keeps answering"
                );
                return;
            };
            folders = back;
            if let Some(library) = library {
                self.publish(library).await;
            }
        }
    }

    /// Puts a library live and records it. A store that cannot record it does not keep it from answering.
    pub async fn publish(&self, library: Library) {
        log_problems(&library);
        let library = self.live.swap(library);
        if let Err(error) = self.record_library(&library).await {
            tracing::error!(%error, "the published knowledge could not be recorded");
        }
    }

    /// Enforces retention now and then, until told to stop.
    pub async fn run_sweep(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let now_ms = Timestamp::now().as_millisecond();
            if let Err(error) = self.store.sweep(now_ms, self.office.retention_days).await {
                tracing::warn!(%error, "old rows could not be swept out; trying again later");
            }
            tokio::select! {
                () = tokio::time::sleep(SWEEP_EVERY) => {}
                _ = stop.changed() => return,
            }
        }
    }
}

/// One line for the state of the knowledge, and each problem as staff should read it.
pub fn log_problems(library: &Library) {
    let (entries, errors, warnings) = publish::summary(library);
    tracing::info!(entries, errors, warnings, state = %library.state_id, "knowledge is live");
    for problem in &library.problems {
        tracing::warn!("{problem}");
    }
}

fn apology(state: &State) -> Outcome {
    let reply = Reply { blocks: vec![Block::Short(messages::APOLOGY.to_owned())], buttons: Vec::new() };
    let record = LogRecord {
        kind: OutcomeKind::Menu,
        text: String::new(),
        entry: Some("pesan:gangguan".to_owned()),
        version: Some(messages::version(messages::APOLOGY)),
        topic: None,
        confidence: 0.0,
        historical: false,
        candidates: Vec::new(),
    };
    Outcome { reply, state: state.clone(), effects: vec![Effect::Log(record)] }
}

/// 16 random hex digits: turn ids, action ids, owner names.
pub fn random_id() -> String {
    let mut bytes = [0_u8; 8];
    // The operating system's generator does not fail on the systems we serve; without it no id is safe.
    if let Err(error) = getrandom::fill(&mut bytes) {
        panic!("the operating system gives no random numbers: {error}");
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
