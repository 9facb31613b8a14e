//! Rewrites questions as people type them: chat words, typing errors, abbreviations.
//!
//! Made by rule and by a short table of its own, not from the word lists of `language`, so that it also makes forms that
//! no list knows. The same text and seed always give the same rewriting.

use crate::random::Random;

/// How a question is rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Clean,
    Slang,
    Typo,
    Abbreviated,
}

impl Style {
    pub const ALL: [Style; 4] = [Style::Clean, Style::Slang, Style::Typo, Style::Abbreviated];

    pub fn name(self) -> &'static str {
        match self {
            Style::Clean => "clean",
            Style::Slang => "slang",
            Style::Typo => "typo",
            Style::Abbreviated => "abbr",
        }
    }
}

/// The text in that style.
pub fn rewrite(text: &str, style: Style, seed: u64) -> String {
    let mut random = Random::new(
        seed ^ text.bytes().fold(17_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())),
    );
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    match style {
        Style::Clean => text.to_owned(),
        Style::Slang => words.iter().map(|word| slang(word)).collect::<Vec<_>>().join(" "),
        Style::Typo => typos(words, &mut random).join(" "),
        Style::Abbreviated => words.iter().map(|word| abbreviated(word)).collect::<Vec<_>>().join(" "),
    }
}

const SLANG: &[(&str, &str)] = &[
    ("bagaimana", "gimana"),
    ("mengapa", "knapa"),
    ("apakah", "apa"),
    ("tidak", "kagak"),
    ("sudah", "udah"),
    ("saja", "aja"),
    ("hanya", "cuman"),
    ("yang", "yg"),
    ("dengan", "ama"),
    ("seperti", "kaya"),
    ("untuk", "buat"),
    ("sangat", "bgt"),
    ("besar", "gede"),
    ("ingin", "pgn"),
    ("orang", "org"),
    ("adalah", "tuh"),
    ("siapa", "sapa"),
    ("berapa", "brapa"),
    ("memakai", "make"),
    ("membuat", "bikin"),
    ("menggunakan", "pake"),
    ("disebut", "dibilang"),
    ("bernama", "namanya"),
    ("teman", "temen"),
    ("benar", "bener"),
    ("malam", "malem"),
    ("pakai", "pake"),
    ("sampai", "nyampe"),
    ("kalau", "klo"),
    ("itu", "tu"),
];

const SHORT: &[(&str, &str)] = &[
    ("apa", "ap"),
    ("siapa", "sp"),
    ("itu", "tu"),
    ("nama", "nm"),
    ("tahun", "thn"),
    ("tanggal", "tgl"),
    ("berapa", "brp"),
    ("bagaimana", "bgmn"),
    ("mengapa", "mngp"),
    ("kapan", "kpn"),
    ("dimana", "dmn"),
    ("mana", "mn"),
    ("yang", "yg"),
    ("dengan", "dgn"),
    ("untuk", "utk"),
    ("pada", "pd"),
    ("dari", "dr"),
    ("dalam", "dlm"),
    ("oleh", "olh"),
    ("atau", "ato"),
    ("dan", "dn"),
    ("dapat", "dpt"),
    ("bisa", "bs"),
    ("tidak", "tdk"),
    ("sudah", "sdh"),
    ("belum", "blm"),
    ("karena", "krn"),
    ("sebagai", "sbg"),
    ("jumlah", "jml"),
    ("dimaksud", "dmksd"),
    ("disebut", "dsbt"),
    ("menurut", "mnrt"),
    ("pertama", "prtm"),
    ("orang", "org"),
    ("negara", "ngr"),
    ("kota", "kt"),
    ("saja", "sj"),
    ("juga", "jg"),
    ("lebih", "lbh"),
    ("banyak", "bnyk"),
    ("sekarang", "skrg"),
    ("adalah", "adl"),
    ("terhadap", "thd"),
    ("antara", "antr"),
    ("sebelum", "sblm"),
    ("sesudah", "ssdh"),
    ("jelaskan", "jlskan"),
];

/// A word without the punctuation at its end, in lower case, and that punctuation.
fn split(word: &str) -> (String, &str) {
    let end = word.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    (word[..end].to_lowercase(), &word[end..])
}

/// Everyday Jakarta forms: a word of its own, `-kan` to `-in`, `me(N)-` to its bare nasal.
fn slang(word: &str) -> String {
    let (bare, rest) = split(word);
    if let Some((_, other)) = SLANG.iter().find(|(standard, _)| *standard == bare) {
        return format!("{other}{rest}");
    }
    let mut spoken = bare.clone();
    let verb = spoken.starts_with("me") || spoken.starts_with("di");
    if verb && let Some(stem) = spoken.strip_suffix("kan").filter(|stem| stem.len() > 5) {
        spoken = format!("{stem}in");
    }
    let nasal = ["meng", "meny", "men", "mem"].iter().find(|prefix| spoken.starts_with(**prefix));
    if let Some(prefix) = nasal.filter(|prefix| spoken.len() > prefix.len() + 3) {
        let tail = &spoken[prefix.len()..];
        let vowel = tail.starts_with(['a', 'e', 'i', 'o', 'u']);
        spoken = match (*prefix, vowel) {
            ("meng", _) => format!("ng{tail}"),
            ("meny", _) => format!("ny{tail}"),
            (_, true) => format!("{}{tail}", &prefix[2..]),
            _ => format!("nge{tail}"),
        };
    }
    if spoken == bare { word.to_owned() } else { format!("{spoken}{rest}") }
}

fn abbreviated(word: &str) -> String {
    let (bare, rest) = split(word);
    match SHORT.iter().find(|(standard, _)| *standard == bare) {
        Some((_, short)) => format!("{short}{rest}"),
        None => word.to_owned(),
    }
}

/// One or two errors in words of five letters or more.
fn typos(mut words: Vec<String>, random: &mut Random) -> Vec<String> {
    let mut long: Vec<usize> =
        (0..words.len()).filter(|at| split(&words[*at]).0.chars().count() >= 5).collect();
    for _ in 0..1 + random.below(2) {
        if long.is_empty() {
            break;
        }
        let at = long.swap_remove(random.below(long.len()));
        words[at] = typo(&words[at], random);
    }
    words
}

/// Keys beside each other on a keyboard, row by row.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

fn typo(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = random.below(letters.len());
    match random.below(4) {
        0 if at + 1 < letters.len() => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letters[at]),
        _ => {
            let lower = letters[at].to_ascii_lowercase();
            let row = ROWS.iter().find_map(|row| Some((row, row.find(lower)?)));
            if let Some((row, place)) = row {
                let beside = if place == 0 { 1 } else { place - 1 };
                letters[at] = row.as_bytes()[beside] as char;
            }
        }
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_style_rewrites_and_repeats_itself() {
        let text = "Siapa yang menemukan hukum gravitasi pada tahun 1687?";
        assert_eq!(rewrite(text, Style::Clean, 1), text);
        assert_eq!(rewrite(text, Style::Slang, 1), "sapa yg nemuin hukum gravitasi pada tahun 1687?");
        assert_eq!(rewrite(text, Style::Abbreviated, 1), "sp yg menemukan hukum gravitasi pd thn 1687?");
        let typo = rewrite(text, Style::Typo, 1);
        assert_ne!(typo, text);
        assert_eq!(typo, rewrite(text, Style::Typo, 1));
    }
}
