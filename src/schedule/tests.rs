//! Questions against the shipped timelines: what is meant, and what must not be answered.

use std::sync::LazyLock;

use jiff::ZonedDateTime;
use jiff::civil::date;
use proptest::prelude::*;

use super::ask::{Intent, Question, ScheduleAnswer, ask, candidates, entry, entry_ids, overview};
use super::*;
use crate::knowledge::Severity;

const OFFICE: &str = "72";
const NOW: &str = "2026-11-23T09:00";

pub(crate) const SHIPPED: [(&str, &str); 6] = [
    ("pemilu-2024.toml", include_str!("../../knowledge/tahapan/pemilu-2024.toml")),
    ("pilkada-2024.toml", include_str!("../../knowledge/tahapan/pilkada-2024.toml")),
    ("pilkada-2020.toml", include_str!("../../knowledge/tahapan/pilkada-2020.toml")),
    ("pilkada-ulang-2025.toml", include_str!("../../knowledge/tahapan/pilkada-ulang-2025.toml")),
    ("pemilu-2029.toml", include_str!("../../knowledge/tahapan/pemilu-2029.toml")),
    ("pemilu-daerah-2031.toml", include_str!("../../knowledge/tahapan/pemilu-daerah-2031.toml")),
];

fn shipped() -> &'static [Timeline] {
    static READ: LazyLock<Vec<Timeline>> =
        LazyLock::new(|| SHIPPED.iter().flat_map(|(path, text)| parse(path, text).0).collect());
    &READ
}

fn palu(moment: &str) -> ZonedDateTime {
    format!("{moment}+08:00[Asia/Makassar]").parse().expect("a moment in Palu")
}

fn question(text: &str) -> Question {
    let text = text.to_lowercase();
    let tokens = text.split(|sign: char| !sign.is_alphanumeric()).map(str::to_owned).collect();
    Question { tokens, text, context_election: None }
}

fn answer(text: &str, now: &str) -> Option<ScheduleAnswer> {
    ask(shipped(), &question(text), &palu(now), OFFICE)
}

/// `expected` is the entry without its prefix; from 0.6 on an answer is given at once.
fn check(text: &str, now: &str, expected: &str) {
    let found = answer(text, now).unwrap_or_else(|| panic!("{text:?} is not understood"));
    assert_eq!(found.entry, format!("tahapan:{expected}"), "{text:?}");
    assert!(found.confidence >= 0.6, "{text:?}: only {}", found.confidence);
}

fn check_time(text: &str, expected: StageTime) {
    let found = answer(text, NOW).unwrap_or_else(|| panic!("{text:?} is not understood"));
    assert_eq!(found.stage.map(|stage| stage.time), Some(expected), "{text:?}");
}

fn check_intent(text: &str, now: &str, expected: Intent) {
    let found = answer(text, now).unwrap_or_else(|| panic!("{text:?} is not understood"));
    assert_eq!(found.intent, expected, "{text:?}");
}

/// Never answered at once: better none, at most a choice.
fn check_unsure(text: &str) {
    if let Some(found) = answer(text, NOW) {
        assert!(found.confidence < 0.6, "{text:?} gave {} with {}", found.entry, found.confidence);
    }
}

#[test]
fn a_bare_election_is_the_next_one() {
    check("kapan pemilu?", NOW, "pemilu-nasional-2029/pemungutan-suara");
    check("min mau tanya dulu kapan pemilu", NOW, "pemilu-nasional-2029/pemungutan-suara");
    check("jadwal pemilu", NOW, "pemilu-nasional-2029/pemungutan-suara");
    check("kapan nyoblos lagi", NOW, "pemilu-nasional-2029/pemungutan-suara");
    check("kapan pilkada?", NOW, "pemilu-daerah-2031/pemungutan-suara");
    check("pilkada 2029 kapan", NOW, "pemilu-daerah-2031/pemungutan-suara");
    check("kapan pemilihan dprd berikutnya", NOW, "pemilu-daerah-2031/pemungutan-suara");
    check("kapan pemilu", "2023-06-01T09:00", "pemilu-2024/pemungutan-suara");
    check("kapan pemilu", "2024-02-15T09:00", "pemilu-nasional-2029/pemungutan-suara");
    assert!(answer("kapan pemilu", NOW).unwrap().projected);
}

