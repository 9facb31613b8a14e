//! A question asked again about something else: "gaji PPK berapa?", then "kalau PPS?".
//!
//! Some words fill a place that others can take: an election, an office, a body, a level, a region, a year. A follow-up
//! that names nothing else is the question before with that place filled anew.

use super::{is_region_word, is_weak};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Election,
    Office,
    Body,
    List,
    Level,
    Region,
    Year,
}

const WORDS: &[(Slot, &[&str])] = &[
    (Slot::Election, &["pemilu", "pilkada", "pilpres", "pileg", "pilgub", "pilbup", "pilwalkot", "pilwako"]),
    (
        Slot::Office,
        &[
            "presiden", "wapres", "capres", "cawapres", "gubernur", "wagub", "cagub", "bupati", "cabup",
            "walikota", "cawalkot", "dpr", "dpd", "dprd", "caleg",
        ],
    ),
    (
        Slot::Body,
        &[
            "ppk",
            "pps",
            "kpps",
            "ppln",
            "kppsln",
            "pantarlih",
            "ptps",
            "pkd",
            "panwascam",
            "panwaslu",
            "kpu",
            "bawaslu",
            "dkpp",
        ],
    ),
    (Slot::List, &["dpt", "dptb", "dpk", "dps", "dpsh", "dpshp", "dptln", "dpph", "dp4"]),
    (Slot::Level, &["provinsi", "kabupaten", "kecamatan", "kelurahan", "desa", "pusat", "nasional"]),
];

fn slot(word: &str) -> Option<Slot> {
    let listed = WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(slot, _)| *slot);
    let year = || (word.len() == 4 && word.parse::<u16>().is_ok()).then_some(Slot::Year);
    listed.or_else(year).or_else(|| is_region_word(word).then_some(Slot::Region))
}

/// Whether an old word gives way to a new one: what fills its place, and an office also to another election.
fn gives_way(old: Slot, new: Slot) -> bool {
    old == new || (old == Slot::Office && new == Slot::Election)
}

/// The question before with the places that a follow-up names filled anew; none if the follow-up names anything else,
/// or the question before leaves no such place.
pub fn asked_again(follow_up: &[&str], before: &[&str]) -> Option<Vec<String>> {
    let fillers: Vec<(&str, Slot)> = follow_up
        .iter()
        .filter(|word| !is_weak(word) || slot(word).is_some())
        .map(|word| Some((*word, slot(word)?)))
        .collect::<Option<_>>()?;
    let mut words: Vec<String> = Vec::new();
    let mut filled = false;
    for old in before {
        let way = slot(old).filter(|old| fillers.iter().any(|(_, new)| gives_way(*old, *new)));
        if way.is_none() {
            words.push((*old).to_owned());
        } else if !filled {
            filled = true;
            words.extend(fillers.iter().map(|(new, _)| (*new).to_owned()));
        }
    }
    filled.then_some(words)
}

#[cfg(test)]
mod tests {
    use super::asked_again;
    use crate::language::normalize;

    fn check(before: &str, follow_up: &str, expected: Option<&str>) {
        let (before, follow_up) = (normalize(before), normalize(follow_up));
        let words = |words: &[String]| -> Vec<String> { words.to_vec() };
        let (before, follow_up) = (words(&before), words(&follow_up));
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let follow_up: Vec<&str> = follow_up.iter().map(String::as_str).collect();
        let again = asked_again(&follow_up, &before).map(|words| words.join(" "));
        assert_eq!(again.as_deref(), expected, "{follow_up:?}");
    }

    #[test]
    fn another_filler_takes_the_place() {
        check("gaji PPK berapa sebulan", "klo PPS?", Some("gaji pps berapa sebulan"));
        check("kapan masa tenang pilkada 2024", "kalau pemilu?", Some("kapan masa tenang pemilu 2024"));
        check("kapan masa tenang pilkada 2024", "yang 2020", Some("kapan masa tenang pilkada 2020"));
        check("alamat KPU Palu", "kalau Donggala?", Some("alamat kpu donggala"));
        check("warna surat suara presiden", "yang DPD apa?", Some("warna surat suara dpd"));
    }

    #[test]
    fn what_names_anything_else_is_another_question() {
        check("gaji PPK berapa", "syarat PPS apa", None);
        check("gaji PPK berapa", "kalau pilkada?", None);
        check("gaji PPK berapa", "terus?", None);
    }
}
