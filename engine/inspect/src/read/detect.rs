//! From the detection model's map to rectangles around lines of text.

use readmit_core::inspection::Area;

/// A place is text when the map says so with at least this much.
const THRESHOLD: f32 = 0.3;
/// The mean over a rectangle that counts.
const MEAN: f32 = 0.5;
const LEAST_PIXELS: usize = 9;
const LEAST_SIDE: usize = 3;
/// The model marks the middle of lines; rectangles grow by this much of area over circumference.
const GROWTH: f64 = 1.6;

/// Connected places of the map (`cols` wide), each as a rectangle of the picture: `scale` is picture pixels a map pixel.
pub(super) fn areas(map: &[f32], cols: usize, scale: (f64, f64), picture: (u32, u32)) -> Vec<Area> {
    let mut seen: Vec<bool> = map.iter().map(|value| *value <= THRESHOLD).collect();
    let mut areas = Vec::new();
    for start in 0..map.len() {
        if let Some(spot) = Spot::grow(start, cols, &mut seen)
            && spot.counts(map, cols)
        {
            areas.push(spot.area(scale, picture));
        }
    }
    areas
}

/// A connected part of the map: its corners, and how many places it has.
struct Spot {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
    pixels: usize,
}

impl Spot {
    /// The part that `start` belongs to, if it was not seen before; marks it as seen. Corners touch as well as sides.
    fn grow(start: usize, cols: usize, seen: &mut [bool]) -> Option<Self> {
        take(seen, start).then_some(())?;
        let mut spot = Self {
            left: start % cols,
            top: start / cols,
            right: start % cols,
            bottom: start / cols,
            pixels: 0,
        };
        let mut open = vec![start];
        while let Some(place) = open.pop() {
            let (x, y) = (place % cols, place / cols);
            spot.pixels += 1;
            (spot.left, spot.right) = (spot.left.min(x), spot.right.max(x));
            (spot.top, spot.bottom) = (spot.top.min(y), spot.bottom.max(y));
            for row in y.saturating_sub(1)..=y + 1 {
                for col in x.saturating_sub(1)..=(x + 1).min(cols - 1) {
                    if take(seen, row * cols + col) {
                        open.push(row * cols + col);
                    }
                }
            }
        }
        Some(spot)
    }

    const fn size(&self) -> (usize, usize) {
        (self.right - self.left + 1, self.bottom - self.top + 1)
    }

    fn counts(&self, map: &[f32], cols: usize) -> bool {
        let (width, height) = self.size();
        if self.pixels < LEAST_PIXELS || width.min(height) < LEAST_SIDE {
            return false;
        }
        let rows = map.chunks_exact(cols).skip(self.top).take(height);
        let sum: f32 = rows.flat_map(|row| row.iter().skip(self.left).take(width)).sum();
        sum / (width * height) as f32 > MEAN
    }

    fn area(&self, (across, down): (f64, f64), (width, height): (u32, u32)) -> Area {
        let (w, h) = self.size();
        let (w, h) = (w as f64, h as f64);
        let grow = GROWTH * w * h / (2.0 * (w + h));
        let side = |from: f64, length: f64, scale: f64, most: u32| {
            let low = ((from - grow) * scale).max(0.0).floor();
            let high = ((from + length + grow) * scale).min(f64::from(most)).ceil();
            (low as u32, (high - low).max(1.0) as u32)
        };
        let (x, w) = side(self.left as f64, w, across, width);
        let (y, h) = side(self.top as f64, h, down, height);
        Area(x, y, w, h)
    }
}

/// Marks a place as seen; whether it was new.
fn take(seen: &mut [bool], place: usize) -> bool {
    seen.get_mut(place).is_some_and(|seen| !std::mem::replace(seen, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_becomes_a_rectangle_around_it_and_specks_do_not() {
        let cols = 32;
        let mut map = vec![0.0; cols * 32];
        for (place, value) in map.iter_mut().enumerate() {
            let (x, y) = (place % cols, place / cols);
            if (4..28).contains(&x) && (10..14).contains(&y) || (x, y) == (1, 1) {
                *value = 0.9;
            }
        }
        assert_eq!(areas(&map, cols, (2.0, 2.0), (64, 64)), [Area(2, 14, 60, 20)]);
    }
}
