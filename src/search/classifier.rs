//! Multinomial logistic regression: which passage a question's words belong to, learned from all question forms.
//!
//! Where two entries share most of their words, it learns which few tell them apart. Trained by stochastic gradient descent
//! from a fixed seed when the index is built, from the knowledge alone (Bottou 2010).

use std::collections::HashMap;

use crate::random::Random;

/// A word by itself or with the word before it.
type Feature = (u32, u32);
const ALONE: u32 = u32::MAX;
/// Stands before the first word and behind the last.
const EDGE: u32 = u32::MAX - 1;
/// A word that stands nowhere.
const UNKNOWN: u32 = u32::MAX - 2;
/// In how many forms a pair of words must stand to count.
const PAIR_FORMS: u32 = 15;
const ROUNDS: usize = 4;
/// How far each form moves the weights at first; the step then falls to zero.
const STEP: f32 = 2.0;
/// Fewer forms teach nothing.
const LEAST_FORMS: usize = 300;
/// Messages for nobody are at most so many per form of a passage; of more, evenly chosen ones are learned.
const MOST_NOT_FOR_US: f32 = 0.2;
/// Forms of passages times passages at most, so that an index is built in seconds; a larger base learns those with most forms.
const MOST_WORK: usize = 120_000_000;
/// Weights at most: 64 MB.
const MOST_WEIGHTS: usize = 16_000_000;
/// A passage with few forms counts in training as if it had so many, but each form at most [`MOST_OFTEN`] times.
const EVEN_FORMS: f32 = 20.0;
const MOST_OFTEN: f32 = 4.0;
/// What is said of passages and of none where nothing was learned: clear questions are answered, others are not.
const NEUTRAL: f32 = 0.5;
const NEUTRAL_OF_NONE: f32 = 0.65;
/// Less likely than this, in natural logarithms, is all the same.
const LEAST: f32 = -14.0;
const SEED: u64 = 0x736f_6674;

/// The trained model; one without classes knows nothing.
#[derive(Debug, Default)]
pub struct Classifier {
    rows: HashMap<Feature, u32>,
    classes: usize,
    /// So many of them are passages, the others kinds of messages that no passage answers.
    learned: usize,
    /// For each passage its class, if it has one.
    class_of: Vec<Option<u32>>,
    /// One row per feature, one column per class.
    weights: Vec<f32>,
}

/// What the classifier holds of one question: for each class the logarithm of its probability.
pub struct Posterior(Vec<f32>);

/// A question form as feature rows, and its class.
struct Form {
    /// Each with weight 1.
    rows: Vec<(u32, f32)>,
    class: u32,
    /// How much it counts.
    weight: f32,
}

impl Classifier {
    /// Learns from each passage's question forms, and from the kinds of messages that no passage answers, all given as
    /// their stems in order.
    pub fn train(passages: &[Vec<&[u32]>], not_for_us: &[Vec<Vec<u32>>]) -> Classifier {
        let all: usize = passages.iter().map(Vec::len).sum();
        if all < LEAST_FORMS {
            return Classifier::default();
        }
        let class_of = classes(passages);
        let learned = class_of.iter().flatten().count();
        let classes = learned + not_for_us.len();
        let others: usize = not_for_us.iter().map(Vec::len).sum();
        let every = (others as f32 / (all as f32 * MOST_NOT_FOR_US)).ceil().max(1.0) as usize;
        let forms = || {
            let of_class =
                passages.iter().zip(&class_of).filter_map(|(forms, class)| Some((forms, (*class)?)));
            let of_class = of_class.flat_map(|(forms, class)| {
                let weight = (EVEN_FORMS / forms.len() as f32).clamp(1.0, MOST_OFTEN);
                forms.iter().map(move |form| (features(form), class, weight))
            });
            let kinds = not_for_us.iter().zip(learned as u32..);
            let of_kind = kinds.flat_map(move |(kind, class)| {
                kind.iter().step_by(every).map(move |form| (features(form), class, 1.0))
            });
            of_class.chain(of_kind)
        };
        let mut counts: HashMap<Feature, u32> = HashMap::new();
        for feature in forms().flat_map(|(features, ..)| features) {
            *counts.entry(feature).or_default() += 1;
        }
        let mut kept: Vec<(u32, Feature)> = counts
            .into_iter()
            .filter(|((_, after), count)| *after == ALONE || *count >= PAIR_FORMS)
            .map(|(feature, count)| (count, feature))
            .collect();
        kept.sort_unstable_by(|one, other| other.cmp(one));
        kept.truncate(MOST_WEIGHTS / classes.max(1));
        let rows: HashMap<Feature, u32> = kept.iter().map(|(_, feature)| *feature).zip(0..).collect();
        let mut forms: Vec<Form> = forms()
            .map(|(features, class, weight)| Form {
                rows: features.iter().filter_map(|f| Some((*rows.get(f)?, 1.0))).collect(),
                class,
                weight,
            })
            .filter(|form| !form.rows.is_empty())
            .collect();
        let mut model =
            Classifier { weights: vec![0.0; rows.len() * classes], rows, classes, learned, class_of };
        model.descend(&mut forms);
        model
    }

