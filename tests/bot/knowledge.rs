//! Knowledge files: what staff write, what `check` says of it, and what goes live.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use tanya_pemilu::knowledge::parse::{Format, document};
use tanya_pemilu::knowledge::{Document, Jenis, Severity};
use tanya_pemilu::library::Library;
use tanya_pemilu::publish::Folders;

const TODAY: Date = date(2026, 11, 23);

fn parsed(text: &str) -> Document {
    let (document, problems) = document("uji.md", "uji", Format::Markdown, text);
    assert_eq!(problems, [], "no problems expected");
    document.expect("a document")
}

/// Writes the files into a fresh folder and gives `check`'s lines, each without the folder's path.
fn check(files: &[(&str, &[u8])], expected: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("the folder");
        fs::write(path, bytes).expect("the file");
    }
    let mut read = Folders::new(vec![folder.path().to_owned()]);
    read.refresh();
    let prefix = format!("{}/", folder.path().display());
    let lines: Vec<String> =
        read.parts(TODAY).problems.iter().map(|p| p.to_string().replace(&prefix, "")).collect();
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for expected in expected {
        assert!(
            lines.iter().any(|line| line.starts_with(expected)),
            "no line starts with {expected:?} in {lines:#?}"
        );
    }
}

const GOOD: &[u8] =
    b"---\njudul: Contoh\njenis: faq\n---\n\n## Apa itu DPT?\n\nDPT adalah daftar pemilih tetap.\n";

#[test]
fn a_faq_gives_one_entry_per_question() {
    let document = parsed(
        "---\njudul: Pindah memilih\njenis: faq\ntopik: pindah\nwilayah: 72.71\n---\n\n## Bagaimana caranya?\n\nkunci: cara\n\
         tanya:\n  - gmn caranya\n  - \"cara: urus pindah\"\nberlaku_sampai: 2024-01-15\n\nDatang ke **PPS**.\n\n- satu\n\n- dua\n\n## Syarat?\nSyarat: KTP.\n",
    );
    let [first, second] = document.entries.as_slice() else { panic!("two entries") };
    assert_eq!((first.id.as_str(), first.title.as_str()), ("uji#cara", "Bagaimana caranya?"));
    assert_eq!(first.phrasings, ["gmn caranya", "cara: urus pindah"]);
    assert_eq!((first.short.as_str(), first.details.as_str()), ("Datang ke **PPS**.", "- satu\n\n- dua"));
    assert_eq!(first.fields.berlaku_sampai, Some(date(2024, 1, 15)));
    assert_eq!(first.fields.wilayah.as_deref(), Some("72.71"));
    assert_eq!(
        (second.id.as_str(), second.short.as_str()),
        ("uji#syarat", "Syarat: KTP."),
        "answer text is not a field"
    );
    assert_eq!(second.fields.berlaku_sampai, None, "a field of one entry is not inherited by the next");
}

#[test]
fn a_long_release_is_cut_into_passages_that_keep_their_heading() {
    let paragraph = "Kalimat tentang pelatihan humas di Palu. ".repeat(20);
    let text = format!(
        "---\njudul: Rilis\n---\n\nPembuka.\n\n## Isi\n\n{paragraph}\n\n{paragraph}\n\n{paragraph}\n"
    );
    let document = parsed(&text);
    assert_eq!(document.entries[0].short, "Pembuka.");
    let passages: Vec<_> = document.entries.iter().filter(|entry| entry.heading == "Isi").collect();
    assert!(passages.len() > 1);
    let whole: String = passages.iter().map(|entry| entry.body()).collect();
    assert_eq!(whole.matches("pelatihan humas").count(), 60, "nothing is dropped");
    let ids: std::collections::BTreeSet<_> = document.entries.iter().map(|entry| &entry.id).collect();
    assert_eq!(ids.len(), document.entries.len());
}

