//! The text of one knowledge file to a [`Document`]. Never touches the disk; nothing written is dropped.

use super::fields::{self, Block, ENTRY_KEYS};
use super::{Document, Entry, Jenis, Problem, Topic, slug};

/// Longest passage of a release, in characters; longer ones are cut between paragraphs.
const PASSAGE_CHARS: usize = 1_200;
/// A first line up to this length, followed by a blank line, is the title of a plain text file.
const TITLE_CHARS: usize = 120;

/// How a file is read, by its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Markdown,
    Text,
    Toml,
}

/// Turns the text of one file into a document, with every problem found on the way.
/// `id` is the path below its folder without extension.
pub fn document(path: &str, id: &str, format: Format, text: &str) -> (Option<Document>, Vec<Problem>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    match format {
        Format::Text => plain(path, id, &text),
        _ => markdown(path, id, &text),
    }
}

/// Reads `topik.toml`: the topics that citizens can browse.
pub fn topics(path: &str, text: &str) -> (Vec<Topic>, Vec<Problem>) {
    #[derive(serde::Deserialize)]
    struct File {
        #[serde(default)]
        topik: Vec<Topic>,
    }
    let way_out =
        "daftar topik tidak terbaca. Setiap [[topik]] perlu id, nama, dan kelompok (tahapan atau hak).";
    match super::registers::read::<File>(path, text, way_out) {
        Ok(file) => (file.topik, Vec::new()),
        Err(problem) => (Vec::new(), vec![problem]),
    }
}

fn plain(path: &str, id: &str, text: &str) -> (Option<Document>, Vec<Problem>) {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| !line.trim().is_empty());
    let Some(first) = first else {
        return (
            None,
            vec![Problem::error(path, 1, "berkas kosong. Isi dengan teks, atau hapus berkasnya.")],
        );
    };
    let short_title = lines[first].trim().chars().count() <= TITLE_CHARS;
    let blank_after = lines.get(first + 1).is_some_and(|line| line.trim().is_empty());
    let has_body = lines[first + 1..].iter().any(|line| !line.trim().is_empty());
    let (title, body, line) = if short_title && blank_after && has_body {
        (lines[first].trim().to_owned(), lines[first + 1..].join("\n"), first + 2)
    } else {
        let name = id.rsplit('/').next().unwrap_or(id).replace(['-', '_'], " ");
        (name, lines[first..].join("\n"), first + 1)
    };
    let front = Block { judul: Some(title), ..Block::default() };
    let mut problems = Vec::new();
    let sections = vec![Section { heading: None, line, body }];
    let document = assemble(path, id, front, sections, &mut problems);
    (document, problems)
}

struct Section {
    heading: Option<String>,
    line: usize,
    body: String,
}

fn markdown(path: &str, id: &str, text: &str) -> (Option<Document>, Vec<Problem>) {
    let mut problems = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let (front, body_start) = front_matter(path, &lines, &mut problems);
    let Some(mut front) = front else { return (None, problems) };
    if front.judul.is_none() {
        problems.push(Problem::error(
            path,
            1,
            "\"judul\" belum diisi. Tambahkan baris \"judul: …\" di antara dua garis \"---\" di awal berkas.",
        ));
        front.judul = Some(id.rsplit('/').next().unwrap_or(id).replace(['-', '_'], " "));
    }
    if let (Some(from), Some(to)) = (front.fields.berlaku_mulai, front.fields.berlaku_sampai)
        && to < from
    {
        problems.push(before_start(path, front.berlaku_line.unwrap_or(1)));
    }
    let sections = sections(&lines, body_start);
    let document = assemble(path, id, front, sections, &mut problems);
    (document, problems)
}

fn before_start(path: &str, line: usize) -> Problem {
    Problem::error(
        path,
        line,
        "\"berlaku_sampai\" lebih awal daripada \"berlaku_mulai\". Tukar atau perbaiki tanggalnya.",
    )
}

