//! Every text that staff and admins read in Telegram, kept together so that an editor can review it.

pub const UNKNOWN_ENTRY: &str = "Tidak ada jawaban dengan id itu.";
pub const WITHDRAW_USAGE: &str = "Tulis: /tarik ID ALASAN\nMisalnya: /tarik faq/pindah-dan-tps#cara-pindah aturan berubah\n\nId jawaban terlihat di /log dan /uji.";
pub const WITHDRAW_REASON: &str = "Sebutkan alasannya sesudah id, supaya rekan Anda tahu mengapa ditarik.";
pub const RESTORE_NONE: &str = "Tidak ada jawaban yang sedang ditarik.";
pub const RESTORE_LIST: &str = "Jawaban yang sedang ditarik. Tekan untuk mengembalikan:";
pub const TEST_USAGE: &str = "Tulis pertanyaannya sesudah /uji, misalnya: /uji cara pindah memilih";
pub const NO_PROBLEMS: &str = "Tidak ada masalah dalam berkas pengetahuan. 👍";
pub const LOG_EMPTY: &str = "Tidak ada pertanyaan yang belum terjawab atau dinilai kurang.";
pub const LOG_GONE: &str = "Catatan itu sudah tidak ada (dihapus oleh pemiliknya atau melewati masa simpan).";
pub const NEWER: &str = "◂ Lebih baru";
pub const OLDER: &str = "Lebih lama ▸";
pub const BACK: &str = "◂ Kembali ke daftar";
pub const AUDIT_EMPTY: &str = "Belum ada tindakan yang tercatat.";
pub const ANSWER_SENT: &str = "Terkirim kepada penanya sebagai jawaban petugas.";
pub const ANSWER_TWICE: &str = "Pertanyaan itu sudah dijawab; jawaban kedua tidak dikirim.";
pub const ANSWER_GONE: &str =
    "Penanya sudah menghapus datanya atau terlalu lama; jawaban tidak bisa dikirim.";

/// What the staff chat reads of a forwarded question.
pub fn forwarded(question: &str) -> String {
    format!(
        "✉️ Pertanyaan warga yang belum ada jawabannya:\n\n{question}\n\nBalas pesan ini untuk menjawab. Jawaban pertama dikirim kepada penanya sebagai jawaban petugas."
    )
}

pub fn withdrawn(entry: &str, reason: &str) -> String {
    format!(
        "Ditarik: {entry}\nAlasan: {reason}\n\nBot tidak menjawab dengan itu lagi. Kembalikan dengan /pulihkan {entry}"
    )
}

pub fn restored(entry: &str) -> String {
    format!("Dikembalikan: {entry}. Bot menjawab dengan itu lagi.")
}

/// Commands that staff see in their menu.
pub const STAFF_COMMANDS: [(&str, &str); 5] = [
    ("uji", "Apa jawaban bot, dan mengapa"),
    ("tarik", "Tarik satu jawaban"),
    ("pulihkan", "Kembalikan jawaban yang ditarik"),
    ("muatulang", "Baca ulang folder pengetahuan"),
    ("masalah", "Masalah dalam berkas pengetahuan"),
];

/// Commands that admins see besides those.
pub const ADMIN_COMMANDS: [(&str, &str); 3] = [
    ("statistik", "Angka hari ini, 7 dan 30 hari"),
    ("log", "Pertanyaan yang belum terjawab"),
    ("jejak", "Tindakan staf dan admin"),
];
