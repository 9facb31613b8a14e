//! Outbox to door: the only sender. In order within a chat, side by side across chats.
//!
//! Temporary trouble is tried again with a growing pause, a chat that Telegram slows down waits alone, and only
//! permanent errors end a row.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use crate::app::App;
use crate::figures::Sent;
use crate::store::{OutboxRow, Outgoing};

/// Calls in flight at once.
const AT_ONCE: usize = 64;
/// A claimed row is free again after this time, should the process die.
const LEASE_MS: i64 = 120_000;
/// With pauses up to a minute: after most of a day a reply is of no use, and must not hold back the chat's next one.
const MOST_ATTEMPTS: i64 = 1_000;
const FIRST_PAUSE_MS: i64 = 500;
const LONGEST_PAUSE_MS: i64 = 60_000;
/// A wrong token is the operator's to mend; no use in asking often.
const UNAUTHORIZED_PAUSE_MS: i64 = 30_000;
/// Without a ring, the outbox is looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// After a stop new rows are begun for this long only.
const LAST_CLAIMS: Duration = Duration::from_secs(3);

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendError {
    /// The chat must wait so many seconds.
    RetryAfter(u64),
    /// A 5xx answer, a timeout, a broken connection.
    Temporary(String),
    /// Blocked, chat gone: no try will help.
    Permanent(String),
    /// The message itself was refused.
    Refused(String),
    Unauthorized,
    Conflict,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SendError::RetryAfter(seconds) => write!(f, "asked to wait {seconds} s"),
            SendError::Temporary(text) | SendError::Permanent(text) | SendError::Refused(text) => {
                f.write_str(text)
            }
            SendError::Unauthorized => f.write_str("the token is not accepted"),
            SendError::Conflict => f.write_str("another program uses the same token"),
        }
    }
}

/// A door that can send. Telegram and the tests' recorder.
pub trait Sender: Send + Sync + 'static {
    /// One call.
    type Part: Send + Sync;

    /// The calls that a row takes, in order. Must give the same parts each time.
    fn parts(&self, outgoing: &Outgoing) -> Vec<Self::Part>;

    /// The part in a plainer form, after a refusal; none if there is none.
    fn plainer(&self, part: Self::Part) -> Option<Self::Part>;

    /// Makes the call; the sent message's id.
    fn send(&self, part: &Self::Part) -> impl Future<Output = Result<Option<i64>, SendError>> + Send;
}

/// Rows that were sent and whose mark is not stored yet, with the sent message's id. While the store is in trouble (a full
/// disk, say) a claim can be undone after the message went out; such a row is marked again, not sent again.
type Unmarked = Arc<Mutex<HashMap<i64, Option<i64>>>>;

fn held(unmarked: &Unmarked) -> MutexGuard<'_, HashMap<i64, Option<i64>>> {
    unmarked.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends until told to stop, then what is still due, and ends.
pub async fn run<S: Sender>(app: Arc<App>, sender: Arc<S>, mut stop: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let (done_sender, done) = mpsc::unbounded_channel();
    let unmarked = Unmarked::default();
    let marker = tokio::spawn(mark_done(app.clone(), done, unmarked.clone()));
    let mut calls: JoinSet<()> = JoinSet::new();
    let mut idle_since_stop = 0;
    let mut stopped_at: Option<Instant> = None;
    loop {
        while calls.try_join_next().is_some() {}
        let stopping = *stop.borrow();
        if stopping {
            stopped_at.get_or_insert_with(Instant::now);
        }
        // A long backlog is left to the next start: what is begun must also be marked before the end.
        let late = stopped_at.is_some_and(|at| at.elapsed() > LAST_CLAIMS);
        let free = if late { 0 } else { room.available_permits() };
        let now_ms = Timestamp::now().as_millisecond();
        let claimed = match free {
            0 => Ok(Vec::new()),
            free => {
                app.store
                    .claim_outbox(app.owner(), now_ms, LEASE_MS, i64::try_from(free).unwrap_or(i64::MAX))
                    .await
            }
        };
        let rows = claimed.unwrap_or_else(|error| {
            tracing::error!(%error, "the outbox cannot be read; replies wait");
            Vec::new()
        });
        if rows.is_empty() {
            // After a stop: two quiet looks with nothing in flight mean that all is sent that can be.
            if stopping && calls.is_empty() {
                idle_since_stop += 1;
                if idle_since_stop > 2 {
                    break;
                }
            }
            let pause = if stopping { Duration::from_millis(100) } else { LOOK_EVERY };
            tokio::select! {
                () = app.outbox_ready.notified() => {}
                () = tokio::time::sleep(pause) => {}
                Some(_) = calls.join_next(), if !calls.is_empty() => {}
                _ = stop.changed(), if !stopping => {}
            }
            continue;
        }
        idle_since_stop = 0;
        for row in rows {
            // There are as many permits as rows were claimed.
            let Ok(permit) = room.clone().acquire_owned().await else { break };
            let (app, sender, done) = (app.clone(), sender.clone(), done_sender.clone());
            let unmarked = unmarked.clone();
            calls.spawn(async move {
                let known = held(&unmarked).get(&row.id).copied();
                match known {
                    Some(message_id) => {
                        let _ = done.send((row.id, message_id));
                    }
                    None => deliver(&app, sender.as_ref(), row, &done, &unmarked).await,
                }
                drop(permit);
            });
        }
    }
    drop(done_sender);
    if marker.await.is_err() {
        tracing::error!("the last sent replies could not be marked; they may be sent once more");
    }
}

