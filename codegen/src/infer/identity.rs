//! Ranks the members that may name the events of a vendor, over all of its payloads.
//!
//! A member is likely to name events if its own name suggests it (`event`, `type`, `webhookEvent`), its values look
//! like names of events (`issue.created`) and not like data (a path, an error class), it is near the root, and payloads
//! with the same value have the same shape. A value that equals the known name of the event counts most.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::members::{LONGEST_NAME, at};
use super::text::is_label;
use crate::dispatch::Path;
use crate::json::Json;
use crate::text::words;

/// A payload, with the known facts about its event.
#[derive(Clone, Debug)]
pub(super) struct Item<'a> {
    pub(super) payload: &'a Json,
    /// The words of the event's name, or else of the payload's file name.
    pub(super) hint: Vec<String>,
    /// The index of the event that a person assigned the payload to.
    pub(super) event: Option<usize>,
}

/// The maximum depth of members. Dispatch uses the same depth.
const DEPTH: usize = 4;

/// The maximum number of candidates that are ranked by name and values, and the number of these that are ranked by the
/// shapes of payloads.
const CANDIDATES: (usize, usize) = (100, 12);

/// The maximum number of payloads whose shapes are compared, and of members of a shape.
const SHAPES: (usize, usize) = (400, 300);

/// The minimum quality of a member that names events.
// A member of every payload (40) that is called `event` (45) is sufficient. A member that is called `type` (30) also
// needs values that look like events, or that agree with names of events.
const LEAST: i64 = 78;

/// Words that vendors use for the occasion of a webhook.
const OCCASIONS: [&str; 8] = ["event", "webhook", "hook", "notification", "alert", "message", "trigger", "activity"];

/// Names of objects that surround the contents of an event. A member inside such an object describes the event itself,
/// and not a thing that it concerns.
const ENVELOPES: [&str; 24] = [
    "event", "data", "payload", "body", "meta", "metadata", "header", "message", "notification", "detail", "attribute",
    "envelope", "hook", "webhook", "info", "alert", "content", "action", "record", "context", "param", "trigger",
    "activity", "request",
];

/// Verbs and nouns in the names of events. Words ending in `-ed` count too.
const HAPPENINGS: [&str; 78] = [
    "accept", "acknowledge", "activate", "add", "approve", "archive", "assign", "begin", "block", "build", "cancel",
    "change", "close", "comment", "complete", "confirmation", "create", "creation", "deactivate", "decline", "delete",
    "deletion", "deploy", "detect", "detection", "disable", "download", "edit", "enable", "end", "escalate", "expire",
    "fail", "failure", "fire", "firing", "finish", "found", "fork", "grab", "heartbeat", "install", "invite", "join",
    "leave", "login", "logout", "merge", "move", "new", "open", "paid", "ping", "post", "publish", "push",
    "registration", "reject", "release", "remove", "rename", "reopen", "reply", "resolve", "restore", "run", "send",
    "sent", "signup", "start", "stop", "submit", "test", "trash", "unassign", "update", "upload", "verification",
];

/// Words that say only that something is an event, as in `event_callback`.
const GENERAL: [&str; 6] = ["callback", "event", "hook", "message", "notification", "webhook"];

/// Words before `type`, `kind` or `action` in names of members, such as `record_type`, that name events.
const SUBJECTS: [&str; 13] = [
    "record", "payload", "request", "resource", "entity", "subject", "change", "update", "operation", "action", "log",
    "incident", "detail",
];

/// Names of members that may say what happened.
const SUMMARIES: [&str; 12] = [
    "category", "class", "object", "resource", "entity", "subject", "operation", "op", "activity", "verb", "method",
    "command",
];

/// Names of members that say what kind of thing an event is about, next to a member that says what happened to it.
const THINGS: [&str; 3] = ["object", "resource", "entity"];

/// The kind of text that a value looks like, by increasing likelihood of naming an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    /// Data: a sentence, a path, an address, an error class.
    Data,
    /// A word that may name anything.
    Name,
    /// The name of an event, such as `issue.created`.
    Event,
}

