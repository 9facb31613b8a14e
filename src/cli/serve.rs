//! `serve`: every door that is configured.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Exit, shared};
use crate::app::{App, Decoder, build};
use crate::config::{Config, LogFormat, Secret};
use crate::delivery;
use crate::desk::Desk;
use crate::publish::Folders;
use crate::store::Store;
use crate::telegram;
use crate::web;

/// All work in hand must be done within this time after a signal; systemd and Docker kill soon after.
const DRAIN: Duration = Duration::from_secs(8);

pub fn run() -> anyhow::Result<Exit> {
    let config = shared::config()?;
    start_logging(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the async runtime cannot start")?;
    let result = runtime.block_on(serve(config));
    // Long polls and blocking threads are not waited for.
    runtime.shutdown_timeout(Duration::from_millis(500));
    result
}

fn start_logging(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.rust_log)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Json => builder.json().init(),
        LogFormat::Text => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
    }
}

async fn serve(config: Config) -> anyhow::Result<Exit> {
    let _serving = crate::store::lock(&config.database_url)?;
    let store = Store::open(&config.database_url).await.map_err(|error| {
        let folder = config.data_dir.display();
        match error.advice() {
            Some(advice) => anyhow!("{folder}: {advice} ({error})"),
            None => anyhow!("the database in {folder} cannot be opened: {error}"),
        }
    })?;
    let keys =
        store.keys(config.hash_key.as_ref().map(Secret::expose)).await.context("the keys cannot be read")?;
    // One process serves a SQLite database; what a killed one held is answered at once, not after its leases end.
    store.release_all().await.context("the database cannot be written")?;
    let today = Timestamp::now().to_zoned_datetime(config.office_timezone.clone()).date();
    for folder in config.knowledge_dirs.iter().filter(|folder| !folder.is_dir()) {
        tracing::warn!(
            "knowledge folder {} does not exist; it is used as soon as it is there",
            folder.display()
        );
    }
    let mut folders = Folders::new(config.knowledge_dirs.clone());
    folders.refresh();
    let withdrawn = store.withdrawals().await.context("the database cannot be read")?;
    let withdrawn: BTreeSet<String> = withdrawn.into_iter().map(|(entry, _)| entry).collect();
    let begin = Instant::now();
    let library = build(folders.parts(today), &withdrawn);
    let took = begin.elapsed();

    let office = shared::office(&config);
    let door = match &config.teloxide_token {
        Some(token) => Some(
            telegram::Door::new(
                token.expose(),
                config.teloxide_api_url.as_deref(),
                config.teloxide_proxy.as_ref().map(Secret::expose),
            )
            .map_err(|error| anyhow!("{error}"))?,
        ),
        None => None,
    };
    let mut decoders: HashMap<String, Decoder> = HashMap::new();
    if let Some(door) = &door {
        decoders.insert(telegram::CHANNEL.to_owned(), door.decoder());
    }
    let desk = Desk {
        admins: config.admin_ids.iter().copied().collect(),
        staff: config.staff_ids.iter().copied().collect(),
        chat: config.staff_chat_id,
    };
    let zone = config.office_timezone.clone();
    let app = Arc::new(App::new(store, keys, office, zone, decoders, desk, folders));
    app.publish(library, took).await;

    let listener = bind(config.web_addr, "WEB_ADDR").await?;
    let address = listener.local_addr().context("the web address is unknown")?;
    tracing::info!("web page: http://{address}/");

    let (stop_sender, stop) = watch::channel(false);
    let mut tasks: JoinSet<&'static str> = JoinSet::new();
    spawn(&mut tasks, "watcher", app.clone().run_watch(stop.clone()));
    spawn(&mut tasks, "inbox", app.clone().run_inbox(stop.clone()));
    spawn(&mut tasks, "sweeper", app.clone().run_sweep(stop.clone()));
    let mut webhook = None;
    if let (Some(_), Some(url)) = (&door, &config.webhook_url) {
        // Kept in the database unless given, so that a restart does not turn away what Telegram still posts.
        let secret = match &config.webhook_secret {
            Some(secret) => secret.expose().to_owned(),
            None => app
                .store
                .setting_or_random("webhook_secret")
                .await
                .context("the webhook secret cannot be kept")?,
        };
        let path = telegram::webhook::path_of(url);
        let (route, receiver) = telegram::webhook::receiver(app.clone(), &path, &secret);
        spawn(&mut tasks, "webhook", receiver);
        webhook = Some((path, route, telegram::webhook::address_of(url), secret));
    }
    let (hook, hook_address) =
        webhook.map(|(path, route, url, secret)| ((path, route), (url, secret))).unzip();
    app.figures.open_door("web", format!("http://{address}/"));
    spawn(&mut tasks, "web", serve_web(listener, web::router(app.clone(), hook), stop.clone()));
    if let Some(address) = config.metrics_addr.filter(|address| *address != config.web_addr) {
        let listener = bind(address, "METRICS_ADDR").await?;
        spawn(&mut tasks, "metrics", serve_web(listener, web::figures_router(app.clone()), stop.clone()));
    }
    match door {
        Some(door) => {
            let door = Arc::new(door);
            spawn(&mut tasks, "delivery", delivery::run(app.clone(), door.clone(), stop.clone()));
            match hook_address {
                Some((url, secret)) => {
                    spawn(&mut tasks, "telegram", door.run_webhook(app.clone(), url, secret, stop.clone()));
                }
                None => spawn(&mut tasks, "telegram", door.run_polling(app.clone(), stop.clone())),
            }
        }
        None => tracing::info!(
            "TELOXIDE_TOKEN is not set: Telegram is off; talk to the bot on http://{address}/ or with `tanya-pemilu chat`"
        ),
    }

    wait_for_signal().await;
    tracing::info!("stopping: finishing what is in hand");
    let _ = stop_sender.send(true);
    app.inbox_ready.notify_waiters();
    app.outbox_ready.notify_waiters();
    let drained = tokio::time::timeout(DRAIN, async {
        while let Some(ended) = tasks.join_next().await {
            tracing::debug!(task = ended.unwrap_or("a task that panicked"), "ended");
        }
    })
    .await;
    if drained.is_err() {
        tracing::warn!(
            "not everything was finished in time; the rest is in the store and is answered at the next start"
        );
    }
    if let Err(error) = app.store.release(app.owner()).await {
        tracing::warn!(%error, "leases could not be given back; they end by themselves");
    }
    app.store.close().await;
    Ok(Exit::Fine)
}

async fn bind(address: SocketAddr, key: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("{key} {address} cannot be used; is another program there? Set another address")
    })
}

async fn serve_web(listener: TcpListener, router: web::Router, stop: watch::Receiver<bool>) {
    if let Err(error) = web::serve(listener, router, stop).await {
        tracing::error!(%error, "the web pages stopped");
    }
}

fn spawn(
    tasks: &mut JoinSet<&'static str>,
    name: &'static str,
    work: impl Future<Output = ()> + Send + 'static,
) {
    tasks.spawn(async move {
        work.await;
        name
    });
}

/// SIGINT from a terminal, SIGTERM from systemd and containers.
async fn wait_for_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
