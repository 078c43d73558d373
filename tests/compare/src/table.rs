//! The results in Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use crate::cases::{Cases, Kind};
use crate::data::DataSet;
use crate::score::{Score, Tally};

/// A contender's results for a set.
pub(crate) struct Row {
    pub(crate) contender: String,
    pub(crate) result: Result<Ran, String>,
}

/// The results of a contender that runs.
pub(crate) struct Ran {
    /// The events that it has a type or a validator for.
    pub(crate) events: Tally,
    pub(crate) score: Score,
    pub(crate) lines: Option<usize>,
    pub(crate) cold_check: Option<Duration>,
    pub(crate) speed: Option<f64>,
    /// The events that are missing, and why.
    pub(crate) missing: Vec<(String, String)>,
}

const COLUMNS: [&str; 12] = [
    "contender",
    "compiles",
    "documented payloads accepted",
    "valid variants accepted",
    "invalid variants refused",
    "payloads that come back equal",
    "unknown members kept",
    "explicit nulls kept",
    "faults reported",
    "lines of code",
    "cold `cargo check`",
    "reading",
];

/// The section of a set: the table, what it leaves out, and the messages.
pub(crate) fn section(set: &DataSet, cases: &Cases, rows: &[Row]) -> String {
    let payloads: usize = set.events.iter().map(|event| event.payloads.len()).sum();
    let count = |kind: Kind| cases.all.iter().filter(|case| case.kind == kind).count();
    let mut text = format!(
        "## {}\n\n{} events with {payloads} payloads, {} valid and {} invalid variants of them.",
        set.name,
        set.events.len(),
        count(Kind::Valid),
        count(Kind::Invalid)
    );
    if !set.notes.is_empty() {
        let _ = write!(text, " Left out: {}.", set.notes.join(", "));
    }
    let _ = write!(text, "\n\n| {} |\n| --- |{}\n", COLUMNS.join(" | "), " ---: |".repeat(COLUMNS.len() - 1));
    for row in rows {
        let _ = writeln!(text, "| {} |", cells(row).join(" | "));
    }
    let remarks: Vec<String> = rows.iter().flat_map(remarks).collect();
    if !remarks.is_empty() {
        let _ = write!(text, "\n{}\n", remarks.join("\n"));
    }
    text.push_str(&messages(cases, rows));
    text
}

fn cells(row: &Row) -> Vec<String> {
    const NONE: &str = "—";
    let ran = match &row.result {
        Ok(ran) => ran,
        Err(reason) => {
            let compiles = if reason.starts_with("skipped") { "skipped" } else { "no" };
            let mut cells = vec![row.contender.clone(), compiles.to_owned()];
            cells.resize(COLUMNS.len(), NONE.to_owned());
            return cells;
        }
    };
    let score = &ran.score;
    let compiles = match ran.events.good == ran.events.of {
        true => "yes".to_owned(),
        false => format!("{} events", ran.events),
    };
    let faults = score.errors.as_ref().map(|(_, quality)| {
        let location = if quality.reported == 0 { String::new() } else { format!(", {}", quality.location) };
        format!("{} of {}{location}", quality.reported, quality.of)
    });
    vec![
        row.contender.clone(),
        compiles,
        score.documented.to_string(),
        score.valid.to_string(),
        score.invalid.to_string(),
        score.equal.to_string(),
        score.unknown.to_string(),
        score.nulls.to_string(),
        faults.unwrap_or_else(|| NONE.to_owned()),
        ran.lines.map_or(NONE.to_owned(), |lines| lines.to_string()),
        ran.cold_check.map_or(NONE.to_owned(), |time| format!("{:.1} s", time.as_secs_f64())),
        ran.speed.filter(|ratio| ratio.is_finite()).map_or(NONE.to_owned(), |ratio| format!("{ratio:.1}")),
    ]
}

/// What the cells of a contender do not have, as items of a list.
fn remarks(row: &Row) -> Vec<String> {
    let item = |text: String| format!("* {}: {text}", row.contender);
    let ran = match &row.result {
        Ok(ran) => ran,
        Err(reason) => return vec![item(lines(reason, 6))],
    };
    let mut items: Vec<String> = ran
        .missing
        .iter()
        .take(LISTED)
        .map(|(event, reason)| item(format!("`{event}` {}", lines(reason, 1))))
        .collect();
    if ran.missing.len() > LISTED {
        items.push(item(format!("{} more events", ran.missing.len() - LISTED)));
    }
    if ran.score.failures > 0 {
        items.push(item(format!("{} payloads end the program", ran.score.failures)));
    }
    items
}

