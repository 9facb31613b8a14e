//! Latent semantic analysis (Deerwester et al. 1990): a likeness of question and passage that needs no common word.
//!
//! Words that stand in the phrasings of the same entries (*ongkos*, *bayaran*, *honor*) come to lie near each other in a
//! space of few dimensions. The space is spanned by the leading right singular vectors of the passage-by-word matrix,
//! found by subspace iteration from a fixed start (Halko, Martinsson & Tropp 2011); a cosine in it does not depend on how
//! the vectors are turned, so no decomposition is needed. Built with the index, from the knowledge alone.

use crate::random::Random;

/// Dimensions at most.
const DIMENSIONS: usize = 64;
/// Rounds of the iteration; more change no order.
const ROUNDS: usize = 4;
const SEED: u64 = 0x6c73_6121;

/// A passage's words with their weights.
pub type Row = Vec<(u32, f32)>;

/// The space: where every word and every passage lies.
#[derive(Debug, Default)]
pub struct Space {
    dimensions: usize,
    /// One row of `dimensions` numbers per word.
    words: Vec<f32>,
    /// One row per passage, of length 1.
    passages: Vec<f32>,
}

impl Space {
    /// Spans the space over passages whose words are numbered below `words`.
    pub fn build(rows: &[Row], words: usize) -> Space {
        let dimensions = DIMENSIONS.min(rows.len()).min(words);
        if dimensions == 0 {
            return Space::default();
        }
        let mut basis = random(words * dimensions);
        for _ in 0..ROUNDS {
            let seen = times(rows, &basis, dimensions);
            basis.fill(0.0);
            for (row, seen) in rows.iter().zip(seen.chunks_exact(dimensions)) {
                for (word, weight) in row {
                    let own = &mut basis[*word as usize * dimensions..][..dimensions];
                    for (sum, value) in own.iter_mut().zip(seen) {
                        *sum += weight * value;
                    }
                }
            }
            orthonormalize(&mut basis, dimensions);
        }
        let mut passages = times(rows, &basis, dimensions);
        passages.chunks_exact_mut(dimensions).for_each(normalize);
        Space { dimensions, words: basis, passages }
    }

    /// Where weighted words lie together; empty when none of them is known.
    pub fn place(&self, words: impl Iterator<Item = (u32, f32)>) -> Vec<f32> {
        let mut place = vec![0.0; self.dimensions];
        for (word, weight) in words {
            let Some(own) = self.words.chunks_exact(self.dimensions.max(1)).nth(word as usize) else {
                continue;
            };
            for (sum, value) in place.iter_mut().zip(own) {
                *sum += weight * value;
            }
        }
        normalize(&mut place);
        if place.iter().all(|value| *value == 0.0) { Vec::new() } else { place }
    }

    /// Cosine of a place and a passage: 1 for the same direction, 0 for nothing in common.
    pub fn likeness(&self, place: &[f32], passage: usize) -> f32 {
        cosine(place, &self.passages[passage * self.dimensions..][..self.dimensions])
    }

    /// The nearest passages, nearest first.
    pub fn nearest(&self, place: &[f32], limit: usize) -> Vec<(f32, usize)> {
        let mut best: Vec<(f32, usize)> = Vec::with_capacity(limit + 1);
        if place.is_empty() || limit == 0 {
            return best;
        }
        for (number, passage) in self.passages.chunks_exact(self.dimensions).enumerate() {
            let likeness = dot(place, passage);
            if best.len() == limit && best.last().is_some_and(|(worst, _)| likeness <= *worst) {
                continue;
            }
            let at = best.partition_point(|(known, _)| *known >= likeness);
            best.insert(at, (likeness, number));
            best.truncate(limit);
        }
        best
    }
}

/// Cosine of two places; 0 where one of them is nowhere.
pub fn cosine(one: &[f32], other: &[f32]) -> f32 {
    if one.is_empty() || other.is_empty() { 0.0 } else { dot(one, other) }
}

/// The rows, each as the weighted sum of its words' places.
fn times(rows: &[Row], basis: &[f32], dimensions: usize) -> Vec<f32> {
    let mut out = vec![0.0; rows.len() * dimensions];
    for (row, sums) in rows.iter().zip(out.chunks_exact_mut(dimensions)) {
        for (word, weight) in row {
            let own = &basis[*word as usize * dimensions..][..dimensions];
            for (sum, value) in sums.iter_mut().zip(own) {
                *sum += weight * value;
            }
        }
    }
    out
}

