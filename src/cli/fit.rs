//! `fit`: the weights of ranking from labelled questions, on standard output.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::{Exit, NowArgs, shared};
use crate::eval::evaluate;
use crate::fit;
use crate::library::Library;
use crate::search::FEATURE_NAMES;

#[derive(Debug, Args)]
pub struct FitArgs {
    #[command(flatten)]
    now: NowArgs,
    /// Tanpa fitur ini (boleh berulang): untuk mengukur apa gunanya
    #[arg(long, value_name = "FITUR", conflicts_with_all = ["thresholds", "passages"])]
    without: Vec<String>,
    /// Setel ambang jawab dan ambang pilihan saja, dengan bobot yang terpasang
    #[arg(long)]
    thresholds: bool,
    /// Setel bobot urutan paragraf polos saja: FILE berisi paragraf, berkas lain berisi pertanyaannya
    #[arg(long, value_name = "FILE", conflicts_with = "thresholds")]
    passages: Vec<PathBuf>,
    /// Pertanyaan berlabel untuk menyetel bobot, JSON lines
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub fn run(args: &FitArgs) -> anyhow::Result<Exit> {
    let config = shared::config()?;
    let now = shared::now(&config, args.now.now.as_deref())?;
    if !args.passages.is_empty() {
        let passages = shared::json_lines(&args.passages, "passage")?;
        let questions = shared::json_lines(&args.files, "passage question")?;
        let weights = fit::fit_plain(&passages, &questions, now.date());
        print!(
            "{}",
            fit::file(&weights, "Order of plain paragraphs made anew; see the README of tests/eval.")
        );
        return Ok(Exit::Fine);
    }
    let questions = shared::questions(&args.files)?;
    let names: Vec<String> = args.files.iter().map(|file| file.display().to_string()).collect();
    let parts = shared::parts(&config, &now)?;
    if args.thresholds {
        let library = Library::build(parts);
        let office = shared::office(&config);
        let evaluation = evaluate(&library, &office, &questions, &now).map_err(|error| anyhow!(error))?;
        let made_by = format!(
            "Thresholds chosen on {}, {} questions, {}, by the costs in fit.rs.",
            names.join(" "),
            questions.len(),
            now.date()
        );
        print!("{}", fit::file(&fit::thresholds(&evaluation), &made_by));
        return Ok(Exit::Fine);
    }
    if let Some(unknown) = args.without.iter().find(|name| !FEATURE_NAMES.contains(&name.as_str())) {
        return Err(anyhow!("{unknown} is not a feature; there are {}", FEATURE_NAMES.join(", ")));
    }
    let fitted = fit::fit(&parts, &questions, &now, &args.without).map_err(|error| anyhow!(error))?;
    let made_by = format!(
        "Made by `tanya-pemilu fit {}` on {}, then `fit --thresholds` of the same.\n{} labelled questions and {} phrasings left out; right candidate first: {:.1} % before, {:.1} % after.",
        names.join(" "),
        now.date(),
        fitted.labelled,
        fitted.phrasings,
        100.0 * fitted.first_before,
        100.0 * fitted.first_after
    );
    print!("{}", fit::file(&fitted.weights, &made_by));
    Ok(Exit::Fine)
}
