//! Document order: violations in the order of their locations in the payload text.

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::instance::Instance;
use crate::violation::{Violation, Violations, escape};

/// Sorts violations by their position in the text.
pub(crate) fn sort(violations: &mut Violations, text: &str) {
    if violations.list.len() < 2 {
        return;
    }
    let mut order = Order::of(violations.list.iter().map(|violation| &violation.instance_location));
    let mut reader = serde_json::Deserializer::from_str(text);
    // A text that cannot be read to its end leaves the rest in the order of evaluation.
    let _ = Walk { order: &mut order, place: String::new() }.deserialize(&mut reader);
    order.apply(&mut violations.list, |violation| &violation.instance_location);
}

/// The same for a value: members as its map has them.
pub(super) fn sort_by_instance(list: &mut [Violation], instance: Instance<'_>) {
    sort_by_place(list, instance, |violation| &violation.instance_location);
}

/// Sorts whatever has a place in a value: members as its map has them.
pub(super) fn sort_by_place<T>(list: &mut [T], instance: Instance<'_>, place: impl Fn(&T) -> &String) {
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

    fn apply<T>(&self, list: &mut [T], place: impl Fn(&T) -> &String) {
        list.sort_by_key(|item| self.met.get(place(item)).copied().unwrap_or(usize::MAX));
    }
}

/// Walks a JSON text without building it.
struct Walk<'o> {
    order: &'o mut Order,
    place: String,
}

impl<'de> DeserializeSeed<'de> for &mut Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.order.meet(&self.place);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let length = self.place.len();
        for index in 0_usize.. {
            self.place.push_str(&format!("/{index}"));
            let more = items.next_element_seed(&mut *self)?.is_some();
            self.place.truncate(length);
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let length = self.place.len();
        while let Some(name) = members.next_key::<String>()? {
            self.place.push('/');
            self.place.push_str(&escape(&name));
            // Where numbers come as maps of a private name, their text is not looked at.
            if name.starts_with("$serde_json::private") {
                self.place.truncate(length);
                members.next_value::<IgnoredAny>()?;
                continue;
            }
            members.next_value_seed(&mut *self)?;
            self.place.truncate(length);
        }
        Ok(())
    }
}
