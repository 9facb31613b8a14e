//! Opening the database, its settings and keys.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqlitePool};

use crate::privacy::Keys;

/// What can go wrong with the store. Texts are for the operator and hold no personal data.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database does not work: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("the folder of the database cannot be made: {0}. Check DATA_DIR and its permissions")]
    Folder(std::io::Error),
    #[error("stored data cannot be read: {0}")]
    Data(#[from] serde_json::Error),
    #[error("the stored keys cannot be read: {0}")]
    Keys(String),
}

impl StoreError {
    /// What is wrong with the database file and the way out, for the operator at a start.
    pub fn advice(&self) -> Option<&'static str> {
        let (StoreError::Database(error)
        | StoreError::Migration(sqlx::migrate::MigrateError::Execute(error))) = self
        else {
            return None;
        };
        let code = error.as_database_error()?.code()?.parse::<u32>().ok()?;
        // The low byte is SQLite's primary result code.
        Some(match code & 0xff {
            11 | 26 => {
                "the database file is damaged. Stop here, keep a copy of it, and put the last backup back with \
                 `tanya-pemilu restore FILE`; without a backup move the file away and start anew"
            }
            8 | 14 => {
                "the database file cannot be written. Check DATA_DIR, its owner and whether the disk is read-only"
            }
            13 => "the disk is full. Make room; nothing needs to be repaired",
            5 | 6 => "another program holds the database. Stop it, then start again",
            10 => "the disk gives errors. Check it before you start again",
            _ => return None,
        })
    }
}

/// The database. One connection writes, others read; SQLite's write-ahead log lets them work side by side.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) write: SqlitePool,
    pub(super) read: SqlitePool,
}

impl Store {
    /// Opens the database of a `sqlite://` URL, makes it if it is missing, and brings it up to date.
    ///
    /// `synchronous=NORMAL` survives a kill of the process; a loss of power can cost the last moments. A URL that ends
    /// in `?synchronous=full` waits for the disk at every commit and closes that gap.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let (url, synchronous) = synchronous(url);
        let options = SqliteConnectOptions::from_str(&url)?;
        let file = options.get_filename().to_owned();
        let in_memory = url.contains(":memory:");
        if !in_memory && let Some(folder) = file.parent().filter(|folder| *folder != Path::new("")) {
            std::fs::create_dir_all(folder).map_err(StoreError::Folder)?;
        }
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            // Erased text is overwritten, not only unlinked.
            .pragma("secure_delete", "ON")
            .pragma("journal_size_limit", "33554432");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            // A commit that failed on a full disk can leave the connection inside its transaction; what came after would
            // seem stored and be undone later. Such a connection is closed, and a fresh one takes its place.
            .after_release(move |connection, _| {
                let sound = in_memory || !connection.is_in_transaction();
                Box::pin(async move { Ok(sound) })
            })
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!("src/store/migrations/sqlite").run(&write).await?;
        let read = if in_memory {
            write.clone()
        } else {
            SqlitePoolOptions::new().max_connections(3).connect_with(options.create_if_missing(false)).await?
        };
        Ok(Store { write, read })
    }

    /// An existing database as it is, to be read only: nothing is brought up to date.
    pub async fn open_to_read(url: &str) -> Result<Self, StoreError> {
        let (url, _) = synchronous(url);
        let options = SqliteConnectOptions::from_str(&url)?.busy_timeout(Duration::from_secs(10));
        let read = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        Ok(Store { write: read.clone(), read })
    }

    /// A fresh database in memory, for tests.
    pub async fn memory() -> Result<Self, StoreError> {
        Self::open("sqlite::memory:").await
    }

    /// Closes all connections; the write-ahead log is folded in.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        Ok(())
    }

    /// A stored setting.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT value FROM settings WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.write)
            .await?)
    }

    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(name)
            .bind(value)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// The keys for hashes and contacts: from the environment where given, else made on first run and kept here.
    pub async fn keys(&self, hash_key: Option<&str>) -> Result<Keys, StoreError> {
        let hash_key = match hash_key {
            Some(key) => key.to_owned(),
            None => self.setting_or_random("hash_key").await?,
        };
        let contact_key = self.setting_or_random("contact_key").await?;
        Keys::new(&hash_key, &contact_key).map_err(StoreError::Keys)
    }

    /// A stored setting; 64 random hex digits are made and kept if there is none.
    pub async fn setting_or_random(&self, name: &str) -> Result<String, StoreError> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| StoreError::Keys(error.to_string()))?;
        let fresh: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        // Two processes that start at once agree on the first one's value.
        sqlx::query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(&fresh)
            .execute(&self.write)
            .await?;
        Ok(self.setting(name).await?.unwrap_or(fresh))
    }
}

/// The file of a database URL; none for one in memory or a URL that cannot be read.
pub(super) fn file_of(url: &str) -> Option<std::path::PathBuf> {
    let (url, _) = synchronous(url);
    let options = SqliteConnectOptions::from_str(&url).ok()?;
    (!url.contains(":memory:")).then(|| options.get_filename().to_owned())
}

/// Takes our own `synchronous` parameter out of a URL; the driver knows only its own.
fn synchronous(url: &str) -> (String, SqliteSynchronous) {
    let Some((base, query)) = url.split_once('?') else { return (url.to_owned(), SqliteSynchronous::Normal) };
    let full = query.split('&').any(|part| part.eq_ignore_ascii_case("synchronous=full"));
    let rest: Vec<&str> =
        query.split('&').filter(|part| !part.to_ascii_lowercase().starts_with("synchronous=")).collect();
    let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
    (url, if full { SqliteSynchronous::Full } else { SqliteSynchronous::Normal })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_synchronous_setting_is_ours() {
        let check = |url: &str, expected: (&str, SqliteSynchronous)| {
            let (base, setting) = synchronous(url);
            assert_eq!((base.as_str(), format!("{setting:?}")), (expected.0, format!("{:?}", expected.1)));
        };
        check("sqlite://a.db", ("sqlite://a.db", SqliteSynchronous::Normal));
        check("sqlite://a.db?synchronous=full", ("sqlite://a.db", SqliteSynchronous::Full));
        check("sqlite://a.db?mode=rwc&synchronous=FULL", ("sqlite://a.db?mode=rwc", SqliteSynchronous::Full));
    }
}
