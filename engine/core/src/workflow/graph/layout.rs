//! Layered layout after Sugiyama, Tagawa and Toda (1981): layers by the longest way from the start, order by the mean of
//! neighbours, edges over several layers on ways of their own, edges backwards in lanes at the right.

use std::collections::{BTreeMap, BTreeSet};

/// Size of a node, distance of layers, and least distance of neighbours, in SVG units.
pub(super) const WIDTH: i32 = 128;
pub(super) const HEIGHT: i32 = 48;
const LAYER: i32 = 108;
const APART: i32 = 168;
const WAY: i32 = 56;
/// The style sheet gives a graph at least 72 rem; narrower drawings are set in the middle of that.
const LEAST_WIDTH: i32 = 1_152;
const MARGIN: i32 = 48;
const LANE: i32 = 36;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Box,
    Diamond,
    /// An end.
    Round,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) caption: String,
    pub(super) shape: Shape,
    pub(super) class: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    /// The target is an end, not a step of that name.
    pub(super) round: bool,
    pub(super) label: String,
    /// A reviewer asks for more.
    pub(super) asks: bool,
}

impl Shape {
    /// From the middle to the upper or lower edge.
    pub(super) const fn reach(self) -> i32 {
        match self {
            Self::Box => HEIGHT / 2,
            Self::Diamond => HEIGHT / 2 + 12,
            Self::Round => HEIGHT / 2 - 4,
        }
    }
}

pub(super) struct Line {
    pub(super) path: String,
    pub(super) label: String,
    pub(super) label_at: (i32, i32),
    pub(super) asks: bool,
}

pub(super) struct Drawing {
    pub(super) width: i32,
    pub(super) height: i32,
    /// Nodes with their middle.
    pub(super) nodes: Vec<(Node, (i32, i32))>,
    pub(super) lines: Vec<Line>,
}

/// A place in a layer: a node, or the way of an edge that passes.
type Place = usize;

struct Layers {
    /// By place: its layer, its width, from its middle to its upper edge, and its x.
    layer: Vec<usize>,
    wide: Vec<i32>,
    reach: Vec<i32>,
    x: Vec<i32>,
    /// By layer, from left to right.
    rows: Vec<Vec<Place>>,
    /// Neighbours one layer up or down.
    joined: BTreeMap<Place, Vec<Place>>,
}

pub(super) fn lay_out(nodes: Vec<Node>, edges: &[Edge]) -> Drawing {
    let find = |name: &str, round: bool| {
        nodes
            .iter()
            .position(|node| node.name == name && (node.shape == Shape::Round) == round)
    };
    let ends: Vec<(usize, usize)> = edges
        .iter()
        .map(|edge| {
            (
                find(&edge.from, false).unwrap_or(0),
                find(&edge.to, edge.round).unwrap_or(0),
            )
        })
        .collect();
    let back = backwards(nodes.len(), &ends);
    let mut layers = Layers::new(&nodes, &ends, &back);
    let ways: Vec<Vec<Place>> = ends
        .iter()
        .enumerate()
        .map(|(edge, (from, to))| {
            if back.contains(&edge) {
                Vec::new()
            } else {
                layers.way(*from, *to)
            }
        })
        .collect();
    layers.order();
    layers.spread();
    let least = layers
        .x
        .iter()
        .zip(&layers.wide)
        .map(|(x, wide)| x - wide / 2)
        .min()
        .unwrap_or(0);
    let most = layers
        .x
        .iter()
        .zip(&layers.wide)
        .map(|(x, wide)| x + wide / 2)
        .max()
        .unwrap_or(0);
    let lanes = i32::try_from(back.len()).unwrap_or(0) * LANE;
    let needed = most - least + 2 * MARGIN + lanes;
    let width = needed.max(LEAST_WIDTH);
    let shift = MARGIN - least + (width - needed) / 2;
    for x in &mut layers.x {
        *x += shift;
    }
    let right = most + shift + MARGIN / 2;
    let lines = lines(&layers, edges, &ends, &ways, &back, right);
    Drawing {
        width,
        height: i32::try_from(layers.rows.len()).unwrap_or(0) * LAYER + MARGIN / 2,
        nodes: nodes
            .into_iter()
            .enumerate()
            .map(|(place, node)| (node, layers.middle(place)))
            .collect(),
        lines,
    }
}

