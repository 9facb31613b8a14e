//! The one step that puts knowledge live, whoever asks: folders -> parsed files -> a new library, swapped whole.
//!
//! A file with an error keeps its last good version; the rest goes live. The watcher looks at the folders every
//! second, which also works on network folders where change notices do not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use jiff::civil::Date;

use crate::answer::messages::{self, Office};
use crate::knowledge::parse::{self, Format};
use crate::knowledge::read::{self, Found};
use crate::knowledge::registers::{self, Fact, Sources};
use crate::knowledge::{Document, Problem, Severity, Topic, check};
use crate::library::{Library, Parts};
use crate::schedule::{self, Timeline};

/// What one file holds once parsed.
#[derive(Debug, Clone)]
enum Content {
    Document(Box<Document>),
    Timelines(Vec<Timeline>),
    Topics(Vec<Topic>),
    Facts(Vec<Fact>),
    Sources(Sources),
    Nothing,
}

#[derive(Debug, Clone)]
struct FileState {
    found: Found,
    content: Content,
    problems: Vec<Problem>,
}

/// The knowledge folders as last read.
#[derive(Debug, Clone, Default)]
pub struct Folders {
    folders: Vec<PathBuf>,
    files: BTreeMap<(usize, String), FileState>,
    folder_problems: Vec<Problem>,
}

impl Folders {
    pub fn new(folders: Vec<PathBuf>) -> Self {
        Folders { folders, ..Folders::default() }
    }

    /// Reads what is new or changed. True when anything changed since the last call.
    pub fn refresh(&mut self) -> bool {
        let (found, folder_problems) = read::list(&self.folders);
        let mut changed = folder_problems != self.folder_problems;
        self.folder_problems = folder_problems;
        let before = std::mem::take(&mut self.files);
        let mut before = before;
        for found in found {
            let key = (found.folder, found.path.clone());
            let last = before.remove(&key);
            match last {
                Some(last) if last.found == found => {
                    self.files.insert(key, last);
                }
                last => {
                    changed = true;
                    self.files.insert(key, load(found, last));
                }
            }
        }
        if !self.folder_problems.is_empty() {
            // A folder that cannot be listed for a moment has not lost its files.
            self.files.append(&mut before);
        }
        changed || !before.is_empty()
    }

    /// Everything that can be served, with all problems. `today` is in the office's time zone.
    pub fn parts(&self, today: Date) -> Parts {
        let mut parts = Parts::default();
        let mut facts: BTreeMap<String, Fact> = BTreeMap::new();
        let mut sources = Sources::new();
        for state in self.files.values() {
            match &state.content {
                Content::Facts(more) => {
                    facts.extend(more.iter().map(|fact| (fact.kode.clone(), fact.clone())))
                }
                Content::Sources(more) => sources.extend(more.clone()),
                _ => {}
            }
        }
        for state in self.files.values() {
            parts.problems.extend(state.problems.iter().cloned());
            match &state.content {
                Content::Document(document) => {
                    let mut document = document.as_ref().clone();
                    parts.problems.extend(registers::resolve(&mut document, &sources));
                    parts.documents.push(document);
                }
                Content::Timelines(timelines) => parts.timelines.extend(timelines.iter().cloned()),
                Content::Topics(topics) => merge_topics(&mut parts.topics, topics),
                Content::Facts(_) | Content::Sources(_) | Content::Nothing => {}
            }
        }
        parts.problems.extend(self.folder_problems.iter().cloned());
        parts.problems.extend(self.cross_check(&parts, &facts, today));
        parts.problems.sort_by(|a, b| {
            (&a.path, a.line, a.severity, &a.message).cmp(&(&b.path, b.line, b.severity, &b.message))
        });
        parts.problems.dedup();
        drop_duplicates(&mut parts, &self.files);
        parts
    }

    fn cross_check(&self, parts: &Parts, facts: &BTreeMap<String, Fact>, today: Date) -> Vec<Problem> {
        let paths: BTreeSet<String> = self.files.keys().map(|(_, path)| path.clone()).collect();
        let mut problems = Vec::new();
        // Folders overlay one another on purpose; duplicates are only looked for within one folder.
        for folder in 0..self.folders.len() {
            let documents: Vec<Document> = self
                .files
                .iter()
                .filter(|((number, _), _)| *number == folder)
                .filter_map(|(_, state)| {
                    if let Content::Document(d) = &state.content { Some(d.as_ref().clone()) } else { None }
                })
                .collect();
            let around = check::Surroundings {
                elections: parts.timelines.iter().map(|timeline| timeline.id.as_str()).collect(),
                topics: &parts.topics,
                paths: &paths,
                known_elsewhere: &parts.documents,
                facts,
                today,
            };
            problems.extend(check::check(&documents, &around));
        }
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for timeline in &parts.timelines {
            if let Some(other) = seen.insert(&timeline.id, &timeline.path) {
                problems.push(Problem::error(
                    &timeline.path,
                    timeline.line,
                    format!(
                        "pemilihan \"{}\" sudah ada di {other}. Gabungkan, atau beri id lain.",
                        timeline.id
                    ),
                ));
            }
        }
        problems
    }

    pub fn paths(&self) -> &[PathBuf] {
        &self.folders
    }

