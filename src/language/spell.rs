//! Typing errors, mended against the index's own vocabulary.
//!
//! Only words that neither the index nor any word list knows are touched. Candidates come from a table of
//! one-letter deletions (symmetric delete, W. Garbe 2012), which finds every single error and many double ones.

use std::collections::HashMap;

use rapidfuzz::distance::osa;

use super::distance::cost;
use super::lexicon::{self, skeleton};
use super::ordinary::is_ordinary;
use super::regions::is_region_word;
use super::stem;

/// The words of an index with their frequencies, and the deletion table over them.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: Vec<(Box<str>, u32)>,
    ids: HashMap<Box<str>, u32>,
    stems: HashMap<Box<str>, ()>,
    deletions: HashMap<u64, Vec<u32>>,
    /// Consonants of a word -> the words that have them in that order.
    skeletons: HashMap<Box<str>, Vec<u32>>,
}

/// Shorter words have too many neighbours to be corrected: an acronym is never corrected into another.
const SHORTEST: usize = 5;
/// Fewer consonants say too little.
const SHORTEST_SKELETON: usize = 3;
/// How many times as often a word must be used as the next one with the same three consonants.
const STANDS_OUT: u32 = 2;
/// A slip that costs no more is explained by the keyboard or the ear.
const LIKELY_SLIP: f32 = 0.6;
const FIRST_LETTER: f32 = 0.3;
/// What a word gains for the natural logarithm of its frequency.
const OFTEN: f32 = 0.05;
/// From this length on two errors are mended.
const TWO_ERRORS: usize = 8;

impl Vocabulary {
    /// Builds the table from normalised words; repeats count as frequency.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut counts: HashMap<String, u32> = HashMap::new();
        for word in words {
            *counts.entry(word.to_owned()).or_default() += 1;
        }
        Self::counted(counts)
    }

    /// Builds the table from words with their frequencies.
    pub fn counted(counts: HashMap<String, u32>) -> Self {
        let mut words: Vec<(Box<str>, u32)> =
            counts.into_iter().map(|(word, count)| (word.into(), count)).collect();
        words.sort();
        let mut vocabulary = Vocabulary::default();
        for (id, (word, _)) in words.iter().enumerate() {
            let id = u32::try_from(id).unwrap_or(u32::MAX);
            vocabulary.ids.insert(word.clone(), id);
            vocabulary.stems.insert(stem(word).into(), ());
            if word.len() > SHORTEST_SKELETON && word.chars().all(char::is_alphabetic) {
                vocabulary.skeletons.entry(skeleton(word).into()).or_default().push(id);
            }
            if is_correctable(word) {
                for key in deletions(word) {
                    vocabulary.deletions.entry(key).or_default().push(id);
                }
            }
        }
        vocabulary.words = words;
        vocabulary
    }

    /// Whether the index holds the word or its stem.
    pub fn knows(&self, word: &str) -> bool {
        self.ids.contains_key(word) || self.stems.contains_key(stem(word).as_str())
    }

    /// The nearest word of the index, when `word` is unknown and near enough to one.
    pub fn correct(&self, word: &str) -> Option<String> {
        let length = word.chars().count();
        if !word.chars().all(char::is_alphabetic) || lexicon::is_known(word) || self.knows(word) {
            return None;
        }
        // Another subject's words are no slips of ours: *calo* is not *calon*, *siska* is not *siswa*.
        if is_ordinary(word) || is_region_word(word) {
            return None;
        }
        if let Some(whole) = self.with_vowels(word) {
            return Some(whole);
        }
        if length + 1 < SHORTEST {
            return None;
        }
        let allowed = if length >= TWO_ERRORS { 2 } else { 1 };
        let errors = osa::BatchComparator::new(word.chars());
        let within = osa::Args::default().score_cutoff(allowed);
        let mut best: Option<(f32, u32)> = None;
        // A candidate shares several deletions with the word.
        let mut near: Vec<u32> =
            deletions(word).filter_map(|key| self.deletions.get(&key)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        for id in near {
            let (candidate, count) = &self.words[id as usize];
            if errors.distance_with_args(candidate.chars(), &within).is_none() {
                continue;
            }
            let mut cost = cost(word, candidate);
            // A wrong first letter is rare; a short word that differs there is another word, unless the finger or
            // the ear explains it.
            if word.chars().next() != candidate.chars().next() {
                if length < TWO_ERRORS && cost > LIKELY_SLIP {
                    continue;
                }
                cost += FIRST_LETTER;
            }
            // Errors first; of words as likely, the one used more.
            cost -= OFTEN * (*count as f32).ln();
            if best.is_none_or(|(known, known_id)| cost < known || (cost == known && id < known_id)) {
                best = Some((cost, id));
            }
        }
        best.map(|(_, id)| self.words[id as usize].0.to_string())
    }

    /// The word that was written without some of its vowels: *pmlh*, *dmksd*, *kmpanye*.
    fn with_vowels(&self, word: &str) -> Option<String> {
        let consonants = skeleton(word);
        if consonants.len() < SHORTEST_SKELETON {
            return None;
        }
        let of = |id: &u32| (&*self.words[*id as usize].0, self.words[*id as usize].1);
        let candidates = self.skeletons.get(consonants.as_str())?.iter().map(of);
        let mut whole: Vec<(&str, u32)> = candidates
            .filter(|(candidate, _)| candidate.len() > word.len() && holds(candidate, word))
            .collect();
        whole.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        match whole.as_slice() {
            [] => None,
            // Three consonants stand for many words; then one must stand out.
            [(first, count), (_, second), ..] => (consonants.len() > SHORTEST_SKELETON
                || *count >= second * STANDS_OUT)
                .then(|| (*first).to_owned()),
            [(first, _)] => Some((*first).to_owned()),
        }
    }
}

