use super::*;
use crate::schedule::ask::Question;
use crate::schedule::{self, Timeline};

fn shipped() -> Vec<Timeline> {
    let files = [
        ("pemilu-2024.toml", include_str!("../../knowledge/tahapan/pemilu-2024.toml")),
        ("pilkada-2024.toml", include_str!("../../knowledge/tahapan/pilkada-2024.toml")),
        ("pilkada-2020.toml", include_str!("../../knowledge/tahapan/pilkada-2020.toml")),
        ("pilkada-ulang-2025.toml", include_str!("../../knowledge/tahapan/pilkada-ulang-2025.toml")),
        ("pemilu-2029.toml", include_str!("../../knowledge/tahapan/pemilu-2029.toml")),
        ("pemilu-daerah-2031.toml", include_str!("../../knowledge/tahapan/pemilu-daerah-2031.toml")),
    ];
    files.into_iter().flat_map(|(path, text)| schedule::parse(path, text).0).collect()
}

fn palu(day: &str) -> jiff::ZonedDateTime {
    format!("{day}T09:00+08:00[Asia/Makassar]").parse().expect("a moment in Palu")
}

fn answer(question: &str, day: &str) -> ScheduleAnswer {
    let asked = Question { text: question.to_lowercase(), ..Question::default() };
    schedule::ask(&shipped(), &asked, &palu(day), "72")
        .unwrap_or_else(|| panic!("{question:?} is not understood"))
}

fn check(question: &str, day: &str, expected: &str) {
    assert_eq!(render(&answer(question, day)).short, expected, "{question:?}");
}

const NOW: &str = "2026-11-23";

#[test]
fn the_past_is_told_as_past() {
    check(
        "kapan coblosan pilkada kemarin",
        NOW,
        "Pemungutan suara Pilkada 2024 sudah berlangsung pada Rabu, 27 November 2024.",
    );
    check(
        "kapan kampanye pilkada 2020",
        NOW,
        "Masa kampanye Pilkada 2020 sudah berlangsung pada 26 September sampai 5 Desember 2020 (Sabtu sampai Sabtu), 71 hari.",
    );
    check(
        "sampai kapan kampanye pilkada 2024",
        NOW,
        "Masa kampanye Pilkada 2024 sudah berakhir pada Sabtu, 23 November 2024; mulainya Rabu, 25 September 2024 (60 hari).",
    );
    check(
        "pilkada 2020 paslon daftar ke kpu tgl brp smp brp?",
        NOW,
        "Pendaftaran pasangan calon Pilkada 2020 sudah berlangsung pada 4 sampai 6 September 2020 (Jumat sampai Minggu), 3 hari.",
    );
    check(
        "apakah masa tenang pemilu 2024 sudah lewat",
        NOW,
        "Sudah lewat. Masa tenang Pemilu 2024 sudah berlangsung pada 11 sampai 13 Februari 2024 (Minggu sampai Selasa), 3 hari.",
    );
}

#[test]
fn once_more_is_the_next_time() {
    let again = render(&answer("kapan pilkada lagi", NOW)).short;
    assert_eq!(again, render(&answer("kapan pilkada berikutnya", NOW)).short);
    assert!(again.contains("belum ditetapkan"), "{again}");
}

#[test]
fn the_future_has_its_days_left() {
    check(
        "berapa hari lagi pilkada",
        "2024-10-01",
        "Pemungutan suara Pilkada 2024 tinggal 57 hari lagi, yaitu Rabu, 27 November 2024.",
    );
    check(
        "kapan pilkada 2024",
        "2024-11-26",
        "Pemungutan suara Pilkada 2024 dijadwalkan pada Rabu, 27 November 2024, besok.",
    );
    check(
        "kapan pilkada 2024",
        "2024-11-27",
        "Pemungutan suara Pilkada 2024 berlangsung hari ini, Rabu, 27 November 2024.",
    );
    check(
        "kapan kampanye pilkada 2024",
        "2024-11-01",
        "Masa kampanye Pilkada 2024 sedang berlangsung: 25 September sampai 23 November 2024 (Rabu sampai Sabtu), 60 hari. Masih 22 hari lagi sampai hari terakhir.",
    );
}

