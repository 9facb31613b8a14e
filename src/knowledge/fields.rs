//! Front matter and field blocks: YAML to [`Fields`], with a line for every problem.

use jiff::civil::Date;
use rapidfuzz::distance::osa;
use saphyr::{MarkedYaml, YamlData, YamlLoader};

use super::{Fields, Jenis, Problem, Source};

/// Keys of a document's front matter.
pub const DOCUMENT_KEYS: &[&str] = &[
    "id",
    "judul",
    "jenis",
    "topik",
    "wilayah",
    "pemilihan",
    "berlaku_mulai",
    "berlaku_sampai",
    "diperiksa",
    "tinjau_ulang",
    "menggantikan",
    "dasar_hukum",
    "rujukan",
    "sumber",
    "tanya",
    "fakta",
];
/// Keys of a field block below a question.
pub const ENTRY_KEYS: &[&str] = &[
    "kunci",
    "tanya",
    "topik",
    "wilayah",
    "pemilihan",
    "berlaku_mulai",
    "berlaku_sampai",
    "diperiksa",
    "tinjau_ulang",
    "menggantikan",
    "dasar_hukum",
    "rujukan",
    "sumber",
    "fakta",
];

/// What a block of YAML said.
#[derive(Debug, Default)]
pub struct Block {
    pub id: Option<String>,
    pub judul: Option<String>,
    pub kunci: Option<String>,
    pub jenis: Option<Jenis>,
    pub tanya: Vec<String>,
    pub menggantikan: Vec<(String, usize)>,
    pub fields: Fields,
    /// Lines of the fields that later checks speak about.
    pub berlaku_line: Option<usize>,
}

/// Reads a YAML mapping. `first_line` is the 1-based line of its first line in the file.
pub fn read(path: &str, yaml: &str, first_line: usize, keys: &[&str], problems: &mut Vec<Problem>) -> Block {
    let mut block = Block::default();
    let mut loader = YamlLoader::<MarkedYaml>::default();
    // Scalars stay text: `72.71` is a region and `2024-01-15` a date, not numbers.
    loader.early_parse(false);
    let mut parser = saphyr_parser::Parser::new_from_str(yaml);
    if let Err(error) = parser.load(&mut loader, true) {
        let line = first_line + error.marker().line().saturating_sub(1);
        problems.push(Problem::error(
            path,
            line,
            "bagian keterangan (kunci: nilai) tidak terbaca. Periksa tanda titik dua, jarak awal baris, dan tanda kutip; \
             nilai yang memuat \": \" harus diapit tanda kutip.",
        ));
        return block;
    }
    let documents = loader.into_documents();
    let Some(root) = documents.first() else { return block };
    let YamlData::Mapping(map) = &root.data else {
        if scalar(root).is_none_or(|text| !text.trim().is_empty()) {
            problems.push(Problem::error(
                path,
                first_line,
                "bagian keterangan harus berbentuk baris \"kunci: nilai\", misalnya \"judul: Pindah memilih\".",
            ));
        }
        return block;
    };
    for (key_node, value) in map {
        let line = first_line + key_node.span.start.line().saturating_sub(1);
        let Some(key) = scalar(key_node) else { continue };
        if !keys.contains(&key.as_str()) {
            let hint = match nearest(&key, keys) {
                Some(known) => format!("Maksudnya \"{known}\"?"),
                None => format!("Kunci yang dikenal: {}.", keys.join(", ")),
            };
            problems.push(Problem::warning(
                path,
                line,
                format!("kunci \"{key}\" tidak dikenal dan diabaikan. {hint}"),
            ));
            continue;
        }
        let mut reader = Reader { path, line, first_line, problems };
        match key.as_str() {
            "id" => block.id = reader.text(&key, value),
            "judul" => block.judul = reader.text(&key, value),
            "kunci" => block.kunci = reader.text(&key, value),
            "jenis" => block.jenis = reader.jenis(value),
            "tanya" => block.tanya = reader.list(&key, value).into_iter().map(|(text, _)| text).collect(),
            "menggantikan" => block.menggantikan = reader.list(&key, value),
            "topik" => block.fields.topik = reader.text(&key, value),
            "wilayah" => block.fields.wilayah = reader.text(&key, value),
            "pemilihan" => block.fields.pemilihan = reader.text(&key, value),
            "berlaku_mulai" => block.fields.berlaku_mulai = reader.date(&key, value),
            "berlaku_sampai" => {
                block.berlaku_line = Some(line);
                block.fields.berlaku_sampai = reader.date(&key, value);
            }
            "diperiksa" => block.fields.diperiksa = reader.date(&key, value),
            "tinjau_ulang" => block.fields.tinjau_ulang = reader.date(&key, value),
            "dasar_hukum" => block.fields.dasar_hukum = reader.text(&key, value),
            "rujukan" => {
                block.fields.rujukan = reader.list(&key, value).into_iter().map(|(text, _)| text).collect();
            }
            "sumber" => block.fields.sumber = reader.sources(value),
            "fakta" => block.fields.fakta = reader.facts(value),
            _ => {}
        }
    }
    block
}

