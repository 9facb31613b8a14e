//! The question buried in a long message, beside a remark, or behind another question.

use jiff::ZonedDateTime;

use super::candidates::{Around, Candidate, best, best_confidence, look_up, probability};
use crate::language::{self, LONG_MESSAGE};
use crate::library::Library;

/// How many parts of a message are looked up.
const MOST_PARTS: usize = 8;
/// A part of a message must be so sure to stand for itself.
const SURE_PART: f32 = 0.85;
/// Among how many of the whole message's candidates a part's answer must be.
const AGREEING: usize = 5;
/// What a sentence taken out of a long message is trusted, in log odds.
const OUT_OF_LONG: f32 = -0.25;

/// Words of a sentence that wants something without asking.
const REQUESTS: &[&str] = &[
    "tolong",
    "mohon",
    "minta",
    "kirim",
    "kirimkan",
    "sebutkan",
    "beri",
    "berikan",
    "carikan",
    "rekomendasi",
    "rekomendasikan",
    "sarankan",
    "saran",
    "menurut",
];

/// The words of those sentences of a long message that ask; of any other message all its words. What a story tells by the way
/// ("kakek cerita coblos siapa") is no request.
pub(super) fn asking(text: &str, words: &[String]) -> Vec<String> {
    if words.len() <= LONG_MESSAGE {
        return words.to_vec();
    }
    // Where question marks are written, they say what asks: "dia cerita coblos siapa" does not.
    let marks = language::sentences(text, false).any(|part| is_marked(text, part));
    let sentences = language::sentences(text, false).filter_map(|part| {
        let words = language::normalize(part);
        let requests = words.iter().any(|word| REQUESTS.contains(&word.as_str()));
        let asks = if marks { is_marked(text, part) } else { asks(&words) };
        (asks || requests).then_some(words)
    });
    let asked: Vec<String> = sentences.flatten().collect();
    if asked.is_empty() { words.to_vec() } else { asked }
}

/// All that might answer, best first. The question buried in a long message is looked for sentence by sentence; so is
/// the one beside a remark ("…, saya kuliah di Palu"), and a second question.
pub(super) fn candidates(
    library: &Library,
    text: &str,
    words: &[String],
    around: Around,
    now: &ZonedDateTime,
    region: &str,
) -> Vec<Candidate> {
    let long = words.len() > LONG_MESSAGE;
    // "Saya tahu apa itu KPPS, berapa honor PPS?": what is known is not asked.
    let may_tell = !long && words.iter().any(|word| KNOWS.contains(&word.as_str()));
    let told = if may_tell { without_told(text) } else { None };
    let (text, words) =
        told.as_ref().map_or((text, words), |(text, words)| (text.as_str(), words.as_slice()));
    let whole = look_up(library, text, words, around, now, region);
    if best_confidence(&whole) >= 0.9 {
        return whole;
    }
    let years = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| word.len() == 4 && word.parse::<u16>().is_ok()).cloned().collect()
    };
    let asked_years = years(words);
    let parts: Vec<(&str, Vec<String>, bool)> = language::sentences(text, !long)
        .filter(|part| part.split_whitespace().count() >= 2)
        .map(|part| {
            let words = language::normalize(part);
            let asks = asks(&words) || (long && is_marked(text, part));
            (part, words, asks)
        })
        .collect();
    // In a message that asks, what its other sentences tell is looked at as the story around the question only.
    let all_tell = long && parts.iter().all(|(.., asks)| !asks);
    let of_parts: Vec<Part> = parts
        .into_iter()
        .filter(|(.., asks)| *asks || all_tell)
        .take(MOST_PARTS)
        .map(|(part, part_words, asks)| {
            let around = if long && asks { Around::Story(words) } else { around };
            Part {
                keeps_years: years(&part_words) == asked_years,
                found: look_up(library, part, &part_words, around, now, region),
            }
        })
        .filter(|part| !part.found.is_empty())
        .collect();
    if !all_tell && let Some(both) = two_questions(&of_parts) {
        return both;
    }
    let mut found = whole;
    for Part { keeps_years, found: mut of_part } in of_parts {
        let known = found.iter().take(AGREEING).any(|candidate| candidate.id() == of_part[0].id());
        // Part of a short message counts only where the whole points there too; one that lost the year would be answered for
        // another one.
        let counts = long || (keeps_years && known && of_part[0].confidence >= SURE_PART);
        if !counts {
            continue;
        }
        for candidate in &mut of_part {
            candidate.score += OUT_OF_LONG;
            candidate.confidence = probability(candidate.score);
        }
        if best(&of_part) > best(&found) {
            found = of_part;
        }
    }
    found
}

