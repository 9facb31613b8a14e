//! A reply to Telegram messages: simple Markdown to the HTML that Telegram takes, escaped, and split under its limits.
//!
//! Text is first flattened to styled characters, then cut, and only then written as HTML; so no cut can break a tag.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::answer::dates;
use crate::conversation::{Block, Reply, SourceLine};

/// Telegram allows 4096 UTF-16 units after entity parsing; some room is kept for list marks and links in plain text.
const MOST_UNITS: usize = 3_900;
/// Telegram drops entities beyond 100 without a word.
const MOST_ENTITIES: usize = 90;

/// One message, in HTML and as the plain text that is sent if Telegram refuses the HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub html: String,
    pub plain: String,
    /// Rows of (label, callback data); on the last message only.
    pub buttons: Vec<Vec<(String, String)>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Style {
    bold: bool,
    italic: bool,
    code: bool,
    folded: bool,
    link: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    text: String,
    style: Style,
}

/// Renders a reply. `button_ids` are in the order of the reply's buttons, row by row.
pub fn render(reply: &Reply, button_ids: &[String]) -> Vec<Rendered> {
    let mut spans: Vec<Span> = Vec::new();
    for block in &reply.blocks {
        if !spans.is_empty() {
            push(&mut spans, "\n\n", &Style::default());
        }
        match block {
            Block::Heading(text) => push(&mut spans, text, &Style { bold: true, ..Style::default() }),
            Block::Notice(text) | Block::Short(text) => append(&mut spans, markdown(text, &Style::default())),
            Block::Plain(text) => push(&mut spans, text, &Style::default()),
            Block::Details(text) => {
                append(&mut spans, markdown(text, &Style { folded: true, ..Style::default() }));
            }
            Block::Validity(text) => push(&mut spans, text, &Style { italic: true, ..Style::default() }),
            Block::Sources(sources) => sources_lines(&mut spans, sources),
        }
    }
    let mut messages: Vec<Rendered> = split(spans)
        .into_iter()
        .map(|part| Rendered { html: html(&part), plain: plain(&part), buttons: Vec::new() })
        .filter(|message| !message.plain.trim().is_empty())
        .collect();
    if let Some(last) = messages.last_mut() {
        let mut ids = button_ids.iter();
        last.buttons = reply
            .buttons
            .iter()
            .map(|row| {
                row.iter().zip(ids.by_ref()).map(|(button, id)| (button.label.clone(), id.clone())).collect()
            })
            .filter(|row: &Vec<(String, String)>| !row.is_empty())
            .collect();
    }
    messages
}

fn push(spans: &mut Vec<Span>, text: &str, style: &Style) {
    if text.is_empty() {
        return;
    }
    match spans.last_mut() {
        Some(last) if last.style == *style => last.text.push_str(text),
        _ => spans.push(Span { text: text.to_owned(), style: style.clone() }),
    }
}

fn append(spans: &mut Vec<Span>, more: Vec<Span>) {
    for span in more {
        push(spans, &span.text, &span.style);
    }
}

fn sources_lines(spans: &mut Vec<Span>, sources: &[SourceLine]) {
    let plain = Style::default();
    for (place, source) in sources.iter().enumerate() {
        if place > 0 {
            push(spans, "\n", &plain);
        }
        push(spans, "Sumber: ", &plain);
        let link = source.url.clone().filter(|url| is_web(url));
        push(spans, &source.title, &Style { link, ..Style::default() });
        if let Some(date) = source.date.as_deref().and_then(|date| date.parse().ok()) {
            push(spans, &format!(", {}", dates::long(date)), &plain);
        }
    }
}