fn scalar(node: &MarkedYaml) -> Option<String> {
    match &node.data {
        YamlData::Representation(text, ..) => Some(text.to_string()),
        YamlData::Value(value) => Some(format!("{value:?}")),
        _ => None,
    }
}

struct Reader<'a> {
    path: &'a str,
    line: usize,
    first_line: usize,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn line_of(&self, node: &MarkedYaml) -> usize {
        self.first_line + node.span.start.line().saturating_sub(1)
    }

    fn text(&mut self, key: &str, node: &MarkedYaml) -> Option<String> {
        match scalar(node) {
            Some(text) => {
                let text = text.trim();
                (!text.is_empty() && text != "~" && text != "null").then(|| text.to_owned())
            }
            None => {
                self.problems.push(Problem::error(
                    self.path,
                    self.line,
                    format!("\"{key}\" harus berupa satu baris teks. Tulis \"{key}: isi\"."),
                ));
                None
            }
        }
    }

    fn list(&mut self, key: &str, node: &MarkedYaml) -> Vec<(String, usize)> {
        match &node.data {
            YamlData::Sequence(items) => items
                .iter()
                .filter_map(|item| {
                    let line = self.line_of(item);
                    match scalar(item) {
                        Some(text) if !text.trim().is_empty() => Some((text.trim().to_owned(), line)),
                        Some(_) => None,
                        None => {
                            self.problems.push(Problem::error(
                                self.path,
                                line,
                                format!("isi daftar \"{key}\" harus teks. Bila memuat \": \", apit dengan tanda kutip."),
                            ));
                            None
                        }
                    }
                })
                .collect(),
            _ => match self.text(key, node) {
                Some(text) => vec![(text, self.line)],
                None => Vec::new(),
            },
        }
    }

    fn date(&mut self, key: &str, node: &MarkedYaml) -> Option<Date> {
        let text = self.text(key, node)?;
        match text.parse::<Date>() {
            Ok(date) if text.len() == 10 => Some(date),
            _ => {
                let problem = format!(
                    "tanggal \"{text}\" pada \"{key}\" tidak ada di kalender atau salah bentuk. \
                     Tulis tahun-bulan-hari, misalnya \"2029-02-28\"."
                );
                self.problems.push(Problem::error(self.path, self.line, problem));
                None
            }
        }
    }

    fn jenis(&mut self, node: &MarkedYaml) -> Option<Jenis> {
        let text = self.text("jenis", node)?;
        let found = match text.to_lowercase().as_str() {
            "faq" => Some(Jenis::Faq),
            "rilis" => Some(Jenis::Rilis),
            "klarifikasi" => Some(Jenis::Klarifikasi),
            "panduan" => Some(Jenis::Panduan),
            "regulasi" => Some(Jenis::Regulasi),
            _ => None,
        };
        if found.is_none() {
            self.problems.push(Problem::error(
                self.path,
                self.line,
                format!(
                    "jenis \"{text}\" tidak dikenal. Pilih satu: faq, rilis, klarifikasi, panduan, regulasi."
                ),
            ));
        }
        found
    }

    fn sources(&mut self, node: &MarkedYaml) -> Vec<Source> {
        let items: Vec<&MarkedYaml> = match &node.data {
            YamlData::Sequence(items) => items.iter().collect(),
            YamlData::Mapping(_) => vec![node],
            _ => {
                return self
                    .text("sumber", node)
                    .map(|title| vec![Source { title, url: None, date: None }])
                    .unwrap_or_default();
            }
        };
        let mut sources = Vec::new();
        for item in items {
            let line = self.line_of(item);
            let YamlData::Mapping(map) = &item.data else {
                if let Some(title) = scalar(item) {
                    sources.push(Source { title, url: None, date: None });
                }
                continue;
            };
            let mut source = Source::default();
            for (key_node, value) in map {
                let key = scalar(key_node).unwrap_or_default();
                self.line = self.line_of(key_node);
                match key.as_str() {
                    "judul" => source.title = self.text(&key, value).unwrap_or_default(),
                    "url" => source.url = self.url(value),
                    "tanggal" => source.date = self.date(&key, value),
                    _ => self.problems.push(Problem::warning(
                        self.path,
                        self.line,
                        format!(
                            "kunci \"{key}\" pada sumber tidak dikenal. Yang dikenal: judul, url, tanggal."
                        ),
                    )),
                }
            }
            if source.title.is_empty() {
                self.problems.push(Problem::error(
                    self.path,
                    line,
                    "sumber tanpa judul. Tambahkan baris \"judul: nama sumber\".",
                ));
            } else {
                sources.push(source);
            }
        }
        sources
    }

    /// `key = value` lines.
    fn facts(&mut self, node: &MarkedYaml) -> Vec<(String, String)> {
        let mut facts = Vec::new();
        for (text, line) in self.list("fakta", node) {
            match text.split_once('=') {
                Some((key, value)) if !key.trim().is_empty() && !value.trim().is_empty() => {
                    facts.push((key.trim().to_owned(), value.trim().to_owned()));
                }
                _ => self.problems.push(Problem::warning(
                    self.path,
                    line,
                    format!("fakta \"{text}\" tidak terbaca. Tulis \"kunci = nilai\", misalnya \"batas-pindah-h30/pemilu-2024 = 2024-01-15\"."),
                )),
            }
        }
        facts
    }

    fn url(&mut self, node: &MarkedYaml) -> Option<String> {
        let text = self.text("url", node)?;
        if text.starts_with("https://") || text.starts_with("http://") {
            return Some(text);
        }
        self.problems.push(Problem::error(
            self.path,
            self.line,
            format!("alamat \"{text}\" bukan tautan. Tulis lengkap, misalnya \"https://jdih.kpu.go.id\"."),
        ));
        None
    }
}

