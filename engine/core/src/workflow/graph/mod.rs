//! The steps of a workflow as a picture and in words. The picture is an SVG of our own, coloured by the style sheet, laid
//! out from top to bottom, and the same for the same file.

mod layout;
mod words;

use std::fmt::Write as _;

use super::definition::{Definition, Target};
use crate::case::Outcome;
use crate::kind::{Declared, Grant, Kinds};
use layout::{Drawing, Edge, Node, Shape, WIDTH, lay_out};
pub use words::{Row, in_words, table_of_steps};

/// The graph of a workflow. Steps link to `#st-NAME`; the table of steps beside it says the same in words.
#[must_use]
pub fn graph(definition: &Definition, kinds: &dyn Kinds) -> String {
    let drawing = lay_out(nodes(definition, kinds), &edges(definition));
    let mut svg = format!(
        "<svg viewBox=\"0 0 {} {}\" role=\"group\" aria-label=\"Graph of the workflow\"><defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" \
         markerHeight=\"7\" orient=\"auto\"><path class=\"tip\" d=\"M0 0L10 5L0 10z\"/></marker></defs>\n",
        drawing.width, drawing.height
    );
    draw(&mut svg, &drawing);
    svg + "</svg>\n"
}

fn nodes(definition: &Definition, kinds: &dyn Kinds) -> Vec<Node> {
    let steps = definition.steps.iter().map(|step| {
        let declared = kinds.get(&step.kind).and_then(|kind| kind.declare(step).ok());
        Node {
            name: step.name.clone(),
            caption: step.kind.clone(),
            shape: if step.kind == "decision" {
                Shape::Diamond
            } else {
                Shape::Box
            },
            class: if declared.is_some_and(|declared| proves(&declared)) {
                "proof"
            } else {
                ""
            },
        }
    });
    let mut nodes: Vec<Node> = steps.collect();
    for target in definition.steps.iter().flat_map(|step| step.then.values()) {
        let (name, caption, class) = match target {
            Target::Step(_) => continue,
            Target::End(Outcome::Approved) => ("approved".to_owned(), "end", "good"),
            Target::End(outcome) => (outcome.code().to_owned(), "end", "stop"),
            Target::Start(name) => (name.clone(), "another case", "stop"),
        };
        if !nodes.iter().any(|node| node.shape == Shape::Round && node.name == name) {
            let caption = caption.to_owned();
            nodes.push(Node {
                name,
                caption,
                shape: Shape::Round,
                class,
            });
        }
    }
    nodes
}

/// Whether some outcome counts as proof, or confirms one.
fn proves(declared: &Declared) -> bool {
    let mut outcomes = declared.outcomes.iter();
    outcomes.any(|outcome| matches!(outcome.grant, Grant::Now(_) | Grant::Confirm))
}

/// One edge for all outcomes that lead from one step to the same target.
fn edges(definition: &Definition) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    for step in &definition.steps {
        for (outcome, target) in &step.then {
            let (to, round) = match target {
                Target::Step(name) => (name.clone(), false),
                Target::End(outcome) => (outcome.code().to_owned(), true),
                Target::Start(name) => (name.clone(), true),
            };
            let label = match outcome.as_str() {
                "else" if step.then.len() == 1 => String::new(),
                "else" => "otherwise".to_owned(),
                word => word.replace('_', " "),
            };
            let asks = outcome.starts_with("ask_");
            let same =
                |edge: &&mut Edge| edge.from == step.name && edge.to == to && edge.round == round && edge.asks == asks;
            match edges.iter_mut().find(same) {
                Some(edge) => edge.label = format!("{}, {label}", edge.label),
                None => edges.push(Edge {
                    from: step.name.clone(),
                    to,
                    round,
                    label,
                    asks,
                }),
            }
        }
    }
    edges
}

fn draw(svg: &mut String, drawing: &Drawing) {
    for line in &drawing.lines {
        let class = if line.asks { " class=\"goal\"" } else { "" };
        let _ = writeln!(svg, "<path{class} d=\"{}\" marker-end=\"url(#tip)\"/>", line.path);
    }
    for line in drawing.lines.iter().filter(|line| !line.label.is_empty()) {
        let (x, y) = line.label_at;
        let _ = writeln!(
            svg,
            "<text class=\"lab\" x=\"{x}\" y=\"{y}\">{}</text>",
            escaped(&line.label)
        );
    }
    for (node, (x, y)) in &drawing.nodes {
        let (left, reach) = (x - WIDTH / 2, node.shape.reach());
        let (top, height) = (y - reach, reach * 2);
        let id = escaped(&node.name);
        let class = if node.class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{}\"", node.class)
        };
        let shape = match node.shape {
            Shape::Box => format!("<rect x=\"{left}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"8\"/>"),
            Shape::Round => format!("<rect x=\"{left}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"20\"/>"),
            Shape::Diamond => {
                let wide = WIDTH / 2 + 8;
                let points = [(x - wide, *y), (*x, y - reach), (x + wide, *y), (*x, y + reach)];
                let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
                format!("<polygon points=\"{}\"/>", points.join(" "))
            }
        };
        let _ = writeln!(
            svg,
            "<a href=\"#st-{id}\"{class}>{shape}<text class=\"name\" x=\"{x}\" y=\"{}\">{id}</text>\
             <text x=\"{x}\" y=\"{}\">{}</text></a>",
            y - 2,
            y + 14,
            escaped(&node.caption)
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::layout::HEIGHT;
    use super::*;
    use crate::workflow::load;
    use crate::workflow::samples::{PASSKEY_RESET, Samples};

    #[test]
    fn the_shipped_workflow_is_drawn_whole_and_always_the_same() {
        let definition = load(PASSKEY_RESET).unwrap();
        let svg = graph(&definition, &Samples);
        assert_eq!(svg, graph(&definition, &Samples));
        for step in &definition.steps {
            assert_eq!(
                svg.matches(&format!("href=\"#st-{}\"", step.name)).count(),
                1,
                "{}",
                step.name
            );
        }
        assert_eq!(svg.matches("class=\"good\"").count(), 1);
        assert_eq!(svg.matches("class=\"stop\"").count(), 2, "rejected and expired");
        assert_eq!(
            svg.matches("class=\"proof\"").count(),
            3,
            "email_code, questions, review"
        );
        assert_eq!(svg.matches("class=\"goal\"").count(), 1, "the reviewer asks again");
        assert!(!svg.contains("style=") && !svg.contains("NaN"));
    }

    #[test]
    fn no_two_nodes_overlap() {
        let definition = load(PASSKEY_RESET).unwrap();
        let drawing = lay_out(nodes(&definition, &Samples), &edges(&definition));
        for (i, (a, (ax, ay))) in drawing.nodes.iter().enumerate() {
            assert!(*ax >= WIDTH / 2 && ax + WIDTH / 2 <= drawing.width && ay + HEIGHT / 2 <= drawing.height);
            for (b, (bx, by)) in drawing.nodes.iter().skip(i + 1) {
                assert!(
                    (ax - bx).abs() >= WIDTH || (ay - by).abs() >= HEIGHT,
                    "{} and {}",
                    a.name,
                    b.name
                );
            }
        }
    }
}
