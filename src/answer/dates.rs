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
    }
}
