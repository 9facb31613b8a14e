//! A Bot API server on loopback that validates as Telegram does, with faults on demand.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc};

pub const TOKEN: &str = "4242:rahasia-uji";
pub const BOT_ID: i64 = 4242;
pub const BOT_NAME: &str = "TanyaPemiluUjiBot";

/// What the next call of a method meets instead of an answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// 429 with `retry_after` seconds.
    TooMany(u64),
    /// HTTP 500.
    Broken,
    /// No answer, and nothing done.
    DropBefore,
    /// Done, but the answer is lost.
    DropAfter,
    Delay(Duration),
}

/// Faults at random, for rounds of trouble: in so many of a thousand calls.
#[derive(Debug, Clone, Copy)]
pub struct Mix {
    pub seed: u64,
    /// `sendMessage` calls that meet a 429, a 500, a dropped connection or a slow answer.
    pub sends: u64,
    /// Batches of updates that come again although they were confirmed, and posts that come twice.
    pub repeats: u64,
}

impl Mix {
    /// xorshift64*: the same seed gives the same faults.
    fn next(&mut self) -> u64 {
        self.seed ^= self.seed >> 12;
        self.seed ^= self.seed << 25;
        self.seed ^= self.seed >> 27;
        self.seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33
    }

    fn repeats(&mut self) -> bool {
        self.next() % 1_000 < self.repeats
    }

    fn fault(&mut self) -> Option<Fault> {
        if self.next() % 1_000 >= self.sends {
            return None;
        }
        Some(match self.next() % 5 {
            0 => Fault::TooMany(1),
            1 => Fault::Broken,
            2 => Fault::DropBefore,
            3 => Fault::DropAfter,
            _ => Fault::Delay(Duration::from_millis(self.next() % 1_500)),
        })
    }
}

/// A message that reached its chat.
#[derive(Debug, Clone, Copy)]
pub struct Arrived {
    pub chat: i64,
    pub at: Instant,
}

/// A call that was made, in order.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: String,
    pub body: Value,
    /// `ok`, or the error's description.
    pub outcome: String,
    pub at: Instant,
}

#[derive(Default)]
struct Inner {
    updates: VecDeque<Value>,
    next_update: i64,
    next_message: i64,
    calls: Vec<Call>,
    faults: HashMap<String, VecDeque<Fault>>,
    chat_faults: HashMap<i64, VecDeque<Fault>>,
    blocked: Vec<i64>,
    polling: bool,
    webhook: bool,
    /// Grows when the webhook changes, so that those who post to the old one stop.
    hook_generation: u64,
    commands: Vec<Value>,
    callbacks: Vec<String>,
    /// (chat, message id) of what was sent.
    sent: Vec<(i64, i64)>,
    /// Tells of each message that arrives; calls are then not kept.
    watcher: Option<mpsc::UnboundedSender<Arrived>>,
    mix: Option<Mix>,
    /// Updates handed out before, to come again under a mix.
    handed_out: Vec<Value>,
}

/// The server; dropping it ends it with its test's runtime.
#[derive(Clone)]
pub struct FakeTelegram {
    inner: Arc<Mutex<Inner>>,
    news: Arc<Notify>,
    pub url: String,
}

