//! Which event a payload may be read as before it is known to be it: the string of one member gives a guess, which holds if
//! the payload is accepted by the type of that event.
//!
//! That is so where no event of higher precedence can be the same payload. Either that event needs another string in the
//! member, and the guess is certain; or it needs a member that the guessed type does not name. Then a payload with members that
//! the type does not name goes through the matchers.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Condition, Kind, Path, Plan};

/// The guess of a provider as an expression of the runtime's.
pub(crate) fn guess(plan: &Plan) -> TokenStream {
    let mut paths: Vec<&Path> = plan.dispatch.events.iter().flat_map(|(_, tests)| tests).map(Condition::path).collect();
    paths.sort_unstable();
    paths.dedup();
    let guesses = paths.into_iter().map(|path| (path, events(plan, path)));
    // Of several members, the one that most events have a string of their own in.
    let best = guesses.reduce(|best, next| if next.1.len() > best.1.len() { next } else { best });
    match best {
        Some((path, events)) if !events.is_empty() => {
            let member = path.last().map(|name| format!("\"{name}\""));
            let events = events.iter().map(|(text, (event, is_certain))| {
                let name = &plan.events[*event].name;
                quote!((#text, EVENTS.index_of(#name), #is_certain))
            });
            quote!(Some(Guess::new(#member, &[#(#events),*])))
        }
        _ => quote!(None),
    }
}

/// The event that each string of a member stands for once the payload is accepted, and whether that is certain even if the payload
/// has members that its type does not name.
fn events(plan: &Plan, path: &Path) -> BTreeMap<String, (usize, bool)> {
    let mut found = BTreeMap::new();
    for (rank, (event, tests)) in plan.dispatch.events.iter().enumerate() {
        let Some(strings) = strings(tests, path) else { continue };
        // A member that is never there may be kept beside the fields by a type that is read tolerantly.
        if tests.iter().any(|test| matches!(test, Condition::Absent(_))) {
            continue;
        }
        let needs_other_string = |(_, earlier): &(usize, Vec<Condition>)| {
            self::strings(earlier, path).is_some_and(|earlier| strings.iter().all(|text| !earlier.contains(text)))
        };
        let needs_unnamed =
            |(_, earlier): &(usize, Vec<Condition>)| earlier.iter().any(|test| is_unnamed(plan, *event, test));
        let earlier = &plan.dispatch.events[..rank];
        if earlier.iter().all(|other| needs_other_string(other) || needs_unnamed(other)) {
            let is_certain = earlier.iter().all(needs_other_string);
            found.extend(strings.into_iter().map(|text| (text, (*event, is_certain))));
        }
    }
    // A value that several events share is not sufficient.
    let all = plan.dispatch.events.iter().filter_map(|(_, tests)| strings(tests, path));
    let mut all: Vec<String> = all.flatten().collect();
    all.sort_unstable();
    found.retain(|text, _| all.iter().filter(|other| *other == text).count() == 1);
    found
}

/// The strings that the member must have, one of them.
fn strings(tests: &[Condition], path: &Path) -> Option<Vec<String>> {
    tests.iter().find_map(|test| match test {
        Condition::Equals(at, values) if at == path => {
            values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>()
        }
        _ => None,
    })
}

/// Whether a test needs a member of the payload that the type of an event does not name.
fn is_unnamed(plan: &Plan, event: usize, test: &Condition) -> bool {
    let Kind::Struct(object) = &plan.types[plan.events[event].root.0].kind else { return false };
    let Some(first) = test.path().first() else { return false };
    let needed = !matches!(test, Condition::Absent(_));
    let fields = object.fields.iter().map(|field| &field.json);
    needed && !fields.chain(object.constants.iter().map(|constant| &constant.json)).any(|name| name == first)
}
