//! HTML inside Markdown: what stands in `<pre>` has entities for signs.

use std::borrow::Cow;

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

/// The text with the entities inside `<pre>` elements as the signs that they are; the lines stay.
pub(super) fn decoded(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains("<pre") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest: &str = &text;
    while let Some(start) = rest.find("<pre") {
        let end = rest[start..].find("</pre").map_or(rest.len(), |end| start + end);
        out.push_str(&rest[..start]);
        out.push_str(&signs(&rest[start..end]));
        rest = &rest[end..];
        // The end of the element is no beginning of another.
        let step = rest.char_indices().nth(1).map_or(rest.len(), |(at, _)| at);
        out.push_str(&rest[..step]);
        rest = &rest[step..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn signs(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        let (entity, sign) = known.copied().unwrap_or(("&", "&"));
        out.push_str(sign);
        rest = &rest[entity.len()..];
    }
    out.push_str(rest);
    out
}