/// Sends one row and says how it went.
async fn deliver<S: Sender>(
    app: &App,
    sender: &S,
    row: OutboxRow,
    done: &mpsc::UnboundedSender<(i64, Option<i64>)>,
    unmarked: &Unmarked,
) {
    if row.attempts > MOST_ATTEMPTS {
        return failed(app, &row, SendError::Permanent("tried too often".to_owned())).await;
    }
    let parts = sender.parts(&row.outgoing);
    let count = i64::try_from(parts.len()).unwrap_or(i64::MAX);
    let mut message_id = None;
    for (number, part) in (0_i64..).zip(parts) {
        // Parts sent before a restart are not sent again.
        if number < row.progress {
            continue;
        }
        match attempt(sender, part).await {
            Ok(id) => message_id = message_id.or(id),
            Err(error) => return failed(app, &row, error).await,
        }
        if number + 1 < count
            && let Err(error) = app.store.mark_progress(row.id, number + 1).await
        {
            tracing::warn!(%error, "the progress of a long reply could not be stored");
        }
    }
    app.figures.sent(Sent::Ok);
    app.figures.contact(Timestamp::now().as_millisecond());
    held(unmarked).insert(row.id, message_id);
    // The receiver lives as long as the loop that holds this task.
    let _ = done.send((row.id, message_id));
}

/// One call; a refused message goes once more in its plainer form.
async fn attempt<S: Sender>(sender: &S, part: S::Part) -> Result<Option<i64>, SendError> {
    match sender.send(&part).await {
        Err(SendError::Refused(reason)) => {
            tracing::warn!(%reason, "a message was refused; sending it as plain text");
            match sender.plainer(part) {
                Some(part) => sender.send(&part).await,
                None => Err(SendError::Refused(reason)),
            }
        }
        result => result,
    }
}

async fn failed(app: &App, row: &OutboxRow, error: SendError) {
    let now_ms = Timestamp::now().as_millisecond();
    app.figures.sent(match &error {
        SendError::RetryAfter(_) => Sent::Throttled,
        SendError::Temporary(_) | SendError::Conflict | SendError::Unauthorized => Sent::Temporary,
        SendError::Permanent(_) | SendError::Refused(_) => Sent::Failed,
    });
    let wait_ms = match &error {
        SendError::RetryAfter(seconds) => i64::try_from(*seconds).unwrap_or(60).saturating_mul(1_000),
        SendError::Temporary(_) | SendError::Conflict => pause_ms(row.attempts, row.id),
        SendError::Unauthorized => UNAUTHORIZED_PAUSE_MS,
        SendError::Permanent(_) | SendError::Refused(_) => {
            if app.desk.chat.is_some_and(|chat| chat.to_string() == row.session.id) {
                tracing::error!(reason = %error, "a message to the staff chat was refused; check STAFF_CHAT_ID and that the bot is a member there");
                if let Err(error) = app.store.forget_forward(&row.turn).await {
                    tracing::error!(%error, "a question that did not reach the staff could not be freed");
                }
            }
            tracing::info!(reason = %error, row = row.id, "a reply cannot be delivered");
            if let Err(error) = app.store.mark_failed(row.id, &error.to_string()).await {
                tracing::error!(%error, "an undeliverable reply could not be marked");
            }
            return;
        }
    };
    tracing::debug!(%error, wait_ms, row = row.id, "a reply will be sent later");
    if let Err(error) = app.store.retry_at(row.id, now_ms + wait_ms, &error.to_string()).await {
        tracing::error!(%error, "a reply could not be set aside for later; its lease will end by itself");
    }
}

/// Doubles with each try; the row's number spreads rows, so that they do not all come back at once.
fn pause_ms(attempts: i64, row: i64) -> i64 {
    let doubled = FIRST_PAUSE_MS.saturating_mul(1 << attempts.clamp(1, 10));
    let base = (doubled / 2).min(LONGEST_PAUSE_MS);
    base + (row.wrapping_mul(37) % 100) * base / 400
}

/// Marks sent rows, all that wait at once: many replies share a transaction.
async fn mark_done(app: Arc<App>, mut done: mpsc::UnboundedReceiver<(i64, Option<i64>)>, unmarked: Unmarked) {
    let mut batch = Vec::new();
    while done.recv_many(&mut batch, 256).await > 0 {
        while let Err(error) = app.store.mark_sent(&batch).await {
            tracing::error!(%error, "sent replies could not be marked; trying again");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        {
            let mut unmarked = held(&unmarked);
            for (row, _) in batch.drain(..) {
                unmarked.remove(&row);
            }
        }
        // The next message of these chats may go out now.
        app.outbox_ready.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::pause_ms;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        let pauses: Vec<i64> = (1..12).map(|attempt| pause_ms(attempt, 0)).collect();
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!((pauses[0], pauses[10]), (500, 60_000));
    }
}
