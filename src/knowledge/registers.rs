//! The two registers beside the answers: facts that entries rest on (`fakta/*.toml`) and official sources (`sumber.toml`).
//!
//! An entry names facts by their codes (`rujukan`) and sources by their ids (`sumber`). [`untraced`] tells which numbers and
//! dates of a text stand in none of its facts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;
use serde::Deserialize;

use super::{Document, Problem, Source};
use crate::language::MONTHS;

/// A fact in our own words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub kode: String,
    /// What is true, with all its numbers and dates.
    pub isi: String,
    /// Legal basis, or who says so.
    #[serde(default)]
    pub dasar: String,
    /// `terverifikasi`, `sebagian` (in part), or `pengetahuan` (not compared with a text; no entry may rest on it).
    pub keyakinan: String,
    #[serde(default)]
    pub masa: String,
    /// The public text that it was compared with.
    #[serde(default)]
    pub pembanding: String,
    /// Where it was verified later.
    #[serde(default)]
    pub verifikasi_baru: String,
}

impl Fact {
    /// Compared with a public text, at least in part.
    pub fn verified(&self) -> bool {
        self.keyakinan != "pengetahuan" || !self.verifikasi_baru.is_empty()
    }
}

/// Sources by the id that entries write.
pub type Sources = BTreeMap<String, Source>;

/// Reads a file of facts.
pub fn facts(path: &str, text: &str) -> (Vec<Fact>, Vec<Problem>) {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        fakta: Vec<Fact>,
    }
    let way_out = "daftar fakta tidak terbaca. Setiap [[fakta]] perlu kode, isi, dan keyakinan.";
    match read::<File>(path, text, way_out) {
        Ok(file) => (file.fakta, Vec::new()),
        Err(problem) => (Vec::new(), vec![problem]),
    }
}

/// Reads `sumber.toml`.
pub fn sources(path: &str, text: &str) -> (Sources, Vec<Problem>) {
    #[derive(Deserialize)]
    struct Item {
        id: String,
        judul: String,
        url: Option<String>,
        tanggal: Option<toml::value::Datetime>,
    }
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        sumber: Vec<Item>,
    }
    let way_out =
        "daftar sumber tidak terbaca. Setiap [[sumber]] perlu id dan judul; url dan tanggal bila ada.";
    match read::<File>(path, text, way_out) {
        Ok(file) => {
            let source = |item: Item| {
                let date = item.tanggal.and_then(|date| date.to_string().parse::<Date>().ok());
                (item.id, Source { title: item.judul, url: item.url, date })
            };
            (file.sumber.into_iter().map(source).collect(), Vec::new())
        }
        Err(problem) => (Sources::new(), vec![problem]),
    }
}

/// A TOML file as values, or the line where it breaks with the way out.
pub(super) fn read<T: serde::de::DeserializeOwned>(
    path: &str,
    text: &str,
    way_out: &str,
) -> Result<T, Problem> {
    toml::from_str(text).map_err(|error| {
        let line =
            error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        Problem::error(path, line, way_out)
    })
}

/// Puts the registered source in the place of each id; an id that is in no register is a problem.
pub fn resolve(document: &mut Document, register: &Sources) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut unknown: BTreeSet<String> = BTreeSet::new();
    let mut place = |sources: &mut Vec<Source>, line: usize| {
        for source in sources {
            if source.url.is_some() || source.date.is_some() {
                continue;
            }
            if let Some(known) = register.get(&source.title) {
                *source = known.clone();
            } else if is_id(&source.title) && unknown.insert(source.title.clone()) {
                problems.push(Problem::warning(
                    &document.path,
                    line,
                    format!(
                        "sumber \"{}\" tidak ada di sumber.toml. Tambahkan di sana, atau tulis judul lengkapnya.",
                        source.title
                    ),
                ));
            }
        }
    };
    place(&mut document.fields.sumber, 1);
    for entry in &mut document.entries {
        place(&mut entry.fields.sumber, entry.line);
    }
    for entry in &mut document.entries {
        let fresh = entry.clone().with_version();
        entry.version = fresh.version;
    }
    problems
}

