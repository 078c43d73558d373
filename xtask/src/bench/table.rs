//! Benchmarks as tables: for a terminal, and in Markdown.

use std::fmt::Write;

use super::Measured;
use cargo_webhooks::counted;

/// Returns a table for each benchmark, with aligned columns.
pub(super) fn text(all: &[Measured]) -> String {
    let mut text = String::new();
    for Measured { group, input, payloads, bytes, rows } in all {
        let gap = if text.is_empty() { "" } else { "\n" };
        let mean = *bytes as f64 / (*payloads).max(1) as f64;
        let payloads = counted(*payloads, "payload");
        let _ = writeln!(text, "{gap}{group}: {input}, {payloads} of {mean:.0} bytes on average");
        let _ = writeln!(text, "  ratio        ns    MB/s  allocations    bytes");
        for row in rows {
            let _ = writeln!(
                text,
                "{:7.2}{:10.0}{:8.0}{:13.1}{:9.0}  {}",
                row.ratio,
                row.nanoseconds,
                // Bytes in a nanosecond are gigabytes in a second.
                1_000.0 * mean / row.nanoseconds,
                row.allocations,
                row.bytes,
                row.contender
            );
        }
    }
    text
}

/// For each group one Markdown table, with a row for each contender and a column for each input: ratios, and the
/// allocations for the first input.
pub(super) fn markdown(all: &[Measured]) -> String {
    let mut text = String::new();
    for of_group in all.chunk_by(|a, b| a.group == b.group) {
        let gap = if text.is_empty() { "" } else { "\n" };
        let inputs: Vec<&str> = of_group.iter().map(|measured| measured.input.as_str()).collect();
        let group = of_group.first().map_or("", |measured| measured.group.as_str());
        let _ = writeln!(text, "{gap}| {group} | {} | allocations |", inputs.join(" | "));
        let _ = writeln!(text, "| --- |{}", " ---: |".repeat(inputs.len() + 1));
        let mut contenders: Vec<&str> = Vec::new();
        for row in of_group.iter().flat_map(|measured| &measured.rows) {
            if !contenders.contains(&row.contender.as_str()) {
                contenders.push(&row.contender);
            }
        }
        for contender in contenders {
            let find = |measured: &Measured| {
                measured.rows.iter().find(|row| row.contender == contender).map(|row| (row.ratio, row.allocations))
            };
            let ratios: Vec<String> = of_group
                .iter()
                .map(|measured| find(measured).map_or("–".to_owned(), |(ratio, _)| format!("{ratio:.2}")))
                .collect();
            let allocations = of_group.iter().find_map(find).map_or(0.0, |(_, allocations)| allocations);
            let _ = writeln!(text, "| {contender} | {} | {allocations:.1} |", ratios.join(" | "));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Row;

    fn measured(input: &str, rows: &[(&str, f64)]) -> Measured {
        let row = |(contender, ratio): &(&str, f64)| Row {
            contender: (*contender).to_owned(),
            ratio: *ratio,
            nanoseconds: 100.0 * ratio,
            allocations: 2.5,
            bytes: 64.0,
        };
        Measured {
            group: "read".to_owned(),
            input: input.to_owned(),
            payloads: 2,
            bytes: 30,
            rows: rows.iter().map(row).collect(),
        }
    }

    #[test]
    fn a_contender_without_a_figure_for_an_input_has_a_dash() {
        let all = [measured("a/minified", &[("base", 1.0), ("other", 2.0)]), measured("b/minified", &[("base", 1.0)])];
        let expected = "| read | a/minified | b/minified | allocations |\n| --- | ---: | ---: | ---: |\n\
                        | base | 1.00 | 1.00 | 2.5 |\n| other | 2.00 | – | 2.5 |\n";
        assert_eq!(markdown(&all), expected);
    }

    #[test]
    fn the_columns_of_the_text_are_aligned() {
        let text = text(&[measured("a/minified", &[("base", 1.0), ("other", 12.25)])]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "read: a/minified, 2 payloads of 15 bytes on average");
        assert_eq!(lines[2], "   1.00       100     150          2.5       64  base");
        assert_eq!(lines[3], "  12.25      1225      12          2.5       64  other");
    }
}
