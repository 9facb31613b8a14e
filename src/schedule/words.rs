//! The words of a time question in one form: `nyoblos`, `pencoblosan` and "pemungutan suara" become `coblos`.
//!
//! The vocabulary of stages is small and closed, so tables under `data/` are used instead of a stemmer: what
//! they do can be read off, and no unrelated word is ever folded into a stage name. Names in the timeline
//! files and questions go through the same function.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use rapidfuzz::distance::levenshtein;

static ROOTS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let rows = lines(include_str!("data/forms.txt")).filter_map(|line| line.split_once(':'));
    rows.flat_map(|(root, forms)| forms.split_whitespace().chain([root]).map(move |form| (form, root)))
        .collect()
});

/// Phrases and what they become; longest first, so that "pemungutan suara ulang" is not read as
/// "pemungutan suara".
static PHRASES: LazyLock<Vec<(Vec<&str>, &str)>> = LazyLock::new(|| {
    let rows = lines(include_str!("data/phrases.txt")).filter_map(|line| line.split_once('='));
    let mut phrases: Vec<(Vec<&str>, &str)> =
        rows.map(|(parts, whole)| (parts.split_whitespace().collect(), whole.trim())).collect();
    phrases.sort_by_key(|(parts, _)| std::cmp::Reverse(parts.len()));
    phrases
});

static STOP: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("data/stop.txt")).flat_map(str::split_whitespace).collect());

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The words of a text in their one form.
pub(crate) fn canon_text(text: &str) -> Vec<String> {
    canon(std::iter::once(text))
}

/// The words of a token list in their one form. Tokens may still hold hyphens or capitals.
pub(crate) fn canon<'a>(tokens: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for token in tokens {
        let lower = token.to_lowercase();
        for part in lower.split(|sign: char| !sign.is_alphanumeric()).filter(|part| !part.is_empty()) {
            let word = root(part);
            if !STOP.contains(word) {
                words.push(word.to_owned());
            }
        }
    }
    fold_phrases(words)
}

fn root(word: &str) -> &str {
    let known = |word: &str| ROOTS.get(word).copied();
    if let Some(root) = known(word) {
        return root;
    }
    for suffix in ["nya", "kah"] {
        // Short words such as "punya" and "hanya" end like this by chance.
        if let Some(stem) = word.strip_suffix(suffix).filter(|stem| stem.chars().count() >= 3) {
            return known(stem).unwrap_or(if KEEP_SUFFIX.contains(&word) { word } else { stem });
        }
    }
    word
}

const KEEP_SUFFIX: &[&str] = &["bertanya", "menanya", "langkah", "nikah", "menikah", "pernikah"];

fn fold_phrases(mut words: Vec<String>) -> Vec<String> {
    for (parts, whole) in PHRASES.iter() {
        if !words.iter().any(|word| word == parts[0]) {
            continue;
        }
        // Every phrase is longer than what replaces it or names another word, so this ends.
        while let Some(at) = words.windows(parts.len()).position(|window| window.iter().eq(parts.iter())) {
            words.splice(at..at + parts.len(), [(*whole).to_owned()]);
        }
    }
    words
}

/// The known key that a misspelt one most likely means: at most two letters apart.
pub(crate) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|key| (levenshtein::distance(word.chars(), key.chars()), *key)).min()?;
    (near.0 <= 2).then_some(near.1)
}
