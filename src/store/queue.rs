//! Inbox and outbox: durable queues with leases, in order per chat and parallel across chats.

use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::{InboxRow, OutboxRow, Outgoing, RawUpdate, SessionKey, Store, StoreError};

/// Rows waiting, and since when the oldest does (0 for none).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Depths {
    pub inbox_pending: i64,
    pub inbox_oldest_ms: i64,
    pub outbox_pending: i64,
    pub outbox_oldest_ms: i64,
}

impl Store {
    /// Stores a batch of updates in one transaction; repeats are dropped. How many were new.
    pub async fn receive(&self, updates: &[RawUpdate]) -> Result<usize, StoreError> {
        if updates.is_empty() {
            return Ok(0);
        }
        let mut insert: QueryBuilder<Sqlite> =
            QueryBuilder::new("INSERT INTO inbox (channel, update_id, chat, body, received_ms) ");
        insert.push_values(updates, |mut row, update| {
            row.push_bind(&update.channel)
                .push_bind(update.update_id)
                .push_bind(&update.chat)
                .push_bind(&update.body)
                .push_bind(update.received_ms);
        });
        insert.push(" ON CONFLICT (channel, update_id) DO NOTHING");
        let done = insert.build().execute(&self.write).await?;
        Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
    }

    /// The highest update number received on a channel.
    pub async fn last_update_id(&self, channel: &str) -> Result<Option<i64>, StoreError> {
        Ok(sqlx::query_scalar("SELECT MAX(update_id) FROM inbox WHERE channel = $1")
            .bind(channel)
            .fetch_one(&self.write)
            .await?)
    }

