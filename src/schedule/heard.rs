//! Understanding: what a question about time asks for, before any timeline is looked at.

use serde::{Deserialize, Serialize};

use super::{ElectionKind, regions, words};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// "Sekarang tahap apa?"
    Now,
    /// "Kapan …?"
    When,
    /// "Berapa hari lagi …?"
    Countdown,
    /// "Sudah lewat …?", "masih bisa …?"
    PassedYet,
    /// "Berapa lama …?"
    Duration,
    /// "Jadwal lengkap …"
    List,
}

/// Which end of a stage is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    Whole,
    Start,
    End,
}

/// Which of several elections, when no year says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Next,
    Last,
}

/// A question in parts. `words` are all its words in one form, `rest` those that nothing has explained yet.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub intent: Intent,
    /// No word of time was said; the name of a stage with its election stands alone.
    pub bare: bool,
    pub aspect: Aspect,
    /// An election word was said ("pemilihan" alone says no kind).
    pub election_word: bool,
    pub kind: Option<ElectionKind>,
    /// Both kinds were named; whichever is taken may be the wrong one.
    pub both_kinds: bool,
    pub years: Vec<i16>,
    pub turn: Option<Turn>,
    /// "semula", "sebelum ditunda": the schedule that was replaced.
    pub replaced: bool,
    pub second_round: bool,
    pub region: Option<&'static str>,
    pub words: Vec<String>,
    pub rest: Vec<String>,
    /// "masih bisa", "boleh": may be about a person's right rather than about time.
    pub permission: bool,
}

const PEMILU: &[&str] = &["pemilu", "pileg", "pilpres"];
const PILKADA: &[&str] = &["pilkada", "pilgub", "pilbup", "pilwalkot"];
const PEMILU_HINTS: &[&str] = &[
    "capres",
    "cawapres",
    "presiden",
    "wapres",
    "caleg",
    "dpr",
    "dpd",
    "dprd",
    "legislatif",
    "partai",
    "nyaleg",
];
const PILKADA_HINTS: &[&str] = &[
    "cagub", "cawagub", "cabup", "cawabup", "cawalkot", "gubernur", "wagub", "bupati", "wabup", "walikota",
    "bup",
];
/// Words of which the office or the candidates speak without narrowing a stage down.
const OFFICES: &[&str] = &["presiden", "gubernur", "bupati", "walikota", "dpr", "dpd", "dprd", "legislatif"];

/// Words that explain themselves in any question about time.
const SAFE: &[&str] = &[
    "jadwal",
    "hari",
    "hariini",
    "tanggal",
    "bulan",
    "tahun",
    "minggu",
    "waktu",
    "mulai",
    "sejak",
    "sampai",
    "akhir",
    "selesai",
    "tutup",
    "buka",
    "batas",
    "paling",
    "lambat",
    "terakhir",
    "maksimal",
    "akan",
    "lalu",
    "kemarin",
    "laksana",
    "gelar",
    "langsung",
    "jalan",
    "ada",
    "resmi",
    "serentak",
    "nasional",
    "indonesia",
    "kpu",
    "ri",
    "proses",
    "tahap",
    "masa",
    "kegiatan",
    "acara",
    "tepat",
    "pasti",
    "persis",
    "lagi",
    "sekarang",
    "sedang",
    "awal",
    "lewat",
    "total",
    "jumlah",
    "lama",
    "berapa",
    "rakyat",
    "nanti",
    "rangkaian",
    "kapan",
    "ini",
    "saat",
    "republik",
    "negara",
];
/// Words that cost a little when a stage does not use them.
const SOFT: &[&str] = &[
    "anggota",
    "suara",
    "calon",
    "paslon",
    "peserta",
    "daerah",
    "provinsi",
    "kabupaten",
    "kota",
    "tingkat",
    "wakil",
    "baru",
    "seluruh",
    "semua",
    "politik",
    "kepala",
    "saya",
    "aku",
    "kita",
    "kami",
    "gue",
    "mau",
    "ingin",
    "bisa",
    "boleh",
    "harus",
    "orang",
    "warga",
    "masyarakat",
    "urus",
    "mengurus",
    "ikut",
    "bareng",
    "wilayah",
    "sini",
    "tps",
    "pemilih",
    "lokal",
    "cek",
];

