//! Environment to [`Config`]; every missing or malformed key is reported at once, by name and with the way out.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::tz::TimeZone;

/// A value that must not be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Everything that can be set. Field docs name the variable and its default.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TELOXIDE_TOKEN`; none: Telegram is off.
    pub teloxide_token: Option<Secret>,
    /// `TELOXIDE_API_URL`; none: Telegram's own.
    pub teloxide_api_url: Option<String>,
    /// `TELOXIDE_PROXY`; none.
    pub teloxide_proxy: Option<Secret>,
    /// `WEBHOOK_URL`; none: long polling.
    pub webhook_url: Option<String>,
    /// `WEBHOOK_SECRET`; none.
    pub webhook_secret: Option<Secret>,
    /// `KNOWLEDGE_DIR`, comma separated; `knowledge`.
    pub knowledge_dirs: Vec<PathBuf>,
    /// `DATA_DIR`; `data`.
    pub data_dir: PathBuf,
    /// `DATABASE_URL`; `sqlite://{DATA_DIR}/tanya-pemilu.db`.
    pub database_url: String,
    /// `WEB_ADDR`; `127.0.0.1:8080`.
    pub web_addr: SocketAddr,
    /// `METRICS_ADDR`; the web address.
    pub metrics_addr: Option<SocketAddr>,
    /// `OFFICE_NAME`; none: the example office, marked as such.
    pub office_name: Option<String>,
    /// `OFFICE_REGION`; `72`.
    pub office_region: String,
    /// `OFFICE_TIMEZONE`; `Asia/Makassar`.
    pub office_timezone: TimeZone,
    /// `ADMIN_IDS`, comma separated; none.
    pub admin_ids: Vec<i64>,
    /// `STAFF_IDS`, comma separated; none.
    pub staff_ids: Vec<i64>,
    /// `STAFF_CHAT_ID`; none.
    pub staff_chat_id: Option<i64>,
    /// `HASH_KEY`; made on first run and kept in the database.
    pub hash_key: Option<Secret>,
    /// `LOG_RETENTION_DAYS`; 365.
    pub log_retention_days: u32,
    /// `RUST_LOG`; `info`.
    pub rust_log: String,
    /// `LOG_FORMAT`; `text`.
    pub log_format: LogFormat,
}

/// All that is wrong with the environment, one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<String>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The configuration has {} problem(s); see .env.example for every key:", self.0.len())?;
        for line in &self.0 {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// Every key that is read; `.env.example` explains the same ones.
pub const KEYS: [&str; 20] = [
    "TELOXIDE_TOKEN",
    "TELOXIDE_API_URL",
    "TELOXIDE_PROXY",
    "WEBHOOK_URL",
    "WEBHOOK_SECRET",
    "KNOWLEDGE_DIR",
    "DATA_DIR",
    "DATABASE_URL",
    "WEB_ADDR",
    "METRICS_ADDR",
    "OFFICE_NAME",
    "OFFICE_REGION",
    "OFFICE_TIMEZONE",
    "ADMIN_IDS",
    "STAFF_IDS",
    "STAFF_CHAT_ID",
    "HASH_KEY",
    "LOG_RETENTION_DAYS",
    "RUST_LOG",
    "LOG_FORMAT",
];

struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<String>,
}

impl Reader<'_> {
    /// The value without blanks around it; an empty one counts as not set.
    fn get(&self, key: &str) -> Option<String> {
        let value = (self.lookup)(key)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// A value of a checked form. The way out is told without the value, which may be a secret.
    fn parsed<T>(&mut self, key: &str, parse: impl FnOnce(&str) -> Option<T>, way_out: &str) -> Option<T> {
        let value = self.get(key)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.errors.push(format!("{key}: {way_out}"));
        }
        parsed
    }

    fn ids(&mut self, key: &str) -> Vec<i64> {
        let all = |text: &str| text.split(',').map(|id| id.trim().parse().ok()).collect::<Option<Vec<i64>>>();
        self.parsed(
            key,
            all,
            "write Telegram ids as numbers with commas between, such as 111111111,222222222.",
        )
        .unwrap_or_default()
    }
}