#[test]
fn plain_text_has_a_title_line_or_else_its_file_name() {
    let titled =
        document("a.txt", "a", Format::Text, "Jadwal rapat\n\nRapat hari Senin.\n").0.expect("a document");
    assert_eq!(
        (titled.title.as_str(), titled.entries[0].body().as_str()),
        ("Jadwal rapat", "Rapat hari Senin.")
    );
    let untitled = document("b.txt", "folder/rapat-pleno", Format::Text, "Baris satu.\nBaris dua.\n")
        .0
        .expect("a document");
    assert_eq!(
        (untitled.title.as_str(), untitled.entries[0].body().as_str()),
        ("rapat pleno", "Baris satu.\nBaris dua.")
    );
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_fine() {
    let text =
        "\u{feff}---\r\njudul: Contoh\r\njenis: faq\r\n---\r\n\r\n## Apa?\r\n\r\nIni.\r\n\r\nRincian.\r\n";
    let document = parsed(text);
    assert_eq!(
        (document.entries[0].short.as_str(), document.entries[0].details.as_str()),
        ("Ini.", "Rincian.")
    );
}

#[test]
fn the_version_changes_with_the_content_and_not_with_the_place() {
    let version = |text: &str| parsed(text).entries[0].version.clone();
    let base = version("---\njudul: A\njenis: faq\n---\n## Apa?\n\nIni.\n");
    assert_eq!(base.len(), 16);
    assert_eq!(base, version("---\njudul: A\njenis: faq\n---\n\n\n\n## Apa?\n\nIni.\n"));
    assert_ne!(base, version("---\njudul: A\njenis: faq\n---\n## Apa?\n\nItu.\n"));
}

#[test]
fn every_problem_is_reported_at_once_with_its_line() {
    check(
        &[
            ("baik.md", GOOD),
            ("bukan-utf8.md", b"---\njudul: x\n---\n\nbaris\n\xff\xfe\n"),
            ("kosong.md", b""),
            ("tanpa-judul.md", b"---\njenis: faq\n---\n## Apa?\n\nIni.\n"),
            ("tanggal.md", b"---\njudul: T\ndiperiksa: 2029-02-31\nberlaku_mulai: 2024-05-02\nberlaku_sampai: 2024-05-01\n---\nIsi.\n"),
            ("kunci.md", b"---\njudul: K\njudl: K\n---\nIsi.\n"),
            ("ganti.md", b"---\njudul: G\nmenggantikan: tidak/ada\n---\nIsi.\n"),
            ("tautan.md", b"---\njudul: L\n---\nLihat [ini](lain.md) dan [itu](baik.md).\n"),
            ("jawaban.md", b"---\njudul: J\njenis: faq\n---\n## Siapa?\n\n## Di mana?\n\nDi sini.\n"),
            ("sumber.md", b"---\njudul: S\nsumber:\n  - judul: KPU\n    url: kpu.go.id\n---\nIsi.\n"),
            ("tutup.md", b"---\njudul: terbuka\n\nIsi.\n"),
            ("gambar.png", b"\x89PNG"),
        ],
        &[
            "bukan-utf8.md:6: error: huruf di baris ini bukan UTF-8",
            "kosong.md:1: error: berkas kosong",
            "tanpa-judul.md:1: error: \"judul\" belum diisi",
            "tanggal.md:3: error: tanggal \"2029-02-31\"",
            "tanggal.md:5: error: \"berlaku_sampai\" lebih awal",
            "kunci.md:3: warning: kunci \"judl\" tidak dikenal dan diabaikan. Maksudnya \"judul\"?",
            "ganti.md:3: error: \"menggantikan\" menunjuk \"tidak/ada\"",
            "tautan.md:4: error: tautan \"lain.md\"",
            "jawaban.md:5: error: \"Siapa?\" belum ada jawabannya",
            "sumber.md:5: error: alamat \"kpu.go.id\" bukan tautan",
            "tutup.md:1: error: bagian keterangan di awal berkas tidak ditutup",
            "gambar.png:1: warning: jenis berkas ini belum bisa dibaca",
        ],
    );
}

#[test]
fn duplicates_are_errors_that_name_the_other_place() {
    check(
        &[
            ("a.md", GOOD),
            ("b.md", b"---\njudul: B\nid: a\n---\nIsi.\n"),
            ("c.md", b"---\njudul: C\njenis: faq\n---\n## APA itu dpt ?\n\nLain.\n"),
            ("d.md", b"---\njudul: D\njenis: faq\n---\n## Apa?\nkunci: x\n\nSatu.\n\n## Siapa?\nkunci: x\n\nDua.\n"),
        ],
        &[
            "b.md:1: error: id \"a\" sudah dipakai",
            "c.md:5: error: pertanyaan ini sama dengan",
            "d.md:10: error: kunci \"x\" dipakai dua kali",
        ],
    );
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let large = vec![b'a'; 2 * 1024 * 1024 + 1];
    check(&[("besar.txt", &large), ("baik.md", GOOD)], &["besar.txt:1: error: berkas terlalu besar"]);
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("the file");
}

#[test]
fn a_broken_edit_keeps_the_last_good_version_and_a_removed_file_is_gone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut read = Folders::new(vec![folder.path().to_owned()]);
    let answer =
        |read: &Folders| Library::build(read.parts(TODAY)).entry("a#apa").map(|entry| entry.short.clone());
    write(folder.path(), "a.md", "---\njudul: A\njenis: faq\n---\n## Apa?\n\nSatu.\n");
    assert!(read.refresh());
    assert!(!read.refresh(), "nothing changed");
    assert_eq!(answer(&read).as_deref(), Some("Satu."));

    write(
        folder.path(),
        "a.md",
        "---\njudul: A\njenis: faq\ndiperiksa: 2029-02-31\n---\n## Apa?\n\nDua yang rusak.\n",
    );
    assert!(read.refresh());
    assert_eq!(answer(&read).as_deref(), Some("Satu."), "the last good version keeps answering");
    assert!(read.parts(TODAY).problems.iter().any(|problem| problem.severity == Severity::Error));

    write(folder.path(), "a.md", "---\njudul: A\njenis: faq\n---\n## Apa?\n\nTiga, sudah baik lagi.\n");
    assert!(read.refresh());
    assert_eq!(answer(&read).as_deref(), Some("Tiga, sudah baik lagi."));

    fs::remove_file(folder.path().join("a.md")).expect("removed");
    assert!(read.refresh());
    assert_eq!(answer(&read), None);
}

