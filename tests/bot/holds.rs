//! What holds for every message whatever it says. Shared by the property tests and by the fuzz target `fuzz/`.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use tanya_pemilu::answer::messages::{self, Office};
use tanya_pemilu::answer::{Candidate, Target, candidate_reply, entry_reply, plain, timeline};
use tanya_pemilu::ask::{Asked, ask};
use tanya_pemilu::language::{is_english, normalize};
use tanya_pemilu::library::Library;
use tanya_pemilu::publish::load_library;
use tanya_pemilu::schedule::ask::{self as schedule, Aspect, Intent, ScheduleAnswer};

/// Normalising again changes nothing after so many rounds.
///
/// Once is not always enough, for two reasons, both in the look-up of forms and never in clean-up or tokens: a word put
/// in for a form can make a longer form with its neighbour ("trims" + "kasih"), and a text taken for English is no
/// longer English once it is translated, so that regional forms count in the next round.
const ROUNDS: usize = 6;

/// A library, and the day on which it is asked.
pub struct Ground {
    library: Library,
    office: Office,
    now: ZonedDateTime,
    /// Every fixed text under the key that the log names it by.
    fixed: Vec<(String, String)>,
}

impl Ground {
    pub fn new(folders: &[PathBuf]) -> Self {
        let now: Timestamp = "2026-11-23T09:00:00+08:00".parse().expect("a constant");
        let now = now.to_zoned_datetime(TimeZone::get("Asia/Makassar").expect("bundled"));
        let library = load_library(folders, now.date());
        assert!(library.entries().count() > 100 && !library.timelines.is_empty(), "the knowledge is there");
        let office = Office { name: None, region: "72".to_owned(), retention_days: 365 };
        let fixed = messages::all(&office).into_iter();
        let fixed = fixed.map(|(key, words)| (format!("pesan:{key}"), words)).collect();
        Ground { library, office, now, fixed }
    }

    /// Every title and phrasing, and every way to ask for the time of every stage.
    pub fn questions(&self) -> Vec<String> {
        let entries = self.library.entries();
        let own = entries.flat_map(|entry| std::iter::once(&entry.title).chain(&entry.phrasings).cloned());
        let timed = self.library.timelines.iter().flat_map(|timeline| {
            let stages = timeline.stages.iter().map(|stage| stage.nama.as_str()).chain(["", "tahapan"]);
            stages.flat_map(|stage| {
                [
                    "kapan",
                    "kapan berakhirnya",
                    "berapa hari lagi",
                    "sudah lewat belum",
                    "berapa lama",
                    "jadwal lengkap",
                ]
                .map(|asks| format!("{asks} {stage} {}", timeline.nama))
            })
        });
        own.chain(timed).collect()
    }

    /// Asks and checks all that must hold of what comes back.
    pub fn holds(&self, context: &[String], text: &str) {
        for message in context.iter().map(String::as_str).chain([text]) {
            settles(message);
        }
        let asked = ask(&self.library, &self.office, &self.now, context, text);
        let confidences = asked.candidates.iter().map(|(_, confidence)| *confidence);
        for confidence in confidences.chain([asked.confidence]) {
            assert!((0.0..=1.0).contains(&confidence), "confidence {confidence} of {asked:?}");
        }
        let mut ours = asked.clone();
        ours.text = without_pointer(text, &asked);
        assert!(self.is_ours(&ours), "not from the library, the timelines or the fixed texts: {asked:?}");
        for option in &asked.options {
            assert!(!option.title.is_empty() && !option.text.is_empty(), "an empty option in {asked:?}");
        }
    }

    /// Whether the text is, byte for byte, what the entry named with it says.
    fn is_ours(&self, asked: &Asked) -> bool {
        let Some(id) = asked.entry.as_deref() else { return false };
        match asked.kind.as_str() {
            "answer" if id.starts_with("tahapan:") => self.is_of_timeline(id, asked),
            "answer" => self.library.entry(id).is_some_and(|entry| {
                let whole = plain(&entry_reply(&self.library, entry, self.now.date()).reply);
                asked.version.as_deref() == Some(entry.version.as_str())
                    && asked.text == whole
                    && whole.contains(&entry.short)
                    && whole.contains(&entry.details)
            }),
            "smalltalk" if id == "pesan:tahapan" => {
                asked.text == timeline::overview_text(&schedule::overview(&self.library.timelines, &self.now))
            }
            "choices" | "abstain" | "refuse" | "smalltalk" => {
                asked.version == Some(messages::version(&asked.text))
                    && self.fixed.iter().any(|(key, words)| key == id && *words == asked.text)
            }
            _ => false,
        }
    }

    /// One of the sentences for this stage, in one of the ways to ask; or what stands for an election as a whole.
    fn is_of_timeline(&self, id: &str, asked: &Asked) -> bool {
        let Some(answer) = schedule::entry(&self.library.timelines, id, &self.now) else { return false };
        if asked.version.as_deref() != Some(answer.version.as_str()) {
            return false;
        }
        let intents = [Intent::When, Intent::Countdown, Intent::PassedYet, Intent::Duration, Intent::List];
        let said = intents.iter().any(|intent| {
            [Aspect::Whole, Aspect::Start, Aspect::End].iter().any(|aspect| {
                self.told(ScheduleAnswer { intent: *intent, aspect: *aspect, ..answer.clone() }) == asked.text
            })
        });
        // "Now" and a stage that is not scheduled yet are told of an election as a whole; their values are not in its id.
        said || (id.ends_with("/*")
            && (asked
                .text
                .starts_with("Tahapan yang berjalan hari ini\n\nHari ini, Senin, 23 November 2026,")
                || asked.text.contains("belum ditetapkan resmi")))
    }

    fn told(&self, answer: ScheduleAnswer) -> String {
        let candidate = Candidate {
            target: Target::Timeline(Box::new(answer)),
            confidence: 1.0,
            score: 0.0,
            features: None,
        };
        let rendered = candidate_reply(&self.library, &candidate, self.now.date());
        plain(&rendered.expect("a timeline answer always renders").reply)
    }
}

/// What was said without the pointer that stands above it for a question in English.
fn without_pointer(question: &str, asked: &Asked) -> String {
    let question = question.trim();
    // The words of "/tanya@TanyaPemiluBot how do I vote" begin after the command.
    let question = match question.split_once(char::is_whitespace) {
        Some((command, rest)) if command.starts_with('/') => rest,
        _ => question,
    };
    let pointer = match asked.kind.as_str() {
        "answer" => messages::ENGLISH,
        "choices" | "abstain" => messages::ENGLISH_UNSURE,
        _ => return asked.text.clone(),
    };
    let rest = asked.text.strip_prefix(pointer).and_then(|rest| rest.strip_prefix("\n\n"));
    assert_eq!(rest.is_some(), is_english(question), "a pointer for English and nothing else: {asked:?}");
    rest.unwrap_or(&asked.text).to_owned()
}

/// Normalised words are plain words, and normalising them again comes to rest within [`ROUNDS`].
pub fn settles(text: &str) {
    let mut words = normalize(text);
    for round in 0.. {
        for word in &words {
            assert!(
                !word.is_empty() && word.chars().all(char::is_alphanumeric),
                "{word:?} of {text:?} is not a word"
            );
        }
        let again = normalize(&words.join(" "));
        if again == words {
            return;
        }
        assert!(round < ROUNDS, "{text:?} does not come to rest: {words:?} became {again:?}");
        words = again;
    }
}
