//! Where a message parts into sentences, and from which length on it has several.

/// A message of more words has a story around its question.
pub const LONG_MESSAGE: usize = 14;

/// Sentences, and if asked for, their clauses. A comma or full stop between digits parts nothing.
pub fn sentences(text: &str, clauses: bool) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let between_digits = move |at: usize| {
        at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
    };
    let mut at = 0;
    text.split(move |c: char| {
        let here = at;
        at += c.len_utf8();
        (matches!(c, '.' | '?' | '!' | '\n' | ';') || (clauses && c == ',')) && !between_digits(here)
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
}
