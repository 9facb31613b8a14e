//! `check`: every problem of the knowledge folders at once.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::{Exit, NowArgs, shared};
use crate::cross;
use crate::knowledge::Severity;
use crate::library::Parts;
use crate::publish::Folders;

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    now: NowArgs,
    /// Ajukan setiap cara bertanya kepada bot dan cantumkan yang mendapat jawaban lain
    #[arg(long)]
    silang: bool,
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
    if args.silang {
        cross_questions(&parts, now.date());
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

/// Lists questions that find another entry, and says how often a question finds its own: with all phrasings in the index,
/// and with the one that is asked left out.
fn cross_questions(parts: &Parts, today: jiff::civil::Date) {
    let all = cross::with_all(parts, today);
    for stray in &all.strays {
        println!(
            "{}:{}: warning: \"{}\" mendapat jawaban {}. Ubah kata-katanya, atau pindahkan ke jawaban itu.",
            stray.path,
            stray.line,
            stray.asked,
            stray.found.as_deref().unwrap_or("(tidak ada)")
        );
    }
    let without = cross::left_out(parts, today);
    eprintln!(
        "{} pertanyaan diajukan: {:.1} % mendapat jawabannya sendiri; {} cara bertanya tanpa dirinya di indeks: {:.1} %",
        all.asked,
        all.own_share() * 100.0,
        without.asked,
        without.own_share() * 100.0
    );
}
