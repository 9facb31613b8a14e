//! What kind of answer a question wants.

use std::sync::LazyLock;

use super::lexicon::{Runs, lines};

/// The kind of answer asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuestionType {
    When,
    HowMuch,
    Where,
    Who,
    Whether,
    How,
    Why,
    Requirement,
    Definition,
    What,
}

static FORMS: LazyLock<Runs<QuestionType>> = LazyLock::new(|| {
    let mut forms: Vec<(Vec<String>, QuestionType)> = Vec::new();
    for line in lines(include_str!("data/questions.txt")) {
        let Some((name, list)) = line.split_once('\t') else { continue };
        let kind = match name.trim() {
            "kapan" => QuestionType::When,
            "berapa" => QuestionType::HowMuch,
            "di-mana" => QuestionType::Where,
            "siapa" => QuestionType::Who,
            "apakah" => QuestionType::Whether,
            "bagaimana" => QuestionType::How,
            "mengapa" => QuestionType::Why,
            "syarat" => QuestionType::Requirement,
            "definisi" => QuestionType::Definition,
            _ => QuestionType::What,
        };
        forms
            .extend(list.split(',').map(|form| (form.split_whitespace().map(str::to_owned).collect(), kind)));
    }
    forms.into_iter().collect()
});

/// The type named by the longest question form in the normalised words; none when no form is there.
pub fn question_type(words: &[&str]) -> Option<QuestionType> {
    FORMS.longest(words)
}

static CLAIMS: LazyLock<Runs<()>> = LazyLock::new(|| {
    lines(include_str!("data/claims.txt"))
        .map(|line| (line.split_whitespace().map(str::to_owned).collect(), ()))
        .collect()
});

/// Whether the normalised words ask if something heard is true ("benarkah …", "katanya …").
pub fn is_claim(words: &[&str]) -> bool {
    CLAIMS.find(words).next().is_some()
}