    pub fn file_count(&self) -> usize {
        self.files.len()
    }
}

/// Within one folder the first document with an id stays; the later one is reported and left out.
fn drop_duplicates(parts: &mut Parts, files: &BTreeMap<(usize, String), FileState>) {
    let folder_of: BTreeMap<&str, usize> =
        files.keys().map(|(folder, path)| (path.as_str(), *folder)).collect();
    let mut seen: BTreeSet<(usize, String)> = BTreeSet::new();
    parts.documents.retain(|document| {
        let folder = folder_of.get(document.path.as_str()).copied().unwrap_or_default();
        seen.insert((folder, document.id.clone()))
    });
    let mut elections: BTreeSet<String> = BTreeSet::new();
    parts.timelines.retain(|timeline| elections.insert(timeline.id.clone()));
}

fn merge_topics(topics: &mut Vec<Topic>, more: &[Topic]) {
    for topic in more {
        match topics.iter_mut().find(|known| known.id == topic.id) {
            Some(known) => *known = topic.clone(),
            None => topics.push(topic.clone()),
        }
    }
}

/// Parses a new or changed file. With an error in it, the last good content stays.
fn load(found: Found, last: Option<FileState>) -> FileState {
    let (content, problems) = parse_file(&found);
    let broken = problems.iter().any(|problem| problem.severity == Severity::Error);
    let content = match last {
        Some(last) if broken && !matches!(last.content, Content::Nothing) => last.content,
        // A rule whose end could not be read must not be served as one without an end.
        _ if broken && matches!(content, Content::Document(_)) => Content::Nothing,
        _ => content,
    };
    FileState { found, content, problems }
}

fn parse_file(found: &Found) -> (Content, Vec<Problem>) {
    let Some(format) = found.format else {
        let message = "jenis berkas ini belum bisa dibaca. Simpan sebagai .md atau .txt (tahapan: .toml).";
        return (Content::Nothing, vec![Problem::warning(&found.path, 1, message)]);
    };
    let text = match read::text(found) {
        Ok(text) => text,
        Err(problem) => return (Content::Nothing, vec![problem]),
    };
    if format != Format::Toml {
        let (document, problems) = parse::document(&found.path, &found.id, format, &text);
        return (
            document.map_or(Content::Nothing, |document| Content::Document(Box::new(document))),
            problems,
        );
    }
    if found.id == "topik" || found.id.ends_with("/topik") {
        let (topics, problems) = parse::topics(&found.path, &text);
        return (Content::Topics(topics), problems);
    }
    if found.id == "sumber" || found.id.ends_with("/sumber") {
        let (sources, problems) = registers::sources(&found.path, &text);
        return (Content::Sources(sources), problems);
    }
    if found.id.split('/').rev().nth(1) == Some("fakta") {
        let (facts, problems) = registers::facts(&found.path, &text);
        return (Content::Facts(facts), problems);
    }
    let (timelines, problems) = schedule::parse::parse(&found.path, &text);
    (Content::Timelines(timelines), problems)
}

/// Reads all folders once and builds a library.
pub fn load_library(folders: &[PathBuf], today: Date) -> Library {
    let mut read = Folders::new(folders.to_vec());
    read.refresh();
    Library::build(read.parts(today))
}

/// The library that answers now; readers take a snapshot, a publish swaps it whole.
#[derive(Clone)]
pub struct Live {
    library: Arc<RwLock<Arc<Library>>>,
}

impl Live {
    pub fn new(library: Library) -> Self {
        Live { library: Arc::new(RwLock::new(Arc::new(library))) }
    }

    /// The snapshot that answers now.
    pub fn get(&self) -> Arc<Library> {
        // A panic while swapping an Arc cannot leave it half-written, so a poisoned lock is still good.
        self.library.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Puts another snapshot live.
    pub fn swap(&self, library: Library) -> Arc<Library> {
        let library = Arc::new(library);
        *self.library.write().unwrap_or_else(std::sync::PoisonError::into_inner) = library.clone();
        library
    }
}

/// What is recorded of a published library: (version, entry id, content as JSON) for each entry, each timeline under
/// the version that its answers carry, and each fixed text. What a logged answer showed can be told from it later.
pub fn recorded(library: &Library, office: &Office) -> Vec<(String, String, String)> {
    let json = |value: serde_json::Result<String>| value.unwrap_or_default();
    let entries = library
        .entries()
        .map(|entry| (entry.version.clone(), entry.id.clone(), json(serde_json::to_string(entry))));
    let timelines = library.timelines.iter().map(|timeline| {
        let content = serde_json::json!({ "template": schedule::TEMPLATE_VERSION, "timeline": timeline });
        (timeline.answer_version(), format!("tahapan:{}", timeline.id), content.to_string())
    });
    let texts = messages::all(office).into_iter().map(|(key, words)| {
        (messages::version(&words), format!("pesan:{key}"), json(serde_json::to_string(&words)))
    });
    entries.chain(timelines).chain(texts).collect()
}

/// Counts for one line of log: files, entries, errors, warnings.
pub fn summary(library: &Library) -> (usize, usize, usize) {
    let errors = library.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    (library.entries().count(), errors, library.problems.len() - errors)
}