    fn descend(&mut self, forms: &mut [Form]) {
        let mut random = Random::new(SEED);
        let steps = (ROUNDS * forms.len()).max(1) as f32;
        let mut step = 0.0;
        let mut odds = vec![0.0; self.classes];
        for _ in 0..ROUNDS {
            for last in (1..forms.len()).rev() {
                forms.swap(last, random.below(last + 1));
            }
            for form in forms.iter() {
                let size = 1.0 / (form.rows.len() as f32).sqrt();
                self.odds(&form.rows, size, &mut odds);
                softmax(&mut odds);
                odds[form.class as usize] -= 1.0;
                let rate = STEP * (1.0 - step / steps) * size * form.weight;
                for (row, _) in &form.rows {
                    let weights = &mut self.weights[*row as usize * self.classes..][..self.classes];
                    for (weight, error) in weights.iter_mut().zip(&odds) {
                        *weight -= rate * error;
                    }
                }
                step += 1.0;
            }
        }
    }

    fn odds(&self, rows: &[(u32, f32)], size: f32, odds: &mut [f32]) {
        odds.fill(0.0);
        for (row, weight) in rows {
            let size = size * weight;
            let weights = &self.weights[*row as usize * self.classes..][..self.classes];
            for (sum, weight) in odds.iter_mut().zip(weights) {
                *sum += size * weight;
            }
        }
    }

    fn is_unknown(&self, stem: Option<u32>) -> bool {
        stem.is_none_or(|stem| !self.rows.contains_key(&(stem, ALONE)))
    }

    /// Judges a question by its stems in order, each with its weight; a stem that nothing holds makes all less sure.
    pub fn posterior(&self, stems: &[(Option<u32>, f32)]) -> Posterior {
        let known: Vec<u32> = stems.iter().map(|(stem, _)| stem.unwrap_or(UNKNOWN)).collect();
        let unknown = stems
            .iter()
            .filter(|(stem, _)| self.is_unknown(*stem))
            .map(|(_, weight)| weight * weight)
            .sum::<f32>();
        let weight_of =
            |word: u32| known.iter().position(|known| *known == word).map_or(1.0, |at| stems[at].1);
        let rows: Vec<(u32, f32)> = features(&known)
            .into_iter()
            .filter_map(|feature| {
                let weight = match feature {
                    (word, ALONE) => weight_of(word),
                    (before, word) => weight_of(before).min(weight_of(word)),
                };
                Some((*self.rows.get(&feature)?, weight))
            })
            .collect();
        if rows.is_empty() {
            return Posterior(Vec::new());
        }
        let size = rows.iter().map(|(_, weight)| weight * weight).sum::<f32>() + unknown;
        let mut odds = vec![0.0; self.classes];
        self.odds(&rows, 1.0 / size.sqrt(), &mut odds);
        let most = odds.iter().copied().fold(f32::MIN, f32::max);
        let all: f32 = odds.iter().map(|odds| exp(odds - most)).sum();
        let all = all.ln() + most;
        odds.iter_mut().for_each(|odds| *odds -= all);
        Posterior(odds)
    }

    /// How likely a passage is, from 0 to 1 in equal steps of the logarithm. A passage that was not learned is as likely
    /// as any.
    pub fn likelihood(&self, Posterior(judged): &Posterior, passage: usize) -> f32 {
        if self.classes == 0 {
            return NEUTRAL;
        }
        let class = self.class_of.get(passage).copied().flatten();
        let logarithm = class
            .and_then(|class| judged.get(class as usize).copied())
            .unwrap_or_else(|| -(self.classes.max(1) as f32).ln());
        1.0 - logarithm.clamp(LEAST, 0.0) / LEAST
    }

    /// How likely no passage answers, on the same scale.
    pub fn likelihood_of_none(&self, Posterior(judged): &Posterior) -> f32 {
        if self.classes == 0 {
            return NEUTRAL_OF_NONE;
        }
        let kinds = judged.get(self.learned..).unwrap_or_default();
        let all: f32 = kinds.iter().map(|logarithm| exp(*logarithm)).sum();
        1.0 - all.ln().clamp(LEAST, 0.0) / LEAST
    }
}

/// Numbers the passages that are learned: all of them, or those with most forms where that would take too long.
fn classes(passages: &[Vec<&[u32]>]) -> Vec<Option<u32>> {
    let mut order: Vec<usize> =
        (0..passages.len()).filter(|passage| !passages[*passage].is_empty()).collect();
    order.sort_by_key(|passage| std::cmp::Reverse(passages[*passage].len()));
    let mut forms = 0;
    let within = order.iter().enumerate().take_while(|(before, passage)| {
        forms += passages[**passage].len();
        forms * (before + 1) <= MOST_WORK
    });
    let within = within.count();
    let mut class_of = vec![None; passages.len()];
    for (class, passage) in order[..within].iter().enumerate() {
        class_of[*passage] = Some(class as u32);
    }
    class_of
}

