//! Partitions payloads into events, and finds the members that identify each event.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::identity::{Item, choose, is_happening};
use super::members::at;
use super::text::folder_name;
use crate::dispatch::Path;
use crate::json::Json;
use crate::text::words;

/// The members that identify an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Identity {
    /// Members with the values that they have in payloads of the event.
    pub(super) values: Vec<(Path, Vec<Json>)>,
    /// Members of the payload that are always present.
    pub(super) required: Vec<String>,
    /// Members that are always absent, in objects that are always present.
    pub(super) absent: Vec<Path>,
}

/// The payloads of one event.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) items: Vec<usize>,
    pub(super) identity: Identity,
    /// The event that a person assigned payloads of the group to.
    pub(super) event: Option<usize>,
    /// The event's name, as derived from the payloads.
    pub(super) name: Option<String>,
    /// The position among events that are distinguished only by the order in which they are tried.
    pub(super) order: Option<usize>,
    /// Whether the payloads of another event cannot be distinguished from the payloads of this event.
    pub(super) is_ambiguous: bool,
}

/// The maximum number of required members of an event that no value identifies.
const REQUIRED: usize = 2;

/// The maximum number of members that distinguish a group of payloads.
const TELLING: usize = 4;

/// The maximum number of times that payloads without a name are partitioned again.
const ROUNDS: usize = 3;

