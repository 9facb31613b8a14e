//! What kind of answer a question wants.

use std::sync::LazyLock;

use super::lexicon::{contains_run, lines};

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

static FORMS: LazyLock<Vec<(QuestionType, Vec<Vec<&'static str>>)>> = LazyLock::new(|| {
    let mut forms: Vec<(QuestionType, Vec<Vec<&'static str>>)> = Vec::new();
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
        forms.push((kind, list.split(',').map(|form| form.split_whitespace().collect()).collect()));
    }
    forms
});

/// The type named by the longest question form in the normalised words; none when no form is there.
pub fn question_type(words: &[&str]) -> Option<QuestionType> {
    let mut best: Option<(usize, QuestionType)> = None;
    for (kind, forms) in FORMS.iter() {
        for form in forms.iter().filter(|form| contains_run(words, form)) {
            if best.is_none_or(|(length, _)| form.len() > length) {
                best = Some((form.len(), *kind));
            }
        }
    }
    best.map(|(_, kind)| kind)
}
