//! Copies of the database while it is in use, and putting one back.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::open::file_of;
use super::{Store, StoreError};

/// Why a copy could not be made or put back. For the operator.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0} is there already; choose another name")]
    Exists(PathBuf),
    #[error("{0} is not a sound backup of this program: {1}")]
    Unsound(PathBuf, String),
    #[error("the database is in use; stop the running tanya-pemilu first")]
    InUse,
    #[error("this DATABASE_URL has no file to back up or restore")]
    NoFile,
    #[error("{0} cannot be used: {1}. Check the folder, its owner and the room on the disk")]
    File(PathBuf, std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Held by whoever serves a database; given back when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub struct ServeLock(#[allow(dead_code)] Option<File>);

/// Takes the lock of a database; [`BackupError::InUse`] when another process has it.
pub fn lock(url: &str) -> Result<ServeLock, BackupError> {
    let Some(database) = file_of(url) else { return Ok(ServeLock(None)) };
    if let Some(folder) = database.parent().filter(|folder| *folder != Path::new("")) {
        fs::create_dir_all(folder).map_err(|error| BackupError::File(folder.to_owned(), error))?;
    }
    let path = beside(&database, ".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| BackupError::File(path.clone(), error))?;
    match file.try_lock() {
        Ok(()) => Ok(ServeLock(Some(file))),
        Err(TryLockError::WouldBlock) => Err(BackupError::InUse),
        Err(TryLockError::Error(error)) => Err(BackupError::File(path, error)),
    }
}

/// Whether the database of a URL is there already.
pub fn exists(url: &str) -> bool {
    file_of(url).is_some_and(|file| file.exists())
}

fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl Store {
    /// Closes what waits in a copy: the process that was running has dealt with it since the copy was made.
    async fn settle_waiting(&self) -> Result<(), StoreError> {
        for sql in [
            "UPDATE inbox SET state = 2, body = '' WHERE state = 0",
            "UPDATE outbox SET state = 2, payload = '', error = 'restored' WHERE state = 0",
        ] {
            sqlx::query(sql).execute(&self.write).await?;
        }
        Ok(())
    }

    /// Writes a consistent copy to `file` while the database is in use, and verifies it. Gives its size in bytes.
    pub async fn backup(&self, file: &Path) -> Result<u64, BackupError> {
        if file.exists() {
            return Err(BackupError::Exists(file.to_owned()));
        }
        private(file)?;
        let name = file.to_string_lossy().into_owned();
        let done = sqlx::query("VACUUM INTO $1").bind(name).execute(&self.read).await;
        if let Err(error) = done {
            // Half a copy must not be taken for one.
            let _ = fs::remove_file(file);
            return Err(StoreError::from(error).into());
        }
        if let Err(error) = verify(file).await {
            let _ = fs::remove_file(file);
            return Err(error);
        }
        fs::metadata(file).map(|meta| meta.len()).map_err(|error| BackupError::File(file.to_owned(), error))
    }
}

/// Puts a backup in the place of the database of `url`; what stood there is kept beside it. Gives where, if there was any.
pub async fn restore(file: &Path, url: &str, now_ms: i64) -> Result<Option<PathBuf>, BackupError> {
    let database = file_of(url).ok_or(BackupError::NoFile)?;
    let _lock = lock(url)?;
    verify(file).await?;
    // Copied beside first: a disk that is full must not cost the database that is there.
    let fresh = beside(&database, ".pulih");
    fs::copy(file, &fresh).map_err(|error| BackupError::File(fresh.clone(), error))?;
    verify(&fresh).await?;
    // Brought up to date before anything is moved: a backup of a newer release must not take the place of what works.
    let store = Store::open(&format!("sqlite://{}", fresh.display())).await?;
    let settled = store.settle_waiting().await;
    store.close().await;
    settled?;
    let old = beside(&database, &format!(".lama-{now_ms}"));
    let mut kept = None;
    // The write-ahead log goes even where the database itself is gone: it must never meet another database.
    for ending in ["", "-wal", "-shm"] {
        let (from, to) = (beside(&database, ending), beside(&old, ending));
        if from.exists() {
            fs::rename(&from, &to).map_err(|error| BackupError::File(from, error))?;
            kept.get_or_insert_with(|| old.clone());
        }
    }
    fs::rename(&fresh, &database).map_err(|error| BackupError::File(database.clone(), error))?;
    for path in [&database, &beside(&database, ".lock")] {
        same_owner(path, database.parent().unwrap_or(Path::new(".")));
    }
    Ok(kept)
}

/// An empty file that only its owner may read: a copy holds keys and what citizens wrote.
fn private(file: &Path) -> Result<(), BackupError> {
    let mut options = File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop).map_err(|error| BackupError::File(file.to_owned(), error))
}

/// Gives a file to the owner of its folder, so that a service user can open what root restored.
fn same_owner(file: &Path, folder: &Path) {
    #[cfg(unix)]
    if let Ok(meta) = fs::metadata(folder) {
        use std::os::unix::fs::MetadataExt;
        // Without the right to do so the file stays with who made it, which is then the folder's owner.
        let _ = std::os::unix::fs::chown(file, Some(meta.uid()), Some(meta.gid()));
    }
}

/// SQLite's own check of every page, and that it is one of our databases.
async fn verify(file: &Path) -> Result<(), BackupError> {
    let unsound = |why: String| BackupError::Unsound(file.to_owned(), why);
    if !file.is_file() {
        return Err(unsound("there is no such file".to_owned()));
    }
    let options = SqliteConnectOptions::from_str("sqlite:").map_err(StoreError::from)?;
    let options = options.filename(file).read_only(true).immutable(true);
    let mut open = options.connect().await.map_err(|error| unsound(error.to_string()))?;
    let found: Result<String, sqlx::Error> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut open).await;
    let ours: Result<i64, sqlx::Error> =
        sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations").fetch_one(&mut open).await;
    let _ = open.close().await;
    match (found, ours) {
        (Ok(found), Ok(_)) if found == "ok" => Ok(()),
        (Ok(found), Ok(_)) => Err(unsound(found)),
        (Err(error), _) | (_, Err(error)) => Err(unsound(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_backup_comes_back_and_nothing_unsound_does() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("a.db").display());
        let store = Store::open(&url).await.unwrap();
        store.set_setting("uji", "satu").await.unwrap();
        let copy = folder.path().join("salinan.db");
        assert!(store.backup(&copy).await.unwrap() > 0);
        assert!(matches!(store.backup(&copy).await, Err(BackupError::Exists(_))));
        store.set_setting("uji", "dua").await.unwrap();
        store.close().await;

        let serving = lock(&url).unwrap();
        assert!(matches!(restore(&copy, &url, 1).await, Err(BackupError::InUse)));
        drop(serving);
        let broken = folder.path().join("rusak.db");
        fs::write(&broken, b"bukan basis data").unwrap();
        assert!(matches!(restore(&broken, &url, 1).await, Err(BackupError::Unsound(..))));
        let store = Store::open(&url).await.unwrap();
        assert_eq!(store.setting("uji").await.unwrap().as_deref(), Some("dua"));
        store.close().await;

        let kept = restore(&copy, &url, 1).await.unwrap().unwrap();
        assert!(kept.exists());
        let store = Store::open(&url).await.unwrap();
        assert_eq!(store.setting("uji").await.unwrap().as_deref(), Some("satu"));
        store.close().await;
    }
}