/// How much of the confidence is left for each word that a stage does not explain.
pub(crate) fn leftover_factor(word: &str) -> f32 {
    if SAFE.contains(&word) {
        1.0
    } else if SOFT.contains(&word) {
        0.93
    } else if OFFICES.contains(&word) {
        0.75
    } else {
        0.42
    }
}

/// Is this a word of time rather than a word that tells stages apart?
pub(crate) fn is_safe(word: &str) -> bool {
    SAFE.contains(&word)
}

/// Words of a stage name that can tell stages apart: without election names, years and regions.
pub(crate) fn name_words(text: &str) -> Vec<String> {
    let mut found = words::canon_text(text);
    found.retain(|word| !is_election_word(word) && year(word).is_none());
    drop_region(&mut found);
    found
}

fn is_election_word(word: &str) -> bool {
    PEMILU.contains(&word) || PILKADA.contains(&word) || word == "pemilihan"
}

fn year(word: &str) -> Option<i16> {
    let plausible = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    plausible.then(|| word.parse().ok()).flatten()
}

fn drop_region(found: &mut Vec<String>) -> Option<&'static str> {
    let plain: Vec<&str> = found.iter().map(String::as_str).collect();
    let (code, start, length) = regions::find(&plain)?;
    found.drain(start..start + length);
    Some(code)
}

