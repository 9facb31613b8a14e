//! Spoken and playful spellings by rule: *ngehapusin*, *kecoblos*, *c0blos*, *oentoek*, *tidaq*, *pemilluu*.
//!
//! The lists name the common forms one by one; the rules here reach the rest. A rule's result counts only when it is a
//! word that some list knows, so an unknown name stays as it is.

use super::lexicon::is_known;
use super::ordinary::is_ordinary;
use super::stem::is_protected;

/// The standard word that an unknown token stands for.
pub fn plain(token: &str) -> Option<String> {
    /// Shorter results are reached by chance.
    const SHORTEST: usize = 3;
    if token.len() < SHORTEST || !token.is_ascii() || is_field_word(token) || is_ordinary(token) {
        return None;
    }
    let respelled = [letters_for_digits(token), old_spelling(token), final_q(token), single_letters(token)];
    let found = respelled.into_iter().flatten().find(|word| word.len() >= SHORTEST && is_field_word(word));
    found.or_else(|| if token.bytes().all(|b| b.is_ascii_lowercase()) { root(token) } else { None })
}

/// A word of the lists that speak of our subject. Ordinary words do not count: reaching them by rule turned other people's
/// questions into ours.
fn is_field_word(word: &str) -> bool {
    is_known(word) || is_protected(word)
}

/// `c0blos` -> `coblos`. A digit at the end is a number: `c6`, `dp4`, `putaran2`.
fn letters_for_digits(token: &str) -> Option<String> {
    let letters = token.bytes().filter(u8::is_ascii_alphabetic).count();
    let ends_in_letter = token.bytes().last().is_some_and(|b| b.is_ascii_alphabetic());
    if letters < 2 || letters == token.len() || !ends_in_letter {
        return None;
    }
    let meant = |c: char| match c {
        '0' => Some('o'),
        '1' => Some('i'),
        '3' => Some('e'),
        '4' => Some('a'),
        '5' => Some('s'),
        c => c.is_ascii_alphabetic().then_some(c),
    };
    token.chars().map(meant).collect()
}

/// The spelling before 1972: `oentoek` -> `untuk`, `djalan` -> `jalan`, `tjoblos` -> `coblos`.
fn old_spelling(token: &str) -> Option<String> {
    let new = token.replace("oe", "u").replace("dj", "j").replace("tj", "c");
    (new != token).then_some(new)
}

/// `bapaq` -> `bapak`.
fn final_q(token: &str) -> Option<String> {
    token.strip_suffix('q').map(|rest| format!("{rest}k"))
}

/// `pemilluu` -> `pemilu`.
fn single_letters(token: &str) -> Option<String> {
    /// Among shorter words, doubled letters tell words apart.
    const SHORTEST: usize = 6;
    if token.len() < SHORTEST {
        return None;
    }
    let mut single = String::with_capacity(token.len());
    for c in token.chars() {
        if !single.ends_with(c) {
            single.push(c);
        }
    }
    (single != token).then_some(single)
}

/// The root of a colloquial form: `ngehapusin` -> `hapus`, `nyuap` -> `suap`, `ditolakin` -> `ditolak`; `kepilih`
/// is *terpilih*, not *pilih*.
fn root(token: &str) -> Option<String> {
    /// Shorter roots would be found in any name.
    const SHORTEST: usize = 4;
    let usable = |word: &String| word.len() >= SHORTEST && is_field_word(word);
    let bare = token.strip_suffix("in").unwrap_or(token);
    let mut forms: Vec<String> = Vec::new();
    let mut form = |prefix: &str, replacement: &str| {
        if let Some(rest) = bare.strip_prefix(prefix) {
            forms.push(format!("{replacement}{rest}"));
        }
    };
    form("nge", "");
    form("ny", "s");
    form("ny", "c");
    form("ng", "");
    form("ng", "k");
    if bare != token {
        form("", "");
        if let Some(rest) = bare.strip_prefix("di").filter(|rest| usable(&(*rest).to_owned())) {
            forms.push(format!("di{rest}"));
            return forms.pop();
        }
    }
    if let Some(found) = forms.into_iter().find(usable) {
        return Some(found);
    }
    let fallen = token.strip_prefix("ke").map(str::to_owned).filter(usable)?;
    let result = format!("ter{fallen}");
    is_field_word(&result).then_some(result)
}

#[cfg(test)]
mod tests {
    use super::super::{normalize, stem};

    fn check(input: &str, expected: &str) {
        assert_eq!(normalize(input).join(" "), expected);
    }

    #[test]
    fn digits_old_spelling_and_doubled_letters() {
        check("p3milu c0blos 4pa", "pemilu coblos apa");
        check("Soelawesi oentoek bapaq tidaq", "sulawesi untuk bapak tidak");
        check("pemilluu pemiluuuu massa", "pemilu pemilu massa");
    }

    #[test]
    fn colloquial_affixes_meet_their_standard_forms() {
        for (spoken, standard) in [
            ("daftarin", "daftarkan"),
            ("dicoblosin", "dicoblos"),
            ("ngecek", "mengecek"),
            ("ngelapor", "melapor"),
            ("nyoblos", "mencoblos"),
            ("nyuap", "menyuap"),
            ("ngehapusin", "menghapus"),
            ("ditolakin", "ditolak"),
            ("kepilih", "terpilih"),
        ] {
            assert_eq!(stem(&normalize(spoken).join(" ")), stem(standard), "{spoken}");
        }
    }

    #[test]
    fn names_forms_and_standard_words_stay() {
        check("arifin samsudin yakin izin mungkin jamin", "arifin samsudin yakin izin mungkin jamin");
        check("c1 c6 a5 dp4 3x24 sp4n", "c1 c6 a5 dp4 3x24 sp4n");
        check("ketiga keempat kelas nyaman ngeri", "ketiga keempat kelas nyaman ngeri");
    }
}
