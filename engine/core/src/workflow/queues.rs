//! Review queues, `workflows/queues.yaml`: who serves them, how soon, and which case comes first.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::expr::{Expr, Scope};
use super::fault::Fault;
use super::tree::Node;
use super::vocabulary::Vocabulary;
use crate::command::Role;
use crate::time::Span;

/// All queues, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queues(BTreeMap<String, Queue>);

/// One queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// By language; `en` is always there.
    pub title: BTreeMap<String, String>,
    /// Who works on its tasks; the first is who it is meant for.
    pub roles: Vec<Role>,
    /// How soon a task should be decided; the clock pauses while the case waits for the claimant.
    pub within: Span,
    /// Points of a new task, by condition.
    points: Vec<(Expr, i32)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: BTreeMap<String, String>,
    roles: Vec<Role>,
    within: Span,
    #[serde(default)]
    first: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    r#if: String,
    points: i32,
}

/// Most points of one line: a formula stays within an `i32` whatever it adds up.
const MOST_POINTS: i32 = 1_000;

impl Queues {
    /// Reads the file.
    ///
    /// # Errors
    /// Every queue's first fault.
    pub fn read(body: &str) -> Result<Self, Vec<Fault>> {
        let tree = Node::parse(body).map_err(|fault| vec![fault])?;
        let (mut queues, mut faults) = (BTreeMap::new(), Vec::new());
        for (key, node) in tree.entries() {
            match Queue::read(node) {
                Ok(queue) => {
                    queues.insert(key.name.clone(), queue);
                }
                Err(fault) => faults.push(fault),
            }
        }
        if queues.is_empty() && faults.is_empty() {
            faults.push(Fault::new(tree.place, "there is no queue", "review steps need one"));
        }
        if faults.is_empty() {
            Ok(Self(queues))
        } else {
            Err(faults)
        }
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Queue> {
        self.0.get(name)
    }

    /// How soon a task of the queue should be decided; a day where the file does not name it.
    #[must_use]
    pub fn within(&self, name: &str) -> Span {
        self.get(name).map_or(Span::hours(24), |queue| queue.within)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.keys().map(String::as_str)
    }

    /// What their conditions read that the vocabulary does not have, one sentence a line.
    pub(crate) fn misfits(&self, vocabulary: &Vocabulary) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().flat_map(|(name, queue)| {
            let lines = queue
                .points
                .iter()
                .filter_map(|(condition, _)| vocabulary.admits(condition).err());
            lines.map(move |sentence| (name.as_str(), sentence))
        })
    }

    /// The queues that a person of these roles works on.
    pub fn served_by<'a>(&'a self, roles: &'a [Role]) -> impl Iterator<Item = (&'a str, &'a Queue)> {
        let queues = self.0.iter().map(|(name, queue)| (name.as_str(), queue));
        queues.filter(|(_, queue)| queue.roles.iter().any(|role| roles.contains(role)))
    }
}

impl Queue {
    fn read(node: &Node) -> Result<Self, Fault> {
        let written: Written = node.read()?;
        let fault = |what: String, why: &str| Err(Fault::new(node.place, what, why));
        if !written.title.contains_key("en") {
            return fault("the title has no `en`".to_owned(), "other languages fall back to it");
        }
        if written.roles.is_empty() {
            return fault("nobody serves this queue".to_owned(), "name its `roles`");
        }
        let mut points = Vec::new();
        for (line, at) in written
            .first
            .iter()
            .zip(node.get("first").map_or(&[][..], Node::elements))
        {
            if line.points.abs() > MOST_POINTS {
                return fault(format!("{} points are too many", line.points), "a line adds up to 1000");
            }
            let expr = Expr::parse(&line.r#if).map_err(|sentence| Fault::sentence(at.place, &sentence))?;
            points.push((expr, line.points));
        }
        Ok(Self {
            title: written.title,
            roles: written.roles,
            within: written.within,
            points,
        })
    }

    /// The points of a case in this queue: more come first, equals by age. A line that reads a value which nobody gave
    /// counts, so that a case which the directory cannot describe does not sink.
    #[must_use]
    pub fn priority(&self, scope: &dyn Scope) -> i32 {
        let holding = self.points.iter().filter(|(expr, _)| expr.holds(scope).unwrap_or(true));
        holding.fold(0, |sum, (_, points)| sum.saturating_add(*points))
    }

    /// The title in a language, or in English.
    #[must_use]
    pub fn title(&self, language: &str) -> &str {
        let title = self.title.get(language).or_else(|| self.title.get("en"));
        title.map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::kind::FactValue;

    struct Account(&'static str, bool);

    impl Scope for Account {
        fn get(&self, name: &str) -> Option<FactValue> {
            match name {
                "account.asset_tier" => Some(FactValue::Word(self.0.into())),
                "account.disputed" => Some(FactValue::Bool(self.1)),
                _ => None,
            }
        }
    }

    #[test]
    fn the_shipped_queues_read() {
        let queues = Queues::read(include_str!("../../../../workflows/queues.yaml")).unwrap();
        assert_eq!(
            queues.names().collect::<Vec<_>>(),
            ["contest", "operations", "recovery"]
        );
        let recovery = queues.get("recovery").unwrap();
        assert!(recovery.priority(&Account("high", true)) > recovery.priority(&Account("high", false)));
        assert!(recovery.priority(&Account("high", false)) > recovery.priority(&Account("low", false)));
        let operator: Vec<&str> = queues.served_by(&[Role::Operator]).map(|(name, _)| name).collect();
        assert_eq!(operator, ["operations"]);
        assert!(
            ["en", "zh", "es"]
                .iter()
                .all(|language| !recovery.title(language).is_empty())
        );
    }

    #[test]
    fn broken_queues_are_told() {
        let body = "a: {title: {en: A}, roles: [revewer], within: 1h}\nb: {title: {zh: B}, roles: [lead], within: 1h}\n\
                    c: {title: {en: C}, roles: [lead], within: 1h, first: [{if: 'now()', points: 1}]}\n";
        let faults = Queues::read(body).unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert_eq!(
            faults.first().unwrap().to_string(),
            "1:29: unknown word `revewer`, did you mean `reviewer`?"
        );
    }
}
