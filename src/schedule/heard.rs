//! Understanding: what a question about time asks for, before any timeline is looked at.

use serde::{Deserialize, Serialize};

use super::{ElectionKind, Timeline, regions, words};

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
    /// The hour of the day, a number, a reason, days counted from another event: rules, not the calendar.
    pub other_question: bool,
    pub intent: Intent,
    /// No word of time was said; the name of a stage with its election stands alone.
    pub bare: bool,
    pub aspect: Aspect,
    /// An election word was said ("pemilihan" alone says no kind).
    pub election_word: bool,
    pub kind: Option<ElectionKind>,
    /// Both kinds were named; the first is taken, which may be the wrong one.
    pub both_kinds: bool,
    pub years: Vec<i16>,
    pub turn: Option<Turn>,
    /// "semula", "sebelum ditunda": the schedule that was replaced.
    pub replaced: bool,
    pub second_round: bool,
    pub region: Option<&'static str>,
    pub words: Vec<String>,
    pub rest: Vec<String>,
    /// Words that the question before lends.
    pub lent: Vec<String>,
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
    "cagub",
    "cawagub",
    "cabup",
    "cawabup",
    "cawalkot",
    "gubernur",
    "wagub",
    "bupati",
    "wabup",
    "walikota",
    "kepaladaerah",
];
/// Words of which the office or the candidates speak without narrowing a stage down.
const OFFICES: &[&str] = &["presiden", "gubernur", "bupati", "walikota", "dpr", "dpd", "dprd", "legislatif"];

/// Words that explain themselves in any question about time.
const SAFE: &str = "\
    saja jadwal hari hariini tanggal bulan tahun minggu waktu mulai sejak sampai akhir selesai tutup buka \
    batas paling lambat terakhir maksimal akan lalu kemarin laksana gelar langsung jalan ada resmi \
    serentak nasional indonesia kpu ri proses tahap masa kegiatan acara tepat pasti persis lagi sekarang \
    sedang awal lewat total jumlah lama berapa rakyat nanti rangkaian kapan ini saat republik negara";
/// Words that cost a little when a stage does not use them.
const SOFT: &str = "\
    informasi kepaladaerah anggota suara calon paslon peserta daerah provinsi kabupaten kota tingkat wakil baru seluruh semua \
    politik kepala saya aku kita kami gue mau ingin bisa boleh harus orang warga masyarakat urus \
    mengurus ikut bareng wilayah sini tps pemilih lokal";

fn listed(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

/// How much of the confidence is left for each word that a stage does not explain.
pub(crate) fn leftover_factor(word: &str) -> f32 {
    if listed(SAFE, word) {
        1.0
    } else if listed(SOFT, word) {
        0.93
    } else if OFFICES.contains(&word) {
        0.75
    } else {
        0.42
    }
}

/// Is this a word of time rather than a word that tells stages apart?
pub(crate) fn is_safe(word: &str) -> bool {
    listed(SAFE, word)
}

/// Does this word tell stages apart on its own?
pub(crate) fn is_telling(word: &str) -> bool {
    !listed(SAFE, word) && !listed(SOFT, word)
}

/// Makes the words of all names ready, so that a question need not do it again and again.
pub(crate) fn prepare(timeline: &mut Timeline) {
    let election_words = |name: &String| {
        let mut found = words::canon_text(name);
        drop_region(&mut found);
        found
    };
    timeline.keys = timeline.sebutan.iter().map(election_words).collect();
    for stage in &mut timeline.stages {
        stage.keys = stage.sebutan.iter().chain([&stage.nama]).map(|name| name_words(name)).collect();
        for key in &mut stage.keys {
            key.sort();
            key.dedup();
        }
        stage.keys.sort();
        stage.keys.dedup();
        stage.keys.retain(|key| !key.is_empty());
    }
}

/// Words of a stage name that can tell stages apart: without election names, years and regions.
fn name_words(text: &str) -> Vec<String> {
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

/// Takes out all region names and returns the code of the longest one.
fn drop_region(found: &mut Vec<String>) -> Option<&'static str> {
    let mut first = None;
    loop {
        let plain: Vec<&str> = found.iter().map(String::as_str).collect();
        let Some((code, start, length)) = regions::find(&plain) else { return first };
        found.drain(start..start + length);
        first = first.or(Some(code));
    }
}

/// "pilkada 24" is "pilkada 2024".
fn write_out_years(found: &mut [String]) {
    for at in 1..found.len() {
        let short = found[at].len() == 2 && found[at].parse().is_ok_and(|year: u8| (14..50).contains(&year));
        if short && is_election_word(&found[at - 1]) {
            found[at] = format!("20{}", found[at]);
        }
    }
}

/// Understands a question, or says that it does not ask about days.
pub(crate) fn hear<'a>(tokens: impl Iterator<Item = &'a str>) -> Option<Heard> {
    Some(understand(tokens)).filter(|heard| !heard.other_question)
}

