//! Document order: violations in the order of their locations in the payload text.

use std::collections::HashMap;

use serde_json::Value;

use crate::instance::Instance;
use crate::read::{self, Parser};
use crate::violation::{Violation, Violations, escape};

/// Sorts violations by their position in the text.
pub(crate) fn sort(violations: &mut Violations, text: &str) {
    if violations.list.len() < 2 {
        return;
    }
    let mut order = Order::of(violations.list.iter().map(|violation| &violation.instance_location));
    // A text that cannot be read to its end leaves the rest in the order of evaluation.
    let _ = order.walk_text(&mut Parser::lenient(text), &mut String::new());
    order.apply(&mut violations.list, |violation| &violation.instance_location);
}

/// The same for a value: members as its map has them.
pub(super) fn sort_by_instance(list: &mut Vec<Violation>, instance: Instance<'_>) {
    sort_by_place(list, instance, |violation| &violation.instance_location);
}

/// Sorts whatever has a place in a value: members as its map has them.
pub(super) fn sort_by_place<T>(list: &mut Vec<T>, instance: Instance<'_>, place: impl Fn(&T) -> &String) {
    let mut order = Order::of(list.iter().map(&place));
    order.walk(instance, &mut String::new());
    order.apply(list, place);
}

/// When each place of interest was met.
struct Order {
    met: HashMap<String, usize>,
    clock: usize,
}

impl Order {
    fn of<'p>(places: impl Iterator<Item = &'p String>) -> Order {
        Order { met: places.map(|place| (place.clone(), usize::MAX)).collect(), clock: 0 }
    }

    fn meet(&mut self, place: &str) {
        self.clock += 1;
        if let Some(time) = self.met.get_mut(place) {
            *time = (*time).min(self.clock);
        }
    }

    fn walk(&mut self, instance: Instance<'_>, place: &mut String) {
        self.meet(place);
        let length = place.len();
        let mut visit = |step: &str, value: &Value| {
            place.push('/');
            place.push_str(step);
            self.walk(value.into(), place);
            place.truncate(length);
        };
        match instance {
            Instance::Array(items) => items.iter().enumerate().for_each(|(at, item)| visit(&at.to_string(), item)),
            Instance::Object(members) => members.iter().for_each(|(name, value)| visit(&escape(name), value)),
            _ => {}
        }
    }

    /// The same for JSON text, which is not kept.
    fn walk_text(&mut self, parser: &mut Parser<'_>, place: &mut String) -> read::Result<()> {
        self.meet(place);
        let length = place.len();
        match parser.peek()? {
            b'[' => parser.each_item(|parser, index| {
                place.push_str(&format!("/{index}"));
                self.walk_text(parser, place)?;
                place.truncate(length);
                Ok(())
            }),
            b'{' => parser.each_member(|parser, name| {
                place.push('/');
                place.push_str(&escape(name));
                self.walk_text(parser, place)?;
                place.truncate(length);
                Ok(())
            }),
            _ => parser.value().map(drop),
        }
    }

    /// Sorts, and keeps the order of what was met at once. There are few items.
    fn apply<T>(&self, list: &mut Vec<T>, place: impl Fn(&T) -> &String) {
        let mut times = Vec::with_capacity(list.len());
        let mut sorted = Vec::with_capacity(list.len());
        for item in list.drain(..) {
            let time = self.met.get(place(&item)).copied().unwrap_or(usize::MAX);
            let at = times.partition_point(|earlier| *earlier <= time);
            times.insert(at, time);
            sorted.insert(at, item);
        }
        *list = sorted;
    }
}
