//! Indonesian as people write it: from raw text to normalised, stemmed words.
//!
//! An ordered chain of small steps, lossless before lossy: Unicode clean-up, tokens, chat and regional forms, spoken forms
//! by rule, numbers and dates, (for questions only) typing errors against the index's own vocabulary, stems. One chain
//! serves indexing and questions alike. Pure; knows no other room.

mod clean;
mod distance;
mod lexicon;
mod numbers;
mod ordinary;
mod question;
mod regions;
mod sentences;
mod slots;
mod smalltalk;
mod spell;
mod spoken;
mod stem;
mod tokenize;

pub use lexicon::{Outside, expansions, is_acronym, is_weak, names_subject, only_scope, outside};
pub use numbers::MONTHS;
pub use question::{QuestionType, is_claim, question_type};
pub use regions::{is_region_word, regions};
pub use sentences::{LONG_MESSAGE, sentences};
pub use slots::asked_again;
pub use smalltalk::{Refusal, Smalltalk, asks_about_rule, foretells, refusal, smalltalk};
pub use spell::{Vocabulary, fnv};
pub use stem::stem;

/// One normalised word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Standard form, lower case.
    pub text: String,
    pub stem: String,
    /// Carries no content of its own: function words, politeness, question words.
    pub weak: bool,
    /// The form it was corrected from, if a typing error was mended.
    pub corrected_from: Option<String>,
}

/// A text after the chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    pub words: Vec<Word>,
}

impl Analysis {
    /// The normalised words with single blanks between them.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }

    /// The words that carry content.
    pub fn content(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(|word| !word.weak)
    }
}

/// Normalised words of a text, chat and regional forms resolved; not stemmed, nothing corrected.
pub fn normalize(text: &str) -> Vec<String> {
    let tokens = tokenize::tokens(&clean::clean(text));
    numbers::resolve(lexicon::resolve(tokens))
}

/// Whether a text is written in English.
pub fn is_english(text: &str) -> bool {
    lexicon::is_english(&tokenize::tokens(&clean::clean(text)))
}

/// The whole chain for text that goes into the index.
pub fn analyze(text: &str) -> Analysis {
    Analysis { words: normalize(text).into_iter().map(|word| finish(word, None)).collect() }
}

/// The whole chain for a question: as [`analyze`], with unknown words corrected against the vocabulary.
pub fn analyze_question(text: &str, vocabulary: &Vocabulary) -> Analysis {
    correct(normalize(text), vocabulary)
}

/// The rest of the chain for a question whose words are normalised already.
pub fn correct(words: Vec<String>, vocabulary: &Vocabulary) -> Analysis {
    let words = words
        .into_iter()
        .map(|word| match vocabulary.correct(&word) {
            Some(better) => finish(better, Some(word)),
            None => finish(word, None),
        })
        .collect();
    Analysis { words }
}

fn finish(text: String, corrected_from: Option<String>) -> Word {
    let weak = lexicon::is_weak(&text);
    let stem = stem(&text);
    Word { text, stem, weak, corrected_from }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{clean::clean, normalize, tokenize::tokens};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        /// Only the look-up of forms may change its own work (`tests/bot/holds.rs` says how); clean-up and tokens never do.
        #[test]
        fn clean_up_and_tokens_leave_their_own_work_alone(
            any in any::<String>(),
            near in "[a-chr2iİßσ0-9.,' \\-\u{300}\u{345}\u{1100}\u{1161}\u{11a8}\u{5b0}\u{3099}か😀\u{200d}Ａⅷ²]{0,16}",
        ) {
            for text in [any, near] {
                let cleaned = clean(&text);
                prop_assert_eq!(&clean(&cleaned), &cleaned);
                for words in [tokens(&cleaned), normalize(&text)] {
                    prop_assert_eq!(&tokens(&clean(&words.join(" "))), &words);
                }
            }
        }
    }
}
