//! What a schema requires beyond types, in words.

use crate::json::Json;
use crate::lower::rustdoc::printable;
use crate::model::Node;

/// How many values of a list are shown.
const LISTED: usize = 40;

/// Each constraint of a schema as a phrase. Keywords that combine schemas (`anyOf`, `not` and so on) are only named, except for
/// an `anyOf` that `listed` has the strings of: one that lists strings and accepts others.
pub(super) fn phrases(node: &Node, listed: Option<&[(String, String)]>) -> Vec<String> {
    let keywords = &node.keywords;
    let mut phrases = Vec::new();
    let mut add = |phrase: String| phrases.push(phrase);
    match (&keywords.const_value, &keywords.enum_values) {
        (Some(value), _) => add(format!("always {}", code(&value.to_string()))),
        (None, Some(values)) => add(one_of(values)),
        (None, None) => {}
    }
    if let Some(format) = &node.annotations.format {
        add(format!("format {}", code(format)));
    }
    let bounds = [
        ("at least", &keywords.minimum),
        ("more than", &keywords.exclusive_minimum),
        ("at most", &keywords.maximum),
        ("less than", &keywords.exclusive_maximum),
    ];
    for (words, bound) in bounds {
        bound.iter().for_each(|bound| add(format!("{words} {}", code(bound))));
    }
    keywords.multiple_of.iter().for_each(|divisor| add(format!("a multiple of {}", code(divisor))));
    let counts = [
        (keywords.min_length, keywords.max_length, "character"),
        (keywords.min_items, keywords.max_items, "item"),
        (keywords.min_properties, keywords.max_properties, "member"),
    ];
    for (least, most, noun) in counts {
        count(least, most, noun).into_iter().for_each(&mut add);
    }
    keywords.patterns.iter().for_each(|source| add(format!("matches {}", code(source))));
    if keywords.unique_items {
        add("no two items are equal".to_owned());
    }
    let named = [
        (!keywords.any_of.is_empty() && listed.is_none(), "anyOf"),
        (!keywords.one_of.is_empty(), "oneOf"),
        (!keywords.not.is_empty(), "not"),
        (!keywords.if_then_else.is_empty(), "if"),
        (!keywords.contains.is_empty(), "contains"),
        (!keywords.dependent_schemas.is_empty(), "dependentSchemas"),
    ];
    for (_, keyword) in named.into_iter().filter(|(is_there, _)| *is_there) {
        add(format!("the schema has {}", code(keyword)));
    }
    if let Some(listed) = listed {
        let texts: Vec<Json> = listed.iter().map(|(text, _)| Json::String(text.clone())).collect();
        phrases.push(format!("usually {}; others are accepted", one_of(&texts)));
    }
    phrases
}

fn code(text: &str) -> String {
    format!("`{}`", printable(text))
}

fn one_of(values: &[Json]) -> String {
    let shown: Vec<String> = values.iter().take(LISTED).map(|value| code(&value.to_string())).collect();
    let more = values.len().saturating_sub(LISTED);
    match more {
        0 => format!("one of {}", shown.join(", ")),
        more => format!("one of {}, and {more} more", shown.join(", ")),
    }
}

/// A bound on how many there may be.
fn count(least: Option<u64>, most: Option<u64>, noun: &str) -> Option<String> {
    let plural = |count: u64| if count == 1 { noun.to_owned() } else { format!("{noun}s") };
    match (least.filter(|least| *least > 0), most) {
        (None, None) => None,
        (Some(least), None) => Some(format!("at least {least} {}", plural(least))),
        (None, Some(most)) => Some(format!("at most {most} {}", plural(most))),
        (Some(least), Some(most)) if least == most => Some(format!("{least} {}", plural(least))),
        (Some(least), Some(most)) => Some(format!("{least} to {most} {}", plural(most))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_phrases() {
        assert_eq!(count(Some(1), None, "item").as_deref(), Some("at least 1 item"));
        assert_eq!(count(None, Some(2), "item").as_deref(), Some("at most 2 items"));
        assert_eq!(count(Some(2), Some(2), "item").as_deref(), Some("2 items"));
        assert_eq!(count(Some(1), Some(5), "character").as_deref(), Some("1 to 5 characters"));
        assert_eq!(count(Some(0), None, "member"), None);
    }
}
