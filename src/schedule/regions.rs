//! Region codes and the names people use for them.
//!
//! A code has a parent: `72.08` (Parigi Moutong) lies in `72` (Sulawesi Tengah). Provinces of the whole
//! country are listed; regencies only where a shipped timeline or the example office needs them.

use std::sync::LazyLock;

/// Codes with their names; the first name is the one that is shown. Names are lower-case words.
const REGIONS: &[(&str, &str, &[&str])] = &[
    ("72", "Provinsi Sulawesi Tengah", &["sulawesi tengah", "sulteng", "prov sulteng"]),
    ("72.01", "Kabupaten Banggai", &["banggai", "luwuk"]),
    ("72.02", "Kabupaten Poso", &["poso"]),
    ("72.03", "Kabupaten Donggala", &["donggala"]),
    ("72.04", "Kabupaten Tolitoli", &["tolitoli", "toli toli"]),
    ("72.05", "Kabupaten Buol", &["buol"]),
    ("72.06", "Kabupaten Morowali", &["morowali"]),
    ("72.07", "Kabupaten Banggai Kepulauan", &["banggai kepulauan", "bangkep"]),
    ("72.08", "Kabupaten Parigi Moutong", &["parigi moutong", "parimo", "parigi"]),
    ("72.09", "Kabupaten Tojo Una-Una", &["tojo una una", "touna"]),
    ("72.10", "Kabupaten Sigi", &["sigi"]),
    ("72.11", "Kabupaten Banggai Laut", &["banggai laut", "balut"]),
    ("72.12", "Kabupaten Morowali Utara", &["morowali utara", "morut"]),
    ("72.71", "Kota Palu", &["palu"]),
    ("19", "Provinsi Kepulauan Bangka Belitung", &["bangka belitung", "babel"]),
    ("19.01", "Kabupaten Bangka", &["bangka"]),
    ("19.71", "Kota Pangkalpinang", &["pangkalpinang", "pangkal pinang"]),
    ("11", "Provinsi Aceh", &["aceh"]),
    ("12", "Provinsi Sumatera Utara", &["sumatera utara", "sumut"]),
    ("13", "Provinsi Sumatera Barat", &["sumatera barat", "sumbar"]),
    ("14", "Provinsi Riau", &["riau"]),
    ("15", "Provinsi Jambi", &["jambi"]),
    ("16", "Provinsi Sumatera Selatan", &["sumatera selatan", "sumsel"]),
    ("17", "Provinsi Bengkulu", &["bengkulu"]),
    ("18", "Provinsi Lampung", &["lampung"]),
    ("21", "Provinsi Kepulauan Riau", &["kepulauan riau", "kepri"]),
    ("31", "Provinsi DKI Jakarta", &["jakarta", "dki", "dki jakarta"]),
    ("32", "Provinsi Jawa Barat", &["jawa barat", "jabar"]),
    ("33", "Provinsi Jawa Tengah", &["jawa tengah", "jateng"]),
    ("34", "Provinsi DI Yogyakarta", &["yogyakarta", "jogja", "diy"]),
    ("35", "Provinsi Jawa Timur", &["jawa timur", "jatim"]),
    ("36", "Provinsi Banten", &["banten"]),
    ("51", "Provinsi Bali", &["bali"]),
    ("52", "Provinsi Nusa Tenggara Barat", &["nusa tenggara barat", "ntb"]),
    ("53", "Provinsi Nusa Tenggara Timur", &["nusa tenggara timur", "ntt"]),
    ("61", "Provinsi Kalimantan Barat", &["kalimantan barat", "kalbar"]),
    ("62", "Provinsi Kalimantan Tengah", &["kalimantan tengah", "kalteng"]),
    ("63", "Provinsi Kalimantan Selatan", &["kalimantan selatan", "kalsel"]),
    ("64", "Provinsi Kalimantan Timur", &["kalimantan timur", "kaltim"]),
    ("65", "Provinsi Kalimantan Utara", &["kalimantan utara", "kaltara"]),
    ("71", "Provinsi Sulawesi Utara", &["sulawesi utara", "sulut"]),
    ("73", "Provinsi Sulawesi Selatan", &["sulawesi selatan", "sulsel"]),
    ("74", "Provinsi Sulawesi Tenggara", &["sulawesi tenggara", "sultra"]),
    ("75", "Provinsi Gorontalo", &["gorontalo"]),
    ("76", "Provinsi Sulawesi Barat", &["sulawesi barat", "sulbar"]),
    ("81", "Provinsi Maluku", &["maluku"]),
    ("82", "Provinsi Maluku Utara", &["maluku utara", "malut"]),
    ("91", "Provinsi Papua", &["papua"]),
    ("92", "Provinsi Papua Barat", &["papua barat"]),
    ("93", "Provinsi Papua Selatan", &["papua selatan"]),
    ("94", "Provinsi Papua Tengah", &["papua tengah"]),
    ("95", "Provinsi Papua Pegunungan", &["papua pegunungan"]),
    ("96", "Provinsi Papua Barat Daya", &["papua barat daya"]),
];

/// The name to show for a code; an unknown code is shown as it is.
pub fn name(code: &str) -> String {
    let found = REGIONS.iter().find(|(known, ..)| *known == code);
    found.map_or_else(|| format!("wilayah {code}"), |(_, name, _)| (*name).to_owned())
}

/// Is `inner` the same region as `outer`, or part of it?
pub fn within(inner: &str, outer: &str) -> bool {
    inner == outer || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
}

/// Does one of the two contain the other?
pub fn related(one: &str, other: &str) -> bool {
    within(one, other) || within(other, one)
}

/// Every name as its words.
static NAMES: LazyLock<Vec<(&str, Vec<&str>)>> = LazyLock::new(|| {
    let names = REGIONS.iter().flat_map(|(code, _, names)| names.iter().map(move |name| (*code, *name)));
    names.map(|(code, name)| (code, name.split(' ').collect())).collect()
});

/// Finds the longest region name in `words` and says which words it used: `(code, start, length)`.
pub fn find(words: &[&str]) -> Option<(&'static str, usize, usize)> {
    let mut best: Option<(&'static str, usize, usize)> = None;
    for (code, parts) in NAMES.iter() {
        let Some(start) = words.windows(parts.len()).position(|window| window == parts.as_slice()) else {
            continue;
        };
        if best.is_none_or(|(_, _, length)| parts.len() > length) {
            best = Some((code, start, parts.len()));
        }
    }
    best
}
