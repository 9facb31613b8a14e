//! Cleaned text to tokens. Numbers, dates, law numbers and form names survive; `pemilih2` doubles.

use super::numbers::{MONTHS, full_year};

/// Tokens of a cleaned text.
///
/// - `2.236.703` -> `2236703`; `7/2017` -> `7`, `2017`; `1,2 jt` -> `1,2`, `juta`; `900rb` -> `900`, `ribu`
/// - `14/2/24`, `2024-02-14` -> `14`, `februari`, `2024`; `07.00` -> `7`; `07.30` -> `7`, `30`
/// - `h-7` -> `h7`, `c.pemberitahuan` -> `c`, `pemberitahuan`, `ktp-el` -> `ktp`, `el`, `e-ktp` -> `e`, `ktp`
/// - `pemilih2` -> `pemilih` (reduplication); `c6`, `a5`, `h30` stay; `putaran2` -> `putaran`, `2`
/// - `anak-anak` -> `anak`; `bab iii` -> `bab`, `3`
pub fn tokens(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut chunks = text.split_whitespace().peekable();
    while let Some(chunk) = chunks.next() {
        let core = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        if let Some(scale) =
            chunks.peek().and_then(|next| scale(next.trim_matches(|c: char| !c.is_alphanumeric())))
            && let Some(number) = decimal(without_currency(core))
        {
            out.extend([number, scale.to_owned()]);
            chunks.next();
        } else if !number_tokens(chunk, core, &mut out) {
            chunk_tokens(chunk, &mut out);
        }
    }
    roman_numbers(&mut out);
    out
}

/// The tokens of a chunk that is a number, a date or a time; whether it was one.
fn number_tokens(chunk: &str, core: &str, out: &mut Vec<String>) -> bool {
    let after_clock_word = out.last().is_some_and(|word| ["pukul", "jam", "pkl"].contains(&word.as_str()));
    if let Some(number) = grouped_number(core) {
        out.push(number);
    } else if let Some(date) = date(core) {
        out.extend(date);
    } else if let Some(times) =
        core.split('-').map(|part| clock(part, after_clock_word)).collect::<Option<Vec<_>>>()
    {
        out.extend(times.into_iter().flatten());
    } else if let Some((number, unit)) = number_with_unit(without_currency(core)) {
        out.extend([number, unit]);
    } else if chunk.starts_with('\'') && core.len() == 2 && is_digits(core) {
        out.push(full_year(core));
    } else {
        return false;
    }
    true
}

fn without_currency(core: &str) -> &str {
    core.strip_prefix("rp").map_or(core, |rest| rest.trim_start_matches('.'))
}

/// `2.236.703` or `rp1.200.000,00` without its dots.
fn grouped_number(core: &str) -> Option<String> {
    let digits = without_currency(core);
    let digits = digits.strip_suffix(",00").unwrap_or(digits);
    let parts: Vec<&str> = digits.split('.').collect();
    let grouped = parts.len() > 1
        && (1..=3).contains(&parts[0].len())
        && parts[1..].iter().all(|part| part.len() == 3)
        && parts.iter().all(|part| is_digits(part));
    grouped.then(|| parts.concat())
}

/// `1,2` or `1.2`, with a comma.
fn decimal(core: &str) -> Option<String> {
    let (whole, part) =
        core.split_once(',').or_else(|| core.split_once('.').filter(|(_, part)| part.len() < 3))?;
    (is_digits(whole) && whole.len() <= 3 && is_digits(part) && part.len() <= 3)
        .then(|| format!("{whole},{part}"))
}

/// The standard word for a thousand, a million and so on.
fn scale(word: &str) -> Option<&'static str> {
    Some(match word {
        "rb" | "rbu" | "ribu" => "ribu",
        "jt" | "jta" | "juta" => "juta",
        "miliar" | "milyar" => "miliar",
        "triliun" | "trilyun" => "triliun",
        _ => return None,
    })
}

/// `900rb`, `1,2jt`, `17thn`.
fn number_with_unit(core: &str) -> Option<(String, String)> {
    const UNITS: &[&str] = &[
        "thn", "th", "tahun", "bln", "bulan", "hari", "hr", "jam", "menit", "orang", "org", "persen", "kali",
        "suara",
    ];
    let (number, unit) = core.split_at(core.find(|c: char| c.is_alphabetic())?);
    let number = if is_digits(number) {
        number.to_owned()
    } else {
        decimal(number).filter(|_| scale(unit).is_some())?
    };
    let unit = scale(unit).or_else(|| UNITS.iter().find(|known| **known == unit).copied())?;
    Some((number, unit.to_owned()))
}

/// A date in figures, day first or as in ISO 8601; law numbers (`7/2017`) have two parts only.
fn date(core: &str) -> Option<[String; 3]> {
    let separator = core.chars().find(|c| !c.is_ascii_digit()).filter(|c| "/-.".contains(*c))?;
    let parts: Vec<&str> = core.split(separator).collect();
    let [first, month, last] = parts[..] else { return None };
    let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
    // "1.2.24" numbers a paragraph.
    let year = match year.len() {
        4 if is_digits(year) => year.to_owned(),
        2 if is_digits(year) && separator != '.' => full_year(year),
        _ => return None,
    };
    let in_range = |part: &str, most: usize| {
        let fits = is_digits(part) && part.len() <= 2;
        part.parse().ok().filter(|value: &usize| fits && (1..=most).contains(value))
    };
    let (day, month) = (in_range(day, 31)?, in_range(month, 12)?);
    Some([day.to_string(), MONTHS[month - 1].to_owned(), year])
}