/// Takes a text apart, whether or not it asks about days.
pub(crate) fn understand<'a>(tokens: impl Iterator<Item = &'a str>) -> Heard {
    let mut all = words::canon(tokens);
    let region = drop_region(&mut all);
    write_out_years(&mut all);
    let has = |word: &str| all.iter().any(|known| known == word);
    let pair = |one: &str, two: &str| all.windows(2).any(|window| window[0] == one && window[1] == two);
    let any = |list: &[&str]| list.iter().any(|word| has(word));

    let years: Vec<i16> = all.iter().filter_map(|word| year(word)).collect();
    let election_at = all.iter().position(|word| is_election_word(word));
    let (pemilu, pilkada) = (any(PEMILU), any(PILKADA));
    let (pemilu_hint, pilkada_hint) = (any(PEMILU_HINTS), any(PILKADA_HINTS));
    let first_of = |list: &[&str]| all.iter().position(|word| list.contains(&word.as_str()));
    let kind_of = |pemilu: &[&str], pilkada: &[&str]| match (first_of(pemilu), first_of(pilkada)) {
        (None, None) => None,
        (Some(_), None) => Some(ElectionKind::Pemilu),
        (None, Some(_)) => Some(ElectionKind::Pilkada),
        (Some(one), Some(other)) if one < other => Some(ElectionKind::Pemilu),
        _ => Some(ElectionKind::Pilkada),
    };
    let kind = kind_of(PEMILU, PILKADA).or_else(|| kind_of(PEMILU_HINTS, PILKADA_HINTS));
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
    // "Lalu kapan pilkada?" and "tanya dulu, kapan pemilu?" do not speak of the past.
    let long_ago = lalu_at.is_some_and(|at| at > 0 && election_at.is_some_and(|election| at > election));
    // "Kapan pilkada lagi?" asks for the next one; "berapa hari lagi" counts.
    let lagi_at = all.iter().rposition(|word| word == "lagi");
    let once_more = has("kapan")
        && years.is_empty()
        && lagi_at.is_some_and(|at| election_at.is_some_and(|election| at == election + 1));
    let turn = if has("berikut") || once_more {
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
    let other_question = any(&["jam", "pukul"])
        || bare && any(&["berapa", "jumlah", "total", "siapa", "mengapa", "kenapa", "apa"])
        || relative && matches!(intent, Intent::Duration | Intent::Countdown);

    let start = any(&["mulai", "sejak", "buka", "awal"]);
    let end = any(&["sampai", "akhir", "selesai", "tutup", "batas", "lambat", "maksimal"])
        || has("terakhir") && !last_word;
    // "Tanggal berapa sampai berapa?" and "dari kapan sampai kapan?" ask for both ends.
    let twice = |word: &str| all.iter().filter(|known| *known == word).nth(1).is_some();
    let both_ends = has("sampai") && (has("dari") || twice("berapa") || twice("kapan"));
    let aspect = match (start, end) {
        _ if both_ends => Aspect::Whole,
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

    Heard {
        other_question,
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
        lent: Vec::new(),
        permission,
    }
}

impl Heard {
    /// Does it say itself which election it means?
    pub(crate) fn names_election(&self) -> bool {
        self.kind.is_some()
            || !self.years.is_empty()
            || self.turn.is_some()
            || self.replaced
            || self.second_round
    }

    /// Fills what this question leaves out from the one before it: "kalau pilkada?" after "kapan kampanye
    /// pemilu 2024?". Words of the earlier question may complete a stage's name but are never held against it.
    pub(crate) fn follow(&mut self, earlier: &Heard) {
        if self.bare && !earlier.bare && earlier.intent != Intent::Now {
            self.bare = false;
            self.intent = earlier.intent;
            self.aspect = earlier.aspect;
            self.rest.retain(|word| !matches!(word.as_str(), "bagaimana" | "gimana" | "gmn" | "apa"));
        }
        self.kind = self.kind.or(earlier.kind);
        self.election_word |= earlier.election_word;
        self.region = self.region.or(earlier.region);
        if self.years.is_empty() && self.turn.is_none() {
            self.years.clone_from(&earlier.years);
            self.turn = earlier.turn;
        }
        let lent = earlier.rest.iter().filter(|word| !is_safe(word) && !self.words.contains(word));
        self.lent = lent.cloned().collect();
        self.words.extend(self.lent.iter().cloned());
    }

    /// Does nothing remain but words of time? Then the election itself is meant.
    pub(crate) fn only_election(&self) -> bool {
        let harmless = ["suara", "wilayah", "saya", "aku", "kita", "kami", "gue", "mau", "ingin"];
        self.lent.is_empty()
            && self.rest.iter().all(|word| is_safe(word) || harmless.contains(&word.as_str()))
    }
}
