//! The word lists in `data/`: chat forms, regional and English words, weak words, synonyms, acronyms.
//!
//! Lists are plain text that a linguist on the staff can edit; they are compiled in and read once.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::ordinary::join_prefix;
use super::spoken;

/// Lines of a list without comments and blank lines.
pub fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim_end).filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

/// Phrases of one or more words and what they stand for; the longest match wins.
#[derive(Default)]
struct Phrases {
    by_first: HashMap<&'static str, Vec<(Words, Words)>>,
}

type Words = Vec<&'static str>;

impl Phrases {
    fn read(list: &'static str) -> Self {
        Self::read_all(&[list])
    }

    fn read_all(lists: &[&'static str]) -> Self {
        let mut phrases = Phrases::default();
        for line in lists.iter().flat_map(|list| lines(list)) {
            let mut columns = line.split('\t');
            if let (Some(form), Some(standard)) = (columns.next(), columns.next()) {
                phrases.add(form, standard);
            }
        }
        phrases
    }

    fn add(&mut self, form: &'static str, standard: &'static str) {
        let form: Vec<&'static str> = words_of(form).collect();
        let standard: Vec<&'static str> = words_of(standard).collect();
        let Some(first) = form.first() else { return };
        let same_first = self.by_first.entry(first).or_default();
        if same_first.iter().all(|(known, _)| *known != form) {
            same_first.push((form, standard));
            same_first.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
        }
    }

    /// The longest phrase that starts at the beginning of `words`: how many words it takes, and its standard form.
    fn longest(&self, words: &[String]) -> Option<(usize, &[&'static str])> {
        let candidates = self.by_first.get(words.first()?.as_str())?;
        candidates
            .iter()
            .find(|(form, _)| form.len() <= words.len() && form.iter().zip(words).all(|(a, b)| a == b))
            .map(|(form, standard)| (form.len(), standard.as_slice()))
    }

    fn contains(&self, word: &str) -> bool {
        self.by_first.get(word).is_some_and(|forms| forms.iter().any(|(form, _)| form.len() == 1))
    }
}

fn words_of(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

static CHAT: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("data/slang.txt")));
static REGIONAL: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::read_all(&[include_str!("data/regional.txt"), include_str!("data/regional-affixed.txt")])
});
static ENGLISH: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("data/english.txt")));

/// English function words: two of them make a text English enough to translate its words.
static ENGLISH_SIGNS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| lines(include_str!("data/english-signs.txt")).flat_map(words_of).collect());

/// Signs that Indonesian chat and regional Malay have too; they count, but not alone.
const WEAK_SIGNS: &[&str] = &["a", "i", "to", "in", "on", "do", "of", "so", "me", "can", "am", "too", "be"];

/// Whether tokens are those of an English text: at least two signs, one of them unmistakable.
pub fn is_english(tokens: &[String]) -> bool {
    let signs: Vec<&str> =
        tokens.iter().map(String::as_str).filter(|token| ENGLISH_SIGNS.contains(token)).collect();
    signs.len() >= 2 && signs.iter().any(|sign| !WEAK_SIGNS.contains(sign))
}

/// Resolves chat, regional and English forms to standard words.
pub fn resolve(tokens: Vec<String>) -> Vec<String> {
    let english = is_english(&tokens);
    let mut out = Vec::with_capacity(tokens.len() + 4);
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        let tables: &[&LazyLock<Phrases>] = if english { &[&ENGLISH, &CHAT] } else { &[&CHAT, &REGIONAL] };
        // Of equal lengths the first table wins.
        let found =
            tables.iter().rev().filter_map(|table| table.longest(rest)).max_by_key(|(length, _)| *length);
        match found {
            Some((length, standard)) => {
                out.extend(standard.iter().map(|word| (*word).to_owned()));
                at += length;
            }
            None => {
                let token = &tokens[at];
                match with_vowels(token) {
                    Some(word) => out.push(word.to_owned()),
                    None if english => out.push(token.clone()),
                    None => out.extend(spelled_out(token)),
                }
                at += 1;
            }
        }
    }
    join_prefix(&mut out);
    out
}

/// The token after the rules for spoken forms; what they give may itself be a chat form.
fn spelled_out(token: &str) -> Vec<String> {
    let Some(word) = spoken::plain(token) else { return vec![token.to_owned()] };
    let word = [word];
    match CHAT.longest(&word).or_else(|| REGIONAL.longest(&word)) {
        Some((_, standard)) => standard.iter().map(|word| (*word).to_owned()).collect(),
        None => word.into(),
    }
}

