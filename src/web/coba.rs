//! The "Coba" page: a chat in the same conversation as every door.
//!
//! Works without scripts: each question is a form post whose address ends at the newest answer. A random cookie names the
//! session; what was said stays in memory for the visit (`talks.rs`) and goes with /hapusdata.

use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use askama::Template;
use axum::extract::{ConnectInfo, Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::Web;
use crate::answer::messages;
use crate::app::{Answered, random_id};
use crate::conversation::{Block, Message};
use crate::store::{IncomingMessage, SessionKey};

const COOKIE: &str = "sesi";
/// Characters of a question that the page shows again.
const LONGEST_SHOWN: usize = 2_000;

#[derive(Template)]
#[template(path = "coba.html")]
struct Page {
    office: String,
    official: bool,
    exchanges: Vec<Exchange>,
}

/// A question and its answer.
#[derive(Clone)]
pub struct Exchange {
    /// Empty for the welcome.
    asked: String,
    blocks: Vec<Shown>,
    /// Label and stored id.
    buttons: Vec<(String, String)>,
}

/// A block as the page shows it: its class and its paragraphs.
#[derive(Clone)]
struct Shown {
    class: &'static str,
    heading: bool,
    folded: bool,
    paragraphs: Vec<String>,
    links: Vec<(String, Option<String>, String)>,
}

#[derive(Debug, Deserialize)]
pub struct Sent {
    #[serde(default)]
    teks: String,
    /// Stored id of a pressed button.
    #[serde(default)]
    tombol: String,
}

/// The visit so far; for a new one the welcome, as /start says it.
pub async fn page(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let so_far = session_of(&headers).map(|id| web.talks.of(&id, Instant::now())).unwrap_or_default();
    if !so_far.is_empty() {
        return show(&web, so_far);
    }
    if !web.limit.allows(visitor(&headers, peer), Instant::now()) {
        return too_many();
    }
    answer(&web, &headers, String::new(), IncomingMessage::Plain(Message::Text("/start".to_owned()))).await
}

/// A question or a pressed button.
pub async fn send(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    if !web.limit.allows(visitor(&headers, peer), Instant::now()) {
        return too_many();
    }
    if sent.tombol.is_empty() {
        let message = IncomingMessage::Plain(Message::Text(sent.teks.clone()));
        return answer(&web, &headers, sent.teks, message).await;
    }
    // The label of the pressed button stands for the question.
    let so_far = session_of(&headers).map(|id| web.talks.of(&id, Instant::now())).unwrap_or_default();
    let mut buttons = so_far.iter().rev().flat_map(|exchange| &exchange.buttons);
    let label =
        buttons.find(|(_, id)| *id == sent.tombol).map(|(label, _)| label.clone()).unwrap_or_default();
    answer(&web, &headers, label, IncomingMessage::Tap { action_id: sent.tombol }).await
}

fn too_many() -> Response {
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "60")], messages::TOO_MANY).into_response()
}

/// The address of the visitor; behind a proxy on this machine, what the proxy saw.
fn visitor(headers: &HeaderMap, peer: SocketAddr) -> IpAddr {
    let seen = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let last = seen.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
    last.filter(|_| peer.ip().is_loopback()).unwrap_or_else(|| peer.ip())
}

pub async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/gaya.css"))
}

async fn answer(web: &Web, headers: &HeaderMap, asked: String, message: IncomingMessage) -> Response {
    let known = session_of(headers);
    let id = known.clone().unwrap_or_else(|| random_id() + &random_id());
    let session = SessionKey { channel: "web".to_owned(), id: id.clone() };
    let answered = match web.app.answer_now(session, &id, message).await {
        Ok(answered) => answered,
        Err(error) => {
            tracing::error!(%error, "a question on the web page could not be answered");
            return (StatusCode::SERVICE_UNAVAILABLE, messages::APOLOGY).into_response();
        }
    };
    if answered.erased {
        web.talks.forget(&id);
    }
    let mut response = show(web, web.talks.add(&id, exchange(asked, answered), Instant::now()));
    if known.is_none()
        && let Ok(cookie) = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400").parse()
    {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn show(web: &Web, exchanges: Vec<Exchange>) -> Response {
    let office = &web.app.office;
    let page = Page { office: office.display().to_owned(), official: office.name.is_some(), exchanges };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "the page could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, messages::APOLOGY).into_response()
        }
    }
}

/// The session in the cookie, if it has the shape that we give out.
fn session_of(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let value = cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("sesi="))?;
    (value.len() == 32 && value.chars().all(|c| c.is_ascii_hexdigit())).then(|| value.to_owned())
}

/// What was asked is kept as the log keeps it: masked, and no longer than a question may be.
fn exchange(asked: String, answered: Answered) -> Exchange {
    let asked = crate::privacy::mask(&asked).chars().take(LONGEST_SHOWN).collect();
    let blocks = answered.reply.blocks.iter().map(show_block).collect();
    let labels = answered.reply.buttons.iter().flatten().map(|button| button.label.clone());
    Exchange { asked, blocks, buttons: labels.zip(answered.button_ids).collect() }
}

fn show_block(block: &Block) -> Shown {
    let text = |class, heading, folded, text: &str| Shown {
        class,
        heading,
        folded,
        paragraphs: text.split("\n\n").map(|paragraph| paragraph.replace("**", "")).collect(),
        links: Vec::new(),
    };
    match block {
        Block::Notice(words) => text("catatan", false, false, words),
        Block::Heading(words) => text("judul", true, false, words),
        Block::Short(words) | Block::Plain(words) => text("jawaban", false, false, words),
        Block::Details(words) => text("rincian", false, true, words),
        Block::Validity(words) => text("kecil", false, false, words),
        Block::Sources(sources) => Shown {
            class: "kecil",
            heading: false,
            folded: false,
            paragraphs: Vec::new(),
            links: sources
                .iter()
                .map(|source| {
                    let date = source
                        .date
                        .as_deref()
                        .and_then(|date| date.parse().ok())
                        .map(crate::answer::dates::long);
                    (
                        source.title.clone(),
                        source.url.clone(),
                        date.map(|date| format!(", {date}")).unwrap_or_default(),
                    )
                })
                .collect(),
        },
    }
}
