//! One immutable snapshot of all that can be answered: documents, timelines and their index.
//!
//! A value built by a pure function; several may live at once (a draft beside the live one).

use std::collections::HashMap;

use crate::knowledge::{Document, Entry, Problem, Topic, version_of};
use crate::schedule::Timeline;
use crate::search::{Index, Place};

/// What [`Library::build`] is made from.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// In order of their folders; a later document overlays an earlier one by entry id.
    pub documents: Vec<Document>,
    pub timelines: Vec<Timeline>,
    pub topics: Vec<Topic>,
    pub problems: Vec<Problem>,
}

impl Parts {
    /// Takes entries out of service: an entry's id, a stage's (`tahapan:<election>/<stage>`), or a whole timeline's.
    pub fn withdraw(&mut self, ids: &std::collections::BTreeSet<String>) {
        if ids.is_empty() {
            return;
        }
        for document in &mut self.documents {
            document.entries.retain(|entry| !ids.contains(&entry.id));
        }
        self.timelines.retain(|timeline| !ids.contains(&format!("tahapan:{}", timeline.id)));
        for timeline in &mut self.timelines {
            let election = timeline.id.clone();
            let before = timeline.stages.len();
            timeline.stages.retain(|stage| !ids.contains(&format!("tahapan:{election}/{}", stage.id)));
            if timeline.stages.len() < before {
                timeline.version = timeline.content_version();
            }
        }
    }
}

/// Documents, timelines, topics and the index over them.
pub struct Library {
    pub documents: Vec<Document>,
    pub timelines: Vec<Timeline>,
    pub topics: Vec<Topic>,
    /// What staff should mend; the good part is served all the same.
    pub problems: Vec<Problem>,
    pub index: Index,
    /// Id of this state of the knowledge: hash over all entry and timeline versions.
    pub state_id: String,
    places: HashMap<String, (usize, usize)>,
    /// Superseded entry or document id -> the document that supersedes it.
    successors: HashMap<String, String>,
}

impl Library {
    pub fn build(parts: Parts) -> Self {
        let documents = overlay(parts.documents);
        let mut places = HashMap::new();
        for (d, document) in documents.iter().enumerate() {
            for (e, entry) in document.entries.iter().enumerate() {
                places.insert(entry.id.clone(), (d, e));
            }
        }
        let state_id = version_of(&manifest_of(&documents, &parts.timelines));
        let index = Index::build(&documents, &parts.topics, &parts.timelines);
        let successors = documents
            .iter()
            .flat_map(|document| {
                document.menggantikan.iter().map(|(old, _)| (old.clone(), document.id.clone()))
            })
            .collect();
        Library {
            documents,
            timelines: parts.timelines,
            topics: parts.topics,
            problems: parts.problems,
            index,
            state_id,
            places,
            successors,
        }
    }

    /// The document that supersedes an entry, if one does (key `menggantikan`).
    pub fn successor(&self, entry_id: &str) -> Option<&str> {
        let document = entry_id.split('#').next().unwrap_or(entry_id);
        self.successors.get(entry_id).or_else(|| self.successors.get(document)).map(String::as_str)
    }

    /// The entry with this id (`<doc>#<key>`).
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        let (document, entry) = self.places.get(id)?;
        Some(&self.documents[*document].entries[*entry])
    }

    /// The id of a place found by search: an entry's, or `tahapan:<election>/<stage>`.
    pub fn id_at(&self, place: Place) -> String {
        match place {
            Place::Entry { document, entry } => self.documents[document].entries[entry].id.clone(),
            Place::Stage { timeline, stage } => {
                let timeline = &self.timelines[timeline];
                format!("tahapan:{}/{}", timeline.id, timeline.stages[stage].id)
            }
        }
    }

    /// All entries in order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.documents.iter().flat_map(|document| &document.entries)
    }

    /// Which version of which entry and timeline this state holds.
    pub fn manifest(&self) -> Vec<(String, String)> {
        manifest_of(&self.documents, &self.timelines)
    }

    /// What a citizen reads for a topic id.
    pub fn topic_name(&self, id: &str) -> String {
        match self.topics.iter().find(|topic| topic.id == id) {
            Some(topic) => topic.nama.clone(),
            None => id.replace('-', " "),
        }
    }
}

fn manifest_of(documents: &[Document], timelines: &[Timeline]) -> Vec<(String, String)> {
    let entries = documents.iter().flat_map(|d| &d.entries).map(|e| (e.id.clone(), e.version.clone()));
    let timelines = timelines.iter().map(|t| (format!("tahapan:{}", t.id), t.version.clone()));
    entries.chain(timelines).collect()
}

/// Lays later documents over earlier ones: an entry with a known id replaces the earlier one in its place.
fn overlay(documents: Vec<Document>) -> Vec<Document> {
    let mut out: Vec<Document> = Vec::new();
    let mut place: HashMap<String, usize> = HashMap::new();
    for document in documents {
        let Some(&at) = place.get(&document.id) else {
            place.insert(document.id.clone(), out.len());
            out.push(document);
            continue;
        };
        let below = &mut out[at];
        below.menggantikan.extend(document.menggantikan);
        for entry in document.entries {
            match below.entries.iter_mut().find(|known| known.id == entry.id) {
                Some(known) => *known = entry,
                None => below.entries.push(entry),
            }
        }
    }
    out
}