/// `07.30` -> `7`, `30`; `13.00` -> `13`. With one digit for the hour only where a clock is meant, for `7.30` may be any
/// number.
fn clock(core: &str, after_clock_word: bool) -> Option<Vec<String>> {
    let colon = core.contains(':');
    let (hour, minute) = core.split_once(['.', ':'])?;
    let form = is_digits(hour) && is_digits(minute) && minute.len() == 2;
    let sure = hour.len() == 2 || (hour.len() == 1 && (colon || after_clock_word));
    let value: u8 = hour.parse().ok().filter(|hour| *hour <= 24)?;
    minute.parse::<u8>().ok().filter(|minute| *minute < 60)?;
    let minutes = (minute != "00").then(|| minute.to_owned());
    (form && sure).then(|| std::iter::once(value.to_string()).chain(minutes).collect())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn chunk_tokens(chunk: &str, out: &mut Vec<String>) {
    let pieces: Vec<&str> = chunk.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
    let mut index = 0;
    while index < pieces.len() {
        let piece = pieces[index];
        let next = pieces.get(index + 1);
        // "h-7", "h-30": the day count belongs to the letter.
        if piece == "h" && next.is_some_and(|n| is_digits(n)) && chunk.contains("h-") {
            out.push(format!("h{}", pieces[index + 1]));
            index += 2;
            continue;
        }
        // "anak-anak": said once is enough.
        if next == Some(&piece) && piece.chars().all(char::is_alphabetic) && chunk.contains('-') {
            index += 1;
            continue;
        }
        word_tokens(piece, out);
        index += 1;
    }
}

/// Words that a number follows; `putaran2` is round two, not "rounds".
const NUMBERED: &[&str] = &[
    "putaran",
    "tps",
    "tahap",
    "dapil",
    "pasal",
    "ayat",
    "nomor",
    "hari",
    "gelombang",
    "kolom",
    "periode",
    "tahun",
    "pilkada",
    "pemilu",
    "pukul",
    "jam",
];
/// Suffixes after the mark of reduplication: `calon2nya`.
const SUFFIXES: &[&str] = &["nya", "an", "kan", "lah", "kah", "mu", "ku"];

/// `pemilih2` -> `pemilih`, `calon2nya` -> `calonnya`, `tps2` -> `tps`, `2`. Short ones such as `c1`, `a5`, `dp4`, `h7`
/// are names.
fn word_tokens(piece: &str, out: &mut Vec<String>) {
    let Some(at) = piece.find(|c: char| c.is_ascii_digit()) else {
        out.push(piece.to_owned());
        return;
    };
    let (word, rest) = piece.split_at(at);
    let doubled = word.chars().count() >= 4 && word.chars().all(char::is_alphabetic);
    if NUMBERED.contains(&word) && is_digits(rest) {
        out.extend([word.to_owned(), rest.to_owned()]);
    } else if doubled && rest == "2" {
        out.push(word.to_owned());
    } else if let Some(suffix) = rest.strip_prefix('2').filter(|suffix| doubled && SUFFIXES.contains(suffix))
    {
        out.push(format!("{word}{suffix}"));
    } else if let Some((number, unit)) = number_with_unit(piece) {
        out.extend([number, unit]);
    } else {
        out.push(piece.to_owned());
    }
}

/// Roman numerals are numbers where law and rounds are counted: `bab iii`, `putaran ii`.
fn roman_numbers(words: &mut [String]) {
    const COUNTED: &[&str] =
        &["bab", "putaran", "tahap", "gelombang", "periode", "triwulan", "semester", "lampiran"];
    const NUMERALS: &[&str] = &["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    for at in 1..words.len() {
        if COUNTED.contains(&words[at - 1].as_str())
            && let Some(value) = NUMERALS.iter().position(|numeral| *numeral == words[at])
        {
            words[at] = (value + 1).to_string();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    fn check(input: &str, expected: &str) {
        assert_eq!(tokens(input).join(" "), expected);
    }

    #[test]
    fn numbers_forms_and_reduplication() {
        check("pkpu 7/2017 2.236.703 rp1.200.000", "pkpu 7 2017 2236703 1200000");
        check("h-7 c6 a5 dp4 c.pemberitahuan", "h7 c6 a5 dp4 c pemberitahuan");
        check("pemilih2 anak-anak putaran 2, tps 2", "pemilih anak putaran 2 tps 2");
        check("pukul 07.00", "pukul 7");
    }

    #[test]
    fn a_number_that_counts_is_no_reduplication() {
        check("putaran2 tps2 pilkada2024", "putaran 2 tps 2 pilkada 2024");
        check("calon2nya anak2 foto-foto", "calonnya anak foto");
        check("tps3r sp4n dak2", "tps3r sp4n dak2");
    }
}
