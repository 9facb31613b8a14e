//! What the load and fault drivers share: the real binary under test, questions, percentiles.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::fake_telegram::{FakeTelegram, TOKEN};

/// How updates reach the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Polling,
    Webhook,
}

impl Mode {
    pub const BOTH: [Mode; 2] = [Mode::Polling, Mode::Webhook];

    pub fn name(self) -> &'static str {
        match self {
            Mode::Polling => "polling",
            Mode::Webhook => "webhook",
        }
    }
}

/// The binary with a data folder of its own; killed when dropped.
pub struct Bot {
    child: Child,
    folder: TempDir,
    api_url: String,
    mode: Mode,
    port: u16,
}

impl Bot {
    pub fn start(fake: &FakeTelegram, mode: Mode) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // Taken and given back: a restart must come back to the address that the webhook names.
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let child = spawn(folder.path(), &fake.url, mode, port);
        Bot { child, folder, api_url: fake.url.clone(), mode, port }
    }

    pub fn start_again(&mut self) {
        self.child = spawn(self.folder.path(), &self.api_url, self.mode, self.port);
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        self.child.wait().expect("gone");
    }

    /// SIGTERM, and the wait for the end.
    pub fn terminate(&mut self) {
        let sent = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal was sent");
        self.child.wait().expect("gone");
    }

    /// Resident memory in MiB and open files.
    pub fn process(&self) -> (u64, usize) {
        let folder = format!("/proc/{}", self.child.id());
        let status = std::fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<u64>().ok())
            .unwrap_or(0);
        let files = std::fs::read_dir(format!("{folder}/fd")).map_or(0, Iterator::count);
        (kilobytes / 1_024, files)
    }

    /// Bytes of the database and its write-ahead log.
    pub fn database_bytes(&self) -> u64 {
        let size = |name: &str| std::fs::metadata(self.folder.path().join(name)).map_or(0, |meta| meta.len());
        size("tanya-pemilu.db") + size("tanya-pemilu.db-wal")
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(folder: &Path, api_url: &str, mode: Mode, port: u16) -> Child {
    // BOT names another binary to measure, an older release say.
    let binary = std::env::var("BOT").unwrap_or_else(|_| env!("CARGO_BIN_EXE_tanya-pemilu").to_owned());
    let mut command = Command::new(binary);
    command
        .env_clear()
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", api_url)
        .env("KNOWLEDGE_DIR", concat!(env!("CARGO_MANIFEST_DIR"), "/knowledge"))
        .env("DATA_DIR", folder)
        .env("WEB_ADDR", format!("127.0.0.1:{port}"))
        .env("RUST_LOG", "error")
        .stdout(Stdio::null());
    if mode == Mode::Webhook {
        command.env("WEBHOOK_URL", format!("http://127.0.0.1:{port}/telegram"));
    }
    command.spawn().expect("the binary starts")
}

/// Questions as citizens write them, answerable and not: the labelled ones for tuning.
pub fn questions() -> Vec<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/eval/tune.jsonl");
    let lines = std::fs::read_to_string(file).expect("the labelled questions");
    let text = |line: &str| {
        let question: serde_json::Value = serde_json::from_str(line).expect("a JSON object");
        question["text"].as_str().expect("a text").to_owned()
    };
    lines.lines().map(text).collect()
}

pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// The named share of sorted times, in milliseconds.
pub fn percentile(times: &mut [Duration], share: f64) -> f64 {
    if times.is_empty() {
        return f64::NAN;
    }
    times.sort_unstable();
    let place = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len()) - 1;
    times[place].as_secs_f64() * 1_000.0
}

/// Waits for the moment of event `number` at `rate` events a second.
pub async fn pace(begin: Instant, number: u64, rate: u64) {
    let due = Duration::from_micros(number * 1_000_000 / rate);
    if let Some(wait) = due.checked_sub(begin.elapsed()) {
        tokio::time::sleep(wait).await;
    }
}
