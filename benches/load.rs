//! Load on the real binary through a fake Bot API server on loopback, everything durable.
//!
//! `cargo bench --bench load -- SCENARIO…`, all of them but `soak` without one:
//!
//! - `closed`: PEOPLE (50) ask, wait for the answer and ask again, for SECONDS (60), in both modes; then a bare teloxide
//!   echo bot in a process of its own under the same driver, for the ratio
//! - `open`: RATE (1000) messages a second, each from the next of 20,000 chats, in both modes
//! - `flood`: one chat sends 500 messages a second while others ask 200 a second; others' times with and without
//! - `throttled`: Telegram answers one chat with 429 while a thousand others talk; others' times with and without
//! - `soak`: 50 messages a second for MINUTES (60): memory, files, database
//!
//! Exits with a panic when a message was lost.

#[allow(dead_code)]
mod driver;
#[path = "../tests/bot/fake_telegram.rs"]
#[allow(dead_code)]
mod fake_telegram;

use std::collections::{HashMap, VecDeque};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use driver::{Bot, Mode, pace, percentile, questions, setting};
use fake_telegram::{Arrived, FakeTelegram, Fault, TOKEN};
use tokio::sync::mpsc::UnboundedReceiver;

/// Names the echo bot's server in the environment of its process.
const ECHO: &str = "LOAD_ECHO_API_URL";
const FIRST_CHAT: i64 = 100_000;
/// Answers may take this long at the end before they count as lost.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() {
    if let Ok(url) = std::env::var(ECHO) {
        return echo(&url).await;
    }
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |name: &str| named.iter().any(|word| word == name) || (named.is_empty() && name != "soak");
    if wanted("closed") {
        closed().await;
    }
    if wanted("open") {
        open().await;
    }
    if wanted("flood") {
        flood().await;
    }
    if wanted("throttled") {
        throttled().await;
    }
    if wanted("soak") {
        soak().await;
    }
}

/// A bare teloxide bot that repeats each text: dispatcher, long polling, nothing stored.
async fn echo(api_url: &str) {
    use teloxide::prelude::*;
    let bot = Bot::new(TOKEN).set_api_url(api_url.parse().expect("a URL"));
    let handler = Update::filter_message().endpoint(|bot: Bot, message: Message| async move {
        bot.send_message(message.chat.id, message.text().unwrap_or("-")).await?;
        Ok::<(), teloxide::RequestError>(())
    });
    Dispatcher::builder(bot, handler).build().dispatch().await;
}

struct Echo(Child);

