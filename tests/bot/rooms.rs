//! The layout holds: outside libraries stay in their rooms, and the core stays pure.

use std::fs;
use std::path::{Path, PathBuf};

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for item in fs::read_dir(folder).expect("the folder is in the repository") {
        let path = item.expect("a readable entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Code without comments and without its test modules.
fn code(path: &Path) -> String {
    let source = fs::read_to_string(path).expect("a source file");
    let source = source.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
    source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Whether `word` stands in the source and is not merely the start of a longer name.
fn names(source: &str, word: &str) -> bool {
    source.match_indices(word).any(|(at, _)| {
        let next = source[at + word.len()..].chars().next();
        word.ends_with("::") || next.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

fn is_in(file: &Path, rooms: &[&str]) -> bool {
    rooms.iter().any(|room| {
        let room_path = Path::new("src").join(room);
        file.starts_with(&room_path) || file == room_path.with_extension("rs")
    })
}

#[test]
fn outside_libraries_stay_in_their_rooms() {
    let homes: [(&str, &[&str]); 6] = [
        ("teloxide::", &["telegram"]),
        ("tantivy::", &["search"]),
        ("sqlx::", &["store"]),
        ("axum::", &["web", "telegram"]),
        ("frostem::", &["language"]),
        ("saphyr::", &["knowledge"]),
    ];
    let files = rust_files(Path::new("src"));
    assert!(files.len() > 30, "the source folder is where it should be");
    for file in files {
        let source = code(&file);
        for (library, rooms) in homes {
            assert!(
                is_in(&file, rooms) || !source.contains(library),
                "{}: move {library} code to src/{}",
                file.display(),
                rooms[0]
            );
        }
    }
}

/// What each room of the core must not know.
#[test]
fn the_core_knows_no_door_no_store_and_no_clock() {
    let pure = [
        "language",
        "knowledge",
        "schedule",
        "answer",
        "conversation",
        "library",
        "search",
        "ask",
        "eval",
        "privacy",
    ];
    let never = [
        "crate::store",
        "crate::telegram",
        "crate::web",
        "crate::delivery",
        "crate::app",
        "crate::cli",
        ".await",
        "async fn",
        "SystemTime::now",
        "Timestamp::now",
        "ZonedDateTime::now",
        "tokio::",
        "std::env",
    ];
    for file in rust_files(Path::new("src")) {
        if !is_in(&file, &pure) {
            continue;
        }
        let source = code(&file);
        for word in never {
            assert!(!names(&source, word), "{} must not use {word}", file.display());
        }
        let reads_disk = file.ends_with("knowledge/read.rs");
        assert!(
            reads_disk || !source.contains("std::fs"),
            "{}: only knowledge/read.rs touches the disk",
            file.display()
        );
    }
}

/// Data flows one way.
#[test]
fn rooms_only_look_down() {
    let rules: [(&str, &[&str]); 7] = [
        (
            "language",
            &[
                "crate::knowledge",
                "crate::schedule",
                "crate::search",
                "crate::library",
                "crate::answer",
                "crate::conversation",
            ],
        ),
        (
            "knowledge",
            &["crate::schedule", "crate::search", "crate::library", "crate::answer", "crate::conversation"],
        ),
        ("schedule", &["crate::search", "crate::library", "crate::answer", "crate::conversation"]),
        ("search", &["crate::library", "crate::answer", "crate::conversation"]),
        ("library", &["crate::answer", "crate::conversation"]),
        (
            "store",
            &[
                "crate::search",
                "crate::library",
                "crate::answer",
                "crate::knowledge",
                "crate::telegram",
                "crate::web",
            ],
        ),
        ("terminal", &["crate::telegram", "crate::web", "crate::store"]),
    ];
    for file in rust_files(Path::new("src")) {
        for (room, below) in rules {
            if !is_in(&file, &[room]) {
                continue;
            }
            let source = code(&file);
            for word in below {
                assert!(!source.contains(word), "{} must not use {word}", file.display());
            }
        }
    }
}