/// A sentence or clause of a message, looked up by itself.
struct Part {
    /// It names the years that the whole message names.
    keeps_years: bool,
    /// Never empty.
    found: Vec<Candidate>,
}

/// Whether a question mark stands right behind a part of a text.
fn is_marked(text: &str, part: &str) -> bool {
    let end = part.as_ptr() as usize - text.as_ptr() as usize + part.len();
    text[end..].trim_start().starts_with('?')
}

/// Whether a part of a message asks something: "saya ketua KPPS" and "saya tahu apa itu KPPS" tell.
fn asks(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    !tells(&words) && language::question_type(&words).is_some()
}

const KNOWS: &[&str] = &["tahu", "mengetahui", "paham", "mengerti"];

/// Whether somebody says what they know: "saya sudah tahu apa itu KPPS". Who wants to know, or does not know yet, asks.
fn tells(words: &[&str]) -> bool {
    let knows = words.iter().position(|word| KNOWS.contains(word));
    let says =
        |word: &&str| ["saya", "kami", "kita", "aku", "sudah", "juga", "memang", "kalau"].contains(word);
    knows.is_some_and(|at| at > 0 && words[..at].iter().all(says))
}

/// A short message without the clauses that say what is known, with its words; none if there are none, or nothing else asks.
fn without_told(text: &str) -> Option<(String, Vec<String>)> {
    let (told, rest): (Vec<&str>, Vec<&str>) = language::sentences(text, true).partition(|clause| {
        let words = language::normalize(clause);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        tells(&words) && language::question_type(&words).is_some()
    });
    if told.is_empty() || !rest.iter().any(|clause| asks(&language::normalize(clause))) {
        return None;
    }
    let rest = rest.join(". ");
    let words = language::normalize(&rest);
    Some((rest, words))
}

/// Two questions in one message, each surely answered by something else: the first one's answer, the second's right behind
/// it, so that it is offered below.
fn two_questions(parts: &[Part]) -> Option<Vec<Candidate>> {
    let mut sure = parts.iter().map(|part| &part.found).filter(|found| found[0].confidence >= SURE_PART);
    let (first, second) = (sure.next()?, sure.next()?);
    if first[0].id() == second[0].id() {
        return None;
    }
    let rest = first[1..].iter().filter(|candidate| candidate.id() != second[0].id());
    Some([&first[0], &second[0]].into_iter().chain(rest).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_told(text: &str, expected: Option<&str>) {
        let rest = without_told(text).map(|(rest, _)| rest);
        assert_eq!(rest.as_deref(), expected, "{text}");
    }

    #[test]
    fn what_is_said_to_be_known_is_not_asked() {
        check_told("saya tahu apa itu KPPS, berapa honor PPS?", Some("berapa honor PPS"));
        check_told("sy udah paham apa itu DPT. bedanya dengan DPS apa?", Some("bedanya dengan DPS apa"));
    }

    #[test]
    fn who_wants_to_know_asks() {
        for text in [
            "Saya ingin tahu bagaimana cara pindah memilih, apa syaratnya?",
            "saya mau tahu berapa honor KPPS, kapan dibayar?",
            "saya tidak tahu di mana TPS saya, bagaimana cara ceknya?",
            "sy blm paham cara coblos, gmn caranya?",
            "apakah petugas boleh tahu siapa yang saya pilih, apa sanksinya?",
            "gimana sy tahu nama sy terdaftar, dan di mana tps sy",
            "berapa honor PPS?",
        ] {
            check_told(text, None);
        }
    }

    fn check_asking(text: &str, expected: &str) {
        assert_eq!(asking(text, &language::normalize(text)).join(" "), expected, "{text}");
    }

    #[test]
    fn the_asking_sentences_of_a_long_message_are_what_is_asked() {
        check_asking("honor PPS", "honor pps");
        check_asking(
            "Kemarin kakek saya cerita ke semua orang di pasar dia coblos siapa waktu pilkada. Apakah itu boleh?",
            "apakah itu boleh",
        );
        let story = "kemarin kakek saya cerita ke semua orang di pasar bahwa ia senang sekali ikut pilkada";
        check_asking(story, story);
        check_asking(
            "Sa pe om baru pindah dari Poso ke Palu bulan lalu. Tolong rekomendasikan paslon buat dia. Bisa?",
            "tolong rekomendasikan pasangan calon buat dia bisa",
        );
    }
}
