//! Menus: topics, the questions of a topic, stages.

use jiff::ZonedDateTime;

use super::{Action, Block, Button, Reply};
use crate::answer::{messages, timeline};
use crate::library::Library;
use crate::schedule::ask;

/// Questions shown at once in a topic.
const PAGE: usize = 8;
/// Longest label of a button, in characters; phones cut longer ones.
const LABEL: usize = 60;

/// A reply that is one fixed text.
pub fn text(text: &str) -> Reply {
    Reply { blocks: vec![Block::Short(text.to_owned())], buttons: Vec::new() }
}

/// A text with the topics that have questions as buttons, two in a row; `group` limits them.
pub fn with_topics(library: &Library, words: &str, group: Option<&str>) -> Reply {
    let mut reply = text(words);
    let buttons: Vec<Button> = library
        .topics
        .iter()
        .filter(|topic| group.is_none_or(|group| topic.kelompok == group))
        .filter(|topic| {
            library.entries().any(|entry| entry.fields.topik.as_deref() == Some(topic.id.as_str()))
        })
        .map(|topic| Button {
            label: topic.nama.clone(),
            action: Action::Topic { topic: topic.id.clone(), offset: 0 },
        })
        .collect();
    reply.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
    reply
}

/// The questions of a topic from `offset` on.
pub fn topic(library: &Library, topic: &str, offset: usize) -> Reply {
    let entries: Vec<_> =
        library.entries().filter(|entry| entry.fields.topik.as_deref() == Some(topic)).collect();
    let page: Vec<_> = entries.iter().skip(offset).take(PAGE).collect();
    if page.is_empty() {
        return text(messages::TOPIC_EMPTY);
    }
    let mut reply = text(&format!(
        "**{}**\n\nPilih pertanyaan, atau tulis pertanyaan Anda sendiri.",
        library.topic_name(topic)
    ));
    for entry in page {
        let title = if entry.heading.is_empty() { &entry.title } else { &entry.heading };
        let action = Action::Show { entry: entry.id.clone() };
        reply.buttons.push(vec![Button { label: short_label(title), action }]);
    }
    if entries.len() > offset + PAGE {
        let action = Action::Topic { topic: topic.to_owned(), offset: offset + PAGE };
        reply.buttons.push(vec![Button { label: messages::MORE.to_owned(), action }]);
    }
    reply
}

/// What runs now and what comes next.
pub fn stages(library: &Library, now: &ZonedDateTime) -> Reply {
    let overview = ask::overview(&library.timelines, now);
    let mut reply = text(&timeline::overview_text(&overview));
    for election in &overview.elections {
        let action = Action::Show { entry: format!("tahapan:{}/*", election.id) };
        reply.buttons.push(vec![Button { label: short_label(&election.nama), action }]);
    }
    reply
}

/// A title short enough for a button, cut at a word.
pub fn short_label(title: &str) -> String {
    if title.chars().count() <= LABEL {
        return title.to_owned();
    }
    let cut: String = title.chars().take(LABEL - 1).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head);
    format!("{cut}…")
}
