//! Calls to the Bot API: teloxide's payloads, our own client.
//!
//! teloxide's client sleeps ten seconds inside a call on a 5xx answer and ends every call after 17 seconds; neither fits
//! a sender with its own backoff. So its typed payloads are posted here. The token never stands in an error or a log line.

use std::time::Duration;

use reqwest::Client;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use teloxide::payloads::{
    AnswerCallbackQuery, AnswerCallbackQuerySetters, DeleteWebhook, GetMe, GetUpdates, GetUpdatesSetters,
    SendMessage, SendMessageSetters, SetMyCommands, SetMyCommandsSetters,
};
use teloxide::requests::Payload;
use teloxide::types::{
    AllowedUpdate, BotCommand, BotCommandScope, CallbackQueryId, ChatId, InlineKeyboardButton,
    InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ParseMode, Recipient, ReplyParameters, ThreadId,
};

use super::decode::BotIdentity;
use super::html::Rendered;
use crate::delivery::SendError;

const OFFICIAL: &str = "https://api.telegram.org";
const CALL: Duration = Duration::from_secs(20);
/// How long Telegram may hold a poll open.
pub const POLL_SECONDS: u32 = 25;

/// Commands of the menu, for every citizen.
pub const COMMANDS: [(&str, &str); 7] = [
    ("start", "Mulai"),
    ("bantuan", "Cara bertanya"),
    ("topik", "Daftar topik"),
    ("tahapan", "Tahapan dan jadwal"),
    ("hak", "Hak atas informasi publik"),
    ("privasi", "Apa yang disimpan"),
    ("hapusdata", "Hapus data saya"),
];

/// What we want to hear of, in both modes.
const ALLOWED: [AllowedUpdate; 4] = [
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MyChatMember,
];
/// Webhook posts that Telegram may have in flight at once.
const MOST_CONNECTIONS: u8 = 100;

/// A Bot API server and a token.
pub struct Api {
    client: Client,
    /// Address with the token in it; never shown.
    base: String,
}

#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    ok: bool,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    error_code: u16,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Debug, Default, Deserialize)]
struct Parameters {
    #[serde(default)]
    retry_after: Option<u64>,
}

impl Api {
    pub fn new(token: &str, api_url: Option<&str>, proxy: Option<&str>) -> Result<Self, String> {
        let mut builder = Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .pool_max_idle_per_host(64)
            .tcp_nodelay(true);
        if let Some(proxy) = proxy {
            let proxy = reqwest::Proxy::all(proxy).map_err(|_| {
                "TELOXIDE_PROXY is not a proxy address. Write it such as socks5://127.0.0.1:1080.".to_owned()
            })?;
            builder = builder.proxy(proxy);
        }
        let client = builder
            .build()
            .map_err(|error| format!("the HTTP client cannot start: {}", error.without_url()))?;
        let base = format!("{}/bot{token}", api_url.unwrap_or(OFFICIAL).trim_end_matches('/'));
        Ok(Api { client, base })
    }

    async fn call<P: Payload + Serialize>(&self, payload: &P, timeout: Duration) -> Result<Value, SendError> {
        self.post(P::NAME, payload, timeout).await
    }

    async fn post(&self, method: &str, body: &impl Serialize, timeout: Duration) -> Result<Value, SendError> {
        let url = format!("{}/{method}", self.base);
        let sent = self.client.post(url).timeout(timeout).json(body).send().await;
        let response = sent.map_err(|error| SendError::Temporary(error.without_url().to_string()))?;
        let status = response.status().as_u16();
        let body =
            response.bytes().await.map_err(|error| SendError::Temporary(error.without_url().to_string()))?;
        match serde_json::from_slice::<Answer>(&body) {
            Ok(answer) if answer.ok => Ok(answer.result),
            Ok(answer) => {
                Err(classify(if answer.error_code == 0 { status } else { answer.error_code }, answer))
            }
            Err(_) => {
                Err(SendError::Temporary(format!("HTTP {status} with a body that is not the Bot API's")))
            }
        }
    }

    pub async fn me(&self) -> Result<BotIdentity, SendError> {
        let me = self.call(&GetMe::new(), CALL).await?;
        let id = me
            .get("id")
            .and_then(Value::as_i64)
            .ok_or_else(|| SendError::Temporary("getMe without an id".to_owned()))?;
        let username = me.get("username").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(BotIdentity { id, username })
    }

    pub async fn delete_webhook(&self) -> Result<(), SendError> {
        self.call(&DeleteWebhook::new(), CALL).await.map(|_| ())
    }

