//! Failures that report unknown names.

use webhook_codegen::nearest;

use crate::failure::Failure;

/// How many known names a message lists.
const LISTED: usize = 20;

/// Returns a failure about an unknown name. It suggests the nearest known name, and lists the known names.
pub(crate) fn no_such<'n>(kind: &str, name: &str, known: impl Iterator<Item = &'n str>) -> Failure {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    let message = format!("there is no {kind} `{name}`");
    let Some(first) = known.get(..known.len().min(LISTED)).filter(|known| !known.is_empty()) else {
        return Failure::with_help(message, format!("there is no {kind} at all"));
    };
    let more = if known.len() > LISTED { format!(", … ({} in all)", known.len()) } else { String::new() };
    let listed = format!("known names: {}{more}", first.join(", "));
    match nearest(name, known.iter().copied()) {
        Some(nearest) => Failure::with_help(message, format!("did you mean `{nearest}`? {listed}")),
        None => Failure::with_help(message, listed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        let help = |name: &str| match no_such("event", name, ["alert_triggered", "login", "login"].into_iter()) {
            Failure::Other { message, help } => (message, help),
            Failure::Input(_) => unreachable!(),
        };
        let expected = "did you mean `alert_triggered`? known names: alert_triggered, login";
        assert_eq!(help("alert_trigered"), ("there is no event `alert_trigered`".to_owned(), expected.to_owned()));
        assert!(help("LOGIN").1.contains("did you mean `login`?"));
        assert_eq!(help("zzz").1, "known names: alert_triggered, login");
    }

    #[test]
    fn of_many_names_some_are_listed() {
        let many: Vec<String> = (0..30).map(|n| format!("e{n}")).collect();
        let help = |known: &[String]| match no_such("event", "x", known.iter().map(String::as_str)) {
            Failure::Other { help, .. } => help,
            Failure::Input(_) => unreachable!(),
        };
        assert!(help(&many).ends_with(", … (30 in all)"));
        assert_eq!(help(&[]), "there is no event at all");
    }
}
