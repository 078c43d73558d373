//! The report of drift: a table for people, or JSON for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use textwrap::{WordSeparator, WordSplitter, WrapAlgorithm};
use webhook_codegen::compare::{Change, Class};

use crate::finding::Finding;
use crate::page::Page;
use crate::sentence::{NO_BREAK, cut, place, sentence};
use crate::versions::Comparison;

/// How often a repair may occur on a page for each occurrence to be listed by itself.
const EACH: usize = 3;

/// How long a payload may be in a table.
const LONGEST: usize = 1_000;

/// How wide a table may be.
const WIDTH: usize = 100;

/// Differences, with the pages that were compared.
#[derive(Debug)]
pub struct Report<'r> {
    /// The provider, by the name of its folder.
    pub provider: &'r str,
    /// What was compared, in words, such as `14 schemas and 14 payloads`.
    pub seen: String,
    /// The pages, by their names; none where two versions of schema-defs are compared.
    pub pages: &'r [(String, Page)],
    /// The differences that are shown.
    pub findings: Vec<&'r Finding>,
    /// Events that were not found, and may be in unreadable blocks.
    pub undetermined: &'r [String],
    /// What schema-defs were compared with.
    pub compared: Compared,
}

/// What schema-defs are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Pages of documentation.
    Pages,
    /// Documents that are imported.
    Documents,
    /// An older version of schema-defs.
    Base,
}

impl Compared {
    /// What a payload that is evidence of a difference is, as the beginning of a line.
    fn witness(self, class: Class) -> String {
        let (valid, types) = match self {
            Compared::Pages => ("valid on the page", "the types of today"),
            Compared::Documents => ("valid in the document", "the types of today"),
            Compared::Base => ("valid now", "the types of the older version"),
        };
        match class {
            Class::Deviation => format!("{valid}, kept as a deviation by {types}"),
            _ => format!("{valid}, refused by {types}"),
        }
    }
}

/// The findings to show: differences in wording only with `all`.
pub fn shown(findings: &[Finding], all: bool) -> Vec<&Finding> {
    findings.iter().filter(|finding| all || finding.change.class != Class::Cosmetic).collect()
}

/// The exit code for the most severe class: 0 for none or wording, 1 for what is compatible or a deviation, 2 for what is breaking
/// or not proven.
pub fn exit_code(worst: Option<Class>) -> u8 {
    match worst {
        None | Some(Class::Cosmetic) => 0,
        Some(Class::Compatible | Class::Deviation) => 1,
        Some(Class::Unproven | Class::Breaking) => 2,
    }
}

/// The report for people. `colour`: for a terminal.
pub fn text(report: &Report<'_>, colour: bool) -> String {
    let mut out = String::new();
    // The pages are named once; below, the number of the page and the line are enough.
    let several = report.pages.len() > 1;
    let name = |(at, (name, _)): (usize, &(String, Page))| match several {
        true => format!("{name} (page {})", at + 1),
        false => name.clone(),
    };
    let names: Vec<String> = report.pages.iter().enumerate().map(name).collect();
    let of = if names.is_empty() { String::new() } else { format!(" in {}", names.join(", ")) };
    let is_partial = report.pages.iter().any(|(_, page)| !page.unparsed.is_empty());
    let none = match report.findings.is_empty() {
        true if is_partial => ": no drift in what could be read",
        true => ": no drift",
        false => "",
    };
    let _ = writeln!(out, "{}: {}{of}{none}", report.provider, report.seen);
    for (index, (_, page)) in report.pages.iter().enumerate() {
        for (places, what) in repairs(page) {
            let (shown, rest) = places.split_at(places.len().min(EACH));
            let shown: Vec<String> = shown.iter().map(|line| place((index, *line), several)).collect();
            let rest = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            lines(&mut out, "  repaired  ", &format!("{}{rest}: {what}", shown.join("; ")), "");
        }
        for block in &page.unparsed {
            let at = place((index, block.line), several);
            lines(&mut out, "  not read  ", &format!("{at}: {}", block.why), "");
        }
    }
    for event in report.undetermined {
        lines(&mut out, "  missing   ", &format!("{event}: it is gone, or in a block that could not be read"), "");
    }
    if report.findings.is_empty() {
        return out;
    }
    out.push('\n');
    let width = report.findings.iter().map(|finding| finding.change.event.chars().count()).max().unwrap_or_default();
    let width = width.clamp(5, 40);
    for finding in &report.findings {
        let class = finding.change.class;
        let front = format!("  {class:<10}  {:<width$}  ", cut(&finding.change.event, width));
        let sign = match class {
            Class::Breaking | Class::Unproven if colour => "\u{1b}[31m",
            Class::Compatible | Class::Deviation if colour => "\u{1b}[33m",
            _ => "",
        };
        lines(&mut out, &front, &sentence(finding, several), sign);
        let indent = " ".repeat(14);
        if let Some(witness) = &finding.change.witness {
            // On one line, to be copied.
            let witness = cut(&witness.to_string(), LONGEST);
            let _ = writeln!(out, "{indent}{}: {witness}", report.compared.witness(class));
        }
        if let Some(reason) = &finding.change.reason {
            let reason = format!("counts as breaking: neither proven nor refuted, because of {reason}");
            lines(&mut out, &indent, &reason, "");
        }
    }
    let count = |class: Class| report.findings.iter().filter(|finding| finding.change.class == class).count();
    let _ = write!(out, "\n{} breaking", count(Class::Breaking));
    for (class, word) in [(Class::Unproven, "unproven"), (Class::Deviation, "deviating")] {
        if count(class) > 0 {
            let _ = write!(out, ", {} {word}", count(class));
        }
    }
    let _ = writeln!(out, ", {} compatible", count(Class::Compatible));
    out
}

