//! What was read, in the order that people read it: lines, rows, and paragraphs whose lines go on below each other.

use readmit_core::inspection::Area;

use crate::read::Line;

/// The words of one picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    /// From top to bottom, then from left to right.
    pub lines: Vec<Line>,
    /// Places in `lines`, in reading order; every line is in one paragraph.
    pub paragraphs: Vec<Vec<usize>>,
    /// Height of the picture, in pixels.
    pub height: u32,
    /// The middle height of a line, in pixels.
    pub line_height: u32,
}

/// Letters of a word that tells something.
const TELLING: usize = 3;
/// Words that are kept of a page.
const MOST_TELLING: usize = 64;
/// A line goes on in the nearest one below when the gap is smaller than this share of its height, in percent.
const GAP: u32 = 90;
/// … and when they share at least this much of the narrower one's width, in percent.
const SHARED: u32 = 30;

/// A line of less than this share of the middle height, in percent, is no whole one.
const CUT: u32 = 80;

impl Page {
    #[must_use]
    pub(crate) fn new(mut lines: Vec<Line>, height: u32) -> Self {
        lines.sort_by_key(|line| (line.area.1, line.area.0));
        let mut heights: Vec<u32> = lines.iter().map(|line| line.area.3).collect();
        heights.sort_unstable();
        Self {
            paragraphs: paragraphs(&lines),
            line_height: heights.get(heights.len() / 2).copied().unwrap_or(0),
            lines,
            height,
        }
    }

    /// Letters and digits on the page.
    #[must_use]
    pub(crate) fn letters(&self) -> usize {
        self.lines.iter().map(|line| letters(&line.text)).sum()
    }

    /// The words that tell this page from others of its kind, each once: those with a digit or an `@`, in small letters.
    #[must_use]
    pub(crate) fn telling(&self) -> Vec<String> {
        let words = self.lines.iter().flat_map(|line| line.text.split_whitespace());
        let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
        let telling = words
            .filter(|word| word.chars().count() >= TELLING && word.contains(|c: char| c.is_ascii_digit() || c == '@'));
        let telling: std::collections::BTreeSet<String> = telling.collect();
        telling.into_iter().take(MOST_TELLING).collect()
    }

    /// How sure the reader was of them, in percent: the mean over letters.
    #[must_use]
    pub(crate) fn sureness(&self) -> i64 {
        let (mut sum, mut count) = (0.0, 0);
        for line in &self.lines {
            sum += f64::from(line.score) * letters(&line.text) as f64;
            count += letters(&line.text);
        }
        (100.0 * sum / count.max(1) as f64).round() as i64
    }

    /// Whether a line stands out by its size, as titles do.
    #[must_use]
    pub(crate) fn is_title(&self, line: &Line) -> bool {
        line.area.3 * 100 >= self.line_height * 118
    }

    /// Lines that the picture's upper or lower edge cuts through: they touch it, and are lower than lines are.
    #[must_use]
    pub(crate) fn cut_ends(&self) -> usize {
        let cut = |line: &&Line| {
            let touches = line.area.1 == 0 || line.area.1 + line.area.3 >= self.height;
            touches && line.area.3 * 100 < self.line_height * CUT
        };
        self.lines.iter().filter(cut).count()
    }

    /// The line to the left of this one in its row, if nothing stands between them.
    #[must_use]
    pub(crate) fn left_of(&self, line: &Line) -> Option<&Line> {
        let others = self.lines.iter().filter(|other| other.area.0 < line.area.0);
        others
            .filter(|other| {
                same_row(&other.area, &line.area) && other.area.0 + other.area.2 <= line.area.0 + line.area.3
            })
            .max_by_key(|other| other.area.0)
    }

    /// The line right above this one.
    #[must_use]
    pub(crate) fn above(&self, line: &Line) -> Option<&Line> {
        let others = self.lines.iter().filter(|other| other.area.1 < line.area.1);
        others
            .filter(|other| below(&other.area, &line.area, 200))
            .max_by_key(|other| other.area.1)
    }

    /// The text of a paragraph, its lines parted by line ends.
    pub(crate) fn texts(&self) -> impl Iterator<Item = Vec<&Line>> {
        self.paragraphs
            .iter()
            .map(|places| places.iter().filter_map(|place| self.lines.get(*place)).collect())
    }
}

/// Letters and digits of a text; a Chinese character says as much as two letters.
#[must_use]
pub(crate) fn letters(text: &str) -> usize {
    let weight = |c: char| if c.is_ascii() || c < '\u{2e80}' { 1 } else { 2 };
    text.chars().filter(|c| c.is_alphanumeric()).map(weight).sum()
}

/// Whether two areas overlap by more than half in height.
#[must_use]
pub(crate) fn same_row(a: &Area, b: &Area) -> bool {
    let shared = (a.1 + a.3).min(b.1 + b.3).saturating_sub(a.1.max(b.1));
    shared * 2 > a.3.min(b.3)
}

/// Whether `low` stands under `high`, with a gap of at most `gap` percent of its height.
fn below(high: &Area, low: &Area, gap: u32) -> bool {
    let shared = (high.0 + high.2).min(low.0 + low.2).saturating_sub(high.0.max(low.0));
    let overlaps = shared * 100 >= high.2.min(low.2) * SHARED;
    let bottom = high.1 + high.3;
    overlaps && low.1 + low.3 > bottom && low.1 * 100 <= bottom * 100 + high.3.min(low.3) * gap
}

fn paragraphs(lines: &[Line]) -> Vec<Vec<usize>> {
    let mut paragraphs: Vec<Vec<usize>> = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let last = |paragraph: &&mut Vec<usize>| paragraph.last().and_then(|last| lines.get(*last)).cloned();
        let home = paragraphs.iter_mut().rev().find(|paragraph| {
            last(paragraph).is_some_and(|last| {
                let (small, large) = (last.area.3.min(line.area.3), last.area.3.max(line.area.3));
                !same_row(&last.area, &line.area) && below(&last.area, &line.area, GAP) && large * 100 <= small * 170
            })
        });
        match home {
            Some(paragraph) => paragraph.push(place),
            None => paragraphs.push(vec![place]),
        }
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x: u32, y: u32, w: u32) -> Line {
        Line {
            text: text.into(),
            score: 1.0,
            area: Area(x, y, w, 20),
        }
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        let page = Page::new(
            vec![
                line("second", 10, 124, 300),
                line("label", 10, 40, 60),
                line("value", 400, 41, 90),
                line("first", 10, 100, 300),
                line("menu", 700, 112, 60),
            ],
            400,
        );
        let texts: Vec<String> = page
            .texts()
            .map(|lines| {
                lines
                    .iter()
                    .map(|line| line.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        assert_eq!(texts, ["label", "value", "first second", "menu"]);
        let value = page.lines.iter().find(|line| line.text == "value").cloned();
        let label = value.and_then(|value| page.left_of(&value).map(|label| label.text.clone()));
        assert_eq!(label.as_deref(), Some("label"));
    }
}