#[test]
fn a_later_folder_overlays_an_earlier_one_by_entry() {
    let base = tempfile::tempdir().expect("a temporary folder");
    let own = tempfile::tempdir().expect("a temporary folder");
    write(base.path(), "a.md", "---\njudul: A\njenis: faq\n---\n## Satu?\n\nLama.\n\n## Dua?\n\nTetap.\n");
    write(own.path(), "a.md", "---\njudul: A\njenis: faq\n---\n## Satu?\n\nBaru.\n");
    let folders: Vec<PathBuf> = vec![base.path().to_owned(), own.path().to_owned()];
    let mut read = Folders::new(folders);
    read.refresh();
    let library = Library::build(read.parts(TODAY));
    assert_eq!(library.problems, []);
    let short = |id: &str| library.entry(id).map(|entry| entry.short.as_str());
    assert_eq!((short("a#satu"), short("a#dua")), (Some("Baru."), Some("Tetap.")));
}

#[test]
fn the_shipped_knowledge_has_no_error() {
    let mut read = Folders::new(vec![PathBuf::from("knowledge")]);
    read.refresh();
    let parts = read.parts(TODAY);
    let errors: Vec<String> =
        parts.problems.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect();
    assert_eq!(errors, Vec::<String>::new());
    let entries: usize = parts.documents.iter().map(|document| document.entries.len()).sum();
    let of = |jenis: Jenis| -> usize {
        let documents = parts.documents.iter().filter(|document| document.jenis == jenis);
        documents.map(|document| document.entries.len()).sum()
    };
    assert!(of(Jenis::Faq) >= 300, "only {} FAQ entries", of(Jenis::Faq));
    assert!(of(Jenis::Klarifikasi) >= 30, "only {} clarifications", of(Jenis::Klarifikasi));
    let longer = [Jenis::Rilis, Jenis::Panduan, Jenis::Regulasi];
    let files = parts.documents.iter().filter(|document| longer.contains(&document.jenis)).count();
    assert!(files >= 25, "only {files} releases, guides and summaries of regulations");
    assert_eq!(parts.problems, [], "the shipped base gives no warning either, untraced figures included");
    for entry in parts.documents.iter().flat_map(|document| &document.entries) {
        let fields = &entry.fields;
        assert!(!fields.rujukan.is_empty(), "{}: no facts", entry.id);
        assert!(fields.diperiksa.is_some(), "{}: never checked", entry.id);
        assert!(fields.berlaku_mulai.is_some() || fields.pemilihan.is_some(), "{}: no validity", entry.id);
        assert!(
            fields.sumber.iter().all(|source| source.url.is_some()),
            "{}: a source without address",
            entry.id
        );
        let phrasings = entry.phrasings.len();
        assert!(
            entry.jenis != Jenis::Faq || (3..=50).contains(&phrasings),
            "{}: {phrasings} phrasings",
            entry.id
        );
    }
    assert!(entries > 0);
}
