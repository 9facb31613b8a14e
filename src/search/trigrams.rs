//! Letters three by three: a likeness of two texts that survives typing errors, affixes and other spellings.
//!
//! A question is kept as a set of bits and compared with some hundred question forms kept as lists: one look per trigram.

use crate::language;

/// Trigrams are told apart by so many bits; a few that share a number cost a little precision.
const BITS: usize = 4096;

/// The distinct trigrams of words joined by blanks, as numbers.
#[derive(Debug, Default)]
pub struct List(Box<[u16]>);

/// The same as a set.
#[derive(Debug, Clone)]
pub struct Set {
    bits: Box<[u64; BITS / 64]>,
    count: usize,
}

impl List {
    pub fn of<'a>(words: impl Iterator<Item = &'a str>) -> List {
        let mut window = [' '; 3];
        let mut out = Vec::new();
        for word in words {
            for letter in word.chars().chain(std::iter::once(' ')) {
                window = [window[1], window[2], letter];
                let code = window.iter().fold(0_u32, |code, letter| (code << 10) | (*letter as u32 & 0x3ff));
                // The golden ratio spreads neighbouring codes over all numbers (Knuth 1973).
                out.push((code.wrapping_mul(0x9e37_79b1) >> 20) as u16);
            }
        }
        out.sort_unstable();
        out.dedup();
        List(out.into())
    }
}

impl Set {
    pub fn of<'a>(words: impl Iterator<Item = &'a str>) -> Set {
        let List(codes) = List::of(words);
        let mut bits = Box::new([0; BITS / 64]);
        for code in &codes {
            bits[usize::from(*code) / 64] |= 1 << (code % 64);
        }
        Set { bits, count: codes.len() }
    }

    /// Dice coefficient (Dice 1945): 1 for the same trigrams, 0 for none in common.
    pub fn likeness(&self, List(other): &List) -> f32 {
        let common =
            other.iter().filter(|code| self.bits[usize::from(**code) / 64] >> (**code % 64) & 1 == 1);
        2.0 * common.count() as f32 / (self.count + other.len()).max(1) as f32
    }
}

/// A number for the words in their order; the same for the same words.
pub fn wording<'a>(words: impl Iterator<Item = &'a str>) -> u64 {
    language::fnv(words.flat_map(|word| word.bytes().chain(std::iter::once(b' '))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_costs_little_and_another_text_much() {
        let like = |one: &str, other: &str| {
            Set::of(one.split_whitespace()).likeness(&List::of(other.split_whitespace()))
        };
        assert_eq!(like("cara pindah memilih", "cara pindah memilih"), 1.0);
        assert!(like("cara pindah memilih", "cara pindha memilih") > 0.7);
        assert!(like("cara pindah memilih", "honor kpps") < 0.1);
        assert_eq!(like("", ""), 0.0);
    }

    #[test]
    fn wording_tells_order_apart() {
        let of = |text: &str| wording(text.split_whitespace());
        assert_eq!(of("satu dua"), of("satu dua"));
        assert_ne!(of("satu dua"), of("dua satu"));
        assert_ne!(of("satu dua"), of("satudua"));
    }
}
