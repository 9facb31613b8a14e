//! Kills, stops and faults under load: what goes in must come out, once.
//!
//! `cargo bench --bench kill`. The real binary is fed by a fake Bot API server on loopback, by polling and by webhook.
//! Messages arrive at a steady rate, each from a chat of its own, so that every one can be accounted for. In each round
//! the binary is killed (`kill -9`), stopped (SIGTERM), or killed or stopped while sends meet 429, 500, dropped connections
//! and slow answers and updates come twice. Environment: ROUNDS (20), RATE (150 messages/s), SECONDS per round (2).

#[allow(dead_code)]
mod driver;
#[path = "../tests/bot/fake_telegram.rs"]
#[allow(dead_code)]
mod fake_telegram;

use std::time::{Duration, Instant};

use driver::{Bot, Mode, pace, questions, setting};
use fake_telegram::{Arrived, FakeTelegram, Mix};
use tokio::sync::mpsc::UnboundedReceiver;

const FIRST_CHAT: i64 = 100_000;

/// What a run of rounds meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Kill,
    Terminate,
    Everything,
}

#[tokio::main]
async fn main() {
    let mut lost = 0;
    for mode in Mode::BOTH {
        for trouble in [Trouble::Kill, Trouble::Terminate, Trouble::Everything] {
            lost += rounds(mode, trouble).await;
        }
    }
    assert_eq!(lost, 0, "messages were lost");
}

/// Messages lost.
async fn rounds(mode: Mode, trouble: Trouble) -> usize {
    let (rounds, rate, seconds) = (setting("ROUNDS", 20), setting("RATE", 150), setting("SECONDS", 2));
    let questions = questions();
    let fake = FakeTelegram::start().await;
    let mut arrived = fake.watch();
    let mut bot = Bot::start(&fake, mode);
    if trouble == Trouble::Everything {
        fake.mix(Some(Mix { seed: 42, sends: 50, repeats: 50 }));
    }
    let mut chat = FIRST_CHAT;
    let begin = Instant::now();
    for round in 0..rounds {
        // Ends fall at different points of a round.
        let end_at = Duration::from_millis(200 + (round * 397) % (seconds * 1_000 - 400).max(1));
        let round_begin = Instant::now();
        let mut ended = false;
        for number in 0..rate * seconds {
            pace(round_begin, number, rate).await;
            if !ended && round_begin.elapsed() >= end_at {
                let gently = match trouble {
                    Trouble::Kill => false,
                    Trouble::Terminate => true,
                    Trouble::Everything => round % 2 == 1,
                };
                bot = tokio::task::spawn_blocking(move || {
                    if gently {
                        bot.terminate()
                    } else {
                        bot.kill()
                    }
                    bot.start_again();
                    bot
                })
                .await
                .expect("restarted");
                ended = true;
            }
            chat += 1;
            fake.text(chat, &questions[(number as usize) % questions.len()]);
        }
    }
    let sent = usize::try_from(chat - FIRST_CHAT).expect("a count");
    let mut answers = vec![0_u32; sent];
    let deadline = Instant::now() + Duration::from_secs(90);
    while answers.contains(&0) && Instant::now() < deadline {
        count(&mut arrived, &mut answers);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Time for a second answer that should not come.
    tokio::time::sleep(Duration::from_secs(2)).await;
    count(&mut arrived, &mut answers);
    bot.kill();
    let of = |wanted: fn(u32) -> bool| answers.iter().filter(|count| wanted(**count)).count();
    let lost = of(|count| count == 0);
    println!(
        "{}, {trouble:?}, {rounds} rounds, {rate} messages/s, {:.0} s: in {sent}, answered {}, answered twice {}, lost {lost}",
        mode.name(),
        begin.elapsed().as_secs_f64(),
        of(|count| count > 0),
        of(|count| count > 1),
    );
    lost
}

fn count(arrived: &mut UnboundedReceiver<Arrived>, answers: &mut [u32]) {
    while let Ok(answer) = arrived.try_recv() {
        let place = usize::try_from(answer.chat - FIRST_CHAT - 1).expect("one of ours");
        answers[place] += 1;
    }
}