#[test]
fn an_election_is_named_by_word_year_or_turn() {
    check("kapan coblosan pilkada kemarin", NOW, "pilkada-2024/pemungutan-suara");
    check("pemilu terakhir tanggal berapa", NOW, "pemilu-2024/pemungutan-suara");
    check("hari apa pencoblosan pilgub sulteng 2024", NOW, "pilkada-2024/pemungutan-suara");
    check("kapan pemilihan wali kota 2024", NOW, "pilkada-2024/pemungutan-suara");
    check("tgl pilkada 24 kpn", NOW, "pilkada-2024/pemungutan-suara");
    check("kapan pilkada ulang bangka", NOW, "pilkada-ulang-2025/pemungutan-suara");
    check("kapan pelantikan gubernur 2025", NOW, "pilkada-2024/pelantikan-gubernur");
    check("kapan dpt ditetapkan 2023", NOW, "pemilu-2024/penetapan-dpt");
}

#[test]
fn stages_are_found_by_their_everyday_names() {
    check_time("kapan kampanye pilkada 2020", StageTime::Rentang(date(2020, 9, 26), date(2020, 12, 5)));
    check_time("kapan masa tenang pemilu 2024", StageTime::Rentang(date(2024, 2, 11), date(2024, 2, 13)));
    check_time(
        "minggu tenang pilkada 2024 kapan",
        StageTime::Rentang(date(2024, 11, 24), date(2024, 11, 26)),
    );
    check_time("undian nomor urut paslon pilkada 2024 hari apa", StageTime::Hari(date(2024, 9, 23)));
    check_time(
        "anggota dpr ri hasil pemilu 2024 disumpah tanggal berapa",
        StageTime::Hari(date(2024, 10, 1)),
    );
    check_time("sejak kapan tahapan pemilu 2024 resmi dimulai", StageTime::Hari(date(2022, 6, 14)));
    check_time(
        "batas umum urus pindah memilih pemilu 2024 kapan",
        StageTime::PalingLambat(date(2024, 1, 15)),
    );
    check_time("pemilu 2024 batas h-7 pindah milih tgl brp", StageTime::PalingLambat(date(2024, 2, 7)));
    check_time("kapan mk memutus sengketa pilpres 2024", StageTime::Hari(date(2024, 4, 22)));
    check_time(
        "kapan pantarlih coklit pilkada 2024",
        StageTime::Rentang(date(2024, 6, 24), date(2024, 7, 24)),
    );
}

#[test]
fn regions_choose_between_stages() {
    check("kapan psu parigi moutong", NOW, "pilkada-2024/psu-parigi-moutong");
    check("kapan psu di parimo 2025", NOW, "pilkada-2024/psu-parigi-moutong");
    check("kapan psu di banggai", NOW, "pilkada-2024/psu-banggai");
    check("kapan psu pilkada 2024", NOW, "pilkada-2024/batas-psu");
    check("kapan penetapan paslon terpilih pilkada 2024", NOW, "pilkada-2024/calon-terpilih");
    check("kapan penetapan gubernur terpilih sulteng", NOW, "pilkada-2024/gubernur-terpilih-sulteng");
    check("kapan psu palu pilkada 2024", NOW, "pilkada-2024/batas-psu");
}

#[test]
fn a_stage_without_election_follows_the_calendar() {
    check("kapan masa tenang?", "2024-10-01T09:00", "pilkada-2024/masa-tenang");
    let past = answer("kapan kampanye?", NOW).unwrap();
    assert_eq!(past.entry, "tahapan:pilkada-2024/kampanye");
    assert!(past.historical);
    let named = answer("kapan kampanye pilkada 2024?", NOW).unwrap();
    assert!(past.confidence < named.confidence - 0.2);
    let readings = candidates(shipped(), &question("kampanye 2024 kapan"), &palu(NOW), OFFICE);
    assert_eq!(readings.len(), 2, "two elections of 2024 had a campaign");
    assert!(readings[0].confidence < 0.6);
}

