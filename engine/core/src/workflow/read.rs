//! From the bytes of a workflow file to its parts: everything that can be said without knowing step kinds.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::definition::{Definition, Limits, RemedySpec, Step, Target};
use super::expr::Expr;
use super::fault::{Fault, Place, suggest};
use super::tree::{Content, Node};
use super::written::{Deviation, Placed, Proof};
use crate::case::{Class, Outcome};
use crate::ids::Digest;
use crate::time::Span;

/// The keys of a file.
pub(crate) const SECTIONS: [&str; 9] = [
    "workflow", "class", "title", "remedy", "deviates", "proof", "limits", "start", "steps",
];
/// Languages that a title may be given in; `en` must be.
const LANGUAGES: [&str; 3] = ["en", "zh", "es"];
/// The most steps, and the most visits of one.
const MOST_STEPS: usize = 60;
const MOST_VISITS: u32 = 20;

/// A file as read: its runnable part, and the places and sections that only the checker needs.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) definition: Definition,
    pub(crate) proof: Placed<Proof>,
    /// Places of `proof.when` lines, in order.
    pub(crate) when: Vec<Place>,
    pub(crate) deviates: Vec<Placed<Deviation>>,
    pub(crate) remedy: Place,
    pub(crate) start: Place,
    pub(crate) limits: Place,
    pub(crate) steps: BTreeMap<String, StepPlaces>,
    /// Every condition of the file, where it stands.
    pub(crate) conditions: Vec<Placed<String>>,
}

/// Where the parts of a step stand.
#[derive(Clone, Debug)]
pub(crate) struct StepPlaces {
    pub(crate) name: Place,
    pub(crate) kind: Place,
    /// By outcome: where it is written, and its target. Also those whose target could not be read.
    pub(crate) then: BTreeMap<String, (Place, Place)>,
    /// The kind's own part.
    pub(crate) config: Node,
}

/// Reads a file. What could not be read is a fault and has a neutral value, so that the rest can still be judged; the
/// whole is `None` only where there is no mapping to read from.
pub(crate) fn written(body: &str) -> (Option<Written>, Vec<Fault>) {
    let tree = match Node::parse(body) {
        Ok(tree) => tree,
        Err(fault) => return (None, vec![fault]),
    };
    if !matches!(tree.content, Content::Map(_)) {
        let found = format!("found {}", tree.describe());
        return (
            None,
            vec![Fault::new(tree.place, "a workflow file is a mapping", found)],
        );
    }
    let mut reader = Reader {
        tree: &tree,
        faults: Vec::new(),
    };
    let digest = Digest::of(body.as_bytes());
    let written = reader.file(digest);
    reader.faults.sort_by_key(|fault| fault.place);
    (Some(written), reader.faults)
}

