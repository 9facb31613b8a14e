//! What staff and admins need of the store: figures, the log page by page, withdrawals, forwarded questions.

use sqlx::{Row, Sqlite, SqliteConnection, Transaction};

use super::{LogRow, Outgoing, SessionKey, Store, StoreError, Turn};
use crate::conversation::Effect;

/// Forwarded questions, and the consent to be written to, are kept this long.
const KEEP_FORWARDS_MS: i64 = 30 * 24 * 3_600_000;

/// Figures of a span of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Answers, choices, abstentions, refusals.
    pub by_kind: Vec<(String, i64)>,
    pub people: i64,
    pub helpful: i64,
    pub unhelpful: i64,
    pub topics: Vec<(String, i64)>,
    pub entries: Vec<(String, i64)>,
}

impl Statistics {
    pub fn questions(&self) -> i64 {
        self.by_kind.iter().map(|(_, count)| count).sum()
    }
}

/// A question that waits at the staff chat, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    pub id: String,
    pub person: String,
    pub session: SessionKey,
    pub question: String,
    /// Sealed; [`crate::privacy::Keys::open`] reads it. None: erased, or expired.
    pub address: Option<Vec<u8>>,
    pub answered: bool,
}

/// A forward to be stored with the turn that asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewForward {
    pub id: String,
    pub question: String,
    /// Where the answer goes, sealed.
    pub address: Vec<u8>,
    /// The chat of the staff that it goes to.
    pub staff_chat: i64,
}

impl Store {
    /// Figures since a moment.
    pub async fn statistics(&self, since_ms: i64) -> Result<Statistics, StoreError> {
        const ASKED: &str = "kind IN ('answer', 'choices', 'abstain', 'refuse')";
        let pairs = |sql: String| async move {
            let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(since_ms).fetch_all(&self.read).await?;
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
                .collect::<Result<Vec<(String, i64)>, StoreError>>()
        };
        let totals = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT COUNT(DISTINCT person), COALESCE(SUM(helpful = 1), 0), COALESCE(SUM(helpful = 0), 0) FROM query_log WHERE at_ms >= $1 AND {ASKED}"
        )))
        .bind(since_ms)
        .fetch_one(&self.read)
        .await?;
        Ok(Statistics {
            by_kind: pairs(format!(
                "SELECT kind, COUNT(*) FROM query_log WHERE at_ms >= $1 AND {ASKED} GROUP BY kind"
            ))
            .await?,
            people: totals.try_get(0)?,
            helpful: totals.try_get(1)?,
            unhelpful: totals.try_get(2)?,
            topics: pairs(
                "SELECT topic, COUNT(*) FROM query_log WHERE at_ms >= $1 AND topic IS NOT NULL GROUP BY topic ORDER BY 2 DESC, 1 LIMIT 5"
                    .to_owned(),
            )
            .await?,
            entries: pairs(
                "SELECT entry, COUNT(*) FROM query_log WHERE at_ms >= $1 AND kind = 'answer' AND entry IS NOT NULL GROUP BY entry ORDER BY 2 DESC, 1 LIMIT 5"
                    .to_owned(),
            )
            .await?,
        })
    }

    /// Turns that were not answered or were found unhelpful, newest first.
    pub async fn unhappy(&self, offset: i64, limit: i64) -> Result<Vec<LogRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM query_log WHERE kind IN ('abstain', 'choices') OR helpful = 0 ORDER BY at_ms DESC, turn DESC LIMIT $1 OFFSET $2",
        )
        .bind(limit)
        .bind(offset)
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(super::log::log_row).collect()
    }

    /// One turn of the log.
    pub async fn logged(&self, turn: &str) -> Result<Option<LogRow>, StoreError> {
        let row = sqlx::query("SELECT * FROM query_log WHERE turn = $1")
            .bind(turn)
            .fetch_optional(&self.read)
            .await?;
        row.as_ref().map(super::log::log_row).transpose()
    }

    /// Entries taken out of service, with the reason.
    pub async fn withdrawals(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query("SELECT entry, reason FROM withdrawals ORDER BY entry")
            .fetch_all(&self.write)
            .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// How many questions a person has put to the staff since a moment.
    pub async fn forwards_since(&self, person: &str, since_ms: i64) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT COUNT(*) FROM forwards WHERE person = $1 AND at_ms >= $2")
            .bind(person)
            .bind(since_ms)
            .fetch_one(&self.write)
            .await?)
    }

    /// A forward that could not reach the staff: the citizen may try again.
    pub async fn forget_forward(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM forwards WHERE id = $1 AND staff_message_id IS NULL")
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Whether the button with this id has put its question to the staff before.
    pub async fn is_forwarded(&self, id: &str) -> Result<bool, StoreError> {
        let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM forwards WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.write)
            .await?;
        Ok(found.is_some())
    }

    /// The forward whose message in the staff chat has this id. Ids are counted per chat.
    pub async fn forward_of_message(
        &self,
        staff_chat: i64,
        message_id: i64,
    ) -> Result<Option<Forward>, StoreError> {
        let row = sqlx::query("SELECT * FROM forwards WHERE staff_message_id = $1 AND staff_chat = $2")
            .bind(message_id)
            .bind(staff_chat.to_string())
            .fetch_optional(&self.write)
            .await?;
        row.map(|row| {
            Ok(Forward {
                id: row.try_get("id")?,
                person: row.try_get("person")?,
                session: SessionKey { channel: row.try_get("channel")?, id: row.try_get("session")? },
                question: row.try_get("question")?,
                address: row.try_get("address")?,
                answered: row.try_get::<Option<i64>, _>("answered_ms")?.is_some(),
            })
        })
        .transpose()
    }

    /// The trail of what staff and admins did, newest first: (time, person, act, object, detail).
    pub async fn audit(&self, limit: i64) -> Result<Vec<(i64, String, String, String, String)>, StoreError> {
        let rows =
            sqlx::query("SELECT at_ms, person, act, object, detail FROM audit ORDER BY id DESC LIMIT $1")
                .bind(limit)
                .fetch_all(&self.read)
                .await?;
        rows.iter()
            .map(|row| {
                Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?))
            })
            .collect()
    }

    pub(super) async fn sweep_forwards(&self, now_ms: i64, retention_ms: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM forwards WHERE at_ms < $1")
            .bind(now_ms - KEEP_FORWARDS_MS.min(retention_ms))
            .execute(&self.write)
            .await?;
        Ok(())
    }
}