#[test]
fn replaced_schedules_answer_only_when_asked() {
    check("kapan pilpres putaran kedua", NOW, "pemilu-2024-putaran-2/pemungutan-suara");
    check("pilkada 2020 semula kapan", NOW, "pilkada-2020-awal/pemungutan-suara");
    check("kapan pilkada 2020 sebelum ditunda corona", NOW, "pilkada-2020-awal/pemungutan-suara");
    check("kapan pilkada 2020", NOW, "pilkada-2020/pemungutan-suara");
    check("kapan awal kampanye pilkada 2020", NOW, "pilkada-2020/kampanye");
    check_unsure("kapan pilkada putaran kedua");
}

#[test]
fn intents_are_told_apart() {
    check_intent("sekarang tahap apa", NOW, Intent::Now);
    check_intent("tahapan saat ini apa", NOW, Intent::Now);
    check_intent("berapa hari lagi pilkada", "2024-10-01T09:00", Intent::Countdown);
    check_intent("total hari kampanye pilkada 2024 brp sih", NOW, Intent::Duration);
    check_intent("berapa lama masa tenang pilkada 2024", NOW, Intent::Duration);
    check_intent("apakah kampanye pilkada 2024 sudah selesai", NOW, Intent::PassedYet);
    check_intent("masih bisa urus pindah memilih?", NOW, Intent::PassedYet);
    check_intent("tahapan pilkada 2024 apa saja", NOW, Intent::List);
    check_intent("jadwal lengkap pemilu 2024", NOW, Intent::List);
    check_intent("jadwal kampanye pemilu 2024", NOW, Intent::When);
    check_intent("coklit pilkada 2020 dari tanggal berapa sampai tanggal berapa", NOW, Intent::When);
}

#[test]
fn nothing_is_counted_to_what_nobody_has_set() {
    for text in
        ["berapa hari lagi pemilu", "pilkada masih berapa hari lagi", "berapa hari lagi kampanye pemilu 2029"]
    {
        let found = answer(text, NOW).unwrap();
        assert!(found.projected, "{text}");
        assert_eq!(found.stage.unwrap().days, None, "{text}");
    }
    let counted = answer("berapa hari lagi pilkada", "2024-10-01T09:00").unwrap();
    assert_eq!(counted.stage.unwrap().days, Some(57));
}

#[test]
fn a_stage_that_nobody_has_scheduled_is_said_to_be_open() {
    check("kapan kampanye pemilu 2029", NOW, "pemilu-nasional-2029/*");
    check("kapan pendaftaran kpps pemilu berikutnya", NOW, "pemilu-nasional-2029/*");
    check_unsure("kapan pelantikan dprd pemilu 2029");
    check_unsure("kapan pelantikan gubernur pemilu 2029");
}

#[test]
fn what_is_not_about_stages_is_left_alone() {
    for text in [
        "kapan KPPS digaji",
        "kapan batas lapor dana kampanye ke bank",
        "kapan kampanye di kampus boleh",
        "lembaga quick count harus daftar ke KPU paling lambat kapan?",
        "kapan bupati parimo dilantik",
        "kapan pemilu 2019",
        "kapan pilkada 2018",
        "apa itu masa tenang",
        "apa itu tahapan pemilu",
        "jam berapa tps buka",
        "kapan tps dibuka",
        "kapan saya bisa nyoblos",
        "apakah saya masih bisa nyoblos",
        "berapa hari sebelum pemungutan suara masa tenang dimulai",
        "berapa hari setelah pencoblosan hasil diumumkan",
        "berapa hari permohonan informasi dijawab",
        "berapa lama masa jabatan presiden",
        "berapa jumlah dpt pemilu 2024",
        "kapan pemilu di malaysia",
        "kapan pemilihan ketua rt",
        "pilkades kapan",
        "kapan lebaran",
        "hari ini tanggal berapa",
        "masa tenang pemilu 2024 apa saja larangannya",
        "",
        "?",
    ] {
        check_unsure(text);
    }
}

