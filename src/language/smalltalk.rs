//! Greetings and thanks, and requests that are refused: what a text is when it is not a question to look up.

use std::sync::LazyLock;

use super::lexicon::{Runs, is_weak, lines};
use super::{LONG_MESSAGE, normalize};

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
    REFUSE.longest(words).or_else(|| asks_advice(words).then_some(Refusal::Partisan))
}

const GUESS: &[&str] = &["kira", "bakal", "bakalan", "ramal", "ramalan", "tebak", "tebakan"];
const WINS: &[&str] = &["menang", "pemenang", "pemenangnya", "unggul", "juara"];
const OFFICES: &[&str] = &["presiden", "wapres", "gubernur", "wagub", "bupati", "wabup", "walikota", "wali"];
/// Words of a question about the rule or the record, which has an answer: "siapa yang mengumumkan pemenang nanti?".
const OF_RULE: &[&str] = &[
    "syarat",
    "bila",
    "kalau",
    "jika",
    "apabila",
    "aturan",
    "kapan",
    "bagaimana",
    "bisa",
    "boleh",
    "bolehkah",
    "apakah",
    "wajib",
    "menetapkan",
    "ditetapkan",
    "mengumumkan",
    "diumumkan",
    "menentukan",
    "ditentukan",
    "melantik",
    "dilantik",
    "sementara",
    "tugas",
    "kenapa",
    "mengapa",
    "persen",
    "sampai",
    "selisih",
    "banyak",
    "memaksa",
    "dipaksa",
    "tahu",
    "tahun",
];

/// Whether a question asks who will win: "siapa kira-kira jadi bupati nanti?", "pemenang pilpres 2029". `this_year` is the
/// calendar year; a winner of a later one is nobody's to name.
pub fn foretells(words: &[&str], this_year: i16) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    if words.len() > LONG_MESSAGE || any(OF_RULE) {
        return false;
    }
    let to_come = words.iter().any(|word| {
        word.len() == 4
            && word.parse::<i16>().is_ok_and(|year| (this_year + 1..this_year + 15).contains(&year))
    });
    let becomes =
        words.windows(2).any(|pair| ["jadi", "menjadi"].contains(&pair[0]) && OFFICES.contains(&pair[1]));
    let chance = any(&["peluang", "kans"]) && any(&["menang", "terpilih"]);
    let who = any(&["siapa", "siapakah"]) || words.len() <= 4;
    chance || (who && (any(GUESS) || to_come) && (any(WINS) || becomes))
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
];
const CHOOSE: &[&str] =
    &["pilih", "dipilih", "memilih", "coblos", "mencoblos", "dicoblos", "dukung", "didukung", "mendukung"];

/// Whether a question asks whom to choose: "partai mana yang sebaiknya saya coblos?".
fn asks_advice(words: &[&str]) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let which =
        words.windows(2).any(|pair| PARTIES.contains(&pair[0]) && ["mana", "siapa"].contains(&pair[1]));
    words.len() <= LONG_MESSAGE && which && any(ADVICE) && any(CHOOSE) && !any(OF_RULE)
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

/// Words of a question about the secrecy of a choice, or about pressure on it: "boleh petugas tanya saya coblos siapa?".
const OF_SECRECY: &[&str] = &[
    "tanya",
    "bertanya",
    "menanyakan",
    "ditanya",
    "tahu",
    "ketahuan",
    "paksa",
    "memaksa",
    "dipaksa",
    "suruh",
    "menyuruh",
    "disuruh",
    "ancam",
    "diancam",
    "rahasia",
    "membocorkan",
    "cerita",
    "lapor",
    "melapor",
];

/// Whether a request that would be refused asks about the rule instead, which has an answer: "boleh minta NIK tetangga?" does,
/// "minta NIK tetangga" asks for the data.
pub fn asks_about_rule(refusal: Refusal, words: &[&str]) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    match refusal {
        Refusal::PersonalData => {
            let names =
                any(&["nik", "kk", "ktp"]) || words.windows(2).any(|pair| pair == ["data", "pribadi"]);
            names && any(RULE)
        }
        Refusal::Partisan => any(OF_SECRECY),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Refusal>) {
        let words = normalize(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let refused = refusal(&words).or_else(|| foretells(&words, 2026).then_some(Refusal::Prediction));
        assert_eq!(refused, expected, "{text}");
    }

    #[test]
    fn who_wins_is_not_told() {
        for text in [
            "sapa kira-kira mo jadi bupati Sigi nanti?",
            "pemenang pemilu 2029",
            "siapa bakal jadi presiden 2029",
        ] {
            check(text, Some(Refusal::Prediction));
        }
    }

    #[test]
    fn whom_to_choose_is_not_advised() {
        check("kalo gw suka lingkungan, partai mana yg harus dicoblos", None);
        check("partai mana yang sebaiknya saya coblos", Some(Refusal::Partisan));
    }

    #[test]
    fn questions_about_pressure_and_secrecy_are_about_the_rule() {
        let about = |text: &str| {
            let words = normalize(text);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            refusal(&words).map(|kind| asks_about_rule(kind, &words))
        };
        assert_eq!(about("boleh ga petugas nanya saya coblos siapa?"), Some(true));
        assert_eq!(about("bolehkah minta NIK orang lain ke KPU"), Some(true));
        assert_eq!(about("enaknya pilih siapa"), Some(false));
        assert_eq!(about("minta NIK tetangga saya dong"), Some(false));
    }

    #[test]
    fn rules_and_records_are_no_predictions_or_advice() {
        for text in [
            "kapan pemenang pemilu 2029 diumumkan",
            "siapa yang menetapkan pemenang pemilu 2029",
            "berapa persen suara untuk menang pilpres 2029",
            "kalau kotak kosong menang pilkada diulang 2027?",
            "kenapa pemenang pilkada 2024 menjabat sampai 2029",
            "selisih suara 5000, apakah pemenang bisa digugat ke MK",
            "calon A menang 3500 suara, bisa minta hitung ulang?",
            "partai apa yang paling banyak dipilih pada pemilu 2024",
            "paslon mana yang didukung paling banyak partai pada pilkada palu 2024",
            "apakah kepala desa harus netral, calon mana yang boleh didukung",
            "saya terpilih jadi pantarlih, nanti lapor ke mana",
            "siapa yang mengumumkan pemenang pemilu nanti",
            "siapa yang menentukan calon terpilih nanti",
            "siapa yang nanti jadi gubernur sementara",
            "siapa yang jadi wakil rakyat nanti dan tugasnya apa",
            "partai apa saja yang harus dipilih di surat suara DPRD",
        ] {
            check(text, None);
        }
    }
}
