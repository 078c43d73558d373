//! Document order: violations in the order of their locations in the payload.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::instance::Instance;
use crate::violation::unescape;

/// Sorts the items of a list by their places in a value. Members of an object are in the order of its map.
pub(super) fn sort_by_place<T>(list: &mut [T], instance: Instance<'_>, place: impl Fn(&T) -> &String) {
    sort_by(list, place, |places| places.walk(instance, &mut 0));
}

/// Sorts the items of a list in the order in which a walk meets their places.
pub(crate) fn sort_by<T>(list: &mut [T], place: impl Fn(&T) -> &String, walk: impl FnOnce(&mut Places)) {
    if list.len() < 2 {
        return;
    }
    let mut places = Places::default();
    list.iter().for_each(|item| places.add(place(item)));
    walk(&mut places);
    // The sort is stable: violations of one place stay in the order of evaluation.
    list.sort_by_cached_key(|item| places.time(place(item)));
}

/// A place of interest, and the places of interest below it. Everything else in the instance is passed over, so sorting
/// only takes the time to look at the objects and arrays around the places.
#[derive(Default)]
pub(crate) struct Places {
    /// The time at which the place was met; `None` if it was not met.
    met: Option<usize>,
    below: BTreeMap<String, Places>,
}

impl Places {
    fn add(&mut self, pointer: &str) {
        let mut place = self;
        for step in steps(pointer) {
            place = place.below.entry(step.into_owned()).or_default();
        }
    }

    fn time(&self, pointer: &str) -> usize {
        let found = steps(pointer).try_fold(self, |place, step| place.below.get(&*step));
        found.and_then(|place| place.met).unwrap_or(usize::MAX)
    }

    /// Notes when the place is met, and returns the places of interest directly below it.
    pub(crate) fn meet(&mut self, clock: &mut usize) -> &mut BTreeMap<String, Places> {
        *clock += 1;
        // A repeated member is met several times: its first position counts.
        self.met.get_or_insert(*clock);
        &mut self.below
    }

    pub(crate) fn walk(&mut self, instance: Instance<'_>, clock: &mut usize) {
        let below = self.meet(clock);
        if below.is_empty() {
            return;
        }
        let mut visit = |step: &str, value: &Value| {
            if let Some(place) = below.get_mut(step) {
                place.walk(value.into(), clock);
            }
        };
        match instance {
            Instance::Array(items) => items.iter().enumerate().for_each(|(at, item)| visit(&at.to_string(), item)),
            Instance::Object(members) => members.iter().for_each(|(name, value)| visit(name, value)),
            _ => {}
        }
    }
}

/// Returns the steps of a JSON Pointer.
fn steps(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}
