//! Document order: violations in the order of their locations in JSON text, which a `Value` does not keep.

use crate::evaluate::{Places, sort_by};
use crate::read::{self, Parser};
use crate::violation::Violations;

/// Sorts violations by their position in the text.
pub(crate) fn sort(violations: &mut Violations, text: &str) {
    sort_by(
        &mut violations.list,
        |violation| &violation.instance_location,
        |places| {
            // If the text cannot be read to its end, the remaining violations stay in the order of evaluation.
            let _ = walk(places, &mut Parser::lenient(text), &mut 0);
        },
    );
}

fn walk(places: &mut Places, parser: &mut Parser<'_>, clock: &mut usize) -> read::Result<()> {
    let below = places.meet(clock);
    if below.is_empty() {
        return parser.skip();
    }
    let mut visit = |parser: &mut Parser<'_>, step: &str| match below.get_mut(step) {
        Some(places) => walk(places, parser, clock),
        None => parser.skip(),
    };
    match parser.peek()? {
        b'[' => parser.each_item(|parser, index| visit(parser, &index.to_string())),
        b'{' => parser.each_member(|parser, name| visit(parser, name)),
        _ => parser.skip(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Returns the places in the order of the text and in the order of the value, each with the number of places that
    /// were visited.
    fn sorted(text: &str, places: &[&str]) -> ([Vec<String>; 2], [usize; 2]) {
        let value: Value = serde_json::from_str(text).unwrap();
        let (mut of_text, mut of_value) =
            (places.iter().map(|place| place.to_string()).collect::<Vec<_>>(), Vec::new());
        of_value.clone_from(&of_text);
        let mut looks = [0; 2];
        sort_by(&mut of_text, |place| place, |all| walk(all, &mut Parser::lenient(text), &mut looks[0]).unwrap());
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