/// Partitions payloads into events. `used` has the members that identify known events.
pub(super) fn partition(items: &[Item<'_>], used: &HashSet<Path>) -> Vec<Group> {
    let all: Vec<usize> = (0..items.len()).collect();
    let mut groups = split(items, &all, &Identity::default(), used, ROUNDS);
    groups.sort_by(|a, b| a.items.first().cmp(&b.items.first()));
    groups
}

fn split(items: &[Item<'_>], own: &[usize], outer: &Identity, used: &HashSet<Path>, rounds: usize) -> Vec<Group> {
    if own.is_empty() {
        return Vec::new();
    }
    let some: Vec<Item<'_>> = own.iter().map(|index| items[*index].clone()).collect();
    let paths = if rounds == 0 { Vec::new() } else { choose(&some, used) };
    if paths.is_empty() {
        return by_shape(items, own, outer);
    }
    // A payload without one of the members is not named by the others alone.
    let tuple = |index: usize| {
        let text = |path: &Path| Some(at(items[index].payload, path)?.as_str()?.to_owned());
        paths.iter().map(text).collect::<Option<Vec<String>>>()
    };
    // An event is not identified by a member that one of its payloads lacks.
    let lacking: BTreeSet<usize> =
        own.iter().filter(|index| tuple(**index).is_none()).filter_map(|index| items[*index].event).collect();
    let lacks =
        |index: usize| tuple(index).is_none() || items[index].event.is_some_and(|event| lacking.contains(&event));
    let (rest, named): (Vec<usize>, Vec<usize>) = own.iter().partition(|index| lacks(**index));
    let mut buckets: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for index in named {
        buckets.entry(tuple(index).unwrap_or_default()).or_default().push(index);
    }
    let mut groups = Vec::new();
    for tuples in joined(items, buckets) {
        let mut identity = outer.clone();
        for (at, path) in paths.iter().enumerate() {
            let values: BTreeSet<&String> = tuples.iter().map(|(tuple, _)| &tuple[at]).collect();
            identity.values.push((path.clone(), values.into_iter().cloned().map(Json::String).collect()));
        }
        let members: Vec<usize> = tuples.iter().flat_map(|(_, members)| members.iter().copied()).collect();
        let events: BTreeSet<usize> = members.iter().filter_map(|index| items[*index].event).collect();
        // Only the values of a known event are joined, and it has a name already.
        let name = match tuples.as_slice() {
            [(tuple, _)] => Some(name_of(tuple)),
            _ => None,
        };
        // A person has assigned payloads with this value to several events, so other members must distinguish them.
        if events.len() > 1 {
            groups.extend(by_shape(items, &members, &identity));
            continue;
        }
        let event = events.into_iter().next();
        groups.push(Group { items: members, identity, event, name, order: None, is_ambiguous: false });
    }
    // The remaining payloads lack the member, and other members may name their events. Forbidding the member keeps these
    // events apart from those that it names.
    let mut identity = outer.clone();
    identity.absent.extend(absent(items, &rest, &paths));
    groups.extend(split(items, &rest, &identity, used, rounds - 1));
    groups
}

/// The values of the members that name an event, and the payloads with these values.
type Bucket = (Vec<String>, Vec<usize>);

/// Joins the buckets that have payloads of the same event because a person assigned them to it.
fn joined(items: &[Item<'_>], buckets: BTreeMap<Vec<String>, Vec<usize>>) -> Vec<Vec<Bucket>> {
    let mut all: Vec<(BTreeSet<usize>, Vec<Bucket>)> = Vec::new();
    for (tuple, members) in buckets {
        let mut events: BTreeSet<usize> = members.iter().filter_map(|index| items[*index].event).collect();
        let (joined, kept): (Vec<_>, Vec<_>) = all.into_iter().partition(|(known, _)| !known.is_disjoint(&events));
        let mut tuples = Vec::new();
        for (known, theirs) in joined {
            events.extend(known);
            tuples.extend(theirs);
        }
        tuples.push((tuple, members));
        all = kept;
        all.push((events, tuples));
    }
    all.into_iter().map(|(_, tuples)| tuples).collect()
}

/// Returns the outermost member on the path to the naming member that all of the remaining payloads lack, if all of
/// them have the object that would contain it.
fn absent(items: &[Item<'_>], rest: &[usize], paths: &[Path]) -> Option<Path> {
    let path = paths.first().filter(|_| !rest.is_empty())?;
    (1..=path.len()).map(|length| path[..length].to_vec()).find_map(|path| {
        let (_, outer) = path.split_last()?;
        let outer = outer.to_vec();
        let has_outer =
            rest.iter().all(|index| at(items[*index].payload, &outer).is_some_and(|value| value.as_object().is_some()));
        let is_absent = rest.iter().all(|index| at(items[*index].payload, &path).is_none());
        (has_outer && is_absent).then_some(path)
    })
}

/// Derives the name of an event from the values that identify it. If one value is a thing and the other one what
/// happened to it, the thing comes first.
fn name_of(tuple: &[String]) -> String {
    match tuple {
        [first, second] => {
            let (one, two) = (words(first), words(second));
            let contains = |all: &[String], some: &[String]| some.iter().all(|word| all.contains(word));
            if contains(&one, &two) {
                folder_name(first)
            } else if contains(&two, &one) {
                folder_name(second)
            } else if is_happening(first) && !is_happening(second) {
                folder_name(&format!("{second} {first}"))
            } else {
                folder_name(&format!("{first} {second}"))
            }
        }
        values => folder_name(&values.join(" ")),
    }
}

/// Returns the name that the files of some payloads begin with, such as `order_paid` for `order_paid.json` and
/// `order_paid-2.json`, or `None` if they have none in common, or if the file of another payload begins so.
fn name_of_files(items: &[Item<'_>], own: &[usize]) -> Option<String> {
    let is_word = |word: &&String| word.chars().all(|c| c.is_ascii_alphabetic());
    let mut hints = own.iter().map(|index| items[*index].hint.as_slice());
    let mut common: Vec<&String> = hints.next()?.iter().take_while(is_word).collect();
    for hint in hints {
        common.truncate(common.iter().zip(hint).take_while(|(one, other)| **one == *other).count());
    }
    let begins_so = |item: &Item<'_>| common.iter().copied().eq(item.hint.iter().take(common.len()));
    let is_short = common.iter().map(|word| word.len()).sum::<usize>() < 3;
    let mut others = items.iter().enumerate().filter(|(index, _)| own.binary_search(index).is_err());
    if is_short || others.any(|(_, item)| begins_so(item)) {
        return None;
    }
    Some(folder_name(&common.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ")))
}

/// Returns the members of a payload that are not null.
fn filled(payload: &Json) -> BTreeSet<&str> {
    let members = payload.as_object().unwrap_or_default().iter();
    members
        .filter(|(name, value)| *value != Json::Null && name.len() <= super::members::LONGEST_NAME)
        .map(|(name, _)| name.as_str())
        .collect()
}

/// The members of payloads that are not null, by the index of the payload.
type Filled<'a> = BTreeMap<usize, BTreeSet<&'a str>>;

/// Payloads with a similar shape.
struct Cluster<'a> {
    items: Vec<usize>,
    event: Option<usize>,
    /// The members that all payloads have.
    always: BTreeSet<&'a str>,
    /// The members among `always` that distinguish these payloads from others.
    telling: Vec<&'a str>,
    /// Whether no other cluster has any of the members in `telling`.
    is_unique: bool,
}

/// Partitions payloads that no value identifies, by the members that they have.
fn by_shape(items: &[Item<'_>], own: &[usize], outer: &Identity) -> Vec<Group> {
    let sets: Filled<'_> = own.iter().map(|index| (*index, filled(items[*index].payload))).collect();
    let mut clusters: Vec<Cluster<'_>> =
        related(items, own, &sets).iter().flat_map(|related| clusters(items, related, &sets)).collect();
    // Clusters that no order can separate are joined, unless a person has assigned payloads to both of them. Each round
    // removes a cluster, so the loop ends.
    let ambiguous = loop {
        tell(items, own, &sets, &mut clusters);
        let Some((one, other)) = arrange(&sets, &mut clusters) else { break HashSet::new() };
        if clusters[one].event.is_some() && clusters[other].event.is_some() {
            break HashSet::from([one, other]);
        }
        let gone = clusters.remove(one.max(other));
        let kept = &mut clusters[one.min(other)];
        kept.event = kept.event.or(gone.event);
        kept.items.extend(gone.items);
        kept.items.sort_unstable();
        kept.always = kept.always.intersection(&gone.always).copied().collect();
    };
    let is_only = clusters.len() == 1;
    let groups = clusters.into_iter().enumerate().map(|(at, cluster)| {
        let mut identity = outer.clone();
        let is_identified = is_only && !outer.values.is_empty();
        let names: Vec<String> = cluster.telling.iter().map(|name| (*name).to_owned()).collect();
        if !is_identified {
            identity.required.clone_from(&names);
        }
        // If there is only one event, its members do not name it.
        let is_named = !names.is_empty() && (!is_only || !outer.absent.is_empty());
        let of_members =
            || folder_name(&names[..names.len().min(if cluster.is_unique { 1 } else { REQUIRED })].join(" "));
        // An object that only these payloads have says what they are about. Another member says little.
        let is_object = |name: &String| {
            cluster
                .items
                .iter()
                .all(|index| items[*index].payload.get(name).is_some_and(|value| value.as_object().is_some()))
        };
        let is_telling = cluster.is_unique && names.first().is_some_and(is_object);
        let name =
            is_named.then(|| name_of_files(items, &cluster.items).filter(|_| !is_telling).unwrap_or_else(of_members));
        Group {
            items: cluster.items,
            identity,
            event: cluster.event,
            name,
            order: (!is_only).then_some(at),
            is_ambiguous: ambiguous.contains(&at),
        }
    });
    groups.collect()
}

/// Partitions payloads into those that have a member in common, directly or through other payloads. A ping often has
/// no member in common with any event, and says nothing about the members that distinguish them.
fn related(items: &[Item<'_>], own: &[usize], sets: &Filled<'_>) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = Vec::new();
    // The part that has a member or the payloads of an assigned event.
    let mut parts_with: HashMap<Result<&str, usize>, usize> = HashMap::new();
    for index in own {
        let keys: Vec<Result<&str, usize>> =
            sets[index].iter().copied().map(Ok).chain(items[*index].event.map(Err)).collect();
        let mut joined: BTreeSet<usize> = keys.iter().filter_map(|key| parts_with.get(key)).copied().collect();
        let part = joined.pop_first().unwrap_or(all.len());
        all.resize_with(all.len().max(part + 1), Vec::new);
        all[part].push(*index);
        for other in &joined {
            let gone = std::mem::take(&mut all[*other]);
            all[part].extend(gone);
        }
        if !joined.is_empty() {
            parts_with.values_mut().filter(|known| joined.contains(known)).for_each(|known| *known = part);
        }
        parts_with.extend(keys.into_iter().map(|key| (key, part)));
    }
    all.retain(|part| !part.is_empty());
    all
}

fn clusters<'a>(items: &[Item<'a>], own: &[usize], sets: &Filled<'a>) -> Vec<Cluster<'a>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    sets.values().flatten().for_each(|name| *counts.entry(name).or_default() += 1);
    // Members of most payloads distinguish nothing. The subject of a payload is usually a rare member with an object.
    let is_rare = |name: &str| counts[name] * 10 < own.len() * 6;
    let is_object = |value: &Json| match value {
        Json::Object(members) => !members.is_empty(),
        Json::Array(items) => items.iter().any(|item| item.as_object().is_some()),
        _ => false,
    };
    let objects = |index: usize| -> BTreeSet<&'a str> {
        let members = items[index].payload.as_object().unwrap_or_default().iter();
        let is_subject = |name: &str, value: &Json| sets[&index].contains(name) && is_rare(name) && is_object(value);
        let mut all: BTreeSet<&'a str> =
            members.filter(|(name, value)| is_subject(name, value)).map(|(name, _)| name.as_str()).collect();
        if all.iter().any(|name| !is_aside(name)) {
            all.retain(|name| !is_aside(name));
        }
        all
    };
    let has_objects = own.iter().any(|index| !objects(*index).is_empty());
    let key = |index: usize| if has_objects { objects(index) } else { sets[&index].clone() };
    // A member that is null or empty in one payload may have an object in another payload of the same event.
    let empty = |index: usize| -> BTreeSet<&'a str> {
        let members = items[index].payload.as_object().unwrap_or_default().iter();
        let is_empty = |value: &Json| match value {
            Json::Null => true,
            Json::Array(items) => items.is_empty(),
            Json::Object(members) => members.is_empty(),
            _ => false,
        };
        members.filter(|(_, value)| has_objects && is_empty(value)).map(|(name, _)| name.as_str()).collect()
    };
    // The clusters, each with the members that its payloads are compared by, and those that may be empty.
    let mut found: Vec<(Cluster<'a>, BTreeSet<&'a str>, BTreeSet<&'a str>)> = Vec::new();
    let mut order: Vec<(BTreeSet<&'a str>, usize)> = own.iter().map(|index| (key(*index), *index)).collect();
    // The smallest sets first, so that the order of the payloads matters little. Assigned payloads come before all
    // others, so that new payloads join known events, and not the other way round.
    order.sort_by(|a, b| a.0.len().cmp(&b.0.len()).then_with(|| a.cmp(b)));
    for assigned in [true, false] {
        for (key, index) in order.iter().filter(|(_, index)| items[*index].event.is_some() == assigned) {
            let event = items[*index].event;
            let own_empty = empty(*index);
            let percent =
                |common: usize, differing: usize| (common * 100).checked_div(common + differing).unwrap_or(100);
            let likeness = |(cluster, other, empty): &(Cluster<'_>, BTreeSet<&str>, BTreeSet<&str>)| {
                let common = key.intersection(other).count();
                if key.is_empty() && other.is_empty() {
                    // Without subjects, all members are compared, and optional ones differ.
                    let (own, first) = (&sets[index], &sets[&cluster.items[0]]);
                    let likeness = percent(own.intersection(first).count(), own.symmetric_difference(first).count());
                    return Some(likeness).filter(|likeness| *likeness >= 30);
                }
                if common == 0 && !key.is_empty() && !other.is_empty() {
                    return None;
                }
                let differing = key.difference(other).filter(|name| !empty.contains(**name)).count()
                    + other.difference(key).filter(|name| !own_empty.contains(**name)).count();
                // Subjects must agree for the most part.
                Some(percent(common, differing)).filter(|likeness| *likeness >= if has_objects { 51 } else { 30 })
            };
            let place = match event {
                Some(event) => found.iter().position(|(cluster, ..)| cluster.event == Some(event)),
                None => {
                    let near =
                        found.iter().enumerate().filter_map(|(at, known)| Some((likeness(known)?, usize::MAX - at)));
                    near.max().map(|(_, at)| usize::MAX - at)
                }
            };
            let always = &sets[index];
            match place.and_then(|at| found.get_mut(at)) {
                Some((cluster, known, empty)) => {
                    empty.extend(own_empty);
                    cluster.items.push(*index);
                    cluster.always.retain(|name| always.contains(name));
                    // Otherwise the first payload stays the pattern: with each optional member, a smaller set would be less
                    // like the payloads that follow.
                    if has_objects || event.is_some() {
                        known.retain(|name| key.contains(name));
                    }
                }
                None => {
                    let (items, always) = (vec![*index], always.clone());
                    let cluster = Cluster { items, event, always, telling: Vec::new(), is_unique: false };
                    found.push((cluster, key.clone(), own_empty));
                }
            }
        }
    }
    // If there are two shapes and one of them has an additional object, the object is optional, and both are one event.
    if let [(one, first, _), (other, second, _)] = found.as_slice()
        && (first.is_empty() || second.is_empty())
        && [one, other].iter().all(|cluster| cluster.event.is_none())
        && one.always.intersection(&other.always).count() * 10 >= one.always.len().min(other.always.len()) * 7
    {
        let mut all = found.swap_remove(0);
        for (cluster, ..) in found.drain(..) {
            all.0.items.extend(cluster.items);
            all.0.always.retain(|name| cluster.always.contains(name));
        }
        found = vec![all];
    }
    let mut clusters: Vec<Cluster<'a>> = found.into_iter().map(|(cluster, ..)| cluster).collect();
    clusters.iter_mut().for_each(|cluster| cluster.items.sort_unstable());
    clusters
}

/// Returns whether a member does not describe the subject of a payload that also has another object: previous values,
/// or people and things concerned.
fn is_aside(name: &str) -> bool {
    const ASIDE: [&str; 14] = [
        "change", "assignee", "label", "milestone", "organization", "installation", "enterprise", "sender", "previous",
        "old", "requested", "meta", "metadata", "link",
    ];
    words(name).iter().any(|word| ASIDE.contains(&word.as_str()))
}

/// Finds the members that distinguish each cluster from the others.
fn tell(items: &[Item<'_>], own: &[usize], sets: &Filled<'_>, clusters: &mut [Cluster<'_>]) {
    // The number of clusters with a payload that has a member, by its name.
    let mut clusters_with: HashMap<&str, usize> = HashMap::new();
    for cluster in clusters.iter() {
        let names: BTreeSet<&str> = cluster.items.iter().flat_map(|index| &sets[index]).copied().collect();
        names.into_iter().for_each(|name| *clusters_with.entry(name).or_default() += 1);
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let all = own.iter().flat_map(|index| items[*index].payload.as_object().unwrap_or_default());
    all.for_each(|(name, _)| *counts.entry(name).or_default() += 1);
    let everywhere = |name: &str| counts[name] == own.len();
    let is_rare = |name: &str| counts[name] * 10 < own.len() * 6;
    let is_only = clusters.len() == 1;
    for cluster in clusters {
        let first = cluster.items.first().and_then(|index| items[*index].payload.as_object()).unwrap_or_default();
        let own_objects: HashSet<&str> =
            first.iter().filter(|(_, value)| value.as_object().is_some()).map(|(name, _)| name.as_str()).collect();
        let is_object = |name: &str| own_objects.contains(name);
        // Objects first, then by frequency. Members of the only cluster stay in the order of the payload.
        let mut names: Vec<&str> =
            first.iter().filter_map(|(name, _)| cluster.always.get(name.as_str()).copied()).collect();
        if !is_only {
            names.sort_by_key(|name| (!is_object(name), Reverse(counts[name]), *name));
        }
        let is_own = |name: &&&str| clusters_with[**name] == 1;
        let mut unique: Vec<&str> = names.iter().filter(is_own).take(REQUIRED).copied().collect();
        // One object is sufficient; requiring more members could reject later payloads.
        if unique.first().is_some_and(|name| is_object(name)) && !is_only {
            unique.retain(|name| is_object(name));
        }
        // Several members together distinguish a cluster that has no member of its own.
        let some: Vec<&str> = names.iter().filter(|name| !everywhere(name)).copied().collect();
        let mut objects: Vec<&str> = some.iter().filter(|name| is_object(name) && is_rare(name)).copied().collect();
        if objects.iter().any(|name| !is_aside(name)) {
            objects.retain(|name| !is_aside(name));
        }
        let some: Vec<&str> = if objects.is_empty() { some } else { objects }.into_iter().take(TELLING).collect();
        // An object says what a payload is about, whereas a scalar that only this cluster has may be optional.
        let is_vague =
            !is_only && unique.iter().all(|name| !is_object(name)) && some.iter().any(|name| is_object(name));
        let is_unique = !unique.is_empty() && !is_vague;
        let telling = match (!is_unique, some.is_empty()) {
            (false, _) => unique,
            (true, false) => some,
            (true, true) => names.into_iter().take(REQUIRED).collect(),
        };
        // Borrow the names from the payloads, which outlive the clusters.
        cluster.telling = telling.iter().filter_map(|name| cluster.always.get(name).copied()).collect();
        cluster.is_unique = is_unique;
    }
}

/// Sorts clusters so that each is tried after the clusters whose payloads it would take. If there is no such order,
/// returns the indices of two clusters that prevent it.
fn arrange(sets: &Filled<'_>, clusters: &mut Vec<Cluster<'_>>) -> Option<(usize, usize)> {
    clusters.sort_by(|a, b| a.telling.cmp(&b.telling));
    let taken = taken(sets, clusters);
    let mut takers: Vec<Vec<usize>> = vec![Vec::new(); clusters.len()];
    for (at, taken) in taken.iter().enumerate() {
        taken.iter().for_each(|other| takers[*other].push(at));
    }
    // The number of clusters that must come before each cluster.
    let mut waits: Vec<usize> = taken.iter().map(BTreeSet::len).collect();
    let mut free: BTreeSet<usize> = (0..clusters.len()).filter(|at| waits[*at] == 0).collect();
    let mut order: Vec<usize> = Vec::with_capacity(clusters.len());
    while let Some(at) = free.pop_first() {
        order.push(at);
        for taker in &takers[at] {
            waits[*taker] -= 1;
            if waits[*taker] == 0 {
                free.insert(*taker);
            }
        }
    }
    let left: Vec<usize> = (0..clusters.len()).filter(|at| waits[*at] > 0).collect();
    let done = order.len();
    let mut unsorted: Vec<Option<Cluster<'_>>> = clusters.drain(..).map(Some).collect();
    clusters.extend(order.iter().chain(&left).filter_map(|at| unsorted[*at].take()));
    let later = |one: usize| taken[one].range(one + 1..).copied().filter(|other| waits[*other] > 0);
    let mutual = |one: &usize| later(*one).find(|other| taken[*other].contains(one)).map(|other| (*one, other));
    // In a longer circle, no two clusters take each other's payloads.
    let any = |one: &usize| later(*one).next().map(|other| (*one, other));
    let (one, other) = left.iter().find_map(mutual).or_else(|| left.iter().find_map(any))?;
    let place = |at: usize| left.binary_search(&at).ok().map(|index| done + index);
    place(one).zip(place(other))
}

/// Returns the other clusters with a payload that the condition of each cluster matches.
fn taken(sets: &Filled<'_>, clusters: &[Cluster<'_>]) -> Vec<BTreeSet<usize>> {
    // The payloads that have a member, each with its cluster, by the name of the member.
    let mut payloads: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
    for (at, index) in
        clusters.iter().enumerate().flat_map(|(at, cluster)| cluster.items.iter().map(move |it| (at, it)))
    {
        sets[index].iter().for_each(|name| payloads.entry(name).or_default().push((at, *index)));
    }
    let of = |(at, cluster): (usize, &Cluster<'_>)| {
        let others = |other: &usize| *other != at;
        // A payload that the condition matches has the rarest of the members.
        let rarest = cluster.telling.iter().filter_map(|name| payloads.get(name)).min_by_key(|list| list.len());
        let Some(rarest) = rarest else { return (0..clusters.len()).filter(others).collect() };
        let matches = |index: usize| cluster.telling.iter().all(|name| sets[&index].contains(name));
        rarest.iter().filter(|(other, index)| others(other) && matches(*index)).map(|(other, _)| *other).collect()
    };
    clusters.iter().enumerate().map(of).collect()
}
