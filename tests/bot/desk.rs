//! Staff, admins and the webhook: the real binary at the wire.

use std::time::Duration;

use serde_json::{Value, json};

use crate::fake_telegram::{BOT_ID, FakeTelegram, buttons};
use crate::telegram::{Bot, text_of};

const SECOND: Duration = Duration::from_secs(1);

/// Says `text` in a private chat and gives the next reply.
async fn say(fake: &FakeTelegram, chat: i64, text: &str) -> Value {
    let before = fake.sent_to(chat).len();
    fake.text(chat, text);
    fake.wait_sent(chat, before + 1).await[before].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_withdraw_an_answer_and_bring_it_back() {
    let fake = FakeTelegram::start().await;
    let mut bot = Bot::new(&fake);
    bot.set("ADMIN_IDS", "11");
    bot.set("STAFF_IDS", "12");
    bot.start();
    let contains = |message: &Value, part: &str| {
        assert!(text_of(message).contains(part), "expected {part:?} in {}", text_of(message));
    };

    contains(&say(&fake, 7, "cara pindah memilih").await, "Datang ke");
    contains(&say(&fake, 7, "/tarik faq#cara salah").await, "Perintah itu tidak ada");
    contains(&say(&fake, 12, "/statistik").await, "Perintah itu tidak ada");
    contains(&say(&fake, 11, "/statistik").await, "1 pertanyaan dari 1 orang");
    contains(&say(&fake, 12, "/uji cara pindah memilih").await, "faq#cara");
    contains(&say(&fake, 12, "/tarik faq#tidakada aturan berubah").await, "Tidak ada jawaban dengan id itu");
    contains(&say(&fake, 12, "/tarik faq#cara").await, "alasan");
    contains(&say(&fake, 12, "/tarik faq#cara aturan berubah").await, "Ditarik: faq#cara");

    let gone = |message: &Value| assert!(!text_of(message).contains("Datang ke"), "{}", text_of(message));
    gone(&say(&fake, 8, "cara pindah memilih").await);
    bot.kill();
    bot.start();
    gone(&say(&fake, 9, "cara pindah memilih").await);

    contains(&say(&fake, 12, "/pulihkan faq#cara").await, "Dikembalikan");
    contains(&say(&fake, 9, "cara pindah memilih").await, "Datang ke");
    let trail = say(&fake, 11, "/jejak").await;
    contains(&trail, "tarik faq#cara aturan berubah");
    contains(&trail, "pulihkan faq#cara");

    let log = say(&fake, 11, "/log").await;
    contains(&log, "cara pindah memilih");
    let (_, data) = buttons(&log).into_iter().next().expect("a row to open");
    let before = fake.sent_to(11).len();
    fake.press(11, &data);
    contains(&fake.wait_sent(11, before + 1).await[before], "Yang dibaca penanya");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_goes_to_the_staff_and_their_answer_comes_back_once() {
    let fake = FakeTelegram::start().await;
    let mut bot = Bot::new(&fake);
    bot.set("STAFF_CHAT_ID", "-900");
    bot.start();
    let abstention = say(&fake, 7, "bagaimana nasib kotak suara bekas, telepon saya 0812-3456-7890").await;
    let (_, forward) = buttons(&abstention)
        .into_iter()
        .find(|(label, _)| label.contains("Teruskan"))
        .unwrap_or_else(|| panic!("no button in {abstention}"));
    fake.press(7, &forward);
    let put = fake.wait_sent(-900, 1).await;
    assert!(text_of(&put[0]).contains("kotak suara bekas"), "{}", text_of(&put[0]));
    assert!(!text_of(&put[0]).contains("3456"), "{}", text_of(&put[0]));
    fake.wait_sent(7, 2).await;
    fake.press(7, &forward);
    assert!(text_of(&fake.wait_sent(7, 3).await[2]).contains("sudah diteruskan"));

    let asked = fake.message_ids(-900)[0];
    let reply = |text: &str| {
        let original = json!({ "message_id": asked, "from": { "id": BOT_ID, "is_bot": true } });
        fake.message(-900, "supergroup", json!({ "text": text, "reply_to_message": original }));
    };
    // The id of the staff's message is stored a moment after it was sent; a restart must not lose it.
    tokio::time::sleep(SECOND).await;
    bot.kill();
    bot.start();
    reply("Kotak suara disimpan di gudang KPU.");
    let answer = fake.wait_sent(7, 4).await;
    assert!(text_of(&answer[3]).contains("Jawaban petugas"), "{}", text_of(&answer[3]));
    assert!(text_of(&answer[3]).contains("disimpan di gudang"), "{}", text_of(&answer[3]));
    fake.wait_sent(-900, 2).await;
    reply("Jawaban lain.");
    assert!(text_of(&fake.wait_sent(-900, 3).await[2]).contains("sudah dijawab"));
    assert_eq!(fake.sent_to(7).len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_webhook_stores_before_it_confirms_and_polling_takes_over_without_doubles() {
    let fake = FakeTelegram::start().await;
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let base = format!("http://127.0.0.1:{port}");
    let mut bot = Bot::new(&fake);
    bot.set("WEB_ADDR", &format!("127.0.0.1:{port}"));
    bot.set("WEBHOOK_URL", &format!("{base}/kait"));
    bot.set("WEBHOOK_SECRET", "rahasia_uji");
    bot.start();
    fake.wait_for(20 * SECOND, "setWebhook", |fake| {
        fake.calls("setWebhook").iter().any(|call| call.outcome == "ok")
    })
    .await;
    let set = &fake.calls("setWebhook")[0].body;
    assert_eq!(
        (set["url"].as_str(), set["secret_token"].as_str()),
        (Some(format!("{base}/kait").as_str()), Some("rahasia_uji"))
    );
    assert!(set["allowed_updates"].as_array().is_some_and(|kinds| kinds.len() == 4), "{set}");

    let update = json!({ "update_id": 500, "message": { "message_id": 1, "date": 1, "text": "apa itu DPT?",
        "chat": { "id": 7, "type": "private" }, "from": { "id": 7, "is_bot": false, "first_name": "Uji" } } });
    let client = reqwest::Client::new();
    let post = async |secret: &str| {
        let request = client.post(format!("{base}/kait")).header("X-Telegram-Bot-Api-Secret-Token", secret);
        request.json(&update).send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(post("lain").await, 401);
    assert_eq!(post("rahasia_uji").await, 200);
    fake.wait_sent(7, 1).await;
    assert_eq!(post("rahasia_uji").await, 200);

    let get = async |path: &str, host: &str| {
        let request = client.get(format!("{base}{path}")).header("Host", host);
        request.send().await.expect("an answer").status().as_u16()
    };
    for (path, host, expected) in [
        ("/healthz", "tanya.contoh.id", 200),
        ("/", "tanya.contoh.id", 404),
        ("/metrics", "tanya.contoh.id", 404),
        ("/", "127.0.0.1", 200),
        ("/metrics", "127.0.0.1", 200),
    ] {
        assert_eq!(get(path, host).await, expected, "{path} as {host}");
    }

    bot.kill();
    bot.unset("WEBHOOK_URL");
    fake.redeliver(update.clone(), 500);
    bot.start();
    fake.text(8, "apa itu DPT?");
    fake.wait_sent(8, 1).await;
    assert_eq!(fake.sent_to(7).len(), 1, "the same update was answered in both modes");
}
