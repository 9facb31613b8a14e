//! Cleaned text to tokens. Numbers, law numbers and form names survive; `pemilih2` doubles.

/// Tokens of a cleaned text.
///
/// - `2.236.703` -> `2236703`; `7/2017` -> `7`, `2017`; `07.00` -> `07`, `00`
/// - `h-7` -> `h7`, `c.pemberitahuan` -> `c`, `pemberitahuan`, `ktp-el` -> `ktp`, `el`, `e-ktp` -> `e`, `ktp`
/// - `pemilih2` -> `pemilih` (reduplication); `c6`, `a5`, `h30` stay
/// - `anak-anak` -> `anak`
pub fn tokens(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for chunk in text.split(|c: char| c.is_whitespace()) {
        if chunk.is_empty() {
            continue;
        }
        if let Some(number) = grouped_number(chunk) {
            out.push(number);
            continue;
        }
        chunk_tokens(chunk, &mut out);
    }
    out
}

/// `2.236.703` or `Rp1.200.000,` without its dots.
fn grouped_number(chunk: &str) -> Option<String> {
    let core = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = core.strip_prefix("rp").unwrap_or(core);
    let parts: Vec<&str> = digits.split('.').collect();
    let grouped = parts.len() > 1
        && (1..=3).contains(&parts[0].len())
        && parts[1..].iter().all(|part| part.len() == 3)
        && parts.iter().all(|part| part.chars().all(|c| c.is_ascii_digit()));
    grouped.then(|| parts.concat())
}

fn chunk_tokens(chunk: &str, out: &mut Vec<String>) {
    let pieces: Vec<&str> = chunk.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
    let mut index = 0;
    while index < pieces.len() {
        let piece = pieces[index];
        let next = pieces.get(index + 1);
        // "h-7", "h-30": the day count belongs to the letter.
        if piece == "h" && next.is_some_and(|n| n.chars().all(|c| c.is_ascii_digit())) && chunk.contains("h-")
        {
            out.push(format!("h{}", pieces[index + 1]));
            index += 2;
            continue;
        }
        // "anak-anak": said once is enough.
        if next == Some(&piece) && piece.chars().all(char::is_alphabetic) && chunk.contains('-') {
            index += 1;
            continue;
        }
        out.push(without_reduplication_mark(piece).to_owned());
        index += 1;
    }
}

/// `pemilih2` -> `pemilih`. Short ones such as `c1`, `a5`, `dp4`, `h7` are names, not reduplication.
fn without_reduplication_mark(piece: &str) -> &str {
    match piece.strip_suffix('2') {
        Some(word) if word.chars().count() >= 4 && word.chars().all(char::is_alphabetic) => word,
        _ => piece,
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
        check("pukul 07.00", "pukul 07 00");
    }
}
