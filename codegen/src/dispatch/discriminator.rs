//! Ranks members by how likely their names are to identify events, and chooses the members that distinguish the most
//! events.

use crate::text::words;

/// The last words of the names of members that identify events, the most likely first.
const NAMES: [&str; 11] =
    ["type", "event", "kind", "action", "subject", "topic", "object", "trigger", "category", "class", "reason"];

/// Returns the rank of a member name: a lower rank is more likely to identify events. Returns `None` if the name does
/// not suggest that its values identify events.
pub(crate) fn name_rank(name: &str) -> Option<usize> {
    let words = words(name);
    NAMES.iter().position(|known| words.last().is_some_and(|word| word == known))
}

/// Returns the candidates that together distinguish the most `rivals` (other events, or pairs of events). Returns one
/// candidate from `firsts`. If only two candidates together distinguish all rivals, returns one candidate from `firsts`
/// and one from either list. The result is empty only if `firsts` is empty.
pub fn choose_discriminators<'c, C>(
    firsts: &[&'c C],
    seconds: &[&'c C],
    rivals: usize,
    distinguishes: impl Fn(&C, usize) -> bool,
) -> Vec<&'c C> {
    let count = |chosen: &[&C]| {
        (0..rivals).filter(|rival| chosen.iter().any(|candidate| distinguishes(candidate, *rival))).count()
    };
    if let Some(one) = firsts.iter().find(|candidate| count(&[candidate]) == rivals) {
        return vec![*one];
    }
    for seconds in [firsts, seconds] {
        for first in firsts {
            if let Some(second) = seconds.iter().find(|second| count(&[first, second]) == rivals) {
                return vec![*first, *second];
            }
        }
    }
    // `max_by_key` returns the last maximum, so the order is reversed to find the first.
    firsts.iter().rev().max_by_key(|candidate| count(&[candidate])).map(|first| vec![*first]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_candidates_are_chosen_only_if_both_distinguish_more() {
        let (a, b, c) = (vec![0, 1], vec![2], vec![1]);
        let distinguishes = |candidate: &Vec<usize>, rival: usize| candidate.contains(&rival);
        assert_eq!(choose_discriminators(&[&c, &a], &[], 2, distinguishes), [&a]);
        assert_eq!(choose_discriminators(&[&a], &[&c, &b], 3, distinguishes), [&a, &b]);
        assert_eq!(choose_discriminators(&[&c, &a], &[], 3, distinguishes), [&a]);
        assert_eq!(choose_discriminators::<Vec<usize>>(&[], &[], 3, distinguishes), Vec::<&Vec<usize>>::new());
    }
}
