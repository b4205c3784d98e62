//! Reading the words of a picture: a port, and what comes through it.

mod detect;
mod recognise;
mod small;

use image::RgbImage;
use readmit_core::inspection::Area;

pub use small::{DETECTION, RECOGNITION, SmallModels};

/// One line of text as it stands in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub text: String,
    /// How sure the reader is, 0 to 1.
    pub score: f32,
    pub area: Area,
}

/// Reads words.
pub trait Reader {
    /// The lines of a picture, in no order. `longest` bounds the side, in pixels, at which text is looked for; small
    /// text needs more.
    ///
    /// # Errors
    /// [`NotRead`] when the engine fails; a picture without words is an empty list.
    fn read(&self, picture: &RgbImage, longest: u32) -> Result<Vec<Line>, NotRead>;
}

/// The picture's words could not be read, by no fault of the picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not read: {0}")]
pub struct NotRead(pub String);

impl NotRead {
    pub(crate) fn because(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// A picture as the models want it: planes of blue, green and red, each value from -1 to 1, on a canvas filled with grey.
pub(crate) fn planes(picture: &RgbImage, width: usize, height: usize) -> Vec<f32> {
    let mut planes = vec![0.0; 3 * width * height];
    for (plane, channel) in planes.chunks_exact_mut(width * height).zip([2, 1, 0]) {
        let rows = picture
            .chunks_exact(3 * picture.width().max(1) as usize)
            .zip(plane.chunks_exact_mut(width));
        for (from, to) in rows {
            for (value, into) in from.iter().skip(channel).step_by(3).zip(to) {
                *into = f32::from(*value) / 127.5 - 1.0;
            }
        }
    }
    planes
}
