//! Code blocks of a page, with the languages that they are labelled with.

/// A code block, as a range of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) language: Language,
}

/// The language of a code block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// JSON, or a related format.
    Json,
    /// A language in which braces do not indicate JSON.
    Program,
    /// No language, or another one.
    Other,
}

impl Language {
    /// Parses a label such as `json`, `json5 title="x"` or `{.json}`.
    pub(super) fn of(label: &str) -> Language {
        let label = label.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let end = label.find(|c: char| !c.is_ascii_alphanumeric() && c != '+' && c != '#').unwrap_or(label.len());
        match label[..end].to_ascii_lowercase().as_str() {
            "json" | "json5" | "jsonc" | "jsonl" | "ndjson" | "hjson" => Language::Json,
            "js" | "javascript" | "jsx" | "ts" | "typescript" | "tsx" | "py" | "python" | "python3" | "rb" | "ruby"
            | "php" | "go" | "golang" | "java" | "kotlin" | "kt" | "scala" | "swift" | "c" | "cpp" | "c++" | "cs"
            | "c#" | "csharp" | "rust" | "rs" | "perl" | "lua" | "r" | "dart" | "css" | "scss" | "less" | "graphql"
            | "hcl" | "terraform" | "groovy" | "elixir" | "powershell" | "ps1" | "html" | "xml" | "vue" | "nginx"
            | "toml" | "ini" | "sql" | "mermaid" | "diff" => Language::Program,
            _ => Language::Other,
        }
    }
}

/// Returns the fenced code blocks of Markdown.
pub(super) fn fences(text: &str) -> Vec<Region> {
    let bytes = text.as_bytes();
    let mut regions = Vec::new();
    let mut open: Option<(u8, usize, usize, Language)> = None;
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'`', b'~', bytes.get(at..).unwrap_or_default()).map(|found| at + found) {
        let mark = bytes[found];
        let count = bytes[found..].iter().take_while(|byte| **byte == mark).count();
        at = found + count;
        if count < 3 {
            continue;
        }
        let Some(line_start) = fence_line(bytes, found) else { continue };
        let line_end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end);
        let info = text[at..line_end].trim();
        match open {
            // The rules for fences are those of CommonMark, section 4.5. Backticks after backticks are inline code.
            None if mark == b'`' && info.contains('`') => continue,
            None => open = Some((mark, count, (line_end + 1).min(bytes.len()), Language::of(info))),
            Some((opening, least, start, language)) if opening == mark && count >= least && info.is_empty() => {
                regions.push(Region { start, end: line_start.max(start), language });
                open = None;
            }
            Some(_) => {}
        }
        at = line_end;
    }
    // A fence that is not closed extends to the end of the document.
    if let Some((_, _, start, language)) = open {
        regions.push(Region { start, end: bytes.len(), language });
    }
    regions
}

/// Joins consecutive code blocks with one line each that are the lines of one block, because some pages have an element
/// for each line of code.
pub(super) fn joined(text: &str, regions: Vec<Region>) -> Vec<Region> {
    let line = |region: &Region| text.get(region.start..region.end).filter(|line| !line.trim().contains('\n'));
    let mut joined: Vec<Region> = Vec::with_capacity(regions.len());
    // The number of brackets that are open at the end of the last block. A block is continued only if there are any.
    let mut open = 0;
    for region in regions {
        let brackets = line(&region).map(open_brackets);
        if let (Some(last), Some(brackets)) = (joined.last_mut().filter(|_| open > 0), brackets)
            && text.get(last.end..region.start).is_some_and(|between| between.trim().is_empty())
        {
            last.end = region.end;
            open += brackets;
            continue;
        }
        open = brackets.unwrap_or_default();
        joined.push(region);
    }
    joined
}

/// Returns the number of opening brackets on a line minus the number of closing ones.
fn open_brackets(line: &str) -> isize {
    let mut open = 0;
    let mut in_string = false;
    let mut is_escaped = false;
    for byte in line.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => open += 1,
            b'}' | b']' if !in_string => open -= 1,
            _ => {}
        }
    }
    open
}

/// Returns the start of the line if only white space and the marks of lists and quotes precede the fence.
fn fence_line(bytes: &[u8], fence: usize) -> Option<usize> {
    for back in 0..48 {
        let Some(place) = fence.checked_sub(back + 1) else { return Some(0) };
        match bytes[place] {
            b'\n' => return Some(place + 1),
            b' ' | b'\t' | b'>' | b'-' | b'*' | b'+' | b'.' | b')' | b'0'..=b'9' => {}
            _ => return None,
        }
    }
    None
}
