//! One transaction for handled messages: outbox, log, state, buttons and inbox mark together.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

use super::{Outgoing, SessionKey, Store, StoreError, Turn};
use crate::conversation::{Action, Effect, LogRecord, State};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Telegram redelivers for at most a day; numbers are kept twice as long to know a repeat.
const KEEP_INBOX_MS: i64 = 2 * DAY_MS;
/// Old buttons keep being pressed for months.
const KEEP_ACTIONS_MS: i64 = 400 * DAY_MS;
/// A chat's state is forgotten after this time without a message.
const KEEP_SESSIONS_MS: i64 = 2 * DAY_MS;
const KEEP_OUTBOX_MS: i64 = 7 * DAY_MS;

impl Store {
    /// Stores turns, all or none. Made for dozens at once: one statement per table.
    pub async fn commit(&self, turns: Vec<Turn>) -> Result<(), StoreError> {
        if turns.is_empty() {
            return Ok(());
        }
        let mut work = self.write.begin().await?;
        // Erasure first, so that the turn that asked for it can still leave its reply.
        for turn in turns.iter().filter(|turn| turn.effects.contains(&Effect::Erase)) {
            erase(&mut work, turn).await?;
        }
        insert_log(&mut work, &turns).await?;
        insert_sessions(&mut work, &turns).await?;
        insert_actions(&mut work, &turns).await?;
        insert_outbox(&mut work, &turns).await?;
        feedback(&mut work, &turns).await?;
        super::desk::desk_effects(&mut work, &turns).await?;
        mark_inbox(&mut work, &turns).await?;
        work.commit().await?;
        Ok(())
    }

    /// The states of several sessions; a session without one is left out.
    pub async fn session_states(
        &self,
        keys: &[SessionKey],
    ) -> Result<HashMap<SessionKey, State>, StoreError> {
        let mut states = HashMap::new();
        if keys.is_empty() {
            return Ok(states);
        }
        let mut query: QueryBuilder<Sqlite> =
            QueryBuilder::new("SELECT channel, id, state FROM sessions WHERE (channel, id) IN (VALUES ");
        for (place, key) in keys.iter().enumerate() {
            query.push(if place == 0 { "(" } else { ", (" });
            query.push_bind(&key.channel).push(", ").push_bind(&key.id).push(")");
        }
        query.push(")");
        for row in query.build().fetch_all(&self.read).await? {
            let key = SessionKey { channel: row.try_get("channel")?, id: row.try_get("id")? };
            let state: String = row.try_get("state")?;
            // A state of another version that cannot be read is a fresh start, not a fault.
            states.insert(key, serde_json::from_str(&state).unwrap_or_default());
        }
        Ok(states)
    }

    /// The action behind a button, if that button was made for this session.
    pub async fn action(&self, id: &str, session: &SessionKey) -> Result<Option<Action>, StoreError> {
        let Some((turn, place)) = id.len().checked_sub(2).and_then(|at| id.split_at_checked(at)) else {
            return Ok(None);
        };
        let Ok(place) = usize::from_str_radix(place, 16) else { return Ok(None) };
        let list: Option<String> =
            sqlx::query_scalar("SELECT list FROM actions WHERE turn = $1 AND channel = $2 AND session = $3")
                .bind(turn)
                .bind(&session.channel)
                .bind(&session.id)
                .fetch_optional(&self.read)
                .await?;
        let actions: Vec<Action> = list.and_then(|list| serde_json::from_str(&list).ok()).unwrap_or_default();
        Ok(actions.into_iter().nth(place))
    }

    /// Records a published state of the knowledge and the content of its entries: (version, entry, content).
    pub async fn publish(
        &self,
        state: &str,
        manifest: &str,
        entries: &[(String, String, String)],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut work = self.write.begin().await?;
        for some in entries.chunks(500) {
            let mut insert: QueryBuilder<Sqlite> =
                QueryBuilder::new("INSERT INTO entry_versions (version, entry, content, at_ms) ");
            insert.push_values(some, |mut row, (version, entry, content)| {
                row.push_bind(version).push_bind(entry).push_bind(content).push_bind(now_ms);
            });
            insert.push(" ON CONFLICT (version, entry) DO NOTHING");
            insert.build().execute(&mut *work).await?;
        }
        sqlx::query("INSERT INTO library_states (id, manifest, at_ms) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms")
            .bind(state)
            .bind(manifest)
            .bind(now_ms)
            .execute(&mut *work)
            .await?;
        work.commit().await?;
        Ok(())
    }

