//! Recognizes maps: objects whose member names are data, such as `{"10.0.0.1": …}`, as opposed to structs.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::text::{is_address, is_data, is_host, is_media_type};
use crate::json::{Json, steps};
use crate::text::words;

/// The kind of the objects at a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The member names are data.
    Map,
    /// The vendor chose the member names.
    Struct,
    /// The member names look chosen by the vendor, but the objects look like a map.
    Unsure,
}

/// A person's decisions about maps, by the location of the objects: JSON Pointers with `*` for any member or item.
#[derive(Clone, Debug, Default)]
pub struct MapDecisions {
    /// The locations of objects that are maps.
    pub maps: Vec<String>,
    /// The locations of objects that are structs.
    pub structs: Vec<String>,
}

impl MapDecisions {
    /// Returns a person's decision about the objects at a location.
    pub(super) fn at(&self, place: &str) -> Option<Kind> {
        let has = |list: &[String]| list.iter().any(|known| matches(known, place));
        match (has(&self.maps), has(&self.structs)) {
            (true, _) => Some(Kind::Map),
            (_, true) => Some(Kind::Struct),
            _ => None,
        }
    }
}

fn matches(pattern: &str, place: &str) -> bool {
    let (pattern, place): (Vec<_>, Vec<_>) = (steps(pattern).collect(), steps(place).collect());
    pattern.len() == place.len() && pattern.iter().zip(&place).all(|(own, name)| own == name || *own == "*")
}

/// The member names in the payloads of a vendor, with the number of locations where each occurs.
#[derive(Debug, Default)]
pub(super) struct Vocabulary(HashMap<String, usize>);

impl Vocabulary {
    /// Counts the locations of each member name in some payloads.
    pub(super) fn of<'j>(payloads: impl IntoIterator<Item = &'j Json>) -> Vocabulary {
        let mut places: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        for payload in payloads {
            walk(payload, 0, &mut places);
        }
        Vocabulary(places.into_iter().map(|(name, places)| (name, places.len())).collect())
    }

    /// Returns whether a name occurs at more than one location.
    fn is_known(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|places| *places > 1)
    }
}

fn walk(value: &Json, place: u64, places: &mut BTreeMap<String, BTreeSet<u64>>) {
    use std::hash::{DefaultHasher, Hash, Hasher};
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                if name.len() <= 40 {
                    places.entry(name.clone()).or_default().insert(place);
                }
                let mut hasher = DefaultHasher::new();
                (place, name).hash(&mut hasher);
                walk(value, hasher.finish(), places);
            }
        }
        // All items are at one location: a list of objects must not make their names known.
        Json::Array(items) => items.iter().for_each(|item| walk(item, place.wrapping_add(1), places)),
        _ => {}
    }
}

/// The number of scalar members from which objects without a common member are a map, and not one object with optional
/// members.
const NAMES: usize = 4;

/// Names of members that usually hold maps filled by users, in the singular.
const FILLED: [&str; 20] = [
    "label", "annotation", "header", "env", "environment", "variable", "var", "cookie", "module", "dependency",
    "package", "tag", "dimension", "translation", "property", "field", "count", "score", "total", "metric",
];

/// The number of names at the start of [`FILLED`] that are used for maps only, and the number of names that are used
/// for almost nothing else.
const SURELY_FILLED: (usize, usize) = (11, 14);

/// Returns the index in [`FILLED`] of a member's name. A singular such as `label` does not count: it names a single
/// object.
fn filled(name: &str) -> Option<usize> {
    let last = words(name).pop()?;
    let place = FILLED.iter().position(|known| *known == last)?;
    (name.ends_with(['s', 'S']) || last.starts_with("env")).then_some(place)
}

