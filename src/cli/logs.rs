//! `logs`: what citizens asked, as a table, CSV or JSON lines.

use std::io::{self, Write};

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use super::{Exit, shared};
use crate::store::{LogFilter, LogRow, Store};

#[derive(Debug, Args)]
pub struct LogsArgs {
    /// Mulai dari hari atau waktu ini, misalnya 2026-11-23
    #[arg(long, value_name = "WAKTU")]
    since: Option<String>,
    /// Sampai hari atau waktu ini (hari disertakan)
    #[arg(long, value_name = "WAKTU")]
    until: Option<String>,
    /// Hanya yang belum terjawab
    #[arg(long)]
    unanswered: bool,
    /// Hanya jenis ini: answer, choices, abstain, refuse, smalltalk, menu
    #[arg(long, value_name = "JENIS")]
    kind: Option<String>,
    /// Hanya topik ini
    #[arg(long, value_name = "TOPIK")]
    topic: Option<String>,
    /// Hanya jawaban ini, misalnya faq/pindah-memilih#cara
    #[arg(long, value_name = "ID")]
    entry: Option<String>,
    /// Hanya yang dinilai: ya atau tidak
    #[arg(long, value_name = "NILAI")]
    feedback: Option<Helpful>,
    /// Paling banyak sekian baris, yang terbaru
    #[arg(short = 'n', long, value_name = "N")]
    limit: Option<i64>,
    /// Tulis sebagai CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Tulis sebagai JSON lines
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Helpful {
    #[value(name = "ya")]
    Yes,
    #[value(name = "tidak")]
    No,
}

pub fn run(args: &LogsArgs) -> anyhow::Result<Exit> {
    let config = shared::config()?;
    let zone = config.office_timezone.clone();
    let filter = LogFilter {
        since_ms: args.since.as_deref().map(|text| start_of(text, &zone)).transpose()?,
        until_ms: args.until.as_deref().map(|text| end_of(text, &zone)).transpose()?,
        kind: args.kind.clone(),
        topic: args.topic.clone(),
        entry: args.entry.clone(),
        unanswered: args.unanswered,
        feedback: args.feedback.map(|helpful| matches!(helpful, Helpful::Yes)),
        limit: args.limit,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let rows = runtime.block_on(async {
        let store = Store::open(&config.database_url).await.context("the database cannot be opened")?;
        let rows = store.query_log(&filter).await.context("the query log cannot be read");
        store.close().await;
        rows
    })?;
    let written = if args.csv {
        csv(&rows, &zone)
    } else if args.json {
        json_lines(&rows, &zone)
    } else {
        table(&rows, &zone)
    };
    match written {
        // `logs | head` closes the pipe early; that is no fault.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Fine),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(Exit::Fine),
    }
}

fn start_of(text: &str, zone: &TimeZone) -> anyhow::Result<i64> {
    moment(text, zone).map(|(ms, _)| ms)
}

fn end_of(text: &str, zone: &TimeZone) -> anyhow::Result<i64> {
    moment(text, zone).map(|(ms, length)| ms + length)
}

/// A moment in ms, and the length of what was named: a day, or nothing.
fn moment(text: &str, zone: &TimeZone) -> anyhow::Result<(i64, i64)> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok((instant.as_millisecond(), 0));
    }
    let date: civil::Date = text
        .parse()
        .map_err(|_| anyhow!("\"{text}\" bukan tanggal. Tulis tahun-bulan-hari, misalnya 2026-11-23."))?;
    let start = date
        .to_zoned_datetime(zone.clone())
        .map_err(|_| anyhow!("\"{text}\" tidak ada di zona waktu kantor."))?;
    Ok((start.timestamp().as_millisecond(), 24 * 60 * 60 * 1000 - 1))
}

fn time(ms: i64, zone: &TimeZone) -> String {
    Timestamp::from_millisecond(ms)
        .map(|instant| instant.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string())
        .unwrap_or_default()
}

fn helpful(row: &LogRow) -> &'static str {
    match row.helpful {
        Some(true) => "ya",
        Some(false) => "tidak",
        None => "",
    }
}

fn table(rows: &[LogRow], zone: &TimeZone) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    writeln!(
        out,
        "{:<19}  {:<9}  {:>5}  {:<8}  {:<36}  pertanyaan",
        "waktu", "jenis", "yakin", "membantu", "jawaban"
    )?;
    for row in rows {
        writeln!(
            out,
            "{:<19}  {:<9}  {:>5.2}  {:<8}  {:<36}  {}",
            time(row.at_ms, zone),
            row.kind,
            row.confidence,
            helpful(row),
            row.entry.as_deref().unwrap_or("-"),
            row.text
        )?;
    }
    out.flush()?;
    eprintln!("{} baris", rows.len());
    Ok(())
}

const COLUMNS: [&str; 14] = [
    "time",
    "channel",
    "person",
    "kind",
    "text",
    "entry",
    "version",
    "topic",
    "confidence",
    "historical",
    "helpful",
    "reason",
    "latency_us",
    "turn",
];

fn csv(rows: &[LogRow], zone: &TimeZone) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(io::stdout().lock());
    out.write_record(COLUMNS)?;
    for row in rows {
        let cells = [
            time(row.at_ms, zone),
            row.channel.clone(),
            row.person.clone(),
            row.kind.clone(),
            harmless(&row.text),
            row.entry.clone().unwrap_or_default(),
            row.version.clone().unwrap_or_default(),
            row.topic.clone().unwrap_or_default(),
            row.confidence.to_string(),
            row.historical.to_string(),
            helpful(row).to_owned(),
            harmless(row.reason.as_deref().unwrap_or_default()),
            row.latency_us.to_string(),
            row.turn.clone(),
        ];
        out.write_record(cells)?;
    }
    out.flush()
}

/// A cell that a spreadsheet would run as a formula gets a quote in front.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn json_lines(rows: &[LogRow], zone: &TimeZone) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for row in rows {
        let mut value = serde_json::to_value(row)?;
        if let Some(object) = value.as_object_mut() {
            object.insert("time".to_owned(), time(row.at_ms, zone).into());
        }
        writeln!(out, "{value}")?;
    }
    out.flush()
}