    /// What an entry said in a version: (entry, content as JSON).
    pub async fn entry_version(&self, version: &str) -> Result<Option<(String, String)>, StoreError> {
        let row = sqlx::query("SELECT entry, content FROM entry_versions WHERE version = $1")
            .bind(version)
            .fetch_optional(&self.read)
            .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    /// Erases what has been kept long enough.
    pub async fn sweep(&self, now_ms: i64, retention_days: u32) -> Result<(), StoreError> {
        let log_before = now_ms - i64::from(retention_days) * DAY_MS;
        let rules: [(&'static str, i64); 6] = [
            ("DELETE FROM query_log WHERE at_ms < $1", log_before),
            ("DELETE FROM inbox WHERE state = 1 AND received_ms < $1", now_ms - KEEP_INBOX_MS),
            (
                "DELETE FROM outbox WHERE state > 0 AND created_ms < $1",
                now_ms - KEEP_OUTBOX_MS.min(i64::from(retention_days) * DAY_MS),
            ),
            ("DELETE FROM actions WHERE at_ms < $1", (now_ms - KEEP_ACTIONS_MS).max(log_before)),
            ("DELETE FROM sessions WHERE at_ms < $1", now_ms - KEEP_SESSIONS_MS),
            ("DELETE FROM contacts WHERE expires_ms < $1", now_ms),
        ];
        for (sql, before) in rules {
            sqlx::query(sql).bind(before).execute(&self.write).await?;
        }
        self.sweep_forwards(now_ms, i64::from(retention_days) * DAY_MS).await
    }
}

/// All that is stored about this person and session, but for this turn itself.
async fn erase(work: &mut SqliteConnection, turn: &Turn) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM query_log WHERE person = $1",
        "DELETE FROM contacts WHERE person = $1",
        "DELETE FROM forwards WHERE person = $1",
    ] {
        sqlx::query(sql).bind(&turn.person).execute(&mut *work).await?;
    }
    for sql in [
        "DELETE FROM actions WHERE (channel, session) IN (SELECT channel, id FROM sessions WHERE person = $3) OR (channel = $1 AND session = $2)",
        "DELETE FROM outbox WHERE state > 0 AND channel = $1 AND session = $2 AND $3 = $3",
        "DELETE FROM sessions WHERE person = $3 OR (channel = $1 AND id = $2)",
    ] {
        sqlx::query(sql)
            .bind(&turn.session.channel)
            .bind(&turn.session.id)
            .bind(&turn.person)
            .execute(&mut *work)
            .await?;
    }
    Ok(())
}

async fn insert_log(work: &mut SqliteConnection, turns: &[Turn]) -> Result<(), StoreError> {
    let mut records: Vec<(&Turn, &LogRecord, String)> = Vec::new();
    for turn in turns.iter().filter(|turn| !turn.effects.contains(&Effect::Erase)) {
        for effect in &turn.effects {
            if let Effect::Log(record) = effect {
                records.push((turn, record, serde_json::to_string(&record.candidates)?));
            }
        }
    }
    if records.is_empty() {
        return Ok(());
    }
    let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new(
        "INSERT INTO query_log (turn, at_ms, channel, person, kind, text, entry, version, topic, confidence, historical, candidates, latency_us, library_state) ",
    );
    insert.push_values(records, |mut row, (turn, record, candidates)| {
        row.push_bind(&turn.turn)
            .push_bind(turn.now_ms)
            .push_bind(&turn.session.channel)
            .push_bind(&turn.person)
            .push_bind(record.kind.name())
            .push_bind(&record.text)
            .push_bind(&record.entry)
            .push_bind(&record.version)
            .push_bind(&record.topic)
            .push_bind(f64::from(record.confidence))
            .push_bind(record.historical)
            .push_bind(candidates)
            .push_bind(turn.latency_us)
            .push_bind(&turn.library_state);
    });
    insert.push(" ON CONFLICT (turn) DO NOTHING");
    insert.build().execute(work).await?;
    Ok(())
}

