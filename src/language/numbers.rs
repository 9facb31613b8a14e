//! Numbers, dates and times of day in normalised words: one spelling for each, so that a question meets the text.
//!
//! Everything here leaves its own output unchanged, because words are normalised again when a conversation goes on.

/// Month names, January first.
pub const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
];

const ONES: [&str; 9] = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"];

/// Words after which even a single number word is a number: *pasal tujuh*, *pukul satu*.
const NUMBERED: &[&str] = &["pasal", "ayat", "nomor", "pukul", "jam", "umur", "usia", "tps", "bab"];
/// Measures; *tiga hari* is *3 hari*. *Satu* stays a word: *satu hari* may be *some day*.
const MEASURES: &[&str] = &["tahun", "bulan", "minggu", "hari", "jam", "menit", "persen"];

/// - `dua puluh satu` -> `21`; `3 tiga hari` (from "3 (tiga) hari") -> `3 hari`; `satu` alone stays
/// - `900 ribu` -> `900000`; `1,2 juta` -> `1200000`
/// - `14 februari 24` -> `14 februari 2024`; `07 februari` -> `7 februari`
/// - `jam 7` -> `pukul 7`; `pukul 1 siang` -> `pukul 13 siang`
pub fn resolve(words: Vec<String>) -> Vec<String> {
    times(dates(amounts(words)))
}

fn amounts(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let (length, number) = match (spelled(&words[at..]), words.get(at + 1)) {
            (Some(spelled), _) if spelled.is_number(out.last(), words.get(at + spelled.length)) => {
                (spelled.length, spelled.value.to_string())
            }
            (None, Some(next)) => match scaled(&words[at], next) {
                Some(number) => (2, number),
                None => (1, words[at].clone()),
            },
            _ => (1, words[at].clone()),
        };
        // "3 (tiga) hari" says its number twice.
        let said_twice = is_digits(&number) && number != words[at] && out.last() == Some(&number);
        if !said_twice {
            out.push(number);
        }
        at += length;
    }
    out
}

/// A number written in words.
struct Spelled {
    length: usize,
    value: u64,
    /// More than one of the words for 1 to 9.
    compound: bool,
}

impl Spelled {
    fn is_number(&self, before: Option<&String>, after: Option<&String>) -> bool {
        let before = before.map_or("", String::as_str);
        let after = after.map_or("", String::as_str);
        self.compound
            || NUMBERED.contains(&before)
            || before.parse() == Ok(self.value)
            || (self.value > 1 && MEASURES.contains(&after))
    }
}

/// The longest number that the words begin with.
fn spelled(words: &[String]) -> Option<Spelled> {
    let mut total = 0;
    let mut below_thousand = 0;
    let mut length = 0;
    let mut compound = false;
    while let Some(rest) = words.get(length..).filter(|rest| !rest.is_empty()) {
        if let Some((taken, value)) = step(rest, below_thousand) {
            compound |= value > 9 || below_thousand > 0;
            below_thousand += value;
            length += taken;
        } else if let Some(zeros) = zeros(&rest[0]).filter(|_| below_thousand > 0) {
            total += below_thousand * 10_u64.pow(zeros);
            (below_thousand, compound) = (0, true);
            length += 1;
        } else {
            break;
        }
    }
    // "seribu" is a thousand by itself, and only at the beginning.
    if length == 0 && words.first().is_some_and(|word| word == "seribu") {
        return Some(Spelled { length: 1, value: 1000, compound: true });
    }
    (length > 0).then_some(Spelled { length, value: total + below_thousand, compound })
}

/// The next hundreds, tens or ones, each smaller than what was said before: words taken, and their value.
fn step(words: &[String], so_far: u64) -> Option<(usize, u64)> {
    let whole = match words[0].as_str() {
        "sepuluh" => Some(10),
        "sebelas" => Some(11),
        "seratus" => Some(100),
        _ => None,
    };
    let (taken, value) = match whole {
        Some(value) => (1, value),
        None => {
            let one = ONES.iter().zip(1..).find_map(|(name, value)| (*name == words[0]).then_some(value))?;
            match words.get(1).map(String::as_str) {
                Some("belas") => (2, one + 10),
                Some("puluh") => (2, one * 10),
                Some("ratus") => (2, one * 100),
                _ => (1, one),
            }
        }
    };
    let room = match so_far {
        0 => 1000,
        _ if so_far.is_multiple_of(100) => 100,
        // After "sepuluh" and "tujuh belas" nothing smaller can follow.
        _ if so_far.is_multiple_of(10) && so_far % 100 != 10 => 10,
        _ => 0,
    };
    (value < room).then_some((taken, value))
}

fn zeros(scale: &str) -> Option<u32> {
    Some(match scale {
        "ribu" => 3,
        "juta" => 6,
        "miliar" | "milyar" => 9,
        "triliun" => 12,
        _ => return None,
    })
}

/// `900` and `ribu`, `1,2` and `juta`, written out.
fn scaled(number: &str, scale: &str) -> Option<String> {
    let zeros = zeros(scale)? as usize;
    let (whole, part) = number.split_once(',').unwrap_or((number, ""));
    let fits = is_digits(whole) && whole.len() <= 3 && part.len() <= zeros;
    let digits = part.chars().all(|c| c.is_ascii_digit());
    (fits && digits).then(|| {
        let written = format!("{whole}{part}{}", "0".repeat(zeros - part.len()));
        without_leading_zeros(&written)
    })
}

