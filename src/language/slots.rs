//! A question asked again about something else: "gaji PPK berapa?", then "kalau PPS?".
//!
//! Some words fill a place that others can take: an election, an office, a body, a level, a region, a year. A follow-up
//! that names nothing else is the question before with that place filled anew.

use super::is_region_word;

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

/// Words that open a follow-up and ask nothing of their own.
const OPENERS: &[&str] = &["kalau", "yang", "untuk", "terus", "lalu", "nah", "berarti", "dan", "sedangkan"];
const FILLING: &[&str] =
    &["di", "ke", "buat", "juga", "sih", "ya", "min", "kak", "dong", "deh", "bagaimana", "tahun"];
/// After an opener these only repeat what was asked: "yang DPD apa?".
const REPEATED: &[&str] = &["apa", "berapa", "siapa", "kapan"];

/// The question before with the places that a follow-up names filled anew; none if the follow-up names or asks anything
/// else, or the question before does not hold just one filler of each kind.
pub fn asked_again(follow_up: &[&str], before: &[&str]) -> Option<Vec<String>> {
    let opened = follow_up.first().is_some_and(|word| OPENERS.contains(word));
    let mut fillers: Vec<(&str, Slot)> = Vec::new();
    for word in follow_up {
        match slot(word) {
            Some(slot) => fillers.push((*word, slot)),
            None if OPENERS.contains(word) || FILLING.contains(word) => {}
            None if opened && REPEATED.contains(word) => {}
            None => return None,
        }
    }
    let old: Vec<Option<Slot>> = before.iter().map(|word| slot(word)).collect();
    if fillers.iter().any(|(_, new)| *new == Slot::Election) && old.contains(&Some(Slot::Office)) {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    let mut filled: Vec<Slot> = Vec::new();
    for (at, (word, own)) in before.iter().zip(&old).enumerate() {
        let Some(own) = own.filter(|own| fillers.iter().any(|(_, new)| new == own)) else {
            words.push((*word).to_owned());
            continue;
        };
        if !filled.contains(&own) {
            filled.push(own);
            words.extend(fillers.iter().filter(|(_, new)| *new == own).map(|(new, _)| (*new).to_owned()));
        } else if own != Slot::Region || old[at - 1] != Some(Slot::Region) {
            // "Apa beda PPK dan PPS?" holds two: which one gives way is anybody's guess.
            return None;
        }
    }
    if filled.is_empty() {
        return None;
    }
    let rest = fillers.iter().filter(|(_, new)| !filled.contains(new));
    words.extend(rest.map(|(new, _)| (*new).to_owned()));
    Some(words)
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
        check("kapan pilkada 2024", "apa itu pemilu?", None);
        check("honor KPPS berapa", "PPS itu apa?", None);
        check("apa itu PPK", "bedanya dengan PPS?", None);
        check("berapa umur calon bupati", "siapa gubernurnya?", None);
        check("warna surat suara presiden", "terus pileg?", None);
    }

    #[test]
    fn two_of_a_kind_leave_no_one_place() {
        check("apa beda PPK dan PPS", "kalau KPPS?", None);
        check("berapa DPT Sulawesi Tengah 2020", "kalau Palu 2024?", Some("berapa dpt palu 2024"));
        check("berapa DPT Palu", "kalau Sigi 2020?", Some("berapa dpt sigi 2020"));
    }
}