fn is_web(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && !url.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Bold, italic, lists, links, headings and paragraphs; everything else stays as text.
fn markdown(text: &str, base: &Style) -> Vec<Span> {
    // Spans of their own: what stands before must not be counted as text of this block.
    let mut own: Vec<Span> = Vec::new();
    let spans = &mut own;
    let mut style = base.clone();
    let mut lists: Vec<Option<u64>> = Vec::new();
    let mut ends_line = true;
    let mut wrote = false;
    let gap = |spans: &mut Vec<Span>, ends_line: &mut bool, wrote: bool, double: bool| {
        if wrote {
            push(
                spans,
                if *ends_line {
                    if double { "\n" } else { "" }
                } else if double {
                    "\n\n"
                } else {
                    "\n"
                },
                base,
            );
            *ends_line = true;
        }
    };
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Paragraph) if lists.is_empty() => gap(spans, &mut ends_line, wrote, true),
            Event::Start(Tag::Heading { .. }) => {
                gap(spans, &mut ends_line, wrote, true);
                style.bold = true;
            }
            Event::End(TagEnd::Heading(_)) => style.bold = base.bold,
            Event::Start(Tag::List(first)) => {
                gap(spans, &mut ends_line, wrote, lists.is_empty());
                lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
            }
            Event::Start(Tag::Item) => {
                gap(spans, &mut ends_line, wrote, false);
                let indent = "   ".repeat(lists.len().saturating_sub(1));
                let mark = match lists.last_mut() {
                    Some(Some(number)) => {
                        let mark = format!("{number}. ");
                        *number += 1;
                        mark
                    }
                    _ => "• ".to_owned(),
                };
                push(spans, &format!("{indent}{mark}"), base);
                wrote = true;
                ends_line = false;
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                gap(spans, &mut ends_line, wrote, true);
                if let CodeBlockKind::Fenced(words) = kind
                    && !words.is_empty()
                {
                    push(spans, &format!("{words}\n"), base);
                    wrote = true;
                }
                style.code = true;
            }
            Event::End(TagEnd::CodeBlock) => style.code = base.code,
            Event::Start(Tag::Strong) => style.bold = true,
            Event::End(TagEnd::Strong) => style.bold = base.bold,
            Event::Start(Tag::Emphasis) => style.italic = true,
            Event::End(TagEnd::Emphasis) => style.italic = base.italic,
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                style.link = Some(dest_url.to_string()).filter(|url| is_web(url));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => style.link = None,
            Event::Start(Tag::BlockQuote(_)) => gap(spans, &mut ends_line, wrote, true),
            Event::Text(words) | Event::Html(words) | Event::InlineHtml(words) => {
                push(spans, &words, &style);
                ends_line = words.ends_with('\n');
                wrote = true;
            }
            Event::Code(words) => {
                push(spans, &words, &Style { code: true, ..style.clone() });
                ends_line = false;
                wrote = true;
            }
            Event::SoftBreak => push(spans, " ", &style),
            Event::HardBreak => {
                push(spans, "\n", &style);
                ends_line = true;
            }
            Event::Rule => {
                gap(spans, &mut ends_line, wrote, true);
                push(spans, "———", base);
                wrote = true;
                ends_line = false;
            }
            _ => {}
        }
    }
    // What Markdown takes for a definition or an empty frame would vanish; then the text stays as it is.
    let kept = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let shown: usize = own.iter().map(|span| kept(&span.text)).sum();
    let links: usize = own.iter().filter_map(|span| span.style.link.as_deref()).map(kept).sum();
    if shown + links < kept(text) && !text.contains('&') && lost_words(&own, text) {
        return vec![Span { text: text.to_owned(), style: base.clone() }];
    }
    own
}

/// Whether a word of the source stands neither in the shown text nor in a link.
fn lost_words(spans: &[Span], text: &str) -> bool {
    let shown: String = spans
        .iter()
        .map(|span| format!("{} {} ", span.text, span.style.link.as_deref().unwrap_or_default()))
        .collect();
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .any(|word| !shown.contains(word) && word.parse::<u64>().is_err())
}

