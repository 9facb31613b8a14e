//! Looks at all documents together and reports every problem at once, each with the way out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use regex::Regex;

use super::registers::Fact;
use super::{Document, Entry, Problem, Topic, editorial};

/// What the documents are checked against.
pub struct Surroundings<'a> {
    pub elections: Vec<&'a str>,
    pub topics: &'a [Topic],
    /// All knowledge files, as shown to staff; targets of relative links.
    pub paths: &'a BTreeSet<String>,
    /// Documents of all folders; `menggantikan` may name any of them.
    pub known_elsewhere: &'a [Document],
    /// Facts by code; none: figures are not traced.
    pub facts: &'a BTreeMap<String, Fact>,
    /// In the office's time zone.
    pub today: Date,
}

/// Every problem that only shows when all documents are seen together.
pub fn check(documents: &[Document], around: &Surroundings) -> Vec<Problem> {
    let mut problems = Vec::new();
    duplicate_documents(documents, &mut problems);
    duplicate_questions(documents, &mut problems);
    superseded(documents, around, &mut problems);
    for document in documents {
        links(document, around, &mut problems);
        for entry in &document.entries {
            fields(document, entry, around, &mut problems);
        }
    }
    problems.extend(editorial::check(documents, around));
    problems.sort_by(|a, b| (&a.path, a.line, a.severity).cmp(&(&b.path, b.line, b.severity)));
    problems.dedup();
    problems
}

fn duplicate_documents(documents: &[Document], problems: &mut Vec<Problem>) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    for document in documents {
        if let Some(other) = first.insert(&document.id, &document.path) {
            problems.push(Problem::error(
                &document.path,
                1,
                format!(
                    "id \"{}\" sudah dipakai {other}. Beri \"id\" lain, atau ganti nama berkas.",
                    document.id
                ),
            ));
        }
    }
}

/// Two entries that ask the same about the same election and region would answer each other's questions.
fn duplicate_questions(documents: &[Document], problems: &mut Vec<Problem>) {
    /// Question in normalised words, election, region.
    type Asked<'a> = (String, Option<&'a str>, Option<&'a str>);
    let mut first: HashMap<Asked, (&Document, &Entry)> = HashMap::new();
    for document in documents {
        for entry in
            document.entries.iter().filter(|entry| entry.heading.is_empty() && entry.title.ends_with('?'))
        {
            let words = crate::language::normalize(&entry.title).join(" ");
            let key = (words, entry.fields.pemilihan.as_deref(), entry.fields.wilayah.as_deref());
            if let Some((other, twin)) = first.insert(key, (document, entry)) {
                problems.push(Problem::error(
                    &document.path,
                    entry.line,
                    format!(
                        "pertanyaan ini sama dengan {}:{}. Gabungkan keduanya, atau bedakan pemilihan atau wilayahnya.",
                        other.path, twin.line
                    ),
                ));
            }
        }
    }
}

fn superseded(documents: &[Document], around: &Surroundings, problems: &mut Vec<Problem>) {
    let known: BTreeSet<&str> = around
        .known_elsewhere
        .iter()
        .flat_map(|document| {
            std::iter::once(document.id.as_str()).chain(document.entries.iter().map(|e| e.id.as_str()))
        })
        .collect();
    for document in documents {
        for (target, line) in &document.menggantikan {
            if !known.contains(target.as_str()) {
                problems.push(Problem::error(
                    &document.path,
                    *line,
                    format!("\"menggantikan\" menunjuk \"{target}\" yang tidak ada. Periksa id-nya (berkas#kunci)."),
                ));
            }
        }
    }
}

fn fields(document: &Document, entry: &Entry, around: &Surroundings, problems: &mut Vec<Problem>) {
    let fields = &entry.fields;
    let warn = |line: usize, message: String| Problem::warning(&document.path, line, message);
    if let Some(election) = fields.pemilihan.as_deref()
        && !around.elections.is_empty()
        && !around.elections.contains(&election)
    {
        problems.push(warn(
            entry.line,
            format!(
                "pemilihan \"{election}\" tidak ada di berkas tahapan. Yang ada: {}.",
                around.elections.join(", ")
            ),
        ));
    }
    if let Some(topic) = fields.topik.as_deref()
        && !around.topics.is_empty()
        && around.topics.iter().all(|known| known.id != topic)
    {
        problems.push(warn(
            entry.line,
            format!("topik \"{topic}\" tidak ada di topik.toml. Periksa ejaannya, atau tambahkan."),
        ));
    }
    if let Some(review) = fields.tinjau_ulang
        && review < around.today
    {
        problems.push(warn(
            entry.line,
            format!("tanggal tinjau ulang ({review}) sudah lewat. Periksa isinya, lalu perbarui tanggalnya."),
        ));
    }
    if let Some(code) = fields.wilayah.as_deref()
        && !code.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
    {
        problems.push(Problem::error(
            &document.path,
            entry.line,
            format!("wilayah \"{code}\" bukan kode wilayah. Tulis kodenya, misalnya \"72\" (Sulawesi Tengah) atau \"72.71\" (Kota Palu)."),
        ));
    }
}

/// Relative links must lead to a file of the knowledge folders.
fn links(document: &Document, around: &Surroundings, problems: &mut Vec<Problem>) {
    // A constant pattern, covered by tests.
    let Ok(pattern) = Regex::new(r"\]\(([^)\s]+)\)") else { return };
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for entry in &document.entries {
        for capture in pattern.captures_iter(&entry.body()) {
            let target = &capture[1];
            if target.contains("://") || target.starts_with('#') || target.starts_with("mailto:") {
                continue;
            }
            let target_file = target.split('#').next().unwrap_or(target);
            if !around.paths.contains(&resolve(folder, target_file)) {
                problems.push(Problem::error(
                    &document.path,
                    entry.line,
                    format!("tautan \"{target}\" tidak menuju berkas yang ada. Periksa nama berkasnya, atau tulis alamat lengkap https://…"),
                ));
            }
        }
    }
}

/// `a/b` and `../c.md` -> `a/c.md`.
fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
