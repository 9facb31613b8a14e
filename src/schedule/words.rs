//! The words of a time question in one form: `nyoblos`, `pencoblosan` and "pemungutan suara" become `coblos`.
//!
//! The vocabulary of stages is small and closed, so a table is used instead of a stemmer: what it does can
//! be read off, and no unrelated word is ever folded into a stage name. Names in the timeline files and
//! questions go through the same function.

/// Root and the forms that are folded into it.
const FORMS: &[(&str, &[&str])] = &[
    (
        "coblos",
        &["nyoblos", "mencoblos", "coblosan", "pencoblosan", "dicoblos", "nyoblosnya", "mencobloskan"],
    ),
    ("kampanye", &["berkampanye", "kampanyenya", "kampaye", "kampanya"]),
    (
        "daftar",
        &["pendaftaran", "mendaftar", "mendaftarkan", "didaftar", "didaftarkan", "ndaftar", "pendaftarannya"],
    ),
    ("tetap", &["penetapan", "ditetapkan", "menetapkan", "tetapkan", "ditetapin"]),
    ("undi", &["undian", "pengundian", "diundi", "mengundi", "undiannya"]),
    ("lantik", &["pelantikan", "dilantik", "melantik", "dilantiknya"]),
    ("hitung", &["penghitungan", "perhitungan", "dihitung", "menghitung"]),
    ("rekap", &["rekapitulasi", "direkap", "merekap", "rekapan"]),
    ("umum", &["pengumuman", "diumumkan", "mengumumkan", "umumkan", "diumumin"]),
    ("susun", &["penyusunan", "disusun", "menyusun"]),
    ("mutakhir", &["pemutakhiran", "dimutakhirkan", "memutakhirkan"]),
    ("coklit", &["pencoklitan", "dicoklit", "mencoklit", "nyoklit"]),
    ("bentuk", &["pembentukan", "dibentuk", "membentuk"]),
    (
        "rekrut",
        &["rekrutmen", "rekruitmen", "perekrutan", "direkrut", "merekrut", "oprec", "penerimaan", "diterima"],
    ),
    ("seleksi", &["penyeleksian", "diseleksi", "tes"]),
    ("serah", &["penyerahan", "diserahkan", "menyerahkan"]),
    ("pilih", &["memilih", "milih", "nyontreng"]),
    ("pindah", &["pindahan", "berpindah", "kepindahan"]),
    ("putus", &["putusan", "diputus", "memutus", "diputuskan", "memutuskan"]),
    ("sengketa", &["persengketaan", "perselisihan"]),
    ("gugat", &["gugatan", "menggugat", "digugat"]),
    ("sumpah", &["disumpah", "penyumpahan", "bersumpah"]),
    ("tugas", &["bertugas", "penugasan", "ditugaskan"]),
    ("kerja", &["bekerja", "pekerjaan"]),
    ("lapor", &["laporan", "melapor", "pelaporan", "dilaporkan", "melaporkan"]),
    ("verifikasi", &["diverifikasi", "memverifikasi", "verifikasinya"]),
    ("teliti", &["penelitian", "diteliti", "meneliti"]),
    ("cocok", &["pencocokan", "dicocokkan"]),
    ("tata", &["penataan", "ditata"]),
    ("bagi", &["pembagian", "dibagi"]),
    ("tunda", &["penundaan", "ditunda", "menunda", "ditundanya"]),
    ("lanjut", &["lanjutan", "dilanjutkan", "melanjutkan"]),
    ("usul", &["usulan", "pengusulan", "diusulkan"]),
    ("angkat", &["pengangkatan", "diangkat"]),
    ("sah", &["pengesahan", "disahkan"]),
    ("rencana", &["perencanaan", "direncanakan"]),
    ("bersih", &["pembersihan", "dibersihkan"]),
    ("aktif", &["diaktifkan"]),
    ("tanggap", &["tanggapan"]),
    ("baik", &["perbaikan", "diperbaiki"]),
    ("sampai", &["penyampaian", "hingga", "sampe", "smp", "nyampe"]),
    ("data", &["pendataan", "didata"]),
    ("nyaleg", &["nyalegnya"]),
    ("syarat", &["persyaratan", "syaratnya"]),
    ("atur", &["peraturan", "aturan"]),
    ("perseorangan", &["perorangan", "independen"]),
    ("menang", &["pemenang", "pemenangnya", "memenangkan"]),
    ("partai", &["parpol", "partainya"]),
    ("legislatif", &["legislator"]),
    ("anggota", &["angota"]),
    ("covid", &["corona", "korona", "pandemi", "covid19"]),
    ("kabupaten", &["kab"]),
    ("provinsi", &["prov", "propinsi"]),
    ("tahap", &["tahapan", "tahapannya", "tahapnya", "thp"]),
    ("kapan", &["kpn", "kapankah", "bila", "bilamana", "kapannya"]),
    ("tanggal", &["tgl", "tanggalnya", "tgglnya", "tggl"]),
    ("berapa", &["brp", "brapa", "berapakah", "berapaan"]),
    ("jadwal", &["jadwalnya", "jadual", "dijadwalkan", "schedule"]),
    ("hari", &["harinya"]),
    ("lama", &["lamanya", "durasi", "durasinya"]),
    ("mulai", &["dimulai", "mulainya", "memulai", "permulaan", "bermula", "dimulainya", "start"]),
    ("awal", &["awalnya", "mula"]),
    ("sejak", &["semenjak"]),
    ("selesai", &["selesainya", "rampung", "beres", "diselesaikan", "kelar"]),
    ("akhir", &["berakhir", "berakhirnya", "diakhiri"]),
    ("tutup", &["ditutup", "penutupan", "menutup", "ditutupnya"]),
    ("buka", &["dibuka", "pembukaan", "membuka", "dibukanya"]),
    ("batas", &["batasnya", "deadline", "tenggat", "tenggatnya", "dibatasi"]),
    ("lambat", &["lambatnya", "telat", "lambatlambatnya"]),
    ("lewat", &["terlewat", "kelewat", "kelewatan", "lewatnya", "terlewati"]),
    ("sudah", &["udah", "udh", "sdh", "telah", "sudahkah", "dah", "su", "uda"]),
    ("belum", &["blm", "belom", "blum", "belumkah"]),
    ("masih", &["msh", "masihkah"]),
    ("bisa", &["dapat", "bisakah", "bs", "dapatkah"]),
    ("boleh", &["bolehkah"]),
    ("lagi", &["lg", "lgi"]),
    ("sekarang", &["skrg", "skrng", "sekarang", "skg", "kini", "skarang"]),
    ("sedang", &["sdg"]),
    ("langsung", &["berlangsung", "berlangsungnya"]),
    ("laksana", &["pelaksanaan", "dilaksanakan", "terlaksana", "melaksanakan", "pelaksanaannya"]),
    (
        "gelar",
        &["digelar", "menggelar", "diadakan", "mengadakan", "diselenggarakan", "penyelenggaraan", "adakan"],
    ),
    ("jalan", &["berjalan", "jalannya"]),
    ("ulang", &["pengulangan", "diulang"]),
    ("kedua", &["2", "dua", "ii"]),
    ("putaran", &["putarannya"]),
    ("semula", &["tadinya", "semulanya"]),
    ("kemarin", &["kmrn", "kemaren", "kmarin", "barusan"]),
    ("lalu", &["dulu", "tempo", "silam", "sebelumnya"]),
    ("sebelum", &["sblm", "sblum"]),
    ("setelah", &["sesudah", "stlh", "usai", "seusai", "pasca", "sehabis"]),
    ("tidak", &["gak", "ga", "nggak", "ngga", "enggak", "tdk", "tak", "kagak", "ndak", "nda"]),
    ("berikut", &["berikutnya", "selanjutnya", "mendatang", "depan"]),
    ("pemilu", &["pmilu", "pemilunya", "pemilukah"]),
    ("pilkada", &["pilkadanya", "pilkda", "pemilukada"]),
    ("pilgub", &["pilgubnya"]),
    ("pilwalkot", &["pilkot", "pilwali", "pilwako", "pilwalikota"]),
    ("pilpres", &["pilpresnya"]),
    ("daerah", &["daerahnya"]),
    ("apa", &["apakah", "apaan"]),
];

