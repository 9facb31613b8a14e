//! The commands: one file each, a few lines of glue. Results go to stdout, logs and progress to stderr.
//!
//! Exit codes: 0 fine (an abstention too), 1 a finding or a failed line, 2 usage or configuration.

mod ask;
mod backup;
mod chat;
mod check;
mod eval;
mod fit;
mod logs;
mod search;
mod serve;
mod shared;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Bot Telegram yang menjawab pertanyaan warga tentang pemilu dari teks resmi.
#[derive(Debug, Parser)]
#[command(name = "tanya-pemilu", version = env!("TANYA_PEMILU_VERSION"), about, long_about = None)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Jalankan semua pintu yang dikonfigurasi (bawaan bila tanpa perintah)
    Serve,
    /// Mengobrol di terminal, percakapan yang sama dengan di Telegram
    Chat(NowArgs),
    /// Ajukan satu pertanyaan, atau banyak lewat JSON lines
    Ask(ask::AskArgs),
    /// Cari dokumen, berperingkat
    Search(search::SearchArgs),
    /// Periksa berkas pengetahuan dan laporkan semua masalah
    Check(check::CheckArgs),
    /// Nilai jawaban dengan pertanyaan berlabel
    Eval(eval::EvalArgs),
    /// Setel bobot peringkat dari pertanyaan berlabel (untuk pengembang)
    Fit(fit::FitArgs),
    /// Lihat catatan pertanyaan warga
    Logs(logs::LogsArgs),
    /// Salin basis data selagi dipakai, lalu periksa salinannya
    Backup(backup::FileArgs),
    /// Kembalikan basis data dari salinan (hentikan bot dulu)
    Restore(backup::FileArgs),
}

#[derive(Debug, Args)]
struct NowArgs {
    /// Waktu yang dianggap sekarang, RFC 3339 dengan selisih zona (bawaan: jam sistem)
    #[arg(long, value_name = "RFC3339")]
    now: Option<String>,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    Fine,
    /// A finding, or a line that failed.
    Finding,
    /// Wrong usage or configuration.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Finding => 1,
            Exit::Usage => 2,
        })
    }
}

/// Runs the command named on the command line.
pub fn run(dotenv: Result<PathBuf, dotenvy::Error>) -> ExitCode {
    // clap itself exits with 2 on wrong usage and with 0 after --help and --version.
    let cli = Cli::parse();
    if let Err(error) = dotenv
        && !error.not_found()
    {
        eprintln!(".env cannot be read: check the quotes and the form KEY=value of its lines.");
        return Exit::Usage.into();
    }
    let result = match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(),
        Command::Chat(args) => chat::run(&args),
        Command::Ask(args) => ask::run(&args),
        Command::Search(args) => search::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Fit(args) => fit::run(&args),
        Command::Logs(args) => logs::run(&args),
        Command::Backup(args) => backup::backup(&args),
        Command::Restore(args) => backup::restore(&args),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("{error:#}");
            Exit::Usage.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
