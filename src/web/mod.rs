//! The web door: the "Coba" page, health and metrics. A table of routes; pages are templates with escaping.

mod coba;
mod health;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use tokio::sync::watch;

use crate::app::App;

/// A form on these pages is a question and an id, no more.
const MOST_BODY_BYTES: usize = 16 * 1024;

/// What the handlers share.
#[derive(Clone)]
pub struct Web {
    pub app: Arc<App>,
    pub started: Instant,
}

/// All routes.
pub fn router(app: Arc<App>) -> Router {
    let web = Web { app, started: Instant::now() };
    Router::new()
        .route("/", get(coba::page).post(coba::send))
        .route("/gaya.css", get(coba::style))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(middleware::map_response(strict_headers))
        .with_state(web)
}

/// Nothing from elsewhere, nothing inline, no framing.
async fn strict_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}

/// Serves on a bound socket until told to stop.
pub async fn serve(
    listener: tokio::net::TcpListener,
    app: Arc<App>,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    axum::serve(listener, router(app))
        .with_graceful_shutdown(async move {
            // An error means that the sender is gone, which also means to stop.
            while !*stop.borrow() && stop.changed().await.is_ok() {}
        })
        .await
}
