//! The web door: the "Coba" page, status, health and metrics. A table of routes; pages are templates with escaping.

mod coba;
mod health;
mod limit;
mod status;
mod talks;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

pub use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::watch;

use crate::app::App;
use crate::config::is_loopback_host;

/// A form on these pages is a question and an id, no more.
const MOST_BODY_BYTES: usize = 16 * 1024;

/// What the handlers share.
#[derive(Clone)]
pub struct Web {
    pub app: Arc<App>,
    pub started: Instant,
    limit: Arc<limit::Limit>,
    talks: Arc<talks::Talks<coba::Exchange>>,
}

impl Web {
    fn new(app: Arc<App>) -> Self {
        Web { app, started: Instant::now(), limit: Arc::default(), talks: Arc::default() }
    }
}

/// All routes.
///
/// `webhook` is the route that Telegram posts to, with its path. Once there is one, the address is public: whoever comes
/// from elsewhere than this machine reaches that path and the health paths only.
pub fn router(app: Arc<App>, webhook: Option<(String, Router)>) -> Router {
    let web = Web::new(app);
    let (hook_path, hook) = webhook.unzip();
    let pages = pages(web);
    let routes = match hook {
        Some(hook) => pages.merge(hook),
        None => pages,
    };
    let gate = Arc::new(hook_path);
    routes.layer(middleware::from_fn(move |request: Request, next: Next| {
        let gate = gate.clone();
        async move {
            let path = request.uri().path();
            let open = match gate.as_deref() {
                Some(hook) => path == hook || path == "/healthz" || path == "/readyz",
                None => path != "/metrics" && path != "/status",
            };
            if open || is_local(&request) {
                next.run(request).await
            } else {
                StatusCode::NOT_FOUND.into_response()
            }
        }
    }))
}

/// Health and metrics alone, for an address of their own.
pub fn figures_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .layer(middleware::map_response(strict_headers))
        .with_state(Web::new(app))
}

/// From this machine, and not handed on by a proxy that faces the public.
fn is_local(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let handed_on = ["x-forwarded-for", "forwarded", "x-real-ip"];
    peer.is_some_and(|peer| peer.0.ip().is_loopback())
        && is_loopback_host(host)
        && handed_on.iter().all(|name| !request.headers().contains_key(*name))
}

fn pages(web: Web) -> Router {
    Router::new()
        .route("/", get(coba::page).post(coba::send))
        .route("/gaya.css", get(coba::style))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/status", get(status::page))
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
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            // An error means that the sender is gone, which also means to stop.
            while !*stop.borrow() && stop.changed().await.is_ok() {}
        })
        .await
}
