//! Messages about names that are not known.

/// How many known names a message lists.
const LISTED: usize = 20;

/// Says that there is no such thing, names the known one that is nearest, and lists the known ones if they are few.
pub(crate) fn no_such<'n>(kind: &str, name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    let likeness = |known: &&str| strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase());
    let nearest = known.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let hint = match nearest.filter(|nearest| likeness(nearest) > 0.7) {
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None => String::new(),
    };
    let shown: Vec<&str> = known.iter().copied().take(LISTED).collect();
    let more = if known.len() > LISTED { format!(", … ({} in all)", known.len()) } else { String::new() };
    match shown.is_empty() {
        true => format!("there is no {kind} `{name}`, and no other"),
        false => format!("there is no {kind} `{name}`{hint}\nknown names: {}{more}", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        let message = |name: &str| no_such("event", name, ["alert_triggered", "login", "login"].into_iter());
        assert_eq!(
            message("alert_trigered"),
            "there is no event `alert_trigered`; did you mean `alert_triggered`?\nknown names: alert_triggered, login"
        );
        assert!(message("LOGIN").contains("did you mean `login`?"));
        assert!(!message("zzz").contains("did you mean"));
        assert_eq!(no_such("event", "a", std::iter::empty()), "there is no event `a`, and no other");
        let many: Vec<String> = (0..30).map(|n| format!("e{n}")).collect();
        assert!(no_such("event", "x", many.iter().map(String::as_str)).ends_with(", … (30 in all)"));
    }
}
