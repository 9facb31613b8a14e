//! Reads the keys of one `[[…]]` block of a timeline file and words what is wrong with them.

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::TIME_WAYS;
use crate::knowledge::{Problem, Source};
use crate::schedule::{StoredStatus, words};

pub(super) fn syntax_message(line: &str, reason: &str) -> String {
    let value =
        line.split_once('=').map_or("", |(_, value)| value).split('#').next().unwrap_or_default().trim();
    let dashes = value.chars().filter(|sign| matches!(sign, '-' | '/' | '.')).count();
    if dashes == 2 && value.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '-' | '/' | '.')) {
        return impossible_date(value);
    }
    format!(
        "baris ini tidak terbaca ({reason}). Tulis seperti kunci = \"teks\" atau kunci = 2029-02-14, dengan tanda kutip di kedua ujung teks."
    )
}

fn impossible_date(value: &str) -> String {
    format!("tanggal \"{value}\" tidak ada di kalender. Tulis tahun-bulan-hari, misalnya 2029-02-14.")
}

/// Line numbers of byte offsets, and the block (last `[[…]]` header) that a line belongs to.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    headers: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        let headers = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.trim_start().starts_with('['))
            .map(|(at, _)| at + 1)
            .collect();
        Self { text, starts, headers }
    }

    pub(super) fn of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1)
    }

    pub(super) fn text(&self, line: usize) -> &'a str {
        self.text.lines().nth(line - 1).unwrap_or_default()
    }

    pub(super) fn block(&self, line: usize) -> usize {
        self.headers.iter().copied().take_while(|header| *header <= line).last().unwrap_or(0)
    }
}

/// Reads the fields of one block and collects what is wrong with them.
pub(super) struct Fields<'a, 'i> {
    pub(super) path: &'a str,
    lines: &'a Lines<'a>,
    table: &'a DeTable<'i>,
    pub(super) line: usize,
    known: &'static [&'static str],
    pub(super) problems: Vec<Problem>,
    /// Set by every error: what was read of this block must not be used.
    pub(super) failed: bool,
}