struct Reader<'a> {
    tree: &'a Node,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn file(&mut self, hash: Digest) -> Written {
        for (key, _) in self.tree.entries() {
            if !SECTIONS.contains(&key.name.as_str()) {
                let what = format!("unknown key `{}`", key.name);
                self.fault(key.place, what, suggest(&key.name, SECTIONS));
            }
        }
        let (steps, places) = self.steps();
        let conditions = self.conditions();
        let definition = Definition {
            name: self.name(),
            class: self.section("class").unwrap_or(Class::Recovery),
            title: self.title(),
            remedy: self.optional::<RemedySpec>("remedy"),
            limits: self.section("limits").unwrap_or(Limits {
                case: Span::days(30),
                step: Span::days(14),
            }),
            start: self.section("start").unwrap_or_default(),
            steps,
            hash,
            conditions: self.compile(&conditions),
        };
        Written {
            definition,
            proof: Placed {
                place: self.place("proof"),
                value: self.section("proof").unwrap_or_default(),
            },
            when: self.when_places(),
            deviates: self.deviates(),
            remedy: self.place("remedy"),
            start: self.place("start"),
            limits: self.place("limits"),
            steps: places,
            conditions,
        }
    }

    fn fault(&mut self, place: Place, what: impl Into<String>, why: impl Into<String>) {
        self.faults.push(Fault::new(place, what, why));
    }

    fn place(&self, section: &str) -> Place {
        self.tree.get(section).map_or(self.tree.place, |node| node.place)
    }

    fn section<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let Some(node) = self.tree.get(name) else {
            self.fault(
                self.tree.place,
                format!("`{name}` is missing"),
                "every workflow has one",
            );
            return None;
        };
        self.read(node)
    }

    fn optional<T: DeserializeOwned + Default>(&mut self, name: &str) -> T {
        let node = self.tree.get(name);
        node.and_then(|node| self.read(node)).unwrap_or_default()
    }

    fn read<T: DeserializeOwned>(&mut self, node: &Node) -> Option<T> {
        node.read().map_err(|fault| self.faults.push(fault)).ok()
    }

    fn name(&mut self) -> String {
        let name: String = self.section("workflow").unwrap_or_default();
        if self.tree.get("workflow").is_some() && !is_word(&name, '-') {
            let why = "names are small letters, digits and dashes";
            self.fault(
                self.place("workflow"),
                format!("`{name}` is no name for a workflow"),
                why,
            );
        }
        name
    }

    fn title(&mut self) -> BTreeMap<String, String> {
        let title: BTreeMap<String, String> = self.section("title").unwrap_or_default();
        let Some(node) = self.tree.get("title") else {
            return title;
        };
        for (key, _) in node.entries() {
            if !LANGUAGES.contains(&key.name.as_str()) {
                let what = format!("unknown language `{}`", key.name);
                self.fault(key.place, what, suggest(&key.name, LANGUAGES));
            }
        }
        if !title.contains_key("en") {
            self.fault(node.place, "the title has no `en`", "other languages fall back to it");
        }
        title
    }

    fn deviates(&mut self) -> Vec<Placed<Deviation>> {
        let Some(node) = self.tree.get("deviates") else {
            return Vec::new();
        };
        if !matches!(node.content, Content::List(_)) {
            self.fault(node.place, "`deviates` is a list", format!("found {}", node.describe()));
        }
        let lines = node.elements().iter();
        lines
            .filter_map(|line| {
                self.read(line).map(|value| Placed {
                    place: line.place,
                    value,
                })
            })
            .collect()
    }

    fn when_places(&self) -> Vec<Place> {
        let lines = self.tree.get("proof").and_then(|proof| proof.get("when"));
        lines.map_or_else(Vec::new, |lines| {
            lines.elements().iter().map(|line| line.place).collect()
        })
    }

    /// Every value of a key `if`, anywhere in the file.
    fn conditions(&mut self) -> Vec<Placed<String>> {
        let mut found = Vec::new();
        let mut rest = vec![self.tree];
        while let Some(node) = rest.pop() {
            rest.extend(node.elements());
            for (key, value) in node.entries() {
                match &value.content {
                    Content::Text(text) if key.name == "if" => found.push(Placed {
                        place: value.place,
                        value: text.clone(),
                    }),
                    _ if key.name == "if" => {
                        let what = format!("a condition is a text, found {}", value.describe());
                        self.fault(value.place, what, "put it in quotes");
                    }
                    _ => rest.push(value),
                }
            }
        }
        found.sort_by_key(|condition| condition.place);
        found
    }

    fn compile(&mut self, conditions: &[Placed<String>]) -> BTreeMap<String, Expr> {
        let mut compiled = BTreeMap::new();
        for condition in conditions {
            if compiled.contains_key(&condition.value) {
                continue;
            }
            match Expr::parse(&condition.value) {
                Ok(expr) => {
                    compiled.insert(condition.value.clone(), expr);
                }
                Err(sentence) => self.faults.push(Fault::sentence(condition.place, &sentence)),
            }
        }
        compiled
    }

    fn steps(&mut self) -> (Vec<Step>, BTreeMap<String, StepPlaces>) {
        let (mut steps, mut places) = (Vec::new(), BTreeMap::new());
        let Some(node) = self.tree.get("steps") else {
            self.fault(self.tree.place, "`steps` is missing", "every workflow has some");
            return (steps, places);
        };
        if node.entries().is_empty() || node.entries().len() > MOST_STEPS {
            let what = format!("`steps` is a mapping of 1 to {MOST_STEPS} steps");
            self.fault(node.place, what, format!("found {}", node.describe()));
        }
        for (key, value) in node.entries().iter().take(MOST_STEPS) {
            if !is_word(&key.name, '_') || ["end", "start", "account", "policy"].contains(&key.name.as_str()) {
                let why = "names are small letters, digits and underscores, and not end, start, account or policy";
                self.fault(key.place, format!("`{}` is no name for a step", key.name), why);
            }
            if let Some((step, at)) = self.step(&key.name, key.place, value) {
                places.insert(step.name.clone(), at);
                steps.push(step);
            }
        }
        (steps, places)
    }

    fn step(&mut self, name: &str, place: Place, node: &Node) -> Option<(Step, StepPlaces)> {
        if !matches!(node.content, Content::Map(_)) {
            self.fault(node.place, "a step is a mapping", format!("found {}", node.describe()));
            return None;
        }
        let Some(kind) = node.get("kind").and_then(Node::text) else {
            self.fault(
                place,
                format!("step `{name}` has no `kind`"),
                "it says what the step does",
            );
            return None;
        };
        let own = node.entries().iter();
        let config = Node {
            place: node.place,
            content: Content::Map(
                own.filter(|(key, _)| !["kind", "then", "visits"].contains(&key.name.as_str()))
                    .cloned()
                    .collect(),
            ),
        };
        let (then, then_places) = if kind == "decision" {
            self.rules(name, place, node)
        } else {
            self.then(node)
        };
        let step = Step {
            name: name.to_owned(),
            kind: kind.to_owned(),
            config: config.json(),
            then,
            visits: self.visits(node),
            line: place.line,
        };
        let places = StepPlaces {
            name: place,
            kind: node.get("kind").map_or(place, |node| node.place),
            then: then_places,
            config,
        };
        Some((step, places))
    }

    fn visits(&mut self, node: &Node) -> u32 {
        let Some(node) = node.get("visits") else {
            return Step::ANY_VISITS;
        };
        let visits = self.read(node).unwrap_or(1);
        if visits == 0 || visits > MOST_VISITS {
            let what = format!("`visits` is {visits}");
            self.fault(node.place, what, format!("it is 1 to {MOST_VISITS}"));
        }
        visits
    }

    fn then(&mut self, node: &Node) -> (BTreeMap<String, Target>, BTreeMap<String, (Place, Place)>) {
        let (mut then, mut places) = (BTreeMap::new(), BTreeMap::new());
        let Some(node) = node.get("then") else {
            return (then, places);
        };
        if !matches!(node.content, Content::Map(_)) {
            let found = format!("found {}", node.describe());
            self.fault(node.place, "`then` is a mapping from outcomes to targets", found);
        }
        for (key, value) in node.entries() {
            places.insert(key.name.clone(), (key.place, value.place));
            if let Some(target) = self.target(value) {
                then.insert(key.name.clone(), target);
            }
        }
        (then, places)
    }

    /// The targets of a decision: rule i leads on by the outcome `i`, from 1, the last line by `else`.
    fn rules(
        &mut self,
        name: &str,
        place: Place,
        node: &Node,
    ) -> (BTreeMap<String, Target>, BTreeMap<String, (Place, Place)>) {
        let (mut then, mut places) = (BTreeMap::new(), BTreeMap::new());
        if let Some(stray) = node.get("then") {
            self.fault(
                stray.place,
                "a decision has no `then`",
                "its targets stand in its `rules`",
            );
        }
        let lines = node.get("rules").map_or(&[][..], Node::elements);
        let Some((last, before)) = lines.split_last() else {
            let why = "write `rules: [{if: …, go: …}, …, {else: …}]`";
            self.fault(place, format!("decision `{name}` has no rules"), why);
            return (then, places);
        };
        let numbered = before
            .iter()
            .zip(1..)
            .map(|(line, i)| (line, i.to_string(), ["if", "go"].as_slice()));
        for (line, outcome, keys) in numbered.chain([(last, "else".to_owned(), ["else"].as_slice())]) {
            let written: Vec<&str> = line.entries().iter().map(|(key, _)| key.name.as_str()).collect();
            let fits = written.len() == keys.len() && keys.iter().all(|key| written.contains(key));
            let Some(to) = keys.last().and_then(|key| line.get(key)).filter(|_| fits) else {
                let why = "a line is {if: …, go: …}, and the last, and only it, {else: …}";
                self.fault(line.place, format!("a rule of `{name}` is not complete"), why);
                places.insert(outcome, (line.place, line.place));
                continue;
            };
            places.insert(outcome.clone(), (line.place, to.place));
            if let Some(target) = self.target(to) {
                then.insert(outcome, target);
            }
        }
        (then, places)
    }

    fn target(&mut self, node: &Node) -> Option<Target> {
        let Some(text) = node.text() else {
            let found = format!("found {}", node.describe());
            self.fault(
                node.place,
                "a target is a step, `end.OUTCOME` or `start.WORKFLOW`",
                found,
            );
            return None;
        };
        match text.split_once('.') {
            None => Some(Target::Step(text.to_owned())),
            Some(("start", name)) => Some(Target::Start(name.to_owned())),
            Some(("end", "approved")) => Some(Target::End(Outcome::Approved)),
            Some(("end", "rejected")) => Some(Target::End(Outcome::Rejected)),
            Some(("end", "expired")) => Some(Target::End(Outcome::Expired)),
            Some(_) => {
                let why = "ends are `end.approved`, `end.rejected` and `end.expired`; a veto, a withdrawal and a \
                           handing over are the engine's own";
                self.fault(node.place, format!("`{text}` is no target"), why);
                None
            }
        }
    }
}

