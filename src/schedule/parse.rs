//! One timeline file (TOML) -> [`Timeline`] values and every problem in it at once.
//!
//! A bad stage drops only that stage; a bad election drops the election with its stages. Messages are for
//! the person who wrote the file: what is wrong and what to write instead.

mod fields;

use std::collections::{HashMap, HashSet};

use toml::de::{DeTable, DeValue};

use self::fields::{Fields, Lines, syntax_message};
use super::{ElectionKind, KELOMPOK, Stage, StageTime, Timeline, VOTING_STAGE, heard, words};
use crate::knowledge::Problem;

const ELECTION_KEYS: &[&str] = &[
    "id",
    "nama",
    "jenis",
    "tahun",
    "sebutan",
    "hari_pemungutan",
    "ketentuan_waktu",
    "wilayah",
    "status",
    "dasar_hukum",
    "diperiksa",
    "sumber",
];
const STAGE_KEYS: &[&str] = &[
    "pemilihan",
    "id",
    "nama",
    "sebutan",
    "kelompok",
    "hari",
    "mulai",
    "selesai",
    "paling_lambat",
    "sejak",
    "aturan",
    "jendela_mulai",
    "jendela_selesai",
    "catatan",
    "warga",
    "pelaku",
    "wilayah",
    "dasar_hukum",
    "rujukan",
    "sumber",
    "status",
];
const TIME_WAYS: &str =
    "hari, mulai dan selesai, paling_lambat, sejak, aturan, atau jendela_mulai dan jendela_selesai";
/// Stages reach at most this many years before or after the year of their election.
const REACH_YEARS: i16 = 3;

/// Reads one file. `path` is only used in problems and kept for display.
pub fn parse(path: &str, text: &str) -> (Vec<Timeline>, Vec<Problem>) {
    let lines = Lines::new(text);
    let (root, syntax_errors) = DeTable::parse_recoverable(text);
    let root = root.into_inner();
    let mut problems: Vec<Problem> = Vec::new();

    // A block whose text cannot be read is not guessed at: it is left out as a whole.
    let mut broken: HashSet<usize> = HashSet::new();
    for error in &syntax_errors {
        let line = lines.of(error.span().map_or(0, |span| span.start));
        broken.insert(lines.block(line));
        problems.push(Problem::error(path, line, syntax_message(lines.text(line), error.message())));
    }

    for key in root.keys() {
        if !["pemilihan", "tahapan"].contains(&key.get_ref().as_ref()) {
            let message = format!(
                "bagian \"{}\" tidak dikenal, jadi diabaikan. Yang dipakai hanya [[pemilihan]] dan [[tahapan]].",
                key.get_ref()
            );
            problems.push(Problem::warning(path, lines.of(key.span().start), message));
        }
    }

    let mut timelines: Vec<Timeline> = Vec::new();
    let mut dropped: HashSet<String> = HashSet::new();
    let mut nameless_dropped = false;
    for (table, line) in blocks(&root, "pemilihan", &lines, path, &mut problems) {
        let mut fields = Fields::new(path, &lines, table, line, ELECTION_KEYS);
        let read = election(&mut fields);
        let id = fields.peek("id");
        if let Some(timeline) = read.filter(|_| !broken.contains(&lines.block(line))) {
            if let Some(first) = timelines.iter().find(|known| known.id == timeline.id) {
                let message = format!(
                    "pemilihan \"{}\" sudah ada di baris {}. Beri id lain atau hapus salah satunya.",
                    timeline.id, first.line
                );
                fields.error(line, message);
            } else {
                timelines.push(timeline);
            }
        } else if let Some(id) = id {
            dropped.insert(id);
        } else {
            nameless_dropped = true;
        }
        problems.append(&mut fields.problems);
    }

    for (table, line) in blocks(&root, "tahapan", &lines, path, &mut problems) {
        let mut fields = Fields::new(path, &lines, table, line, STAGE_KEYS);
        let read = stage(&mut fields).filter(|_| !broken.contains(&lines.block(line)));
        if let Some((election, stage)) = read {
            match timelines.iter_mut().find(|timeline| timeline.id == election) {
                Some(timeline) => place(timeline, stage, &mut fields),
                // The election's own error has been reported; its stages need no second one.
                None if dropped.contains(&election) || nameless_dropped => {}
                None => {
                    let line = fields.line_of("pemilihan");
                    let message = format!(
                        "tahapan ini menyebut pemilihan \"{election}\" yang tidak ada di berkas ini. Tulis id dari salah satu [[pemilihan]] di berkas yang sama."
                    );
                    fields.error(line, message);
                }
            }
        }
        problems.append(&mut fields.problems);
    }

    if timelines.is_empty() && problems.is_empty() {
        let message =
            "berkas ini tidak memuat satu pun [[pemilihan]]. Salin contoh dari knowledge/README.md.";
        problems.push(Problem::error(path, 1, message));
    }
    for timeline in &mut timelines {
        problems.extend(check_together(path, timeline));
        timeline.version = timeline.content_version();
        heard::prepare(timeline);
    }
    problems.sort_by_key(|problem| problem.line);
    (timelines, problems)
}

