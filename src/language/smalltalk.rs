//! Greetings and thanks, and requests that are refused: what a text is when it is not a question to look up.

use std::sync::LazyLock;

use super::lexicon::{contains_run, is_weak, lines};
use super::normalize;

/// A friendly word that wants a friendly word back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Smalltalk {
    Greeting,
    Thanks,
    Bye,
    HowAreYou,
    WhoAreYou,
    Acknowledge,
}

/// Why a request gets a polite no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Whom to choose, who is better.
    Partisan,
    /// Who will win.
    Prediction,
    /// How to break the law.
    Unlawful,
    /// Somebody's personal data.
    PersonalData,
    Abuse,
    /// Orders to the program itself.
    Injection,
}

type Cues<T> = Vec<(T, Vec<Vec<String>>)>;

fn read<T: Copy + PartialEq>(list: &'static str, kind_of: impl Fn(&str) -> Option<T>) -> Cues<T> {
    let mut cues: Cues<T> = Vec::new();
    for line in lines(list) {
        let Some((name, phrase)) = line.split_once('\t') else { continue };
        let Some(kind) = kind_of(name.trim()) else { continue };
        let words = normalize(phrase);
        if words.is_empty() {
            continue;
        }
        match cues.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, phrases)) => phrases.push(words),
            None => cues.push((kind, vec![words])),
        }
    }
    cues
}

static SMALLTALK: LazyLock<Cues<Smalltalk>> = LazyLock::new(|| {
    read(include_str!("data/smalltalk.txt"), |name| {
        Some(match name {
            "greeting" => Smalltalk::Greeting,
            "thanks" => Smalltalk::Thanks,
            "bye" => Smalltalk::Bye,
            "how-are-you" => Smalltalk::HowAreYou,
            "who-are-you" => Smalltalk::WhoAreYou,
            "ack" => Smalltalk::Acknowledge,
            _ => return None,
        })
    })
});

static REFUSE: LazyLock<Cues<Refusal>> = LazyLock::new(|| {
    read(include_str!("data/refuse.txt"), |name| {
        Some(match name {
            "partisan" => Refusal::Partisan,
            "prediction" => Refusal::Prediction,
            "unlawful" => Refusal::Unlawful,
            "personal-data" => Refusal::PersonalData,
            "abuse" => Refusal::Abuse,
            "injection" => Refusal::Injection,
            _ => return None,
        })
    })
});

/// Recognises a text that is small talk as a whole: every word belongs to a pattern or is weak. The kind that
/// covers most words wins; a question with a greeting in front of it is not small talk.
pub fn smalltalk(words: &[&str]) -> Option<Smalltalk> {
    if words.is_empty() || words.len() > 10 {
        return None;
    }
    let mut covered = vec![false; words.len()];
    let mut best: Option<(usize, Smalltalk)> = None;
    for (kind, phrases) in SMALLTALK.iter() {
        let mut longest = 0;
        for phrase in phrases.iter().filter(|phrase| phrase.len() <= words.len()) {
            for at in 0..=words.len() - phrase.len() {
                if phrase.iter().zip(&words[at..]).all(|(a, b)| a == b) {
                    covered[at..at + phrase.len()].fill(true);
                    longest = longest.max(phrase.len());
                }
            }
        }
        if longest > 0 && best.is_none_or(|(length, _)| longest > length) {
            best = Some((longest, *kind));
        }
    }
    let rest_is_weak = words.iter().zip(&covered).all(|(word, covered)| *covered || is_weak(word));
    best.filter(|_| rest_is_weak).map(|(_, kind)| kind)
}

/// Recognises a request that must be refused, by its cue phrases; the longest cue wins.
pub fn refusal(words: &[&str]) -> Option<Refusal> {
    let mut best: Option<(usize, Refusal)> = None;
    for (kind, phrases) in REFUSE.iter() {
        for phrase in phrases.iter().filter(|phrase| contains_run(words, phrase)) {
            if best.is_none_or(|(length, _)| phrase.len() > length) {
                best = Some((phrase.len(), *kind));
            }
        }
    }
    best.map(|(_, kind)| kind)
}
