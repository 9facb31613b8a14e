//! A raw update to an [`Incoming`], read from its JSON.
//!
//! The Bot API is newer than the types at hand: a message with an unknown entity would come out empty. So the few
//! fields that matter are read by name, and everything unknown is let be.

use serde_json::{Value, json};

use super::CHANNEL;
use crate::conversation::Message;
use crate::store::{Incoming, IncomingMessage, SessionKey};

/// Who we are on Telegram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotIdentity {
    pub id: i64,
    pub username: String,
}

/// Kinds of content that cannot be read, and what a citizen calls them.
const CONTENT: &[(&str, &str)] = &[
    ("photo", "foto Anda"),
    ("sticker", "stiker Anda"),
    ("voice", "pesan suara Anda"),
    ("video_note", "pesan video Anda"),
    ("video", "video Anda"),
    ("animation", "gambar gerak Anda"),
    ("audio", "audio Anda"),
    ("document", "berkas Anda"),
    ("location", "lokasi Anda"),
    ("venue", "lokasi Anda"),
    ("contact", "kontak itu"),
    ("poll", "jajak pendapat itu"),
    ("dice", "dadu itu"),
    ("story", "cerita itu"),
    ("checklist", "daftar periksa itu"),
    ("paid_media", "media itu"),
    ("game", "permainan itu"),
    ("invoice", "tagihan itu"),
];

/// Messages about the chat itself; nobody waits for an answer.
const SERVICE: &[&str] = &[
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "message_auto_delete_timer_changed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "boost_added",
    "chat_background_set",
    "write_access_allowed",
    "proximity_alert_triggered",
    "users_shared",
    "chat_shared",
    "giveaway",
    "giveaway_created",
    "giveaway_winners",
    "giveaway_completed",
    "successful_payment",
    "refunded_payment",
    "connected_website",
    "passport_data",
    "web_app_data",
];

/// The ordering key of an update: its chat; empty when it has none.
pub fn chat_of(update: &Value) -> String {
    let message = ["message", "edited_message", "my_chat_member"].iter().find_map(|key| update.get(key));
    let message = message.or_else(|| update.get("callback_query").and_then(|query| query.get("message")));
    let chat = message.and_then(|message| message.pointer("/chat/id")).and_then(Value::as_i64);
    let sender = update.pointer("/callback_query/from/id").and_then(Value::as_i64);
    chat.or(sender).map(|id| id.to_string()).unwrap_or_default()
}

/// Understands an update; `me` may be unknown right after a start without network.
pub fn incoming(body: &str, me: Option<&BotIdentity>) -> Incoming {
    let update: Value = serde_json::from_str(body).unwrap_or_default();
    if let Some(query) = update.get("callback_query") {
        return callback(query, &update);
    }
    // An edited question is answered again, as edited.
    // Without text it is a live location on the move, or the like.
    let edited = update.get("edited_message").filter(|message| message.get("text").is_some());
    let message = update.get("message").or(edited);
    match message {
        Some(message) => understood(message, &update, me),
        None => ignored(&update),
    }
}

fn ignored(update: &Value) -> Incoming {
    let chat = chat_of(update);
    Incoming {
        session: SessionKey { channel: CHANNEL.to_owned(), id: chat.clone() },
        person: chat,
        message: IncomingMessage::Ignore,
        target: Value::Null,
        acknowledge: None,
        replies_to: None,
    }
}

