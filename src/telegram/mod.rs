//! The Telegram door: teloxide's types and requests, our own polling loop and sending.
//!
//! teloxide's Dispatcher, Throttle and webhook are not used: they confirm an update before it is handled, freeze all
//! chats on one 429, and stop on a panic. Updates are committed before they are confirmed; replies leave through the
//! stored outbox.

mod api;
mod decode;
mod html;
mod polling;
pub mod webhook;

use std::sync::{Arc, OnceLock};

pub use decode::BotIdentity;
pub use html::{Rendered, render};

use crate::app::Decoder;
use crate::delivery::{SendError, Sender};
use crate::store::Outgoing;
use api::Api;

/// The channel's name in the store.
pub const CHANNEL: &str = "telegram";

/// A bot on Telegram (or on another Bot API server).
pub struct Door {
    api: Api,
    /// Known once Telegram has been reached; needed to see mentions in groups.
    me: Arc<OnceLock<BotIdentity>>,
}

/// One call that delivery makes for an outgoing row.
pub enum Part {
    Message {
        target: serde_json::Value,
        rendered: Box<Rendered>,
        plain: bool,
    },
    Acknowledge {
        id: String,
        text: Option<String>,
    },
    /// A row of another shape; nothing to send.
    Nothing,
}

impl Door {
    /// Errors are for the operator and never show the token.
    pub fn new(token: &str, api_url: Option<&str>, proxy: Option<&str>) -> Result<Self, String> {
        Ok(Door { api: Api::new(token, api_url, proxy)?, me: Arc::new(OnceLock::new()) })
    }

    /// Reads stored updates.
    pub fn decoder(&self) -> Decoder {
        let me = self.me.clone();
        Arc::new(move |body| decode::incoming(body, me.get()))
    }
}

impl Sender for Door {
    type Part = Part;

    fn parts(&self, outgoing: &Outgoing) -> Vec<Part> {
        match outgoing {
            Outgoing::Reply { target, reply, button_ids } => html::render(reply, button_ids)
                .into_iter()
                .map(|rendered| Part::Message {
                    target: target.clone(),
                    rendered: Box::new(rendered),
                    plain: false,
                })
                .collect(),
            Outgoing::Acknowledge { target, text } => {
                match target.get("callback_query_id").and_then(|id| id.as_str()) {
                    Some(id) => vec![Part::Acknowledge { id: id.to_owned(), text: text.clone() }],
                    None => vec![Part::Nothing],
                }
            }
        }
    }

    fn plainer(&self, part: Part) -> Option<Part> {
        match part {
            Part::Message { target, rendered, plain: false } => {
                Some(Part::Message { target, rendered, plain: true })
            }
            _ => None,
        }
    }

    async fn send(&self, part: &Part) -> Result<Option<i64>, SendError> {
        match part {
            Part::Message { target, rendered, plain } => {
                self.api.send_message(target, rendered, *plain).await
            }
            Part::Acknowledge { id, text } => {
                self.api.answer_callback(id, text.as_deref()).await.map(|()| None)
            }
            Part::Nothing => Ok(None),
        }
    }
}
