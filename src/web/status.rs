//! The status page: what is live, what is wrong, what waits. For staff, from this machine only.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;

use super::Web;
use crate::answer::messages;
use crate::knowledge::Jenis;

#[derive(Template)]
#[template(path = "status.html")]
struct Page {
    office: String,
    official: bool,
    sections: Vec<Section>,
    problems: Vec<String>,
}

struct Section {
    title: &'static str,
    rows: Vec<(String, String)>,
}

pub async fn page(State(web): State<Web>) -> Response {
    let depths = match web.app.store.depths().await {
        Ok(depths) => depths,
        Err(error) => {
            tracing::error!(%error, "the status page has no figures: the store does not answer");
            return (StatusCode::SERVICE_UNAVAILABLE, messages::APOLOGY).into_response();
        }
    };
    let now_ms = Timestamp::now().as_millisecond();
    let library = web.app.live.get();
    let figures = &web.app.figures;
    let (published_ms, index_us) = figures.publication();
    let row = |name: &str, value: String| (name.to_owned(), value);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut topics: BTreeMap<String, usize> = BTreeMap::new();
    for entry in library.entries() {
        *kinds.entry(kind_name(entry.jenis)).or_default() += 1;
        let topic =
            entry.fields.topik.as_deref().map_or("tanpa topik".to_owned(), |id| library.topic_name(id));
        *topics.entry(topic).or_default() += 1;
    }
    let stages: usize = library.timelines.iter().map(|timeline| timeline.stages.len()).sum();
    let counts = |counts: Vec<(String, usize)>| {
        counts.into_iter().map(|(name, count)| (name, count.to_string())).collect()
    };
    let mut doors: Vec<(String, String)> =
        figures.doors().into_iter().map(|(name, how)| (name.to_owned(), how)).collect();
    if doors.is_empty() {
        doors.push(row("telegram", "belum terhubung, atau TELOXIDE_TOKEN belum diisi".to_owned()));
    }
    doors.push(row("kontak terakhir dengan Telegram", ago(figures.last_contact_ms(), now_ms)));
    let sections = vec![
        Section {
            title: "Pengetahuan",
            rows: vec![
                row("versi", library.state_id.clone()),
                row("dimuat", ago(Some(published_ms).filter(|ms| *ms > 0), now_ms)),
                row("waktu menyusun indeks", format!("{} ms", index_us / 1_000)),
                row("jawaban", library.entries().count().to_string()),
                row("pemilihan dan tahapan", format!("{} dan {stages}", library.timelines.len())),
            ],
        },
        Section {
            title: "Jenis",
            rows: counts(kinds.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()),
        },
        Section { title: "Topik", rows: counts(topics.into_iter().collect()) },
        Section { title: "Pintu", rows: doors },
        Section {
            title: "Antrean",
            rows: vec![
                row("pesan menunggu dijawab", depths.inbox_pending.to_string()),
                row("balasan menunggu dikirim", depths.outbox_pending.to_string()),
                row("menyala sejak", span(figures.started.elapsed().as_secs())),
            ],
        },
    ];
    let page = Page {
        office: web.app.office.display().to_owned(),
        official: web.app.office.name.is_some(),
        sections,
        problems: library.problems.iter().map(ToString::to_string).collect(),
    };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "the status page could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, messages::APOLOGY).into_response()
        }
    }
}

fn kind_name(kind: Jenis) -> &'static str {
    match kind {
        Jenis::Faq => "tanya jawab",
        Jenis::Rilis => "rilis",
        Jenis::Klarifikasi => "klarifikasi",
        Jenis::Panduan => "panduan",
        Jenis::Regulasi => "regulasi",
    }
}

fn ago(at_ms: Option<i64>, now_ms: i64) -> String {
    match at_ms {
        Some(at) => format!("{} yang lalu", span((now_ms - at).max(0).unsigned_abs() / 1_000)),
        None => "belum pernah".to_owned(),
    }
}

fn span(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} detik"),
        120..=7_199 => format!("{} menit", seconds / 60),
        7_200..=172_799 => format!("{} jam", seconds / 3_600),
        _ => format!("{} hari", seconds / 86_400),
    }
}
