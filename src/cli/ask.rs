//! `ask`: one question, or JSON lines.

use clap::Args;

use super::{Exit, NowArgs, shared};
use crate::answer::explain;
use crate::ask::ask;
use crate::eval::Context;

#[derive(Debug, Args)]
pub struct AskArgs {
    /// Tulis hasil sebagai JSON
    #[arg(long)]
    json: bool,
    /// Baca JSON lines dari masukan standar
    #[arg(long, requires = "json", conflicts_with = "text")]
    batch: bool,
    /// Tunjukkan mengapa dijawab begitu: kata, pembetulan, calon dengan keyakinannya
    #[arg(long, conflicts_with = "batch")]
    explain: bool,
    #[command(flatten)]
    now: NowArgs,
    /// Pertanyaan
    #[arg(required_unless_present = "batch")]
    text: Vec<String>,
}

pub fn run(args: &AskArgs) -> anyhow::Result<Exit> {
    let config = shared::config()?;
    let now = shared::now(&config, args.now.now.as_deref())?;
    let library = shared::library(&config, &now)?;
    let office = shared::office(&config);
    if args.batch {
        let fine = shared::batch(|line| {
            let context = line.context.map(Context::into_list).unwrap_or_default();
            let asked = ask(&library, &office, &now, &context, &line.text);
            let mut value = serde_json::to_value(asked).unwrap_or_default();
            if let Some(object) = value.as_object_mut() {
                object.insert("id".to_owned(), line.id);
            }
            value
        })?;
        return Ok(if fine { Exit::Fine } else { Exit::Finding });
    }
    let text = args.text.join(" ");
    if args.explain {
        let explanation = explain(&library, &text, None, &now, &config.office_region);
        println!("{}", serde_json::to_string_pretty(&explanation)?);
        return Ok(Exit::Fine);
    }
    let asked = ask(&library, &office, &now, &[], &text);
    if args.json {
        println!("{}", serde_json::to_string(&asked)?);
    } else {
        println!("{}", asked.text);
        for (number, option) in asked.options.iter().enumerate() {
            println!("{}. {}", number + 1, option.title);
        }
    }
    Ok(Exit::Fine)
}