async fn insert_sessions(work: &mut SqliteConnection, turns: &[Turn]) -> Result<(), StoreError> {
    let mut rows: Vec<(&Turn, String)> = Vec::new();
    for turn in turns.iter().filter(|turn| !turn.effects.contains(&Effect::Erase)) {
        if let Some(state) = &turn.state {
            rows.push((turn, serde_json::to_string(state)?));
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut insert: QueryBuilder<Sqlite> =
        QueryBuilder::new("INSERT INTO sessions (channel, id, person, state, at_ms) ");
    insert.push_values(rows, |mut row, (turn, state)| {
        row.push_bind(&turn.session.channel)
            .push_bind(&turn.session.id)
            .push_bind(&turn.person)
            .push_bind(state)
            .push_bind(turn.now_ms);
    });
    insert.push(" ON CONFLICT (channel, id) DO UPDATE SET state = excluded.state, person = excluded.person, at_ms = excluded.at_ms");
    insert.build().execute(work).await?;
    Ok(())
}

async fn insert_actions(work: &mut SqliteConnection, turns: &[Turn]) -> Result<(), StoreError> {
    let mut rows: Vec<(&Turn, String)> = Vec::new();
    for turn in turns.iter().filter(|turn| !turn.actions.is_empty()) {
        rows.push((turn, serde_json::to_string(&turn.actions)?));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut insert: QueryBuilder<Sqlite> =
        QueryBuilder::new("INSERT INTO actions (turn, channel, session, list, at_ms) ");
    insert.push_values(rows, |mut row, (turn, list)| {
        row.push_bind(&turn.turn)
            .push_bind(&turn.session.channel)
            .push_bind(&turn.session.id)
            .push_bind(list)
            .push_bind(turn.now_ms);
    });
    insert.build().execute(work).await?;
    Ok(())
}

async fn insert_outbox(work: &mut SqliteConnection, turns: &[Turn]) -> Result<(), StoreError> {
    let mut rows: Vec<(&Turn, String)> = Vec::new();
    for turn in turns {
        for outgoing in &turn.outgoing {
            let outgoing: &Outgoing = outgoing;
            rows.push((turn, serde_json::to_string(outgoing)?));
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut insert: QueryBuilder<Sqlite> =
        QueryBuilder::new("INSERT INTO outbox (channel, session, turn, payload, created_ms) ");
    insert.push_values(rows, |mut row, (turn, payload)| {
        row.push_bind(&turn.session.channel)
            .push_bind(&turn.session.id)
            .push_bind(&turn.turn)
            .push_bind(payload)
            .push_bind(turn.now_ms);
    });
    insert.build().execute(work).await?;
    Ok(())
}

/// Judgements reach a turn only if the same person asked it.
async fn feedback(work: &mut SqliteConnection, turns: &[Turn]) -> Result<(), StoreError> {
    for turn in turns {
        for effect in &turn.effects {
            match effect {
                Effect::Feedback { turn: judged, helpful } => {
                    sqlx::query("UPDATE query_log SET helpful = $3 WHERE turn = $1 AND person = $2")
                        .bind(judged)
                        .bind(&turn.person)
                        .bind(helpful)
                        .execute(&mut *work)
                        .await?;
                }
                Effect::Reason { turn: judged, reason } => {
                    sqlx::query("UPDATE query_log SET reason = $3 WHERE turn = $1 AND person = $2")
                        .bind(judged)
                        .bind(&turn.person)
                        .bind(reason)
                        .execute(&mut *work)
                        .await?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// The raw message is erased in the transaction that stores its reply.
async fn mark_inbox(work: &mut SqliteConnection, turns: &[Turn]) -> Result<(), StoreError> {
    let ids: Vec<i64> = turns.iter().filter_map(|turn| turn.inbox_id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut update: QueryBuilder<Sqlite> =
        QueryBuilder::new("UPDATE inbox SET state = 1, body = '', lease_owner = NULL WHERE id IN (");
    let mut list = update.separated(", ");
    for id in ids {
        list.push_bind(id);
    }
    update.push(")");
    update.build().execute(work).await?;
    Ok(())
}