fn look(text: &str) -> Look {
    let own = words(text);
    let spaces = text.split_whitespace().filter(|part| part.contains(char::is_alphanumeric)).count();
    let is_error = text.len() > 9
        && !text.contains([' ', '.', '_', ':', '-'])
        && (text.ends_with("Error") || text.ends_with("Exception"));
    let foreign = text.contains(['\\', '{', '}', '<', '>', '[', ']', '@', '=', ',', ';', '|', '"', '#', '?', '%']);
    // One slash is common in names of events, such as `user/created`.
    let is_path = text.starts_with(['/', '.', '~']) || text.matches('/').count() > 1;
    if !is_label(text) || own.is_empty() || spaces > 4 || is_error || foreign || is_path {
        return Look::Data;
    }
    let happens = own.iter().any(|word| is_happening_word(word))
        || spaces == 1 && own.iter().any(|word| word.len() > 4 && word.ends_with("ing"));
    let identifier =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let is_compound = text.contains(['.', ':']) && text.split(['.', ':', '/']).all(identifier);
    match happens || is_compound {
        true => Look::Event,
        false if spaces > 2 => Look::Data,
        false => Look::Name,
    }
}

fn is_happening_word(word: &str) -> bool {
    HAPPENINGS.contains(&word) || word.len() >= 5 && word.ends_with("ed")
}

/// Returns whether a text is a single identifier and not an abbreviation.
fn is_plain(text: &str) -> bool {
    text.len() > 2 && !text.contains(' ') && text.chars().any(|c| c.is_ascii_lowercase())
}

/// Returns whether a member is in an object that is called an event, such as `/event/type`.
fn is_in_event(path: &[String]) -> bool {
    let is_event = |parent: &String| matches!(words(parent).as_slice(), [word] if matches!(word.as_str(), "event" | "hook" | "webhook" | "trigger"));
    path.len() > 1 && path.get(path.len() - 2).is_some_and(is_event)
}

/// Returns a score for how strongly the name of a member suggests that it names events.
pub(super) fn name_score(path: &[String]) -> i64 {
    let Some(name) = path.last() else { return 0 };
    let own = words(name);
    let (Some(last), qualifiers) = (own.last().map(String::as_str), own.split_last().map_or(&[][..], |(_, q)| q))
    else {
        return 0;
    };
    let is_occasion = |word: &String| OCCASIONS.contains(&word.as_str());
    let is_named = matches!(last, "type" | "name" | "key" | "kind" | "action" | "code" | "topic" | "category" | "slug");
    match last {
        "event" => 45,
        _ if is_named && qualifiers.iter().any(is_occasion) => 45,
        "name" if qualifiers.is_empty() && is_in_event(path) => 45,
        "topic" | "trigger" | "hook" | "webhook" if qualifiers.is_empty() => 38,
        "type" | "kind" if matches!(qualifiers, [word] if word == "object") => 34,
        "type" | "kind" | "action" if qualifiers.is_empty() => 30,
        "type" | "kind" | "action" if qualifiers.iter().all(|word| SUBJECTS.contains(&word.as_str())) => 25,
        last if qualifiers.is_empty() && SUMMARIES.contains(&last) => 15,
        "kind" | "action" => 12,
        "name" if qualifiers.is_empty() && path.len() == 1 => 8,
        "type" | "trigger" => 5,
        _ => 0,
    }
}

/// Returns the penalty for objects around a member that suggest that it describes something else.
fn depth_cost(path: &[String]) -> i64 {
    let outer = path.split_last().map_or(&[][..], |(_, outer)| outer);
    let cost =
        |name: &String| if words(name).last().is_some_and(|word| ENVELOPES.contains(&word.as_str())) { 3 } else { 22 };
    outer.iter().map(cost).sum()
}

/// Returns how much a value agrees with the name of its event, from 0 to 1 (equal).
fn agreement(value: &[String], hint: &[String]) -> f64 {
    let contains = |all: &[String], some: &[String]| !some.is_empty() && some.iter().all(|word| all.contains(word));
    match (value == hint && !hint.is_empty(), contains(hint, value), contains(value, hint)) {
        (true, ..) => 1.0,
        (_, true, _) => 0.8,
        (_, _, true) => 0.7,
        _ if value.iter().any(|word| hint.contains(word) && !HAPPENINGS.contains(&word.as_str())) => 0.4,
        _ => 0.0,
    }
}

/// A member that may name events.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) path: Path,
    /// The value in each payload, if the payload has the member.
    values: Vec<Option<String>>,
    quality: i64,
    name: i64,
    /// The fraction of distinct values that look like names of events.
    events: f64,
    distinct: usize,
    coverage: f64,
    /// The average agreement of the values with the names of events.
    agreement: f64,
    /// Whether most values are verbs such as `created`, which name an event only together with a subject.
    is_verb: bool,
    is_bad: bool,
}