    /// Asks Telegram to post updates to `url`, with the secret in a header. Updates that wait are kept.
    pub async fn set_webhook(&self, url: &str, secret: &str) -> Result<(), SendError> {
        // The typed payload wants a multipart call because of its certificate field; these five need none.
        let body = json!({
            "url": url,
            "secret_token": secret,
            "max_connections": MOST_CONNECTIONS,
            "allowed_updates": ALLOWED,
            "drop_pending_updates": false,
        });
        self.post("SetWebhook", &body, CALL).await.map(|_| ())
    }

    /// Sets the menu for everybody, or for one chat. For everybody, Indonesian and English phones get the same list: a list
    /// per language would otherwise win over the default.
    pub async fn set_commands(&self, chat: Option<i64>, commands: &[(&str, &str)]) -> Result<(), SendError> {
        let commands: Vec<BotCommand> =
            commands.iter().map(|(command, text)| BotCommand::new(*command, *text)).collect();
        if let Some(chat) = chat {
            let scope = BotCommandScope::Chat { chat_id: Recipient::Id(ChatId(chat)) };
            return self.call(&SetMyCommands::new(commands).scope(scope), CALL).await.map(|_| ());
        }
        self.call(&SetMyCommands::new(commands.clone()), CALL).await?;
        for language in ["id", "en"] {
            self.call(&SetMyCommands::new(commands.clone()).language_code(language), CALL).await?;
        }
        Ok(())
    }

    /// Updates from `offset` on (0: all that Telegram holds), as they came.
    pub async fn updates(&self, offset: i32) -> Result<Vec<Value>, SendError> {
        let mut payload = GetUpdates::new().timeout(POLL_SECONDS).limit(100).allowed_updates(ALLOWED);
        if offset != 0 {
            payload = payload.offset(offset);
        }
        let result = self.call(&payload, Duration::from_secs(u64::from(POLL_SECONDS) + 15)).await?;
        match result {
            Value::Array(updates) => Ok(updates),
            _ => Err(SendError::Temporary("getUpdates gave no list".to_owned())),
        }
    }

    /// Sends one message; its id.
    pub async fn send_message(
        &self,
        target: &Value,
        rendered: &Rendered,
        plain: bool,
    ) -> Result<Option<i64>, SendError> {
        let chat = target
            .get("chat_id")
            .and_then(Value::as_i64)
            .ok_or_else(|| SendError::Permanent("the row has no chat".to_owned()))?;
        let text = if plain { &rendered.plain } else { &rendered.html };
        let mut payload = SendMessage::new(ChatId(chat), text).link_preview_options(LinkPreviewOptions {
            is_disabled: true,
            url: None,
            prefer_small_media: false,
            prefer_large_media: false,
            show_above_text: false,
        });
        if !plain {
            payload = payload.parse_mode(ParseMode::Html);
        }
        if let Some(thread) = number(target, "thread_id") {
            payload = payload.message_thread_id(ThreadId(MessageId(thread)));
        }
        if let Some(message) = number(target, "reply_to") {
            payload = payload
                .reply_parameters(ReplyParameters::new(MessageId(message)).allow_sending_without_reply());
        }
        if !rendered.buttons.is_empty() {
            let rows = rendered.buttons.iter().map(|row| {
                row.iter().map(|(label, id)| InlineKeyboardButton::callback(label, id)).collect::<Vec<_>>()
            });
            payload = payload.reply_markup(InlineKeyboardMarkup::new(rows));
        }
        let sent = self.call(&payload, CALL).await?;
        Ok(sent.get("message_id").and_then(Value::as_i64))
    }

    pub async fn answer_callback(&self, id: &str, text: Option<&str>) -> Result<(), SendError> {
        let mut payload = AnswerCallbackQuery::new(CallbackQueryId(id.to_owned()));
        if let Some(text) = text {
            payload = payload.text(text);
        }
        self.call(&payload, CALL).await.map(|_| ())
    }
}

fn number(target: &Value, key: &str) -> Option<i32> {
    target.get(key).and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok())
}

/// What a refusal means for the sender. Texts are matched in part: servers word them differently.
fn classify(code: u16, answer: Answer) -> SendError {
    let description = answer.description;
    let says = |words: &[&str]| words.iter().any(|word| description.to_lowercase().contains(word));
    match code {
        429 => SendError::RetryAfter(answer.parameters.retry_after.unwrap_or(1)),
        401 | 404 => SendError::Unauthorized,
        409 => SendError::Conflict,
        403 => SendError::Permanent(description),
        400 if says(&[
            "chat not found",
            "user not found",
            "deactivated",
            "peer_id_invalid",
            "upgraded to a supergroup",
            "not enough rights",
            "have no rights",
            "topic_closed",
            "topic_deleted",
            "thread not found",
            "query is too old",
            "query id is invalid",
            "chat_write_forbidden",
        ]) =>
        {
            SendError::Permanent(description)
        }
        400 => SendError::Refused(description),
        _ => SendError::Temporary(format!("HTTP {code}: {description}")),
    }
}
