//! Finds the heading or the short title line above a block.

/// The maximum number of lines that are searched for one block.
const MAX_LINES: usize = 1000;

/// Captions that do not describe the code.
const CAPTIONS: [&str; 26] = [
    "json", "json schema", "schema", "copy", "copied", "copied!", "copy code", "copy to clipboard", "example",
    "examples", "example payload", "sample", "sample payload", "payload", "payload example", "response", "request",
    "body", "text", "code", "expand", "collapse", "for example", "request body", "plaintext", "bash",
];

/// Returns the nearest heading or title in the text between a block and the previous one.
pub(super) fn before(gap: &str) -> Option<String> {
    // Text on the block's own line is not its heading.
    let mut lines = gap.rsplit('\n').skip(usize::from(gap.contains('\n'))).take(MAX_LINES).peekable();
    while let Some(line) = lines.next() {
        let line = line.trim();
        let underline = line.len() >= 3 && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'));
        if underline && let Some(heading) = lines.peek().and_then(|above| heading(above.trim())) {
            return Some(heading);
        }
        let found = match marked(line) {
            Some((_, heading)) => heading,
            None => title(line),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Returns the level of a Markdown heading, and its text unless the text does not describe the section.
pub(super) fn marked(line: &str) -> Option<(usize, Option<String>)> {
    let line = line.trim();
    let level = line.bytes().take(7).take_while(|byte| *byte == b'#').count();
    let rest = line.get(level..).filter(|rest| (1..=6).contains(&level) && rest.starts_with(' '))?;
    Some((level, heading(rest.trim_end_matches('#'))))
}

/// Returns the text of a heading without markup.
fn heading(line: &str) -> Option<String> {
    let line = match line.rfind("{#") {
        Some(anchor) if line.ends_with('}') => &line[..anchor],
        _ => line,
    };
    let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '¶' | '#' | '\u{200B}'));
    let line = line.replace('`', "");
    let fits = (1..=160).contains(&line.len()) && line.chars().any(char::is_alphabetic);
    (fits && !CAPTIONS.contains(&line.trim_end_matches(':').to_lowercase().as_str())).then_some(line)
}

/// Returns a short line that looks like a title: it has few words, begins with a capital letter or a digit, and is not
/// a sentence.
fn title(line: &str) -> Option<String> {
    let item = ["• ", "- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark));
    let most = if item.is_some() { 4 } else { 6 };
    let text = item.unwrap_or(line).trim();
    if text.len() > 80 || text.contains(['{', '}', '[', ']', '<', '>', '|', '=', '"', ';', '\\']) {
        return None;
    }
    let bare = text.trim_matches(['*', '_', '`']);
    let large = bare.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let (bare, most) = bare.strip_suffix(':').map_or((bare, most), |bare| (bare, most.min(3)));
    let sentence =
        bare.ends_with(['.', ',', '!', '?', '…']) || [": ", "://", ". "].iter().any(|mark| bare.contains(mark));
    let words = bare.split_whitespace().count();
    if large && !sentence && (1..=most).contains(&words) { heading(bare) } else { None }
}