/// The known key within two typing errors of `word`, if there is one.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|key| (osa::distance(word.chars(), key.chars()), *key))
        .filter(|(errors, key)| *errors <= 2 && *errors < key.chars().count())
        .min()
        .map(|(_, key)| key)
}

impl Fields {
    /// These fields with `own` laid over them.
    pub fn overlaid(&self, own: &Fields) -> Fields {
        let pick = |own: &Option<String>, base: &Option<String>| own.clone().or_else(|| base.clone());
        Fields {
            topik: pick(&own.topik, &self.topik),
            wilayah: pick(&own.wilayah, &self.wilayah),
            pemilihan: pick(&own.pemilihan, &self.pemilihan),
            berlaku_mulai: own.berlaku_mulai.or(self.berlaku_mulai),
            berlaku_sampai: own.berlaku_sampai.or(self.berlaku_sampai),
            diperiksa: own.diperiksa.or(self.diperiksa),
            tinjau_ulang: own.tinjau_ulang.or(self.tinjau_ulang),
            dasar_hukum: pick(&own.dasar_hukum, &self.dasar_hukum),
            rujukan: if own.rujukan.is_empty() { self.rujukan.clone() } else { own.rujukan.clone() },
            sumber: if own.sumber.is_empty() { self.sumber.clone() } else { own.sumber.clone() },
            fakta: if own.fakta.is_empty() { self.fakta.clone() } else { own.fakta.clone() },
        }
    }
}
