//! Puts the commit into `--version`: from git, or from TANYA_PEMILU_COMMIT where there is no repository (a container).

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=TANYA_PEMILU_COMMIT");
    for file in ["HEAD", "logs/HEAD"] {
        let file = format!(".git/{file}");
        if std::path::Path::new(&file).exists() {
            println!("cargo:rerun-if-changed={file}");
        }
    }
    let given = std::env::var("TANYA_PEMILU_COMMIT").ok().filter(|commit| !commit.is_empty());
    let from_git = || {
        let output = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output().ok()?;
        let commit = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        (output.status.success() && !commit.is_empty()).then_some(commit)
    };
    let commit = given.or_else(from_git).unwrap_or_else(|| "commit tidak diketahui".to_owned());
    println!("cargo:rustc-env=TANYA_PEMILU_VERSION={} ({commit})", env!("CARGO_PKG_VERSION"));
}
