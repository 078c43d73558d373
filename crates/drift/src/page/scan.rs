//! Finds the JSON in a text: tries every opening bracket, and keeps objects with members and arrays of such objects.
//!
//! After a failed attempt, the same text is read again from the next bracket. A budget limits this, so that the time is
//! linear.

use std::ops::Range;

use webhook_codegen::json::Json;

use super::escaped;
use super::limits::MAX_BLOCKS;
use super::parser::{ParseError, Parser};
use super::regions::{Language, Region};
use super::repair::{RepairKind, Repairs};
use super::unparsed;

/// The maximum number of bytes of a page that are read more than once.
const REREAD: usize = 1024 * 1024;

/// The maximum number of unparsed blocks that are reported.
const MAX_UNPARSED: usize = 200;

/// A JSON block that was found.
pub(super) struct FoundBlock {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) json: Json,
    pub(super) repairs: Repairs,
}

/// A block that looks like JSON, but could not be parsed.
pub(super) struct Failed {
    pub(super) start: usize,
    /// The error; `None` if it concerns the whole block.
    pub(super) error: Option<ParseError>,
}

/// The blocks that were found, in the order of the text.
#[derive(Default)]
pub(super) struct Scanned {
    pub(super) found: Vec<FoundBlock>,
    pub(super) failed: Vec<Failed>,
    /// The offset at which the limit of blocks was reached.
    pub(super) block_limit: Option<usize>,
    /// The offset at which the budget for reading text again was exhausted.
    pub(super) reread_budget_exhausted: Option<usize>,
}

struct Scan<'t> {
    text: &'t str,
    budget: usize,
    /// The end of the text that a failed attempt has read.
    failed_until: usize,
    out: Scanned,
}

/// Finds the JSON in a text.
pub(super) fn scan(text: &str, regions: &[Region]) -> Scanned {
    let mut scan = Scan { text, budget: REREAD, failed_until: 0, out: Scanned::default() };
    let mut regions_left = regions.iter().peekable();
    let mut at = 0;
    while let Some(start) = next_bracket(text, at) {
        if scan.out.found.len() == MAX_BLOCKS {
            scan.out.block_limit = Some(start);
            break;
        }
        let is_escaped = escaped::begins(&text[start..]);
        if !is_escaped && !may_begin(text, start) {
            at = start + 1;
            continue;
        }
        while regions_left.next_if(|region| region.end <= start).is_some() {}
        let next = regions_left.peek().copied();
        let region = next.filter(|region| region.start <= start);
        let limit = region.map_or(next.map_or(text.len(), |region| region.start), |region| region.end);
        at = if is_escaped { scan.read_escaped(start, limit, region) } else { scan.read(start, limit, region) };
    }
    scan.labelled(regions);
    scan.out
}

fn next_bracket(text: &str, at: usize) -> Option<usize> {
    memchr::memchr2(b'{', b'[', text.as_bytes().get(at..)?).map(|found| at + found)
}

/// Returns whether the character after a bracket may occur in a block. This only saves time: text in a programming language has many
/// brackets that cannot begin a block.
fn may_begin(text: &str, start: usize) -> bool {
    match text.as_bytes().get(start..) {
        Some([b'{', next, ..]) => {
            !matches!(next, b'{' | b'[' | b']' | b'}' | b'(' | b')' | b'%' | b'`' | b'\\' | b':' | b';' | b'0'..=b'9')
        }
        Some([b'[', next, ..]) => !matches!(next, b']' | b'}' | b'(' | b')' | b'^' | b'\\' | b':' | b';'),
        _ => false,
    }
}