impl Config {
    /// Reads the environment through `lookup`.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigErrors> {
        let mut read = Reader { lookup: &lookup, errors: Vec::new() };
        let secret = |text: &str| Some(Secret(text.to_owned()));
        let teloxide_token = read.parsed(
            "TELOXIDE_TOKEN",
            |text| is_token(text).then(|| Secret(text.to_owned())),
            "does not look like a bot token (digits, a colon, letters). Copy it whole from @BotFather.",
        );
        let url = "write a whole address, such as https://api.telegram.org.";
        let teloxide_api_url = read.parsed("TELOXIDE_API_URL", http_url, url);
        let teloxide_proxy = read.parsed("TELOXIDE_PROXY", secret, "");
        let webhook_url = read.parsed(
            "WEBHOOK_URL",
            webhook_url,
            "must be an https:// address that Telegram can reach; plain http:// is taken for loopback addresses only.",
        );
        let webhook_secret = read.parsed(
            "WEBHOOK_SECRET",
            |text| is_webhook_secret(text).then(|| Secret(text.to_owned())),
            "use 1 to 256 of the characters A-Z a-z 0-9 _ -.",
        );
        let knowledge = read.get("KNOWLEDGE_DIR").unwrap_or_else(|| "knowledge".to_owned());
        let knowledge_dirs =
            knowledge.split(',').map(str::trim).filter(|part| !part.is_empty()).map(PathBuf::from).collect();
        let data_dir = PathBuf::from(read.get("DATA_DIR").unwrap_or_else(|| "data".to_owned()));
        let database_url = match read.get("DATABASE_URL") {
            None => format!("sqlite://{}", data_dir.join("tanya-pemilu.db").display()),
            Some(url) if url.starts_with("sqlite:") => url,
            Some(url) => {
                let known = url.starts_with("postgres://") || url.starts_with("postgresql://");
                let what = if known { "PostgreSQL is not served yet" } else { "only sqlite:// is served" };
                read.errors
                    .push(format!("DATABASE_URL: {what}. Leave it out, or write sqlite://path/to/file.db."));
                String::new()
            }
        };
        let address = "write address and port, such as 127.0.0.1:8080.";
        let web_addr = read.parsed("WEB_ADDR", |text| text.parse().ok(), address);
        let metrics_addr = read.parsed(
            "METRICS_ADDR",
            |text| text.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback()),
            "write a loopback address and port, such as 127.0.0.1:9090; figures are for this machine only.",
        );
        let office_region = read
            .parsed(
                "OFFICE_REGION",
                |text| {
                    text.split('.')
                        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
                        .then(|| text.to_owned())
                },
                "write a region code, such as 72 or 72.71.",
            )
            .unwrap_or_else(|| "72".to_owned());
        let zone = read.parsed(
            "OFFICE_TIMEZONE",
            |text| TimeZone::get(text).ok(),
            "write a time zone name, such as Asia/Makassar.",
        );
        let admin_ids = read.ids("ADMIN_IDS");
        let staff_ids = read.ids("STAFF_IDS");
        let staff_chat_id = read.parsed(
            "STAFF_CHAT_ID",
            |text| text.parse().ok(),
            "write the chat's id as a number, such as -1001234567890.",
        );
        let hash_key = read.parsed(
            "HASH_KEY",
            |text| (text.len() >= 16).then(|| Secret(text.to_owned())),
            "use at least 16 characters, or leave it out to have one made.",
        );
        let log_retention_days = read
            .parsed(
                "LOG_RETENTION_DAYS",
                |text| text.parse().ok().filter(|days| (1..=36_500).contains(days)),
                "write a number of days from 1 on.",
            )
            .unwrap_or(365);
        let log_format = read
            .parsed(
                "LOG_FORMAT",
                |text| match text {
                    "text" => Some(LogFormat::Text),
                    "json" => Some(LogFormat::Json),
                    _ => None,
                },
                "write text or json.",
            )
            .unwrap_or_default();
        let config = Config {
            teloxide_token,
            teloxide_api_url,
            teloxide_proxy,
            webhook_url,
            webhook_secret,
            knowledge_dirs,
            data_dir,
            database_url,
            web_addr: web_addr.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            metrics_addr,
            office_name: read.get("OFFICE_NAME"),
            office_region,
            // Bundled with the program, so the default is always there; UTC only stands in for the type.
            office_timezone: zone.or_else(|| TimeZone::get("Asia/Makassar").ok()).unwrap_or(TimeZone::UTC),
            admin_ids,
            staff_ids,
            staff_chat_id,
            hash_key,
            log_retention_days,
            rust_log: read.get("RUST_LOG").unwrap_or_else(|| "info".to_owned()),
            log_format,
        };
        if read.errors.is_empty() { Ok(config) } else { Err(ConfigErrors(read.errors)) }
    }
}

