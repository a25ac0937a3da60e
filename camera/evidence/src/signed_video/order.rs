//! Which elements of a sequence stand where they belong.

/// For each of these distinct places, whether every longest way of going through them upwards passes it.
///
/// Of two that were swapped, neither does; of many behind one that was moved, all do.
pub(super) fn in_order(places: &[usize]) -> Vec<bool> {
    let up_to = longest_up_to(places.iter().copied());
    let largest = places.iter().max().copied().unwrap_or(0);
    let mut from: Vec<usize> = longest_up_to(places.iter().rev().map(|place| largest - place));
    from.reverse();
    let longest = up_to.iter().max().copied().unwrap_or(0);
    let on_some: Vec<bool> = up_to
        .iter()
        .zip(&from)
        .map(|(before, behind)| before + behind == longest + 1)
        .collect();
    let mut rivals = vec![0_usize; longest + 1];
    for (length, on_some) in up_to.iter().zip(&on_some) {
        if let (true, Some(rivals)) = (*on_some, rivals.get_mut(*length)) {
            *rivals += 1;
        }
    }
    let alone = |length: &usize| rivals.get(*length) == Some(&1);
    up_to
        .iter()
        .zip(&on_some)
        .map(|(length, on_some)| *on_some && alone(length))
        .collect()
}

/// For each place, the length of the longest way upwards that ends there.
fn longest_up_to(places: impl Iterator<Item = usize>) -> Vec<usize> {
    // The smallest place at which a way of each length ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut lengths = Vec::new();
    for place in places {
        let shorter = ends.partition_point(|end| *end < place);
        match ends.get_mut(shorter) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
        lengths.push(shorter + 1);
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(places: &[usize], out: &[usize]) {
        let found: Vec<usize> = in_order(places)
            .iter()
            .zip(places)
            .filter(|(in_order, _)| !**in_order)
            .map(|(_, place)| *place)
            .collect();
        assert_eq!(found, out, "{places:?}");
    }

    #[test]
    fn swapped_and_moved_elements_are_named_and_no_others() {
        check(&[], &[]);
        check(&[4], &[]);
        check(&[1, 2, 5, 9], &[]);
        check(&[1, 3, 2, 4], &[3, 2]);
        check(&[1, 7, 3, 4, 5, 6, 2, 8], &[7, 2]);
        check(&[5, 1, 2, 3, 4], &[5]);
        check(&[2, 3, 4, 5, 1], &[1]);
        check(&[3, 2, 1], &[3, 2, 1]);
    }
}
