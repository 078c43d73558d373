//! Recognizes and replaces placeholders in payloads. A placeholder, such as a text in angle brackets or double curly
//! brackets, stands for a value of an unknown type.

use std::borrow::Cow;

use webhook_codegen::Checked;
use webhook_codegen::catalog::Provider;
use webhook_codegen::json::{Json, step, steps};

use crate::known_event::is_example;
use crate::matching::matches;
use crate::page::{Page, Pages};

/// Returns whether a string is a placeholder. `others` are the placeholders that a vendor's pages use.
pub(crate) fn is_placeholder(text: &str, others: &[String]) -> bool {
    let text = text.trim();
    // `<p>A text</p>` is HTML and not a placeholder.
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    let bracketed = inner.is_some_and(|inner| !inner.is_empty() && !inner.contains(['<', '>']));
    bracketed || text.starts_with("{{") && text.ends_with("}}") || others.iter().any(|known| known == text)
}

/// Replaces placeholders on pages by values of known examples. A placeholder for which no example has a value is kept.
///
/// # Errors
///
/// Returns the problems of schema-defs that cannot be parsed.
pub(crate) fn fill<'p>(provider: &Provider, pages: &'p Pages) -> Checked<Cow<'p, Pages>> {
    let placeholders = &provider.settings.placeholders;
    let any = |(_, page): &(String, Page)| page.blocks.iter().any(|block| has_placeholder(&block.json, placeholders));
    if !pages.iter().any(any) {
        return Ok(Cow::Borrowed(pages));
    }
    let mut filled = pages.to_vec();
    let matches = matches(provider, pages)?;
    for (event, evidence) in provider.events.iter().zip(&matches.events) {
        let examples: Vec<Json> = event.payloads();
        let has_own = |json: &Json| has_placeholder(json, placeholders) && !is_example(event, json);
        for occurrence in evidence.payloads.iter().filter(|occurrence| has_own(occurrence.json)) {
            let payload = with_values(occurrence.json, "", &examples, placeholders);
            for block in filled.get_mut(occurrence.page).into_iter().flat_map(|(_, page)| &mut page.blocks) {
                if block.first_line == occurrence.block.first_line {
                    replace(&mut block.json, occurrence.json, &payload);
                }
            }
        }
    }
    Ok(Cow::Owned(filled))
}

fn has_placeholder(json: &Json, placeholders: &[String]) -> bool {
    match json {
        Json::String(text) => is_placeholder(text, placeholders),
        Json::Array(items) => items.iter().any(|item| has_placeholder(item, placeholders)),
        Json::Object(members) => members.iter().any(|(_, member)| has_placeholder(member, placeholders)),
        _ => false,
    }
}

/// Replaces the placeholders in a payload by the values at the same locations in examples.
fn with_values(json: &Json, place: &str, examples: &[Json], placeholders: &[String]) -> Json {
    let below = |name: &str, inner: &Json| with_values(inner, &step(place, name), examples, placeholders);
    match json {
        Json::String(text) if is_placeholder(text, placeholders) => {
            examples.iter().find_map(|example| value_at(example, place)).unwrap_or(json).clone()
        }
        Json::Array(items) => {
            Json::Array(items.iter().enumerate().map(|(index, item)| below(&index.to_string(), item)).collect())
        }
        Json::Object(members) => {
            Json::Object(members.iter().map(|(name, member)| (name.clone(), below(name, member))).collect())
        }
        scalar => scalar.clone(),
    }
}

/// Returns the value at a location of an example. If the example has fewer items, its first item is used.
fn value_at<'e>(example: &'e Json, place: &str) -> Option<&'e Json> {
    steps(place).try_fold(example, |value, name| match value {
        Json::Array(items) => items.get(name.parse::<usize>().ok()?).or(items.first()),
        value => value.get(&name),
    })
}

/// Replaces a payload in a block. The block may be an array of payloads.
fn replace(block: &mut Json, payload: &Json, filled: &Json) {
    match block {
        block if block == payload => *block = filled.clone(),
        Json::Array(items) => items.iter_mut().filter(|item| *item == payload).for_each(|item| *item = filled.clone()),
        _ => {}
    }
}
