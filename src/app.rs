//! The working parts together: inbox row -> conversation -> one commit; knowledge folders -> publish.
//!
//! Knows no teloxide and no axum: doors hand in plain values and a function that reads their updates.

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::FutureExt;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use tokio::sync::{Notify, watch};

use crate::answer::messages::{self, Office};
use crate::conversation::{
    self, Action, Block, Effect, LogRecord, Message, Outcome, OutcomeKind, Reply, State, Surroundings,
};
use crate::desk::{self, Desk};
use crate::figures::Figures;
use crate::library::{Library, Parts};
use crate::privacy::Keys;
use crate::publish::{self, Folders, Live};
use crate::store::{
    Elsewhere, InboxRow, Incoming, IncomingMessage, NewForward, Outgoing, SessionKey, Store, StoreError,
    Turn, button_id,
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
/// Questions that a person may put to the staff in a day.
const FORWARDS_PER_DAY: i64 = 3;
const DAY_MS: i64 = 24 * 3_600_000;
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
    pub figures: Figures,
    pub desk: Desk,
    /// Set once the door knows who it is: before that a mention in a group cannot be told from talk among friends.
    pub inbox_open: AtomicBool,
    folders: tokio::sync::Mutex<Folders>,
    folder_paths: Vec<std::path::PathBuf>,
    publish_due: AtomicBool,
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
    /// Who put a question to the staff in the last day, and when.
    forwarded: Mutex<Vec<(String, i64)>>,
}

/// What a door that answers at once (the web page) needs to show.
pub struct Answered {
    pub reply: Reply,
    /// Stored ids of the reply's buttons, row by row.
    pub button_ids: Vec<String>,
    /// The person had everything erased.
    pub erased: bool,
}