#[test]
fn a_long_message_is_searched_for_its_question() {
    check(
        "Pak, saya mahasiswa di Palu. Saya mau tahu, kapan masa tenang pilkada 2024? Terima kasih",
        NOW,
        "pilkada-2024/masa-tenang",
    );
    check(
        "pak saya mahasiswa di palu mau tahu kapan ya masa tenang pilkada 2024 terima kasih",
        NOW,
        "pilkada-2024/masa-tenang",
    );
}

#[test]
fn a_follow_up_fills_what_it_leaves_out() {
    let follow = |earlier: &str, text: &str, expected: &str| {
        let asked = Question { context_election: Some(earlier.to_owned()), ..question(text) };
        let found = ask(shipped(), &asked, &palu(NOW), OFFICE).unwrap_or_else(|| panic!("{text:?}"));
        assert_eq!(found.entry, format!("tahapan:{expected}"), "{text:?} after {earlier:?}");
    };
    follow("kapan kampanye pemilu 2024", "kalau pilkada?", "pilkada-2024/kampanye");
    follow("kapan kampanye pemilu 2024", "kalau pilkada kampanye pemilu 2024", "pilkada-2024/kampanye");
    follow("kapan kampanye pilkada 2024", "kalau 2020?", "pilkada-2020/kampanye");
    follow("kapan kampanye pilkada 2024", "masa tenangnya?", "pilkada-2024/masa-tenang");
    follow("syarat jadi KPPS pilkada 2024", "kapan pendaftarannya?", "pilkada-2024/pendaftaran-kpps");
    follow("pemilu-2024", "nyoblosnya kapan", "pemilu-2024/pemungutan-suara");
}

#[test]
fn now_between_elections_names_the_last_and_the_next() {
    let found = answer("sekarang lagi tahap apa", NOW).unwrap();
    assert!(found.stages.is_empty() && found.projected);
    assert_eq!(found.last_election.unwrap().id, "pilkada-2024");
    assert_eq!(found.next_election.unwrap().id, "pemilu-nasional-2029");
    let running = answer("sekarang tahap apa", "2024-10-01T09:00").unwrap();
    let ids: Vec<&str> = running.stages.iter().map(|stage| stage.id.as_str()).collect();
    assert!(ids.contains(&"kampanye") && ids.contains(&"pelantikan-dpr-dpd"), "{ids:?}");
}

#[test]
fn the_day_changes_at_the_offices_midnight() {
    let days = |moment: &str| answer("berapa hari lagi pilkada", moment).unwrap().stage.unwrap().days;
    assert_eq!(days("2024-11-25T23:59:59"), Some(2));
    assert_eq!(days("2024-11-26T00:00:00"), Some(1));
    // 23:30 on the 25th in Jakarta is the 26th in Palu.
    let jakarta: ZonedDateTime = "2024-11-25T23:30+07:00[Asia/Jakarta]".parse().unwrap();
    let office = jakarta.in_tz("Asia/Makassar").unwrap();
    let found = ask(shipped(), &question("berapa hari lagi pilkada"), &office, OFFICE).unwrap();
    assert_eq!(found.stage.unwrap().days, Some(1));
}

#[test]
fn past_current_and_next_are_computed() {
    let timelines = shipped();
    let names = |found: Vec<(&Timeline, &Stage)>| -> Vec<String> {
        found.iter().map(|(timeline, stage)| format!("{}/{}", timeline.id, stage.id)).collect()
    };
    assert!(running_on(timelines, date(2026, 11, 23)).is_empty());
    assert!(running_on(timelines, date(2031, 12, 1)).is_empty(), "a projected window does not run");
    assert!(
        names(running_on(timelines, date(2024, 2, 14))).contains(&"pemilu-2024/pemungutan-suara".to_owned())
    );
    assert_eq!(names(next_after(timelines, date(2025, 8, 1)))[0], "pilkada-ulang-2025/pemungutan-suara");
    assert_eq!(days_until(date(2024, 2, 28), date(2024, 3, 1)), 2);
    assert_eq!(phase(&StageTime::Aturan("…".into()), date(2024, 1, 1)), Phase::Unknown);
}

