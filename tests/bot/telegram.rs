//! The real binary against a fake Bot API server at the wire.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake_telegram::{BOT_NAME, FakeTelegram, Fault, Mix, TOKEN, buttons};

const FAQ: &str = "---\njudul: Pindah memilih\njenis: faq\ntopik: pindah-memilih\nsumber:\n  - judul: PKPU 7/2022\n    url: https://jdih.kpu.go.id\n---\n\n\
    ## Bagaimana cara mengurus pindah memilih?\nkunci: cara\ntanya:\n  - cara pindah memilih\n\nDatang ke **PPS** dengan KTP-el & surat <bukti>.\n\n\
    Rincian langkahnya ada di sini.\n\n## Apa itu DPT?\nkunci: dpt\ntanya:\n  - kepanjangan DPT\n\nDPT adalah daftar pemilih tetap.\n";

/// The binary with its own folders; killed when dropped.
pub struct Bot {
    /// Settings besides the usual ones.
    settings: Vec<(String, String)>,
    folder: TempDir,
    url: String,
    child: Option<Child>,
}

impl Bot {
    pub fn new(fake: &FakeTelegram) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("knowledge")).expect("a folder");
        let bot = Bot { settings: Vec::new(), folder, url: fake.url.clone(), child: None };
        bot.write("faq.md", FAQ);
        bot
    }

    fn started(fake: &FakeTelegram) -> Self {
        let mut bot = Self::new(fake);
        bot.start();
        bot
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join("knowledge").join(name), text).expect("a knowledge file");
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tanya-pemilu"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("TELOXIDE_TOKEN", TOKEN)
            .env("TELOXIDE_API_URL", &self.url)
            .env("WEB_ADDR", "127.0.0.1:0")
            .env("RUST_LOG", "info");
        for (key, value) in &self.settings {
            command.env(key, value);
        }
        command
    }

    pub fn set(&mut self, key: &str, value: &str) {
        self.settings.push((key.to_owned(), value.to_owned()));
    }

    pub fn unset(&mut self, key: &str) {
        self.settings.retain(|(known, _)| known != key);
    }

    pub fn start(&mut self) {
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(self.log_path()).expect("a log file");
        let child = self.command().stdout(Stdio::null()).stderr(log).spawn().expect("the binary starts");
        self.child = Some(child);
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log.txt")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("killed");
            child.wait().expect("gone");
        }
    }

    /// SIGTERM, and how long the end took.
    fn terminate(&mut self) -> Duration {
        let mut child = self.child.take().expect("running");
        let start = Instant::now();
        let sent = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().expect("kill");
        assert!(sent.success());
        let status = child.wait().expect("ended");
        assert!(status.success(), "{status}; {}", self.log());
        start.elapsed()
    }

    fn logs(&self, arguments: &[&str]) -> String {
        let output = self.command().arg("logs").args(arguments).output().expect("logs runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.kill();
    }
}