/// `pkpu-7-2022` is meant as an id, `PKPU 7/2022` as a title.
fn is_id(text: &str) -> bool {
    text.contains('-') && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Constant patterns, compiled once: list numbers and addresses, day to date, date to date, date, month, number.
static PATTERNS: LazyLock<Option<[Regex; 6]>> = LazyLock::new(|| {
    let month = MONTHS.join("|");
    let to = r"\s*(?:-|–|sampai(?: dengan)?|hingga|dan|atau)\s*";
    let compile = |pattern: String| Regex::new(&pattern).ok();
    Some([
        compile(r"(?m)^\s*\d+\.\s|https?://\S+".to_owned())?,
        compile(format!(r"(?i)(\d{{1,2}}){to}((\d{{1,2}})\s+({month})\s+(\d{{4}}))"))?,
        compile(format!(r"(?i)(\d{{1,2}})\s+({month}){to}(\d{{1,2}}\s+(?:{month})\s+(\d{{4}}))"))?,
        compile(format!(r"(?i)(\d{{1,2}})\s+({month})\s+(\d{{4}})"))?,
        compile(format!(r"(?i)({month})\s+(\d{{4}})"))?,
        compile(r"\d+(?:[.,]\d+)*(?:/\d+)*".to_owned())?,
    ])
});

/// The numbers and dates of a text in one form: `2024-02-14`, `2024-02`, `1200000`, `7/2017`, `07.00`.
///
/// Both ends of "17 sampai 28 September 2024" are dates. Numbers of list items and web addresses do not count.
pub fn figures(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    // The patterns are covered by tests.
    let Some([noise, day_to_date, date_to_date, whole_date, month_only, number]) = &*PATTERNS else {
        return found;
    };
    let mut rest = text.replace('\u{a0}', " ");
    let mut take = |pattern: &Regex, keep: &dyn Fn(&regex::Captures) -> (Option<String>, String)| {
        rest = pattern
            .replace_all(&rest, |captures: &regex::Captures| {
                let (figure, left) = keep(captures);
                found.extend(figure);
                left
            })
            .into_owned();
    };
    let date = |day: &str, month: &str, year: &str| {
        let number = MONTHS.iter().position(|known| *known == month.to_lowercase())? + 1;
        Some(format!("{year}-{number:02}-{day:0>2}"))
    };
    take(noise, &|_| (None, " ".to_owned()));
    take(day_to_date, &|c| (date(&c[1], &c[4], &c[5]), format!(" {}", &c[2])));
    take(date_to_date, &|c| (date(&c[1], &c[2], &c[4]), format!(" {}", &c[3])));
    take(whole_date, &|c| (date(&c[1], &c[2], &c[3]), " ".to_owned()));
    take(month_only, &|c| (date("01", &c[1], &c[2]).map(|day| day[..7].to_owned()), " ".to_owned()));
    take(number, &|c| {
        let number = &c[0];
        let groups: Vec<&str> = number.split('.').collect();
        let thousands = groups.len() > 1
            && (1..=3).contains(&groups[0].len())
            && groups[1..].iter().all(|group| group.len() == 3 && group.chars().all(|c| c.is_ascii_digit()));
        (Some(if thousands { groups.concat() } else { number.to_owned() }), " ".to_owned())
    });
    found
}

/// The figures that a fact vouches for: its own, and the year and month of its dates.
pub fn vouched(fact: &Fact) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for figure in figures(&format!("{} {}", fact.isi, fact.dasar)) {
        if figure.contains('-') {
            known.insert(figure[..4].to_owned());
            known.insert(figure[..7].to_owned());
        }
        known.extend(figure.split('/').filter(|_| figure.contains('/')).map(str::to_owned));
        known.insert(figure);
    }
    known
}

/// The figures of `text` that none of the facts vouches for.
pub fn untraced(text: &str, facts: &[&BTreeSet<String>]) -> Vec<String> {
    figures(text).into_iter().filter(|figure| facts.iter().all(|known| !known.contains(figure))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_one_form() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(figures(text).into_iter().collect::<Vec<_>>(), expected, "{text}");
        };
        check("pada 14 Februari 2024", &["2024-02-14"]);
        check("17 sampai 28 September 2024", &["2024-09-17", "2024-09-28"]);
        check("27 Februari sampai 3 Maret 2024", &["2024-02-27", "2024-03-03"]);
        check("sejak November 2024", &["2024-11"]);
        check("Rp1.200.000 menurut UU 7/2017", &["1200000", "7/2017"]);
        check("1. Buka https://a.id/12\n2. Tunggu 3 hari", &["3"]);
        check("pukul 07.00 dan 2,5 persen", &["07.00", "2,5"]);
    }

    #[test]
    fn a_figure_without_a_fact_is_told() {
        let fact = Fact {
            kode: "A-1".to_owned(),
            isi: "Batasnya 15 Januari 2024, 30 hari sebelum hari pemungutan suara.".to_owned(),
            dasar: "PKPU 7/2022".to_owned(),
            keyakinan: "terverifikasi".to_owned(),
            masa: String::new(),
            pembanding: String::new(),
            verifikasi_baru: String::new(),
        };
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(untraced(text, &[&vouched(&fact)]), expected, "{text}");
        };
        check("Paling lambat 15 Januari 2024 (30 hari), tahun 2024, PKPU 7/2022.", &[]);
        check("Paling lambat 16 Januari 2024, 31 hari.", &["2024-01-16", "31"]);
    }
}
