//! What is printed of drift: a table for people, JSON for programs.

use std::fmt::Write as _;

use serde::Serialize;
use webhook_codegen::compare::{Class, What};

use crate::Finding;
use crate::page::Page;

/// How wide a table may be.
const WIDTH: usize = 100;

/// Differences, and where they were looked for.
#[derive(Debug)]
pub struct Report<'r> {
    /// The provider, by the name of its folder.
    pub provider: &'r str,
    /// What was looked at, in words, such as `14 schemas and 14 payloads`.
    pub seen: String,
    /// The pages, by their names; none where two versions of schema-defs are compared.
    pub pages: &'r [(String, Page)],
    /// The differences that are shown.
    pub findings: Vec<&'r Finding>,
}

/// The findings to show: words only where all are asked for.
pub fn shown(findings: &[Finding], all: bool) -> Vec<&Finding> {
    findings.iter().filter(|finding| all || finding.change.class != Class::Words).collect()
}

/// The exit code that says what some findings are: 0 for none, or words only, 1 for compatible ones, 2 for breaking ones.
pub fn exit_code(worst: Option<Class>) -> u8 {
    match worst {
        None | Some(Class::Words) => 0,
        Some(Class::Compatible) => 1,
        Some(Class::Breaking) => 2,
    }
}

/// The report for people. `colour`: for a terminal.
pub fn text(report: &Report<'_>, colour: bool) -> String {
    let mut out = String::new();
    let names: Vec<&str> = report.pages.iter().map(|(name, _)| name.as_str()).collect();
    let of = if names.is_empty() { String::new() } else { format!(" in {}", names.join(", ")) };
    let none = if report.findings.is_empty() { ": no drift" } else { "" };
    let _ = writeln!(out, "{}: {}{of}{none}", report.provider, report.seen);
    for (name, page) in report.pages {
        for block in &page.blocks {
            for repair in &block.repairs {
                lines(&mut out, "  repaired  ", &format!("{name}:{}: {}", repair.line, repair.what), "");
            }
        }
        for unread in &page.unread {
            lines(&mut out, "  not read  ", &format!("{name}:{}: {}", unread.line, unread.why), "");
        }
    }
    if report.findings.is_empty() {
        return out;
    }
    out.push('\n');
    let width = report.findings.iter().map(|finding| finding.change.event.chars().count()).max().unwrap_or_default();
    let width = width.clamp(5, 32);
    for finding in &report.findings {
        let class = finding.change.class;
        let front = format!("  {class:<10}  {:<width$}  ", cut(&finding.change.event, width));
        let sign = match class {
            Class::Breaking if colour => "\u{1b}[31m",
            Class::Compatible if colour => "\u{1b}[33m",
            _ => "",
        };
        lines(&mut out, &front, &sentence(finding, report.pages), sign);
    }
    let count = |class: Class| report.findings.iter().filter(|finding| finding.change.class == class).count();
    let _ = writeln!(out, "\n{} breaking, {} compatible", count(Class::Breaking), count(Class::Compatible));
    out
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// What a finding says.
fn sentence(finding: &Finding, pages: &[(String, Page)]) -> String {
    let change = &finding.change;
    let what = match change.what {
        What::EventAdded => "a new event",
        What::EventGone => "the event is gone",
        What::MemberAdded => "new member",
        What::MemberGone => "member gone",
        What::MemberMoved => "moved, as it seems",
        What::MemberRenamed => "renamed, as it seems",
        What::TypeWidened => "type widened",
        What::TypeNarrowed => "type narrowed",
        What::TypeChanged => "type changed",
        What::NullAdded => "may be null now",
        What::NullGone => "no longer null",
        What::RequiredAdded => "always there now",
        What::RequiredGone => "no longer always there",
        What::ConstantChanged => "another constant",
        What::ValuesAdded => "new values",
        What::ValuesGone => "fewer values",
        What::RuleLoosened => "rule loosened",
        What::RuleTightened => "rule tightened",
        What::RuleChanged => "rule changed",
        What::DeliveryChanged => "sent in another way",
        What::WordingChanged => "worded otherwise: no field is taken from it",
        What::ExampleInvalid => "the page's schema refuses its example",
        What::ExampleRefused => "our types refuse the example",
        What::ExampleLost => "our types lose something of the example",
        What::ExampleChanged => "another example",
        What::WordsChanged => "other words",
    };
    let detail = match (&change.old, &change.new) {
        _ if matches!(change.what, What::RequiredAdded | What::RequiredGone) => String::new(),
        (Some(old), Some(new)) => format!(", {} → {}", brief(old), brief(new)),
        (Some(old), None) => format!(", was {}", brief(old)),
        (None, Some(new)) => format!(": {}", brief(new)),
        (None, None) => String::new(),
    };
    let place = if change.place.is_empty() { String::new() } else { format!("{}: ", change.place) };
    let at = finding.shown.and_then(|(page, line)| Some(format!(" ({}:{line})", pages.get(page)?.0)));
    format!("{place}{what}{detail}{}", at.unwrap_or_default())
}

/// A value, cut where it is long, on one line.
fn brief(text: &str) -> String {
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "), 120)
}

/// A text behind a front, broken between words; what follows the first line stands below the text.
fn lines(out: &mut String, front: &str, text: &str, colour: &str) {
    let indent = front.chars().count();
    let room = WIDTH.saturating_sub(indent).max(20);
    let mut rows: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let mut letters: Vec<char> = word.chars().collect();
        let used = rows.last().map_or(0, |row| row.chars().count());
        if used > 0 && used + 1 + letters.len() > room {
            rows.push(String::new());
        } else if used > 0 {
            rows.last_mut().into_iter().for_each(|row| row.push(' '));
        }
        // A word that no line holds is broken.
        while letters.len() > room {
            let rest = letters.split_off(room);
            rows.last_mut().into_iter().for_each(|row| row.extend(&letters));
            rows.push(String::new());
            letters = rest;
        }
        rows.last_mut().into_iter().for_each(|row| row.extend(&letters));
    }
    let reset = if colour.is_empty() { "" } else { "\u{1b}[0m" };
    for (at, row) in rows.iter().enumerate() {
        let line = match at {
            0 => format!("{colour}{front}{reset}{row}"),
            _ => format!("{:indent$}{row}", ""),
        };
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

#[derive(Serialize)]
struct JsonReport<'r> {
    provider: &'r str,
    pages: Vec<JsonPage<'r>>,
    findings: Vec<JsonFinding<'r>>,
    breaking: usize,
    compatible: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<&'r str>,
}

#[derive(Serialize)]
struct JsonPage<'r> {
    page: &'r str,
    blocks: usize,
    repairs: Vec<JsonLine<'r>>,
    unread: Vec<JsonLine<'r>>,
}

