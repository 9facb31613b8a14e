//! Region names and their codes (Kemendagri): those of Sulawesi Tengah, and the provinces around, so that a question about
//! them is not answered for ours. The longest name wins.

/// Longer names first, so that *Banggai Laut* is not taken for *Banggai*.
const NAMES: &[(&[&str], &str)] = &[
    (&["banggai", "kepulauan"], "72.07"),
    (&["banggai", "laut"], "72.11"),
    (&["morowali", "utara"], "72.12"),
    (&["tojo", "una", "una"], "72.09"),
    (&["tojo", "una"], "72.09"),
    (&["parigi", "moutong"], "72.08"),
    (&["sulawesi", "tengah"], "72"),
    (&["sulteng"], "72"),
    (&["sulawesi", "selatan"], "73"),
    (&["sulawesi", "utara"], "71"),
    (&["sulawesi", "tenggara"], "74"),
    (&["sulawesi", "barat"], "76"),
    (&["maluku", "utara"], "82"),
    (&["kalimantan", "timur"], "64"),
    (&["kalimantan", "selatan"], "63"),
    (&["jawa", "barat"], "32"),
    (&["jawa", "tengah"], "33"),
    (&["jawa", "timur"], "35"),
    (&["sulsel"], "73"),
    (&["sulut"], "71"),
    (&["sultra"], "74"),
    (&["sulbar"], "76"),
    (&["kaltim"], "64"),
    (&["gorontalo"], "75"),
    (&["makassar"], "73.71"),
    (&["manado"], "71.71"),
    (&["kendari"], "74.71"),
    (&["mamuju"], "76.04"),
    (&["bangkep"], "72.07"),
    (&["balut"], "72.11"),
    (&["morut"], "72.12"),
    (&["touna"], "72.09"),
    (&["parimo"], "72.08"),
    (&["parigi"], "72.08"),
    (&["palu"], "72.71"),
    (&["banggai"], "72.01"),
    (&["poso"], "72.02"),
    (&["donggala"], "72.03"),
    (&["tolitoli"], "72.04"),
    (&["toli", "toli"], "72.04"),
    (&["buol"], "72.05"),
    (&["morowali"], "72.06"),
    (&["sigi"], "72.10"),
];

/// Codes of the regions named in the words, in their order; at each place the longest name counts, so *Banggai dan
/// Banggai Laut* names two.
pub fn regions(words: &[&str]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = NAMES.iter().find(|(name, _)| words[at..].starts_with(name));
        if let Some((_, code)) = found.filter(|(_, code)| codes.iter().all(|known| known != code)) {
            codes.push((*code).to_owned());
        }
        at += found.map_or(1, |(name, _)| name.len());
    }
    codes
}

/// Whether a word is part of a region's name.
pub fn is_region_word(word: &str) -> bool {
    NAMES.iter().any(|(name, _)| name.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::regions;

    #[test]
    fn the_longest_name_wins() {
        assert_eq!(regions(&["dpt", "banggai", "laut"]), ["72.11"]);
        assert_eq!(regions(&["dpt", "banggai"]), ["72.01"]);
        assert_eq!(regions(&["palsu", "lalu"]), Vec::<String>::new());
        assert_eq!(regions(&["kpu", "sulawesi", "selatan"]), ["73"]);
    }

    fn check(text: &str, expected: &[&str]) {
        let words = super::super::normalize(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(regions(&words), expected, "{text}");
    }

    #[test]
    fn names_inside_names_are_told_apart() {
        check("Banggai dan Banggai Laut", &["72.01", "72.11"]);
        check("Morowali Utara atau Morowali", &["72.12", "72.06"]);
        check("Banggai Kepulauan, Banggai Kepulauan", &["72.07"]);
        check("kota Palu dan kabupaten Sigi", &["72.71", "72.10"]);
        check("Bangkep Balut Morut Parimo Touna", &["72.07", "72.11", "72.12", "72.08", "72.09"]);
    }
}
