//! The ratios of a benchmark as a bar chart, in SVG that is readable on a light and on a dark background.

use std::fmt::Write;

use super::Measured;

const LABELS: f64 = 250.0;
const WIDTH: f64 = 720.0;
const BAR: f64 = 20.0;
const GAP: f64 = 10.0;
const TOP: f64 = 40.0;

/// The bars are as long as the ratios; the contenders that are ours are highlighted.
pub(super) fn svg(measured: &Measured) -> String {
    let mut rows: Vec<_> = measured.rows.iter().collect();
    rows.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
    let most = rows.iter().map(|row| row.ratio).fold(1.0, f64::max);
    let height = TOP + rows.len() as f64 * (BAR + GAP) + GAP;
    let title = format!("Reading {}: time relative to serde_json into IgnoredAny", measured.input);
    let mut bars = String::new();
    for (index, row) in rows.iter().enumerate() {
        let y = TOP + index as f64 * (BAR + GAP);
        let length = row.ratio / most * (WIDTH - LABELS - 60.0);
        let class = if row.contender.contains("from_slice") { "ours" } else { "other" };
        let middle = y + BAR / 2.0 + 4.5;
        let _ = writeln!(
            bars,
            r#"<text x="{:.0}" y="{middle:.1}" text-anchor="end">{}</text>"#,
            LABELS - 10.0,
            escaped(&row.contender)
        );
        let _ = writeln!(
            bars,
            r#"<rect class="{class}" x="{LABELS:.0}" y="{y:.1}" width="{length:.1}" height="{BAR:.0}" rx="2"/>"#
        );
        let _ = writeln!(bars, r#"<text x="{:.1}" y="{middle:.1}">{:.1}</text>"#, LABELS + length + 6.0, row.ratio);
    }
    let title = escaped(&title);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0} {height:.0}" role="img" aria-label="{title}">
<style>
text {{ font: 13px system-ui, sans-serif; fill: #24292f; }}
.title {{ font-weight: 600; }}
.other {{ fill: #8c959f; }}
.ours {{ fill: #0969da; }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e6edf3; }}
  .other {{ fill: #6e7681; }}
  .ours {{ fill: #58a6ff; }}
}}
</style>
<text class="title" x="10" y="22">{title}</text>
{bars}</svg>
"#
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