/// Edges that close a circle when the graph is walked from its first node.
fn backwards(nodes: usize, ends: &[(usize, usize)]) -> BTreeSet<usize> {
    fn walk(
        at: usize,
        ends: &[(usize, usize)],
        open: &mut BTreeSet<usize>,
        done: &mut BTreeSet<usize>,
        back: &mut BTreeSet<usize>,
    ) {
        open.insert(at);
        for (edge, (_, to)) in ends.iter().enumerate().filter(|(_, (from, _))| *from == at) {
            if open.contains(to) {
                back.insert(edge);
            } else if !done.contains(to) {
                walk(*to, ends, open, done, back);
            }
        }
        open.remove(&at);
        done.insert(at);
    }
    let (mut done, mut back) = (BTreeSet::new(), BTreeSet::new());
    for node in 0..nodes {
        if !done.contains(&node) {
            walk(node, ends, &mut BTreeSet::new(), &mut done, &mut back);
        }
    }
    back
}

impl Layers {
    fn new(nodes: &[Node], ends: &[(usize, usize)], back: &BTreeSet<usize>) -> Self {
        let mut layer = vec![0; nodes.len()];
        for _ in 0..nodes.len() {
            for (_, (from, to)) in ends.iter().enumerate().filter(|(edge, _)| !back.contains(edge)) {
                let below = layer.get(*from).copied().unwrap_or(0) + 1;
                if let Some(own) = layer.get_mut(*to) {
                    *own = below.max(*own);
                }
            }
        }
        let last = layer.iter().max().copied().unwrap_or(0);
        for (own, _) in layer
            .iter_mut()
            .zip(nodes)
            .filter(|(_, node)| node.shape == Shape::Round)
        {
            *own = last;
        }
        let mut rows = vec![Vec::new(); last + 1];
        for (place, own) in layer.iter().enumerate() {
            if let Some(row) = rows.get_mut(*own) {
                row.push(place);
            }
        }
        Self {
            wide: vec![APART; nodes.len()],
            reach: nodes.iter().map(|node| node.shape.reach()).collect(),
            x: vec![0; nodes.len()],
            layer,
            rows,
            joined: BTreeMap::new(),
        }
    }

    /// Gives an edge a place in every layer that it passes.
    fn way(&mut self, from: Place, to: Place) -> Vec<Place> {
        let (first, last) = (self.layer_of(from), self.layer_of(to));
        let mut way = vec![from];
        for layer in first + 1..last {
            let place = self.layer.len();
            self.layer.push(layer);
            self.wide.push(WAY);
            self.reach.push(0);
            self.x.push(0);
            if let Some(row) = self.rows.get_mut(layer) {
                row.push(place);
            }
            way.push(place);
        }
        way.push(to);
        for (a, b) in way.iter().zip(way.iter().skip(1)) {
            self.joined.entry(*a).or_default().push(*b);
            self.joined.entry(*b).or_default().push(*a);
        }
        way
    }

    fn layer_of(&self, place: Place) -> usize {
        self.layer.get(place).copied().unwrap_or(0)
    }

    fn x_of(&self, place: Place) -> i32 {
        self.x.get(place).copied().unwrap_or(0)
    }

    fn middle(&self, place: Place) -> (i32, i32) {
        let layer = i32::try_from(self.layer_of(place)).unwrap_or(0);
        (self.x_of(place), layer * LAYER + MARGIN + HEIGHT / 2 - 8)
    }

    /// Orders each layer by the mean place of its neighbours, a few times down and up.
    fn order(&mut self) {
        for sweep in 0..8 {
            let count = self.rows.len();
            for step in 0..count {
                let layer = if sweep % 2 == 0 { step } else { count - 1 - step };
                let at: BTreeMap<Place, usize> = self
                    .rows
                    .iter()
                    .flat_map(|row| row.iter().enumerate().map(|(i, place)| (*place, i)))
                    .collect();
                let mean = |place: &Place| {
                    let near = self.joined.get(place).map_or(&[][..], Vec::as_slice);
                    let side = near
                        .iter()
                        .filter(|other| (self.layer_of(**other) < layer) == (sweep % 2 == 0));
                    let seats: Vec<usize> = side.filter_map(|other| at.get(other).copied()).collect();
                    let own = at.get(place).copied().unwrap_or(0);
                    if seats.is_empty() {
                        own * 1_000
                    } else {
                        seats.iter().sum::<usize>() * 1_000 / seats.len()
                    }
                };
                let mut row = self.rows.get(layer).cloned().unwrap_or_default();
                row.sort_by_cached_key(mean);
                if let Some(slot) = self.rows.get_mut(layer) {
                    *slot = row;
                }
            }
        }
    }

