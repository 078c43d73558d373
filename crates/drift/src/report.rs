//! Reports drift: a table for people, or JSON for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use textwrap::{WordSeparator, WordSplitter, WrapAlgorithm};
use webhook_codegen::compare::{Change, Class};
use webhook_codegen::cut;

use crate::finding::Finding;
use crate::page::{Page, Pages};
use crate::sentence::{NO_BREAK, place, sentence};
use crate::versions::Comparison;

/// The number of occurrences of a repair on a page up to which each is listed individually.
const EACH: usize = 3;

/// The maximum number of characters of a payload in a table.
const LONGEST: usize = 1_000;

/// The maximum width of a table.
const WIDTH: usize = 100;

/// The contents of a report: differences, and the pages that were compared.
#[derive(Debug)]
pub struct Report<'r> {
    /// The folder name of the provider.
    pub provider: &'r str,
    /// A description of the compared blocks, such as `14 schemas and 14 payloads`.
    pub seen: String,
    /// The pages by name. Empty if two versions of schema-defs are compared.
    pub pages: &'r Pages,
    /// The differences to show.
    pub findings: Vec<&'r Finding>,
    /// Events that were not found, but may be in blocks that could not be parsed.
    pub undetermined: &'r [String],
    /// The source that schema-defs were compared with.
    pub compared: Compared,
}

/// The source that schema-defs are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Pages of documentation.
    Pages,
    /// Imported documents.
    Documents,
    /// An older version of schema-defs.
    Base,
}

impl Compared {
    /// Returns the words that introduce a payload as evidence for a difference.
    fn witness(self, class: Class) -> String {
        let (valid, types) = match self {
            Compared::Pages => ("valid on the page", "today's types"),
            Compared::Documents => ("valid in the document", "today's types"),
            Compared::Base => ("valid now", "the types of the older version"),
        };
        match class {
            Class::Deviation => format!("{valid}, kept as a deviation by {types}"),
            _ => format!("{valid}, rejected by {types}"),
        }
    }
}

/// Returns the findings to show. Differences in wording are included only if `all` is true.
pub fn shown(findings: &[Finding], all: bool) -> Vec<&Finding> {
    findings.iter().filter(|finding| all || finding.change.class != Class::Cosmetic).collect()
}

/// Returns the exit code for the most severe class: 0 if there is no difference, or only a cosmetic one; 1 for a
/// compatible difference or a deviation; and 2 for a breaking or unproven difference.
pub fn exit_code(worst: Option<Class>) -> u8 {
    match worst {
        None | Some(Class::Cosmetic) => 0,
        Some(Class::Compatible | Class::Deviation) => 1,
        Some(Class::Unproven | Class::Breaking) => 2,
    }
}