/// Small letters and digits, joined by `joint`, beginning with a letter, at most 40.
fn is_word(text: &str, joint: char) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

/// Reads a stored version again, which was proven when it was published: no kinds, no vocabulary, no proof.
///
/// # Errors
/// Every fault of the file.
pub fn load(body: &str) -> Result<Definition, Vec<Fault>> {
    match written(body) {
        (Some(written), faults) if faults.is_empty() => Ok(written.definition),
        (_, faults) => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SHIPPED: &str = include_str!("../../../../workflows/passkey-reset/workflow.yaml");

    #[test]
    fn the_shipped_workflow_loads() {
        let definition = load(SHIPPED).unwrap();
        assert_eq!(
            (definition.name.as_str(), definition.steps.len()),
            ("passkey-reset", 13)
        );
        assert_eq!(definition.title("es"), "Restablecer llave de acceso");
        let known = definition.step("known").unwrap();
        assert_eq!(known.then.get("2"), Some(&Target::Step("password".into())));
        assert_eq!(known.then.get("else"), Some(&Target::Step("manual".into())));
        assert_eq!(definition.step("documents").unwrap().visits, 4);
        assert_eq!(
            definition.step("email_code").unwrap().config.get("ttl"),
            Some(&"10m".into())
        );
        assert_eq!(definition.conditions.len(), 13);
        assert_ne!(definition.hash, load(&SHIPPED.replace("72h", "73h")).unwrap().hash);
    }

    #[test]
    fn all_faults_are_told_at_once_with_their_places() {
        let body = "workflow: Passkey\nclass: recovery\ntitle: {de: Zurücksetzen}\nstats: 1\nproof: {require: [code.email], wenn: []}\n\
                    limits: {case: 30d, step: 2w}\nstart: a\nsteps:\n  a: {kind: x, then: {done: end.happy}, visits: 0}\n  \
                    b: {kind: decision, rules: [{if: 'account.kyc ==', go: a}]}\n  c: 3\n";
        let told: Vec<String> = load(body).unwrap_err().iter().map(ToString::to_string).collect();
        let expected = [
            "1:11: `Passkey` is no name for a workflow, names are small letters, digits and dashes",
            "3:8: the title has no `en`, other languages fall back to it",
            "3:9: unknown language `de`, known are `en`, `zh`, `es`",
            "4:1: unknown key `stats`, did you mean `start`?",
            "5:32: unknown key `wenn`, did you mean `when`?",
            "6:27: `2w` is not a length of time, write a whole number and a unit: 90s, 10m, 24h or 14d",
            "9:29: `end.happy` is no target, ends are `end.approved`, `end.rejected` and `end.expired`; a veto, a withdrawal and a handing over are the engine's own",
            "9:49: `visits` is 0, it is 1 to 20",
            "10:31: a rule of `b` is not complete, a line is {if: …, go: …}, and the last, and only it, {else: …}",
        ];
        for (line, expected) in told.iter().zip(expected) {
            assert_eq!(line, expected);
        }
        assert_eq!(told.len(), expected.len() + 2, "{told:#?}");
    }
}
