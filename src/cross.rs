//! Each entry's own questions, put to the search: does it find the entry they were written for?

use jiff::civil::Date;

use crate::knowledge::{Document, Entry};
use crate::library::{Library, Parts};
use crate::search::Query;

/// A question that finds another entry than its own first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    pub path: String,
    pub line: usize,
    pub asked: String,
    /// The entry found in its place; none: nothing was found.
    pub found: Option<String>,
}

/// How many questions were put, and those that strayed.
#[derive(Debug, Clone, Default)]
pub struct Crossed {
    pub asked: usize,
    pub strays: Vec<Stray>,
}

impl Crossed {
    /// Share of questions that find their own entry first.
    pub fn own_share(&self) -> f64 {
        1.0 - self.strays.len() as f64 / self.asked.max(1) as f64
    }
}

/// Every question and phrasing, with all of them in the index.
pub fn with_all(parts: &Parts, today: Date) -> Crossed {
    let library = Library::build(parts.clone());
    let mut crossed = Crossed::default();
    for document in &parts.documents {
        for entry in document.entries.iter().filter(|entry| entry.heading.is_empty()) {
            for asked in std::iter::once(&entry.title).chain(&entry.phrasings) {
                put(&library, &document.path, entry.line, &entry.id, asked, today, &mut crossed);
            }
        }
    }
    crossed
}

/// Every phrasing, with just that one left out of the index.
pub fn left_out(parts: &Parts, today: Date) -> Crossed {
    let mut crossed = Crossed::default();
    each_left_out(parts, |library, document, entry, asked| {
        put(library, &document.path, entry.line, &entry.id, asked, today, &mut crossed);
    });
    crossed
}

/// Calls `visit` for every phrasing, with a library that lacks it. Done place by place: the first phrasing of all entries
/// is left out at once, then the second, and so on, so that few indexes are built.
pub fn each_left_out(parts: &Parts, mut visit: impl FnMut(&Library, &Document, &Entry, &str)) {
    let most =
        parts.documents.iter().flat_map(|document| &document.entries).map(|entry| entry.phrasings.len());
    for place in 0..most.max().unwrap_or(0) {
        let mut without = parts.clone();
        for entry in without.documents.iter_mut().flat_map(|document| &mut document.entries) {
            if place < entry.phrasings.len() {
                entry.phrasings.remove(place);
            }
        }
        let library = Library::build(without);
        for document in &parts.documents {
            for entry in document.entries.iter().filter(|entry| entry.heading.is_empty()) {
                if let Some(asked) = entry.phrasings.get(place) {
                    visit(&library, document, entry, asked);
                }
            }
        }
    }
}

fn put(
    library: &Library,
    path: &str,
    line: usize,
    own: &str,
    asked: &str,
    today: Date,
    crossed: &mut Crossed,
) {
    crossed.asked += 1;
    let first = library.index.search(&Query::new(&library.index, asked, today), 1).into_iter().next();
    let found = first.map(|hit| library.id_at(hit.place));
    if found.as_deref() != Some(own) {
        crossed.strays.push(Stray { path: path.to_owned(), line, asked: asked.to_owned(), found });
    }
}