/// Effects of the desk, in the transaction of their turn.
pub(super) async fn desk_effects(
    work: &mut Transaction<'_, Sqlite>,
    turns: &[Turn],
) -> Result<(), StoreError> {
    for turn in turns {
        for effect in &turn.effects {
            match effect {
                Effect::Audit { act, object, detail } => {
                    sqlx::query(
                        "INSERT INTO audit (at_ms, person, act, object, detail) VALUES ($1, $2, $3, $4, $5)",
                    )
                    .bind(turn.now_ms)
                    .bind(&turn.person)
                    .bind(act)
                    .bind(object)
                    .bind(detail)
                    .execute(&mut **work)
                    .await?;
                }
                Effect::Withdraw { entry, reason } => {
                    sqlx::query("INSERT INTO withdrawals (entry, reason, at_ms) VALUES ($1, $2, $3) ON CONFLICT (entry) DO UPDATE SET reason = excluded.reason, at_ms = excluded.at_ms")
                        .bind(entry)
                        .bind(reason)
                        .bind(turn.now_ms)
                        .execute(&mut **work)
                        .await?;
                }
                Effect::Restore { entry } => {
                    sqlx::query("DELETE FROM withdrawals WHERE entry = $1")
                        .bind(entry)
                        .execute(&mut **work)
                        .await?;
                }
                Effect::Answered { forward } => {
                    sqlx::query("UPDATE forwards SET answered_ms = $2 WHERE id = $1")
                        .bind(forward)
                        .bind(turn.now_ms)
                        .execute(&mut **work)
                        .await?;
                }
                Effect::Log(_) | Effect::Feedback { .. } | Effect::Reason { .. } | Effect::Erase => {}
            }
        }
        if let Some(forward) = &turn.forward {
            sqlx::query("INSERT INTO forwards (id, person, channel, session, question, address, at_ms, staff_chat) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING")
                .bind(&forward.id)
                .bind(&turn.person)
                .bind(&turn.session.channel)
                .bind(&turn.session.id)
                .bind(&forward.question)
                .bind(&forward.address)
                .bind(turn.now_ms)
                .bind(forward.staff_chat.to_string())
                .execute(&mut **work)
                .await?;
            sqlx::query("INSERT INTO contacts (person, channel, address, consent_ms, expires_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (person, channel) DO UPDATE SET address = excluded.address, consent_ms = excluded.consent_ms, expires_ms = excluded.expires_ms")
                .bind(&turn.person)
                .bind(&turn.session.channel)
                .bind(&forward.address)
                .bind(turn.now_ms)
                .bind(turn.now_ms + KEEP_FORWARDS_MS)
                .execute(&mut **work)
                .await?;
        }
        for elsewhere in &turn.elsewhere {
            insert_elsewhere(work, turn, elsewhere).await?;
        }
    }
    Ok(())
}

/// A message of this turn to another chat than its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    pub session: SessionKey,
    /// The turn it is filed under; a forward's id for a forwarded question.
    pub turn: String,
    pub outgoing: Outgoing,
}

async fn insert_elsewhere(
    work: &mut SqliteConnection,
    turn: &Turn,
    elsewhere: &Elsewhere,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO outbox (channel, session, turn, payload, created_ms) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&elsewhere.session.channel)
    .bind(&elsewhere.session.id)
    .bind(&elsewhere.turn)
    .bind(serde_json::to_string(&elsewhere.outgoing)?)
    .bind(turn.now_ms)
    .execute(work)
    .await?;
    Ok(())
}
