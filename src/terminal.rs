//! The same conversation on standard input and output. Buttons are numbers.

use std::io::{self, BufRead, IsTerminal, Write};

use jiff::ZonedDateTime;

use crate::answer::messages::Office;
use crate::answer::plain;
use crate::conversation::{Action, Block, Message, Reply, State, Surroundings, respond};
use crate::library::Library;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RESET: &str = "\x1b[0m";

/// Reads messages line by line until the end of input or `/keluar`. `now` gives the time of each message.
pub fn chat(library: &Library, office: &Office, now: impl Fn() -> ZonedDateTime) -> io::Result<()> {
    let colours = io::stdout().is_terminal();
    let prompt = io::stdin().is_terminal();
    let mut state = State::default();
    let mut buttons: Vec<Action> = Vec::new();
    let mut turns = 0_u64;
    let mut out = io::stdout();
    let mut handle = |message: &Message, state: &mut State, buttons: &mut Vec<Action>| -> io::Result<()> {
        turns += 1;
        let time = now();
        let turn = format!("terminal-{turns}");
        let around = Surroundings { library, now: &time, office, turn: &turn, reachable: false };
        let outcome = respond(state, message, &around);
        *state = outcome.state;
        *buttons = outcome.reply.buttons.iter().flatten().map(|button| button.action.clone()).collect();
        writeln!(out, "{}", show(&outcome.reply, colours))?;
        out.flush()
    };
    handle(&Message::Text("/start".to_owned()), &mut state, &mut buttons)?;
    let mut lines = io::stdin().lock().lines();
    loop {
        if prompt {
            print!("> ");
            io::stdout().flush()?;
        }
        let Some(line) = lines.next() else { return Ok(()) };
        let line = line?;
        let line = line.trim();
        if line == "/keluar" || line == "/exit" {
            return Ok(());
        }
        if line.is_empty() {
            continue;
        }
        let pressed =
            line.parse::<usize>().ok().and_then(|number| buttons.get(number.wrapping_sub(1)).cloned());
        let message = match pressed {
            Some(action) => Message::Tap(action),
            None => Message::Text(line.to_owned()),
        };
        handle(&message, &mut state, &mut buttons)?;
    }
}

/// A reply as terminal text, its buttons numbered.
fn show(reply: &Reply, colours: bool) -> String {
    let mut text = if colours { coloured(reply) } else { plain(reply) };
    let mut number = 0;
    for row in &reply.buttons {
        let labels: Vec<String> = row
            .iter()
            .map(|button| {
                number += 1;
                format!("[{number}] {}", button.label)
            })
            .collect();
        text.push_str("\n  ");
        text.push_str(&labels.join("  "));
    }
    text.push('\n');
    text
}

fn coloured(reply: &Reply) -> String {
    let one = |block: &Block| plain(&Reply { blocks: vec![block.clone()], buttons: Vec::new() });
    let parts: Vec<String> = reply
        .blocks
        .iter()
        .map(|block| match block {
            Block::Heading(_) => format!("{BOLD}{}{RESET}", one(block)),
            Block::Validity(_) | Block::Sources(_) => format!("{DIM}{}{RESET}", one(block)),
            _ => one(block),
        })
        .collect();
    parts.join("\n\n")
}