/// How many missing events are listed.
const LISTED: usize = 4;

/// The first lines of a text, in one line.
fn lines(text: &str, count: usize) -> String {
    let kept: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(count).collect();
    kept.join(" ")
}

/// The payload with three faults, and what each contender reports.
fn messages(cases: &Cases, rows: &[Row]) -> String {
    let Some(broken) = &cases.broken else { return String::new() };
    let faults = broken.faults.iter().map(|fault| format!("`{}` {} (`{}`)", fault.place, fault.what, fault.keyword));
    let mut text = format!(
        "\n### Messages\n\nFor a documented payload of `{}` with three faults: {}.\n",
        broken.event,
        faults.collect::<Vec<_>>().join(", ")
    );
    let mut known: Vec<(String, Vec<&str>)> = Vec::new();
    for row in rows {
        let Ok(Ran { score, .. }) = &row.result else { continue };
        let Some((reports, _)) = &score.errors else { continue };
        let shown = match reports.as_slice() {
            [] => "(accepted)\n".to_owned(),
            reports => reports.iter().map(|report| shown(&report.message, report.location.as_deref())).collect(),
        };
        // What several report alike is listed once.
        match known.iter_mut().find(|(text, _)| *text == shown) {
            Some((_, contenders)) => contenders.push(&row.contender),
            None => known.push((shown, vec![&row.contender])),
        }
    }
    for (shown, contenders) in known {
        let _ = write!(text, "\n{}:\n\n```text\n{shown}```\n", contenders.join(" and "));
    }
    text
}

/// A message, with the location where the message itself does not have it.
fn shown(message: &str, location: Option<&str>) -> String {
    let message: String = match message.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.to_owned(),
    };
    match location {
        Some(location) if !location.is_empty() && !message.contains(location) => format!("{location}: {message}\n"),
        _ => format!("{message}\n"),
    }
}

#[cfg(test)]
mod tests {
    use compare_runner::protocol::Report;

    use super::*;
    use crate::faults::Quality;

    fn row(score: Score) -> Row {
        let events = Tally { good: 2, of: 3 };
        let missing = vec![("p/e".to_owned(), "does not compile: no\nmatter".to_owned())];
        let ran = Ran { events, score, lines: Some(12), cold_check: None, speed: Some(2.25), missing };
        Row { contender: "a tool 1.0".to_owned(), result: Ok(ran) }
    }

    #[test]
    fn a_row_has_a_cell_for_each_column() {
        let reports = vec![Report { message: "no".to_owned(), location: None }];
        let quality = Quality { reported: 1, of: 3, location: "line and column" };
        let score = Score { valid: Tally { good: 1, of: 2 }, errors: Some((reports, quality)), ..Score::default() };
        let cells = cells(&row(score));
        assert_eq!(
            cells,
            [
                "a tool 1.0",
                "2 of 3 events",
                "—",
                "1 of 2",
                "—",
                "—",
                "—",
                "—",
                "1 of 3, line and column",
                "12",
                "—",
                "2.2"
            ]
        );
        assert_eq!(cells.len(), COLUMNS.len());
    }

    #[test]
    fn a_contender_that_does_not_compile_has_a_row_and_the_reason() {
        let row =
            Row { contender: "a tool 1.0".to_owned(), result: Err("its code does not compile: E0391".to_owned()) };
        assert_eq!(cells(&row).len(), COLUMNS.len());
        assert_eq!(remarks(&row), ["* a tool 1.0: its code does not compile: E0391"]);
    }

    #[test]
    fn events_that_are_missing_are_listed_with_the_reason() {
        assert_eq!(remarks(&row(Score::default())), ["* a tool 1.0: `p/e` does not compile: no"]);
    }

    #[test]
    fn a_message_has_its_location_once() {
        assert_eq!(shown("/a: no string", Some("/a")), "/a: no string\n");
        assert_eq!(shown("no string", Some("/a")), "/a: no string\n");
        assert_eq!(shown("no object", Some("")), "no object\n");
    }
}
