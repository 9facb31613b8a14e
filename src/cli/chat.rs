//! `chat`: the conversation in the terminal.

use super::{Exit, NowArgs, shared};
use crate::terminal;

pub fn run(args: &NowArgs) -> anyhow::Result<Exit> {
    let config = shared::config()?;
    let fixed = args.now.as_deref().map(|_| shared::now(&config, args.now.as_deref())).transpose()?;
    let start = shared::now(&config, args.now.as_deref())?;
    let library = shared::library(&config, &start)?;
    let zone = config.office_timezone.clone();
    let now = || fixed.clone().unwrap_or_else(|| jiff::Timestamp::now().to_zoned_datetime(zone.clone()));
    terminal::chat(&library, &shared::office(&config), now)?;
    Ok(Exit::Fine)
}