/// The block between two `---` lines at the start, and the index of the first line after it.
fn front_matter(path: &str, lines: &[&str], problems: &mut Vec<Problem>) -> (Option<Block>, usize) {
    if lines.first().is_none_or(|line| line.trim_end() != "---") {
        if lines.iter().all(|line| line.trim().is_empty()) {
            problems.push(Problem::error(path, 1, "berkas kosong. Isi dengan teks, atau hapus berkasnya."));
            return (None, 0);
        }
        return (Some(Block::default()), 0);
    }
    match lines.iter().skip(1).position(|line| line.trim_end() == "---") {
        Some(end) => {
            let block = fields::read(path, &lines[1..=end].join("\n"), 2, fields::DOCUMENT_KEYS, problems);
            (Some(block), end + 2)
        }
        None => {
            problems.push(Problem::error(
                path,
                1,
                "bagian keterangan di awal berkas tidak ditutup. Tambahkan satu baris \"---\" sesudah keterangan.",
            ));
            (None, lines.len())
        }
    }
}

/// Cuts at `#` and `##` headings outside code fences.
fn sections(lines: &[&str], start: usize) -> Vec<Section> {
    let mut sections = vec![Section { heading: None, line: start + 1, body: String::new() }];
    let mut fenced = false;
    for (index, line) in lines.iter().enumerate().skip(start) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        let heading = line.strip_prefix("## ").or_else(|| line.strip_prefix("# "));
        match heading {
            Some(heading) if !fenced => {
                let heading = heading.trim().trim_end_matches('#').trim().to_owned();
                sections.push(Section { heading: Some(heading), line: index + 1, body: String::new() });
            }
            _ => {
                // `sections` starts with one element and only grows.
                if let Some(section) = sections.last_mut() {
                    section.body.push_str(line);
                    section.body.push('\n');
                }
            }
        }
    }
    sections
}

fn assemble(
    path: &str,
    id: &str,
    front: Block,
    sections: Vec<Section>,
    problems: &mut Vec<Problem>,
) -> Option<Document> {
    let id = front.id.clone().unwrap_or_else(|| id.to_owned());
    let jenis = front.jenis.unwrap_or_default();
    let title = front.judul.clone().unwrap_or_default();
    let mut document = Document {
        id,
        path: path.to_owned(),
        title,
        jenis,
        fields: front.fields.clone(),
        menggantikan: front.menggantikan.clone(),
        entries: Vec::new(),
    };
    let mut keys: Vec<String> = Vec::new();
    let last = sections.len() - 1;
    for (index, section) in sections.into_iter().enumerate() {
        if section.body.trim().is_empty() {
            // A title line of its own above the first question is fine; an unanswered question is not.
            let title_only = section.heading.is_none()
                || (index == 1 && last > 1 && section.heading.as_deref() == Some(document.title.as_str()));
            if !title_only {
                let heading = section.heading.unwrap_or_default();
                problems.push(empty_answer(path, section.line, &heading));
            }
            continue;
        }
        read_section(path, &mut document, &front, section, &mut keys, problems);
    }
    if document.entries.is_empty() && !problems.iter().any(|p| p.path == path && p.line > 1) {
        problems.push(Problem::error(
            path,
            1,
            "tidak ada isi yang bisa dijawabkan. Tulis teks di bawah bagian keterangan.",
        ));
    }
    Some(document)
}

fn empty_answer(path: &str, line: usize, heading: &str) -> Problem {
    Problem::error(
        path,
        line,
        format!(
            "\"{heading}\" belum ada jawabannya. Tulis jawaban di bawahnya, dipisah satu baris kosong dari keterangan."
        ),
    )
}