impl FakeTelegram {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let inner = Inner { next_update: 1_000, next_message: 1, ..Inner::default() };
        let fake = FakeTelegram { inner: Arc::new(Mutex::new(inner)), news: Arc::new(Notify::new()), url };
        let router = Router::new().route("/{bot}/{method}", post(answer)).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no test panics while holding the lock")
    }

    /// For load: every arrival goes to this channel, and calls are no longer kept.
    pub fn watch(&self) -> mpsc::UnboundedReceiver<Arrived> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.lock().watcher = Some(sender);
        receiver
    }

    pub fn mix(&self, mix: Option<Mix>) {
        self.lock().mix = mix;
    }

    pub fn fault(&self, method: &str, fault: Fault) {
        self.lock().faults.entry(method.to_lowercase()).or_default().push_back(fault);
    }

    /// A fault of `sendMessage` to one chat.
    pub fn chat_fault(&self, chat: i64, fault: Fault) {
        self.lock().chat_faults.entry(chat).or_default().push_back(fault);
    }

    pub fn block(&self, chat: i64) {
        self.lock().blocked.push(chat);
    }

    pub fn set_webhook(&self) {
        self.lock().webhook = true;
    }

    /// Puts an update into the queue and gives its number.
    pub fn push(&self, mut update: Value) -> i64 {
        let mut inner = self.lock();
        let id = inner.next_update;
        inner.next_update += 1;
        update["update_id"] = id.into();
        inner.updates.push_back(update);
        drop(inner);
        self.news.notify_waiters();
        id
    }

    /// A text from a person in a private chat.
    pub fn text(&self, chat: i64, text: &str) -> i64 {
        self.message(chat, "private", json!({ "text": text }))
    }

    pub fn message(&self, chat: i64, kind: &str, extra: Value) -> i64 {
        let message_id = {
            let mut inner = self.lock();
            inner.next_message += 1;
            inner.next_message
        };
        let mut message = json!({
            "message_id": message_id, "date": 1_790_000_000,
            "chat": { "id": chat, "type": kind, "first_name": "Uji" },
            "from": { "id": if kind == "private" { chat } else { 77 }, "is_bot": false, "first_name": "Uji" },
        });
        for (key, value) in extra.as_object().expect("an object") {
            message[key] = value.clone();
        }
        self.push(json!({ "message": message }))
    }

    /// A press on a button.
    pub fn press(&self, chat: i64, data: &str) -> String {
        let id = {
            let mut inner = self.lock();
            let id = format!("cb{}", inner.callbacks.len());
            inner.callbacks.push(id.clone());
            id
        };
        self.push(json!({ "callback_query": { "id": id, "data": data, "chat_instance": "1",
            "from": { "id": chat, "is_bot": false, "first_name": "Uji" },
            "message": { "message_id": 1, "date": 1, "chat": { "id": chat, "type": "private" } } } }));
        id
    }

    /// Puts an update that was delivered before into the queue again.
    pub fn redeliver(&self, mut update: Value, id: i64) {
        update["update_id"] = id.into();
        self.lock().updates.push_front(update);
        self.news.notify_waiters();
    }

    pub fn calls(&self, method: &str) -> Vec<Call> {
        self.lock().calls.iter().filter(|call| call.method.eq_ignore_ascii_case(method)).cloned().collect()
    }

    /// Texts that reached a chat, in order.
    pub fn sent_to(&self, chat: i64) -> Vec<Value> {
        let calls = self.calls("sendMessage");
        calls
            .into_iter()
            .filter(|call| call.outcome == "ok" && call.body["chat_id"] == chat)
            .map(|call| call.body)
            .collect()
    }

    /// Ids of the messages sent to a chat, in order.
    pub fn message_ids(&self, chat: i64) -> Vec<i64> {
        self.lock().sent.iter().filter(|(to, _)| *to == chat).map(|(_, id)| *id).collect()
    }

    /// Updates that Telegram still holds.
    pub fn unconfirmed(&self) -> usize {
        self.lock().updates.len()
    }

    /// Waits until `done` holds, at most `limit`.
    pub async fn wait_for(&self, limit: Duration, what: &str, done: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !done(self) {
            assert!(
                start.elapsed() < limit,
                "waited {limit:?} for {what}; last calls: {:?}",
                self.lock()
                    .calls
                    .iter()
                    .rev()
                    .take(6)
                    .map(|call| (&call.method, &call.outcome, call.at.elapsed()))
                    .collect::<Vec<_>>()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for so many messages to a chat.
    pub async fn wait_sent(&self, chat: i64, count: usize) -> Vec<Value> {
        self.wait_for(Duration::from_secs(20), &format!("{count} messages to {chat}"), |fake| {
            fake.sent_to(chat).len() >= count
        })
        .await;
        self.sent_to(chat)
    }
}

/// Callback data of a sent message's buttons with their labels.
pub fn buttons(message: &Value) -> Vec<(String, String)> {
    let rows = message["reply_markup"]["inline_keyboard"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .flat_map(|row| row.as_array().cloned().unwrap_or_default())
        .map(|button| {
            (
                button["text"].as_str().unwrap_or_default().to_owned(),
                button["callback_data"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect()
}

fn refuse(code: u16, description: &str, parameters: Value) -> (StatusCode, Value) {
    let status = StatusCode::from_u16(code).expect("a status");
    (status, json!({ "ok": false, "error_code": code, "description": description, "parameters": parameters }))
}

/// A connection that ends without an answer.
fn broken_connection() -> Response {
    let failing =
        futures::stream::once(async { Err::<Bytes, std::io::Error>(std::io::Error::other("dropped")) });
    Response::builder()
        .header("content-length", "10")
        .body(axum::body::Body::from_stream(failing))
        .expect("a response")
}

async fn answer(
    State(fake): State<FakeTelegram>,
    Path((bot, method)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    if bot != format!("bot{TOKEN}") {
        let (status, body) = refuse(401, "Unauthorized", json!({}));
        return (status, body.to_string()).into_response();
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or(json!({}));
    let fault = {
        let mut inner = fake.lock();
        let by_method = inner.faults.get_mut(&method.to_lowercase()).and_then(VecDeque::pop_front);
        let by_chat = || {
            let chat = body["chat_id"].as_i64()?;
            inner.chat_faults.get_mut(&chat).and_then(VecDeque::pop_front)
        };
        let planned = by_method.or_else(by_chat);
        match &mut inner.mix {
            Some(mix) if planned.is_none() && method.eq_ignore_ascii_case("sendMessage") => mix.fault(),
            _ => planned,
        }
    };
    let (status, result) = match &fault {
        Some(Fault::TooMany(seconds)) => refuse(
            429,
            &format!("Too Many Requests: retry after {seconds}"),
            json!({ "retry_after": seconds }),
        ),
        Some(Fault::Broken) => refuse(500, "Internal Server Error", json!({})),
        Some(Fault::DropBefore) => {
            record(&fake, &method, body, "dropped before");
            return broken_connection();
        }
        Some(Fault::Delay(time)) => {
            tokio::time::sleep(*time).await;
            apply(&fake, &method, &body).await
        }
        Some(Fault::DropAfter) | None => apply(&fake, &method, &body).await,
    };
    let outcome = if status == StatusCode::OK {
        "ok".to_owned()
    } else {
        result["description"].as_str().unwrap_or_default().to_owned()
    };
    record(&fake, &method, body, &outcome);
    if matches!(fault, Some(Fault::DropAfter)) {
        return broken_connection();
    }
    (status, result.to_string()).into_response()
}

fn record(fake: &FakeTelegram, method: &str, body: Value, outcome: &str) {
    let mut inner = fake.lock();
    if inner.watcher.is_some() {
        return;
    }
    inner.calls.push(Call {
        method: method.to_owned(),
        body,
        outcome: outcome.to_owned(),
        at: Instant::now(),
    });
}

fn ok(result: Value) -> (StatusCode, Value) {
    (StatusCode::OK, json!({ "ok": true, "result": result }))
}

async fn apply(fake: &FakeTelegram, method: &str, body: &Value) -> (StatusCode, Value) {
    match method.to_lowercase().as_str() {
        "getme" => ok(json!({ "id": BOT_ID, "is_bot": true, "first_name": "Uji", "username": BOT_NAME,
            "can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false,
            "can_connect_to_business": false, "has_main_web_app": false })),
        "deletewebhook" => {
            let mut inner = fake.lock();
            inner.webhook = false;
            inner.hook_generation += 1;
            ok(json!(true))
        }
        "setwebhook" => {
            let secret = body["secret_token"].as_str().unwrap_or_default();
            if !(1..=256).contains(&secret.len()) {
                return refuse(400, "Bad Request: secret token is invalid", json!({}));
            }
            let generation = {
                let mut inner = fake.lock();
                inner.webhook = true;
                inner.hook_generation += 1;
                inner.hook_generation
            };
            let url = body["url"].as_str().unwrap_or_default();
            let posts = body["max_connections"].as_u64().unwrap_or(40).clamp(1, 100);
            let client = reqwest::Client::new();
            for _ in 0..posts {
                tokio::spawn(post_updates(
                    fake.clone(),
                    client.clone(),
                    url.to_owned(),
                    secret.to_owned(),
                    generation,
                ));
            }
            ok(json!(true))
        }
        "setmycommands" => set_commands(fake, body),
        "getupdates" => get_updates(fake, body).await,
        "sendmessage" => send_message(fake, body),
        "answercallbackquery" => {
            let known = fake.lock().callbacks.iter().any(|id| body["callback_query_id"] == *id);
            if !known {
                return refuse(
                    400,
                    "Bad Request: query is too old and response timeout expired or query ID is invalid",
                    json!({}),
                );
            }
            if body["text"].as_str().is_some_and(|text| text.chars().count() > 200) {
                return refuse(400, "Bad Request: MESSAGE_TOO_LONG", json!({}));
            }
            ok(json!(true))
        }
        _ => refuse(404, "Not Found", json!({})),
    }
}

fn set_commands(fake: &FakeTelegram, body: &Value) -> (StatusCode, Value) {
    let commands = body["commands"].as_array().cloned().unwrap_or_default();
    let fine = |command: &Value| {
        let name = command["command"].as_str().unwrap_or_default();
        let text = command["description"].as_str().unwrap_or_default();
        (1..=32).contains(&name.len())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && (1..=256).contains(&text.chars().count())
    };
    if commands.len() > 100 || !commands.iter().all(fine) {
        return refuse(400, "Bad Request: BOT_COMMAND_INVALID", json!({}));
    }
    fake.lock().commands = commands;
    ok(json!(true))
}

/// A higher offset forgets what came before; one poller at a time; none beside a webhook.
async fn get_updates(fake: &FakeTelegram, body: &Value) -> (StatusCode, Value) {
    {
        let mut inner = fake.lock();
        if inner.webhook {
            return refuse(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                json!({}),
            );
        }
        if inner.polling {
            return refuse(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                json!({}),
            );
        }
        if let Some(offset) = body["offset"].as_i64() {
            inner.updates.retain(|update| update["update_id"].as_i64().is_some_and(|id| id >= offset));
        }
        inner.polling = true;
    }
    // Given back also when the caller goes away in the middle of the poll.
    struct Poll(FakeTelegram);
    impl Drop for Poll {
        fn drop(&mut self) {
            if let Ok(mut inner) = self.0.inner.lock() {
                inner.polling = false;
            }
        }
    }
    let _poll = Poll(fake.clone());
    let limit = usize::try_from(body["limit"].as_i64().unwrap_or(100).clamp(1, 100)).expect("positive");
    let end = Instant::now() + Duration::from_secs(body["timeout"].as_u64().unwrap_or(0));
    loop {
        let news = fake.news.notified();
        let batch: Vec<Value> = {
            let mut inner = fake.lock();
            let mut batch: Vec<Value> = inner.updates.iter().take(limit).cloned().collect();
            if inner.mix.is_some() {
                if inner.mix.as_mut().is_some_and(Mix::repeats) {
                    batch.splice(0..0, inner.handed_out.clone());
                }
                inner.handed_out = batch.iter().rev().take(20).rev().cloned().collect();
            }
            batch
        };
        if !batch.is_empty() || Instant::now() >= end {
            return ok(batch.into());
        }
        let _ = tokio::time::timeout_at(end.into(), news).await;
    }
}

/// One of the connections over which Telegram posts: an update is held until the webhook says 200, and posted again otherwise.
async fn post_updates(
    fake: FakeTelegram,
    client: reqwest::Client,
    url: String,
    secret: String,
    generation: u64,
) {
    loop {
        let news = fake.news.notified();
        let (update, twice) = {
            let mut inner = fake.lock();
            if inner.hook_generation != generation {
                return;
            }
            let update = inner.updates.pop_front();
            (update, inner.mix.as_mut().is_some_and(Mix::repeats))
        };
        let Some(update) = update else {
            let _ = tokio::time::timeout(Duration::from_millis(200), news).await;
            continue;
        };
        for _ in 0..=usize::from(twice) {
            let post =
                client.post(&url).header("X-Telegram-Bot-Api-Secret-Token", &secret).json(&update).send();
            let taken = post.await.is_ok_and(|answer| answer.status() == StatusCode::OK);
            if !taken {
                fake.lock().updates.push_front(update);
                tokio::time::sleep(Duration::from_millis(200)).await;
                break;
            }
        }
    }
}

fn send_message(fake: &FakeTelegram, body: &Value) -> (StatusCode, Value) {
    let Some(chat) = body["chat_id"].as_i64() else {
        return refuse(400, "Bad Request: chat_id is empty", json!({}));
    };
    if fake.lock().blocked.contains(&chat) {
        return refuse(403, "Forbidden: bot was blocked by the user", json!({}));
    }
    let text = body["text"].as_str().unwrap_or_default();
    let shown = match body["parse_mode"].as_str() {
        Some("HTML") => match parse_html(text) {
            Ok(shown) => shown,
            Err(error) => {
                return refuse(400, &format!("Bad Request: can't parse entities: {error}"), json!({}));
            }
        },
        _ => text.to_owned(),
    };
    if shown.trim().is_empty() {
        return refuse(400, "Bad Request: message text is empty", json!({}));
    }
    if shown.encode_utf16().count() > 4_096 {
        return refuse(400, "Bad Request: message is too long", json!({}));
    }
    let rows = body["reply_markup"]["inline_keyboard"].as_array().cloned().unwrap_or_default();
    let buttons: Vec<&Value> = rows.iter().flat_map(|row| row.as_array().into_iter().flatten()).collect();
    let bad = buttons.iter().any(|button| {
        !(1..=64).contains(&button["callback_data"].as_str().unwrap_or_default().len())
            || button["text"].as_str().unwrap_or_default().is_empty()
    });
    if bad || buttons.len() > 100 || rows.iter().any(|row| row.as_array().is_some_and(|row| row.len() > 8)) {
        return refuse(400, "Bad Request: BUTTON_DATA_INVALID", json!({}));
    }
    let mut inner = fake.lock();
    inner.next_message += 1;
    let id = inner.next_message;
    if let Some(watcher) = &inner.watcher {
        let _ = watcher.send(Arrived { chat, at: Instant::now() });
    } else {
        inner.sent.push((chat, id));
    }
    ok(
        json!({ "message_id": inner.next_message, "date": 1, "chat": { "id": chat, "type": "private" }, "text": shown }),
    )
}

/// The text after entity parsing, or what Telegram would object to.
pub fn parse_html(text: &str) -> Result<String, String> {
    const TAGS: [&str; 12] =
        ["b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler", "span"];
    let mut out = String::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('>') {
            // A lone ">" passes.
            out.push('>');
            rest = &rest[1..];
        } else if rest.starts_with('&') {
            let end = rest.find(';').filter(|end| *end <= 10);
            let entity = end.map(|end| &rest[1..end]).unwrap_or_default();
            let c = match entity {
                "lt" => Some('<'),
                "gt" => Some('>'),
                "amp" => Some('&'),
                "quot" => Some('"'),
                _ => entity.strip_prefix('#').and_then(|number| number.parse().ok()).and_then(char::from_u32),
            };
            match (c, end) {
                (Some(c), Some(end)) => {
                    out.push(c);
                    rest = &rest[end + 1..];
                }
                _ => {
                    out.push('&');
                    rest = &rest[1..];
                }
            }
        } else {
            let end = rest.find('>').ok_or("unclosed start tag")?;
            let tag = &rest[1..end];
            rest = &rest[end + 1..];
            if let Some(name) = tag.strip_prefix('/') {
                match open.pop() {
                    Some(last) if last == name => {}
                    _ => return Err(format!("unmatched end tag \"{name}\"")),
                }
                continue;
            }
            let name = tag.split_whitespace().next().unwrap_or_default();
            if !TAGS.contains(&name) {
                return Err(format!("unsupported start tag \"{name}\""));
            }
            if tag.matches('"').count() % 2 == 1 {
                return Err("unclosed attribute".to_owned());
            }
            open.push(name.to_owned());
        }
    }
    out.push_str(rest);
    match open.pop() {
        Some(tag) => Err(format!("can't find end tag corresponding to start tag \"{tag}\"")),
        None => Ok(out),
    }
}

#[test]
fn the_validator_is_as_strict_as_telegram() {
    assert_eq!(parse_html("<b>a &amp; b</b> <a href=\"x\">c</a>").as_deref(), Ok("a & b c"));
    for bad in ["<b>a", "a</b>", "<b><i>a</b></i>", "<p>a</p>", "<br>", "1 < 2"] {
        assert!(parse_html(bad).is_err(), "{bad}");
    }
}
