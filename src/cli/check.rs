//! `check`: every problem of the knowledge folders at once.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::{Exit, NowArgs, shared};
use crate::knowledge::Severity;
use crate::publish::Folders;

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    now: NowArgs,
    /// Folder yang diperiksa (bawaan: KNOWLEDGE_DIR)
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,
}

pub fn run(args: &CheckArgs) -> anyhow::Result<Exit> {
    let config = shared::config()?;
    let now = shared::now(&config, args.now.now.as_deref())?;
    let folders = if args.folders.is_empty() { config.knowledge_dirs } else { args.folders.clone() };
    if let Some(missing) = folders.iter().find(|folder| !folder.is_dir()) {
        return Err(anyhow!(
            "{} is not a folder. Name the folder that holds the knowledge files.",
            missing.display()
        ));
    }
    let mut read = Folders::new(folders);
    read.refresh();
    let parts = read.parts(now.date());
    for problem in &parts.problems {
        println!("{problem}");
    }
    let errors = parts.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let entries: usize = parts.documents.iter().map(|document| document.entries.len()).sum();
    eprintln!(
        "{} berkas, {entries} jawaban, {} lini masa: {errors} kesalahan, {} peringatan",
        read.file_count(),
        parts.timelines.len(),
        parts.problems.len() - errors
    );
    Ok(if errors > 0 { Exit::Finding } else { Exit::Fine })
}
