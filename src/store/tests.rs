//! The store's promises, on a real database file.

use tempfile::TempDir;

use super::*;
use crate::conversation::{Block, LogRecord, OutcomeKind};

struct Fixture {
    folder: TempDir,
    store: Store,
}

async fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/uji.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    Fixture { folder, store }
}

fn update(id: i64, chat: &str) -> RawUpdate {
    RawUpdate {
        channel: "telegram".to_owned(),
        update_id: id,
        chat: chat.to_owned(),
        body: format!("rahasia-{id}"),
        received_ms: 1_000,
    }
}

fn turn(name: &str, inbox_id: Option<i64>, chat: &str) -> Turn {
    let record = LogRecord {
        kind: OutcomeKind::Answer,
        text: "apa itu DPT".to_owned(),
        entry: Some("faq#dpt".to_owned()),
        version: Some("v".to_owned()),
        topic: Some("daftar-pemilih".to_owned()),
        confidence: 0.9,
        historical: false,
        candidates: vec![("faq#dpt".to_owned(), 0.9)],
    };
    let reply = Reply { blocks: vec![Block::Short("jawaban".to_owned())], buttons: Vec::new() };
    Turn {
        elsewhere: Vec::new(),
        forward: None,
        turn: name.to_owned(),
        inbox_id,
        session: SessionKey { channel: "telegram".to_owned(), id: chat.to_owned() },
        person: format!("orang-{chat}"),
        state: Some(State { last_question: Some("dpt".to_owned()), ..State::default() }),
        effects: vec![Effect::Log(record)],
        actions: vec![Action::Erase, Action::Ask { text: "x".to_owned() }],
        outgoing: vec![Outgoing::Reply { target: serde_json::json!({}), reply, button_ids: Vec::new() }],
        now_ms: 2_000,
        latency_us: 5,
        library_state: "s".to_owned(),
    }
}

#[tokio::test]
async fn a_repeated_update_is_stored_once() {
    let Fixture { store, folder: _folder } = fixture().await;
    assert_eq!(store.receive(&[update(1, "a"), update(2, "a")]).await.unwrap(), 2);
    assert_eq!(store.receive(&[update(2, "a"), update(3, "a")]).await.unwrap(), 1);
    assert_eq!(store.last_update_id("telegram").await.unwrap(), Some(3));
}

#[tokio::test]
async fn messages_of_a_chat_are_handed_out_one_by_one_and_chats_side_by_side() {
    let Fixture { store, folder: _folder } = fixture().await;
    store.receive(&[update(1, "a"), update(2, "a"), update(3, "b")]).await.unwrap();
    let ids = |rows: &[InboxRow]| rows.iter().map(|row| row.update.update_id).collect::<Vec<_>>();
    let first = store.claim_inbox("satu", 0, 100, 10).await.unwrap();
    assert_eq!(ids(&first), [1, 3]);
    assert_eq!(
        ids(&store.claim_inbox("dua", 50, 100, 10).await.unwrap()),
        Vec::<i64>::new(),
        "leased rows stay leased"
    );
    let again = store.claim_inbox("dua", 100, 100, 10).await.unwrap();
    assert_eq!((ids(&again), again[0].attempts), (vec![1, 3], 2), "an ended lease is claimed again");
    store.commit(vec![turn("t1", Some(again[0].id), "a")]).await.unwrap();
    assert_eq!(ids(&store.claim_inbox("dua", 100, 100, 10).await.unwrap()), [2]);
}

