//! Personal data: masking in text, keyed hashes for people, encryption for addresses. Pure.

use std::fmt::Write as _;
use std::sync::LazyLock;

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hmac::{Hmac, Mac};
use regex::{Captures, Regex};
use sha2::Sha256;

/// Runs of digits with the separators people put between them.
static DIGITS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\+?\d(?:[\s._\-()/\p{Pd}]{0,3}\d){7,}").ok());
static EMAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+").ok());
/// `2.236.703` or `204.807.222,50`: a grouped number, not a phone number.
static GROUPED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\d{1,3}(?:\.\d{3})+$").ok());
/// `14-02-2024`, `2024/02/14`, `14-02-2024 15-02-2024`: dates.
static DATES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:[0-3]?\d[-/. ][01]?\d[-/. ](?:19|20)\d\d|(?:19|20)\d\d[-/.][01]?\d[-/.][0-3]?\d)[ \-/]{0,2})+$").ok()
});

/// Replaces NIK and KK numbers, phone numbers and e-mail addresses by a readable placeholder.
///
/// Masking twice equals masking once. Law numbers, dates and amounts stay.
pub fn mask(text: &str) -> String {
    let text = plain_digits(text);
    // The patterns are constants that the tests compile; without them nothing may pass unmasked.
    let (Some(email), Some(digits)) = (EMAIL.as_ref(), DIGITS.as_ref()) else {
        return "[disamarkan]".to_owned();
    };
    let text = email.replace_all(&text, "[surel]");
    digits.replace_all(&text, |found: &Captures| placeholder(&found[0])).into_owned()
}

fn placeholder(found: &str) -> String {
    let number: String = found.chars().filter(char::is_ascii_digit).collect();
    let is =
        |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(found));
    let phone = found.starts_with('+') || number.starts_with("08") || number.starts_with("62");
    // A number that begins with 0 is no amount; sixteen digits are dates only if each of them has its year.
    let amount = number.len() < 16 && !number.starts_with('0') && !found.starts_with('+') && is(&GROUPED);
    if is(&DATES) || amount {
        return found.to_owned();
    }
    match number.len() {
        16.. => "[NIK]".to_owned(),
        8.. if phone => "[nomor telepon]".to_owned(),
        9.. => "[nomor]".to_owned(),
        _ => found.to_owned(),
    }
}

/// Digits of other scripts as ASCII, so that they are seen.
fn plain_digits(text: &str) -> String {
    text.chars()
        // Invisible characters may stand between digits.
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}'))
        .map(|c| {
            let zero = match c {
                // Five alphabets of mathematical digits, one after the other.
                '\u{1d7ce}'..='\u{1d7ff}' => {
                    return char::from_digit((c as u32 - 0x1d7ce) % 10, 10).unwrap_or(c);
                }
                '٠'..='٩' => '٠',
                '۰'..='۹' => '۰',
                '०'..='९' => '०',
                '０'..='９' => '０',
                _ => return c,
            };
            char::from_digit(c as u32 - zero as u32, 10).unwrap_or(c)
        })
        .collect()
}

/// The keys for hashes and for addresses. `Debug` shows neither.
#[derive(Clone)]
pub struct Keys {
    hash: Vec<u8>,
    contact: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// `hash_key` is any text; `contact_key` is 64 hex digits. The error never shows a key.
    pub fn new(hash_key: &str, contact_key: &str) -> Result<Self, String> {
        let bytes: Option<Vec<u8>> = (0..contact_key.len())
            .step_by(2)
            .map(|at| contact_key.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
            .collect();
        let contact = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        match contact {
            Some(contact) if !hash_key.is_empty() => Ok(Keys { hash: hash_key.as_bytes().to_vec(), contact }),
            Some(_) => Err("the hash key is empty".to_owned()),
            None => Err("the contact key is not 64 hex digits".to_owned()),
        }
    }

    /// A person's stand-in: the first 32 hex digits of HMAC-SHA-256 over channel and id.
    pub fn hash_person(&self, channel: &str, id: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.hash) else { return String::new() };
        mac.update(channel.as_bytes());
        mac.update(&[0]);
        mac.update(id.as_bytes());
        let mut out = String::with_capacity(32);
        for byte in mac.finalize().into_bytes().iter().take(16) {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
        }
        out
    }

