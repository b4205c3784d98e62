//! The reader of this build: a small detection model finds lines, a small recognition model reads each.

use std::path::Path;
use std::sync::Arc;

use image::RgbImage;
use image::imageops::{FilterType, crop_imm, resize};
use readmit_core::inspection::Area;
use rten::{Model, ModelOptions, RunOptions, ThreadPool, Value};
use rten_tensor::{AsView as _, Layout as _, NdTensor};

use super::{Line, NotRead, Reader, detect, planes, recognise};

/// Two models and what they need to run: on one thread, since pictures are read side by side.
pub struct SmallModels {
    finds: Model,
    reads: Model,
    alphabet: Vec<String>,
    pool: Arc<ThreadPool>,
}

/// The files of the two models.
pub const DETECTION: &str = "PP-OCRv6_det_small.onnx";
pub const RECOGNITION: &str = "PP-OCRv6_rec_small.onnx";

/// Lines are read at this height; the recognition model knows no other.
const LINE_HEIGHT: u32 = 48;
/// Widths are padded to a multiple of this, so that the models' shrinking layers come out even.
const STEP: u32 = 32;
const NARROWEST: u32 = 160;
/// A line longer than this is squeezed: 66 times as wide as high.
const WIDEST: u32 = 3_200;
/// Below this the recogniser is guessing.
const SURE: f32 = 0.5;
/// More lines than a full page of small print: what is beyond is noise, or meant to keep us busy.
const MOST_LINES: usize = 300;

impl SmallModels {
    /// Loads both models from a folder.
    ///
    /// # Errors
    /// [`NotRead`] when a file is missing or is no such model.
    pub fn load(folder: &Path) -> Result<Self, NotRead> {
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        let load = |name: &str| {
            let bytes = std::fs::read(folder.join(name)).map_err(NotRead::because)?;
            let mut options = ModelOptions::with_all_ops();
            options.prepack_weights(true);
            options.load(bytes).map_err(NotRead::because)
        };
        let (finds, reads) = pool.run(|| (load(DETECTION), load(RECOGNITION)));
        let (finds, reads) = (finds?, reads?);
        let characters = reads.metadata().get("character").unwrap_or_default();
        let mut alphabet: Vec<String> = characters.lines().map(str::to_owned).collect();
        if alphabet.is_empty() {
            return Err(NotRead("the recognition model names no alphabet".into()));
        }
        alphabet.push(" ".into());
        Ok(Self {
            finds,
            reads,
            alphabet,
            pool,
        })
    }

    /// Where lines of text are, in pixels of the picture. A long one is looked at part by part, so that its text is no
    /// smaller than on a screen.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn detect(&self, picture: &RgbImage, longest: u32) -> Result<Vec<Area>, NotRead> {
        let mut areas = Vec::new();
        for part in parts(picture.dimensions()) {
            let found = if part.height == picture.height() {
                self.detect_all(picture, longest)?
            } else {
                let cut = crop_imm(picture, 0, part.top, picture.width(), part.height);
                self.detect_all(&cut.to_image(), longest)?
            };
            let whole = found
                .into_iter()
                .map(|area| Area(area.0, area.1 + part.top, area.2, area.3));
            areas.extend(whole.filter(|area| part.holds(area)));
        }
        areas.sort_by_key(|area| (area.1, area.0));
        areas.truncate(MOST_LINES);
        Ok(areas)
    }

    fn detect_all(&self, picture: &RgbImage, longest: u32) -> Result<Vec<Area>, NotRead> {
        let (width, height) = fitted(picture, longest);
        let small = resize(picture, width, height, FilterType::Triangle);
        let (cols, rows) = (padded(width) as usize, padded(height) as usize);
        let input = NdTensor::from_data([1, 3, rows, cols], planes(&small, cols, rows));
        let map: NdTensor<f32, 4> = self.run(&self.finds, input)?;
        let map = map.to_vec();
        if map.len() != rows * cols {
            return Err(NotRead("the detection model gave another shape".into()));
        }
        let scale = (
            f64::from(picture.width()) / f64::from(width),
            f64::from(picture.height()) / f64::from(height),
        );
        Ok(detect::areas(&map, cols, scale, picture.dimensions()))
    }

    /// The text of one line.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn recognise(&self, picture: &RgbImage, area: Area) -> Result<Option<Line>, NotRead> {
        let cut = crop_imm(picture, area.0, area.1, area.2, area.3).to_image();
        let width = (LINE_HEIGHT * cut.width())
            .div_ceil(cut.height().max(1))
            .clamp(1, WIDEST);
        let line = resize(&cut, width, LINE_HEIGHT, FilterType::Triangle);
        let cols = padded(width).max(NARROWEST) as usize;
        let rows = LINE_HEIGHT as usize;
        let input = NdTensor::from_data([1, 3, rows, cols], planes(&line, cols, rows));
        let scores: NdTensor<f32, 3> = self.run(&self.reads, input)?;
        let letters = scores.shape().last().copied().unwrap_or(0);
        let (text, score) = recognise::greedy(&scores.to_vec(), letters, &self.alphabet);
        Ok((score >= SURE && !text.is_empty()).then_some(Line { text, score, area }))
    }

    fn run<const N: usize>(&self, model: &Model, input: NdTensor<f32, 4>) -> Result<NdTensor<f32, N>, NotRead> {
        let options = RunOptions::default().with_thread_pool(Some(self.pool.clone()));
        let output: Value = model.run_one(input.into(), Some(options)).map_err(NotRead::because)?;
        output.try_into().map_err(NotRead::because)
    }
}