#[tokio::test]
async fn a_turn_is_stored_whole_or_not_at_all() {
    let Fixture { store, folder: _folder } = fixture().await;
    store.receive(&[update(1, "a")]).await.unwrap();
    let row = store.claim_inbox("satu", 0, 100, 10).await.unwrap().remove(0);
    store.commit(vec![turn("t1", None, "b")]).await.unwrap();
    // The same turn id again breaks a unique key in the middle of the transaction.
    assert!(store.commit(vec![turn("t2", Some(row.id), "a"), turn("t1", None, "c")]).await.is_err());
    assert_eq!(store.query_log(&LogFilter::default()).await.unwrap().len(), 1);
    assert_eq!(store.depths().await.unwrap().inbox_pending, 1, "the message still waits for its answer");
    let key = SessionKey { channel: "telegram".to_owned(), id: "a".to_owned() };
    assert!(store.session_states(std::slice::from_ref(&key)).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_outbox_keeps_order_per_session_and_a_waiting_one_blocks_only_itself() {
    let Fixture { store, folder: _folder } = fixture().await;
    store.commit(vec![turn("t1", None, "a"), turn("t2", None, "a"), turn("t3", None, "b")]).await.unwrap();
    let turns = |rows: &[OutboxRow]| rows.iter().map(|row| row.turn.clone()).collect::<Vec<_>>();
    let rows = store.claim_outbox("satu", 0, 100, 10).await.unwrap();
    assert_eq!(turns(&rows), ["t1", "t3"]);
    store.retry_at(rows[0].id, 5_000, "429").await.unwrap();
    store.mark_sent(&[(rows[1].id, Some(77))]).await.unwrap();
    assert_eq!(turns(&store.claim_outbox("satu", 1_000, 100, 10).await.unwrap()), Vec::<String>::new());
    let rows = store.claim_outbox("satu", 5_000, 100, 10).await.unwrap();
    assert_eq!(turns(&rows), ["t1"]);
    store.mark_failed(rows[0].id, "blocked").await.unwrap();
    assert_eq!(turns(&store.claim_outbox("satu", 5_000, 100, 10).await.unwrap()), ["t2"]);
    let logged = store.query_log(&LogFilter::default()).await.unwrap();
    assert_eq!(logged.iter().find(|row| row.turn == "t3").unwrap().message_id, Some(77));
}

#[tokio::test]
async fn buttons_work_only_in_their_own_session() {
    let Fixture { store, folder: _folder } = fixture().await;
    store.commit(vec![turn("0123456789abcdef", None, "a")]).await.unwrap();
    let session = |id: &str| SessionKey { channel: "telegram".to_owned(), id: id.to_owned() };
    let id = button_id("0123456789abcdef", 1);
    assert_eq!(store.action(&id, &session("a")).await.unwrap(), Some(Action::Ask { text: "x".to_owned() }));
    assert_eq!(store.action(&id, &session("b")).await.unwrap(), None);
    for made_up in ["", "x", "0123456789abcdef99", "zzzzzzzzzzzzzzzzzz", "é€"] {
        assert_eq!(store.action(made_up, &session("a")).await.unwrap(), None, "{made_up}");
    }
}

#[tokio::test]
async fn feedback_counts_only_from_the_person_who_asked() {
    let Fixture { store, folder: _folder } = fixture().await;
    store.commit(vec![turn("t1", None, "a")]).await.unwrap();
    let judge = |name: &str, chat: &str, helpful: bool| Turn {
        effects: vec![Effect::Feedback { turn: "t1".to_owned(), helpful }],
        outgoing: Vec::new(),
        ..turn(name, None, chat)
    };
    store.commit(vec![judge("t2", "b", true)]).await.unwrap();
    assert_eq!(store.query_log(&LogFilter::default()).await.unwrap()[0].helpful, None);
    store.commit(vec![judge("t3", "a", false)]).await.unwrap();
    let filter = LogFilter { feedback: Some(false), ..LogFilter::default() };
    assert_eq!(store.query_log(&filter).await.unwrap().len(), 1);
}

#[tokio::test]
async fn erasing_leaves_nothing_of_the_person_and_others_alone() {
    let Fixture { store, folder: _folder } = fixture().await;
    store.commit(vec![turn("t1", None, "a"), turn("t2", None, "b")]).await.unwrap();
    store.commit(vec![Turn { effects: vec![Effect::Erase], ..turn("t3", None, "a") }]).await.unwrap();
    let rows = store.query_log(&LogFilter::default()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.person.as_str()).collect::<Vec<_>>(), ["orang-b"]);
    let key = SessionKey { channel: "telegram".to_owned(), id: "a".to_owned() };
    assert!(store.session_states(std::slice::from_ref(&key)).await.unwrap().is_empty());
    assert_eq!(store.action(&button_id("t1", 0), &key).await.unwrap(), None);
}

#[tokio::test]
async fn retention_is_enforced() {
    let Fixture { store, folder: _folder } = fixture().await;
    store.receive(&[update(1, "a")]).await.unwrap();
    let row = store.claim_inbox("satu", 0, 100, 10).await.unwrap().remove(0);
    store.commit(vec![turn("t1", Some(row.id), "a")]).await.unwrap();
    store.sweep(2_000 + 29 * 86_400_000, 30).await.unwrap();
    assert_eq!(store.query_log(&LogFilter::default()).await.unwrap().len(), 1);
    store.sweep(2_000 + 31 * 86_400_000, 30).await.unwrap();
    assert_eq!(store.query_log(&LogFilter::default()).await.unwrap().len(), 0);
    assert_eq!(store.receive(&[update(1, "a")]).await.unwrap(), 1, "old update numbers are forgotten");
}

#[tokio::test]
async fn the_raw_message_is_gone_from_the_file_once_answered() {
    let Fixture { store, folder } = fixture().await;
    store.receive(&[update(4242, "a")]).await.unwrap();
    let row = store.claim_inbox("satu", 0, 100, 10).await.unwrap().remove(0);
    store.commit(vec![turn("t1", Some(row.id), "a")]).await.unwrap();
    store.close().await;
    let bytes = std::fs::read(folder.path().join("uji.db")).unwrap();
    assert!(bytes.windows(7).any(|window| window == b"faq#dpt"), "the right file is looked at");
    assert!(!bytes.windows(12).any(|window| window == b"rahasia-4242"));
}

#[tokio::test]
async fn published_content_can_be_shown_again_and_keys_stay() {
    let Fixture { store, folder: _folder } = fixture().await;
    let entries = vec![("v1".to_owned(), "faq#dpt".to_owned(), "{}".to_owned())];
    store.publish("s1", "[]", &entries, 1).await.unwrap();
    store.publish("s1", "[]", &entries, 2).await.unwrap();
    assert_eq!(store.entry_version("v1").await.unwrap(), Some(("faq#dpt".to_owned(), "{}".to_owned())));
    let first = store.keys(None).await.unwrap().hash_person("telegram", "1");
    assert_eq!(store.keys(None).await.unwrap().hash_person("telegram", "1"), first);
    assert_ne!(store.keys(Some("dari lingkungan")).await.unwrap().hash_person("telegram", "1"), first);
}

#[tokio::test]
async fn a_crowded_chat_gives_up_what_is_beyond_the_limit() {
    let Fixture { store, folder: _folder } = fixture().await;
    let updates: Vec<RawUpdate> = (1..=10).map(|id| update(id, "a")).chain([update(11, "b")]).collect();
    store.receive(&updates).await.unwrap();
    let excess = store.crowd("satu", 0, 100, 4).await.unwrap();
    assert_eq!(excess.iter().map(|row| row.update.update_id).collect::<Vec<_>>(), [5, 6, 7, 8, 9, 10]);
    assert_eq!(store.claim_inbox("satu", 0, 100, 10).await.unwrap().len(), 2, "both chats go on");
}

#[tokio::test]
async fn a_database_of_the_first_release_is_brought_up_to_date_with_all_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/lama.db", folder.path().display());
    let mut first = sqlx::migrate!("src/store/migrations/sqlite");
    first.migrations = first.migrations.iter().take(1).cloned().collect::<Vec<_>>().into();
    let options = <sqlx::sqlite::SqliteConnectOptions as std::str::FromStr>::from_str(&url).unwrap();
    let old = sqlx::SqlitePool::connect_with(options.create_if_missing(true)).await.unwrap();
    first.run(&old).await.unwrap();
    for sql in [
        "INSERT INTO inbox (channel, update_id, chat, body, received_ms) VALUES ('telegram', 7, 'a', '{}', 5)",
        "INSERT INTO outbox (channel, session, turn, payload, created_ms) VALUES ('telegram', 'b', 't0', '{}', 5)",
        "INSERT INTO settings VALUES ('hash_key', 'kunci-lama-yang-panjang')",
        "INSERT INTO query_log (turn, at_ms, channel, person, kind, text, confidence, historical, candidates, latency_us, library_state)
         VALUES ('t0', 5, 'telegram', 'orang', 'answer', 'apa itu DPT', 0.9, 0, '[]', 9, 's')",
    ] {
        sqlx::query(sql).execute(&old).await.unwrap();
    }
    old.close().await;

    let store = Store::open(&url).await.unwrap();
    assert_eq!(store.query_log(&LogFilter::default()).await.unwrap()[0].text, "apa itu DPT");
    assert_eq!(store.setting("hash_key").await.unwrap().as_deref(), Some("kunci-lama-yang-panjang"));
    assert_eq!(store.claim_inbox("baru", 10, 100, 10).await.unwrap().len(), 1, "what waited is answered");
    assert_eq!(store.depths().await.unwrap().outbox_pending, 1);
    assert_eq!(
        store.withdrawals().await.unwrap(),
        Vec::<(String, String)>::new(),
        "the new tables are there"
    );
    store.close().await;
}