/// The distinct words and pairs of neighbouring words.
fn features(stems: &[u32]) -> Vec<Feature> {
    let mut features: Vec<Feature> = Vec::with_capacity(2 * stems.len() + 1);
    let mut before = EDGE;
    for stem in stems {
        features.push((*stem, ALONE));
        features.push((before, *stem));
        before = *stem;
    }
    features.push((before, EDGE));
    features.sort_unstable();
    features.dedup();
    features
}

/// Odds in logarithms become probabilities.
fn softmax(odds: &mut [f32]) {
    let most = odds.iter().copied().fold(f32::MIN, f32::max);
    odds.iter_mut().for_each(|odds| *odds = exp(*odds - most));
    let all: f32 = odds.iter().sum();
    odds.iter_mut().for_each(|odds| *odds /= all);
}

/// The exponential of a number from -80 to 0, to four digits: the same on every machine, and eight at a time.
fn exp(power: f32) -> f32 {
    let of_two = power.max(-80.0) * std::f32::consts::LOG2_E;
    // Rounds down, or one lower: the series holds up to 1.
    let whole = of_two as i32 - 1;
    let rest = (of_two - whole as f32) * std::f32::consts::LN_2;
    let series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest / 120.0))));
    series * f32::from_bits(((whole + 127) as u32) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(stems: &[u32]) -> Vec<(Option<u32>, f32)> {
        stems.iter().map(|stem| (Some(*stem), 1.0)).collect()
    }

    /// syarat pemilu (0), syarat pilkada (1), a passage without forms (2); "syarat" is word 0, "bagaimana" word 3.
    fn model(not_for_us: &[Vec<Vec<u32>>]) -> Classifier {
        let one: Vec<&[u32]> = [&[0, 1, 3][..], &[0, 1]].repeat(100);
        let other: Vec<&[u32]> = [&[0, 2, 3][..], &[0, 2]].repeat(100);
        Classifier::train(&[one, other, vec![]], not_for_us)
    }

    #[test]
    fn the_word_that_tells_two_passages_apart_decides() {
        let model = model(&[]);
        let judged = model.posterior(&asked(&[0, 2]));
        assert!(model.likelihood(&judged, 1) > model.likelihood(&judged, 0));
        let judged = model.posterior(&asked(&[1]));
        assert!(model.likelihood(&judged, 0) > model.likelihood(&judged, 1));
        let unknown = model.posterior(&asked(&[77]));
        assert_eq!(model.likelihood(&unknown, 0), model.likelihood(&unknown, 2));
    }

    #[test]
    fn unknown_words_make_it_less_sure() {
        let model = model(&[]);
        let sure = model.likelihood(&model.posterior(&asked(&[0, 2])), 1);
        let stems = [(Some(0), 1.0), (Some(2), 1.0), (None, 1.0), (Some(77), 1.0)];
        assert!(model.likelihood(&model.posterior(&stems), 1) < sure);
    }

    #[test]
    fn what_is_not_for_us_is_a_class_beside_the_passages() {
        let model = model(&[vec![vec![5, 6]; 20], vec![vec![7]; 20]]);
        for strange in [[5, 6], [7, 7]] {
            let judged = model.posterior(&asked(&strange));
            assert!(model.likelihood_of_none(&judged) > model.likelihood(&judged, 0));
        }
        let judged = model.posterior(&asked(&[0, 1]));
        assert!(model.likelihood_of_none(&judged) < model.likelihood(&judged, 0));
    }

    #[test]
    fn the_same_forms_give_the_same_weights() {
        assert_eq!(model(&[vec![vec![5, 6]]]).weights, model(&[vec![vec![5, 6]]]).weights);
    }

    #[test]
    fn with_little_to_learn_it_says_nothing() {
        for model in [
            Classifier::train(&[], &[]),
            Classifier::train(&[vec![&[][..]], vec![&[1, 2]]], &[vec![vec![1]]]),
        ] {
            let judged = model.posterior(&asked(&[1, 2]));
            assert_eq!(model.likelihood(&judged, 0), NEUTRAL);
            assert_eq!(model.likelihood_of_none(&judged), NEUTRAL_OF_NONE);
        }
    }

    #[test]
    fn the_exponential_is_near() {
        for power in [0.0_f32, -0.1, -0.7, -1.0, -5.5, -20.0, -79.0] {
            assert!((exp(power) / power.exp() - 1.0).abs() < 1e-4, "{power}: {} {}", exp(power), power.exp());
        }
        assert!(exp(-1e9) < 1e-30);
    }
}
