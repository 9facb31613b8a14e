//! Reading the query log.

use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::{Store, StoreError};

/// Which rows of the log to read; what is not set does not limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// First and last moment, both included.
    pub since_ms: Option<i64>,
    pub until_ms: Option<i64>,
    /// `answer`, `choices`, `abstain`, `refuse`, `smalltalk` or `menu`.
    pub kind: Option<String>,
    pub topic: Option<String>,
    pub entry: Option<String>,
    /// Questions without an answer: abstentions, and choices.
    pub unanswered: bool,
    pub feedback: Option<bool>,
    /// The newest so many.
    pub limit: Option<i64>,
}

/// One turn as logged. The person is a keyed hash, the text is masked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogRow {
    pub turn: String,
    pub at_ms: i64,
    pub channel: String,
    pub person: String,
    pub kind: String,
    pub text: String,
    pub entry: Option<String>,
    pub version: Option<String>,
    pub topic: Option<String>,
    pub confidence: f64,
    pub historical: bool,
    /// JSON list of (id, confidence).
    pub candidates: String,
    pub latency_us: i64,
    pub library_state: String,
    pub message_id: Option<i64>,
    pub helpful: Option<bool>,
    pub reason: Option<String>,
}

impl Store {
    /// Rows of the log, oldest first.
    pub async fn query_log(&self, filter: &LogFilter) -> Result<Vec<LogRow>, StoreError> {
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("SELECT * FROM query_log WHERE 1 = 1");
        if let Some(since) = filter.since_ms {
            query.push(" AND at_ms >= ").push_bind(since);
        }
        if let Some(until) = filter.until_ms {
            query.push(" AND at_ms <= ").push_bind(until);
        }
        for (column, value) in [
            (" AND kind = ", &filter.kind),
            (" AND topic = ", &filter.topic),
            (" AND entry = ", &filter.entry),
        ] {
            if let Some(value) = value {
                query.push(column).push_bind(value);
            }
        }
        if filter.unanswered {
            query.push(" AND kind IN ('abstain', 'choices')");
        }
        if let Some(helpful) = filter.feedback {
            query.push(" AND helpful = ").push_bind(helpful);
        }
        query.push(" ORDER BY at_ms DESC, turn DESC");
        if let Some(limit) = filter.limit {
            query.push(" LIMIT ").push_bind(limit);
        }
        let mut rows = Vec::new();
        for row in query.build().fetch_all(&self.read).await? {
            rows.push(log_row(&row)?);
        }
        rows.reverse();
        Ok(rows)
    }
}

pub(super) fn log_row(row: &SqliteRow) -> Result<LogRow, StoreError> {
    Ok(LogRow {
        turn: row.try_get("turn")?,
        at_ms: row.try_get("at_ms")?,
        channel: row.try_get("channel")?,
        person: row.try_get("person")?,
        kind: row.try_get("kind")?,
        text: row.try_get("text")?,
        entry: row.try_get("entry")?,
        version: row.try_get("version")?,
        topic: row.try_get("topic")?,
        confidence: row.try_get("confidence")?,
        historical: row.try_get("historical")?,
        candidates: row.try_get("candidates")?,
        latency_us: row.try_get("latency_us")?,
        library_state: row.try_get("library_state")?,
        message_id: row.try_get("message_id")?,
        helpful: row.try_get("helpful")?,
        reason: row.try_get("reason")?,
    })
}
