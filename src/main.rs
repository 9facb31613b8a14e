//! Parses arguments, starts logging, runs one command.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A missing .env is fine; a broken one is reported with the configuration.
    let dotenv = dotenvy::dotenv();
    tanya_pemilu::cli::run(dotenv)
}
