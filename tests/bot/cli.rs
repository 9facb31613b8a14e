//! The commands as other people's scripts use them.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const NOW: &str = "2026-11-23T09:00:00+08:00";

fn run(arguments: &[&str], input: &str) -> Output {
    run_with(arguments, input, &[])
}

fn run_with(arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tanya-pemilu"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("written");
    child.wait_with_output().expect("ended")
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

#[test]
fn ask_prints_the_fixed_shape() {
    let output = run(&["ask", "--json", "--now", NOW, "apa itu coklit?"], "");
    let value: Value = serde_json::from_str(stdout(&output)).expect("JSON");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!((value["kind"].as_str(), value["answered"].as_bool()), (Some("answer"), Some(true)));
    let text = value["text"].as_str().expect("text");
    assert!(text.contains("pencocokan dan penelitian") && text.contains("Sumber"), "{text}");
    for key in
        ["entry", "version", "sources", "valid_until", "historical", "confidence", "options", "latency_us"]
    {
        assert!(value.get(key).is_some(), "{key} is missing");
    }
    assert!(value["valid_until"].is_null() && value["options"] == Value::Array(Vec::new()));
}

#[test]
fn a_batch_keeps_order_ignores_unknown_keys_and_reports_bad_lines() {
    let input = "{\"id\":\"a\",\"text\":\"apa itu DPT?\",\"style\":\"x\"}\nbukan json\n{\"id\":7}\n\
        {\"id\":\"b\",\"text\":\"kalau pilkada 2024?\",\"context\":[\"kapan kampanye pemilu 2024?\"]}\n";
    let output = run(&["ask", "--json", "--batch", "--now", NOW], input);
    let lines: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        lines.iter().map(|line| line["id"].clone()).collect::<Vec<_>>(),
        [Value::from("a"), Value::Null, 7.into(), "b".into()]
    );
    assert!(lines[1]["error"].is_string() && lines[2]["error"].is_string());
    assert!(lines[3]["text"].as_str().is_some_and(|text| text.contains("2024")));
}

#[test]
fn search_ranks_documents_once_each() {
    let output = run(&["search", "--json", "--batch", "-k", "3"], "{\"id\":1,\"text\":\"pindah memilih\"}\n");
    let value: Value = serde_json::from_str(stdout(&output)).expect("JSON");
    let hits = value["hits"].as_array().expect("hits");
    let docs: std::collections::BTreeSet<&str> = hits.iter().filter_map(|hit| hit["doc"].as_str()).collect();
    assert_eq!((hits.len(), docs.len()), (3, 3));
    assert!(hits.windows(2).all(|pair| pair[0]["score"].as_f64() >= pair[1]["score"].as_f64()));
}

#[test]
fn exit_codes_tell_findings_from_wrong_usage() {
    assert_eq!(run(&["check", "--now", NOW], "").status.code(), Some(0));
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("rusak.md"), "---\njudul: x\ndiperiksa: kapan-kapan\n---\nisi\n")
        .expect("a file");
    let output = run(&["check", folder.path().to_str().expect("a path")], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("rusak.md:3: error: "), "{}", stdout(&output));
    assert_eq!(run(&["check", "tidak/ada"], "").status.code(), Some(2));
    assert_eq!(run(&["tidak-ada"], "").status.code(), Some(2));
    assert_eq!(run(&["ask", "--now", "kemarin", "halo"], "").status.code(), Some(2));
    let output = run_with(&["ask", "halo"], "", &[("WEB_ADDR", "salah"), ("TELOXIDE_TOKEN", "rahasia")]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text.contains("WEB_ADDR") && text.contains("TELOXIDE_TOKEN") && !text.contains("rahasia"),
        "{text}"
    );
}

#[test]
fn ask_needs_no_token_and_leaves_no_trace() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let data = data.to_str().expect("a path");
    let output = run_with(&["ask", "--now", NOW, "apa itu coklit?"], "", &[("DATA_DIR", data)]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!std::path::Path::new(data).exists());
}

#[test]
fn chat_runs_the_same_conversation_and_buttons_are_numbers() {
    let output = run(&["chat", "--now", NOW], "jam berapa tps buka\n/topik\n1\n/keluar\n");
    let text = stdout(&output);
    assert!(text.contains("07.00") && text.contains("[1]") && text.contains("Pilih pertanyaan"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colours into a pipe");
}

#[test]
fn eval_judges_and_holds_the_floor() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    let questions = "{\"id\":\"1\",\"text\":\"apa itu coklit?\",\"expect\":[\"pencocokan\"],\"answerable\":true}\n\
        {\"id\":\"2\",\"text\":\"harga beras\",\"answerable\":false}\n";
    std::fs::write(path("q.jsonl"), questions).expect("a file");
    std::fs::write(path("floor.toml"), "questions = 2\ncorrect = 1.0\n").expect("a file");
    std::fs::write(path("high.toml"), "questions = 3\n").expect("a file");
    let output = run(&["eval", "--now", NOW, "--floor", &path("floor.toml"), &path("q.jsonl")], "");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("correct 100.0 %"));
    let output = run(&["eval", "--now", NOW, "--floor", &path("high.toml"), &path("q.jsonl")], "");
    assert_eq!(output.status.code(), Some(1));
}