    /// Leases the oldest waiting row of each chat, oldest first, at most `limit`. A chat with a leased row waits.
    ///
    /// `attempts` counts owners, not claims: a row that an owner claims again after trouble with the store is not at
    /// fault; one whose owners died over it may be.
    pub async fn claim_inbox(
        &self,
        owner: &str,
        now_ms: i64,
        lease_ms: i64,
        limit: i64,
    ) -> Result<Vec<InboxRow>, StoreError> {
        let rows = sqlx::query(
            "UPDATE inbox SET lease_owner = $1, lease_until_ms = $2, attempts = attempts + (lease_owner IS NOT $1) WHERE id IN (
                SELECT i.id FROM inbox i WHERE i.state = 0 AND i.lease_until_ms <= $3
                AND (i.chat = '' OR NOT EXISTS (
                    SELECT 1 FROM inbox e WHERE e.state = 0 AND e.channel = i.channel AND e.chat = i.chat AND e.id < i.id))
                ORDER BY i.id LIMIT $4)
             RETURNING id, channel, update_id, chat, body, received_ms, attempts",
        )
        .bind(owner)
        .bind(now_ms + lease_ms)
        .bind(now_ms)
        .bind(limit)
        .fetch_all(&self.write)
        .await?;
        inbox_rows(rows)
    }

    /// Leases what a chat has waiting beyond its first `keep` rows.
    pub async fn crowd(
        &self,
        owner: &str,
        now_ms: i64,
        lease_ms: i64,
        keep: i64,
    ) -> Result<Vec<InboxRow>, StoreError> {
        let crowded = sqlx::query(
            "SELECT channel, chat FROM inbox WHERE state = 0 AND chat <> '' GROUP BY channel, chat HAVING COUNT(*) > $1",
        )
        .bind(keep)
        .fetch_all(&self.read)
        .await?;
        let mut out = Vec::new();
        for chat in crowded {
            let rows = sqlx::query(
                "UPDATE inbox SET lease_owner = $1, lease_until_ms = $2, attempts = attempts + (lease_owner IS NOT $1) WHERE id IN (
                    SELECT id FROM inbox WHERE state = 0 AND channel = $3 AND chat = $4 ORDER BY id LIMIT -1 OFFSET $5)
                 AND lease_until_ms <= $6
                 RETURNING id, channel, update_id, chat, body, received_ms, attempts",
            )
            .bind(owner)
            .bind(now_ms + lease_ms)
            .bind(chat.try_get::<String, _>(0)?)
            .bind(chat.try_get::<String, _>(1)?)
            .bind(keep)
            .bind(now_ms)
            .fetch_all(&self.write)
            .await?;
            out.extend(inbox_rows(rows)?);
        }
        Ok(out)
    }

    /// Leases the oldest waiting row of each session, fast lane first, at most `limit`. A row that must wait
    /// (`not_before`) holds back its own session only.
    pub async fn claim_outbox(
        &self,
        owner: &str,
        now_ms: i64,
        lease_ms: i64,
        limit: i64,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let rows = sqlx::query(
            "UPDATE outbox SET lease_owner = $1, lease_until_ms = $2, attempts = attempts + 1 WHERE id IN (
                SELECT o.id FROM outbox o WHERE o.state = 0 AND o.lease_until_ms <= $3 AND o.not_before_ms <= $3
                AND NOT EXISTS (
                    SELECT 1 FROM outbox e WHERE e.state = 0 AND e.channel = o.channel AND e.session = o.session AND e.id < o.id)
                ORDER BY o.lane, o.id LIMIT $4)
             RETURNING id, turn, channel, session, payload, attempts, progress",
        )
        .bind(owner)
        .bind(now_ms + lease_ms)
        .bind(now_ms)
        .bind(limit)
        .fetch_all(&self.write)
        .await?;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let id: i64 = row.try_get("id")?;
            let payload: String = row.try_get("payload")?;
            let outgoing: Outgoing = match serde_json::from_str(&payload) {
                Ok(outgoing) => outgoing,
                Err(_) => {
                    // A row of another version that cannot be read must not hold up its session for ever.
                    self.mark_failed(id, "payload cannot be read").await?;
                    continue;
                }
            };
            out.push(OutboxRow {
                id,
                turn: row.try_get("turn")?,
                session: SessionKey { channel: row.try_get("channel")?, id: row.try_get("session")? },
                outgoing,
                attempts: row.try_get("attempts")?,
                progress: row.try_get("progress")?,
            });
        }
        out.sort_by_key(|row| row.id);
        Ok(out)
    }

    /// The earliest time at which a waiting row may be sent, if any waits.
    pub async fn next_outbox_ms(&self) -> Result<Option<i64>, StoreError> {
        Ok(sqlx::query_scalar("SELECT MIN(MAX(not_before_ms, lease_until_ms)) FROM outbox WHERE state = 0")
            .fetch_one(&self.read)
            .await?)
    }

    /// Marks rows as sent and erases what they said; the sent message's id goes to the log.
    pub async fn mark_sent(&self, sent: &[(i64, Option<i64>)]) -> Result<(), StoreError> {
        if sent.is_empty() {
            return Ok(());
        }
        // Three statements for the whole batch: each one is a trip to the database's thread.
        let update = |set: &str| {
            let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("WITH sent (id, message) AS (");
            query.push_values(sent, |mut row, (id, message_id)| {
                row.push_bind(*id).push_bind(*message_id);
            });
            query.push(") ").push(set);
            query
        };
        let mut work = self.write.begin().await?;
        for set in [
            "UPDATE outbox SET state = 1, message_id = sent.message, payload = '', lease_owner = NULL, error = NULL \
             FROM sent WHERE outbox.id = sent.id",
            "UPDATE forwards SET staff_message_id = sent.message FROM sent JOIN outbox ON outbox.id = sent.id \
             WHERE forwards.id = outbox.turn AND forwards.staff_message_id IS NULL AND sent.message IS NOT NULL",
            "UPDATE query_log SET message_id = sent.message FROM sent JOIN outbox ON outbox.id = sent.id \
             WHERE query_log.turn = outbox.turn AND sent.message IS NOT NULL",
        ] {
            update(set).build().execute(&mut *work).await?;
        }
        work.commit().await?;
        Ok(())
    }

    /// Remembers that the first `parts` parts of a long reply were sent.
    pub async fn mark_progress(&self, id: i64, parts: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET progress = $2 WHERE id = $1")
            .bind(id)
            .bind(parts)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Gives a row back to be tried again at `not_before_ms`.
    pub async fn retry_at(&self, id: i64, not_before_ms: i64, error: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET not_before_ms = $2, lease_until_ms = 0, lease_owner = NULL, error = $3 WHERE id = $1")
            .bind(id)
            .bind(not_before_ms)
            .bind(error)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Gives a row up for good and says why; what it said is erased.
    pub async fn mark_failed(&self, id: i64, reason: &str) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE outbox SET state = 2, payload = '', error = $2, lease_owner = NULL WHERE id = $1",
        )
        .bind(id)
        .bind(reason)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Gives back all leases of an owner, at a clean stop.
    pub async fn release(&self, owner: &str) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE inbox SET lease_until_ms = 0, lease_owner = NULL WHERE lease_owner = $1 AND state = 0",
        )
        .bind(owner)
        .execute(&self.write)
        .await?;
        sqlx::query(
            "UPDATE outbox SET lease_until_ms = 0, lease_owner = NULL WHERE lease_owner = $1 AND state = 0",
        )
        .bind(owner)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Gives back the leases of every owner. For the start of the only process that serves this database, so that
    /// what a killed process held is answered at once.
    pub async fn release_all(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE inbox SET lease_until_ms = 0 WHERE state = 0 AND lease_until_ms > 0")
            .execute(&self.write)
            .await?;
        sqlx::query(
            "UPDATE outbox SET lease_until_ms = 0, lease_owner = NULL WHERE state = 0 AND lease_until_ms > 0",
        )
        .execute(&self.write)
        .await?;
        Ok(())
    }

    pub async fn depths(&self) -> Result<Depths, StoreError> {
        let inbox = sqlx::query("SELECT COUNT(*), COALESCE(MIN(received_ms), 0) FROM inbox WHERE state = 0")
            .fetch_one(&self.read)
            .await?;
        let outbox = sqlx::query("SELECT COUNT(*), COALESCE(MIN(created_ms), 0) FROM outbox WHERE state = 0")
            .fetch_one(&self.read)
            .await?;
        Ok(Depths {
            inbox_pending: inbox.try_get(0)?,
            inbox_oldest_ms: inbox.try_get(1)?,
            outbox_pending: outbox.try_get(0)?,
            outbox_oldest_ms: outbox.try_get(1)?,
        })
    }
}

fn inbox_rows(rows: Vec<SqliteRow>) -> Result<Vec<InboxRow>, StoreError> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(InboxRow {
            id: row.try_get("id")?,
            update: RawUpdate {
                channel: row.try_get("channel")?,
                update_id: row.try_get("update_id")?,
                chat: row.try_get("chat")?,
                body: row.try_get("body")?,
                received_ms: row.try_get("received_ms")?,
            },
            attempts: row.try_get("attempts")?,
        });
    }
    // RETURNING promises no order.
    out.sort_by_key(|row| row.id);
    Ok(out)
}
