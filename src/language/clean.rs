//! Unicode clean-up: compatibility forms, case, invisible characters, stretched letters.

use unicode_normalization::UnicodeNormalization;

/// Lower-cased NFKC text without marks, emoji or control characters; letters stretched to three or more are
/// shortened to one ("bangettt" -> "banget").
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase).nfkc() {
        match c {
            '’' | '‘' | '`' | '´' | 'ʼ' => out.push('\''),
            '–' | '—' | '−' | '‐' | '‑' => out.push('-'),
            c if is_mark(c) => {}
            c if c.is_alphanumeric() || c.is_ascii_punctuation() => out.push(c),
            _ => out.push(' '),
        }
    }
    squeeze(&out)
}

/// Combining marks and zero-width characters carry no meaning in Indonesian.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut run = 1;
        while chars.peek() == Some(&c) {
            chars.next();
            run += 1;
        }
        let keep = if c.is_alphabetic() && run >= 3 { 1 } else { run };
        for _ in 0..keep {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::clean;

    fn check(input: &str, expected: &str) {
        assert_eq!(clean(input), expected);
        assert_eq!(clean(&clean(input)), expected, "cleaning twice equals cleaning once");
    }

    #[test]
    fn stretched_letters_shrink() {
        check("Gimanaaaa siiih", "gimana sih");
    }

    #[test]
    fn digits_and_doubled_letters_stay() {
        check("2000 massa 111", "2000 massa 111");
    }

    #[test]
    fn full_width_and_emoji() {
        check("ＫＰＵ 😀 é", "kpu   e");
    }
}
