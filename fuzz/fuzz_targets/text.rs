//! Bytes as one message, or as two of a conversation with a newline between them; see ../README.md.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

#[allow(dead_code, reason = "the property tests use more of it")]
#[path = "../../tests/bot/holds.rs"]
mod holds;

static GROUND: LazyLock<holds::Ground> = LazyLock::new(|| {
    holds::Ground::new(&[PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../knowledge"))])
});

fuzz_target!(|data: &[u8]| {
    let all = String::from_utf8_lossy(data);
    match all.split_once('\n') {
        Some((first, second)) => GROUND.holds(&[first.to_owned()], second),
        None => GROUND.holds(&[], &all),
    }
});