impl App {
    /// Nothing can be answered until [`App::publish`] puts a library live.
    pub fn new(
        store: Store,
        keys: Keys,
        office: Office,
        zone: TimeZone,
        decoders: HashMap<String, Decoder>,
        desk: Desk,
        folders: Folders,
    ) -> Self {
        App {
            desk,
            inbox_open: AtomicBool::new(false),
            publish_due: AtomicBool::new(false),
            folder_paths: folders.paths().to_vec(),
            folders: tokio::sync::Mutex::new(folders),
            live: Live::new(Library::build(Parts::default())),
            store,
            office,
            figures: Figures::default(),
            inbox_ready: Notify::new(),
            outbox_ready: Notify::new(),
            keys,
            zone,
            owner: random_id(),
            decoders,
            noticed: Mutex::new(HashMap::new()),
            forwarded: Mutex::new(Vec::new()),
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
            if !self.inbox_open.load(Ordering::Acquire) {
                tokio::select! {
                    () = self.inbox_ready.notified() => {}
                    () = tokio::time::sleep(Duration::from_millis(500)) => {}
                    _ = stop.changed() => {}
                }
                continue;
            }
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
        let (turns, reload) = self.answer_rows(rows).await?;
        self.commit(turns).await?;
        if reload && let Err(error) = self.reload(true).await {
            tracing::error!(%error, "the knowledge could not be read again; the last good one keeps answering");
        }
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
            let mut turn = self.turn(&row, incoming, message, State::default(), false);
            // The notice is no part of what the chat was talking about.
            turn.state = None;
            turns.push(turn);
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
                replies_to: None,
            },
        }
    }

    /// The turns of claimed rows, and whether the knowledge must be read again once they are stored.
    async fn answer_rows(&self, rows: Vec<InboxRow>) -> Result<(Vec<Turn>, bool), StoreError> {
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
        let mut reload = false;
        for ((row, incoming), message) in decoded.into_iter().zip(messages) {
            let state = states.get(&incoming.session).cloned().unwrap_or_default();
            let give_up = row.attempts > MOST_ATTEMPTS;
            if !give_up {
                let command = message.as_ref().and_then(|message| self.desk.command(&incoming, message));
                if let Some(command) = command {
                    let (library, now) = (self.live.get(), self.now());
                    let around = self.desk_around(&library, &now);
                    let work = AssertUnwindSafe(desk::handle(&command, &around)).catch_unwind().await;
                    let handled = match work {
                        Ok(handled) => handled?,
                        Err(_) => {
                            tracing::error!(
                                "a command of the staff could not be carried out; an apology was sent"
                            );
                            desk::Handled { reply: apology(&state).reply, ..desk::Handled::default() }
                        }
                    };
                    reload |= handled.reload;
                    turns.push(self.desk_turn(&row, incoming, handled));
                    continue;
                }
                if let Some(turn) = self.staff_answer(&row, &incoming).await? {
                    turns.push(turn);
                    continue;
                }
            }
            turns.push(self.turn(&row, incoming, message, state, give_up));
        }
        Ok((turns, reload))
    }

    fn desk_around<'a>(&'a self, library: &'a Library, now: &'a ZonedDateTime) -> desk::Around<'a> {
        desk::Around { store: &self.store, library, now, region: &self.office.region }
    }

    /// A turn that did not go through the conversation: a command of the staff.
    fn desk_turn(&self, row: &InboxRow, incoming: Incoming, handled: desk::Handled) -> Turn {
        let outcome = Outcome { reply: handled.reply, state: State::default(), effects: handled.effects };
        let mut turn =
            self.turn_of(random_id(), &self.live.get(), incoming.session, &incoming.person, Some(outcome), 0);
        // What the chat was talking about stays as it was.
        turn.state = None;
        address(&mut turn, row, &incoming.target, incoming.acknowledge);
        turn
    }

    /// The answer that a member of the staff gave to a forwarded question, by replying to it; none for anything else.
    async fn staff_answer(&self, row: &InboxRow, incoming: &Incoming) -> Result<Option<Turn>, StoreError> {
        let Some((message, text)) = self.desk.staff_reply(incoming) else { return Ok(None) };
        let Some(chat) = self.desk.chat else { return Ok(None) };
        let Some(forward) = self.store.forward_of_message(chat, message).await? else { return Ok(None) };
        let said = |words: &str| desk::Handled {
            reply: Reply { blocks: vec![Block::Plain(words.to_owned())], buttons: Vec::new() },
            ..desk::Handled::default()
        };
        if forward.answered {
            return Ok(Some(self.desk_turn(row, incoming.clone(), said(desk::texts::ANSWER_TWICE))));
        }
        let target = forward
            .address
            .as_deref()
            .and_then(|sealed| self.keys.open(sealed))
            .and_then(|target| serde_json::from_str::<serde_json::Value>(&target).ok());
        let Some(target) = target else {
            return Ok(Some(self.desk_turn(row, incoming.clone(), said(desk::texts::ANSWER_GONE))));
        };
        let mut handled = said(desk::texts::ANSWER_SENT);
        handled.effects.push(Effect::Answered { forward: forward.id.clone() });
        handled.effects.push(Effect::Audit {
            act: "jawab".to_owned(),
            object: forward.id.clone(),
            // The words are the citizen's answer, not the office's act.
            detail: String::new(),
        });
        let mut turn = self.desk_turn(row, incoming.clone(), handled);
        let blocks = vec![
            Block::Notice(messages::by_the_office(&self.office)),
            Block::Plain(forward.question),
            Block::Plain(text.to_owned()),
        ];
        let reply = Reply { blocks, buttons: Vec::new() };
        let outgoing = Outgoing::Reply { target, reply, button_ids: Vec::new() };
        turn.elsewhere.push(Elsewhere { session: forward.session, turn: turn.turn.clone(), outgoing });
        Ok(Some(turn))
    }

    /// The message with a tap's stored action looked up; none for what is not meant for us.
    async fn message(&self, incoming: &Incoming) -> Result<Option<Message>, StoreError> {
        Ok(match &incoming.message {
            IncomingMessage::Plain(message) => Some(message.clone()),
            IncomingMessage::Ignore => None,
            IncomingMessage::Tap { action_id } => {
                match self.store.action(action_id, &incoming.session).await? {
                    Some(Action::Forward { question }) => {
                        Some(self.forwarding(incoming, action_id, question).await?)
                    }
                    Some(action) => Some(Message::Tap(action)),
                    None => Some(Message::UnknownTap),
                }
            }
        })
    }

    /// A question goes to the staff once, and from one person a few times a day.
    async fn forwarding(
        &self,
        incoming: &Incoming,
        action_id: &str,
        question: String,
    ) -> Result<Message, StoreError> {
        if self.desk.chat.is_none() {
            // The office no longer takes questions here; an old button must not promise an answer.
            return Ok(Message::UnknownTap);
        }
        if self.store.is_forwarded(action_id).await? {
            return Ok(Message::ForwardedAlready);
        }
        let person = self.keys.hash_person(&incoming.session.channel, &incoming.person);
        let now_ms = Timestamp::now().as_millisecond();
        // Counted here as well: erasing one's data must not open the door anew.
        let stored = self.store.forwards_since(&person, now_ms - DAY_MS).await?;
        let mut forwarded = self.forwarded.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        forwarded.retain(|(_, at)| now_ms - *at < DAY_MS);
        let counted = forwarded.iter().filter(|(known, _)| *known == person).count();
        if stored.max(i64::try_from(counted).unwrap_or(i64::MAX)) >= FORWARDS_PER_DAY {
            return Ok(Message::ForwardedEnough);
        }
        forwarded.push((person, now_ms));
        Ok(Message::Tap(Action::Forward { question }))
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
        let question = match &message {
            Some(Message::Tap(Action::Forward { question })) if !give_up => Some(question.clone()),
            _ => None,
        };
        let mut turn = self.converse(&library, incoming.session, person, message, state, give_up);
        if let (Some(question), Some(chat), IncomingMessage::Tap { action_id }) =
            (question, self.desk.chat, &incoming.message)
        {
            self.forward(&mut turn, question, chat, action_id, &incoming.target);
        }
        address(&mut turn, row, &incoming.target, incoming.acknowledge);
        turn
    }

    /// Adds to a turn what puts its question to the staff: the message to them, and where the answer must go.
    fn forward(&self, turn: &mut Turn, question: String, chat: i64, id: &str, target: &serde_json::Value) {
        let mut nonce = [0_u8; 12];
        if getrandom::fill(&mut nonce).is_err() {
            return;
        }
        let Some(address) = self.keys.seal(&target.to_string(), nonce) else { return };
        let reply =
            Reply { blocks: vec![Block::Plain(desk::texts::forwarded(&question))], buttons: Vec::new() };
        let outgoing =
            Outgoing::Reply { target: serde_json::json!({ "chat_id": chat }), reply, button_ids: Vec::new() };
        let session = SessionKey { channel: turn.session.channel.clone(), id: chat.to_string() };
        turn.elsewhere.push(Elsewhere { session, turn: id.to_owned(), outgoing });
        turn.forward = Some(NewForward { id: id.to_owned(), question, address, staff_chat: chat });
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
                let reachable = self.desk.chat.is_some() && session.channel == "telegram";
                let around = Surroundings { library, now: &now, office: &self.office, turn: &id, reachable };
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
        let mut turn = self.turn_of(id, library, session, "", outcome, latency_us);
        turn.person = person;
        turn
    }

    /// What must be stored of an outcome.
    fn turn_of(
        &self,
        id: String,
        library: &Library,
        session: SessionKey,
        person: &str,
        outcome: Option<Outcome>,
        latency_us: i64,
    ) -> Turn {
        let mut turn = Turn {
            turn: id,
            inbox_id: None,
            person: self.keys.hash_person(&session.channel, person),
            session,
            elsewhere: Vec::new(),
            forward: None,
            state: None,
            effects: Vec::new(),
            actions: Vec::new(),
            outgoing: Vec::new(),
            now_ms: Timestamp::now().as_millisecond(),
            latency_us,
            library_state: library.state_id.clone(),
        };
        if let Some(outcome) = outcome {
            for effect in &outcome.effects {
                if let Effect::Log(record) = effect {
                    self.figures.question(record.kind, latency_us.unsigned_abs());
                }
            }
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
            replies_to: None,
        };
        let message = self.message(&incoming).await?;
        let states = self.store.session_states(std::slice::from_ref(&incoming.session)).await?;
        let state = states.get(&incoming.session).cloned().unwrap_or_default();
        let person = self.keys.hash_person(&incoming.session.channel, person);
        let mut turn = self.converse(&self.live.get(), incoming.session, person, message, state, false);
        let outgoing = std::mem::take(&mut turn.outgoing);
        let answered = outgoing.into_iter().find_map(|outgoing| match outgoing {
            Outgoing::Reply { reply, button_ids, .. } => Some((reply, button_ids)),
            Outgoing::Acknowledge { .. } => None,
        });
        let erased = turn.effects.contains(&Effect::Erase);
        self.store.commit(vec![turn]).await?;
        let (reply, button_ids) = answered.unwrap_or_default();
        Ok(Answered { reply, button_ids, erased })
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
    pub async fn run_watch(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                () = tokio::time::sleep(WATCH_EVERY) => {}
                _ = stop.changed() => return,
            }
            if let Err(error) = self.reload(false).await {
                tracing::error!(%error, "the knowledge could not be read again; the last good one keeps answering");
            }
        }
    }

    /// Reads the folders and publishes if anything changed, or in any case when `always`.
    pub async fn reload(&self, always: bool) -> Result<(), StoreError> {
        let mut held = self.folders.lock().await;
        let mut folders = std::mem::take(&mut *held);
        // Reading and parsing are disk and CPU work: off the async threads.
        let refreshed = tokio::task::spawn_blocking(move || {
            let changed = folders.refresh();
            (folders, changed)
        });
        let Ok((folders, changed)) = refreshed.await else {
            // Reading panicked; the folders are read anew from nothing next time.
            *held = Folders::new(self.folder_paths.clone());
            return Ok(());
        };
        *held = folders;
        // What changed stays due until it is live, also when the store fails in between.
        if changed || always {
            self.publish_due.store(true, Ordering::Release);
        }
        if !self.publish_due.load(Ordering::Acquire) {
            return Ok(());
        }
        let withdrawn = self.store.withdrawals().await?.into_iter().map(|(entry, _)| entry).collect();
        let parts = held.parts(self.now().date());
        let built = tokio::task::spawn_blocking(move || {
            let begin = Instant::now();
            (build(parts, &withdrawn), begin.elapsed())
        });
        match built.await {
            Ok((library, took)) => {
                self.publish_due.store(false, Ordering::Release);
                self.publish(library, took).await;
            }
            Err(_) => {
                tracing::error!("the index could not be built; the last good knowledge keeps answering")
            }
        }
        Ok(())
    }

    /// Puts a library live and records it. A store that cannot record it does not keep it from answering.
    pub async fn publish(&self, library: Library, took: Duration) {
        log_problems(&library);
        self.figures.published(Timestamp::now().as_millisecond(), took);
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

/// A library without the entries that were taken out of service.
pub fn build(mut parts: Parts, withdrawn: &BTreeSet<String>) -> Library {
    parts.withdraw(withdrawn);
    Library::build(parts)
}

/// Sends a turn's replies to where its message came from, after the button press is acknowledged.
fn address(turn: &mut Turn, row: &InboxRow, to: &serde_json::Value, acknowledge: Option<serde_json::Value>) {
    turn.inbox_id = Some(row.id);
    for outgoing in &mut turn.outgoing {
        if let Outgoing::Reply { target, .. } = outgoing {
            *target = to.clone();
        }
    }
    if let Some(target) = acknowledge {
        turn.outgoing.insert(0, Outgoing::Acknowledge { target, text: None });
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
