//! The table, and the same as JSON in `target/bench/report.json`.

use serde_json::json;
use std::{fs, path::Path, process::ExitCode};

/// One comparison.
#[derive(Debug, Clone)]
pub struct Row {
    /// What is done.
    pub work: &'static str,
    /// What it is held against.
    pub peer: &'static str,
    /// Ours, the median.
    pub ours: f64,
    /// The other's, the median.
    pub beside: f64,
    /// Of both.
    pub unit: &'static str,
    /// Medians of the pairs, least and most.
    pub ratio: Ratio,
    /// What we want of the ratio.
    pub goal: Goal,
}

/// How ours compares, pair by pair.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    /// Of the pairs.
    pub median: f64,
    /// The lowest.
    pub least: f64,
    /// The highest.
    pub most: f64,
}

/// A limit of a ratio.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// Throughput.
    AtLeast(f64),
    /// Cost.
    AtMost(f64),
    /// Ours less the other's, not their ratio.
    MoreByAtMost(f64),
    /// Context of another row.
    None,
}

impl Row {
    /// From pairs of ours and the other's.
    pub fn of(
        (work, peer, unit): (&'static str, &'static str, &'static str),
        pairs: &[(f64, f64)],
        goal: Goal,
    ) -> Self {
        let ratios = sorted(pairs.iter().map(|(ours, beside)| ours / beside));
        let ratio = Ratio { median: middle(&ratios), least: ratios[0], most: ratios[ratios.len() - 1] };
        let ours = middle(&sorted(pairs.iter().map(|(ours, _)| *ours)));
        let beside = middle(&sorted(pairs.iter().map(|(_, beside)| *beside)));
        Self { work, peer, ours, beside, unit, ratio, goal }
    }

    fn is_met(&self) -> Option<bool> {
        match self.goal {
            Goal::AtLeast(least) => Some(self.ratio.median >= least),
            Goal::AtMost(most) => Some(self.ratio.median <= most),
            Goal::MoreByAtMost(most) => Some(self.ours - self.beside <= most),
            Goal::None => None,
        }
    }
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "≥ {least}"),
            Self::AtMost(most) => write!(f, "≤ {most}"),
            Self::MoreByAtMost(most) => write!(f, "≤ +{most}"),
            Self::None => write!(f, "–"),
        }
    }
}

/// Prints and keeps the rows. A goal that is missed is a finding, not a failure.
pub fn show(rows: &[Row]) -> ExitCode {
    println!("\n| work | ours | beside | ratio (least – most) | goal | met |\n|---|---:|---|---:|---|---|");
    for row in rows {
        let Row { work, peer, ours, beside, unit, ratio, goal } = row;
        let met = row.is_met().map_or("–", |met| if met { "yes" } else { "no" });
        let Ratio { median, least, most } = ratio;
        println!(
            "| {work} | {ours:.1} {unit} | {peer}: {beside:.1} | {median:.2} ({least:.2} – {most:.2}) | {goal} | {met} |"
        );
    }
    let list: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "work": row.work, "peer": row.peer, "ours": row.ours, "beside": row.beside, "unit": row.unit,
                "ratio": row.ratio.median, "least": row.ratio.least, "most": row.ratio.most,
                "goal": row.goal.to_string(), "met": row.is_met(),
            })
        })
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    let written = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join("report.json"), format!("{:#}\n", serde_json::Value::from(list))));
    if let Err(error) = written {
        eprintln!("the report cannot be written: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn middle(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