fn candidates(items: &[Item<'_>], used: &HashSet<Path>) -> Vec<Candidate> {
    let mut found: BTreeSet<Path> = BTreeSet::new();
    for item in items {
        collect(item.payload, &mut Vec::new(), &mut found);
    }
    let mut paths: Vec<Path> = found.into_iter().collect();
    paths.sort_by_key(|path| (!used.contains(path), depth_cost(path) - name_score(path), path.len()));
    paths.truncate(CANDIDATES.0);
    let mut all: Vec<Candidate> = paths.into_iter().filter_map(|path| Candidate::new(path, items, used)).collect();
    all.sort_by(|a, b| b.quality.cmp(&a.quality).then_with(|| a.path.cmp(&b.path)));
    all.truncate(CANDIDATES.1);
    let shapes = shapes(items);
    for candidate in &mut all {
        candidate.compare_shapes(&shapes);
    }
    let subjects = subjects(items);
    for candidate in &mut all {
        candidate.is_bad |= candidate.crosses(&subjects);
    }
    all.sort_by(|a, b| {
        b.quality.cmp(&a.quality).then_with(|| a.path.len().cmp(&b.path.len())).then_with(|| a.path.cmp(&b.path))
    });
    all
}

/// Returns the subject of each payload: the names of its objects that most payloads lack.
fn subjects<'a>(items: &[Item<'a>]) -> Vec<BTreeSet<&'a str>> {
    let objects = |item: &Item<'a>| -> BTreeSet<&'a str> {
        let payload: &'a Json = item.payload;
        let members = payload.as_object().unwrap_or_default().iter();
        members.filter(|(_, value)| matches!(value, Json::Object(_))).map(|(name, _)| name.as_str()).collect()
    };
    let mut all: Vec<BTreeSet<&str>> = items.iter().map(objects).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    all.iter().flatten().for_each(|name| *counts.entry(name).or_default() += 1);
    all.iter_mut().for_each(|names| names.retain(|name| counts[name] * 10 < items.len() * 6));
    all
}

fn collect(value: &Json, path: &mut Path, found: &mut BTreeSet<Path>) {
    match value {
        Json::Object(members) if path.len() < DEPTH => {
            for (name, value) in members.iter().filter(|(name, _)| name.len() <= LONGEST_NAME) {
                path.push(name.clone());
                collect(value, path, found);
                path.pop();
            }
        }
        Json::String(text) if !text.is_empty() && !path.is_empty() && (name_score(path) > 0 || path.len() == 1) => {
            found.insert(path.clone());
        }
        _ => {}
    }
}

