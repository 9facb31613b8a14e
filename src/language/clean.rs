//! Unicode clean-up: compatibility forms, case, invisible characters, stretched letters.

use unicode_normalization::UnicodeNormalization;

/// Lower-cased NFKC text without marks, emoji or control characters; letters stretched to three or more are
/// shortened to one ("bangettt" -> "banget").
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase).nfc() {
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
        let keep =
            if c.is_alphabetic() && run >= 3 && !ends_roman(&out, c, run, chars.peek()) { 1 } else { run };
        for _ in 0..keep {
            out.push(c);
        }
    }
    out
}

/// The three strokes of `iii`, `viii`, `xiii` are a number, not a stretched letter.
fn ends_roman(before: &str, c: char, run: usize, next: Option<&char>) -> bool {
    let begins = before.chars().last().is_none_or(|c| !c.is_alphabetic() || matches!(c, 'v' | 'x'));
    c == 'i' && run == 3 && begins && next.is_none_or(|c| !c.is_alphabetic())
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
    fn roman_numerals_keep_their_strokes() {
        check("Bab III, XVIII siiii", "bab iii, xviii si");
    }

    #[test]
    fn full_width_and_emoji() {
        check("ＫＰＵ 😀 é", "kpu   e");
    }
}