/// Function and question words by their consonants, where only one word has them: *dmksd*, *mnrt*, *bgmn*.
static SKELETONS: LazyLock<HashMap<String, Option<&'static str>>> = LazyLock::new(|| {
    let questions = lines(include_str!("data/questions.txt")).filter_map(|line| line.split_once('\t'));
    let questions = questions.flat_map(|(_, forms)| words_of(forms));
    let words: HashSet<&'static str> =
        lines(include_str!("data/stopwords.txt")).flat_map(words_of).chain(questions).collect();
    let mut skeletons: HashMap<String, Option<&'static str>> = HashMap::new();
    for word in words.into_iter().filter(|word| word.len() >= 5 && !REGIONAL.contains(word)) {
        skeletons.entry(skeleton(word)).and_modify(|other| *other = None).or_insert(Some(word));
    }
    skeletons
});

/// The function word that a token without any vowel stands for.
fn with_vowels(token: &str) -> Option<&'static str> {
    let bare = token.len() >= 3 && token.chars().all(|c| c.is_alphabetic()) && skeleton(token) == token;
    if !bare || KNOWN.contains(token) || is_acronym(token) {
        return None;
    }
    *SKELETONS.get(token)?
}

/// A word's consonants; a vowel at its very beginning stays.
pub fn skeleton(word: &str) -> String {
    let is_vowel = |c: char| matches!(c, 'a' | 'i' | 'u' | 'e' | 'o');
    word.char_indices().filter(|(at, c)| *at == 0 || !is_vowel(*c)).map(|(_, c)| c).collect()
}

static WEAK: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let questions = lines(include_str!("data/questions.txt")).flat_map(|line| {
        let forms = line.split_once('\t').map_or("", |(_, forms)| forms);
        // Only single words are weak on their own; "di mana" is weak through its parts below.
        forms.split(',').map(str::trim).filter(|form| !form.contains(' '))
    });
    // Content of these question types is the question itself ("syarat pemilih").
    let strong: HashSet<&str> = [
        "syarat",
        "persyaratan",
        "kriteria",
        "cara",
        "jadwal",
        "biaya",
        "umur",
        "usia",
        "jumlah",
        "lokasi",
        "alamat",
        "perbedaan",
        "bedanya",
        "persentase",
        "tenggat",
        "prosedur",
        "tugas",
        "honor",
        "gaji",
        "hasil",
        "sahkah",
        "berhakkah",
    ]
    .into();
    lines(include_str!("data/stopwords.txt"))
        .map(str::trim)
        .chain(questions.filter(move |word| !strong.contains(word.strip_suffix("nya").unwrap_or(word))))
        .chain(["di", "ke", "mana", "dari", "pada", "yang", "dan", "atau"])
        .collect()
});

/// Whether a standard word carries no content of its own.
pub fn is_weak(word: &str) -> bool {
    WEAK.contains(word)
}

/// A member of a group of equivalents with the other members, all as content stems.
struct Member {
    stems: Vec<String>,
    others: Vec<Vec<String>>,
}

/// Equivalents (synonyms, acronyms with their long forms), by the first stem of each member.
static EQUIVALENTS: LazyLock<HashMap<String, Vec<Member>>> = LazyLock::new(|| {
    let mut by_first: HashMap<String, Vec<Member>> = HashMap::new();
    let stems = |text: &str| -> Vec<String> {
        super::analyze(text).words.into_iter().filter(|word| !word.weak).map(|word| word.stem).collect()
    };
    let synonyms =
        lines(include_str!("data/synonyms.txt")).map(|line| line.split(',').map(str::trim).collect());
    let acronyms = lines(include_str!("data/acronyms.txt"))
        .map(|line| line.split('\t').take(2).map(str::trim).collect());
    for group in synonyms.chain(acronyms) {
        let group: Vec<&str> = group;
        let members: Vec<Vec<String>> =
            group.iter().map(|member| stems(member)).filter(|member| !member.is_empty()).collect();
        for member in &members {
            let same_first = by_first.entry(member[0].clone()).or_default();
            let at = match same_first.iter().position(|known| known.stems == *member) {
                Some(at) => at,
                None => {
                    same_first.push(Member { stems: member.clone(), others: Vec::new() });
                    same_first.len() - 1
                }
            };
            for other in &members {
                if other != member && !same_first[at].others.contains(other) {
                    same_first[at].others.push(other.clone());
                }
            }
        }
    }
    by_first
});

