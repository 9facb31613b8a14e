//! `backup FILE` and `restore FILE`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;

use super::{Exit, shared};
use crate::store::{self, Store};

#[derive(Debug, Args)]
pub struct FileArgs {
    /// Berkas salinan basis data
    file: PathBuf,
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the async runtime cannot start")
}

pub fn backup(args: &FileArgs) -> anyhow::Result<Exit> {
    let config = shared::config()?;
    if !store::exists(&config.database_url) {
        anyhow::bail!("there is no database yet at DATABASE_URL; nothing was backed up");
    }
    runtime()?.block_on(async {
        let store = Store::open_to_read(&config.database_url).await?;
        let bytes = store.backup(&args.file).await?;
        store.close().await;
        println!("{}: {bytes} bytes, verified", args.file.display());
        Ok(Exit::Fine)
    })
}

pub fn restore(args: &FileArgs) -> anyhow::Result<Exit> {
    let config = shared::config()?;
    let now_ms = Timestamp::now().as_millisecond();
    let kept = runtime()?.block_on(store::restore(&args.file, &config.database_url, now_ms))?;
    println!("restored from {}", args.file.display());
    if let Some(kept) = kept {
        println!("the database that was there is kept as {}", kept.display());
    }
    Ok(Exit::Fine)
}