fn election(fields: &mut Fields) -> Option<Timeline> {
    fields.warn_unknown_keys();
    let id = fields.id();
    let nama = fields.required("nama");
    let jenis = fields.required("jenis").and_then(|word| match word.as_str() {
        "pemilu" => Some(ElectionKind::Pemilu),
        "pilkada" => Some(ElectionKind::Pilkada),
        _ => {
            fields.error_at(
                "jenis",
                format!("jenis \"{word}\" tidak dikenal. Tulis \"pemilu\" atau \"pilkada\"."),
            );
            None
        }
    });
    let tahun = fields.year();
    let sebutan = fields.list("sebutan");
    let hari_pemungutan = fields.date("hari_pemungutan");
    let ketentuan_waktu = fields.text("ketentuan_waktu");
    let wilayah = fields.region();
    let status = fields.status();
    let dasar_hukum = fields.text("dasar_hukum");
    let diperiksa = fields.date("diperiksa");
    let sumber = fields.sources();
    if let (Some(day), Some(tahun)) = (hari_pemungutan, tahun)
        && (day.year() - tahun).abs() > REACH_YEARS
    {
        let message = format!(
            "hari_pemungutan {day} terlalu jauh dari tahun {tahun}. Periksa tahunnya, atau betulkan \"tahun\"."
        );
        fields.error_at("hari_pemungutan", message);
    }
    if !fields.has("hari_pemungutan") && ketentuan_waktu.is_none() {
        fields.warning(
            fields.line,
            "hari pemungutan suara tidak disebut. Tulis hari_pemungutan, atau jelaskan dengan ketentuan_waktu bila belum ditetapkan.",
        );
    }
    if fields.failed {
        return None;
    }
    Some(Timeline {
        id: id?,
        nama: nama?,
        jenis: jenis?,
        tahun: tahun?,
        sebutan,
        hari_pemungutan,
        ketentuan_waktu,
        wilayah,
        status,
        dasar_hukum,
        diperiksa,
        sumber,
        stages: Vec::new(),
        path: fields.path.to_owned(),
        line: fields.line,
        version: String::new(),
        keys: Vec::new(),
    })
}

fn stage(fields: &mut Fields) -> Option<(String, Stage)> {
    fields.warn_unknown_keys();
    let election = fields.required("pemilihan");
    let id = fields.id();
    let nama = fields.required("nama");
    let kelompok = fields.required("kelompok");
    if let Some(kelompok) = &kelompok
        && !KELOMPOK.contains(&kelompok.as_str())
    {
        let message =
            format!("kelompok \"{kelompok}\" tidak dikenal. Pilih salah satu: {}.", KELOMPOK.join(", "));
        fields.error_at("kelompok", message);
    }
    let time = stage_time(fields);
    let stage = Stage {
        id: id.unwrap_or_default(),
        nama: nama.unwrap_or_default(),
        sebutan: fields.list("sebutan"),
        kelompok: kelompok.unwrap_or_default(),
        time: time.unwrap_or_else(|| StageTime::Aturan(String::new())),
        catatan: fields.text("catatan"),
        warga: fields.text("warga"),
        pelaku: fields.text("pelaku"),
        wilayah: fields.region(),
        dasar_hukum: fields.text("dasar_hukum"),
        rujukan: fields.list("rujukan"),
        sumber: fields.sources(),
        status: fields.status(),
        line: fields.line,
        keys: Vec::new(),
    };
    // Every missing or bad field has set `failed`, so the defaults above never leave this function.
    (!fields.failed).then_some(())?;
    Some((election?, stage))
}