/// The repairs of a page, with their lines; frequent repairs are listed once.
fn repairs(page: &Page) -> Vec<(Vec<usize>, &str)> {
    let all = || page.blocks.iter().flat_map(|block| &block.repairs);
    let mut places_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for repair in all() {
        places_of.entry(&repair.what).or_default().push(repair.line);
    }
    let listed = all().filter_map(|repair| {
        let is_rare = places_of.get(repair.what.as_str()).is_some_and(|lines| lines.len() <= EACH);
        let lines = if is_rare { vec![repair.line] } else { places_of.remove(repair.what.as_str())? };
        Some((lines, repair.what.as_str()))
    });
    listed.collect()
}

/// Writes a text after a prefix, wrapped between words; further lines are aligned with the text.
fn lines(out: &mut String, prefix: &str, text: &str, colour: &str) {
    let indent = prefix.chars().count();
    let room = WIDTH.saturating_sub(indent).max(20);
    let options = textwrap::Options::new(room)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let reset = if colour.is_empty() { "" } else { "\u{1b}[0m" };
    for (at, row) in textwrap::wrap(text, options).iter().enumerate() {
        let row = row.replace(NO_BREAK, " ");
        let line = match at {
            0 => format!("{colour}{prefix}{reset}{row}"),
            _ => format!("{:indent$}{row}", ""),
        };
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

#[derive(Serialize)]
struct JsonReport<'r> {
    provider: &'r str,
    pages: Vec<JsonPage<'r>>,
    /// The verdict on each event that has a difference, with its evidence.
    events: Vec<JsonEvent<'r>>,
    findings: Vec<JsonFinding<'r>>,
    breaking: usize,
    unproven: usize,
    deviating: usize,
    compatible: usize,
    undetermined: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    causes: Option<&'r [String]>,
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
struct JsonEvent<'r> {
    event: &'r str,
    verdict: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<&'r Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
}

#[derive(Serialize)]
struct JsonFinding<'r> {
    event: Option<&'r str>,
    what: &'static str,
    class: String,
    /// The class, unless only words differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<String>,
    /// A payload that is valid under the newer version, and that the types of the older one reject or keep as a deviation.
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<&'r Value>,
    /// Why the verdict is `unproven`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
    guess: bool,
    instance: &'r str,
    old: Option<&'r str>,
    new: Option<&'r str>,
    page: Option<&'r str>,
    line: Option<usize>,
}

/// The report for programs: one JSON object. `compared`: the comparison that it is of, where two versions of schema-defs are
/// compared.
///
/// # Errors
///
/// Does not occur: everything in the report can be serialized.
pub fn json(report: &Report<'_>, compared: Option<&Comparison>) -> Result<String, serde_json::Error> {
    let pages = report.pages.iter().map(|(name, page)| JsonPage {
        page: name,
        blocks: page.blocks.len(),
        repairs: (page.blocks.iter().flat_map(|block| &block.repairs))
            .map(|repair| JsonLine { line: repair.line, what: &repair.what })
            .collect(),
        unread: page.unparsed.iter().map(|unread| JsonLine { line: unread.line, what: &unread.why }).collect(),
    });
    let findings = report.findings.iter().map(|finding| JsonFinding {
        event: Some(finding.change.event.as_str()).filter(|event| !event.is_empty()),
        what: finding.change.what.name(),
        class: finding.change.class.to_string(),
        verdict: Some(finding.change.class.to_string()).filter(|_| finding.change.class != Class::Cosmetic),
        witness: finding.change.witness.as_ref(),
        reason: finding.change.reason.as_deref(),
        guess: finding.change.what.is_guess(),
        instance: &finding.change.place,
        old: finding.change.old.as_deref(),
        new: finding.change.new.as_deref(),
        page: finding.location.and_then(|(page, _)| report.pages.get(page)).map(|(name, _)| name.as_str()),
        line: finding.location.map(|(_, line)| line),
    });
    let count = |class: Class| report.findings.iter().filter(|finding| finding.change.class == class).count();
    // The verdict on an event is the worst of its differences.
    let mut events: BTreeMap<&str, &Change> = BTreeMap::new();
    for change in report.findings.iter().map(|finding| &finding.change) {
        if change.class > Class::Cosmetic && !change.event.is_empty() {
            let worst = events.entry(&change.event).or_insert(change);
            let rank = |change: &Change| (change.class, change.witness.is_some());
            if rank(change) > rank(worst) {
                *worst = change;
            }
        }
    }
    let events = events.into_iter().map(|(event, change)| JsonEvent {
        event,
        verdict: change.class.to_string(),
        witness: change.witness.as_ref(),
        reason: change.reason.as_deref(),
    });
    serde_json::to_string(&JsonReport {
        provider: report.provider,
        pages: pages.collect(),
        events: events.collect(),
        findings: findings.collect(),
        breaking: count(Class::Breaking),
        unproven: count(Class::Unproven),
        deviating: count(Class::Deviation),
        compatible: count(Class::Compatible),
        undetermined: report.undetermined,
        step: compared.map(|compared| compared.step.to_string()),
        causes: compared.map(|compared| compared.causes.as_slice()),
    })
}