impl Echo {
    fn start(fake: &FakeTelegram) -> Self {
        let own = std::env::current_exe().expect("this program's file");
        Echo(Command::new(own).env(ECHO, &fake.url).spawn().expect("the echo bot starts"))
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn closed() {
    let mut rates = HashMap::new();
    for mode in Mode::BOTH {
        let fake = FakeTelegram::start().await;
        let arrived = fake.watch();
        let _bot = Bot::start(&fake, mode);
        rates.insert(mode.name(), closed_loop(mode.name(), &fake, arrived).await);
    }
    let fake = FakeTelegram::start().await;
    let arrived = fake.watch();
    let _echo = Echo::start(&fake);
    let echo = closed_loop("echo bot", &fake, arrived).await;
    for (name, rate) in rates {
        println!("closed loop, {name}: {:.2} of the echo bot's rate", rate / echo);
    }
}

/// Answers a second.
async fn closed_loop(name: &str, fake: &FakeTelegram, mut arrived: UnboundedReceiver<Arrived>) -> f64 {
    let (people, seconds) = (setting("PEOPLE", 50) as i64, setting("SECONDS", 60));
    let questions = questions();
    let mut next = questions.iter().cycle();
    let mut ask = |chat: i64| {
        fake.text(chat, next.next().expect("endless"));
        Instant::now()
    };
    // Everybody is answered once before the clock runs.
    let mut asked: HashMap<i64, Instant> =
        (0..people).map(|at| (FIRST_CHAT + at, ask(FIRST_CHAT + at))).collect();
    for _ in 0..people {
        let answer = tokio::time::timeout(PATIENCE, arrived.recv()).await.expect("an answer in time");
        asked.remove(&answer.expect("the server lives").chat);
    }
    let begin = Instant::now();
    for at in 0..people {
        asked.insert(FIRST_CHAT + at, ask(FIRST_CHAT + at));
    }
    let mut times = Vec::new();
    while !asked.is_empty() {
        let answer = tokio::time::timeout(PATIENCE, arrived.recv()).await.expect("no message is lost");
        let answer = answer.expect("the server lives");
        let since = asked.remove(&answer.chat).expect("one answer per question");
        times.push(answer.at.duration_since(since));
        if begin.elapsed() < Duration::from_secs(seconds) {
            asked.insert(answer.chat, ask(answer.chat));
        }
    }
    let rate = times.len() as f64 / begin.elapsed().as_secs_f64();
    println!(
        "closed loop, {name}, {people} people, {seconds} s: {} answers, {rate:.0} answers/s, p50 {:.1} ms, p99 {:.1} ms, lost 0",
        times.len(),
        percentile(&mut times, 0.5),
        percentile(&mut times, 0.99)
    );
    rate
}

async fn open() {
    let (rate, seconds) = (setting("RATE", 1_000), setting("SECONDS", 60));
    for mode in Mode::BOTH {
        let fake = FakeTelegram::start().await;
        let mut arrived = fake.watch();
        let bot = Bot::start(&fake, mode);
        warm_up(&fake, &mut arrived).await;
        let load = steady(&fake, &mut arrived, rate, seconds, 20_000).await;
        let (memory, files) = bot.process();
        load.print(&format!("open loop, {}, {rate}/s, {seconds} s", mode.name()));
        println!("  memory {memory} MiB, {files} files, database {} MiB", bot.database_bytes() >> 20);
        assert_eq!(load.lost(), 0, "messages were lost");
    }
}

/// The bot is up once it has answered.
async fn warm_up(fake: &FakeTelegram, arrived: &mut UnboundedReceiver<Arrived>) {
    for chat in 1..=20 {
        fake.text(chat, "apa itu DPT?");
    }
    for _ in 1..=20 {
        tokio::time::timeout(PATIENCE, arrived.recv()).await.expect("an answer in time");
    }
}

/// What went in and came out.
struct Load {
    sent: u64,
    answered: u64,
    times: Vec<Duration>,
}

impl Load {
    fn lost(&self) -> u64 {
        self.sent - self.answered
    }

    fn print(&self, what: &str) {
        let mut times = self.times.clone();
        println!(
            "{what}: in {}, answered {}, lost {}, p50 {:.1} ms, p99 {:.1} ms, longest {:.0} ms",
            self.sent,
            self.answered,
            self.lost(),
            percentile(&mut times, 0.5),
            percentile(&mut times, 0.99),
            percentile(&mut times, 1.0)
        );
    }
}

/// Messages at a steady rate from `chats` chats in turn; only answers to them count.
async fn steady(
    fake: &FakeTelegram,
    arrived: &mut UnboundedReceiver<Arrived>,
    rate: u64,
    seconds: u64,
    chats: i64,
) -> Load {
    let questions = questions();
    let mut asked: HashMap<i64, VecDeque<Instant>> = HashMap::new();
    let mut load = Load { sent: 0, answered: 0, times: Vec::new() };
    let take = |answer: Arrived, asked: &mut HashMap<i64, VecDeque<Instant>>, load: &mut Load| {
        if let Some(since) = asked.get_mut(&answer.chat).and_then(VecDeque::pop_front) {
            load.answered += 1;
            load.times.push(answer.at.duration_since(since));
        }
    };
    let begin = Instant::now();
    for number in 0..rate * seconds {
        pace(begin, number, rate).await;
        let chat = FIRST_CHAT + (number as i64) % chats;
        asked.entry(chat).or_default().push_back(Instant::now());
        fake.text(chat, &questions[(number as usize) % questions.len()]);
        load.sent += 1;
        while let Ok(answer) = arrived.try_recv() {
            take(answer, &mut asked, &mut load);
        }
    }
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while load.answered < load.sent {
        match tokio::time::timeout_at(deadline, arrived.recv()).await {
            Ok(Some(answer)) => take(answer, &mut asked, &mut load),
            _ => break,
        }
    }
    load
}

async fn flood() {
    let seconds = setting("SECONDS", 60).min(30);
    for flooding in [false, true] {
        let fake = FakeTelegram::start().await;
        let mut arrived = fake.watch();
        let _bot = Bot::start(&fake, Mode::Polling);
        warm_up(&fake, &mut arrived).await;
        let flooder = flooding.then(|| {
            let fake = fake.clone();
            tokio::spawn(async move {
                let begin = Instant::now();
                for number in 0..500 * seconds {
                    pace(begin, number, 500).await;
                    fake.text(7, "apa itu DPT?");
                }
            })
        });
        let load = steady(&fake, &mut arrived, 200, seconds, 1_000).await;
        load.print(&format!("flooding chat {}, others 200/s", if flooding { "at 500/s" } else { "absent" }));
        assert_eq!(load.lost(), 0, "messages were lost");
        if let Some(flooder) = flooder {
            flooder.abort();
        }
    }
}

async fn throttled() {
    let seconds = setting("SECONDS", 60).min(30);
    for throttling in [false, true] {
        let fake = FakeTelegram::start().await;
        let mut arrived = fake.watch();
        let _bot = Bot::start(&fake, Mode::Polling);
        warm_up(&fake, &mut arrived).await;
        if throttling {
            for _ in 0..1_000 {
                fake.chat_fault(7, Fault::TooMany(2));
            }
        }
        for _ in 0..40 {
            fake.text(7, "apa itu DPT?");
        }
        let load = steady(&fake, &mut arrived, 500, seconds, 1_000).await;
        load.print(&format!(
            "one chat {}, 1,000 others 500/s",
            if throttling { "throttled" } else { "not throttled" }
        ));
        assert_eq!(load.lost(), 0, "messages were lost");
    }
}

async fn soak() {
    let minutes = setting("MINUTES", 60);
    let fake = FakeTelegram::start().await;
    let mut arrived = fake.watch();
    let bot = Bot::start(&fake, Mode::Polling);
    warm_up(&fake, &mut arrived).await;
    let say = |minute: u64| {
        let (memory, files) = bot.process();
        println!(
            "minute {minute}: {memory} MiB, {files} files, database {:.1} MiB",
            bot.database_bytes() as f64 / 1_048_576.0
        );
    };
    say(0);
    for minute in 1..=minutes {
        let load = steady(&fake, &mut arrived, 50, 60, 20_000).await;
        assert_eq!(load.lost(), 0, "messages were lost");
        if minute % 5 == 0 || minute == minutes {
            say(minute);
            load.print("  the last minute, 50/s");
        }
    }
}
