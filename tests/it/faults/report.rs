//! What the cells have found, as a table for people and as `target/faults/report.json` for programs.

use std::{fs, sync::Mutex, time::Duration};

use serde_json::{Value, json};

use super::{cell_runner::Outcome, journal::folder};

static ROWS: Mutex<Vec<Row>> = Mutex::new(Vec::new());

struct Row {
    fault: String,
    shape: &'static str,
    outcome: Outcome,
}

/// Adds a row; what must not be is the error.
pub fn add(fault: &str, shape: &'static str, outcome: Outcome) -> Result<(), String> {
    let verdict = verdict(&outcome);
    ROWS.lock().expect("unpoisoned").push(Row { fault: fault.to_owned(), shape, outcome });
    verdict
}

fn verdict(outcome: &Outcome) -> Result<(), String> {
    let found = &outcome.findings;
    let mut problems: Vec<String> = outcome.stuck.iter().map(|why| format!("stuck: {why}")).collect();
    let lists = [
        ("lost", &found.lost),
        ("duplicated", &found.duplicated),
        ("inversions", &found.inversions),
        ("illegal", &found.illegal),
    ];
    for (what, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        problems.push(format!("{} {what}, such as\n    {}", list.len(), list[..list.len().min(5)].join("\n    ")));
    }
    if found.dead_letters != outcome.poison {
        problems.push(format!("{} dead letters for {} poisoned messages", found.dead_letters, outcome.poison));
    }
    if found.retold > 0 && !outcome.loses_messages {
        problems.push(format!("{} orders had to be republished by the audit", found.retold));
    }
    if found.accepted == 0 {
        problems.push("no order was accepted".to_owned());
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n  ")) }
}

/// Prints the table and writes the file, if any cell has run. Counts of mutants are those caught, and all.
pub fn finish(seed: u64) {
    let rows = ROWS.lock().expect("unpoisoned");
    if rows.is_empty() {
        return;
    }
    println!("\nseed {seed}; times in ms; lost, doubled, inversions, illegal and stuck must all be 0\n");
    println!("{}", line(&HEADS.map(str::to_owned)));
    println!("{}", line(&HEADS.map(|head| "-".repeat(head.len().max(3)))));
    for row in rows.iter() {
        println!("{}", line(&cells(row)));
    }
    let accepted: usize = rows.iter().map(|row| row.outcome.findings.accepted).sum();
    println!("\n{accepted} orders accepted in {} cells", rows.len());
    let report = json!({"seed": seed, "cells": rows.iter().map(as_json).collect::<Vec<_>>(), "mutants": null});
    let text = serde_json::to_string_pretty(&report).expect("plain values");
    fs::write(folder().join("report.json"), text).expect("the report can be written");
}

const HEADS: [&str; 12] = [
    "fault",
    "shape",
    "accepted",
    "lost",
    "doubled",
    "unknown resolved",
    "inversions",
    "illegal",
    "stuck",
    "longest outage",
    "recovery p50",
    "recovery p99",
];

fn cells(row: &Row) -> [String; 12] {
    let Row { fault, shape, outcome } = row;
    let found = &outcome.findings;
    [
        fault.clone(),
        (*shape).to_owned(),
        found.accepted.to_string(),
        found.lost.len().to_string(),
        found.duplicated.len().to_string(),
        found.unknown_resolved.to_string(),
        found.inversions.len().to_string(),
        found.illegal.len().to_string(),
        u8::from(outcome.stuck.is_some()).to_string(),
        millis(outcome.longest_unavailability).to_string(),
        millis(percentile(&outcome.recoveries, 50)).to_string(),
        millis(percentile(&outcome.recoveries, 99)).to_string(),
    ]
}

fn line(cells: &[String; 12]) -> String {
    let padded = HEADS.iter().zip(cells).enumerate().map(|(column, (head, cell))| match column {
        0 => format!("{cell:<34}"),
        1 => format!("{cell:<8}"),
        _ => format!("{cell:>width$}", width = head.len().max(3)),
    });
    format!("| {} |", padded.collect::<Vec<_>>().join(" | "))
}

fn as_json(row: &Row) -> Value {
    let Row { fault, shape, outcome } = row;
    let found = &outcome.findings;
    json!({
        "fault": fault,
        "shape": shape,
        "accepted": found.accepted,
        "refused": found.refused,
        "lost": found.lost.len(),
        "duplicated": found.duplicated.len(),
        "unknown_resolved": found.unknown_resolved,
        "inversions": found.inversions.len(),
        "illegal": found.illegal.len(),
        "stuck": outcome.stuck,
        "dead_letters": found.dead_letters,
        "poison": outcome.poison,
        "republished_by_the_audit": found.retold,
        "rounds": outcome.recoveries.len(),
        "longest_unavailability_ms": millis(outcome.longest_unavailability),
        "recovery_p50_ms": millis(percentile(&outcome.recoveries, 50)),
        "recovery_p99_ms": millis(percentile(&outcome.recoveries, 99)),
    })
}

/// The smallest that this share of all do not exceed.
fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