pub fn text_of(message: &Value) -> &str {
    message["text"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_answered_with_source_and_buttons_and_logged() {
    let fake = FakeTelegram::start().await;
    let bot = Bot::started(&fake);
    fake.text(7, "min cara pindah memilih gmn");
    let sent = fake.wait_sent(7, 1).await;
    let text = text_of(&sent[0]);
    assert!(text.contains("Datang ke <b>PPS</b> dengan KTP-el &amp; surat &lt;bukti&gt;."), "{text}");
    assert!(text.contains("<blockquote expandable>Rincian langkahnya"), "{text}");
    assert!(text.contains("<a href=\"https://jdih.kpu.go.id\">PKPU 7/2022</a>"), "{text}");
    let helpful = buttons(&sent[0])
        .into_iter()
        .find(|(label, _)| label.contains("Membantu"))
        .expect("a feedback button");
    assert!(helpful.1.len() <= 64);

    let press = fake.press(7, &helpful.1);
    let sent = fake.wait_sent(7, 2).await;
    assert!(text_of(&sent[1]).contains("senang bisa membantu"), "{}", text_of(&sent[1]));
    let acknowledged = fake.calls("answerCallbackQuery");
    assert!(acknowledged.iter().any(|call| call.body["callback_query_id"] == press && call.outcome == "ok"));

    let log = bot.logs(&["--json", "--kind", "answer"]);
    let row: Value = serde_json::from_str(log.lines().next().expect("a row")).expect("JSON");
    assert_eq!((row["entry"].as_str(), row["helpful"].as_bool()), (Some("faq#cara"), Some(true)), "{row}");
    assert!(row["message_id"].is_i64(), "{row}");
    assert_ne!(row["person"], "7");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn start_says_that_it_is_an_example_and_commands_are_registered() {
    let fake = FakeTelegram::start().await;
    let _bot = Bot::started(&fake);
    fake.text(7, "/start");
    let sent = fake.wait_sent(7, 1).await;
    assert!(text_of(&sent[0]).contains("bukan kanal resmi"), "{}", text_of(&sent[0]));
    assert!(fake.calls("setMyCommands").iter().filter(|call| call.outcome == "ok").count() >= 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_that_is_not_text_old_buttons_and_groups() {
    let fake = FakeTelegram::start().await;
    let _bot = Bot::started(&fake);
    fake.message(7, "private", json!({ "sticker": {} }));
    assert!(text_of(&fake.wait_sent(7, 1).await[0]).contains("baru bisa membaca teks"));
    fake.press(7, "buatan-sendiri");
    assert!(text_of(&fake.wait_sent(7, 2).await[1]).contains("Tombol itu sudah lama"));

    fake.message(-5, "supergroup", json!({ "text": "cara pindah memilih" }));
    fake.message(-5, "supergroup", json!({ "text": format!("@{BOT_NAME} apa itu DPT?") }));
    let sent = fake.wait_sent(-5, 1).await;
    assert_eq!(sent.len(), 1, "only the mention is answered");
    assert!(text_of(&sent[0]).contains("daftar pemilih tetap"));
    assert!(sent[0]["reply_parameters"]["message_id"].is_i64());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_loses_nothing_and_a_repeat_is_not_answered_twice() {
    let fake = FakeTelegram::start().await;
    let mut bot = Bot::started(&fake);
    for round in 0..3 {
        for chat in 1..=20 {
            fake.text(chat, if round % 2 == 0 { "apa itu DPT?" } else { "cara pindah memilih" });
        }
        tokio::time::sleep(Duration::from_millis(120)).await;
        bot.kill();
        bot.start();
    }
    for chat in 1..=20 {
        let sent = fake.wait_sent(chat, 3).await;
        assert!(sent.len() <= 4, "chat {chat} was answered {} times", sent.len());
    }
    // A reply in flight at the last kill may come once more; it must not be taken for an answer to the repeat.
    fake.text(2, "apa itu DPT?");
    fake.wait_sent(2, 4).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (before, fenced) = (fake.sent_to(1).len(), fake.sent_to(2).len());
    let update = json!({ "message": { "message_id": 2, "date": 1, "text": "apa itu DPT?", "chat": { "id": 1, "type": "private" },
        "from": { "id": 1, "is_bot": false } } });
    fake.redeliver(update, 1_000);
    fake.text(2, "apa itu DPT?");
    fake.wait_sent(2, fenced + 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(fake.sent_to(1).len(), before, "the repeated update is dropped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_term_signal_finishes_what_is_in_hand_within_ten_seconds() {
    let fake = FakeTelegram::start().await;
    let mut bot = Bot::started(&fake);
    fake.text(1, "/start");
    fake.wait_sent(1, 1).await;
    for chat in 2..=30 {
        fake.text(chat, "apa itu DPT?");
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    let took = bot.terminate();
    assert!(took < Duration::from_secs(10), "{took:?}");
    bot.start();
    for chat in 2..=30 {
        assert_eq!(fake.wait_sent(chat, 1).await.len(), 1, "chat {chat} exactly once; {}", bot.log());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_at_telegram_delays_only_the_chat_it_concerns() {
    let fake = FakeTelegram::start().await;
    let _bot = Bot::started(&fake);
    fake.text(9, "/start");
    fake.wait_sent(9, 1).await;
    fake.chat_fault(1, Fault::TooMany(2));
    fake.chat_fault(2, Fault::Broken);
    fake.chat_fault(3, Fault::DropBefore);
    for chat in 1..=4 {
        fake.text(chat, "apa itu DPT?");
    }
    let start = Instant::now();
    fake.wait_sent(4, 1).await;
    assert!(start.elapsed() < Duration::from_secs(2), "an untroubled chat waits for nobody");
    for chat in 1..=3 {
        assert_eq!(fake.wait_sent(chat, 1).await.len(), 1);
    }
    assert!(start.elapsed() >= Duration::from_secs(2), "the slowed chat waited as asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_costs_a_repeat_at_most_and_a_slow_one_holds_up_its_own_chat() {
    let fake = FakeTelegram::start().await;
    let _bot = Bot::started(&fake);
    fake.text(9, "/start");
    fake.wait_sent(9, 1).await;
    fake.chat_fault(1, Fault::DropAfter);
    fake.chat_fault(2, Fault::Delay(Duration::from_secs(3)));
    for chat in 1..=3 {
        fake.text(chat, "apa itu DPT?");
    }
    let start = Instant::now();
    fake.wait_sent(3, 1).await;
    assert!(start.elapsed() < Duration::from_secs(2), "an untroubled chat waits for nobody");
    assert_eq!(fake.wait_sent(2, 1).await.len(), 1);
    let sent = fake.wait_sent(1, 2).await;
    assert_eq!(sent.len(), 2, "sent, lost on the way back, sent once more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_chat_is_given_up_and_recorded() {
    let fake = FakeTelegram::start().await;
    let bot = Bot::started(&fake);
    fake.block(5);
    fake.text(5, "apa itu DPT?");
    fake.text(6, "apa itu DPT?");
    fake.wait_sent(6, 1).await;
    fake.wait_for(Duration::from_secs(10), "the failed call", |fake| {
        fake.calls("sendMessage")
            .iter()
            .any(|call| call.body["chat_id"] == 5 && call.outcome.contains("blocked"))
    })
    .await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let tries = fake.calls("sendMessage").iter().filter(|call| call.body["chat_id"] == 5).count();
    assert_eq!(tries, 1, "{}", bot.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_file_answers_within_three_seconds_and_a_broken_one_keeps_the_old_answer() {
    let fake = FakeTelegram::start().await;
    let bot = Bot::started(&fake);
    fake.text(7, "apa itu DPT?");
    assert!(text_of(&fake.wait_sent(7, 1).await[0]).contains("daftar pemilih tetap"));
    bot.write("faq.md", &FAQ.replace("DPT adalah daftar pemilih tetap.", "DPT kini dijelaskan ulang."));
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    fake.text(7, "apa itu DPT?");
    assert!(text_of(&fake.wait_sent(7, 2).await[1]).contains("dijelaskan ulang"));
    bot.write("faq.md", "---\njudul: [rusak\n---\n## Apa itu DPT?\n\nRusak.\n");
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    fake.text(7, "apa itu DPT?");
    assert!(text_of(&fake.wait_sent(7, 3).await[2]).contains("dijelaskan ulang"));
    assert!(bot.log().contains("faq.md"), "the problem shows in the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_waits_for_telegram_and_ends_an_old_webhook() {
    let fake = FakeTelegram::start().await;
    fake.set_webhook();
    for _ in 0..3 {
        fake.fault("getMe", Fault::DropBefore);
    }
    fake.fault("getUpdates", Fault::Broken);
    let bot = Bot::started(&fake);
    fake.text(7, "apa itu DPT?");
    fake.wait_sent(7, 1).await;
    assert!(!bot.log().contains(TOKEN), "the token never reaches the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_gets_one_notice_and_nobody_else_waits() {
    let fake = FakeTelegram::start().await;
    let _bot = Bot::started(&fake);
    fake.text(9, "/start");
    fake.wait_sent(9, 1).await;
    for _ in 0..400 {
        fake.text(1, "apa itu DPT?");
    }
    fake.text(2, "apa itu DPT?");
    let start = Instant::now();
    fake.wait_sent(2, 1).await;
    assert!(start.elapsed() < Duration::from_secs(5));
    fake.wait_for(Duration::from_secs(30), "all updates confirmed", |fake| fake.unconfirmed() == 0).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let sent = fake.sent_to(1);
    let notices = sent.iter().filter(|message| text_of(message).contains("masuk cepat sekali")).count();
    assert_eq!(notices, 1, "{} messages", sent.len());
    assert!(sent.len() < 350, "the flood is not answered in full: {}", sent.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stored_data_is_masked_and_can_be_deleted() {
    let fake = FakeTelegram::start().await;
    let mut bot = Bot::started(&fake);
    fake.text(7, "apa itu DPT? NIK saya 7271036203920001");
    fake.wait_sent(7, 1).await;
    assert!(bot.logs(&["--json"]).contains("[NIK]"));
    fake.text(7, "/hapusdata");
    let sent = fake.wait_sent(7, 2).await;
    let (_, erase) = buttons(&sent[1]).remove(0);
    fake.press(7, &erase);
    assert!(text_of(&fake.wait_sent(7, 3).await[2]).contains("sudah dihapus"));
    assert_eq!(bot.logs(&["--json"]).trim(), "");
    bot.terminate();
    for name in ["tanya-pemilu.db", "tanya-pemilu.db-wal"] {
        let bytes = std::fs::read(bot.folder.path().join("data").join(name)).unwrap_or_default();
        assert!(
            !bytes.windows(16).any(|window| window == b"7271036203920001"),
            "the number still stands in {name}"
        );
    }
}

/// Messages from chats of their own, amid random faults of sending and repeated updates, with kills in between.
async fn nothing_is_lost_amid_faults(webhook: bool) {
    let fake = FakeTelegram::start().await;
    let mut arrived = fake.watch();
    let mut bot = Bot::new(&fake);
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let address = free.expect("a free address").to_string();
    bot.set("WEB_ADDR", &address);
    if webhook {
        bot.set("WEBHOOK_URL", &format!("http://{address}/kait"));
    }
    fake.mix(Some(Mix { seed: 7, sends: 100, repeats: 100 }));
    bot.start();
    let chats = 1_000..1_150_i64;
    for chat in chats.clone() {
        fake.text(chat, "apa itu DPT?");
        tokio::time::sleep(Duration::from_millis(10)).await;
        if chat % 50 == 25 {
            bot.kill();
            bot.start();
        }
    }
    let mut waiting: std::collections::BTreeSet<i64> = chats.collect();
    let mut answers = 0;
    let limit = tokio::time::Instant::now() + Duration::from_secs(60);
    while !waiting.is_empty() {
        let next = tokio::time::timeout_at(limit, arrived.recv()).await;
        let answer =
            next.unwrap_or_else(|_| panic!("never answered: {waiting:?}")).expect("the server lives");
        assert!(answer.at <= Instant::now());
        waiting.remove(&answer.chat);
        answers += 1;
    }
    // Lost answers of Telegram and kills may each cost a repeat, no more; on a slow machine more are in flight at a kill.
    assert!(answers < 300, "{answers} answers to 150 messages");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_amid_faults_by_polling() {
    nothing_is_lost_amid_faults(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_amid_faults_by_webhook() {
    nothing_is_lost_amid_faults(true).await;
}
