//! Rules over facts: the first condition of a rule that holds is its verdict.

use readmit_core::inspection::{Finding, Verdict};

use crate::facts::{Facts, Value};
use crate::pack::{Rule, Said, Shared};

/// Asks rules in order, until one that is the last word fails.
#[must_use]
pub(crate) fn judge<'a>(rules: impl Iterator<Item = &'a Rule>, facts: &Facts, shared: &Shared) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in rules {
        let finding = one(rule, facts, shared);
        let ends = rule.last && finding.verdict == Verdict::Fail;
        findings.push(finding);
        if ends {
            break;
        }
    }
    findings
}

/// One rule. A condition that needs a value which nobody could read is a warning: a person looks.
fn one(rule: &Rule, facts: &Facts, shared: &Shared) -> Finding {
    let asked = [(&rule.fail, Verdict::Fail), (&rule.warn, Verdict::Warn)];
    for (condition, verdict) in asked {
        match condition.as_ref().map(|condition| condition.holds(facts)) {
            Some(Ok(true)) => return finding(rule, verdict, rule.say.clone(), facts),
            Some(Err(_)) => return finding(rule, Verdict::Warn, shared.not_read.clone(), facts),
            Some(Ok(false)) | None => {}
        }
    }
    finding(rule, Verdict::Pass, Said::new(), facts)
}

fn finding(rule: &Rule, verdict: Verdict, message: Said, facts: &Facts) -> Finding {
    let shown: Option<&Value> = rule.shows.as_deref().and_then(|name| facts.shown.get(name));
    Finding {
        rule: rule.id.clone(),
        verdict,
        message,
        value: shown.map(|value| value.text.clone()),
        area: shown.and_then(|value| value.area),
        tell: rule.tell,
    }
}
