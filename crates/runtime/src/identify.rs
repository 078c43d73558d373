//! Identifies the provider of a body.

use crate::batch::{find_wrapped, split_unchecked};
use crate::delivery::Delivery;
use crate::dispatch::{Certainty, Detection};
use crate::provider::ProviderInfo;
use crate::scan;

/// Identifies the provider and the event of a body.
#[derive(Debug)]
pub struct Identifier {
    providers: Vec<Candidate>,
    /// The paths of all members that identify one of the providers or its events, sorted.
    paths: Vec<&'static [&'static str]>,
}

/// A provider that a body may come from.
#[derive(Debug)]
struct Candidate {
    info: &'static ProviderInfo,
    /// The members that identify its events, as indices of [`Identifier::paths`].
    event_paths: Vec<usize>,
    /// The members that identify the provider, as indices of [`Identifier::paths`].
    provider_paths: Vec<usize>,
    /// Whether the conditions of every event require some member to be present.
    by_presence: bool,
}

impl Identifier {
    /// Creates an identifier for some providers. If a body may be an event of several providers, the first of these
    /// providers is chosen.
    pub fn new(providers: impl IntoIterator<Item = &'static ProviderInfo>) -> Identifier {
        let providers: Vec<_> = providers.into_iter().collect();
        let both = |info: &&'static ProviderInfo| [info.dispatch.discriminator_paths.0, info.dispatch.provider_paths.0];
        let mut paths: Vec<&'static [&'static str]> = Vec::new();
        for path in providers.iter().flat_map(both).flatten() {
            if let Err(place) = paths.binary_search(path) {
                paths.insert(place, path);
            }
        }
        let indices = |own: &[&'static [&'static str]]| {
            own.iter().map(|path| paths.binary_search(path).unwrap_or_default()).collect()
        };
        let candidate = |info: &'static ProviderInfo| Candidate {
            info,
            event_paths: indices(info.dispatch.discriminator_paths.0),
            provider_paths: indices(info.dispatch.provider_paths.0),
            by_presence: info.dispatch.is_by_presence(),
        };
        Identifier { providers: providers.into_iter().map(candidate).collect(), paths }
    }

    /// Returns the index of the provider that a body comes from, and the name of its event. If a body has several
    /// events, the name is returned only if all of them are the same event. The body may be an array or lines, even if
    /// the provider usually sends another format.
    pub fn identify(&self, bytes: &[u8]) -> Option<(usize, Option<&'static str>)> {
        let text = std::str::from_utf8(bytes).ok()?;
        // One scan finds the members that all providers need.
        let known = match scan::extract_object(text, &self.paths) {
            Some(found) => {
                // The object is an event itself, or has events in it. A known event proves more than the members that
                // all events of a provider have, so it is looked for first.
                let known = self.known(&found).or_else(|| self.known_of_several(text));
                return known.or_else(|| self.of_provider(&found)).or_else(|| self.claimed(text));
            }
            None => self.known_of_several(text),
        };
        known.or_else(|| self.claimed(text))
    }

    /// Identifies a body that is one object with a known event. `found` has the members at all paths.
    fn known(&self, found: &[Option<scan::Token<'_>>]) -> Option<(usize, Option<&'static str>)> {
        let member = |path: &usize| found.get(*path)?.as_ref();
        self.providers.iter().enumerate().find_map(|(place, provider)| {
            // Most bodies have no member of most providers, so most are ruled out without looking at their conditions.
            if provider.by_presence && !provider.event_paths.iter().any(|path| member(path).is_some()) {
                return None;
            }
            let event = provider.info.dispatch.event(&|path| member(provider.event_paths.get(path)?))?;
            Some((place, Some(provider.info.events.get(event)?.name)))
        })
    }

    /// Identifies the provider of a body that is one object with an unknown event.
    fn of_provider(&self, found: &[Option<scan::Token<'_>>]) -> Option<(usize, Option<&'static str>)> {
        let member = |path: &usize| found.get(*path)?.as_ref();
        surest(self.providers.iter().enumerate().filter_map(|(place, provider)| {
            let certainty = provider.info.dispatch.certainty(&|path| member(provider.provider_paths.get(path)?))?;
            Some((certainty, place))
        }))
    }

    /// Identifies a body that may be several events, at least one of which is known.
    fn known_of_several(&self, text: &str) -> Option<(usize, Option<&'static str>)> {
        let parts = split_unchecked(text);
        let event_name = |info: &'static ProviderInfo, texts: &[&str]| {
            let events: Vec<_> = texts.iter().map(|text| info.dispatch.detect(text)).collect();
            let first = events.iter().flatten().next()?;
            // If one of the events is unknown, the body has no common name.
            let agreed = events.iter().all(|event| event == &Some(*first));
            Some(agreed.then(|| info.events[*first].name))
        };
        self.providers.iter().enumerate().find_map(|(place, Candidate { info, .. })| {
            bodies(info, text, &parts).find_map(|texts| Some((place, event_name(info, &texts)?)))
        })
    }

    /// Identifies the provider of a body that may be several events, none of which is known.
    fn claimed(&self, text: &str) -> Option<(usize, Option<&'static str>)> {
        let parts = split_unchecked(text);
        surest(self.providers.iter().enumerate().filter_map(|(place, Candidate { info, .. })| {
            let of = |text: &str| Detection::of_provider(info.dispatch, text).certainty();
            let certainty = bodies(info, text, &parts).flatten().filter_map(of).max()?;
            Some((certainty, place))
        }))
    }
}

/// Returns the possible splits of a body into events of a provider. A body that is an array is also tried as one event
/// if the provider delivers single events, because the event may be an array itself. If a body is an object, only the
/// events inside it are tried, because [`Identifier::known`] has tried the object.
fn bodies<'b, 't>(
    info: &ProviderInfo,
    text: &'t str,
    parts: &'b [&'t str],
) -> impl Iterator<Item = Vec<&'t str>> + use<'b, 't> {
    let alone = info.delivery == Delivery::Single && text.trim_start().starts_with('[');
    let wrapped = find_wrapped(info, text)
        .map(|ranges| ranges.into_iter().filter_map(|range| text.get(range)).collect::<Vec<_>>());
    let is_object = parts == [text] && text.trim_start().starts_with('{');
    let parts = (!is_object).then(|| parts.to_vec());
    alone.then(|| vec![text]).into_iter().chain(wrapped).chain(parts)
}

/// Returns the provider with the highest certainty, unless several providers have it.
fn surest(claims: impl Iterator<Item = (Certainty, usize)>) -> Option<(usize, Option<&'static str>)> {
    // A wrong provider is worse than none: the body would be read with the types of another vendor.
    let claims: Vec<_> = claims.collect();
    let surest = claims.iter().map(|(certainty, _)| *certainty).max()?;
    let mut places = claims.into_iter().filter(|(certainty, _)| *certainty == surest).map(|(_, place)| place);
    match (places.next(), places.next()) {
        (Some(only), None) => Some((only, None)),
        _ => None,
    }
}
