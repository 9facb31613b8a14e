//! Our own webhook handler: an update is committed to the inbox before Telegram gets its 200.
//!
//! Posts that arrive together share one transaction. What cannot be stored gets a 503, and Telegram sends it again.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use jiff::Timestamp;
use serde_json::Value;
use subtle::ConstantTimeEq;
use tokio::sync::{mpsc, oneshot, watch};

use super::Door;
use super::polling::{Pause, row};
use crate::app::App;
use crate::store::RawUpdate;

const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";
/// An update is a few kilobytes; the longest message with all its entities stays far below this.
const MOST_BODY_BYTES: usize = 1024 * 1024;
/// Updates stored in one transaction.
const BATCH: usize = 128;
/// A post waits for the store at most this long; Telegram then tries again.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

type Waiting = (RawUpdate, oneshot::Sender<bool>);

/// The receiving end, shared by all posts.
struct Hook {
    secret: Vec<u8>,
    queue: mpsc::Sender<Waiting>,
}

/// The path of `WEBHOOK_URL`; an address without one gets `/telegram`.
pub fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    match rest.find('/').map(|at| &rest[at..]) {
        Some(path) if path != "/" => path.split(['?', '#']).next().unwrap_or(path).to_owned(),
        _ => "/telegram".to_owned(),
    }
}

/// The whole address to give to Telegram.
pub fn address_of(url: &str) -> String {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    match url[after_scheme..].find('/') {
        Some(at) if after_scheme + at + 1 < url.len() => url.to_owned(),
        Some(at) => format!("{}/telegram", &url[..after_scheme + at]),
        None => format!("{url}/telegram"),
    }
}

/// The route, and the work that stores what it receives.
pub fn receiver(
    app: Arc<App>,
    path: &str,
    secret: &str,
) -> (Router, impl Future<Output = ()> + Send + 'static) {
    let (queue, waiting) = mpsc::channel(1_024);
    let hook = Arc::new(Hook { secret: secret.as_bytes().to_vec(), queue });
    let router = Router::new()
        .route(path, post(receive))
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .with_state(hook);
    (router, store_all(app, waiting))
}

async fn receive(State(hook): State<Arc<Hook>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers.get(SECRET_HEADER).map(|value| value.as_bytes()).unwrap_or_default();
    if !bool::from(given.ct_eq(&hook.secret)) {
        return StatusCode::UNAUTHORIZED;
    }
    let now_ms = Timestamp::now().as_millisecond();
    let update = serde_json::from_slice::<Value>(&body).ok().and_then(|update| row(&update, now_ms));
    let Some(update) = update else { return StatusCode::BAD_REQUEST };
    let (done, stored) = oneshot::channel();
    let sent = tokio::time::timeout(LONGEST_WAIT, async {
        hook.queue.send((update, done)).await.is_ok() && stored.await.unwrap_or(false)
    });
    match sent.await {
        Ok(true) => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Ends when the last route is gone, so that nothing in hand is left at a stop.
async fn store_all(app: Arc<App>, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch: Vec<Waiting> = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let (rows, waiters): (Vec<RawUpdate>, Vec<oneshot::Sender<bool>>) = batch.drain(..).unzip();
        let stored = match app.store.receive(&rows).await {
            Ok(_) => true,
            Err(error) => {
                tracing::error!(%error, "updates could not be stored and are not confirmed; Telegram will send them again");
                false
            }
        };
        for waiter in waiters {
            // A post that gave up waiting is sent again and dropped as a repeat.
            let _ = waiter.send(stored);
        }
        if stored {
            app.figures.contact(Timestamp::now().as_millisecond());
            app.inbox_ready.notify_one();
        }
    }
}

impl Door {
    /// Tells Telegram where to post, until it is known or until told to stop. The webhook stays set at a stop: Telegram keeps
    /// what arrives meanwhile.
    pub async fn run_webhook(
        self: Arc<Self>,
        app: Arc<App>,
        url: String,
        secret: String,
        mut stop: watch::Receiver<bool>,
    ) {
        let work = async {
            self.introduce(&app).await;
            let mut pause = Pause::default();
            while let Err(error) = self.api.set_webhook(&url, &secret).await {
                pause.after(&error, "the webhook could not be set").await;
            }
            tracing::info!("Telegram posts updates to the webhook");
            app.figures.open_door("telegram", "webhook".to_owned());
            self.set_menu(&app).await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = work => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_path_gets_one() {
        let check = |url: &str, path: &str, address: &str| {
            assert_eq!((path_of(url).as_str(), address_of(url).as_str()), (path, address));
        };
        check("https://a.id", "/telegram", "https://a.id/telegram");
        check("https://a.id/", "/telegram", "https://a.id/telegram");
        check("https://a.id/kait/x", "/kait/x", "https://a.id/kait/x");
        check("http://127.0.0.1:8080", "/telegram", "http://127.0.0.1:8080/telegram");
    }
}