/// Equivalents that begin at `at` in a run of stems: for each, how many stems it replaces and the stems of the
/// equivalent.
pub fn expansions<'a>(
    stems: &'a [&'a str],
    at: usize,
) -> impl Iterator<Item = (usize, &'static [String])> + 'a {
    let rest = &stems[at..];
    let table: &'static HashMap<String, Vec<Member>> = &EQUIVALENTS;
    let members: &'static [Member] = table.get(stems[at]).map_or(&[], Vec::as_slice);
    members
        .iter()
        .filter(move |member| {
            member.stems.len() <= rest.len() && member.stems.iter().zip(rest).all(|(a, b)| a == b)
        })
        .flat_map(|member| member.others.iter().map(|other| (member.stems.len(), other.as_slice())))
}

static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let mut known: HashSet<&'static str> = HashSet::new();
    for list in [
        include_str!("data/slang.txt"),
        include_str!("data/regional.txt"),
        include_str!("data/acronyms.txt"),
        include_str!("data/synonyms.txt"),
        include_str!("data/stopwords.txt"),
        include_str!("data/questions.txt"),
        include_str!("data/outside.txt"),
        include_str!("data/smalltalk.txt"),
        include_str!("data/refuse.txt"),
    ] {
        known.extend(lines(list).flat_map(words_of));
    }
    known
});

/// Whether a word stands in any list, and so is never taken for a typing error.
pub fn is_known(word: &str) -> bool {
    KNOWN.contains(word) || CHAT.contains(word) || REGIONAL.contains(word)
}

static OUTSIDE: LazyLock<Runs<()>> = LazyLock::new(|| {
    lines(include_str!("data/outside.txt"))
        .map(|line| (super::normalize(line.split('\t').next().unwrap_or(line)), ()))
        .collect()
});

/// Words that can only mean our subject.
const OURS: &[&str] = &[
    "pemilu",
    "pilkada",
    "pilpres",
    "pileg",
    "pilgub",
    "pilbup",
    "pilwalkot",
    "kpu",
    "kpps",
    "bawaslu",
    "dkpp",
    "pkpu",
    "dpt",
    "ppid",
    "panwaslu",
    "coklit",
    "pantarlih",
    "sirekap",
    "caleg",
    "capres",
    "cagub",
    "cabup",
    "paslon",
    "mencoblos",
    "dicoblos",
    "pemilih",
    "kampanye",
];

/// Words that say which election or where, and nothing of what is asked about it.
const SCOPE: &[&str] = &[
    "pemilu",
    "pilkada",
    "pilpres",
    "pileg",
    "pilgub",
    "pilbup",
    "pilwalkot",
    "pemilihan",
    "presiden",
    "gubernur",
    "bupati",
    "walikota",
    "dpr",
    "dpd",
    "dprd",
    "sulteng",
    "sulawesi",
    "tengah",
    "palu",
    "nasional",
    "daerah",
    "provinsi",
    "kabupaten",
    "kota",
    "tahun",
    "serentak",
];

/// Whether the normalised words name an election, a year or a place and nothing else.
pub fn only_scope(words: &[&str]) -> bool {
    let mut content = words.iter().filter(|word| !is_weak(word)).peekable();
    content.peek().is_some() && content.all(|word| SCOPE.contains(word) || word.parse::<u16>().is_ok())
}

/// Whether the normalised words name our subject by themselves.
pub fn names_subject(words: &[&str]) -> bool {
    words.iter().any(|word| OURS.contains(word) || is_acronym(word))
}

/// How surely a text is about something that only looks like ours ("TPS sampah", "KIP kuliah").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// Nothing says so.
    No,
    /// It names such a thing, and our subject beside it.
    Beside,
    /// It names nothing else.
    Wholly,
}

/// Looks for other subjects in the normalised words.
pub fn outside(words: &[&str]) -> Outside {
    let mut theirs = vec![false; words.len()];
    for (at, length, ()) in OUTSIDE.find(words) {
        theirs[at..at + length].fill(true);
    }
    if !theirs.contains(&true) {
        return Outside::No;
    }
    let ours = words.iter().zip(&theirs).any(|(word, theirs)| !theirs && OURS.contains(word));
    if ours { Outside::Beside } else { Outside::Wholly }
}

