//! Time and memory of a question, on the shipped base and with 10,000 generated passages beside it.
//!
//! `cargo bench --bench ask`. One thread. The ratio compares the whole path (text in, reply built) with a plain
//! Tantivy top-10 query on the same index, question by question, in the same run.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;
use tanya_pemilu::answer::messages::Office;
use tanya_pemilu::ask::ask;
use tanya_pemilu::eval::Question;
use tanya_pemilu::knowledge::parse::{Format, document};
use tanya_pemilu::library::Library;
use tanya_pemilu::publish::Folders;
use tanya_pemilu::search::Query;

const GENERATED: usize = 10_000;

fn main() {
    let now = "2026-11-23T09:00:00+08:00".parse::<Timestamp>().expect("a constant");
    let now = now.to_zoned_datetime(jiff::tz::TimeZone::get("Asia/Makassar").expect("bundled"));
    let office = Office { name: None, region: "72".to_owned(), retention_days: 365 };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let questions = questions(root);
    for generated in [0, GENERATED] {
        let start = Instant::now();
        let mut folders = Folders::new(vec![root.join("knowledge")]);
        folders.refresh();
        let mut parts = folders.parts(now.date());
        let read = start.elapsed();
        for number in 0..generated {
            let text = passage(number);
            let id = format!("buatan/{number}");
            parts.documents.extend(document(&id, &id, Format::Markdown, &text).0);
        }
        let start = Instant::now();
        let library = Library::build(parts);
        let built = start.elapsed();
        let mut whole: Vec<f64> = Vec::new();
        let mut plain: Vec<f64> = Vec::new();
        let mut ratios: Vec<f64> = Vec::new();
        for round in 0..6 {
            for question in &questions {
                let start = Instant::now();
                std::hint::black_box(ask(&library, &office, &now, &[], question));
                let asked = start.elapsed().as_secs_f64() * 1e6;
                let prepared = library.index.prepare(&Query::new(&library.index, question, now.date()));
                let start = Instant::now();
                std::hint::black_box(library.index.plain_prepared(&prepared, 10));
                let searched = start.elapsed().as_secs_f64() * 1e6;
                // The first round warms caches.
                if round > 0 && searched > 0.0 {
                    whole.push(asked);
                    plain.push(searched);
                    ratios.push(asked / searched);
                }
            }
        }
        println!(
            "{} passages ({generated} generated), {} questions: read {:.0} ms, index built {:.0} ms, resident {} MB",
            library.index.len(),
            questions.len(),
            read.as_secs_f64() * 1e3,
            built.as_secs_f64() * 1e3,
            resident_mb()
        );
        println!(
            "  whole answer    p50 {:7.1} us   p99 {:7.1} us",
            at(&mut whole, 0.5),
            at(&mut whole, 0.99)
        );
        println!(
            "  plain top 10    p50 {:7.1} us   p99 {:7.1} us",
            at(&mut plain, 0.5),
            at(&mut plain, 0.99)
        );
        println!("  ratio           p50 {:7.2}", at(&mut ratios, 0.5));
    }
}

fn questions(root: &Path) -> Vec<String> {
    let file: PathBuf = root.join("tests/eval/tune.jsonl");
    let text = fs::read_to_string(file).expect("the labelled questions");
    text.lines()
        .filter_map(|line| serde_json::from_str::<Question>(line).ok())
        .filter(|question| question.context.is_none())
        .map(|question| question.text)
        .collect()
}

/// A made-up release of about eighty words over a vocabulary of some thousand, the same at every run.
fn passage(number: usize) -> String {
    const WORDS: [&str; 40] = [
        "rapat",
        "pleno",
        "logistik",
        "gudang",
        "petugas",
        "kelurahan",
        "kecamatan",
        "sosialisasi",
        "pemilih",
        "pemula",
        "jadwal",
        "tahapan",
        "verifikasi",
        "berkas",
        "rekapitulasi",
        "saksi",
        "kotak",
        "bilik",
        "distribusi",
        "anggaran",
        "laporan",
        "evaluasi",
        "kerja",
        "sama",
        "media",
        "kampus",
        "simulasi",
        "pelatihan",
        "koordinasi",
        "data",
        "daftar",
        "wilayah",
        "pengawas",
        "peserta",
        "dokumen",
        "publik",
        "layanan",
        "kantor",
        "warga",
        "panduan",
    ];
    let mut seed = number as u64 * 0x9e37_79b9_7f4a_7c15 + 1;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let mut text = format!("---\njudul: Rilis kegiatan nomor {number}\n---\n\n");
    for place in 0..80 {
        let word = WORDS[(next() % 40) as usize];
        let suffix = next() % 60;
        if next() % 3 == 0 {
            text.push_str(&format!("{word}{}", ["a", "i", "u", "an", "kan"][(suffix % 5) as usize]));
        } else {
            text.push_str(word);
        }
        if next() % 7 == 0 {
            text.push_str(&format!(" nama{}", next() % 4_000));
        }
        text.push_str(if place % 12 == 11 { ". " } else { " " });
    }
    text
}

fn at(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get(((last as f64) * share).round() as usize).copied().unwrap_or_default()
}

/// Resident memory as Linux reports it; 0 elsewhere.
fn resident_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).map_or(0, |kb| kb / 1024)
}