/// The full year of a year with two digits.
pub fn full_year(short: &str) -> String {
    let century = if short < "50" { "20" } else { "19" };
    format!("{century}{short}")
}

fn dates(mut words: Vec<String>) -> Vec<String> {
    const ELECTIONS: &[&str] = &["pemilu", "pilkada", "pilpres", "pileg", "pilgub", "pilbup", "pilwalkot"];
    for at in 1..words.len() {
        // "pilkada tahun 24" names a year; "selama tahun 24" may be anything.
        if words[at] == "tahun"
            && ELECTIONS.contains(&words[at - 1].as_str())
            && let Some(year) = words.get_mut(at + 1).filter(|year| is_short_year(year))
        {
            *year = full_year(year);
        }
        if !MONTHS.contains(&words[at].as_str()) || !is_day(&words[at - 1]) {
            continue;
        }
        words[at - 1] = without_leading_zeros(&words[at - 1]);
        if let Some(year) = words.get_mut(at + 1).filter(|year| is_short_year(year)) {
            *year = full_year(year);
        }
    }
    words
}

/// `07` -> `7`; nothing but zeros is one zero.
fn without_leading_zeros(number: &str) -> String {
    let rest = number.trim_start_matches('0');
    if rest.is_empty() { "0".to_owned() } else { rest.to_owned() }
}

fn is_short_year(word: &str) -> bool {
    word.len() == 2 && is_digits(word)
}

fn is_day(word: &str) -> bool {
    word.len() <= 2 && word.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
}

fn times(mut words: Vec<String>) -> Vec<String> {
    for at in 1..words.len() {
        let after_number = at > 1 && words[at - 2].starts_with(|c: char| c.is_ascii_digit());
        // "24 jam" is a span of time, "jam 7" a time.
        if words[at - 1] == "jam" && is_digits(&words[at]) && !after_number {
            "pukul".clone_into(&mut words[at - 1]);
        }
        let names_time = ["pukul", "sampai", "hingga", "mulai", "dari", "buka", "tutup"];
        if names_time.contains(&words[at - 1].as_str())
            && let Some(hour) = words.get(at + 1).and_then(|part| afternoon(&words[at], part))
        {
            words[at] = hour;
        }
    }
    words
}

/// `1` and `siang` -> `13`.
fn afternoon(hour: &str, part: &str) -> Option<String> {
    let hour: u8 = hour.parse().ok()?;
    let later = match part {
        "siang" => 1..=3,
        "sore" => 1..=6,
        "malam" => 6..=11,
        _ => return None,
    };
    later.contains(&hour).then(|| (hour + 12).to_string())
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::normalize;

    fn check(input: &str, expected: &str) {
        let words = normalize(input).join(" ");
        assert_eq!(words, expected, "{input}");
        assert_eq!(normalize(&words).join(" "), expected, "twice: {input}");
    }

    #[test]
    fn amounts_have_one_spelling() {
        for same in
            ["1.200.000", "1,2 jt", "1,2 juta", "rp1,2jt", "Rp1.200.000,00", "1.2 juta", "Rp1.200.000,-"]
        {
            check(same, "1200000");
        }
        check("0 ribu", "0");
        for same in ["900rb", "900 ribu", "900.000", "sembilan ratus ribu"] {
            check(same, "900000");
        }
        check("24-48 juta", "24 48000000");
        check("6,5 persen", "6 5 persen");
    }

    #[test]
    fn number_words_become_digits_where_they_are_numbers() {
        check("tiga ratus suara", "300 suara");
        check("umur tujuh belas tahun", "umur 17 tahun");
        check("pasal dua puluh satu", "pasal 21");
        check("pemilu dua ribu dua puluh empat", "pemilu 2024");
        check("3 (tiga) hari kerja", "3 hari kerja");
        check("pasal tujuh ayat satu", "pasal 7 ayat 1");
        check("tiga ratus tujuh belas dua puluh satu", "317 21");
        check("satu orang satu suara", "satu orang satu suara");
        check("salah satu calon, dua calon", "salah satu calon dua calon");
    }

    #[test]
    fn dates_have_one_spelling_with_the_day_first() {
        for same in [
            "14/2/24",
            "14-02-2024",
            "14 feb 2024",
            "14 Pebruari 2024",
            "14.02.2024",
            "2024-02-14",
            "14 februari '24",
        ] {
            check(same, "14 februari 2024");
        }
        check("pilkada thn 24", "pilkada tahun 2024");
        for (short, month) in [
            ("nopember", "november"),
            ("agust", "agustus"),
            ("sept", "september"),
            ("okt", "oktober"),
            ("des", "desember"),
        ] {
            check(short, month);
        }
    }

    #[test]
    fn law_numbers_are_not_dates() {
        check("UU 7/2017", "uu 7 2017");
        check("no 7 thn 2017", "nomor 7 tahun 2017");
        check("PKPU 7-2022", "pkpu 7 2022");
        check("bab III, putusan 135/PUU-XXII/2024", "bab 3 putusan 135 puu xxii 2024");
    }

    #[test]
    fn times_of_day_have_one_spelling() {
        for same in ["pukul 07.00", "jam 7", "pukul 7:00", "jam tujuh", "pukul 7.00"] {
            check(same, "pukul 7");
        }
        check("7 pagi sampai 1 siang", "7 pagi sampai 13 siang");
        check("07.30-13.00 WITA", "7 30 13 wita");
        check("3x24 jam", "3x24 jam");
        check("dua puluh empat jam", "24 jam");
        check("3 hari", "3 hari");
    }
}