/// Returns the members of each payload as hashes of their paths. If payloads have an object in common but no member of it, its
/// members are data, and are left out.
fn shapes(items: &[Item<'_>]) -> Vec<HashSet<u64>> {
    let all: Vec<Vec<(u64, u64)>> = items.iter().map(|item| shape(item.payload)).collect();
    let mut counts: HashMap<u64, usize> = HashMap::new();
    all.iter().flatten().for_each(|(_, own)| *counts.entry(*own).or_default() += 1);
    // The most payloads that have a member of an object in common, by the object.
    let mut common: HashMap<u64, usize> = HashMap::new();
    for (outer, own) in all.iter().flatten() {
        let known = common.entry(*outer).or_default();
        *known = (*known).max(counts[own]);
    }
    let is_map = |outer: u64| counts.get(&outer).is_some_and(|count| *count > 1) && common[&outer] == 1;
    let known = |members: Vec<(u64, u64)>| {
        let mut left_out: HashSet<u64> = HashSet::new();
        let mut found = HashSet::new();
        // An object comes before its members.
        for (outer, own) in members {
            let is_data = left_out.contains(&outer) || is_map(outer);
            if is_data {
                left_out.insert(own)
            } else {
                found.insert(own)
            };
        }
        found
    };
    all.into_iter().map(known).collect()
}

/// Returns the members of a payload as hashes of their paths, each with the hash of the object that has it.
fn shape(payload: &Json) -> Vec<(u64, u64)> {
    fn walk(value: &Json, outer: u64, depth: usize, found: &mut Vec<(u64, u64)>) {
        for (name, value) in value.as_object().unwrap_or_default() {
            if found.len() >= SHAPES.1 {
                return;
            }
            let mut hasher = DefaultHasher::new();
            (outer, name).hash(&mut hasher);
            let own = hasher.finish();
            found.push((outer, own));
            if depth > 1 {
                walk(value, own, depth - 1, found);
            }
        }
    }
    let mut found = Vec::new();
    walk(payload, 0, 3, &mut found);
    found
}

fn likeness(a: &HashSet<u64>, b: &HashSet<u64>) -> f64 {
    let common = a.intersection(b).count();
    match a.len() + b.len() - common {
        0 => 1.0,
        all => common as f64 / all as f64,
    }
}

impl Candidate {
    fn new(path: Path, items: &[Item<'_>], used: &HashSet<Path>) -> Option<Candidate> {
        let text =
            |item: &Item<'_>| at(item.payload, &path)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let values: Vec<Option<String>> = items.iter().map(text).collect();
        let present = values.iter().flatten().count();
        let distinct: BTreeSet<&String> = values.iter().flatten().collect();
        let looks: Vec<Look> = distinct.iter().map(|value| look(value)).collect();
        let count = |look: Look| looks.iter().filter(|found| **found == look).count();
        let is_used = used.contains(&path);
        let name = name_score(&path);
        // Free text has a different value in each payload.
        let free = distinct.len() == present && present > 6 && name < 30;
        if present == 0 || !is_used && (count(Look::Data) * 10 > distinct.len() || free) {
            return None;
        }
        let events = count(Look::Event) as f64 / distinct.len() as f64;
        let coverage = present as f64 / items.len() as f64;
        let agree = items.iter().zip(&values).filter_map(|(item, value)| {
            let agreement = agreement(&words(value.as_ref()?), &item.hint);
            // The name of an assigned event counts more than the name of a file.
            Some(if item.event.is_some() { agreement * 5.0 / 3.0 } else { agreement })
        });
        let agreement = agree.sum::<f64>() / present as f64;
        let quality = name - depth_cost(&path)
            + (20.0 * events + 40.0 * coverage + 30.0 * agreement) as i64
            + if is_used { 60 } else { 0 };
        let verbs = distinct.iter().filter(|value| words(value).iter().all(|word| is_happening_word(word))).count();
        let is_verb = verbs * 10 > distinct.len() * 6;
        let distinct = distinct.len();
        Some(Candidate { path, values, quality, name, events, distinct, coverage, agreement, is_verb, is_bad: false })
    }

    /// Adds to the quality by how much more similar payloads with the same value are than payloads with different
    /// values. A member whose values each occur in payloads of several shapes, such as the `action` of many kinds of
    /// things, is marked as bad.
    fn compare_shapes(&mut self, shapes: &[HashSet<u64>]) {
        let present = self.values.iter().zip(shapes).filter_map(|(value, shape)| Some((value.as_ref()?, shape)));
        // Each payload is compared with a few others and not with all, because the number of pairs is quadratic.
        let mut last: HashMap<&String, &HashSet<u64>> = HashMap::new();
        let (mut within, mut across) = ((0.0, 0), (0.0, 0));
        let mut previous: Option<(&String, &HashSet<u64>)> = None;
        let add = |sum: &mut (f64, usize), a: &HashSet<u64>, b: &HashSet<u64>| {
            sum.0 += likeness(a, b);
            sum.1 += 1;
        };
        for (value, shape) in present.take(SHAPES.0) {
            if let Some(known) = last.insert(value, shape) {
                add(&mut within, known, shape);
            }
            if let Some((other, theirs)) = previous
                && other != value
            {
                add(&mut across, theirs, shape);
            }
            // Also compare with a fixed other value, so that the order of the payloads matters less.
            if let Some((_, theirs)) =
                last.iter().filter(|(other, _)| **other != value).min_by_key(|(other, _)| **other)
            {
                add(&mut across, theirs, shape);
            }
            previous = Some((value, shape));
        }
        let mean = |(sum, count): (f64, usize), or: f64| if count == 0 { or } else { sum / count as f64 };
        let (inside, outside) = (mean(within, 1.0), mean(across, 1.0));
        let gain = (inside - outside).max(0.0);
        self.quality += (20.0 * gain) as i64;
        // If payloads with the same value are alike anyway, all payloads may have one shape, and a small gain means nothing.
        self.is_bad = self.distinct > 1 && gain < 0.08 && inside < 0.7;
    }

    /// Returns whether payloads with the same value often have different subjects, such as an `action` that is
    /// `created` for issues and for comments.
    fn crosses(&self, subjects: &[BTreeSet<&str>]) -> bool {
        let mut first: HashMap<&String, (&BTreeSet<&str>, usize, bool)> = HashMap::new();
        for (value, own) in self.values.iter().zip(subjects) {
            let Some(value) = value else { continue };
            let (known, count, differs) = first.entry(value).or_insert((own, 0, false));
            *count += 1;
            let common = known.intersection(own).count();
            // Less than half of all subjects are common.
            *differs |= common * 2 < known.len() + own.len() - common;
        }
        let several = first.values().filter(|(_, count, _)| *count > 1).count();
        let differing = first.values().filter(|(.., differs)| *differs).count();
        let last = self.path.last().map(|name| words(name)).unwrap_or_default().pop();
        let is_action = last.is_some_and(|last| matches!(last.as_str(), "action" | "operation" | "verb" | "method"));
        (is_action || self.is_verb) && first.len() > 1 && several > 0 && differing * 4 >= several
    }

    /// Returns whether the name of the member says that it names a kind of thing.
    fn is_thing(&self) -> bool {
        self.path.last().is_some_and(|name| THINGS.contains(&name.as_str()))
    }

    /// Returns whether the values of this candidate are determined by the values of another one.
    fn follows_from(&self, other: &Candidate) -> bool {
        let mut known: HashMap<&String, &String> = HashMap::new();
        self.values.iter().zip(&other.values).all(|(own, theirs)| match (own, theirs) {
            (Some(own), Some(theirs)) => *known.entry(theirs).or_insert(own) == own,
            _ => true,
        })
    }

    /// Returns whether this candidate names the events of payloads that `other` only calls events, as `/event/type` does if
    /// `/type` is `event_callback`.
    fn is_finer_than(&self, other: &Candidate) -> bool {
        let is_general = |value: &String| words(value).iter().all(|word| GENERAL.contains(&word.as_str()));
        let mut names: BTreeSet<&String> = BTreeSet::new();
        let divides = self.values.iter().zip(&other.values).all(|(own, theirs)| {
            names.extend(own);
            own.is_some() == theirs.as_ref().is_some_and(is_general)
        });
        divides && names.len() > 1 && self.name >= 30 && !self.is_bad && is_in_event(&self.path)
    }

    /// Returns whether the only value of a candidate is likely to be the event's name, although it never varies.
    fn is_sure(&self, items: &[Item<'_>]) -> bool {
        let Some(value) = self.values.iter().flatten().next() else { return false };
        let assigned = items.iter().any(|item| item.event.is_some());
        let cost = depth_cost(&self.path);
        let named = self.name >= 30 && (look(value) == Look::Event || self.name >= 45 && is_plain(value)) && cost <= 9;
        // The agreement is 5/3 if every value equals the name of its assigned event.
        let agrees = assigned && self.agreement >= 1.6 && (self.name > 0 && cost < 22);
        let partly = assigned
            && cost < 22
            && (self.agreement >= 1.1 && self.name >= 25 || self.agreement >= 0.6 && self.name >= 30);
        // A verb such as `created` names an event only together with a subject.
        let is_verb = self.name < 38 && words(value).iter().all(|word| is_happening_word(word));
        (named && !is_verb && (self.coverage >= 1.0 || self.name >= 38)) || agrees || partly
    }
}

/// Returns the number of pairs of assigned events that a list of candidates distinguishes, and the number of all pairs.
fn separated(items: &[Item<'_>], chosen: &[&Candidate]) -> (usize, usize) {
    let mut values: BTreeMap<usize, BTreeSet<Vec<Option<&String>>>> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        if let Some(event) = item.event {
            let tuple = chosen.iter().map(|candidate| candidate.values[index].as_ref()).collect();
            values.entry(event).or_default().insert(tuple);
        }
    }
    let all: Vec<_> = values.values().collect();
    let mut count = (0, 0);
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            count.1 += 1;
            count.0 += usize::from(one.is_disjoint(other));
        }
    }
    count
}

/// Returns the members that name the events of some payloads: none, one, or a pair of members that name the events only
/// together. `used` has the members that identify known events.
pub(super) fn choose(items: &[Item<'_>], used: &HashSet<Path>) -> Vec<Path> {
    let mut all = candidates(items, used);
    let (_, pairs) = separated(items, &[]);
    if pairs > 0 {
        for candidate in &mut all {
            let (found, pairs) = separated(items, &[candidate]);
            // A person has assigned payloads to events, so a member that separates none of them is no candidate.
            candidate.quality += (20 * found / pairs) as i64 - if found == 0 { 1000 } else { 0 };
        }
        all.sort_by_key(|candidate| Reverse(candidate.quality));
    }
    let is_name = |candidate: &&Candidate| {
        let is_called_so = candidate.name > 0 || used.contains(&candidate.path);
        is_called_so
            && !candidate.is_bad
            && candidate.quality >= LEAST
            && (candidate.distinct > 1 || used.contains(&candidate.path) || candidate.is_sure(items))
    };
    let Some(first) = all.iter().find(is_name) else { return Vec::new() };
    // If the values follow from the values of another member with an equally good name, that member names the events: a
    // state that never varies, or varies with the type of an alert, is data.
    let decides = |candidate: &&Candidate| {
        candidate.distinct > first.distinct
            && candidate.name >= first.name
            && candidate.coverage >= first.coverage
            && first.follows_from(candidate)
            && is_name(candidate)
    };
    let first = all.iter().find(decides).unwrap_or(first);
    let parent = |path: &Path| path.split_last().map(|(_, outer)| outer.to_vec());
    if pairs == 0
        && let Some(finer) = all.iter().find(|candidate| candidate.is_finer_than(first))
    {
        return vec![finer.path.clone()];
    }
    let (found, pairs) = separated(items, &[first]);
    let second = all.iter().find(|second| {
        // A pair names no event whose payloads have only the first member.
        let is_beside =
            || first.values.iter().zip(&second.values).all(|(first, second)| first.is_none() || second.is_some());
        if second.path == first.path || second.distinct < 2 || first.distinct < 2 || !is_beside() {
            return false;
        }
        // Known events decide whether a second member helps. Without them, it must be next to the first one, and neither
        // may follow from the other: a second name of the same event would only make the identity stricter.
        if pairs > 0 {
            return found < pairs
                && second.quality > 0
                && (second.name > 0 || used.contains(&second.path))
                && separated(items, &[first, second]).0 > found
                && separated(items, &[second]).0 > 0;
        }
        parent(&second.path) == parent(&first.path)
            && (second.name >= 25 || first.is_verb && second.is_thing())
            && first.events.max(second.events) >= 0.5
            && !second.follows_from(first)
            && !first.follows_from(second)
    });
    let mut paths: Vec<Path> = std::iter::once(first).chain(second).map(|candidate| candidate.path.clone()).collect();
    // The thing comes before what happened to it, also in the name of the event.
    if second.is_some_and(|second| first.is_verb && second.is_thing()) {
        paths.reverse();
    }
    paths
}

/// Returns whether a value looks like the name of an occurrence (`created`) and not of an object (`issue`).
pub(super) fn is_happening(value: &str) -> bool {
    look(value) == Look::Event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_events_are_told_from_data() {
        for event in [
            "issue.created", "pr:opened", "comment_created", "jira:issue_updated", "New Assets Added", "ping",
            "addTags",
        ] {
            assert_eq!(look(event), Look::Event, "{event}");
        }
        for data in [
            "ZeroDivisionError",
            "/var/log/auth.log",
            "The NDA we talked about",
            "refs/heads/main",
            "{ticket_action:created}",
            "Email sent from email@email.com",
            "a=b",
            "17000",
        ] {
            assert_eq!(look(data), Look::Data, "{data}");
        }
        for name in ["User", "Issue", "The NDA", "HTTP", "firebase"] {
            assert_eq!(look(name), Look::Name, "{name}");
        }
    }

    #[test]
    fn names_of_members_are_ranked() {
        let score = |pointer: &str| {
            let path: Path = pointer.split('/').skip(1).map(str::to_owned).collect();
            name_score(&path) - depth_cost(&path)
        };
        let ranked = ["/event_type", "/webhookEvent", "/topic", "/action", "/object", "/sender/type"];
        for pair in ranked.windows(2) {
            assert!(score(pair[0]) >= score(pair[1]), "{pair:?}");
        }
        assert!(score("/event/name") > score("/user/name"));
    }
}