/// Words in a row that mean one thing; applied after the single words, longest first.
const PHRASES: &[(&[&str], &str)] = &[
    (&["daftar", "pilih", "tetap"], "dpt"),
    (&["daftar", "pemilih", "tetap"], "dpt"),
    (&["daftar", "pemilih", "sementara", "hasil", "baik"], "dpshp"),
    (&["daftar", "pemilih", "sementara"], "dps"),
    (&["dps", "hasil", "baik"], "dpshp"),
    (&["pungut", "suara", "ulang"], "psu"),
    (&["pemungutan", "suara", "ulang"], "psu"),
    (&["coblos", "ulang"], "psu"),
    (&["hari", "pemungutan", "suara"], "coblos"),
    (&["pemungutan", "suara"], "coblos"),
    (&["pungut", "suara"], "coblos"),
    (&["pemungutan"], "coblos"),
    (&["hari", "coblos"], "coblos"),
    (&["hari", "h"], "coblos"),
    (&["hari", "pencoblosan"], "coblos"),
    (&["pilih", "ke", "tps"], "coblos"),
    (&["pilih", "tps"], "coblos"),
    (&["masa", "tenang"], "tenang"),
    (&["minggu", "tenang"], "tenang"),
    (&["hari", "tenang"], "tenang"),
    (&["masa", "kampanye"], "kampanye"),
    (&["pindah", "pilih"], "pindahpilih"),
    (&["pindah", "tempat", "pilih"], "pindahpilih"),
    (&["pindah", "tempat", "coblos"], "pindahpilih"),
    (&["pindah", "coblos"], "pindahpilih"),
    (&["pindah", "tps"], "pindahpilih"),
    (&["h", "30"], "h30"),
    (&["h", "7"], "h7"),
    (&["cocok", "teliti"], "coklit"),
    (&["nomor", "urut"], "nomorurut"),
    (&["no", "urut"], "nomorurut"),
    (&["pasang", "calon"], "paslon"),
    (&["pasangan", "calon"], "paslon"),
    (&["calon", "pasangan"], "paslon"),
    (&["calon", "legislatif"], "caleg"),
    (&["calon", "anggota", "legislatif"], "caleg"),
    (&["calon", "presiden"], "capres"),
    (&["calon", "gubernur"], "cagub"),
    (&["calon", "bupati"], "cabup"),
    (&["wali", "kota"], "walikota"),
    (&["calon", "walikota"], "cawalkot"),
    (&["calon", "wali", "kota"], "cawalkot"),
    (&["partai", "politik"], "partai"),
    (&["daerah", "pemilihan"], "dapil"),
    (&["mahkamah", "konstitusi"], "mk"),
    (&["badan", "ad", "hoc"], "adhoc"),
    (&["badan", "adhoc"], "adhoc"),
    (&["hitung", "mundur"], "hitungmundur"),
    (&["saat", "ini"], "sekarang"),
    (&["hari", "ini"], "hariini"),
    (&["akan", "datang"], "berikut"),
    (&["pemilihan", "umum"], "pemilu"),
    (&["pemilihan", "presiden"], "pilpres"),
    (&["pemilihan", "legislatif"], "pileg"),
    (&["pemilihan", "gubernur"], "pilgub"),
    (&["pilih", "gubernur"], "pilgub"),
    (&["pilihan", "gubernur"], "pilgub"),
    (&["pemilihan", "bupati"], "pilbup"),
    (&["pilih", "bupati"], "pilbup"),
    (&["pemilihan", "walikota"], "pilwalkot"),
    (&["pemilihan", "wali", "kota"], "pilwalkot"),
    (&["pemilihan", "kepala", "daerah"], "pilkada"),
    (&["pemilihan", "serentak"], "pilkada"),
    (&["pilih", "presiden"], "pilpres"),
];

