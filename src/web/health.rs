//! Alive, ready, and a few figures for Prometheus.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Web;

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
    ];
    let mut text = String::new();
    for (name, help, value) in figures {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"));
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
