//! Many rows in few statements. A connection keeps each statement that it has prepared, and as many placeholders as there
//! may be rows would fill it with statements that are never seen again: so rows go in rounds of 64, 32, 16, 8, 4, 2 and 1.

/// The most rows of one statement.
const MAX_CHUNK: usize = 64;

/// Cuts rows into such rounds, in their order.
pub fn chunks<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let size = 1 << rows.len().checked_ilog2()?;
        Some(rows.by_ref().take(size.min(MAX_CHUNK)).collect())
    })
}

/// Repeats the last of the values until there are as many as a round has, for conditions that a repeat does not change.
#[must_use]
pub fn pad_to_pow2<T: Clone>(mut values: Vec<T>) -> Vec<T> {
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_order_and_rounds_have_few_sizes() {
        let sizes = |count: usize| {
            let cut: Vec<Vec<usize>> = chunks((0..count).collect()).collect();
            assert_eq!(cut.concat(), (0..count).collect::<Vec<_>>());
            cut.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(sizes(0), [0; 0]);
        assert_eq!(sizes(1), [1]);
        assert_eq!(sizes(37), [32, 4, 1]);
        assert_eq!(sizes(200), [64, 64, 64, 8]);
        assert_eq!(pad_to_pow2(vec![1, 2, 3]), [1, 2, 3, 3]);
        assert!(pad_to_pow2(Vec::<u8>::new()).is_empty());
    }
}