fn is_correctable(word: &str) -> bool {
    word.chars().count() >= SHORTEST && word.chars().all(char::is_alphabetic)
}

/// Whether the letters of `part` stand in `whole` in that order.
fn holds(whole: &str, part: &str) -> bool {
    let mut letters = whole.chars();
    part.chars().all(|letter| letters.any(|own| own == letter))
}

/// Hashes of the word and of the word without each of its letters.
fn deletions(word: &str) -> impl Iterator<Item = u64> + '_ {
    let whole = std::iter::once(fnv(word.bytes()));
    let shorter = word
        .char_indices()
        .map(|(at, c)| fnv(word.bytes().take(at).chain(word.bytes().skip(at + c.len_utf8()))));
    whole.chain(shorter)
}

/// FNV-1a: short keys, no allocation, the same on every machine.
pub fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;

    fn check(word: &str, expected: Option<&str>) {
        let text = "pemilihan pemilihan kampanye pendaftaran undangan kpu kpk dpt palu suara";
        let vocabulary = Vocabulary::new(text.split(' '));
        assert_eq!(vocabulary.correct(word).as_deref(), expected, "{word}");
    }

    #[test]
    fn unknown_words_find_their_neighbour() {
        check("kamapnye", Some("kampanye"));
        check("undangna", Some("undangan"));
        check("pendaftran", Some("pendaftaran"));
    }

    #[test]
    fn dropped_vowels_come_back() {
        check("kmpnye", Some("kampanye"));
        check("pemlhan", Some("pemilihan"));
    }

    #[test]
    fn the_keyboard_and_the_ear_explain_a_wrong_first_letter() {
        check("jampanye", Some("kampanye"));
        check("zuara", Some("suara"));
        check("tuara", None);
    }

    #[test]
    fn known_words_and_acronyms_are_left_alone() {
        check("kampanye", None);
        check("kpj", None);
        check("dpr", None);
        check("palsu", None);
    }

    #[test]
    fn acronyms_one_edit_apart_stay_apart() {
        let vocabulary = Vocabulary::new("kpu dpt dpd ppk kpps pilkada palu pemilih calon siswa".split(' '));
        for word in "kpk dpr dps dpk pps pilkades palsu lalu perlu malu".split(' ') {
            assert_eq!(vocabulary.correct(word), None, "{word}");
        }
    }

    #[test]
    fn ordinary_words_and_names_are_not_corrected() {
        let index = "pemilih pemilik calon siswa rinci bupati sampul dukung ganjar suara surat kampanye saksi sanksi wakil \
                     pantau bilik partai paslon undang tinta jari kartu pasti markas kompas petugas daftar formulir";
        let vocabulary = Vocabulary::new(index.split_whitespace());
        let ordinary = "pemilah pemalu pemulung calo cawan siska rini rina budi kampung kampus saran sara sari wali walikelas \
                        saksofon sangsi santai suaka surau suram surai pantai rantai panti bilah bisik partikel pasta pasti \
                        markus kampas petani petaka petinju dukun dukuh ganja ganjal tinja tinju jaring jurus kantor kartun \
                        karton undak udang undur sampan sampah wakaf wajik kampanil bupatinya formula forum dagang \
                        dapur darah sawit lampu lapar";
        for word in ordinary.split_whitespace() {
            assert_eq!(vocabulary.correct(word), None, "{word}");
        }
    }
}
