//! `eval`: labelled questions to a score table, and the floor that must hold.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use clap::Args;

use super::{Exit, NowArgs, shared};
use crate::eval::{Floor, SavedLine, compare, evaluate, passages};
use crate::search::Weights;

#[derive(Debug, Args)]
pub struct EvalArgs {
    #[command(flatten)]
    now: NowArgs,
    /// Batas terendah yang harus dicapai (TOML)
    #[arg(long, value_name = "FILE")]
    floor: Option<PathBuf>,
    /// Ukur pencarian paragraf: FILE berisi paragraf {"id","text"}, berkas lain berisi pertanyaan {"id","text","doc"}
    #[arg(long, value_name = "FILE", conflicts_with_all = ["floor", "save", "compare"])]
    passages: Vec<PathBuf>,
    /// Coba bobot lain untuk sekali ini, seperti yang ditulis `fit`
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Simpan hasil tiap pertanyaan (JSON lines) untuk dibandingkan nanti
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Bandingkan dengan hasil yang disimpan
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// Berapa kesalahan yang ditampilkan
    #[arg(long, value_name = "N", default_value_t = 25)]
    mistakes: usize,
    /// Pertanyaan berlabel, JSON lines
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub fn run(args: &EvalArgs) -> anyhow::Result<Exit> {
    let config = shared::config()?;
    let now = shared::now(&config, args.now.now.as_deref())?;
    if let Some(file) = &args.weights {
        let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let weights =
            Weights::read(&text).ok_or_else(|| anyhow!("{} is not a whole weights file", file.display()))?;
        Weights::try_out(weights);
    }
    if !args.passages.is_empty() {
        let passages = shared::json_lines(&args.passages, "passage")?;
        let questions = shared::json_lines(&args.files, "passage question")?;
        print!("{}", passages::report(&passages, &questions, now.date()));
        return Ok(Exit::Fine);
    }
    let questions = shared::questions(&args.files)?;
    let library = shared::library(&config, &now)?;
    let evaluation =
        evaluate(&library, &shared::office(&config), &questions, &now).map_err(|error| anyhow!(error))?;
    print!("{}", evaluation.report(args.mistakes));
    if let Some(file) = &args.compare {
        let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let earlier: Vec<SavedLine> = text
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()
            .with_context(|| format!("{} is not a saved run", file.display()))?;
        print!("{}", compare(&evaluation, &earlier));
    }
    if let Some(file) = &args.save {
        let lines: Vec<String> =
            evaluation.saved().iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        fs::write(file, lines.join("\n") + "\n")
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    let Some(floor) = &args.floor else { return Ok(Exit::Fine) };
    let text = fs::read_to_string(floor).with_context(|| format!("{} cannot be read", floor.display()))?;
    let floor: Floor =
        toml::from_str(&text).with_context(|| format!("{} is not a floor file", floor.display()))?;
    let below = evaluation.below(&floor);
    for line in &below {
        eprintln!("below the floor: {line}");
    }
    Ok(if below.is_empty() { Exit::Fine } else { Exit::Finding })
}
