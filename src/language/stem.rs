//! Stems: Snowball Indonesian (BSD), with the field's own words protected.
//!
//! *pemilu* must never become *pilu*, and *pemilih*, *pemilihan*, *terpilih*, *pilihan* stay apart.

use std::collections::HashMap;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::Indonesian));

static PROTECTED: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("data/protected.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| match line.split_once('\t') {
            Some((word, stem)) => (word.trim(), stem.trim()),
            None => (line, line),
        })
        .collect()
});

/// Whether the word stands in the list of words with a stem of their own.
pub fn is_protected(word: &str) -> bool {
    PROTECTED.contains_key(word)
}

/// The stem of a normalised word. `-nya`, `-kah`, `-lah` are taken off before protection is looked up, so
/// *pemilunya* is *pemilu* too.
pub fn stem(word: &str) -> String {
    if let Some(stem) = PROTECTED.get(word) {
        return (*stem).to_owned();
    }
    for suffix in ["nya", "kah", "lah", "pun", "mu", "ku"] {
        if let Some(bare) = word.strip_suffix(suffix)
            && let Some(stem) = PROTECTED.get(bare)
        {
            return (*stem).to_owned();
        }
    }
    if word.len() < 4 || word.chars().any(|c| c.is_ascii_digit()) {
        return word.to_owned();
    }
    let stemmed = STEMMER.stem(word);
    if stemmed.len() < 3 { word.to_owned() } else { stemmed.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn the_fields_own_words_stay_apart() {
        assert_eq!(stem("pemilu"), "pemilu");
        assert_eq!(stem("pemilunya"), "pemilu");
        let apart = ["pemilih", "pemilihan", "terpilih", "pilihan"].map(stem);
        for (index, one) in apart.iter().enumerate() {
            assert!(!apart[index + 1..].contains(one), "{one} twice in {apart:?}");
        }
    }

    #[test]
    fn ordinary_words_lose_their_affixes() {
        assert_eq!(stem("mengumumkan"), stem("diumumkan"));
        assert_eq!(stem("mencoblos"), stem("nyoblos"));
    }

    #[test]
    fn the_verb_is_one_word_and_apart_from_its_nouns() {
        assert_eq!(stem("memilih"), stem("dipilih"));
        for noun in ["pemilih", "pemilihan", "terpilih", "pilihan", "pemilu", "pilu"] {
            assert_ne!(stem(noun), stem("memilih"), "{noun}");
        }
        assert_ne!(stem("pemilu"), stem("pilu"));
    }
}