#[test]
fn every_entry_can_be_shown() {
    let timelines = shipped();
    for (id, version) in entry_ids(timelines) {
        let shown = entry(timelines, &id, &palu(NOW)).unwrap_or_else(|| panic!("{id}"));
        assert_eq!((shown.entry, shown.version), (id, version));
    }
    assert!(entry(timelines, "tahapan:pemilu-2024/tidak-ada", &palu(NOW)).is_none());
    assert!(entry(timelines, "faq#x", &palu(NOW)).is_none());
}

#[test]
fn the_overview_puts_what_comes_first() {
    let shown = overview(shipped(), &palu(NOW));
    let ids: Vec<&str> = shown.elections.iter().map(|election| election.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "pemilu-nasional-2029",
            "pemilu-daerah-2031",
            "pilkada-ulang-2025",
            "pilkada-2024",
            "pemilu-2024",
            "pilkada-2020"
        ]
    );
}

#[test]
fn versions_follow_the_content_and_not_the_lines() {
    let (path, text) = SHIPPED[4];
    let version = |text: &str| parse(path, text).0[0].version.clone();
    assert_eq!(version(text), version(&format!("# satu baris lagi\n{text}")));
    assert_ne!(version(text), version(&text.replace("20 bulan", "21 bulan")));
    assert_eq!(version(text).len(), 16);
}

#[test]
fn the_shipped_timelines_have_no_problems() {
    for (path, text) in SHIPPED {
        let (timelines, problems) = parse(path, text);
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(shown.is_empty(), "{shown:#?}");
        assert!(!timelines.is_empty());
    }
}

const GOOD: &str = r#"
[[pemilihan]]
id = "pemilu-2024"
nama = "Pemilu 2024"
jenis = "pemilu"
tahun = 2024
hari_pemungutan = 2024-02-14

[[tahapan]]
pemilihan = "pemilu-2024"
id = "masa-tenang"
nama = "Masa tenang"
kelompok = "kampanye"
mulai = 2024-02-11
selesai = 2024-02-13
"#;

/// Replaces one piece of a good file, or appends, and looks for a problem on that line with these words.
fn check_problem(old: &str, new: &str, line: usize, severity: Severity, words: &str, stages_left: usize) {
    let text = if old.is_empty() { format!("{GOOD}{new}") } else { GOOD.replace(old, new) };
    let (timelines, problems) = parse("uji.toml", &text);
    let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(
        problems
            .iter()
            .any(|found| found.line == line && found.severity == severity && found.message.contains(words)),
        "{words:?} on line {line} is missing: {shown:#?}"
    );
    assert_eq!(timelines.iter().map(|timeline| timeline.stages.len()).sum::<usize>(), stages_left, "{words}");
}