#[test]
fn a_projection_always_says_so() {
    for (question, day) in [
        ("kapan pemilu", NOW),
        ("kapan pilkada", NOW),
        ("berapa hari lagi pemilu", NOW),
        ("berapa hari lagi pilkada", "2031-12-01"),
        ("kapan kampanye pemilu 2029", NOW),
        ("apakah tahapan pemilu 2029 sudah dimulai", NOW),
        ("jadwal lengkap pemilu 2029", NOW),
        ("sekarang tahap apa", NOW),
    ] {
        let text = render(&answer(question, day));
        assert!(text.short.contains("belum ditetapkan resmi"), "{question}: {}", text.short);
        assert!(!text.short.contains("hari lagi"), "{question}: {}", text.short);
        assert!(text.details.contains("jdih.kpu.go.id"), "{question}: {}", text.details);
    }
    check(
        "kapan pilkada",
        NOW,
        "Hari pemungutan suara Pilkada dan Pemilu daerah berikutnya (2031) belum ditetapkan resmi. Perkiraannya sekitar Oktober 2031 sampai April 2032, dan itu bukan jadwal resmi.",
    );
}

#[test]
fn a_replaced_schedule_is_told_as_never_held() {
    check(
        "pilkada 2020 semula kapan",
        NOW,
        "Pemungutan suara Pilkada 2020 (jadwal awal) semula dijadwalkan pada Rabu, 23 September 2020, tetapi jadwal itu tidak jadi dilaksanakan. Jadwal ini batal karena COVID-19; pemungutan suara akhirnya digelar 9 Desember 2020.",
    );
}

#[test]
fn between_elections_nothing_runs() {
    check(
        "sekarang lagi tahap apa",
        NOW,
        "Hari ini, Senin, 23 November 2026, tidak ada tahapan yang sedang berjalan menurut jadwal yang kami catat. Yang terakhir digelar: Pilkada 2024, pemungutan suara sudah berlangsung pada Rabu, 27 November 2024. Berikutnya: Pemilu nasional 2029, hari pemungutan suara belum ditetapkan resmi.",
    );
}

#[test]
fn details_carry_note_basis_source_and_check() {
    let text = render(&answer("kapan penetapan gubernur sulteng terpilih", NOW));
    assert!(
        text.details.contains("Jumat, 7 Februari 2025"),
        "the conflict of the sources stays: {}",
        text.details
    );
    assert!(text.details.contains("**Dasar hukum:** Keputusan KPU Sulteng 5/2025."), "{}", text.details);
    assert!(text.details.contains("Provinsi Sulawesi Tengah"));
    assert_eq!(text.sources[0].title, "Keputusan KPU Sulteng 5/2025");
    assert_eq!(
        text.validity.as_deref(),
        Some("Jadwal yang sudah lewat, sebagai catatan. Terakhir diperiksa 25 November 2026.")
    );
}

#[test]
fn every_entry_has_words_on_every_kind_of_day() {
    let timelines = shipped();
    for day in ["2019-01-01", "2020-06-20", "2024-02-14", "2024-10-01", "2026-11-23", "2033-01-01"] {
        for (id, _) in schedule::entry_ids(&timelines) {
            let shown = schedule::entry(&timelines, &id, &palu(day)).expect("a known entry");
            let text = render(&shown);
            assert!(text.short.ends_with(['.', '!']), "{id} on {day}: {}", text.short);
            assert!(
                !text.short.contains("-1 hari") && !text.short.contains(" 0 hari"),
                "{id} on {day}: {}",
                text.short
            );
            assert!(!text.sources.is_empty(), "{id} has no source");
        }
        assert!(!overview_text(&schedule::overview(&timelines, &palu(day))).is_empty());
    }
}
