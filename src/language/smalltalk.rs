//! Greetings and thanks, and requests that are refused: what a text is when it is not a question to look up.

use std::sync::LazyLock;

use super::lexicon::{Runs, is_weak, lines};
use super::normalize;

/// A friendly word that wants a friendly word back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Smalltalk {
    Greeting,
    Thanks,
    Bye,
    HowAreYou,
    WhoAreYou,
    Acknowledge,
}

impl Smalltalk {
    pub const ALL: [Smalltalk; 6] = [
        Smalltalk::Greeting,
        Smalltalk::Thanks,
        Smalltalk::Bye,
        Smalltalk::HowAreYou,
        Smalltalk::WhoAreYou,
        Smalltalk::Acknowledge,
    ];
}

/// Why a request gets a polite no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Whom to choose, who is better.
    Partisan,
    /// Who will win.
    Prediction,
    /// How to break the law.
    Unlawful,
    /// Somebody's personal data.
    PersonalData,
    Abuse,
    /// Orders to the program itself.
    Injection,
}

impl Refusal {
    pub const ALL: [Refusal; 6] = [
        Refusal::Partisan,
        Refusal::Prediction,
        Refusal::Unlawful,
        Refusal::PersonalData,
        Refusal::Abuse,
        Refusal::Injection,
    ];
}

fn read<T: Copy>(list: &'static str, kind_of: impl Fn(&str) -> Option<T>) -> Runs<T> {
    lines(list)
        .filter_map(|line| {
            let (name, phrase) = line.split_once('\t')?;
            Some((normalize(phrase), kind_of(name.trim())?))
        })
        .collect()
}

static SMALLTALK: LazyLock<Runs<Smalltalk>> = LazyLock::new(|| {
    read(include_str!("data/smalltalk.txt"), |name| {
        Some(match name {
            "greeting" => Smalltalk::Greeting,
            "thanks" => Smalltalk::Thanks,
            "bye" => Smalltalk::Bye,
            "how-are-you" => Smalltalk::HowAreYou,
            "who-are-you" => Smalltalk::WhoAreYou,
            "ack" => Smalltalk::Acknowledge,
            _ => return None,
        })
    })
});

static REFUSE: LazyLock<Runs<Refusal>> = LazyLock::new(|| {
    read(include_str!("data/refuse.txt"), |name| {
        Some(match name {
            "partisan" => Refusal::Partisan,
            "prediction" => Refusal::Prediction,
            "unlawful" => Refusal::Unlawful,
            "personal-data" => Refusal::PersonalData,
            "abuse" => Refusal::Abuse,
            "injection" => Refusal::Injection,
            _ => return None,
        })
    })
});

/// Recognises a text that is small talk as a whole: every word belongs to a pattern or is weak. The kind that
/// covers most words wins; a question with a greeting in front of it is not small talk.
pub fn smalltalk(words: &[&str]) -> Option<Smalltalk> {
    if words.is_empty() || words.len() > 10 {
        return None;
    }
    let mut covered = vec![false; words.len()];
    for (at, length, _) in SMALLTALK.find(words) {
        covered[at..at + length].fill(true);
    }
    let rest_is_weak = words.iter().zip(&covered).all(|(word, covered)| *covered || is_weak(word));
    SMALLTALK.longest(words).filter(|_| rest_is_weak)
}

/// Recognises a request that must be refused, by its cue phrases (the longest cue wins) or by its make.
pub fn refusal(words: &[&str]) -> Option<Refusal> {
    REFUSE.longest(words).or_else(|| {
        if foretells(words) {
            Some(Refusal::Prediction)
        } else if asks_advice(words) {
            Some(Refusal::Partisan)
        } else {
            None
        }
    })
}

const WHO: &[&str] = &["siapa", "siapakah", "mana", "peluang", "kans"];
const GUESS: &[&str] =
    &["kira", "bakal", "bakalan", "nanti", "ramal", "ramalan", "tebak", "tebakan", "peluang", "kans"];
const WINS: &[&str] = &["menang", "pemenang", "terpilih", "unggul", "juara", "jadi", "menjadi"];
const OFFICES: &[&str] = &[
    "presiden", "wapres", "gubernur", "wagub", "bupati", "wabup", "walikota", "wali", "wakil", "kepala",
    "pemenang",
];
/// Words of a question about the rule, which has an answer: "siapa nanti yang jadi gubernur bila calon meninggal?".
const OF_RULE: &[&str] = &[
    "syarat",
    "bila",
    "kalau",
    "jika",
    "apabila",
    "menetapkan",
    "melantik",
    "dilantik",
    "aturan",
    "kapan",
    "bagaimana",
];

/// Whether a question asks who will win: "siapa kira-kira jadi bupati nanti?".
fn foretells(words: &[&str]) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let becomes = words.windows(2).any(|pair| WINS[5..].contains(&pair[0]) && OFFICES.contains(&pair[1]));
    any(WHO) && any(GUESS) && (any(&WINS[..5]) || becomes) && !any(OF_RULE)
}

const PARTIES: &[&str] =
    &["partai", "calon", "paslon", "capres", "cawapres", "caleg", "cagub", "cabup", "kandidat"];
const ADVICE: &[&str] = &[
    "harus",
    "sebaiknya",
    "mending",
    "cocok",
    "bagus",
    "terbaik",
    "enaknya",
    "pantas",
    "keren",
    "saran",
    "bingung",
    "paling",
];
const CHOOSE: &[&str] =
    &["pilih", "dipilih", "memilih", "coblos", "mencoblos", "dicoblos", "dukung", "didukung", "mendukung"];

/// Whether a question asks whom to choose: "partai mana yang sebaiknya saya coblos?".
fn asks_advice(words: &[&str]) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let which = words
        .windows(2)
        .any(|pair| PARTIES.contains(&pair[0]) && ["mana", "apa", "siapa"].contains(&pair[1]));
    which && any(ADVICE) && any(CHOOSE)
}

/// Words that ask for a rule rather than for the thing itself.
const RULE: &[&str] = &[
    "boleh",
    "bolehkah",
    "bisa",
    "bisakah",
    "dapat",
    "dapatkah",
    "apakah",
    "bagaimana",
    "kenapa",
    "mengapa",
    "hukum",
    "aturan",
    "informasi",
    "ppid",
    "rahasia",
];

/// Whether a request that names personal data asks about the rule: "boleh minta NIK orang lain ke KPU?".
pub fn asks_about_personal_data(words: &[&str]) -> bool {
    let names = words.iter().any(|word| ["nik", "kk", "ktp"].contains(word))
        || words.windows(2).any(|pair| pair == ["data", "pribadi"]);
    names && words.iter().any(|word| RULE.contains(word))
}
