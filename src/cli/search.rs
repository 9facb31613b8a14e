//! `search`: ranked retrieval over all entries, expired ones included.

use std::cmp::Ordering;

use clap::Args;
use jiff::ZonedDateTime;
use serde::Serialize;

use super::{Exit, shared};
use crate::library::Library;
use crate::search::{Place, Query};

#[derive(Debug, Args)]
pub struct SearchArgs {
    /// Tulis hasil sebagai JSON
    #[arg(long)]
    json: bool,
    /// Baca JSON lines dari masukan standar
    #[arg(long, requires = "json", conflicts_with = "text")]
    batch: bool,
    /// Berapa dokumen yang ditampilkan
    #[arg(short, value_name = "N", default_value_t = 10)]
    k: usize,
    /// Yang dicari
    #[arg(required_unless_present = "batch")]
    text: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Found {
    doc: String,
    score: f32,
}

pub fn run(args: &SearchArgs) -> anyhow::Result<Exit> {
    let config = shared::config()?;
    let now = shared::now(&config, None)?;
    let library = shared::library(&config, &now)?;
    if args.batch {
        let fine = shared::batch(
            |line| serde_json::json!({ "id": line.id, "hits": hits(&library, &line.text, args.k, &now) }),
        )?;
        return Ok(if fine { Exit::Fine } else { Exit::Finding });
    }
    let found = hits(&library, &args.text.join(" "), args.k, &now);
    if args.json {
        println!("{}", serde_json::json!({ "hits": found }));
    } else {
        for hit in found {
            println!("{:7.3}  {}", hit.score, hit.doc);
        }
    }
    Ok(Exit::Fine)
}

/// The best `k` documents, each once with its best passage; ties by id.
fn hits(library: &Library, text: &str, k: usize, now: &ZonedDateTime) -> Vec<Found> {
    let query = Query::new(&library.index, text, now.date());
    let mut found: Vec<Found> = Vec::new();
    // A document has several passages, and stages of timelines are passages too.
    let stages: usize = library.timelines.iter().map(|timeline| timeline.stages.len()).sum();
    let limit = k.saturating_mul(8).max(40).saturating_add(stages).min(library.index.len());
    for hit in library.index.search(&query, limit) {
        // Stages are no documents.
        let Place::Entry { document, .. } = hit.place else { continue };
        let doc = &library.documents[document].id;
        if found.iter().all(|known| known.doc != *doc) {
            found.push(Found { doc: doc.clone(), score: hit.score });
        }
    }
    found.sort_by(|a, b| match b.score.total_cmp(&a.score) {
        Ordering::Equal => a.doc.cmp(&b.doc),
        order => order,
    });
    found.truncate(k);
    found
}