impl Reader for SmallModels {
    fn read(&self, picture: &RgbImage, longest: u32) -> Result<Vec<Line>, NotRead> {
        let mut lines = Vec::new();
        for area in self.detect(picture, longest)? {
            lines.extend(self.recognise(picture, area)?);
        }
        Ok(lines)
    }
}

/// The picture's size with its longest side at most `longest`; never larger than it is.
fn fitted(picture: &RgbImage, longest: u32) -> (u32, u32) {
    let (width, height) = picture.dimensions();
    let scale = (f64::from(longest) / f64::from(width.max(height).max(1))).min(1.0);
    let side = |length: u32| (f64::from(length) * scale).round().max(1.0) as u32;
    (side(width), side(height))
}

const fn padded(side: u32) -> u32 {
    side.div_ceil(STEP) * STEP
}

/// A part of a long picture, over its whole width. Parts overlap, and a line is taken from the one in whose own rows its
/// middle lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    top: u32,
    height: u32,
    /// Its own rows: from, and up to.
    own: (u32, u32),
}

impl Part {
    const fn holds(&self, area: &Area) -> bool {
        let middle = area.1 + area.3 / 2;
        self.own.0 <= middle && middle < self.own.1
    }
}

/// Tenths of its width that a picture is high before it is parted: the longest screens are 23.
const LONG: u32 = 25;
/// … and that a part is high without its overlap.
const PART: u32 = 18;
/// Tenths of the width by which a part reaches into its neighbours: more than the largest line.
const OVERLAP: u32 = 2;
/// Beyond so many parts each is higher instead: the processor's time is bounded.
const MOST_PARTS: u32 = 6;

/// The parts of a picture of this size, from top to bottom.
fn parts((width, height): (u32, u32)) -> Vec<Part> {
    let tenths = |count: u32| (width * count / 10).max(1);
    if height <= tenths(LONG) {
        let own = (0, height);
        return vec![Part { top: 0, height, own }];
    }
    let step = tenths(PART).max(height.div_ceil(MOST_PARTS));
    let part = |from: u32| {
        let top = from.saturating_sub(tenths(OVERLAP));
        let bottom = (from + step + tenths(OVERLAP)).min(height);
        Part {
            top,
            height: bottom - top,
            own: (from, (from + step).min(height)),
        }
    };
    (0..height).step_by(step as usize).map(part).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn a_long_page_is_looked_at_in_parts_that_hold_every_line_once() {
        for (size, count) in [
            ((1_170, 2_532), 1),
            ((1_080, 2_520), 1),
            ((1_170, 6_000), 3),
            ((700, 30_000), 6),
            ((1, 9), 5),
        ] {
            let parts = parts(size);
            assert_eq!(parts.len(), count, "{size:?}");
            for middle in 0..size.1 {
                let area = Area(0, middle, size.0, 1);
                let holding: Vec<&Part> = parts.iter().filter(|part| part.holds(&area)).collect();
                assert_eq!(holding.len(), 1, "{middle} of {size:?}");
                let part = holding[0];
                let margin = size.0 / 10;
                assert!(part.top <= middle.saturating_sub(margin), "{middle} of {size:?}");
                assert!(
                    part.top + part.height >= (middle + margin).min(size.1),
                    "{middle} of {size:?}"
                );
            }
        }
    }
}
