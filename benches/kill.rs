//! Kill -9 under load: what goes in must come out, once.
//!
//! `cargo bench --bench kill`. The real binary polls a fake Bot API server on loopback. Messages arrive at a steady
//! rate, each from a chat of its own, so that every one can be accounted for; the binary is killed and started again
//! at varying moments. Environment: ROUNDS (20), RATE (150 messages/s), SECONDS per round (2).

#[path = "../tests/bot/fake_telegram.rs"]
#[allow(dead_code)]
mod fake_telegram;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fake_telegram::{FakeTelegram, TOKEN};

const QUESTIONS: [&str; 5] = [
    "apa itu DPT?",
    "min cara pindah memilih gmn",
    "jam berapa tps buka",
    "kapan pemilu?",
    "harga beras berapa",
];

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

fn start(folder: &std::path::Path, url: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_tanya-pemilu"))
        .env_clear()
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", url)
        .env("KNOWLEDGE_DIR", concat!(env!("CARGO_MANIFEST_DIR"), "/knowledge"))
        .env("DATA_DIR", folder)
        .env("WEB_ADDR", "127.0.0.1:0")
        .env("RUST_LOG", "warn")
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts")
}

#[tokio::main]
async fn main() {
    let (rounds, rate, seconds) = (setting("ROUNDS", 20), setting("RATE", 150), setting("SECONDS", 2));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fake = FakeTelegram::start().await;
    let mut bot = start(folder.path(), &fake.url);
    let mut chat = 100_000_i64;
    let begin = Instant::now();
    for round in 0..rounds {
        // Kills fall at different points of a round.
        let kill_at = Duration::from_millis(200 + (round * 397) % (seconds * 1_000 - 400).max(1));
        let round_begin = Instant::now();
        let mut killed = false;
        for number in 0..rate * seconds {
            let due = Duration::from_micros(number * 1_000_000 / rate);
            if let Some(wait) = due.checked_sub(round_begin.elapsed()) {
                tokio::time::sleep(wait).await;
            }
            if !killed && round_begin.elapsed() >= kill_at {
                bot.kill().expect("killed");
                bot.wait().expect("gone");
                bot = start(folder.path(), &fake.url);
                killed = true;
            }
            chat += 1;
            fake.text(chat, QUESTIONS[(number % 5) as usize]);
        }
    }
    let sent = chat - 100_000;
    let deadline = Instant::now() + Duration::from_secs(60);
    let count = || {
        let mut answers = vec![0_u32; usize::try_from(sent).expect("a count")];
        for call in fake.calls("sendMessage").iter().filter(|call| call.outcome == "ok") {
            let place = call.body["chat_id"].as_i64().expect("a chat") - 100_001;
            answers[usize::try_from(place).expect("one of ours")] += 1;
        }
        answers
    };
    while count().contains(&0) && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bot.kill().expect("killed");
    bot.wait().expect("gone");
    let answers = count();
    let answered = answers.iter().filter(|count| **count > 0).count();
    let twice = answers.iter().filter(|count| **count > 1).count();
    let lost = answers.iter().filter(|count| **count == 0).count();
    println!(
        "{rounds} kills, {rate} messages/s, {:.0} s: in {sent}, answered {answered}, answered twice {twice}, lost {lost}",
        begin.elapsed().as_secs_f64()
    );
    assert_eq!(lost, 0, "messages were lost");
}