    /// Encrypts an address; `nonce` must be random and is stored in front.
    pub fn seal(&self, address: &str, nonce: [u8; 12]) -> Option<Vec<u8>> {
        let cipher = ChaCha20Poly1305::new(&self.contact.into());
        let sealed = cipher.encrypt(&Nonce::from(nonce), address.as_bytes()).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// The address that [`Keys::seal`] encrypted; none if it was tampered with or the key is another.
    pub fn open(&self, sealed: &[u8]) -> Option<String> {
        let (nonce, text) = sealed.split_at_checked(12)?;
        let nonce = <[u8; 12]>::try_from(nonce).ok()?;
        let cipher = ChaCha20Poly1305::new(&self.contact.into());
        String::from_utf8(cipher.decrypt(&Nonce::from(nonce), text).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text), expected);
    }

    #[test]
    fn personal_numbers_are_masked() {
        check("cek NIK 7271036203920001 ya", "cek NIK [NIK] ya");
        check("7271 0362 0392 0001", "[NIK]");
        check("7271\u{200b}0362\u{200b}0392\u{200b}0001", "[NIK]");
        check("𝟳𝟮𝟳𝟭𝟬𝟯𝟲𝟮𝟬𝟯𝟵𝟮𝟬𝟬𝟬𝟭", "[NIK]");
        check("nik72.71.03.620392.0001dong", "nik[NIK]dong");
        check("hubungi 0812-3456-7890 atau +62 812 3456 789", "hubungi [nomor telepon] atau [nomor telepon]");
        check(
            "0812\u{2013}3456\u{2013}7890, 081.234.567.890, 0812\u{a0}3456\u{a0}7890",
            "[nomor telepon], [nomor telepon], [nomor telepon]",
        );
        check("7271 - 0362 - 0392 - 0001", "[NIK]");
        check("7271_0362_0392_0001", "[NIK]");
        check("72 71 0362 03 92 0001", "[NIK]");
        check("surel budi.contoh@contoh.id.", "surel [surel].");
        check("NIK ７２７１０３６２０３９２０００１", "NIK [NIK]");
    }

    #[test]
    fn laws_dates_and_amounts_stay() {
        for text in [
            "PKPU 7/2022 dan UU 7/2017",
            "DPT 204.807.222 pemilih, 2.236.703 di sulteng",
            "Rp1.200.000 per bulan",
            "14-02-2024 sampai 2024-02-15",
            "14 Februari 2024 pukul 07.00-13.00",
            "putusan 135/PUU-XXII/2024",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn hashes_depend_on_key_channel_and_id() {
        let contact = "11".repeat(32);
        let keys = Keys::new("satu", &contact).unwrap();
        let other = Keys::new("dua", &contact).unwrap();
        let hash = keys.hash_person("telegram", "42");
        assert_eq!(hash.len(), 32);
        assert_eq!(hash, keys.hash_person("telegram", "42"));
        for different in [
            keys.hash_person("web", "42"),
            keys.hash_person("telegram", "43"),
            other.hash_person("telegram", "42"),
        ] {
            assert_ne!(hash, different);
        }
    }

    #[test]
    fn addresses_are_sealed_and_opened() {
        let keys = Keys::new("satu", &"11".repeat(32)).unwrap();
        let mut sealed = keys.seal("telegram:42", [7; 12]).unwrap();
        assert_eq!(keys.open(&sealed).as_deref(), Some("telegram:42"));
        *sealed.last_mut().unwrap() ^= 1;
        assert_eq!(keys.open(&sealed), None);
        assert_eq!(keys.open(&[]), None);
    }

    proptest! {
        #[test]
        fn masking_twice_equals_masking_once(text in ".{0,80}") {
            let once = mask(&text);
            prop_assert_eq!(mask(&once), once);
        }

        #[test]
        fn no_sixteen_digits_survive(before in "[a-z ]{0,10}", number in "[0-9]{16}", after in "[a-z ]{0,10}") {
            let masked = mask(&format!("{before}{number}{after}"));
            prop_assert!(!masked.contains(&number));
        }
    }
}
