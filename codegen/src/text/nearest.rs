//! Finds the known name that is most similar to an unknown name.

/// How much two names must have in common.
const ALIKE: f64 = 0.7;

/// Returns the known name that is most similar to a name, or `None` if no name is similar enough.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let likeness = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase());
    let rated = known.into_iter().map(|known| (likeness(known), known));
    let best = rated.filter(|(likeness, _)| *likeness > ALIKE).max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.map(|(_, known)| known)
}