/// Cuts into messages at paragraph, line, sentence or word borders.
fn split(spans: Vec<Span>) -> Vec<Vec<Span>> {
    let mut messages = Vec::new();
    let mut rest = spans;
    while let Some(cut) = first_cut(&rest) {
        let (head, tail) = cut_at(rest, cut);
        messages.push(head);
        rest = tail;
    }
    messages.push(rest);
    messages
}

/// Where the first message must end, in characters, if the text does not fit into one.
fn first_cut(spans: &[Span]) -> Option<usize> {
    let mut units = 0;
    let mut at = 0;
    let mut borders: [Option<usize>; 4] = [None; 4];
    let mut previous = ['\0'; 2];
    for (place, span) in spans.iter().enumerate() {
        if place >= MOST_ENTITIES {
            return Some(best_border(borders, at));
        }
        for c in span.text.chars() {
            units += c.len_utf16();
            if units > MOST_UNITS {
                return Some(best_border(borders, at));
            }
            at += 1;
            match (previous, c) {
                ([_, '\n'], '\n') => borders[0] = Some(at),
                (_, '\n') => borders[1] = Some(at),
                ([_, '.' | '?' | '!'], ' ') => borders[2] = Some(at),
                (_, ' ') => borders[3] = Some(at),
                _ => {}
            }
            previous = [previous[1], c];
        }
    }
    None
}

/// The strongest border that does not waste more than half of the message.
fn best_border(borders: [Option<usize>; 4], at: usize) -> usize {
    borders.into_iter().flatten().find(|border| *border * 2 > at).unwrap_or(at.max(1))
}

fn cut_at(spans: Vec<Span>, cut: usize) -> (Vec<Span>, Vec<Span>) {
    let mut head = Vec::new();
    let mut tail = Vec::new();
    let mut seen = 0;
    for span in spans {
        let length = span.text.chars().count();
        if seen >= cut {
            tail.push(span);
        } else if seen + length <= cut {
            head.push(span);
        } else {
            let byte = span.text.char_indices().nth(cut - seen).map_or(span.text.len(), |(byte, _)| byte);
            head.push(Span { text: span.text[..byte].to_owned(), style: span.style.clone() });
            tail.push(Span { text: span.text[byte..].to_owned(), style: span.style });
        }
        seen += length;
    }
    (head, tail)
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\0' => {}
            c => out.push(c),
        }
    }
    out
}

fn html(spans: &[Span]) -> String {
    let mut out = String::new();
    let mut folded = false;
    for span in spans {
        if span.style.folded != folded {
            out.push_str(if span.style.folded { "<blockquote expandable>" } else { "</blockquote>" });
            folded = span.style.folded;
        }
        let mut tags: Vec<(String, &str)> = Vec::new();
        if let Some(url) = &span.style.link {
            tags.push((format!("<a href=\"{}\">", escape(url)), "</a>"));
        }
        for (on, open, close) in [
            (span.style.bold, "<b>", "</b>"),
            (span.style.italic, "<i>", "</i>"),
            (
                span.style.code && span.style.link.is_none() && !span.style.bold && !span.style.italic,
                "<code>",
                "</code>",
            ),
        ] {
            if on {
                tags.push((open.to_owned(), close));
            }
        }
        tags.iter().for_each(|(open, _)| out.push_str(open));
        out.push_str(&escape(&span.text));
        tags.iter().rev().for_each(|(_, close)| out.push_str(close));
    }
    if folded {
        out.push_str("</blockquote>");
    }
    out
}

