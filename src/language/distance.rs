//! What typing errors cost: a slip to the next key or to a letter that sounds alike is likelier than
//! another, so it costs less.

/// What it costs to have typed `typed` for `meant`: one for each error (optimal string alignment), less where it is a likely
/// one.
pub fn cost(typed: &str, meant: &str) -> f32 {
    align(typed, meant, |error| match error {
        Error::Replaced(typed, meant) if sound_alike(typed, meant) => 0.5,
        Error::Replaced(typed, meant) if key_beside(typed, meant) => 0.6,
        Error::Replaced(typed, meant) if is_vowel(typed) && is_vowel(meant) => 0.7,
        Error::Replaced(..) => 1.0,
        Error::Doubled => 0.4,
        Error::Swapped => 0.6,
        // Vowels are dropped in haste.
        Error::Missing(meant) if is_vowel(meant) => 0.6,
        Error::Missing(_) => 0.8,
        Error::Added('h' | 'k') => 0.7,
        Error::Added(_) => 0.9,
    })
}

/// One error on the way from the meant word to the typed one.
enum Error {
    Replaced(char, char),
    Missing(char),
    Added(char),
    /// A letter typed twice, or once instead of twice.
    Doubled,
    Swapped,
}

fn align(typed: &str, meant: &str, price: impl Fn(Error) -> f32) -> f32 {
    let a: Vec<char> = typed.chars().collect();
    let b: Vec<char> = meant.chars().collect();
    let twice = |letters: &[char], at: usize| at > 0 && letters[at] == letters[at - 1];
    let added = |i: usize| price(if twice(&a, i) { Error::Doubled } else { Error::Added(a[i]) });
    let missing = |j: usize| price(if twice(&b, j) { Error::Doubled } else { Error::Missing(b[j]) });
    let width = b.len() + 1;
    let mut before: Vec<f32> = vec![0.0; width];
    let mut above: Vec<f32> = vec![0.0; width];
    for j in 1..width {
        above[j] = above[j - 1] + missing(j - 1);
    }
    for i in 1..=a.len() {
        let mut row = vec![above[0] + added(i - 1); width];
        for j in 1..width {
            let replaced =
                if a[i - 1] == b[j - 1] { 0.0 } else { price(Error::Replaced(a[i - 1], b[j - 1])) };
            row[j] = (above[j] + added(i - 1)).min(row[j - 1] + missing(j - 1)).min(above[j - 1] + replaced);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && a[i - 1] != a[i - 2] {
                row[j] = row[j].min(before[j - 2] + price(Error::Swapped));
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'i' | 'u' | 'e' | 'o')
}

/// Letters that Indonesian writers take for each other: *pebruari*, *aktip*, *ijin*, *propinsi*, *quota*.
fn sound_alike(one: char, other: char) -> bool {
    const PAIRS: &[(char, char)] = &[
        ('f', 'p'),
        ('v', 'p'),
        ('f', 'v'),
        ('v', 'b'),
        ('c', 'k'),
        ('k', 'q'),
        ('z', 's'),
        ('z', 'j'),
        ('i', 'y'),
        ('u', 'w'),
        ('x', 's'),
        ('d', 't'),
        ('e', 'i'),
        ('o', 'u'),
        ('g', 'k'),
        ('b', 'p'),
    ];
    PAIRS.contains(&(one, other)) || PAIRS.contains(&(other, one))
}

/// Whether two keys lie side by side, or one above the other, on a QWERTY keyboard.
fn key_beside(one: char, other: char) -> bool {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let place = |letter: char| {
        ROWS.iter()
            .enumerate()
            .find_map(|(row, keys)| keys.find(letter).map(|column| (row as i32, column as i32)))
    };
    match (place(one), place(other)) {
        // Each row is shifted by about half a key to the right of the one above.
        (Some((row, column)), Some((other_row, other_column))) => match other_row - row {
            0 => (column - other_column).abs() == 1,
            1 => matches!(column - other_column, 0 | 1),
            -1 => matches!(other_column - column, 0 | 1),
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::cost;

    #[test]
    fn likely_slips_cost_less() {
        for (likely, unlikely, meant) in [
            ("pebruari", "peqruari", "februari"),
            ("kampanyr", "kampanyk", "kampanye"),
            ("pemillih", "pemixlih", "pemilih"),
            ("oemilu", "xemilu", "pemilu"),
            ("pmilu", "pemiu", "pemilu"),
        ] {
            assert!(cost(likely, meant) < cost(unlikely, meant), "{likely} {unlikely}");
        }
    }
}
