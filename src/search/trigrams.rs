//! Letters three by three: a likeness of two texts that survives typing errors, affixes and other spellings.

/// The distinct trigrams of words joined by blanks, as sorted numbers.
pub fn of<'a>(words: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let mut window = [' '; 3];
    let mut out = Vec::new();
    for word in words {
        for letter in word.chars().chain(std::iter::once(' ')) {
            window = [window[1], window[2], letter];
            // Letters of our texts fit ten bits; others only share a number, which costs a little precision.
            out.push(window.iter().fold(0, |code, letter| (code << 10) | (*letter as u32 & 0x3ff)));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Dice coefficient (Dice 1945): 1 for the same trigrams, 0 for none in common.
pub fn likeness(one: &[u32], other: &[u32]) -> f32 {
    let (mut left, mut right, mut common) = (0, 0, 0);
    while left < one.len() && right < other.len() {
        match one[left].cmp(&other[right]) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                left += 1;
                right += 1;
            }
        }
    }
    2.0 * common as f32 / (one.len() + other.len()).max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_costs_little_and_another_text_much() {
        let like =
            |one: &str, other: &str| likeness(&of(one.split_whitespace()), &of(other.split_whitespace()));
        assert_eq!(like("cara pindah memilih", "cara pindah memilih"), 1.0);
        assert!(like("cara pindah memilih", "cara pindha memilih") > 0.7);
        assert!(like("cara pindah memilih", "honor kpps") < 0.1);
        assert_eq!(like("", ""), 0.0);
    }
}
