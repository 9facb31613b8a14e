//! Alive, ready, and a few figures for Prometheus.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::Web;
use crate::figures::Figures;

/// The process runs.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The index is built and the store answers.
pub async fn ready(State(web): State<Web>) -> Response {
    if web.app.live.get().index.is_empty() {
        return (StatusCode::SERVICE_UNAVAILABLE, "no knowledge to answer from\n").into_response();
    }
    match web.app.store.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready: the store does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
        }
    }
}

/// Queues and knowledge in Prometheus' text format.
pub async fn metrics(State(web): State<Web>) -> Response {
    let depths = match web.app.store.depths().await {
        Ok(depths) => depths,
        Err(error) => {
            tracing::warn!(%error, "metrics without queue lengths: the store does not answer");
            return (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response();
        }
    };
    let library = web.app.live.get();
    let figures = [
        ("tanya_pemilu_uptime_seconds", "Seconds since start.", web.started.elapsed().as_secs() as i64),
        ("tanya_pemilu_entries", "Entries that can be answered.", library.entries().count() as i64),
        (
            "tanya_pemilu_knowledge_problems",
            "Problems in the knowledge files.",
            library.problems.len() as i64,
        ),
        ("tanya_pemilu_inbox_pending", "Messages waiting to be handled.", depths.inbox_pending),
        ("tanya_pemilu_outbox_pending", "Replies waiting to be sent.", depths.outbox_pending),
        (
            "tanya_pemilu_inbox_oldest_seconds",
            "Age of the oldest waiting message.",
            age(depths.inbox_oldest_ms),
        ),
        (
            "tanya_pemilu_outbox_oldest_seconds",
            "Age of the oldest waiting reply.",
            age(depths.outbox_oldest_ms),
        ),
        (
            "tanya_pemilu_telegram_silence_seconds",
            "Seconds since Telegram last answered or posted; -1: never.",
            web.app.figures.last_contact_ms().map_or(-1, age),
        ),
        (
            "tanya_pemilu_published_timestamp_seconds",
            "When the live knowledge was published.",
            web.app.figures.publication().0 / 1_000,
        ),
    ];
    let mut text = String::new();
    for (name, help, value) in figures {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"));
    }
    text.push_str(&counters(&web.app.figures));
    for (name, help, value) in process() {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"));
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// Seconds since a moment in milliseconds; 0 for none.
fn age(at_ms: i64) -> i64 {
    if at_ms == 0 { 0 } else { (Timestamp::now().as_millisecond() - at_ms).max(0) / 1_000 }
}

/// Questions by outcome, sends by result, the latency histogram.
fn counters(figures: &Figures) -> String {
    let mut text = String::from(
        "# HELP tanya_pemilu_turns_total Handled messages by outcome.\n# TYPE tanya_pemilu_turns_total counter\n",
    );
    for (kind, count) in figures.outcomes() {
        text.push_str(&format!("tanya_pemilu_turns_total{{outcome=\"{}\"}} {count}\n", kind.name()));
    }
    text.push_str(
        "# HELP tanya_pemilu_sends_total Calls that send a reply, by result.\n# TYPE tanya_pemilu_sends_total counter\n",
    );
    for (how, count) in figures.sends() {
        text.push_str(&format!("tanya_pemilu_sends_total{{result=\"{}\"}} {count}\n", how.name()));
    }
    let name = "tanya_pemilu_answer_seconds";
    let histogram = figures.latency();
    text.push_str(&format!(
        "# HELP {name} Time from message to reply in process.\n# TYPE {name} histogram\n"
    ));
    let seconds = |us: u64| us as f64 / 1e6;
    for (bound, count) in &histogram.at_most_us {
        text.push_str(&format!("{name}_bucket{{le=\"{}\"}} {count}\n", seconds(*bound)));
    }
    text.push_str(&format!(
        "{name}_bucket{{le=\"+Inf\"}} {0}\n{name}_sum {1}\n{name}_count {0}\n",
        histogram.count,
        seconds(histogram.sum_us)
    ));
    text
}

/// Memory and open files, where the system tells.
fn process() -> Vec<(&'static str, &'static str, u64)> {
    let mut figures = Vec::new();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<u64>().ok());
    if let Some(kilobytes) = resident {
        figures.push(("process_resident_memory_bytes", "Resident memory.", kilobytes * 1_024));
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        figures.push(("process_open_fds", "Open files and sockets.", files.count() as u64));
    }
    figures
}