/// Returns whether the objects at a location are maps. `name` is the name of the member that leads to the location.
pub(super) fn kind(objects: &[&[(String, Json)]], name: &str, vocabulary: &Vocabulary) -> Kind {
    // The rules are sorted by certainty. A struct that is taken for a map loses its typed fields, and a map that is taken
    // for a struct gets fields named after the data of a few payloads. No payload shows either mistake, so doubtful
    // objects are `Unsure`, and a person is asked.
    let entries: Vec<&(String, Json)> = objects.iter().flat_map(|members| members.iter()).collect();
    if entries.is_empty() {
        return Kind::Struct;
    }
    let names: BTreeSet<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    let values: Vec<&Json> = entries.iter().map(|(_, value)| value).filter(|value| **value != Json::Null).collect();
    let are_alike = alike(&values);
    if names.iter().all(|name| is_certain(name)) {
        return Kind::Map;
    }
    let is_form = |name: &&&str| is_data(name) && !is_annotation(name) || is_certain(name);
    let are_objects = values.iter().all(|value| value.as_object().is_some());
    if are_alike
        && names.len() > 1
        && (names.iter().filter(is_form).count() == names.len() || are_objects && are_numbered(&names))
    {
        return Kind::Map;
    }
    // A few names that look like words, among hosts and IDs.
    let certain = names.iter().filter(|name| is_certain(name)).count();
    // Data such as a host name occurs in one map, whereas a vendor uses the name of a member in several objects.
    let is_word = |name: &&str| vocabulary.is_known(name);
    if are_alike && certain * 2 >= names.len() && !names.iter().filter(|name| !is_certain(name)).any(is_word) {
        return Kind::Map;
    }
    let sets: Vec<BTreeSet<&str>> = objects
        .iter()
        .filter(|members| !members.is_empty())
        .map(|members| members.iter().map(|(name, _)| name.as_str()).collect())
        .collect();
    let common = names.iter().filter(|name| sets.iter().all(|own| own.contains(**name))).count();
    let unusual = names.iter().filter(|name| !is_identifier(name)).count();
    let varies = sets.len() > 1 && common < names.len();
    let scalars = values.iter().all(|value| !matches!(value, Json::Object(_) | Json::Array(_)));
    let deep = values.iter().all(|value| value.as_object().is_some_and(|members| members.len() > 1));
    let known = names.iter().filter(|name| is_word(name)).count();
    let filled = filled(name);
    let is_sure = |sure: usize| filled.is_some_and(|place| place < sure);
    if is_sure(SURELY_FILLED.0) && (scalars && names.len() > 1 || unusual * 2 > names.len() || varies)
        || filled.is_some() && scalars && (varies && names.len() > 1 && are_alike || unusual > 0)
    {
        return Kind::Map;
    }
    // The rules below look at names only, so the values must have one shape.
    if !are_alike {
        return Kind::Struct;
    }
    if unusual * 2 > names.len() && names.len() > 1 {
        return Kind::Map;
    }
    // Each name occurs once in all objects.
    let nothing_common = sets.len() > 1 && names.len() == entries.len();
    if nothing_common && known == 0 && (deep || names.len() >= NAMES && sets.len() > 2) {
        return Kind::Map;
    }
    let same_members = || {
        let mut shapes = values.iter().map(|value| {
            value.as_object().unwrap_or_default().iter().map(|(name, _)| name.as_str()).collect::<BTreeSet<_>>()
        });
        let first = shapes.next();
        shapes.all(|shape| Some(shape) == first)
    };
    if deep && known == 0 && names.len() > 2 && same_members() && (varies || sets.len() == 1) {
        // A single object may also be a struct with similar members, such as `home` and `work`.
        return if varies { Kind::Map } else { Kind::Unsure };
    }
    let is_unsure = is_sure(SURELY_FILLED.1) && scalars || varies && known == 0 && common == 0 && names.len() > 2;
    if is_unsure { Kind::Unsure } else { Kind::Struct }
}

/// Returns whether a name is an annotation of OData or JSON-LD, such as `@odata.type`, `members@odata.count` or `@id`.
fn is_annotation(name: &str) -> bool {
    name.starts_with('@') || name.contains("@odata.")
}

