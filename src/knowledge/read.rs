//! The only part of the core's rooms that touches the disk: lists and reads knowledge files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use walkdir::WalkDir;

use super::Problem;
use super::parse::Format;

/// Larger files are refused: a release has some pages, not a book.
pub const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// A file found in a knowledge folder. Two that compare equal have not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Folder as configured plus the path below it; shown to staff.
    pub path: String,
    /// Path below the folder without extension, `/` between parts.
    pub id: String,
    /// Which of the configured folders; a later one overlays an earlier one.
    pub folder: usize,
    /// None for a kind of file that cannot be read.
    pub format: Option<Format>,
    pub bytes: u64,
    pub modified: Option<SystemTime>,
    file: PathBuf,
}

/// Lists the files of all folders, sorted by folder and path. A folder that cannot be opened is a problem.
pub fn list(folders: &[PathBuf]) -> (Vec<Found>, Vec<Problem>) {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for (index, folder) in folders.iter().enumerate() {
        for item in WalkDir::new(folder)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|item| !hidden(item.path(), item.depth()))
        {
            match item {
                Ok(item) if item.file_type().is_dir() => {}
                Ok(item) => {
                    let path = item.path();
                    if path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("readme.md")) {
                        continue;
                    }
                    // Follows links, so that a linked file is judged by what it holds.
                    let Ok(meta) = fs::metadata(path) else { continue };
                    found.push(Found {
                        path: path.display().to_string(),
                        id: id_of(folder, path),
                        folder: index,
                        format: format_of(path),
                        bytes: meta.len(),
                        modified: meta.modified().ok(),
                        file: path.to_owned(),
                    });
                }
                Err(error) => {
                    let path = error.path().unwrap_or(folder).display().to_string();
                    problems.push(Problem::error(
                        &path,
                        1,
                        "folder atau berkas ini tidak bisa dibuka. Periksa nama dan izinnya.",
                    ));
                }
            }
        }
    }
    (found, problems)
}

/// Hidden files, editors' temporary files and backups.
fn hidden(path: &Path, depth: usize) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    depth > 0
        && (name.starts_with('.') || name.starts_with("~$") || name.ends_with('~') || name.ends_with(".tmp"))
}

fn id_of(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path).with_extension("");
    let parts: Vec<String> =
        below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "md" | "markdown" => Some(Format::Markdown),
        "txt" => Some(Format::Text),
        "toml" => Some(Format::Toml),
        _ => None,
    }
}

/// The text of a file, or what is wrong with it.
pub fn text(found: &Found) -> Result<String, Problem> {
    if found.bytes > MAX_BYTES {
        return Err(Problem::error(
            &found.path,
            1,
            format!(
                "berkas terlalu besar ({} KB; batas {} KB). Pecah menjadi beberapa berkas.",
                found.bytes / 1024,
                MAX_BYTES / 1024
            ),
        ));
    }
    let bytes = fs::read(&found.file).map_err(|_| {
        Problem::error(&found.path, 1, "berkas tidak bisa dibaca. Periksa izinnya, atau simpan ulang.")
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count();
        Problem::error(
            &found.path,
            line,
            "huruf di baris ini bukan UTF-8. Simpan ulang berkas dengan pilihan penyandian \"UTF-8\".",
        )
    })
}