impl Scan<'_> {
    /// Parses from a bracket, and returns the offset at which to continue.
    fn read(&mut self, start: usize, limit: usize, region: Option<&Region>) -> usize {
        let mut reader = Parser::new(self.text, start, limit);
        let read = reader.value(false);
        let reach = reader.at.min(limit).max(start + 1);
        let error = match read {
            Ok(json) => {
                if is_block(&json) && self.is_json(start..reach, &json, &reader, region) {
                    self.out.found.push(FoundBlock { start, end: reach, json, repairs: reader.repairs });
                }
                return reach;
            }
            Err(error) => error,
        };
        if !error.too_much && !self.looks_intended_as_json(start, limit, error.at, region) {
            // This is prose or a program, but a block may still begin at a bracket inside.
            return self.retry_inside(start, reach);
        }
        let from = error.at.clamp(start + 1, limit);
        // The search for the end also uses the budget; otherwise many unclosed brackets would take quadratic time.
        let end = limit.min(from.saturating_add(self.budget));
        let mut after = unparsed::rest_of_block(self.text, from, end, reader.depth(), region.is_none());
        // JSON does not continue after its code block.
        if after.is_none() && region.is_some() && end == limit {
            after = Some(limit);
        }
        let after = after.unwrap_or_else(|| {
            self.budget = self.budget.saturating_sub(end - from);
            reach
        });
        self.failed(start, error);
        after.max(start + 1)
    }

    /// Parses from a bracket inside a string in which every quote is escaped.
    fn read_escaped(&mut self, start: usize, limit: usize, region: Option<&Region>) -> usize {
        let plain = escaped::unescaped(&self.text[start..limit]);
        let reach = (start + plain.len()).clamp(start + 1, limit);
        let mut reader = Parser::new(&plain, 0, plain.len());
        match reader.value(false) {
            Ok(json) => {
                let prefix = self.prefix(start);
                let is_string = prefix.is_empty() || prefix.ends_with(['"', '\'', '`']);
                // A string inside a failed attempt is not a block.
                if start >= self.failed_until && (is_string || !in_program(region)) {
                    let mut repairs = reader.repairs;
                    repairs.shift(start);
                    repairs
                        .push(start, RepairKind::EscapedQuotes, || "escaped quotes were read as plain ones".to_owned());
                    self.out.found.push(FoundBlock { start, end: reach, json, repairs });
                }
                reach
            }
            Err(ParseError { at, what, too_much }) => {
                if in_program(region) || !self.prefix(start).trim_end_matches('"').is_empty() {
                    return self.retry_inside(start, reach);
                }
                self.failed(start, ParseError { at: start + at, what, too_much });
                reach
            }
        }
    }

    /// Returns where to continue after text that is not intended as JSON: inside the text, as long as the budget lasts.
    fn retry_inside(&mut self, start: usize, reach: usize) -> usize {
        let reread = reach - start - 1;
        if reread > self.budget {
            self.out.reread_budget_exhausted.get_or_insert(start);
            return reach;
        }
        self.budget -= reread;
        self.failed_until = self.failed_until.max(reach);
        start + 1
    }

    fn failed(&mut self, start: usize, error: ParseError) {
        if self.out.failed.len() < MAX_UNPARSED {
            self.out.failed.push(Failed { start, error: Some(error) });
        }
    }

    /// Returns whether text that cannot be parsed looks intended as JSON, and should be reported.
    fn looks_intended_as_json(&self, start: usize, limit: usize, error: usize, region: Option<&Region>) -> bool {
        if in_program(region) || !self.prefix(start).is_empty() {
            return false;
        }
        let code = &self.text[start..limit];
        let first = region.filter(|region| self.text[region.start..start].trim().is_empty());
        if first.is_some_and(|region| region.language == Language::Json) || unparsed::begins_like_json(code) {
            return true;
        }
        let program = self.text.get(error.min(limit)..limit).is_some_and(unparsed::is_expression);
        !program && (unparsed::begins_like_json5(code) || first.is_some() && unparsed::is_bracketed_like_json(code))
    }

    /// Returns whether parsed text is intended as JSON, rather than part of a program with similar syntax.
    fn is_json(&self, place: Range<usize>, json: &Json, reader: &Parser<'_>, region: Option<&Region>) -> bool {
        let Range { start, end } = place;
        let prefix = self.prefix(start);
        let foreign = reader.repairs.of_a_program();
        let before = region.map_or("", |region| self.text[region.start..start].trim());
        match region.map_or(Language::Other, |region| region.language) {
            Language::Json => true,
            // Objects of many programming languages are read as JSON by the lenient parser. In a program, only the whole block or a
            // value at the beginning of a line or in a string is taken for a payload.
            Language::Program => {
                before.is_empty() || (!foreign && (prefix.is_empty() || prefix.ends_with(['\'', '`'])))
            }
            Language::Other if foreign => {
                let whole = region.is_some_and(|region| self.text[end.min(region.end)..region.end].trim().is_empty());
                prefix.is_empty() && (reader.quoted || has_string(json) || whole && before.is_empty())
            }
            // A member inside a failed attempt is not a block.
            Language::Other => start >= self.failed_until || !prefix.ends_with(':'),
        }
    }

    /// Returns the text before an offset on its line, up to a limit.
    fn prefix(&self, place: usize) -> &str {
        // The limit keeps the time linear if a page is one line.
        let mut near = place.saturating_sub(120);
        while !self.text.is_char_boundary(near) {
            near -= 1;
        }
        let near = &self.text[near..place];
        near.rsplit_once('\n').map_or(near, |(_, line)| line).trim()
    }

    /// Reports code blocks that are labelled as JSON but contain no JSON, unless a failed attempt in the block is
    /// reported already.
    fn labelled(&mut self, regions: &[Region]) {
        let end = self.out.block_limit.unwrap_or(self.text.len());
        let mut missed = Vec::new();
        for region in regions.iter().filter(|region| region.language == Language::Json && region.end <= end) {
            let code = self.text[region.start..region.end].trim();
            let found = self.out.found.partition_point(|found| found.start < region.start);
            let failed = self.out.failed.partition_point(|failed| failed.start < region.start);
            let known = self.out.found.get(found).is_some_and(|found| found.start < region.end)
                || self.out.failed.get(failed).is_some_and(|failed| failed.start < region.end);
            if !known && !code.is_empty() && Json::parse(code).is_err() {
                missed.push(Failed { start: region.start, error: None });
            }
        }
        missed.truncate(MAX_UNPARSED);
        self.out.failed.extend(missed);
        self.out.failed.sort_by_key(|failed| failed.start);
    }
}

fn in_program(region: Option<&Region>) -> bool {
    region.is_some_and(|region| region.language == Language::Program)
}

/// Returns whether a value is an object with members, or an array with such an object.
fn is_block(json: &Json) -> bool {
    match json {
        Json::Object(members) => !members.is_empty(),
        Json::Array(items) => items.iter().any(is_block),
        _ => false,
    }
}

fn has_string(json: &Json) -> bool {
    match json {
        Json::String(_) => true,
        Json::Object(members) => members.iter().any(|(_, value)| has_string(value)),
        Json::Array(items) => items.iter().any(has_string),
        _ => false,
    }
}
