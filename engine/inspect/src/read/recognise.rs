//! From the recognition model's scores to text.

/// The most probable letters, one a column: repeats are one letter, letter 0 is a gap (connectionist temporal
/// classification, greedy). With the mean score of the letters, 0 when there are none.
pub(super) fn greedy(scores: &[f32], letters: usize, alphabet: &[String]) -> (String, f32) {
    let (mut text, mut sum, mut count, mut before) = (String::new(), 0.0, 0u16, 0);
    for column in scores.chunks_exact(letters.max(1)) {
        let best = column.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let Some((letter, score)) = best else { continue };
        if letter != 0 && letter != before {
            text.push_str(alphabet.get(letter - 1).map_or("", String::as_str));
            sum += score;
            count = count.saturating_add(1);
        }
        before = letter;
    }
    (text.trim().to_owned(), sum / f32::from(count.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_one_letter_and_gaps_part_them() {
        let alphabet = ["a".to_owned(), "b".to_owned()];
        let column = |letter: usize| (0..3).map(move |at| if at == letter { 0.8 } else { 0.1 });
        let scores: Vec<f32> = [1, 1, 0, 1, 2, 2, 0].into_iter().flat_map(column).collect();
        let (text, score) = greedy(&scores, 3, &alphabet);
        assert_eq!(text, "aab");
        assert!((score - 0.8).abs() < 1e-6);
    }
}
