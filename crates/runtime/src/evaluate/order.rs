//! Document order: violations in the order of their locations in the payload.

use std::collections::HashMap;

use serde_json::Value;

use crate::instance::Instance;
use crate::read::{self, Parser};
use crate::violation::{Violations, unescape};

/// Sorts violations by their position in the text.
pub(crate) fn sort(violations: &mut Violations, text: &str) {
    let walk = |places: &mut Places| {
        // If the text cannot be read to its end, the remaining violations stay in the order of evaluation.
        let _ = places.walk_text(&mut Parser::lenient(text), &mut 0);
    };
    sort_by(&mut violations.list, |violation| &violation.instance_location, walk);
}

/// Sorts whatever has a place in a value: members are in the order of their map.
pub(super) fn sort_by_place<T>(list: &mut [T], instance: Instance<'_>, place: impl Fn(&T) -> &String) {
    sort_by(list, place, |places| places.walk(instance, &mut 0));
}

fn sort_by<T>(list: &mut [T], place: impl Fn(&T) -> &String, walk: impl FnOnce(&mut Places)) {
    if list.len() < 2 {
        return;
    }
    let mut places = Places::default();
    list.iter().for_each(|item| places.add(place(item)));
    walk(&mut places);
    // The sort is stable: violations of one place stay in the order of evaluation.
    list.sort_by_cached_key(|item| places.time(place(item)));
}

/// A place of interest and those below it. Whatever else the instance has is passed over, so that sorting takes no more
/// time than looking at the objects and arrays around the places.
#[derive(Default)]
struct Places {
    /// When the place was met; `None` if it was not.
    met: Option<usize>,
    below: HashMap<String, Places>,
}

impl Places {
    fn add(&mut self, pointer: &str) {
        let mut place = self;
        for step in steps(pointer) {
            place = place.below.entry(step).or_default();
        }
    }

    fn time(&self, pointer: &str) -> usize {
        let found = steps(pointer).try_fold(self, |place, step| place.below.get(&step));
        found.and_then(|place| place.met).unwrap_or(usize::MAX)
    }

    fn meet(&mut self, clock: &mut usize) {
        *clock += 1;
        self.met.get_or_insert(*clock);
    }

    fn walk(&mut self, instance: Instance<'_>, clock: &mut usize) {
        self.meet(clock);
        if self.below.is_empty() {
            return;
        }
        let mut visit = |step: &str, value: &Value| {
            if let Some(place) = self.below.get_mut(step) {
                place.walk(value.into(), clock);
            }
        };
        match instance {
            Instance::Array(items) => items.iter().enumerate().for_each(|(at, item)| visit(&at.to_string(), item)),
            Instance::Object(members) => members.iter().for_each(|(name, value)| visit(name, value)),
            _ => {}
        }
    }

    /// The same for JSON text, which is not kept.
    fn walk_text(&mut self, parser: &mut Parser<'_>, clock: &mut usize) -> read::Result<()> {
        self.meet(clock);
        let mut visit = |parser: &mut Parser<'_>, step: &str| match self.below.get_mut(step) {
            Some(place) => place.walk_text(parser, clock),
            None => parser.value().map(drop),
        };
        match parser.peek()? {
            b'[' => parser.each_item(|parser, index| visit(parser, &index.to_string())),
            b'{' => parser.each_member(|parser, name| visit(parser, name)),
            _ => parser.value().map(drop),
        }
    }
}

/// The steps of a JSON Pointer.
fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(unescape)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The places in the order of the text and of the value, and how many places were looked at for either.
    fn sorted(text: &str, places: &[&str]) -> ([Vec<String>; 2], [usize; 2]) {
        let value: Value = serde_json::from_str(text).unwrap();
        let (mut of_text, mut of_value) =
            (places.iter().map(|place| place.to_string()).collect::<Vec<_>>(), Vec::new());
        of_value.clone_from(&of_text);
        let mut looks = [0; 2];
        sort_by(&mut of_text, |place| place, |all| all.walk_text(&mut Parser::lenient(text), &mut looks[0]).unwrap());
        sort_by(&mut of_value, |place| place, |all| all.walk((&value).into(), &mut looks[1]));
        ([of_text, of_value], looks)
    }

    #[test]
    fn places_are_sorted_by_where_they_are() {
        let text = r#"{"z": [1, {"a/b": 2, "~": 3}], "a": {"": 4}, "10": 5, "2": 6}"#;
        let places = ["/2", "/a/", "", "/z/1/~0", "/missing", "/z/1/a~1b", "/z/1", "/a", "/z/0", "/10"];
        let ([of_text, of_value], _) = sorted(text, &places);
        assert_eq!(of_text, ["", "/z/0", "/z/1", "/z/1/a~1b", "/z/1/~0", "/a", "/a/", "/10", "/2", "/missing"]);
        // A value may have the members of an object in another order, as its map does; items are in theirs.
        let at = |place: &str| of_value.iter().position(|other| other == place).unwrap();
        assert!(at("") == 0 && at("/z/0") < at("/z/1") && at("/z/1") < at("/z/1/~0") && at("/missing") == 9);
    }

    #[test]
    fn only_places_of_interest_are_looked_at() {
        let name = "n".repeat(1000);
        let text = json!({ &name: vec![vec![0; 10]; 10_000], "a": [[[0]]] }).to_string();
        let places = [format!("/{name}/9999/9"), format!("/{name}/1"), "/a/0".to_owned()];
        let ([of_text, _], looks) = sorted(&text, &places.each_ref().map(String::as_str));
        assert_eq!(of_text[1..], [places[1].clone(), places[0].clone()]);
        // The root, the two members, and four of the places below them.
        assert_eq!(looks, [7, 7]);
    }
}
