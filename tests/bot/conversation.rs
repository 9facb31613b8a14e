//! The conversation as a citizen meets it, on the shipped knowledge.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use tanya_pemilu::answer::messages::Office;
use tanya_pemilu::answer::plain;
use tanya_pemilu::conversation::{Action, Effect, Message, Outcome, State, Surroundings, respond};
use tanya_pemilu::library::Library;
use tanya_pemilu::publish::{load_library, recorded};

/// A chat on a fixed day.
struct Chat {
    library: Library,
    office: Office,
    now: jiff::ZonedDateTime,
    state: State,
    last: Outcome,
    turns: usize,
    recorded: Vec<(String, String, String)>,
}

impl Chat {
    fn new() -> Self {
        let now: Timestamp = "2026-11-23T09:00:00+08:00".parse().expect("a constant");
        let now = now.to_zoned_datetime(TimeZone::get("Asia/Makassar").expect("bundled"));
        let library = load_library(&[PathBuf::from("knowledge")], now.date());
        let office = Office { name: None, region: "72".to_owned(), retention_days: 365 };
        Chat {
            recorded: recorded(&library, &office),
            library,
            office,
            now,
            state: State::default(),
            last: Outcome::default(),
            turns: 0,
        }
    }

    fn send(&mut self, message: Message) -> String {
        self.turns += 1;
        let turn = format!("t{}", self.turns);
        let around = Surroundings {
            library: &self.library,
            now: &self.now,
            office: &self.office,
            turn: &turn,
            reachable: false,
        };
        self.last = respond(&self.state, &message, &around);
        self.state = self.last.state.clone();
        self.can_be_shown_again();
        plain(&self.last.reply)
    }

    /// Whatever a logged turn showed stands, under the logged version, in what publishing records.
    fn can_be_shown_again(&self) {
        for effect in &self.last.effects {
            let Effect::Log(record) = effect else { continue };
            let (entry, version) = (record.entry.as_deref(), record.version.as_deref());
            // The two menus that are made of the library's own titles.
            if matches!(entry, Some("pesan:isi-topik" | "pesan:tahapan")) {
                continue;
            }
            let found = self.recorded.iter().any(|(known, id, _)| {
                Some(known.as_str()) == version && entry.is_some_and(|entry| entry.starts_with(id.as_str()))
            });
            assert!(found, "{entry:?} in version {version:?} is not recorded");
        }
    }

    fn say(&mut self, text: &str) -> String {
        self.send(Message::Text(text.to_owned()))
    }

    /// Presses the first button whose label contains `part`.
    fn press(&mut self, part: &str) -> String {
        let button =
            self.last.reply.buttons.iter().flatten().find(|button| button.label.contains(part)).cloned();
        let labels: Vec<&str> =
            self.last.reply.buttons.iter().flatten().map(|button| button.label.as_str()).collect();
        let action: Action = button.unwrap_or_else(|| panic!("no button {part:?} among {labels:?}")).action;
        self.send(Message::Tap(action))
    }
}

/// Each message's reply must contain the text beside it.
fn check(script: &[(&str, &str)]) {
    let mut chat = Chat::new();
    for (message, expected) in script {
        let reply = match message.strip_prefix("[") {
            Some(button) => chat.press(button.trim_end_matches(']')),
            None => chat.say(message),
        };
        assert!(reply.contains(expected), "{message:?} -> {reply:?}, expected {expected:?}");
    }
}

#[test]
fn commands_have_their_texts() {
    check(&[
        ("/start", "bukan kanal resmi"),
        ("/bantuan", "/topik"),
        ("/topik", "Pilih topik"),
        ("/hak", "Hak Anda"),
        ("/tahapan", "Pemilu"),
        ("/privasi", "365 hari"),
        ("/hapusdata", "Lanjutkan?"),
        ("[Ya, hapus", "sudah dihapus"),
        ("/tidakada", "tidak ada"),
        ("/tanya", "Tulis pertanyaannya"),
        ("/start@TanyaPemiluBot", "Tanya Pemilu"),
    ]);
}

#[test]
fn a_topic_leads_to_its_questions_and_an_answer_to_feedback() {
    check(&[
        ("/topik", "Pilih topik"),
        ("[Pindah memilih", "Pilih pertanyaan"),
        ("[alasan", "Diperiksa"),
        ("[Kurang", "Apa yang kurang?"),
        ("[Sulit dipahami", "Masukan Anda"),
    ]);
}

#[test]
fn a_reason_can_be_typed_and_a_new_question_is_not_taken_for_one() {
    check(&[
        ("jam berapa TPS buka", "07.00"),
        ("[Kurang", "Apa yang kurang?"),
        ("jamnya tidak lengkap", "Masukan Anda"),
    ]);
    check(&[
        ("jam berapa TPS buka", "07.00"),
        ("[Kurang", "Apa yang kurang?"),
        ("apa itu coklit?", "pencocokan dan penelitian"),
    ]);
}

#[test]
fn not_meant_shows_the_runners_up() {
    let mut chat = Chat::new();
    chat.say("batas waktu pindah memilih pilkada 2024");
    let reply = chat.press("Bukan itu");
    assert!(reply.contains("Mungkin salah satu ini"), "{reply}");
    assert!(chat.last.effects.iter().any(|effect| matches!(effect, Effect::Feedback { helpful: false, .. })));
}

#[test]
fn past_rules_are_answered_as_past() {
    check(&[
        ("batas pindah memilih pemilu 2024", "15 Januari 2024"),
        ("kapan coblosan pilkada kemarin?", "27 November 2024"),
        ("kapan pemilu?", "belum ditetapkan"),
        ("berapa hari lagi pemilu", "Belum bisa dihitung"),
    ]);
}

#[test]
fn neutral_calm_and_honest() {
    check(&[
        ("pilih siapa ya enaknya capres nanti?", "netral"),
        ("siapa yang bakal menang pilkada?", "netral"),
        ("halo min", "selamat datang"),
        ("makasih ya", "Sama-sama"),
        ("harga beras hari ini berapa?", "di luar"),
    ]);
    let mut chat = Chat::new();
    let reply = chat.say("cek nik 7271036203920001 saya nyoblos di tps mana");
    assert!(!reply.contains("7271036203920001"), "{reply}");
}

#[test]
fn content_that_cannot_be_read_and_unknown_buttons_get_a_kind_word() {
    let mut chat = Chat::new();
    assert!(chat.send(Message::Unreadable("foto Anda".to_owned())).contains("foto Anda"));
    assert!(chat.send(Message::UnknownTap).contains("Tombol itu sudah lama"));
    let gone = Message::Tap(Action::Show { entry: "tidak/ada#lagi".to_owned() });
    assert!(chat.send(gone).contains("sudah tidak ada"));
}

#[test]
fn an_answer_is_an_entry_byte_for_byte() {
    let mut chat = Chat::new();
    let reply = chat.say("apa itu coklit?");
    let entry = chat.state.last_entry.clone().expect("an answer");
    let entry = chat.library.entry(&entry).expect("the entry");
    assert!(reply.contains(&entry.short) && reply.contains(&entry.details), "{reply}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_gets_a_reply(texts in proptest::collection::vec("(?s).{0,60}", 1..4)) {
        thread_local! { static CHAT: std::cell::RefCell<Chat> = std::cell::RefCell::new(Chat::new()); }
        CHAT.with_borrow_mut(|chat| {
            for text in texts {
                let reply = chat.say(&text);
                assert!(!reply.is_empty(), "{text:?} got nothing");
            }
        });
    }
}