fn callback(query: &Value, update: &Value) -> Incoming {
    let person = query.pointer("/from/id").and_then(Value::as_i64).unwrap_or_default();
    let message = query.get("message");
    let chat = message.and_then(|message| message.get("chat"));
    let chat_id = chat.and_then(|chat| chat.get("id")).and_then(Value::as_i64).unwrap_or(person);
    let private =
        chat.and_then(|chat| chat.get("type")).and_then(Value::as_str).is_none_or(|kind| kind == "private");
    let mut target = json!({ "chat_id": chat_id });
    // Outside of forums a thread id names a chain of replies, which nothing can be sent to.
    let in_topic = message.and_then(|message| message.get("is_topic_message")).and_then(Value::as_bool);
    if in_topic == Some(true)
        && let Some(thread) = message.and_then(|message| message.get("message_thread_id"))
    {
        target["thread_id"] = thread.clone();
    }
    let acknowledge = query.get("id").map(|id| json!({ "callback_query_id": id }));
    let action_id = query.get("data").and_then(Value::as_str).unwrap_or_default().to_owned();
    if person == 0 {
        return ignored(update);
    }
    Incoming {
        session: session(chat_id, person, private),
        person: person.to_string(),
        message: IncomingMessage::Tap { action_id },
        target,
        acknowledge,
        replies_to: None,
    }
}

/// A group has a conversation per member, so that nobody continues another's question.
fn session(chat: i64, person: i64, private: bool) -> SessionKey {
    let id = if private { chat.to_string() } else { format!("{chat}:{person}") };
    SessionKey { channel: CHANNEL.to_owned(), id }
}

fn understood(message: &Value, update: &Value, me: Option<&BotIdentity>) -> Incoming {
    let number = |pointer: &str| message.pointer(pointer).and_then(Value::as_i64);
    let kind = message.pointer("/chat/type").and_then(Value::as_str).unwrap_or_default();
    let from_bot = message.pointer("/from/is_bot").and_then(Value::as_bool).unwrap_or(false);
    let (Some(chat), Some(person)) = (number("/chat/id"), number("/from/id")) else { return ignored(update) };
    if from_bot
        || kind == "channel"
        || message.get("via_bot").is_some()
        || SERVICE.iter().any(|key| message.get(key).is_some())
    {
        return ignored(update);
    }
    let private = kind == "private";
    let mut target = json!({ "chat_id": chat });
    if message.get("is_topic_message").and_then(Value::as_bool).unwrap_or(false)
        && let Some(thread) = message.get("message_thread_id")
    {
        target["thread_id"] = thread.clone();
    }
    if !private && let Some(id) = message.get("message_id") {
        target["reply_to"] = id.clone();
    }
    let text = message.get("text").and_then(Value::as_str);
    let meant = match (private, text) {
        (true, Some(text)) => {
            if is_other_bots_command(text, me) {
                None
            } else {
                Some(Message::Text(text.to_owned()))
            }
        }
        (true, None) => Some(Message::Unreadable(content(message).to_owned())),
        (false, text) => in_group(message, text, me),
    };
    Incoming {
        session: session(chat, person, private),
        person: person.to_string(),
        message: meant.map_or(IncomingMessage::Ignore, IncomingMessage::Plain),
        target,
        acknowledge: None,
        replies_to: number("/reply_to_message/message_id"),
    }
}

fn content(message: &Value) -> &'static str {
    CONTENT.iter().find(|(key, _)| message.get(key).is_some()).map_or("pesan Anda", |(_, word)| word)
}

/// `/topik@BotLain` is meant for somebody else.
fn is_other_bots_command(text: &str, me: Option<&BotIdentity>) -> bool {
    let command = text.split_whitespace().next().unwrap_or_default();
    let Some((_, name)) = command.strip_prefix('/').and_then(|command| command.split_once('@')) else {
        return false;
    };
    me.is_some_and(|me| !name.eq_ignore_ascii_case(&me.username))
}