    /// Gives each place an x near its neighbours', keeping the order and the distances.
    fn spread(&mut self) {
        for sweep in 0..24 {
            let rows = self.rows.clone();
            for row in &rows {
                let wanted: Vec<i32> = row
                    .iter()
                    .map(|place| {
                        let near = self.joined.get(place).map_or(&[][..], Vec::as_slice);
                        let sum: i32 = near.iter().map(|other| self.x_of(*other)).sum();
                        i32::try_from(near.len())
                            .ok()
                            .filter(|n| *n > 0)
                            .map_or(self.x_of(*place), |n| sum / n)
                    })
                    .collect();
                self.place(row, &wanted, sweep % 2 == 0);
            }
        }
    }

    /// Sets a row at the wanted places; those too near are pushed apart, to the right or to the left by turns.
    fn place(&mut self, row: &[Place], wanted: &[i32], rightwards: bool) {
        let mut seats: Vec<(Place, i32)> = row.iter().copied().zip(wanted.iter().copied()).collect();
        if !rightwards {
            seats.reverse();
        }
        let mut before: Option<(i32, i32)> = None;
        for (place, wanted) in seats {
            let wide = self.wide.get(place).copied().unwrap_or(APART);
            let x = match before {
                None => wanted,
                Some((x, other)) if rightwards => wanted.max(x + i32::midpoint(other, wide)),
                Some((x, other)) => wanted.min(x - i32::midpoint(other, wide)),
            };
            if let Some(slot) = self.x.get_mut(place) {
                *slot = x;
            }
            before = Some((x, wide));
        }
    }
}

fn lines(
    layers: &Layers,
    edges: &[Edge],
    ends: &[(usize, usize)],
    ways: &[Vec<Place>],
    back: &BTreeSet<usize>,
    right: i32,
) -> Vec<Line> {
    let mut lanes = 0;
    let mut lines = Vec::new();
    for (((number, edge), (from, to)), way) in edges.iter().enumerate().zip(ends).zip(ways) {
        let (path, label_at) = if back.contains(&number) {
            lanes += 1;
            upwards(layers.middle(*from), layers.middle(*to), right + lanes * LANE)
        } else {
            downwards(layers, way)
        };
        lines.push(Line {
            path,
            label: edge.label.clone(),
            label_at,
            asks: edge.asks,
        });
    }
    lines
}

/// A curve from the lower edge of the first place, through the others, to the upper edge of the last.
fn downwards(layers: &Layers, way: &[Place]) -> (String, (i32, i32)) {
    let points = way
        .iter()
        .map(|place| (layers.middle(*place), layers.reach.get(*place).copied().unwrap_or(0)));
    let points: Vec<((i32, i32), i32)> = points.collect();
    let Some(((x, y), reach)) = points.first().copied() else {
        return (String::new(), (0, 0));
    };
    let mut at = (x, y + reach);
    let (mut path, mut label_at) = (format!("M{x} {}", at.1), at);
    for (number, ((x, y), reach)) in points.iter().copied().enumerate().skip(1) {
        let end = if reach == 0 { y } else { y - reach - 2 };
        let half = i32::midpoint(at.1, end);
        path += &format!("C{} {half} {x} {half} {x} {end}", at.0);
        if number == 1 {
            label_at = (i32::midpoint(at.0, x), half + 4);
        }
        at = (x, end);
    }
    (path, label_at)
}

/// A line back: out at the right, up a lane, in at the right.
fn upwards(from: (i32, i32), to: (i32, i32), lane: i32) -> (String, (i32, i32)) {
    let (out, into) = (from.0 + WIDTH / 2, to.0 + WIDTH / 2 + 2);
    let (y, end, turn) = (from.1, to.1, lane - 8);
    let path = if end < y {
        let (leave, enter) = (y - 8, end + 8);
        format!("M{out} {y}H{turn}Q{lane} {y} {lane} {leave}V{enter}Q{lane} {end} {turn} {end}H{into}")
    } else {
        let (y, end) = (y + 10, end - 10);
        format!("M{out} {y}H{lane}V{end}H{into}")
    };
    (path, (i32::midpoint(out, lane), y - 8))
}
