//! The known name that somebody may have meant.

/// How much two names must have in common.
const ALIKE: f64 = 0.7;

/// The known name that is most like a name; `None` if no name is much like it.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let likeness = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase());
    let rated = known.into_iter().map(|known| (likeness(known), known));
    let best = rated.filter(|(likeness, _)| *likeness > ALIKE).max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.map(|(_, known)| known)
}