#[test]
fn every_problem_is_reported_with_its_line_and_the_way_out() {
    use Severity::{Error, Warning};
    check_problem("2024-02-11", "2024-02-30", 14, Error, "tidak ada di kalender", 0);
    check_problem("2024-02-11", "\"11 Februari\"", 14, Error, "tidak ada di kalender", 0);
    check_problem("2024-02-11", "11-02-2024", 14, Error, "Tulis tahun-bulan-hari", 0);
    check_problem("selesai = 2024-02-13", "selesai = 2024-02-10", 15, Error, "lebih awal daripada", 0);
    check_problem("selesai = 2024-02-13", "hari = 2024-02-13", 9, Error, "lebih dari satu cara", 0);
    check_problem("selesai = 2024-02-13", "", 14, Error, "\"selesai\" belum ditulis", 0);
    check_problem("mulai = 2024-02-11\nselesai = 2024-02-13", "", 9, Error, "waktu tahapan belum ditulis", 0);
    check_problem("nama = \"Masa tenang\"", "", 9, Error, "\"nama\" wajib diisi", 0);
    check_problem("kelompok = \"kampanye\"", "kelompok = \"lain\"", 13, Error, "Pilih salah satu", 0);
    check_problem(
        "pemilihan = \"pemilu-2024\"",
        "pemilihan = \"pemilu-2042\"",
        10,
        Error,
        "tidak ada di berkas ini",
        0,
    );
    check_problem("mulai = 2024-02-11", "mulai = 2014-02-11", 14, Error, "terlalu jauh dari tahun", 0);
    check_problem(
        "selesai = 2024-02-13",
        "selesai = 2024-02-20",
        14,
        Warning,
        "tidak sebelum hari pemungutan",
        1,
    );
    check_problem(
        "nama = \"Masa tenang\"",
        "nama = \"Masa tenang\"\nkelompk = \"x\"",
        13,
        Warning,
        "Maksudnya \"kelompok\"?",
        1,
    );
    check_problem("jenis = \"pemilu\"", "jenis = \"pileg\"", 5, Error, "\"pemilu\" atau \"pilkada\"", 0);
    check_problem("tahun = 2024", "tahun = \"2024\"", 6, Error, "angka empat digit", 0);
    check_problem(
        "tahun = 2024",
        "tahun = 2024\nstatus = \"historis\"",
        7,
        Error,
        "\"proyeksi\" atau \"tergantikan\"",
        0,
    );
    check_problem("hari_pemungutan = 2024-02-14", "", 2, Warning, "ketentuan_waktu", 1);
    check_problem("id = \"masa-tenang\"", "id = \"Masa Tenang\"", 11, Error, "huruf kecil", 0);
    check_problem("nama = \"Masa tenang\"", "nama = \"Masa tenang", 12, Error, "tanda kutip", 0);
    let twin = "\n[[tahapan]]\npemilihan = \"pemilu-2024\"\nid = \"masa-tenang\"\nnama = \"Lagi\"\nkelompok = \"hasil\"\nhari = 2024-02-14\n";
    check_problem("", twin, 19, Error, "sudah ada di baris 9", 1);
    check_problem("", "\n[lain]\nx = 1\n", 17, Warning, "tidak dikenal", 1);
    assert!(parse("uji.toml", "").1[0].message.contains("tidak memuat"));
}

#[test]
fn a_bad_stage_drops_only_itself() {
    let more = "\n[[tahapan]]\npemilihan = \"pemilu-2024\"\nid = \"rekap\"\nnama = \"Rekap\"\nkelompok = \"hasil\"\nhari = 2024-02-31\n\n[[tahapan]]\npemilihan = \"pemilu-2024\"\nid = \"hasil\"\nnama = \"Hasil\"\nkelompok = \"hasil\"\nhari = 2024-03-20\n";
    check_problem("", more, 22, Severity::Error, "tidak ada di kalender", 2);
}

#[test]
fn each_form_has_one_root() {
    let mut seen = std::collections::HashMap::new();
    for line in include_str!("data/forms.txt").lines().filter(|line| !line.starts_with('#')) {
        let (root, forms) = line.split_once(':').expect("root: forms");
        for form in forms.split_whitespace().chain([root]) {
            assert_eq!(seen.insert(form, root), None, "{form} stands twice");
        }
    }
}

proptest! {
    #[test]
    fn asking_never_panics(text in "\\PC{0,80}", earlier in "\\PC{0,40}") {
        let asked = Question { context_election: Some(earlier), ..question(&text) };
        let _ = candidates(shipped(), &asked, &palu(NOW), OFFICE);
    }

    #[test]
    fn asking_in_known_words_never_panics(words in prop::collection::vec(prop::sample::select(vec![
        "kapan", "pemilu", "pilkada", "2024", "2029", "20", "kampanye", "tahapan", "sekarang", "apa", "saja", "hari", "lagi",
        "berapa", "masa", "tenang", "sulteng", "banggai", "laut", "semula", "putaran", "kedua", "terakhir", "lalu", "h", "7",
    ]), 0..12), day in 0..4000i64) {
        let now = palu("2019-01-01T09:00").checked_add(jiff::Span::new().days(day)).unwrap();
        for found in candidates(shipped(), &question(&words.join(" ")), &now, OFFICE) {
            prop_assert!((0.0..=1.0).contains(&found.confidence));
        }
    }

    #[test]
    fn reading_never_panics(text in "\\PC{0,200}", at in 0usize..4000) {
        let _ = parse("uji.toml", &text);
        let shipped = SHIPPED[0].1;
        let at = (0..=at).rev().find(|at| shipped.is_char_boundary(*at)).unwrap_or(0);
        let _ = parse("uji.toml", &format!("{}{text}{}", &shipped[..at], &shipped[at..]));
    }
}
