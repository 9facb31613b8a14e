//! `fit`: the weights of ranking from labelled questions, on standard output.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::{Exit, NowArgs, shared};
use crate::fit;

#[derive(Debug, Args)]
pub struct FitArgs {
    #[command(flatten)]
    now: NowArgs,
    /// Pertanyaan berlabel untuk menyetel bobot, JSON lines
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub fn run(args: &FitArgs) -> anyhow::Result<Exit> {
    let config = shared::config()?;
    let now = shared::now(&config, args.now.now.as_deref())?;
    let questions = shared::questions(&args.files)?;
    let library = shared::library(&config, &now)?;
    let fitted = fit::fit(&library, &questions, &now).map_err(|error| anyhow!(error))?;
    let names: Vec<String> = args.files.iter().map(|file| file.display().to_string()).collect();
    print!("{}", fit::file(&fitted, &names.join(" ")));
    Ok(Exit::Fine)
}