impl<'a, 'i> Fields<'a, 'i> {
    pub(super) fn new(
        path: &'a str,
        lines: &'a Lines<'a>,
        table: &'a DeTable<'i>,
        line: usize,
        known: &'static [&'static str],
    ) -> Self {
        Self { path, lines, table, line, known, problems: Vec::new(), failed: false }
    }

    pub(super) fn error(&mut self, line: usize, message: impl Into<String>) {
        self.failed = true;
        self.problems.push(Problem::error(self.path, line, message));
    }

    pub(super) fn error_at(&mut self, key: &str, message: impl Into<String>) {
        self.error(self.line_of(key), message);
    }

    pub(super) fn warning(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(Problem::warning(self.path, line, message));
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'i>>> {
        self.table.get(key)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn line_of(&self, key: &str) -> usize {
        self.get(key).map_or(self.line, |value| self.lines.of(value.span().start))
    }

    /// Line of whichever key states the time.
    pub(super) fn line_of_date(&self) -> usize {
        let keys = ["hari", "mulai", "paling_lambat", "sejak", "jendela_mulai"];
        keys.iter().find(|key| self.has(key)).map_or(self.line, |key| self.line_of(key))
    }

    /// A text without judging it.
    pub(super) fn peek(&self, key: &str) -> Option<String> {
        self.get(key)?.get_ref().as_str().map(str::to_owned)
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        match value.get_ref().as_str().map(str::trim) {
            Some("") => {
                self.warning(self.line_of(key), format!("\"{key}\" kosong. Isi, atau hapus barisnya."));
                None
            }
            Some(text) => Some(text.to_owned()),
            None => {
                let message =
                    format!("\"{key}\" harus berupa teks di antara tanda kutip, misalnya {key} = \"…\".");
                self.error_at(key, message);
                None
            }
        }
    }

    pub(super) fn required(&mut self, key: &str) -> Option<String> {
        let blank = self
            .get(key)
            .is_some_and(|value| value.get_ref().as_str().is_some_and(|text| text.trim().is_empty()));
        if !self.has(key) || blank {
            let message = format!("\"{key}\" wajib diisi. Tambahkan baris {key} = \"…\" di bagian ini.");
            self.error_at(key, message);
            return None;
        }
        self.text(key)
    }

    /// Buttons, the log and other files refer to ids, so they are plain slugs.
    pub(super) fn id(&mut self) -> Option<String> {
        let id = self.required("id")?;
        let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
        if id.chars().all(plain) {
            return Some(id);
        }
        let message = format!(
            "id \"{id}\" hanya boleh memakai huruf kecil, angka, dan tanda hubung, misalnya \"masa-tenang\"."
        );
        self.error_at("id", message);
        None
    }

    pub(super) fn year(&mut self) -> Option<i16> {
        let Some(value) = self.get("tahun") else {
            self.error(self.line, "\"tahun\" wajib diisi. Tambahkan baris seperti tahun = 2029.");
            return None;
        };
        let number = value.get_ref().as_integer().and_then(|number| number.as_str().parse::<i16>().ok());
        let year = number.filter(|year| (1900..=2200).contains(year));
        if year.is_none() {
            self.error_at(
                "tahun",
                "\"tahun\" harus berupa angka empat digit tanpa tanda kutip, misalnya tahun = 2029.",
            );
        }
        year
    }

    pub(super) fn region(&mut self) -> Option<String> {
        let code = self.text("wilayah")?;
        if code.split('.').all(|part| !part.is_empty() && part.chars().all(|sign| sign.is_ascii_digit())) {
            return Some(code);
        }
        let message =
            format!("wilayah \"{code}\" bukan kode wilayah. Tulis angkanya, misalnya \"72\" atau \"72.71\".");
        self.error_at("wilayah", message);
        None
    }

    pub(super) fn status(&mut self) -> Option<StoredStatus> {
        match self.text("status")?.as_str() {
            "proyeksi" => Some(StoredStatus::Proyeksi),
            "tergantikan" => Some(StoredStatus::Tergantikan),
            other => {
                let message = format!(
                    "status \"{other}\" tidak dikenal. Tulis \"proyeksi\" atau \"tergantikan\", atau hapus barisnya: lewat atau belum dihitung dari tanggal."
                );
                self.error_at("status", message);
                None
            }
        }
    }

    pub(super) fn list(&mut self, key: &str) -> Vec<String> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let texts: Option<Vec<String>> = value.get_ref().as_array().and_then(|items| {
            items.iter().map(|item| item.get_ref().as_str().map(|text| text.trim().to_owned())).collect()
        });
        if texts.is_none() {
            let message =
                format!("\"{key}\" harus berupa daftar teks, misalnya {key} = [\"satu\", \"dua\"].");
            self.error_at(key, message);
        }
        texts.unwrap_or_default().into_iter().filter(|text| !text.is_empty()).collect()
    }

    pub(super) fn date(&mut self, key: &str) -> Option<Date> {
        let value = self.get(key)?;
        match date_of(value.get_ref()) {
            Ok(date) => Some(date),
            Err(message) => {
                self.error_at(key, format!("\"{key}\": {message}"));
                None
            }
        }
    }

    pub(super) fn range(&mut self, first_key: &str, last_key: &str) -> Option<(Date, Date)> {
        for (key, other) in [(first_key, last_key), (last_key, first_key)] {
            if !self.has(key) {
                let message = format!(
                    "\"{key}\" belum ditulis padahal \"{other}\" ada. Tulis keduanya, atau pakai cara lain: {TIME_WAYS}."
                );
                self.error(self.line_of(other), message);
            }
        }
        let (first, last) = (self.date(first_key), self.date(last_key));
        let (first, last) = (first?, last?);
        if last < first {
            let message = format!(
                "\"{last_key}\" ({last}) lebih awal daripada \"{first_key}\" ({first}). Tukar atau betulkan tanggalnya."
            );
            self.error_at(last_key, message);
            return None;
        }
        Some((first, last))
    }

    pub(super) fn sources(&mut self) -> Vec<Source> {
        let Some(value) = self.get("sumber") else { return Vec::new() };
        let mut sources = Vec::new();
        for item in value.get_ref().as_array().into_iter().flatten() {
            match source_of(item.get_ref()) {
                Ok(source) => sources.push(source),
                Err(message) => self.error(self.lines.of(item.span().start), message),
            }
        }
        if !value.get_ref().is_array() {
            self.error_at(
                "sumber",
                "\"sumber\" harus berupa daftar, misalnya sumber = [{ judul = \"PKPU 3/2022\" }].",
            );
        }
        sources
    }

    pub(super) fn warn_unknown_keys(&mut self) {
        let table = self.table;
        for key in table.keys().filter(|key| !self.known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref();
            let message = match words::closest(name, self.known) {
                Some(near) => {
                    format!("kunci \"{name}\" tidak dikenal, jadi diabaikan. Maksudnya \"{near}\"?")
                }
                None => format!(
                    "kunci \"{name}\" tidak dikenal, jadi diabaikan. Kunci yang ada: {}.",
                    self.known.join(", ")
                ),
            };
            self.warning(self.lines.of(key.span().start), message);
        }
    }
}

/// A date written bare (`2029-02-14`) or between quotes.
fn date_of(value: &DeValue) -> Result<Date, String> {
    let text = match value {
        DeValue::Datetime(moment) => match (moment.date, moment.time) {
            (Some(date), None) => date.to_string(),
            _ => return Err("tulis tanggal saja, tanpa jam, misalnya 2029-02-14.".to_owned()),
        },
        DeValue::String(text) => text.trim().to_owned(),
        _ => return Err("tulis tahun-bulan-hari, misalnya 2029-02-14.".to_owned()),
    };
    text.parse::<Date>().map_err(|_| impossible_date(&text))
}

fn source_of(value: &DeValue) -> Result<Source, String> {
    let shape = || {
        "tiap sumber ditulis { judul = \"…\", url = \"https://…\", tanggal = 2029-02-14 }; judul wajib."
            .to_owned()
    };
    let table = value.as_table().ok_or_else(shape)?;
    let text =
        |key: &str| table.get(key).map(|value| value.get_ref().as_str().map(str::to_owned).ok_or_else(shape));
    let title = text("judul").ok_or_else(shape)??;
    let url = text("url").transpose()?;
    if let Some(url) = &url
        && !url.starts_with("https://")
        && !url.starts_with("http://")
    {
        return Err(format!("url sumber \"{url}\" harus diawali https://."));
    }
    let date = table.get("tanggal").map(|value| date_of(value.get_ref())).transpose()?;
    Ok(Source { title, url, date })
}
