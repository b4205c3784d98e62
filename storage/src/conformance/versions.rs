//! Workflow and policy versions.

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
    assert_eq!(db.published_body(changed.hash).await.unwrap(), Some(second));
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
