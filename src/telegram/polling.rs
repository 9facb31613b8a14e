//! Our own polling loop: updates are committed to the inbox before the next poll confirms them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::watch;

use super::api::COMMANDS;
use super::{CHANNEL, Door, decode};
use crate::app::App;
use crate::delivery::SendError;
use crate::store::RawUpdate;

/// The longest pause between two tries, so that an outage is over soon after it is over.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// After a week without updates Telegram numbers them anew, perhaps lower; then the offset is forgotten in time.
const FORGET_OFFSET_MS: i64 = 24 * 3_600_000;

impl Door {
    /// Polls until told to stop. Waits and retries while Telegram cannot be reached.
    pub async fn run_polling(self: Arc<Self>, app: Arc<App>, mut stop: watch::Receiver<bool>) {
        let work = async {
            self.introduce(&app).await;
            let mut pause = Pause::default();
            while let Err(error) = self.api.delete_webhook().await {
                pause.after(&error, "an old webhook could not be ended").await;
            }
            app.figures.open_door("telegram", "long polling".to_owned());
            self.set_menu(&app).await;
            self.poll(&app).await;
        };
        tokio::select! {
            () = work => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }

    /// Learns who we are; waits until Telegram can be reached.
    pub(super) async fn introduce(&self, app: &App) {
        let mut pause = Pause::default();
        loop {
            match self.api.me().await {
                Ok(me) => {
                    tracing::info!("Telegram is reached as @{}", me.username);
                    let _ = self.me.set(me);
                    app.inbox_open.store(true, Ordering::Release);
                    app.inbox_ready.notify_one();
                    break;
                }
                Err(error) => pause.after(&error, "Telegram cannot be reached yet").await,
            }
        }
    }

    /// The command menu is a comfort; answering does not wait for it. Staff and admins see theirs in their own chats only.
    pub(super) async fn set_menu(&self, app: &App) {
        if let Err(error) = self.api.set_commands(None, &COMMANDS).await {
            tracing::warn!(%error, "the command menu could not be set");
        }
        for (chat, commands) in app.desk.menus() {
            let commands: Vec<(&str, &str)> = COMMANDS.iter().copied().chain(commands).collect();
            if let Err(error) = self.api.set_commands(Some(chat), &commands).await {
                tracing::warn!(%error, "the menu of a staff member could not be set; they must write to the bot first");
            }
        }
    }

    async fn poll(&self, app: &App) {
        let mut offset: i32 = 0;
        let mut last_ms = Timestamp::now().as_millisecond();
        let mut pause = Pause::default();
        loop {
            let updates = match self.api.updates(offset).await {
                Ok(updates) => updates,
                Err(error) => {
                    pause.after(&error, "no updates could be fetched").await;
                    continue;
                }
            };
            pause = Pause::default();
            let now_ms = Timestamp::now().as_millisecond();
            app.figures.contact(now_ms);
            if updates.is_empty() {
                if now_ms - last_ms > FORGET_OFFSET_MS {
                    offset = 0;
                }
                continue;
            }
            last_ms = now_ms;
            let rows: Vec<RawUpdate> = updates.iter().filter_map(|update| row(update, now_ms)).collect();
            // Nothing is confirmed that is not stored: on failure the same updates are fetched again.
            match app.store.receive(&rows).await {
                Ok(_) => {
                    let highest = rows.iter().map(|row| row.update_id).max();
                    if let Some(next) = highest.and_then(|id| i32::try_from(id + 1).ok()) {
                        offset = next;
                    }
                    app.inbox_ready.notify_one();
                }
                Err(error) => {
                    tracing::error!(%error, "updates could not be stored and are not confirmed; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

pub(super) fn row(update: &Value, now_ms: i64) -> Option<RawUpdate> {
    Some(RawUpdate {
        channel: CHANNEL.to_owned(),
        update_id: update.get("update_id")?.as_i64()?,
        chat: decode::chat_of(update),
        body: update.to_string(),
        received_ms: now_ms,
    })
}

/// Pauses that double up to [`LONGEST_PAUSE`]; the same trouble is logged once, not at every try.
pub(super) struct Pause {
    next: Duration,
    said: bool,
}

impl Default for Pause {
    fn default() -> Self {
        Pause { next: Duration::from_millis(250), said: false }
    }
}

impl Pause {
    pub(super) async fn after(&mut self, error: &SendError, what: &str) {
        if !self.said {
            self.said = true;
            match error {
                SendError::Unauthorized => tracing::error!(
                    "{what}: Telegram does not know this token. Check TELOXIDE_TOKEN with @BotFather"
                ),
                SendError::Conflict => tracing::error!(
                    "{what}: another program polls with this token. Stop it; two cannot run at once"
                ),
                error => tracing::warn!(%error, "{what}; trying again until it works"),
            }
        }
        let wait = match error {
            SendError::RetryAfter(seconds) => Duration::from_secs(*seconds),
            _ => self.next,
        };
        tokio::time::sleep(wait).await;
        self.next = (self.next * 2).min(LONGEST_PAUSE);
    }
}