/// `123456789:AA…`, as @BotFather gives it.
fn is_token(text: &str) -> bool {
    text.split_once(':').is_some_and(|(id, key)| {
        !id.is_empty()
            && id.chars().all(|c| c.is_ascii_digit())
            && key.len() >= 3
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    })
}

/// An http(s) address without the slash at its end, which the client would double.
fn http_url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    (!rest.is_empty() && !rest.starts_with('/')).then(|| text.trim_end_matches('/').to_owned())
}

fn webhook_url(text: &str) -> Option<String> {
    let url = http_url(text)?;
    let Some(rest) = url.strip_prefix("http://") else { return Some(url) };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    is_loopback_host(authority).then_some(url)
}

/// Whether `host` or `host:port` names this machine and no other.
pub fn is_loopback_host(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    };
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn is_webhook_secret(text: &str) -> bool {
    text.len() <= 256 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
        Config::from_env(|key| {
            pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn defaults_need_nothing() {
        let config = read(&[]).unwrap();
        assert_eq!(config.database_url, "sqlite://data/tanya-pemilu.db");
        assert_eq!(config.web_addr.to_string(), "127.0.0.1:8080");
        assert_eq!((config.office_region.as_str(), config.log_retention_days), ("72", 365));
        assert!(config.teloxide_token.is_none());
    }

    #[test]
    fn every_bad_key_is_named_at_once_and_no_value_is_shown() {
        let pairs = [
            ("TELOXIDE_TOKEN", "rahasia-sekali"),
            ("DATABASE_URL", "postgres://u:sandi@host/db"),
            ("WEB_ADDR", "delapan"),
            ("OFFICE_TIMEZONE", "Palu"),
            ("ADMIN_IDS", "satu"),
            ("LOG_FORMAT", "xml"),
            ("WEBHOOK_URL", "http://contoh.id/x"),
            ("HASH_KEY", "pendek"),
        ];
        let text = read(&pairs).unwrap_err().to_string();
        for (key, value) in pairs {
            assert!(text.contains(key), "{key} is missing in {text}");
            assert!(!text.contains(value), "{value} is shown in {text}");
        }
        assert!(text.contains("PostgreSQL is not served yet"));
    }

    #[test]
    fn secrets_are_not_printed() {
        let config =
            read(&[("TELOXIDE_TOKEN", "123456:ABCdef"), ("HASH_KEY", "kunci-yang-panjang-sekali")]).unwrap();
        let shown = format!("{config:?}");
        assert!(!shown.contains("ABCdef") && !shown.contains("kunci-yang"), "{shown}");
    }

    #[test]
    fn addresses_lose_their_last_slash_and_loopback_may_be_plain() {
        let config = read(&[
            ("TELOXIDE_API_URL", "http://127.0.0.1:9000/"),
            ("WEBHOOK_URL", "http://127.0.0.1:8080/hook"),
        ])
        .unwrap();
        assert_eq!(config.teloxide_api_url.as_deref(), Some("http://127.0.0.1:9000"));
        assert!(config.webhook_url.is_some());
    }

    #[test]
    fn the_example_file_explains_the_same_keys() {
        let example = include_str!("../.env.example");
        let named: Vec<&str> = example
            .lines()
            .filter_map(|line| line.trim_start_matches("# ").split_once('='))
            .map(|(key, _)| key)
            .filter(|key| key.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
            .collect();
        for key in KEYS {
            assert!(named.contains(&key), "{key} is not in .env.example");
        }
        for key in named {
            assert!(KEYS.contains(&key), "{key} in .env.example is never read");
        }
    }
}
