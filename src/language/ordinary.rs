//! Ordinary Indonesian: words, names and acronyms outside the field that the speller must not take for slips of ours.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::lexicon::lines;
use super::stem;

static VERBS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| words(include_str!("data/verbs.txt")));

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| words(include_str!("data/ordinary.txt")));

fn words(list: &'static str) -> HashSet<&'static str> {
    lines(list).flat_map(str::split_whitespace).collect()
}

/// Whether the list holds the word itself, or the word without its clitic.
pub fn is_listed(word: &str) -> bool {
    let holds = |word: &str| WORDS.contains(word) || VERBS.contains(word);
    let clitics = ["nya", "kah", "lah", "pun", "mu", "ku"];
    holds(word) || clitics.iter().any(|clitic| word.strip_suffix(clitic).is_some_and(holds))
}

/// Whether the word is an ordinary one, with or without affixes.
pub fn is_ordinary(word: &str) -> bool {
    /// The stemmer cuts mistyped words too; what is left of them is short.
    const SHORTEST: usize = 4;
    if is_listed(word) {
        return true;
    }
    let stem = stem(word);
    stem.len() >= SHORTEST && stem != word && is_listed(&stem)
}

/// Puts the prefix back where it was written apart: *di pilih* -> *dipilih*; *di rumah* stays.
pub fn join_prefix(words: &mut Vec<String>) {
    let mut at = 0;
    while at + 1 < words.len() {
        if words[at] == "di" && takes_prefix(&words[at + 1]) {
            words[at + 1].insert_str(0, "di");
            words.remove(at);
        }
        at += 1;
    }
}

fn takes_prefix(word: &str) -> bool {
    VERBS.contains(word) || word.strip_suffix("kan").is_some_and(|root| root.len() >= 3 && is_listed(root))
}

#[cfg(test)]
mod tests {
    use super::super::normalize;
    use super::is_ordinary;

    #[test]
    fn everyday_words_and_names_are_ordinary() {
        let text = "pemilah kampung kampus surat tanah saran wali walikelas calo saksofon siska rini budi pkb psi \
                    golongan kelapa sawit tetangga kursi meja perahu nelayan menggoreng kampungku palsu malu lalu";
        for word in text.split_whitespace() {
            assert!(is_ordinary(word), "{word}");
        }
        for word in ["pemilihn", "kamapnye", "undangna", "pendaftran", "pemlih"] {
            assert!(!is_ordinary(word), "{word}");
        }
    }

    fn check(input: &str, expected: &str) {
        assert_eq!(normalize(input).join(" "), expected);
    }

    #[test]
    fn the_prefix_written_apart_is_joined_and_the_preposition_stays() {
        check("apa boleh di pilih", "apa boleh dipilih");
        check("permohonan di tolak lalu di daftarkan lagi", "permohonan ditolak lalu didaftarkan lagi");
        check(
            "di TPS di rumah di luar negeri di daftar pemilih",
            "di tps di rumah di luar negeri di daftar pemilih",
        );
        check("di penjara di kota di undang-undang pemilu", "di penjara di kota di undang pemilu");
    }
}