/// Returns whether a name has a form that only data has.
fn is_certain(name: &str) -> bool {
    if is_annotation(name) {
        return false;
    }
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has = |part: &str, what: fn(&u8) -> bool| part.as_bytes().iter().any(what);
    let is_long_number = |part: &str| part.len() >= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_hash = name.len() >= 12 && is_hex(name) && has(name, u8::is_ascii_digit);
    let is_cve = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("cve-"))
        || name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("ghsa-"));
    let is_port = name.split_once('/').is_some_and(|(port, protocol)| {
        port.parse::<u16>().is_ok() && matches!(protocol.to_ascii_lowercase().as_str(), "tcp" | "udp" | "sctp" | "icmp")
    });
    // Examples: `usr_8f2c41`, `user_1842`, `server-01`.
    let is_id = name.rsplit_once(['_', '-', ':', '#']).is_some_and(|(prefix, id)| {
        let padded = id.len() >= 2 && id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit());
        let mixed = id.len() >= 5
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && id.bytes().filter(u8::is_ascii_digit).count() >= 2
            && has(id, u8::is_ascii_alphabetic);
        !prefix.is_empty() && (is_long_number(id) || padded || mixed)
    });
    let is_path = name.len() > 1 && (name.starts_with(['/', '~']) || name.starts_with("./") || name.contains(":\\"))
        || name.matches('/').count() > 1;
    let is_quoted = name.len() > 2 && name.starts_with(['\'', '"']) && name.ends_with(['\'', '"']);
    is_number(name)
        || is_quoted
        || is_hash
        || is_uuid(name)
        || is_address(name)
        || is_host(name)
        || is_cve
        || name.starts_with("arn:")
        || is_port
        || is_media_type(name)
        || is_version(name)
        || is_path
        || is_id
}

fn is_number(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_digit() || first == '-') && name.parse::<f64>().is_ok()
}

fn is_uuid(name: &str) -> bool {
    let groups: Vec<usize> = name.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && name.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Returns whether a name is a version, or a package with a version: `1.2.3`, `v2.0`, `openssl@3.0.7`,
/// `lodash 4.17.21`.
fn is_version(name: &str) -> bool {
    let version = |text: &str| {
        let text = text.strip_prefix('v').unwrap_or(text);
        let start = text.split(['-', '+']).next().unwrap_or_default();
        start.contains('.')
            && start.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    version(name)
        || name.rsplit_once(['@', ' ', '-', '=']).is_some_and(|(package, text)| !package.is_empty() && version(text))
}

/// Returns whether names differ only in the number at the end, such as `host1` and `host2`.
fn are_numbered(names: &BTreeSet<&str>) -> bool {
    let stem = |name: &&'_ str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let stems: BTreeSet<String> = names.iter().map(stem).collect();
    let is_numbered = |name: &&str| name.ends_with(|c: char| c.is_ascii_digit());
    names.len() > 1 && stems.len() == 1 && names.iter().all(is_numbered)
}

/// Returns whether a name looks like an identifier that a vendor chooses for a member.
fn is_identifier(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$');
    let is_plain = name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphabetic() || "_$".contains(c));
    is_plain || is_annotation(name)
}

/// Returns whether values have the same shape: the same type and, if they are objects, common members.
fn alike(values: &[&Json]) -> bool {
    let Some((first, rest)) = values.split_first() else { return false };
    if !rest.iter().all(|value| value.kind() == first.kind()) {
        return false;
    }
    let names = |value: &Json| {
        value.as_object().unwrap_or_default().iter().map(|(name, _)| name.clone()).collect::<HashSet<String>>()
    };
    match first.as_object() {
        None => true,
        Some([]) => values.iter().all(|value| value.as_object().is_some_and(<[_]>::is_empty)),
        Some(_) => {
            let mut common = names(first);
            for value in rest {
                let own = names(value);
                common.retain(|name| own.contains(name));
            }
            !common.is_empty()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_data_are_told_from_names_of_members() {
        let data = "550e8400-e29b-41d4-a716-446655440000 bc84b27ca5327d9d7f915fadae7ef9a4 42 2024-01-01 10.0.0.1 \
            2001:db8::1 db.example.co.uk localhost j.doe@example.com CVE-2024-3094 arn:aws:s3:::bucket \
            22/tcp usr_8f2c41 user_1842 server-01 application/json openssl@3.0.7 1.2.3 /etc/passwd \
            src/main/app.rs";
        for data in data.split(' ') {
            assert!(is_certain(data), "{data}");
        }
        for name in [
            "id", "created_at", "address_1", "line2", "sha256", "oauth2", "utf_8", "user-agent", "x", "$ref", "@type",
            "a.b", "ipv4", "read/write", "cafe",
        ] {
            assert!(!is_certain(name), "{name}");
        }
    }

    #[test]
    fn places_match_decisions() {
        let decisions = MapDecisions { maps: vec!["/alerts/*/labels".to_owned()], structs: Vec::new() };
        assert_eq!(decisions.at("/alerts/*/labels"), Some(Kind::Map));
        assert_eq!(decisions.at("/alerts/*"), None);
    }
}