fn plain(spans: &[Span]) -> String {
    let with_links: String = spans
        .iter()
        .map(|span| match &span.style.link {
            Some(url) if *url != span.text => format!("{} ({url})", span.text),
            _ => span.text.clone(),
        })
        .collect();
    if with_links.encode_utf16().count() <= 4_096 {
        return with_links;
    }
    spans.iter().map(|span| span.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::conversation::{Action, Button};

    fn check(block: Block, expected: &str) {
        let rendered = render(&Reply { blocks: vec![block], buttons: Vec::new() }, &[]);
        let html: Vec<&str> = rendered.iter().map(|message| message.html.as_str()).collect();
        assert_eq!(html, [expected]);
    }

    #[test]
    fn simple_markdown_becomes_telegrams_html() {
        check(
            Block::Short("Datang ke **PPS** di [KPU](https://kpu.go.id/?a=\"b\"&c).".to_owned()),
            "Datang ke <b>PPS</b> di <a href=\"https://kpu.go.id/?a=&quot;b&quot;&amp;c\">KPU</a>.",
        );
        check(
            Block::Short("Syarat:\n- satu < dua\n- tiga\n\nLalu:\n\n1. a\n2. b".to_owned()),
            "Syarat:\n\n• satu &lt; dua\n• tiga\n\nLalu:\n\n1. a\n2. b",
        );
        check(Block::Details("Rinci.".to_owned()), "<blockquote expandable>Rinci.</blockquote>");
        // Only web addresses become links; what cannot be one stays as it is written.
        check(
            Block::Short("klik [ini](javascript:x) <script>".to_owned()),
            "klik [ini](javascript:x) &lt;script&gt;",
        );
        check(Block::Heading("A & B".to_owned()), "<b>A &amp; B</b>");
    }

    #[test]
    fn blocks_follow_one_another_and_each_stands_once() {
        let blocks = vec![
            Block::Heading("Jam berapa TPS buka?".to_owned()),
            Block::Short("Pukul 07.00.".to_owned()),
            Block::Details("Sampai **13.00**.".to_owned()),
            Block::Validity("Diperiksa.".to_owned()),
        ];
        let rendered = render(&Reply { blocks, buttons: Vec::new() }, &[]);
        let html: Vec<&str> = rendered.iter().map(|message| message.html.as_str()).collect();
        assert_eq!(
            html,
            [
                "<b>Jam berapa TPS buka?</b>\n\nPukul 07.00.\n\n<blockquote expandable>Sampai <b>13.00</b>.</blockquote>\n\n<i>Diperiksa.</i>"
            ]
        );
    }

    #[test]
    fn long_text_is_split_between_paragraphs_and_buttons_stay_last() {
        let text = "Kalimat yang agak panjang tentang pemilu.\n\n".repeat(200);
        let button = Button { label: "ya".to_owned(), action: Action::Erase };
        let reply = Reply { blocks: vec![Block::Details(text.clone())], buttons: vec![vec![button]] };
        let messages = render(&reply, &["id00".to_owned()]);
        assert!(messages.len() > 1);
        let (last, first) = messages.split_last().unwrap();
        assert_eq!(last.buttons, [[("ya".to_owned(), "id00".to_owned())]]);
        assert!(first.iter().all(|message| message.buttons.is_empty() && message.plain.ends_with("\n\n")));
        let joined: String = messages.iter().map(|message| message.plain.as_str()).collect();
        assert_eq!(joined.matches("Kalimat").count(), text.matches("Kalimat").count());
    }

    proptest! {
        #[test]
        fn any_text_fits_and_every_tag_is_closed(text in "(?s).{0,400}", times in 1_usize..40) {
            let text = text.repeat(times);
            let reply = Reply {
                blocks: vec![Block::Heading(text.clone()), Block::Short(text.clone()), Block::Details(text)],
                buttons: Vec::new(),
            };
            for message in render(&reply, &[]) {
                prop_assert!(message.plain.encode_utf16().count() <= 4_096);
                let mut open: Vec<&str> = Vec::new();
                for piece in message.html.split('<').skip(1) {
                    let tag = piece.split('>').next().unwrap();
                    match tag.strip_prefix('/') {
                        Some(name) => prop_assert_eq!(open.pop(), Some(name)),
                        None => open.push(tag.split(' ').next().unwrap()),
                    }
                }
                prop_assert!(open.is_empty());
            }
        }
    }
}