/// Exactly one way of stating the time.
fn stage_time(fields: &mut Fields) -> Option<StageTime> {
    let ways: Vec<&str> = [
        ("hari", "hari"),
        ("mulai", "mulai dan selesai"),
        ("selesai", "mulai dan selesai"),
        ("paling_lambat", "paling_lambat"),
        ("sejak", "sejak"),
        ("aturan", "aturan"),
        ("jendela_mulai", "jendela_mulai dan jendela_selesai"),
        ("jendela_selesai", "jendela_mulai dan jendela_selesai"),
    ]
    .iter()
    .filter(|(key, _)| fields.has(key))
    .map(|(_, way)| *way)
    .collect();
    let mut distinct = ways.clone();
    distinct.dedup();
    match distinct.as_slice() {
        [] => {
            fields.error(fields.line, format!("waktu tahapan belum ditulis. Pakai salah satu: {TIME_WAYS}."));
            None
        }
        ["hari"] => fields.date("hari").map(StageTime::Hari),
        ["paling_lambat"] => fields.date("paling_lambat").map(StageTime::PalingLambat),
        ["sejak"] => fields.date("sejak").map(StageTime::Sejak),
        ["aturan"] => fields.required("aturan").map(StageTime::Aturan),
        ["mulai dan selesai"] => {
            fields.range("mulai", "selesai").map(|(first, last)| StageTime::Rentang(first, last))
        }
        ["jendela_mulai dan jendela_selesai"] => fields
            .range("jendela_mulai", "jendela_selesai")
            .map(|(first, last)| StageTime::Jendela(first, last)),
        several => {
            let message = format!(
                "waktu tahapan ditulis dengan lebih dari satu cara ({}). Sisakan satu saja: {TIME_WAYS}.",
                several.join("; ")
            );
            fields.error(fields.line, message);
            None
        }
    }
}

/// Puts a stage into its election unless it cannot belong there.
fn place(timeline: &mut Timeline, stage: Stage, fields: &mut Fields) {
    if let Some(first) = timeline.stage(&stage.id) {
        let message = format!(
            "tahapan \"{}\" sudah ada di baris {} pada pemilihan yang sama. Beri id lain atau hapus salah satunya.",
            stage.id, first.line
        );
        fields.error_at("id", message);
        return;
    }
    let days = [stage.time.first_day(), stage.time.last_day()];
    if let Some(day) =
        days.into_iter().flatten().find(|day| (day.year() - timeline.tahun).abs() > REACH_YEARS)
    {
        let message = format!(
            "tanggal {day} terlalu jauh dari tahun pemilihan ({}). Periksa tahunnya, atau pindahkan tahapan ini ke pemilihan yang benar.",
            timeline.tahun
        );
        fields.error(fields.line_of_date(), message);
        return;
    }
    if stage.id == VOTING_STAGE
        && let (StageTime::Hari(day), Some(voting)) = (&stage.time, timeline.hari_pemungutan)
        && *day != voting
    {
        let message = format!(
            "hari pemungutan suara di sini {day}, tetapi hari_pemungutan pemilihannya {voting}. Samakan keduanya."
        );
        fields.error(fields.line_of_date(), message);
        return;
    }
    if stage.kelompok == "kampanye"
        && let (Some(last), Some(voting)) = (stage.time.last_day(), timeline.hari_pemungutan)
        && last >= voting
    {
        let message = format!(
            "tahapan kampanye ini berakhir {last}, tidak sebelum hari pemungutan suara {voting}. Periksa tanggalnya."
        );
        fields.warning(fields.line_of_date(), message);
    }
    timeline.stages.push(stage);
}

/// What shows only when all stages of an election lie side by side.
fn check_together(path: &str, timeline: &Timeline) -> Vec<Problem> {
    let mut seen: HashMap<(Vec<String>, Option<&str>), &Stage> = HashMap::new();
    let mut problems = Vec::new();
    for stage in &timeline.stages {
        let mut own: HashSet<Vec<String>> = HashSet::new();
        for name in &stage.sebutan {
            let mut key = words::canon_text(name);
            key.sort();
            if !own.insert(key.clone()) {
                continue;
            }
            if let Some(first) = seen.insert((key, stage.wilayah.as_deref()), stage) {
                let message = format!(
                    "sebutan \"{name}\" dipakai juga oleh tahapan \"{}\" (baris {}). Warga akan mendapat salah satunya; bedakan kata-katanya.",
                    first.id, first.line
                );
                problems.push(Problem::warning(path, stage.line, message));
            }
        }
    }
    if timeline.stages.is_empty() {
        let message =
            format!("pemilihan \"{}\" belum punya tahapan. Tambahkan [[tahapan]] untuknya.", timeline.id);
        problems.push(Problem::warning(path, timeline.line, message));
    }
    problems
}

/// Tables of an array such as `[[tahapan]]`, each with the line of its header.
fn blocks<'t, 'i>(
    root: &'t DeTable<'i>,
    name: &str,
    lines: &Lines,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Vec<(&'t DeTable<'i>, usize)> {
    let Some(value) = root.get(name) else { return Vec::new() };
    let mut found = Vec::new();
    let shape_message = format!("bagian \"{name}\" harus ditulis sebagai [[{name}]] dengan dua kurung siku.");
    match value.get_ref() {
        DeValue::Array(items) => {
            for item in items {
                let line = lines.of(item.span().start);
                match item.get_ref() {
                    DeValue::Table(table) => found.push((table, line)),
                    _ => problems.push(Problem::error(path, line, shape_message.clone())),
                }
            }
        }
        _ => problems.push(Problem::error(path, lines.of(value.span().start), shape_message)),
    }
    found
}