/// Words that carry nothing in a question or a name.
const STOP: &[&str] = &[
    "yang",
    "yg",
    "di",
    "ke",
    "dari",
    "pada",
    "untuk",
    "buat",
    "utk",
    "untk",
    "dan",
    "atau",
    "serta",
    "dengan",
    "dgn",
    "itu",
    "tu",
    "nih",
    "sih",
    "dong",
    "deh",
    "ya",
    "yah",
    "yaa",
    "lah",
    "kah",
    "pun",
    "oleh",
    "para",
    "si",
    "sang",
    "adalah",
    "ialah",
    "min",
    "admin",
    "mimin",
    "kak",
    "kakak",
    "ka",
    "pak",
    "bapak",
    "pa",
    "bu",
    "ibu",
    "mas",
    "mbak",
    "mba",
    "bang",
    "om",
    "gan",
    "bro",
    "sis",
    "halo",
    "hai",
    "hi",
    "hallo",
    "selamat",
    "pagi",
    "siang",
    "sore",
    "malam",
    "assalamualaikum",
    "permisi",
    "maaf",
    "mohon",
    "tolong",
    "minta",
    "izin",
    "ijin",
    "tanya",
    "bertanya",
    "nanya",
    "tny",
    "numpang",
    "info",
    "infonya",
    "informasi",
    "kasih",
    "tau",
    "tahu",
    "beritahu",
    "jelaskan",
    "sebutkan",
    "terima",
    "makasih",
    "trims",
    "thanks",
    "sebenarnya",
    "sebenernya",
    "kira",
    "kalau",
    "klo",
    "kalo",
    "kl",
    "nya",
    "toh",
    "kan",
    "kok",
    "tuh",
    "lho",
    "loh",
    "pas",
    "dlm",
    "dalam",
    "the",
    "e",
    "eh",
    "oh",
    "nah",
    "jadi",
    "jdi",
];

