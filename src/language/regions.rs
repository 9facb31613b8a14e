//! Region names of Sulawesi Tengah and their codes (Kemendagri); the longest name wins.

use super::lexicon::contains_run;

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

/// Codes of the regions named in the words.
pub fn regions(words: &[&str]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    let mut taken: Vec<&str> = Vec::new();
    for (name, code) in NAMES {
        let first = name[0];
        if contains_run(words, name) && !taken.contains(&first) {
            taken.push(first);
            codes.push((*code).to_owned());
        }
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
    }
}