#[derive(Serialize)]
struct JsonLine<'r> {
    line: usize,
    what: &'r str,
}

#[derive(Serialize)]
struct JsonFinding<'r> {
    event: Option<&'r str>,
    what: &'static str,
    class: String,
    guess: bool,
    instance: &'r str,
    old: Option<&'r str>,
    new: Option<&'r str>,
    page: Option<&'r str>,
    line: Option<usize>,
}

/// The report for programs: one JSON object. `step`: the version step that two versions of schema-defs ask for.
///
/// # Errors
///
/// None that can happen: there is nothing in it that is no JSON.
pub fn json(report: &Report<'_>, step: Option<&str>) -> Result<String, serde_json::Error> {
    let pages = report.pages.iter().map(|(name, page)| JsonPage {
        page: name,
        blocks: page.blocks.len(),
        repairs: (page.blocks.iter().flat_map(|block| &block.repairs))
            .map(|repair| JsonLine { line: repair.line, what: &repair.what })
            .collect(),
        unread: page.unread.iter().map(|unread| JsonLine { line: unread.line, what: &unread.why }).collect(),
    });
    let findings = report.findings.iter().map(|finding| JsonFinding {
        event: Some(finding.change.event.as_str()).filter(|event| !event.is_empty()),
        what: finding.change.what.name(),
        class: finding.change.class.to_string(),
        guess: finding.change.what.is_guess(),
        instance: &finding.change.place,
        old: finding.change.old.as_deref(),
        new: finding.change.new.as_deref(),
        page: finding.shown.and_then(|(page, _)| report.pages.get(page)).map(|(name, _)| name.as_str()),
        line: finding.shown.map(|(_, line)| line),
    });
    let count = |class: Class| report.findings.iter().filter(|finding| finding.change.class == class).count();
    serde_json::to_string(&JsonReport {
        provider: report.provider,
        pages: pages.collect(),
        findings: findings.collect(),
        breaking: count(Class::Breaking),
        compatible: count(Class::Compatible),
        step,
    })
}