/// The words of a text in their one form.
pub(crate) fn canon_text(text: &str) -> Vec<String> {
    canon(std::iter::once(text))
}

/// The words of a token list in their one form. Tokens may still hold hyphens or capitals.
pub(crate) fn canon<'a>(tokens: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for token in tokens {
        let lower = token.to_lowercase();
        for part in lower.split(|sign: char| !sign.is_alphanumeric()).filter(|part| !part.is_empty()) {
            let word = root(part);
            if !STOP.contains(&word) {
                words.push(word.to_owned());
            }
        }
    }
    fold_phrases(words)
}

fn root(word: &str) -> &str {
    let known = |word: &str| {
        FORMS.iter().find(|(root, forms)| *root == word || forms.contains(&word)).map(|(root, _)| *root)
    };
    if let Some(root) = known(word) {
        return root;
    }
    for suffix in ["nya", "kah"] {
        // Short words such as "punya" and "hanya" end like this by chance.
        if let Some(stem) = word.strip_suffix(suffix).filter(|stem| stem.chars().count() >= 3) {
            return known(stem).unwrap_or(if KEEP_SUFFIX.contains(&word) { word } else { stem });
        }
    }
    word
}

const KEEP_SUFFIX: &[&str] = &["bertanya", "menanya", "langkah", "nikah", "menikah", "pernikah"];

fn fold_phrases(mut words: Vec<String>) -> Vec<String> {
    let mut phrases: Vec<&(&[&str], &str)> = PHRASES.iter().collect();
    phrases.sort_by_key(|(parts, _)| std::cmp::Reverse(parts.len()));
    for (parts, whole) in phrases {
        // Every phrase is longer than what replaces it or names another word, so this ends.
        while let Some(at) = words.windows(parts.len()).position(|window| window.iter().eq(parts.iter())) {
            words.splice(at..at + parts.len(), [(*whole).to_owned()]);
        }
    }
    words
}

/// The known key that a misspelt one most likely means: at most two letters apart.
pub(crate) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|key| (distance(word, key), *key)).min()?;
    (near.0 <= 2).then_some(near.1)
}

/// Levenshtein distance; keys are short, so the plain table is enough.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in other.iter().enumerate() {
            let cost = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[other.len()]
}
