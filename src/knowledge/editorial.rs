//! What an editor would mark: untraced figures, contradictions, near-duplicates, long sentences, missing sources.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::check::Surroundings;
use super::registers::{untraced, vouched};
use super::{Document, Entry, Problem};

/// Longest short answer, in words.
const SHORT_WORDS: usize = 60;
/// Longest sentence, in words.
const SENTENCE_WORDS: usize = 35;

/// Marks on all documents of a folder.
pub fn check(documents: &[Document], around: &Surroundings) -> Vec<Problem> {
    let mut problems = Vec::new();
    contradictions(documents, around, &mut problems);
    shared_phrasings(documents, &mut problems);
    let vouched: HashMap<&str, BTreeSet<String>> =
        around.facts.iter().map(|(code, fact)| (code.as_str(), vouched(fact))).collect();
    for document in documents {
        for entry in &document.entries {
            reading(document, entry, &mut problems);
            // A base that keeps facts also keeps sources; a bare folder of texts is not nagged.
            if !around.facts.is_empty() {
                sourced(document, entry, &mut problems);
                traced(document, entry, around, &vouched, &mut problems);
            }
        }
    }
    problems
}

/// An entry that is neither superseded nor expired.
fn live(document: &Document, entry: &Entry, around: &Surroundings) -> bool {
    let superseded = around
        .known_elsewhere
        .iter()
        .any(|other| other.menggantikan.iter().any(|(old, _)| *old == entry.id || *old == document.id));
    !superseded && entry.fields.berlaku_sampai.is_none_or(|last| last >= around.today)
}

/// Equal keys of `fakta` with different values in two live entries.
fn contradictions(documents: &[Document], around: &Surroundings, problems: &mut Vec<Problem>) {
    let mut first: HashMap<&str, (&str, &Document, &Entry)> = HashMap::new();
    for document in documents {
        for entry in &document.entries {
            if entry.fields.fakta.is_empty() || !live(document, entry, around) {
                continue;
            }
            for (key, value) in &entry.fields.fakta {
                let known = first.entry(key).or_insert((value, document, entry));
                if known.0 != value {
                    problems.push(Problem::error(
                        &document.path,
                        entry.line,
                        format!(
                            "fakta \"{key}\" di sini {value}, tetapi {} di {}:{}. Betulkan yang salah, atau beri \"berlaku_sampai\" pada yang lama.",
                            known.0, known.1.path, known.2.line
                        ),
                    ));
                }
            }
        }
    }
}

/// The same question, word for word or but for small words, in two entries.
fn shared_phrasings(documents: &[Document], problems: &mut Vec<Problem>) {
    let mut first: BTreeMap<String, (&Document, &Entry)> = BTreeMap::new();
    for document in documents {
        for entry in &document.entries {
            for asked in std::iter::once(&entry.title).chain(&entry.phrasings) {
                let mut words = crate::language::normalize(asked);
                words.sort_unstable();
                words.dedup();
                let key = words.join(" ");
                if key.is_empty() || !entry.heading.is_empty() {
                    continue;
                }
                let (other, twin) = *first.entry(key).or_insert((document, entry));
                // Passages of one guide or release share its title; equal titles of questions are an error of their own.
                let titles = *asked == entry.title && same_words(&twin.title, asked);
                if twin.id != entry.id && !titles {
                    problems.push(Problem::warning(
                        &document.path,
                        entry.line,
                        format!(
                            "\"{asked}\" hampir sama dengan pertanyaan di {}:{}. Bedakan, atau gabungkan jawabannya.",
                            other.path, twin.line
                        ),
                    ));
                }
            }
        }
    }
}

fn same_words(one: &str, other: &str) -> bool {
    crate::language::normalize(one) == crate::language::normalize(other)
}

/// Length of the short answer and of sentences.
fn reading(document: &Document, entry: &Entry, problems: &mut Vec<Problem>) {
    let mut warn = |message: String| problems.push(Problem::warning(&document.path, entry.line, message));
    let words = entry.short.split_whitespace().count();
    if words > SHORT_WORDS && entry.heading.is_empty() {
        warn(format!(
            "jawaban singkat {words} kata. Pindahkan sebagian ke bawah satu baris kosong (batas {SHORT_WORDS})."
        ));
    }
    let body = entry.body();
    let longest = body
        .split(['\n', '!', '?'])
        .flat_map(|line| line.split(". "))
        .map(|sentence| sentence.split_whitespace().count())
        .max()
        .unwrap_or(0);
    if longest > SENTENCE_WORDS {
        warn(format!("ada kalimat {longest} kata. Pecah menjadi dua (batas {SENTENCE_WORDS})."));
    }
}

/// A source or a legal basis.
fn sourced(document: &Document, entry: &Entry, problems: &mut Vec<Problem>) {
    if entry.fields.sumber.is_empty() && entry.fields.dasar_hukum.is_none() {
        let message = "belum ada sumber. Isi \"sumber\" atau \"dasar_hukum\".";
        problems.push(Problem::warning(&document.path, entry.line, message));
    }
}

/// Every number and date must stand in a fact that the entry names.
fn traced(
    document: &Document,
    entry: &Entry,
    around: &Surroundings,
    vouched: &HashMap<&str, BTreeSet<String>>,
    problems: &mut Vec<Problem>,
) {
    let codes = &entry.fields.rujukan;
    if codes.is_empty() {
        return;
    }
    let mut warn = |message: String| problems.push(Problem::warning(&document.path, entry.line, message));
    for code in codes {
        match around.facts.get(code) {
            None => warn(format!(
                "rujukan \"{code}\" tidak ada di folder fakta. Periksa kodenya, atau tulis faktanya di sana."
            )),
            Some(fact) if !fact.verified() => {
                warn(format!("fakta {code} belum diverifikasi. Verifikasi dulu, atau jangan dipakai."));
            }
            Some(_) => {}
        }
    }
    let text = format!(
        "{}\n{}\n{}\n{}",
        entry.title,
        entry.heading,
        entry.body(),
        entry.fields.dasar_hukum.as_deref().unwrap_or_default()
    );
    let facts: Vec<&BTreeSet<String>> = codes.iter().filter_map(|code| vouched.get(code.as_str())).collect();
    let missing = untraced(&text, &facts);
    if !missing.is_empty() {
        warn(format!(
            "angka atau tanggal ini tidak ada di fakta rujukannya: {}. Tambahkan rujukan yang benar, atau betulkan angkanya.",
            missing.join(", ")
        ));
    }
}