/// Returns the report for people. `colour` enables the escape sequences of terminals.
pub fn text(report: &Report<'_>, colour: bool) -> String {
    let mut out = String::new();
    // The names of the pages are written once. Below, the number of the page and the line suffice.
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
            wrapped(&mut out, "  repaired  ", &format!("{}{rest}: {what}", shown.join("; ")), "");
        }
        for block in &page.unparsed {
            let at = place((index, block.line), several);
            wrapped(&mut out, "  not read  ", &format!("{at}: {}", block.why), "");
        }
    }
    for event in report.undetermined {
        wrapped(&mut out, "  missing   ", &format!("{event}: it is gone, or in a block that could not be read"), "");
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
        wrapped(&mut out, &front, &sentence(finding, several), sign);
        let indent = " ".repeat(14);
        if let Some(witness) = &finding.change.witness {
            // The payload is on one line, so that it can be copied.
            let witness = cut(&witness.to_string(), LONGEST);
            let _ = writeln!(out, "{indent}{}: {witness}", report.compared.witness(class));
        }
        if let Some(reason) = &finding.change.reason {
            let reason = format!("counts as breaking: neither proven nor refuted, because of {reason}");
            wrapped(&mut out, &indent, &reason, "");
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

/// A difference as one line.
#[derive(Clone, Debug)]
pub struct Line<'r> {
    /// The consequence of the difference.
    pub class: Class,
    /// The event; empty for the provider as a whole.
    pub event: &'r str,
    /// The difference in words.
    pub text: String,
    /// The page and the line with the difference.
    pub page: Option<(&'r str, usize)>,
}

/// Returns the differences of a report, each as one line.
pub fn lines<'r>(report: &'r Report<'_>) -> impl Iterator<Item = Line<'r>> {
    report.findings.iter().map(|finding| Line {
        class: finding.change.class,
        event: &finding.change.event,
        text: sentence(finding, false).replace(NO_BREAK, " "),
        page: finding.location.and_then(|(page, line)| Some((report.pages.get(page)?.0.as_str(), line))),
    })
}

/// Returns the repairs of a page with their lines. Frequent repairs are listed once.
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

/// Writes a text after a prefix, wrapped between words. Further lines are aligned with the text.
fn wrapped(out: &mut String, prefix: &str, text: &str, colour: &str) {
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

/// Returns the report for programs: one JSON object. `compared` is the comparison if two versions of schema-defs are
/// compared.
pub fn json(report: &Report<'_>, compared: Option<&Comparison>) -> Value {
    let line = |line: usize, what: &str| json!({ "line": line, "what": what });
    let page = |(name, page): &(String, Page)| {
        let repairs = page.blocks.iter().flat_map(|block| &block.repairs);
        json!({
            "page": name,
            "blocks": page.blocks.len(),
            "repairs": repairs.map(|repair| line(repair.line, &repair.what)).collect::<Vec<_>>(),
            "unread": page.unparsed.iter().map(|unread| line(unread.line, &unread.why)).collect::<Vec<_>>(),
        })
    };
    // The evidence for a verdict: a payload that is valid under the newer version, and that the types of the older version
    // reject or keep as a deviation; or the reason why the verdict is `unproven`.
    let evidence = |change: &Change| {
        let reason = change.reason.as_deref().map(Value::from);
        [("witness", change.witness.clone()), ("reason", reason)]
    };
    let finding = |finding: &&Finding| {
        let change = &finding.change;
        let finding = json!({
            "event": Some(&change.event).filter(|event| !event.is_empty()),
            "what": change.what.as_str(),
            "class": change.class.to_string(),
            "guess": change.what.is_guess(),
            "instance": change.place,
            "old": change.old,
            "new": change.new,
            "page": finding.location.and_then(|(page, _)| report.pages.get(page)).map(|(name, _)| name),
            "line": finding.location.map(|(_, line)| line),
        });
        // A difference in the wording has no verdict.
        let verdict = (change.class != Class::Cosmetic).then(|| change.class.to_string().into());
        with(with(finding, [("verdict", verdict)]), evidence(change))
    };
    let count = |class: Class| report.findings.iter().filter(|finding| finding.change.class == class).count();
    // The verdict on an event is the most severe verdict on its differences.
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
    let event = |(event, change): (&str, &Change)| {
        with(json!({ "event": event, "verdict": change.class.to_string() }), evidence(change))
    };
    let whole = json!({
        "provider": report.provider,
        "pages": report.pages.iter().map(page).collect::<Vec<_>>(),
        "events": events.into_iter().map(event).collect::<Vec<_>>(),
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "breaking": count(Class::Breaking),
        "unproven": count(Class::Unproven),
        "deviating": count(Class::Deviation),
        "compatible": count(Class::Compatible),
        "undetermined": report.undetermined,
    });
    let step = compared.map(|compared| compared.step.to_string().into());
    with(whole, [("step", step), ("causes", compared.map(|compared| compared.causes.clone().into()))])
}

/// Adds the members that have a value to an object.
fn with(mut object: Value, members: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    for (name, value) in members {
        value.into_iter().for_each(|value| object[name] = value);
    }
    object
}