/// Phrases with a meaning, found as runs of words in a text; looked up by their first word.
pub struct Runs<T> {
    by_first: HashMap<String, Vec<(Vec<String>, T)>>,
}

impl<T: Copy> FromIterator<(Vec<String>, T)> for Runs<T> {
    fn from_iter<I: IntoIterator<Item = (Vec<String>, T)>>(phrases: I) -> Self {
        let mut by_first: HashMap<String, Vec<(Vec<String>, T)>> = HashMap::new();
        for (phrase, meaning) in phrases {
            if let Some(first) = phrase.first() {
                by_first.entry(first.clone()).or_default().push((phrase, meaning));
            }
        }
        Runs { by_first }
    }
}

impl<T: Copy> Runs<T> {
    /// Every phrase that stands in the words: where, how many words, and its meaning.
    pub fn find<'a>(&'a self, words: &'a [&'a str]) -> impl Iterator<Item = (usize, usize, T)> + 'a {
        words.iter().enumerate().flat_map(move |(at, first)| {
            let rest = &words[at..];
            let same_first = self.by_first.get(*first).map_or(&[][..], Vec::as_slice);
            same_first
                .iter()
                .filter(move |(phrase, _)| {
                    phrase.len() <= rest.len() && phrase.iter().zip(rest).all(|(a, b)| a == b)
                })
                .map(move |(phrase, meaning)| (at, phrase.len(), *meaning))
        })
    }

    /// The meaning of the longest phrase in the words; of equals the first.
    pub fn longest(&self, words: &[&str]) -> Option<T> {
        let mut best: Option<(usize, T)> = None;
        for (_, length, meaning) in self.find(words) {
            if best.is_none_or(|(longest, _)| length > longest) {
                best = Some((length, meaning));
            }
        }
        best.map(|(_, meaning)| meaning)
    }
}

static ACRONYMS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    lines(include_str!("data/acronyms.txt"))
        .filter_map(|line| line.split('\t').next())
        .map(str::to_lowercase)
        .filter(|word| word.chars().all(char::is_alphanumeric) && word.chars().count() <= 6)
        .collect()
});

/// Whether a word is one of the field's acronyms.
pub fn is_acronym(word: &str) -> bool {
    ACRONYMS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::super::{analyze, normalize};
    use super::{CHAT, ENGLISH, Outside, REGIONAL, outside};

    /// What stands for a form is looked for in an index of normalised words; another form there finds nothing.
    #[test]
    fn the_standard_of_a_form_is_no_form_itself() {
        let mut astray = Vec::new();
        for table in [&CHAT, &REGIONAL, &ENGLISH] {
            for (form, standard) in table.by_first.values().flatten() {
                let again = normalize(&standard.join(" "));
                if again != *standard {
                    astray.push(format!("{form:?}: {standard:?} should be {again:?}"));
                }
            }
        }
        assert!(astray.is_empty(), "{}", astray.join("\n"));
    }

    #[test]
    fn kip_is_a_law_a_card_or_an_office() {
        for (text, expected) in [
            ("daftar KIP kuliah", Outside::Wholly),
            ("KIP saya belum cair, KIP SMA", Outside::Wholly),
            ("apa isi UU KIP", Outside::No),
            ("kantor KIP Aceh", Outside::No),
            ("sengketa informasi ke KIP", Outside::No),
        ] {
            let words = normalize(text);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            assert_eq!(outside(&words), expected, "{text}");
        }
    }

    fn check(input: &str, expected: &str) {
        let content: Vec<String> = analyze(input).content().map(|word| word.text.clone()).collect();
        assert_eq!(content.join(" "), expected, "{input}");
    }

    #[test]
    fn words_that_turn_an_answer_round_are_never_weak() {
        check("tidak belum bukan tanpa selain sah", "tidak belum bukan tanpa selain sah");
        check("gak, ga, nda, tdk, ora, teu, te", "tidak tidak tidak tidak tidak tidak tidak");
        check("blm durung dudu", "belum belum bukan");
        check("sah gak", "sahkah");
    }

    #[test]
    fn form_names_are_the_same_in_text_and_question() {
        check("C1 C6 A5 DP4 H-7", "c1 c6 a5 dp4 h7");
        check("C.Pemberitahuan C.Hasil D.Hasil", "c pemberitahuan c hasil d hasil");
        for same in ["KTP-el", "e-KTP", "ektp", "e ktp"] {
            check(same, "ktp el");
        }
    }
}