/// Understands a question, or says that it does not ask about time.
pub(crate) fn hear<'a>(tokens: impl Iterator<Item = &'a str>) -> Option<Heard> {
    let mut all = words::canon(tokens);
    let region = drop_region(&mut all);
    let has = |word: &str| all.iter().any(|known| known == word);
    let pair = |one: &str, two: &str| all.windows(2).any(|window| window[0] == one && window[1] == two);
    let any = |list: &[&str]| list.iter().any(|word| has(word));

    // The hour of the day belongs to the rules about polling stations.
    if any(&["jam", "pukul"]) {
        return None;
    }
    let years: Vec<i16> = all.iter().filter_map(|word| year(word)).collect();
    let election_at = all.iter().position(|word| is_election_word(word));
    let (pemilu, pilkada) = (any(PEMILU), any(PILKADA));
    let (pemilu_hint, pilkada_hint) = (any(PEMILU_HINTS), any(PILKADA_HINTS));
    let kind = if pemilu && !pilkada {
        Some(ElectionKind::Pemilu)
    } else if pilkada {
        Some(ElectionKind::Pilkada)
    } else if pemilu_hint && !pilkada_hint {
        Some(ElectionKind::Pemilu)
    } else if pilkada_hint {
        Some(ElectionKind::Pilkada)
    } else {
        None
    };
    let both_kinds = pemilu && pilkada || !pemilu && !pilkada && pemilu_hint && pilkada_hint;

    let second_round = any(&["putaran"]) && any(&["kedua"]);
    let replaced = has("semula")
        || pair("jadwal", "awal")
        || pair("rencana", "awal")
        || pair("jadwal", "lama")
        || has("sebelum") && any(&["tunda", "covid"]);
    let last_at = all.iter().position(|word| word == "terakhir");
    let after_election =
        |at: usize| at > 0 && (is_election_word(&all[at - 1]) || year(&all[at - 1]).is_some());
    let last_word = last_at.is_some_and(after_election);
    let lalu_at = all.iter().rposition(|word| word == "lalu");
    let long_ago = lalu_at.is_some_and(|at| at > 0 && election_at.is_none_or(|election| at > election));
    let turn = if has("berikut") {
        Some(Turn::Next)
    } else if has("kemarin") || last_word || long_ago {
        Some(Turn::Last)
    } else {
        None
    };

    let asks_when = has("kapan")
        || has("tanggal")
        || pair("hari", "apa")
        || pair("bulan", "apa")
        || pair("bulan", "berapa")
        || pair("tahun", "berapa")
        || pair("tahun", "apa");
    let how_many = ["hari", "minggu", "bulan", "lama", "tahun"].iter().any(|unit| pair("berapa", unit))
        || pair("hari", "berapa");
    let remaining = any(&["lagi", "sisa", "tinggal", "kurang", "menuju", "menjelang"]);
    let total = has("berapa") && (pair("total", "hari") || pair("jumlah", "hari") || has("lama"));
    let relative = any(&["sebelum", "setelah"]) && !replaced;
    let stands = any(&["tahap"]);
    let list_word = any(&["lengkap", "urutan", "kalender", "timeline", "agenda", "rangkaian"])
        || pair("daftar", "tahap")
        || pair("daftar", "jadwal")
        || pair("apa", "saja")
        || pair("semua", "tahap")
        || pair("seluruh", "tahap")
        || pair("semua", "jadwal")
        || pair("jadwal", "tahap")
        || pair("tahap", "jadwal");
    let now_word = any(&["sekarang", "sedang", "lagi", "jalan", "langsung", "hariini"]);
    let which =
        pair("tahap", "apa") || pair("tahap", "mana") || pair("sampai", "mana") || pair("sampai", "tahap");
    let passed = (has("sudah") || has("belum"))
        && any(&[
            "lewat", "selesai", "akhir", "tutup", "mulai", "buka", "langsung", "gelar", "laksana", "belum",
            "lalu",
        ])
        || has("masih") && any(&["bisa", "boleh", "buka", "ada", "langsung", "jalan", "sempat"])
        || any(&["apa"]) && any(&["lewat"]);

    let (intent, bare) = if !asks_when
        && (has("hitungmundur") || pair("h", "berapa") || how_many && remaining || pair("masih", "lama"))
    {
        (Intent::Countdown, false)
    } else if !asks_when && (how_many || total) {
        (Intent::Duration, false)
    } else if has("kapan") || asks_when && !has("tahap") {
        (Intent::When, false)
    } else if stands && !pair("apa", "saja") && (which || now_word) || now_word && pair("sampai", "mana") {
        (Intent::Now, false)
    } else if list_word && any(&["tahap", "jadwal", "kalender", "timeline", "agenda"]) {
        (Intent::List, false)
    } else if passed && !asks_when {
        (Intent::PassedYet, false)
    } else if asks_when || has("jadwal") {
        (Intent::When, false)
    } else {
        (Intent::When, true)
    };
    if relative && matches!(intent, Intent::Duration | Intent::Countdown) {
        return None;
    }

    let start = any(&["mulai", "sejak", "buka", "awal"]);
    let end = any(&["sampai", "akhir", "selesai", "tutup", "batas", "lambat", "maksimal"])
        || has("terakhir") && !last_word;
    let aspect = match (start, end) {
        (true, false) => Aspect::Start,
        (false, true) => Aspect::End,
        _ => Aspect::Whole,
    };

    let permission = any(&["bisa", "boleh"]);
    let mut rest = all.clone();
    rest.retain(|word| !is_election_word(word) && year(word).is_none());
    let mut explained: Vec<&str> = Vec::new();
    match intent {
        Intent::Countdown => explained.extend([
            "sisa",
            "tinggal",
            "kurang",
            "menuju",
            "menjelang",
            "hitungmundur",
            "masih",
            "h",
        ]),
        Intent::PassedYet => {
            explained.extend(["sudah", "belum", "masih", "bisa", "boleh", "sempat", "apa", "tidak"])
        }
        Intent::Now => {
            explained.extend(["apa", "mana", "sudah", "masuk", "berapa", "kondisi", "posisi", "memasuki"])
        }
        Intent::List => explained.extend([
            "lengkap", "urutan", "kalender", "timeline", "agenda", "apa", "saja", "daftar", "semua",
            "seluruh", "lihat",
        ]),
        Intent::When | Intent::Duration => {}
    }
    if asks_when && (pair("hari", "apa") || pair("bulan", "apa") || pair("tahun", "apa")) {
        explained.push("apa");
    }
    if turn == Some(Turn::Next) {
        explained.push("berikut");
    }
    if second_round {
        explained.extend(["putaran", "kedua"]);
    }
    if replaced {
        explained.extend(["semula", "rencana", "sebelum", "tunda", "covid", "awal", "lama"]);
    }
    rest.retain(|word| !explained.contains(&word.as_str()));

    Some(Heard {
        intent,
        bare,
        aspect,
        election_word: election_at.is_some(),
        kind,
        both_kinds,
        years,
        turn,
        replaced,
        second_round,
        region,
        words: all,
        rest,
        permission,
    })
}

impl Heard {
    /// Does nothing remain but words of time? Then the election itself is meant.
    pub(crate) fn only_election(&self) -> bool {
        self.rest.iter().all(|word| is_safe(word) || word == "suara" || word == "kita" || word == "wilayah")
    }
}
