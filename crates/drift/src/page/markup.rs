//! Converts HTML inside Markdown: `<pre>` elements, which use entities and elements for highlighting, and attributes.

use super::html::{self, Rendered};
use super::regions::{self, Language, Region};

const ENTITIES: [(&str, &str); 9] = [
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#x22;", "\""),
    ("&apos;", "'"),
    ("&#39;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&nbsp;", "\u{a0}"),
    ("&amp;", "&"),
];

/// Inline elements that are used for highlighting.
const INLINE: [&str; 16] =
    ["a", "b", "br", "code", "del", "div", "em", "font", "i", "ins", "kbd", "mark", "s", "span", "strong", "u"];

/// The maximum length of a tag in bytes.
const MAX_TAG: usize = 1000;

/// Converts a Markdown page to text, and finds its fenced code blocks and `<pre>` elements. Line numbers do not change.
pub(super) fn render(source: &str) -> Rendered {
    let fences = regions::fences(source);
    if !source.contains("<pre") && !source.contains("&quot;") && !source.contains("&#34;") {
        return Rendered { text: source.to_owned(), regions: fences, ..Rendered::default() };
    }
    let mut text = String::with_capacity(source.len());
    let mut preformatted = Vec::new();
    let mut at = 0;
    for fence in &fences {
        outside_fences(&source[at..fence.start], &mut text, &mut preformatted);
        text.push_str(&source[fence.start..fence.end]);
        at = fence.end;
    }
    outside_fences(&source[at..], &mut text, &mut preformatted);
    // The conversion has moved the fences.
    let mut all = regions::fences(&text);
    let preformatted = regions::joined(&text, preformatted);
    let is_free = |region: &Region| {
        let next = all.partition_point(|fence| fence.end <= region.start);
        all.get(next).is_none_or(|fence| region.end <= fence.start)
    };
    let free: Vec<Region> = preformatted.into_iter().filter(is_free).collect();
    all.extend(free);
    all.sort_by_key(|region| region.start);
    Rendered { text, regions: all, ..Rendered::default() }
}

/// Converts Markdown without fences, and appends it to the text of the page.
fn outside_fences(source: &str, text: &mut String, regions: &mut Vec<Region>) {
    let mut rest = source;
    while let Some((before, tag, code, after)) = preformatted(rest) {
        attributes(before, text);
        line_breaks(tag, text);
        let start = text.len();
        let mut language = html::language(attribute_words(tag).as_bytes());
        if let Some(inner) = code.trim_start().strip_prefix("<code").and_then(|code| code.split_once('>')) {
            language = language.or_else(|| html::language(attribute_words(inner.0).as_bytes()));
        }
        characters(code, true, text);
        regions.push(Region { start, end: text.len(), language: language.unwrap_or(Language::Other) });
        rest = after;
    }
    attributes(rest, text);
}

/// Returns the first `<pre>` element: the text before it, its tag, its contents, and the text after it.
fn preformatted(source: &str) -> Option<(&str, &str, &str, &str)> {
    let mut at = 0;
    loop {
        let start = at + source[at..].find("<pre")?;
        at = start + "<pre".len();
        let Some(tag) = tag(&source[start..]).filter(|tag| name(tag) == "pre") else { continue };
        let inner = start + tag.len();
        let end = inner + source[inner..].find("</pre")?;
        let after = end + self::tag(&source[end..]).map_or("</pre".len(), str::len);
        return Some((&source[..start], tag, &source[inner..end], &source[after..]));
    }
}

/// Returns the tag at the beginning of a text.
fn tag(text: &str) -> Option<&str> {
    let near = text.as_bytes().get(..MAX_TAG.min(text.len()))?;
    let tag = text.get(..=memchr::memchr(b'>', near)?)?;
    Some(tag).filter(|tag| tag.starts_with('<') && !tag[1..].contains('<'))
}

/// Returns the name of a tag.
fn name(tag: &str) -> &str {
    let tag = tag.trim_start_matches(['<', '/']);
    &tag[..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())]
}

/// Returns the names and values of a tag's attributes, as words.
fn attribute_words(tag: &str) -> String {
    tag.replace(['"', '\'', '=', '>'], " ")
}

/// Appends the line breaks of text that is left out.
fn line_breaks(source: &str, text: &mut String) {
    text.extend(source.chars().filter(|c| *c == '\n'));
}

/// Appends code with decoded entities. If `is_element`, elements for highlighting are left out.
fn characters(code: &str, is_element: bool, text: &mut String) {
    let mut rest = code;
    while let Some(at) = rest.find(['&', '<']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(tag) = tag(rest).filter(|tag| is_element && INLINE.contains(&name(tag))) {
            line_breaks(tag, text);
            rest = &rest[tag.len()..];
            continue;
        }
        let known = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        let (entity, sign) = known.copied().unwrap_or((&rest[..1], &rest[..1]));
        text.push_str(sign);
        rest = &rest[entity.len()..];
    }
    text.push_str(rest);
}

/// Appends text. Entities are decoded in attributes that begin like JSON.
fn attributes(source: &str, text: &mut String) {
    let mut rest = source;
    while let Some(at) = rest.find("=\"") {
        let (before, value) = rest.split_at(at + 2);
        text.push_str(before);
        rest = value;
        // The text of a page also has `="`, for example in code. Other values stay as they are.
        let end = if value.trim_start().starts_with(['{', '[']) { value.find('"') } else { None };
        if let Some(value) = end.and_then(|end| value.get(..end)) {
            characters(value, false, text);
            rest = &rest[value.len()..];
        }
    }
    text.push_str(rest);
}
