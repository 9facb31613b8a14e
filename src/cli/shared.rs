//! What several commands need: configuration, the library, the clock, lines of standard input.

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use jiff::{Timestamp, ZonedDateTime};
use serde::Deserialize;

use crate::answer::messages::Office;
use crate::config::Config;
use crate::eval;
use crate::library::{Library, Parts};
use crate::publish::Folders;

/// Reads the configuration; every bad key is named in the error.
pub fn config() -> anyhow::Result<Config> {
    Config::from_env(|key| std::env::var(key).ok()).map_err(|errors| anyhow!("{errors}"))
}

/// The office as texts name it.
pub fn office(config: &Config) -> Office {
    Office {
        name: config.office_name.clone(),
        region: config.office_region.clone(),
        retention_days: config.log_retention_days,
    }
}

/// `--now`, or the system clock, in the office's time zone.
pub fn now(config: &Config, given: Option<&str>) -> anyhow::Result<ZonedDateTime> {
    let instant = match given {
        Some(text) => text
            .parse::<Timestamp>()
            .map_err(|_| anyhow!("--now \"{text}\" is not a time. Write RFC 3339 with offset, such as 2026-11-23T09:00:00+08:00."))?,
        None => Timestamp::now(),
    };
    Ok(instant.to_zoned_datetime(config.office_timezone.clone()))
}

/// The library of the configured folders. Missing folders are an error here, since nothing could be answered.
pub fn library(config: &Config, now: &ZonedDateTime) -> anyhow::Result<Library> {
    Ok(Library::build(parts(config, now)?))
}

/// What the library is built from.
pub fn parts(config: &Config, now: &ZonedDateTime) -> anyhow::Result<Parts> {
    for folder in &config.knowledge_dirs {
        if !folder.is_dir() {
            return Err(anyhow!(
                "knowledge folder {} does not exist. Set KNOWLEDGE_DIR to the folder that holds the knowledge files.",
                folder.display()
            ));
        }
    }
    let mut folders = Folders::new(config.knowledge_dirs.clone());
    folders.refresh();
    Ok(folders.parts(now.date()))
}

/// Labelled questions of several files, in order.
pub fn questions(files: &[PathBuf]) -> anyhow::Result<Vec<eval::Question>> {
    json_lines(files, "labelled question")
}

/// The JSON lines of several files, in order; an error names file and line, and what it should have been.
pub fn json_lines<T: serde::de::DeserializeOwned>(files: &[PathBuf], what: &str) -> anyhow::Result<Vec<T>> {
    let mut values = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let value = serde_json::from_str(line)
                .map_err(|error| anyhow!("{}:{}: not a {what}: {error}", file.display(), number + 1))?;
            values.push(value);
        }
    }
    Ok(values)
}

/// A line of `--batch` input. Unknown keys are ignored.
#[derive(Debug, Deserialize)]
pub struct BatchLine {
    #[serde(default)]
    pub id: serde_json::Value,
    pub text: String,
    #[serde(default)]
    pub context: Option<eval::Context>,
}

/// Runs `answer` for each JSON line of standard input, in order. A bad line gives `{"id","error"}`; true if none failed.
pub fn batch(mut answer: impl FnMut(BatchLine) -> serde_json::Value) -> anyhow::Result<bool> {
    let mut fine = true;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().split(b'\n') {
        let bytes = line.context("standard input cannot be read")?;
        let line = String::from_utf8_lossy(&bytes);
        if line.trim().is_empty() {
            continue;
        }
        let value = match serde_json::from_str::<BatchLine>(&line) {
            Ok(parsed) => answer(parsed),
            Err(error) => {
                fine = false;
                let id = serde_json::from_str::<serde_json::Value>(&line)
                    .ok()
                    .and_then(|value| value.get("id").cloned());
                serde_json::json!({ "id": id, "error": format!("not a line of the form {{\"id\",\"text\"}}: {error}") })
            }
        };
        writeln!(out, "{value}")?;
    }
    out.flush()?;
    Ok(fine)
}
