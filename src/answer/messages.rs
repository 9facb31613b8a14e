//! Every fixed text that a citizen reads, kept together so that an editor can review it.
//!
//! Each has a key; the log names it as `pesan:<key>`, with the hash of its words as the version. [`all`] lists what
//! publishing records, so that a logged text can be shown again after it was changed.

use sha2::{Digest, Sha256};

use super::Door;
use crate::language::{Refusal, Smalltalk};

/// Version of a fixed text: the first 16 hex digits of SHA-256 over its words.
pub fn version(words: &str) -> String {
    Sha256::digest(words.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Every fixed text that a turn can show, by key.
pub fn all(office: &Office) -> Vec<(&'static str, String)> {
    let mut texts: Vec<(&'static str, String)> = [
        ("bantuan", HELP),
        ("topik", TOPICS),
        ("hak", RIGHTS),
        ("hapusdata", ERASE_ASK),
        ("tanya-kosong", ASK_EMPTY),
        ("perintah-lain", UNKNOWN_COMMAND),
        ("tombol-lama", UNKNOWN_TAP),
        ("terlalu-cepat", TOO_MANY),
        ("gangguan", APOLOGY),
        ("terlalu-panjang", TOO_LONG),
        ("sudah-tidak-ada", GONE),
        ("bukan-itu", NOT_MEANT),
        ("bukan-itu-kosong", NOT_MEANT_NOTHING),
        ("pilihan", CHOICES),
        ("pilihan-satu", CHOICE_ONE),
        ("terima-kasih-penilaian", THANKS_HELPFUL),
        ("alasan", WHY_NOT),
        ("terima-kasih-alasan", THANKS_REASON),
        ("diteruskan", FORWARDED),
        ("sudah-diteruskan", FORWARDED_ALREADY),
        ("terlalu-sering-diteruskan", FORWARDED_ENOUGH),
    ]
    .map(|(key, words)| (key, words.to_owned()))
    .into();
    texts.push(("mulai", start(office)));
    texts.push(("privasi", privacy(office)));
    texts.push(("bukan-teks", unreadable(UNREADABLE)));
    let smalltalk = Smalltalk::ALL.map(smalltalk);
    let refusals = Refusal::ALL.map(refusal);
    let abstentions = Door::ALL.map(abstain);
    let kept = smalltalk.into_iter().chain(refusals).chain(abstentions);
    texts.extend(kept.map(|(key, words)| (key, words.to_owned())));
    texts
}

/// Who answers: the office's name, and whether one was configured at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    pub name: Option<String>,
    /// Region code, such as `72`.
    pub region: String,
    pub retention_days: u32,
}

/// The warning that stands wherever no office has put its name to this bot.
pub const NOT_OFFICIAL: &str = "⚠️ Ini contoh, bukan kanal resmi KPU.";

impl Office {
    pub fn display(&self) -> &str {
        self.name.as_deref().unwrap_or("KPU Provinsi Sulawesi Tengah (contoh)")
    }
}

pub fn start(office: &Office) -> String {
    let mut text = String::new();
    if office.name.is_none() {
        text.push_str(NOT_OFFICIAL);
        text.push_str("\n\n");
    }
    text.push_str(&format!(
        "Halo! Saya **Tanya Pemilu**, asisten informasi {}.\n\n\
         Tulis saja pertanyaan Anda dengan bahasa sehari-hari. Saya menjawab dari rilis dan penjelasan resmi, lengkap \
         dengan sumber dan tanggalnya. Kalau belum ada jawaban resmi, saya bilang terus terang dan menunjukkan harus bertanya ke mana.\n\n\
         Contoh:\n- kapan pemilu berikutnya?\n- cara cek terdaftar di DPT\n- gimana minta informasi ke KPU?\n\n\
         Atau pilih topik di bawah ini. Perintah lain: /bantuan.\n\n\
         🔒 Jangan kirim NIK atau nomor telepon. Pertanyaan disimpan tanpa nama; lihat /privasi.",
        office.display()
    ));
    text
}

pub const HELP: &str = "Saya menjawab pertanyaan tentang tahapan pemilu dan pilkada serta hak atas informasi publik.\n\n\
    Cara bertanya: tulis satu pertanyaan seperti mengobrol biasa, misalnya \"syarat pindah memilih apa saja\".\n\n\
    Perintah:\n\
    - /topik – daftar topik\n\
    - /tahapan – tahapan dan jadwal\n\
    - /hak – hak atas informasi publik\n\
    - /privasi – apa yang disimpan\n\
    - /hapusdata – hapus data Anda\n\n\
    Di grup, sebut nama bot ini, balas pesannya, atau awali dengan /tanya.";

pub const TOPICS: &str = "Pilih topik untuk melihat pertanyaannya:";
pub const RIGHTS: &str = "Hak Anda atas informasi publik. Pilih topik, atau tulis pertanyaan Anda:";
pub const TOPIC_EMPTY: &str = "Belum ada pertanyaan dalam topik ini. Coba /topik untuk topik lain.";

pub fn privacy(office: &Office) -> String {
    format!(
        "Yang kami simpan dan mengapa:\n\
         - Teks pertanyaan Anda, setelah NIK, nomor KK, nomor telepon, dan surel disamarkan, untuk memperbaiki jawaban.\n\
         - Kode acak pengganti identitas Telegram Anda. Nama dan nomor Anda tidak disimpan.\n\
         - Percakapan terakhir secara singkat, supaya pertanyaan lanjutan bisa dipahami.\n\n\
         Catatan dihapus otomatis setelah {} hari. Anda dapat menghapusnya kapan saja dengan /hapusdata \
         (hak Anda menurut UU 27/2022 tentang Pelindungan Data Pribadi).\n\n\
         Pengelola: {}.",
        office.retention_days,
        office.display()
    )
}

pub const ERASE_ASK: &str = "Semua catatan percakapan Anda dengan bot ini akan dihapus: pertanyaan, penilaian, dan konteks. Lanjutkan?";
pub const ERASE_YES: &str = "Ya, hapus data saya";
pub const ERASED: &str =
    "Selesai. Catatan percakapan Anda sudah dihapus. Anda tetap bisa bertanya kapan saja.";

pub const ASK_EMPTY: &str = "Tulis pertanyaannya sesudah perintah itu, misalnya: /tanya cara pindah memilih";
pub const UNKNOWN_COMMAND: &str = "Perintah itu tidak ada. Tulis pertanyaan Anda, atau lihat /bantuan.";
pub const UNKNOWN_TAP: &str =
    "Tombol itu sudah lama dan tidak bisa dipakai lagi. Silakan tulis pertanyaan Anda, atau buka /topik.";
pub const TOO_MANY: &str =
    "Pesan Anda masuk cepat sekali. Mohon tunggu sebentar, lalu kirim satu pertanyaan dulu ya.";
pub const APOLOGY: &str = "Maaf, sedang ada gangguan di pihak kami. Silakan coba lagi beberapa menit lagi.";
pub const TOO_LONG: &str =
    "Pesan Anda panjang sekali. Mohon ringkas menjadi satu pertanyaan, paling banyak beberapa kalimat.";
pub const GONE: &str = "Jawaban itu sudah tidak ada lagi. Silakan tulis pertanyaan Anda.";

/// Stands for whatever was sent where the text itself is recorded.
pub const UNREADABLE: &str = "kiriman Anda";

pub fn unreadable(what: &str) -> String {
    format!(
        "Terima kasih, {what} sudah sampai, tetapi saya baru bisa membaca teks. Silakan tulis pertanyaan Anda."
    )
}

pub const NOT_MEANT: &str = "Bukan itu, ya? Mungkin salah satu ini:";
pub const NOT_MEANT_NOTHING: &str =
    "Maaf, saya belum menemukan yang Anda maksud. Coba tulis dengan kata lain, atau lihat /topik.";
/// Above an answer to a question in English.
pub const ENGLISH: &str = "You wrote in English: here is the official answer in Indonesian. Your browser or phone can translate it.";
/// Above choices or a missing answer, to a question in English.
pub const ENGLISH_UNSURE: &str = "You wrote in English. This bot knows official answers in Indonesian only; a short question with the Indonesian term (TPS, DPT, KTP, PPID) works best.";

pub const CHOICES: &str = "Supaya tidak keliru, yang mana maksud Anda?";
pub const CHOICE_ONE: &str = "Saya belum yakin. Mungkin ini yang Anda maksud?";
pub const RELATED_LABEL: &str = "🔎 ";
pub const NOT_MEANT_BUTTON: &str = "Bukan itu maksud saya";
pub const HELPFUL_YES: &str = "👍 Membantu";
pub const HELPFUL_NO: &str = "👎 Kurang";
pub const THANKS_HELPFUL: &str = "Terima kasih, senang bisa membantu!";
pub const WHY_NOT: &str = "Terima kasih sudah jujur. Apa yang kurang? Pilih atau tulis alasannya.";
pub const REASONS: [&str; 4] =
    ["Tidak sesuai pertanyaan", "Sulit dipahami", "Sudah tidak berlaku", "Kurang lengkap"];
pub const THANKS_REASON: &str = "Terima kasih. Masukan Anda kami pakai untuk memperbaiki jawaban.";
pub const FORWARD_BUTTON: &str = "✉️ Teruskan ke petugas";
pub const FORWARDED: &str = "Pertanyaan Anda (tanpa nama, nomor disamarkan) sudah diteruskan ke petugas. Jawabannya akan dikirim ke sini. \
    Dengan menekan tombol itu Anda setuju dihubungi di percakapan ini; /hapusdata membatalkannya.";
pub const FORWARDED_ALREADY: &str =
    "Pertanyaan itu sudah diteruskan ke petugas. Mohon tunggu jawabannya di sini.";
pub const FORWARDED_ENOUGH: &str = "Hari ini Anda sudah beberapa kali meneruskan pertanyaan. Silakan coba lagi besok, atau datang ke kantor KPU terdekat.";
/// Stands above an answer that a person at the office wrote.
pub fn by_the_office(office: &Office) -> String {
    format!("✉️ Jawaban petugas {} atas pertanyaan Anda:", office.display())
}
pub const MORE: &str = "Berikutnya ▸";

pub fn smalltalk(kind: Smalltalk) -> (&'static str, &'static str) {
    match kind {
        Smalltalk::Greeting => (
            "salam",
            "Halo, selamat datang! Ada yang ingin Anda tanyakan tentang pemilu atau hak atas informasi?",
        ),
        Smalltalk::Thanks => {
            ("terima-kasih", "Sama-sama, senang bisa membantu. Kalau ada pertanyaan lain, tulis saja.")
        }
        Smalltalk::Bye => {
            ("pamit", "Baik, sampai jumpa. Kalau perlu informasi pemilu lagi, saya ada di sini.")
        }
        Smalltalk::HowAreYou => {
            ("kabar", "Baik, terima kasih sudah bertanya. Ada informasi pemilu yang Anda cari?")
        }
        Smalltalk::WhoAreYou => (
            "siapa",
            "Saya Tanya Pemilu, program yang menjawab dari rilis dan penjelasan resmi tentang pemilu. Saya bukan orang, \
             dan saya tidak mengarang jawaban. Lihat /bantuan untuk cara memakai.",
        ),
        Smalltalk::Acknowledge => ("oke", "Siap. Kalau ada yang ingin ditanyakan lagi, tulis saja ya."),
    }
}

pub fn refusal(kind: Refusal) -> (&'static str, &'static str) {
    match kind {
        Refusal::Partisan => (
            "netral",
            "Saya netral dan tidak menyarankan atau membandingkan pilihan. Pilihan sepenuhnya hak Anda, dan rahasia. \
             Profil calon dan partai dapat Anda baca di https://infopemilu.kpu.go.id.",
        ),
        Refusal::Prediction => (
            "netral-prediksi",
            "Saya netral dan tidak meramal hasil pemilihan. Hasil resmi hanya yang ditetapkan KPU setelah rekapitulasi; \
             lihat https://kpu.go.id.",
        ),
        Refusal::Unlawful => (
            "melanggar",
            "Saya tidak bisa membantu hal yang melanggar aturan pemilu. Bila Anda mengetahui pelanggaran, laporkan ke Bawaslu: \
             https://sigaplapor.bawaslu.go.id.",
        ),
        Refusal::PersonalData => (
            "data-orang",
            "Data pribadi orang lain tidak bisa saya berikan. Untuk memeriksa nama Anda sendiri dalam daftar pemilih, \
             buka https://cekdptonline.kpu.go.id.",
        ),
        Refusal::Abuse => (
            "tenang",
            "Saya mengerti Anda mungkin kesal. Saya tetap di sini untuk membantu: tulis saja apa yang ingin Anda ketahui tentang pemilu.",
        ),
        Refusal::Injection => (
            "tugas",
            "Saya hanya menjawab dari informasi resmi pemilu dan keterbukaan informasi. Silakan tulis pertanyaan tentang itu.",
        ),
    }
}

/// "No official answer yet", with the door to a person.
pub fn abstain(door: Door) -> (&'static str, &'static str) {
    match door {
        Door::VoterList => (
            "belum-ada-dpt",
            "Belum ada jawaban resmi untuk itu di sini. Untuk memeriksa nama dan TPS Anda, buka https://cekdptonline.kpu.go.id \
             (isi NIK di sana, jangan di sini), atau tanyakan ke KPU kabupaten/kota.",
        ),
        Door::Information => (
            "belum-ada-ppid",
            "Belum ada jawaban resmi untuk itu di sini. Dokumen dan data bisa Anda minta lewat PPID KPU (https://ppid.kpu.go.id) \
             atau datang ke kantor KPU setempat.",
        ),
        Door::Violation => (
            "belum-ada-bawaslu",
            "Belum ada jawaban resmi untuk itu di sini. Dugaan pelanggaran pemilu dapat dilaporkan ke Bawaslu terdekat atau lewat \
             https://sigaplapor.bawaslu.go.id.",
        ),
        Door::Ethics => (
            "belum-ada-dkpp",
            "Belum ada jawaban resmi untuk itu di sini. Dugaan pelanggaran etik penyelenggara pemilu ditangani DKPP: https://dkpp.go.id.",
        ),
        Door::Dispute => (
            "belum-ada-ki",
            "Belum ada jawaban resmi untuk itu di sini. Sengketa informasi publik ditangani Komisi Informasi: https://komisiinformasi.go.id.",
        ),
        Door::Outside => (
            "di-luar-cakupan",
            "Itu di luar yang bisa saya jawab. Saya hanya melayani informasi pemilu, pilkada, dan hak atas informasi publik. \
             Untuk urusan lain, silakan hubungi instansi yang menanganinya.",
        ),
        Door::Office => (
            "belum-ada",
            "Maaf, belum ada jawaban resmi untuk itu. Coba tulis dengan kata lain, lihat /topik, atau tanyakan langsung ke kantor KPU \
             terdekat (https://kpu.go.id).",
        ),
    }
}