/// In groups the bot speaks when it is mentioned, replied to, or called with a command.
fn in_group(message: &Value, text: Option<&str>, me: Option<&BotIdentity>) -> Option<Message> {
    let me = me?;
    let replied = message.pointer("/reply_to_message/from/id").and_then(Value::as_i64) == Some(me.id);
    let Some(text) = text else {
        // A photo among friends is not for us, unless it answers us.
        return replied.then(|| Message::Unreadable(content(message).to_owned()));
    };
    if text.starts_with('/') {
        return (!is_other_bots_command(text, Some(me))).then(|| Message::Text(text.to_owned()));
    }
    let at_name = format!("@{}", me.username);
    let mentioned = !me.username.is_empty()
        && text.split_whitespace().any(|word| {
            word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@' && c != '_')
                .eq_ignore_ascii_case(&at_name)
        });
    let named = message.get("entities").and_then(Value::as_array).is_some_and(|entities| {
        entities.iter().any(|entity| entity.pointer("/user/id").and_then(Value::as_i64) == Some(me.id))
    });
    if !mentioned && !named && !replied {
        return None;
    }
    if !mentioned {
        // A plain reply keeps its lines: a staff member's answer may hold an address or a list.
        return Some(Message::Text(text.to_owned()));
    }
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| {
            !word
                .trim_matches(|c: char| !c.is_alphanumeric() && c != '@' && c != '_')
                .eq_ignore_ascii_case(&at_name)
        })
        .collect();
    let rest = words.join(" ");
    Some(Message::Text(if rest.is_empty() { "/bantuan".to_owned() } else { rest }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(update: Value, session: &str, expected: IncomingMessage) {
        let me = BotIdentity { id: 99, username: "TanyaPemiluBot".to_owned() };
        let incoming = incoming(&update.to_string(), Some(&me));
        assert_eq!((incoming.session.id.as_str(), incoming.message), (session, expected), "{update}");
    }

    fn text(text: &str) -> IncomingMessage {
        IncomingMessage::Plain(Message::Text(text.to_owned()))
    }

    fn message(kind: &str, extra: Value) -> Value {
        let mut message = json!({ "message_id": 5, "date": 1, "chat": { "id": 7, "type": kind }, "from": { "id": 7, "is_bot": false } });
        for (key, value) in extra.as_object().unwrap() {
            message[key] = value.clone();
        }
        json!({ "update_id": 1, "message": message })
    }

    #[test]
    fn private_text_is_read_even_with_unknown_entities() {
        check(
            message(
                "private",
                json!({ "text": "kapan?", "entities": [{ "type": "date_time", "offset": 0, "length": 3 }] }),
            ),
            "7",
            text("kapan?"),
        );
    }

    #[test]
    fn edited_messages_are_answered() {
        let mut update = message("private", json!({ "text": "baru" }));
        update["edited_message"] = update["message"].take();
        update.as_object_mut().unwrap().remove("message");
        check(update, "7", text("baru"));
    }

    #[test]
    fn other_content_gets_a_word() {
        check(
            message("private", json!({ "photo": [] })),
            "7",
            IncomingMessage::Plain(Message::Unreadable("foto Anda".to_owned())),
        );
        check(
            message("private", json!({ "kind_of_2030": {} })),
            "7",
            IncomingMessage::Plain(Message::Unreadable("pesan Anda".to_owned())),
        );
        check(message("private", json!({ "pinned_message": {} })), "7", IncomingMessage::Ignore);
    }

    #[test]
    fn in_groups_only_when_called() {
        check(message("group", json!({ "text": "kapan pemilu" })), "7:7", IncomingMessage::Ignore);
        check(
            message("group", json!({ "text": "@tanyapemilubot, kapan pemilu" })),
            "7:7",
            text("kapan pemilu"),
        );
        check(message("group", json!({ "text": "/tanya kapan" })), "7:7", text("/tanya kapan"));
        check(message("group", json!({ "text": "/topik@BotLain" })), "7:7", IncomingMessage::Ignore);
        check(
            message("group", json!({ "text": "kapan", "reply_to_message": { "from": { "id": 99 } } })),
            "7:7",
            text("kapan"),
        );
        check(message("group", json!({ "photo": [] })), "7:7", IncomingMessage::Ignore);
    }

    #[test]
    fn a_press_carries_its_opaque_id() {
        let update = json!({ "update_id": 1, "callback_query": { "id": "q", "data": "abc", "from": { "id": 7 },
            "message": { "message_id": 3, "chat": { "id": 7, "type": "private" } } } });
        check(update.clone(), "7", IncomingMessage::Tap { action_id: "abc".to_owned() });
        assert_eq!(chat_of(&update), "7");
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_understood_or_ignored(body in ".{0,120}") {
            incoming(&body, None);
        }
    }
}
