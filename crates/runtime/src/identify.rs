//! Which provider a body comes from.

use crate::batch::split_unchecked;
use crate::delivery::Delivery;
use crate::dispatch::{Certainty, Detection};
use crate::provider::ProviderInfo;
use crate::scan;

/// Identifies the providers of bodies.
#[derive(Debug)]
pub struct Identifier {
    providers: Vec<&'static ProviderInfo>,
    /// The members that any of the providers is identified by: their paths, sorted.
    paths: Vec<&'static [&'static str]>,
    /// Of each provider, where its paths are among all: those that identify its events, and those that identify itself.
    places: Vec<(Vec<usize>, Vec<usize>)>,
    /// Of each provider, whether its events are identified by nothing but members that are there.
    by_presence: Vec<bool>,
}

impl Identifier {
    /// An identifier for some providers. Where several claim a body alike, the first that knows its event has it.
    pub fn new(providers: impl IntoIterator<Item = &'static ProviderInfo>) -> Identifier {
        let providers: Vec<_> = providers.into_iter().collect();
        let both = |info: &&'static ProviderInfo| [info.dispatch.discriminator_paths.0, info.dispatch.provider_paths.0];
        let mut paths: Vec<&'static [&'static str]> = Vec::new();
        for path in providers.iter().flat_map(both).flatten() {
            if let Err(place) = paths.binary_search(path) {
                paths.insert(place, path);
            }
        }
        let place = |path: &&'static [&'static str]| paths.binary_search(path).unwrap_or_default();
        let places = |info: &&'static ProviderInfo| {
            let [events, provider] = both(info).map(|known| known.iter().map(place).collect());
            (events, provider)
        };
        let places = providers.iter().map(places).collect();
        let by_presence = providers.iter().map(|info| info.dispatch.is_by_presence()).collect();
        Identifier { providers, paths, places, by_presence }
    }

    /// The index of the provider that a body comes from, and the event that it is. A body of several events has one only
    /// if they are all the same. The body may be an array or lines, whatever is usual for the provider.
    pub fn identify(&self, bytes: &[u8]) -> Option<(usize, Option<&'static str>)> {
        let text = std::str::from_utf8(bytes).ok()?;
        let known = match scan::extract_object(text, &self.paths) {
            Some(found) => return self.of_object(&found),
            None => self.known_of_several(text),
        };
        known.or_else(|| self.claimed(text))
    }

    /// The same for a body that is one object.
    fn of_object(&self, found: &[Option<scan::Token<'_>>]) -> Option<(usize, Option<&'static str>)> {
        let is_found = |path: usize| found.get(path).is_some_and(Option::is_some);
        let each = || self.providers.iter().zip(&self.places).enumerate();
        let known = each().find_map(|(place, (info, (events, _)))| {
            if self.by_presence.get(place) == Some(&true) && !events.iter().any(|path| is_found(*path)) {
                return None;
            }
            let event = info.dispatch.event(&|path| found.get(*events.get(path)?)?.as_ref())?;
            Some((place, Some(info.events.get(event)?.name)))
        });
        known.or_else(|| {
            surest(each().filter_map(|(place, (info, (_, provider)))| {
                let certainty = info.dispatch.certainty(&|path| found.get(*provider.get(path)?)?.as_ref())?;
                Some((certainty, place))
            }))
        })
    }

    fn known_of_several(&self, text: &str) -> Option<(usize, Option<&'static str>)> {
        let parts = split_unchecked(text);
        let known_among = |(place, info): (usize, &&'static ProviderInfo), texts: &[&str]| {
            let events: Vec<_> = texts.iter().map(|text| info.dispatch.detect(text)).collect();
            let first = events.iter().flatten().next()?;
            let agreed = events.iter().all(|event| event == &Some(*first));
            Some((place, agreed.then(|| info.events[*first].name)))
        };
        self.providers
            .iter()
            .enumerate()
            .find_map(|(place, info)| bodies(info, text, &parts).find_map(|texts| known_among((place, info), &texts)))
    }

    fn claimed(&self, text: &str) -> Option<(usize, Option<&'static str>)> {
        let parts = split_unchecked(text);
        surest(self.providers.iter().enumerate().filter_map(|(place, info)| {
            let of = |text: &str| Detection::of_provider(info.dispatch, text).certainty();
            let certainty = bodies(info, text, &parts).flatten().filter_map(of).max()?;
            Some((certainty, place))
        }))
    }
}

/// The ways in which a body may be events of a provider: one event of a provider that delivers single events may be an array
/// itself.
fn bodies<'b, 't>(
    info: &ProviderInfo,
    text: &'t str,
    parts: &'b [&'t str],
) -> impl Iterator<Item = Vec<&'t str>> + use<'b, 't> {
    let alone = info.delivery == Delivery::Single && text.trim_start().starts_with('[');
    alone.then(|| vec![text]).into_iter().chain([parts.to_vec()])
}

/// The provider whose claim is the surest; none if several are.
fn surest(claims: impl Iterator<Item = (Certainty, usize)>) -> Option<(usize, Option<&'static str>)> {
    let claims: Vec<_> = claims.collect();
    let surest = claims.iter().map(|(certainty, _)| *certainty).max()?;
    let mut places = claims.into_iter().filter(|(certainty, _)| *certainty == surest).map(|(_, place)| place);
    match (places.next(), places.next()) {
        (Some(only), None) => Some((only, None)),
        _ => None,
    }
}
