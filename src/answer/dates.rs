//! Dates as a citizen reads them.

use jiff::civil::{Date, Weekday};

const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

/// `14 Februari 2024`
pub fn long(date: Date) -> String {
    // `month()` is 1..=12 by its type's contract.
    format!("{} {} {}", date.day(), MONTHS[date.month() as usize - 1], date.year())
}

/// `24 sampai 26 November 2024 (Minggu sampai Selasa)`; the month and year are said once where they are shared.
pub fn range(first: Date, last: Date) -> String {
    let days = format!("({} sampai {})", weekday(first), weekday(last));
    let start = match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => first.day().to_string(),
        (true, false) => format!("{} {}", first.day(), MONTHS[first.month() as usize - 1]),
        (false, _) => long(first),
    };
    format!("{start} sampai {} {days}", long(last))
}

/// `Rabu`
pub fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Senin",
        Weekday::Tuesday => "Selasa",
        Weekday::Wednesday => "Rabu",
        Weekday::Thursday => "Kamis",
        Weekday::Friday => "Jumat",
        Weekday::Saturday => "Sabtu",
        Weekday::Sunday => "Minggu",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    #[test]
    fn reads_as_people_write_it() {
        assert_eq!(super::long(date(2024, 2, 14)), "14 Februari 2024");
        assert_eq!(super::weekday(date(2024, 2, 14)), "Rabu");
        let check = |first, last, expected: &str| assert_eq!(super::range(first, last), expected);
        check(date(2024, 11, 24), date(2024, 11, 26), "24 sampai 26 November 2024 (Minggu sampai Selasa)");
        check(
            date(2024, 8, 31),
            date(2024, 9, 1),
            "31 Agustus sampai 1 September 2024 (Sabtu sampai Minggu)",
        );
        check(
            date(2023, 12, 31),
            date(2024, 1, 1),
            "31 Desember 2023 sampai 1 Januari 2024 (Minggu sampai Senin)",
        );
    }
}