fn read_section(
    path: &str,
    document: &mut Document,
    front: &Block,
    section: Section,
    keys: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) {
    let (block, body, has_block) = field_block(path, &section, problems);
    if body.trim().is_empty() {
        problems.push(empty_answer(
            path,
            section.line,
            section.heading.as_deref().unwrap_or(&document.title),
        ));
        return;
    }
    let fields = document.fields.overlaid(&block.fields);
    if let (Some(from), Some(to)) = (fields.berlaku_mulai, fields.berlaku_sampai)
        && to < from
        && block.berlaku_line.is_some()
    {
        problems.push(before_start(path, block.berlaku_line.unwrap_or(section.line)));
    }
    document.menggantikan.extend(block.menggantikan.clone());
    let heading = section.heading.clone().unwrap_or_default();
    let is_question =
        document.jenis == Jenis::Faq && section.heading.is_some() || has_block || heading.ends_with('?');
    let parts = if is_question { vec![body.trim().to_owned()] } else { passages(&body) };
    for (index, part) in parts.into_iter().enumerate() {
        let wanted = match (&block.kunci, section.heading.is_some()) {
            (Some(key), _) => slug(key),
            (None, true) => slug(&heading),
            (None, false) => "isi".to_owned(),
        };
        let mut key = if index == 0 { wanted.clone() } else { format!("{wanted}-{}", index + 1) };
        if keys.contains(&key) {
            if block.kunci.is_some() {
                problems.push(Problem::error(
                    path,
                    section.line,
                    format!(
                        "kunci \"{key}\" dipakai dua kali di berkas ini. Beri kunci lain pada salah satunya."
                    ),
                ));
                continue;
            }
            if is_question {
                problems.push(Problem::error(
                    path,
                    section.line,
                    format!("pertanyaan \"{heading}\" ditulis dua kali di berkas ini. Gabungkan, atau beri \"kunci\" yang berbeda."),
                ));
                continue;
            }
            let mut next = 2;
            while keys.contains(&format!("{wanted}-{next}")) {
                next += 1;
            }
            key = format!("{wanted}-{next}");
        }
        keys.push(key.clone());
        let (short, details) = first_paragraph(&part);
        let mut phrasings = block.tanya.clone();
        if document.entries.is_empty() && !is_question {
            phrasings.extend(front.tanya.iter().cloned());
        }
        let (entry_title, entry_heading) = if is_question {
            (heading.clone(), String::new())
        } else {
            (document.title.clone(), heading.clone())
        };
        let entry = Entry {
            id: format!("{}#{key}", document.id),
            version: String::new(),
            title: entry_title,
            heading: entry_heading,
            phrasings,
            short,
            details,
            fields: fields.clone(),
            jenis: document.jenis,
            line: section.line,
        };
        document.entries.push(entry.with_version());
    }
}

/// Takes the field block from the start of a section: `key: value` lines up to the first blank line.
///
/// It is one only when its first key is a known key, or within two typing errors of one; anything else is
/// answer text, so that an answer that begins with "Syarat: …" loses nothing.
fn field_block(path: &str, section: &Section, problems: &mut Vec<Problem>) -> (Block, String, bool) {
    let lines: Vec<&str> = section.body.lines().collect();
    let Some(start) = lines.iter().position(|line| !line.trim().is_empty()) else {
        return (Block::default(), section.body.clone(), false);
    };
    let first_key = lines[start].split(':').next().unwrap_or_default();
    let looks_like_key = lines[start].contains(':')
        && !first_key.is_empty()
        && first_key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let known = ENTRY_KEYS.contains(&first_key) || fields::nearest(first_key, ENTRY_KEYS).is_some();
    if section.heading.is_none() || !looks_like_key || !known {
        return (Block::default(), section.body.clone(), false);
    }
    let end =
        lines[start..].iter().position(|line| line.trim().is_empty()).map_or(lines.len(), |n| start + n);
    let block =
        fields::read(path, &lines[start..end].join("\n"), section.line + 1 + start, ENTRY_KEYS, problems);
    (block, lines[end..].join("\n"), true)
}

/// The first paragraph and the rest, both as written.
fn first_paragraph(text: &str) -> (String, String) {
    let text = text.trim();
    match text.split_once("\n\n") {
        Some((short, details)) => (short.trim_end().to_owned(), details.trim().to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

/// Cuts a long text between paragraphs into passages of at most about [`PASSAGE_CHARS`].
fn passages(body: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for paragraph in body.trim().split("\n\n") {
        let paragraph = paragraph.trim_matches('\n');
        if paragraph.trim().is_empty() {
            continue;
        }
        match out.last_mut() {
            Some(last) if last.chars().count() + paragraph.chars().count() <= PASSAGE_CHARS => {
                last.push_str("\n\n");
                last.push_str(paragraph);
            }
            _ => out.push(paragraph.to_owned()),
        }
    }
    out
}
