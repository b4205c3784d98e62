//! Workflow, rule pack and policy versions.

use readmit_core::ids::Digest;
use readmit_core::ports::Store as _;
use readmit_core::time::Span;
use readmit_core::workflow::{self, policy};

use super::hand::{BEGIN, after};
use crate::{Db, Settings};

const WORKFLOW: &str = include_str!("../../../workflows/passkey-reset/workflow.yaml");
const POLICY: &str = include_str!("../../../workflows/policy.yaml");

pub(super) async fn workflows_and_policies_are_kept(settings: &Settings) {
    let db = Db::open(settings).await.unwrap();
    assert!(db.current_workflow("passkey-reset").await.unwrap().is_none());
    assert!(db.current_policy().await.unwrap().is_none());
    let second = format!("{WORKFLOW}\n# a remark\n");
    let (first, changed) = (workflow::load(WORKFLOW).unwrap(), workflow::load(&second).unwrap());
    assert!(db.publish(WORKFLOW, &first, BEGIN).await.unwrap());
    assert!(
        !db.publish(WORKFLOW, &first, after(Span::seconds(1))).await.unwrap(),
        "it is known"
    );
    assert!(db.publish(&second, &changed, after(Span::seconds(2))).await.unwrap());
    let rules = policy::load(POLICY).unwrap();
    assert!(db.publish_policy(&rules, POLICY, BEGIN).await.unwrap());
    assert!(!db.publish_policy(&rules, POLICY, BEGIN).await.unwrap());
    db.close().await;

    let db = Db::open(settings).await.unwrap();
    assert_eq!(
        db.current_workflow("passkey-reset").await.unwrap().unwrap().hash,
        changed.hash
    );
    assert_eq!(db.definition(first.hash).await.unwrap().unwrap().steps, first.steps);
    assert!(db.definition(Digest([9; 32])).await.unwrap().is_none());
    assert_eq!(*db.current_policy().await.unwrap().unwrap(), rules);
    assert_eq!(db.workflow_body(changed.hash).await.unwrap(), Some(second));
    let list: Vec<_> = db.workflow_list().await.unwrap();
    let list: Vec<_> = list.iter().map(|line| (line.hash, line.current)).collect();
    assert_eq!(list, [(changed.hash, true), (first.hash, false)]);
    assert!(!db.publish(WORKFLOW, &first, after(Span::seconds(3))).await.unwrap());
    assert_eq!(
        db.current_workflow("passkey-reset").await.unwrap().unwrap().hash,
        first.hash,
        "and back"
    );
}

/// A pack that is published makes a new policy, which has all the other packs too; the policies before it keep theirs.
pub(super) async fn rule_packs_are_pinned_by_policies(settings: &Settings) {
    let db = Db::open(settings).await.unwrap();
    assert_eq!(db.publish_packs(&[("mail", "mail 1")], BEGIN).await.unwrap(), 1);
    assert!(db.current_policy().await.unwrap().is_none(), "nothing runs it");
    let bare = policy::load(POLICY).unwrap();
    db.publish_policy(&bare, POLICY, BEGIN).await.unwrap();
    let both = [("mail", "mail 1"), ("shared", "shared 1")];
    assert_eq!(db.publish_packs(&both, BEGIN).await.unwrap(), 1);
    let first = db.current_policy().await.unwrap().unwrap();
    assert_eq!((first.profile, first.packs.len()), (bare.profile, 2));
    assert_eq!(db.publish_packs(&[("mail", "mail 2")], BEGIN).await.unwrap(), 1);
    db.close().await;

    let db = Db::open(settings).await.unwrap();
    let second = db.current_policy().await.unwrap().unwrap();
    let body = async |name: &str, hash| db.pack_body(hash).await.unwrap().unwrap_or_else(|| name.to_owned());
    for (policy, mail) in [(&first, "mail 1"), (&second, "mail 2")] {
        let stored = db.policy(policy.hash).await.unwrap().unwrap();
        assert_eq!(body("mail", stored.packs["mail"]).await, mail);
        assert_eq!(body("shared", stored.packs["shared"]).await, "shared 1");
    }
    assert!(db.policy(bare.hash).await.unwrap().unwrap().packs.is_empty());
    assert!(db.pack_body(Digest([9; 32])).await.unwrap().is_none());
    let list = db.pack_list().await.unwrap();
    let list: Vec<_> = list.iter().map(|line| (line.name.as_str(), line.current)).collect();
    assert_eq!(list.len(), 3);
    assert_eq!(list.iter().filter(|line| **line == ("mail", true)).count(), 1);
    assert_eq!(db.publish_packs(&both, after(Span::seconds(1))).await.unwrap(), 0);
    assert_eq!(db.current_policy().await.unwrap().unwrap().hash, first.hash, "and back");
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for n in 0..4 {
        mine.push(format!("a {n}"));
        theirs.push(format!("b {n}"));
    }
    for (mine, theirs) in mine.iter().zip(&theirs) {
        let (mine, theirs) = ([("a", mine.as_str())], [("b", theirs.as_str())]);
        let at_once = tokio::join!(db.publish_packs(&mine, BEGIN), db.publish_packs(&theirs, BEGIN));
        at_once.0.unwrap();
        at_once.1.unwrap();
    }
    let packs = &db.current_policy().await.unwrap().unwrap().packs;
    assert_eq!(packs["a"], Digest::of(b"a 3"), "neither left out the other's");
    assert_eq!(packs["b"], Digest::of(b"b 3"));
}
