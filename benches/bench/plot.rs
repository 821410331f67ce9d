//! A plot as SVG: latency upwards by powers of ten, load to the right.

use std::{fmt::Write, fs, path::Path};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const MARGIN: f64 = 60.0;
const COLOURS: [&str; 4] = ["#b4552d", "#e0a184", "#2d6fb4", "#8fb8e0"];

/// One line of it.
pub struct Line {
    pub name: &'static str,
    /// Calls a second, and microseconds.
    pub points: Vec<(f64, f64)>,
}

/// Draws lines.
pub fn svg(title: &str, lines: &[Line]) -> String {
    let all = || lines.iter().flat_map(|line| &line.points);
    let right = all().map(|(load, _)| *load).fold(1.0, f64::max);
    let decades = all().map(|(_, time)| time.log10().ceil()).fold(3.0, f64::max);
    let x = |load: f64| MARGIN + load / right * (WIDTH - 2.0 * MARGIN);
    // From ten microseconds.
    let y = |time: f64| HEIGHT - MARGIN - (time.max(10.0).log10() - 1.0) / (decades - 1.0) * (HEIGHT - 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\"{MARGIN}\" y=\"24\" font-size=\"15\">{title}</text>\n"
    );
    let mut add = |text: String| writeln!(svg, "{text}").expect("a string takes text");
    for decade in 1..=decades as i32 {
        let time = 10_f64.powi(decade);
        let (level, end) = (y(time), WIDTH - MARGIN);
        add(format!("<path d=\"M{MARGIN} {level:.1}H{end}\" stroke=\"#ddd\"/>"));
        let label = if time < 1000.0 { format!("{time} µs") } else { format!("{} ms", time / 1000.0) };
        add(format!("<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>", MARGIN - 6.0, level + 4.0));
    }
    for part in 0..=4 {
        let load = right * f64::from(part) / 4.0;
        let (place, below) = (x(load), HEIGHT - MARGIN + 18.0);
        add(format!("<text x=\"{place:.1}\" y=\"{below}\" text-anchor=\"middle\">{load:.0}/s</text>"));
    }
    for (number, (line, colour)) in lines.iter().zip(COLOURS.iter().cycle()).enumerate() {
        let points = line.points.iter().map(|(load, time)| format!("{:.1},{:.1}", x(*load), y(*time)));
        let points = points.collect::<Vec<_>>().join(" ");
        add(format!("<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>"));
        let height = MARGIN + 16.0 * number as f64;
        add(format!("<text x=\"{}\" y=\"{height}\" fill=\"{colour}\">{}</text>", MARGIN + 12.0, line.name));
    }
    svg + "</svg>\n"
}

/// Keeps it beside the report.
pub fn keep(name: &str, svg: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    let kept = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(name), svg));
    kept.expect("the folder can be written");
}