/// Makes the columns orthonormal, by Cholesky's decomposition of their products. A column that adds nothing becomes zero.
fn orthonormalize(columns: &mut [f32], count: usize) {
    let mut products = vec![0.0_f64; count * count];
    for row in columns.chunks_exact(count) {
        for (i, one) in row.iter().enumerate() {
            for (j, other) in row.iter().enumerate().take(i + 1) {
                products[i * count + j] += f64::from(*one) * f64::from(*other);
            }
        }
    }
    let largest = (0..count).map(|i| products[i * count + i]).fold(0.0, f64::max);
    let mut lower = vec![0.0_f64; count * count];
    let mut inverse = vec![0.0_f64; count];
    for i in 0..count {
        for j in 0..=i {
            let known: f64 = (0..j).map(|m| lower[i * count + m] * lower[j * count + m]).sum();
            let rest = products[i * count + j] - known;
            if i != j {
                lower[i * count + j] = rest * inverse[j];
            } else if rest > largest * 1e-9 {
                lower[i * count + i] = rest.sqrt();
                inverse[i] = 1.0 / rest.sqrt();
            }
        }
    }
    let mut done = vec![0.0_f64; count];
    for row in columns.chunks_exact_mut(count) {
        for i in 0..count {
            let known: f64 = (0..i).map(|m| done[m] * lower[i * count + m]).sum();
            done[i] = (f64::from(row[i]) - known) * inverse[i];
            row[i] = done[i] as f32;
        }
    }
}

fn normalize(values: &mut [f32]) {
    let length = dot(values, values).sqrt();
    if length > f32::EPSILON {
        values.iter_mut().for_each(|value| *value /= length);
    }
}

/// In eight lanes, so that the compiler can use the processor's wide registers.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (one_chunks, other_chunks) = (one.chunks_exact(8), other.chunks_exact(8));
    let rest: f32 = one_chunks.remainder().iter().zip(other_chunks.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in one_chunks.zip(other_chunks) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += a * b;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// Numbers between -1 and 1, always the same.
fn random(count: usize) -> Vec<f32> {
    let mut random = Random::new(SEED);
    (0..count).map(|_| (random.draw() >> 40) as f32 / (1_u32 << 23) as f32 - 1.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passages by their words; numbered as they come.
    fn space(texts: &[&str]) -> (Space, impl Fn(&str) -> u32) {
        let mut words: Vec<String> = Vec::new();
        let mut number = |word: &str| match words.iter().position(|known| known == word) {
            Some(at) => at as u32,
            None => {
                words.push(word.to_owned());
                words.len() as u32 - 1
            }
        };
        let rows: Vec<Row> =
            texts.iter().map(|text| text.split(' ').map(|word| (number(word), 1.0)).collect()).collect();
        let space = Space::build(&rows, words.len());
        (space, move |word: &str| words.iter().position(|known| known == word).unwrap() as u32)
    }

    #[test]
    fn the_nearest_passage_is_the_one_that_says_it() {
        let texts = ["honor kpps upah", "warna surat suara", "jadwal kampanye pemilu", "upah petugas kpps"];
        let (space, number) = space(&texts);
        let place = space.place([(number("warna"), 1.0), (number("surat"), 1.0)].into_iter());
        assert_eq!(space.nearest(&place, 1)[0].1, 1);
        assert!(space.likeness(&place, 1) > 0.9);
        assert!(space.likeness(&place, 2).abs() < 0.1);
    }

    #[test]
    fn nothing_known_lies_nowhere() {
        let (space, _) = space(&["satu dua"]);
        assert!(space.place(std::iter::empty()).is_empty());
        assert!(space.nearest(&[], 3).is_empty());
        assert!(Space::build(&[], 0).nearest(&[], 3).is_empty());
    }

    #[test]
    fn repeated_passages_do_no_harm() {
        let (space, number) = space(&["satu dua", "satu dua", "satu dua", "tiga empat"]);
        let place = space.place([(number("satu"), 1.0)].into_iter());
        assert!(place.iter().all(|value| value.is_finite()));
        assert!(space.likeness(&place, 0) > space.likeness(&place, 3));
    }
}
