//! Any text, as people and machines may send it.

use std::path::PathBuf;
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::holds::{Ground, settles};

static GROUND: LazyLock<Ground> = LazyLock::new(|| Ground::new(&[PathBuf::from("knowledge")]));

/// Words of every list, chat forms and regional ones, numbers, and the punctuation that tokens are made of.
const PIECES: &str = "kapan pemilu pilkada kampanye coblosan kpu kpps ppid dpt tps nik ktp caleg bawaslu syarat cara \
    apa itu yang tidak di mana berapa lama hari lagi tahapan sekarang jadwal pindah memilih kalau terus batas waktunya \
    gmn gimanaaa kpn dmn trims kasih gk bgt sy dmksd pmlhn kmpnye ndak piye nopo so ngana kitorang torang \
    how to vote the law i want legislative elections empty box halo makasih pilih siapa menang nomor \
    2024 2029 1.200.000 7/2017 h-7 c6 pemilih2 anak-anak 07.00 3x 7271036203920001 27/11/2024 99999 0 -1 \
    ? ! . , ; : ... () - / ' \" 😀 🗳️ \u{200b} \u{202e} é ＫＰＵ İ ß \n";

fn piece() -> impl Strategy<Value = String> {
    let pieces: Vec<String> =
        PIECES.split(' ').filter(|piece| !piece.is_empty()).map(str::to_owned).collect();
    (prop::sample::select(pieces), prop::sample::select(vec!["", " ", " ", " ", "-", ".", "\n"]))
        .prop_map(|(piece, glue)| piece + glue)
}

fn glued(most: usize) -> impl Strategy<Value = String> {
    vec(piece(), 0..most).prop_map(|pieces| pieces.concat())
}

/// A question that has an answer, with something before and after it.
fn answerable() -> impl Strategy<Value = String> {
    static QUESTIONS: LazyLock<Vec<String>> = LazyLock::new(|| GROUND.questions());
    (piece(), prop::sample::select(QUESTIONS.as_slice()), piece())
        .prop_map(|(before, question, after)| format!("{before} {question} {after}"))
}

fn asked(context: Option<String>, text: &str) {
    GROUND.holds(context.as_slice(), text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_unicode_is_met_with_our_own_words(context in prop::option::of(any::<String>()), text in any::<String>()) {
        asked(context, &text);
    }

    #[test]
    fn glued_words_are_met_with_our_own_words(context in prop::option::of(glued(10)), text in glued(20)) {
        asked(context, &text);
    }

    #[test]
    fn questions_are_met_with_our_own_words(context in prop::option::of(answerable()), text in answerable()) {
        asked(context, &text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Around the longest text that is read (2,000 characters), and well over it.
    #[test]
    fn long_texts_are_met_with_our_own_words(part in glued(12), length in 1_500_usize..6_000) {
        let text: String = part.chars().chain(" ".chars()).cycle().take(length).collect();
        asked(Some(text.clone()), &text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn normalising_comes_to_rest(any in any::<String>(), glued in glued(30)) {
        settles(&any);
        settles(&glued);
        settles(&format!("{any}{glued}"));
    }
}

#[test]
fn odd_texts_are_met_with_our_own_words() {
    let long = "a".repeat(5_000);
    let words = "pemilu ".repeat(285);
    let odd = [
        "",
        "\0",
        "\u{feff}",
        "🇮🇩🗳️",
        "\u{202e}ulimep napak",
        "م\u{200f}تى",
        "/",
        "/tahapan@x y",
        "/tanya  ?",
        &long,
        &words,
    ];
    for text in odd {
        asked(None, text);
        asked(Some("kapan pilkada 2024?".to_owned()), text);
        asked(Some(text.to_owned()), "kalau pemilu 2029?");
    }
}
