//! What is the account's and not one case's: its open case, its questions, its last veto and sign-out.

use readmit_core::guard::{Guard, Wants};
use readmit_core::ids::AccountId;
use readmit_core::ports::Store as _;
use readmit_core::time::At;
use serde_json::json;

use super::hand::{BEGIN, closed, hand, new_case, new_tag, open, prove, stored, unproven};
use crate::Settings;

pub(super) async fn vetoes_and_questions_are_the_accounts(settings: &Settings) {
    let db = open(settings).await;
    let account = new_tag();
    let wants = Wants {
        account: Some(account),
        ..Wants::default()
    };
    let set = json!([{"question": "Which city?", "right": "Lisbon"}]);
    let keep = |set| Guard::KeepQuestions { account, set };
    let request = unproven(&db, new_case()).await;
    let proof = prove(account)
        .guard(Guard::OneOpenCase { account })
        .guard(keep(Some(set.clone())))
        .commit(&db, &request)
        .await
        .unwrap();
    let standing = db.standing(&wants, BEGIN).await.unwrap();
    let kept = standing.account();
    assert_eq!((&kept.questions, kept.open_case), (&Some(set), Some(proof.case.id)));

    let vetoed = hand(vec![closed()])
        .guard(Guard::RecordVeto { account, at: BEGIN })
        .guard(Guard::ReleaseAccount { account })
        .guard(keep(None))
        .commit(&db, &proof)
        .await
        .unwrap();
    let standing = db.standing(&wants, BEGIN).await.unwrap();
    let kept = standing.account();
    assert_eq!(
        (&kept.questions, kept.open_case, kept.last_veto),
        (&None, None, Some(BEGIN))
    );
    assert_eq!(
        stored(settings, vetoed.case.id).await.unwrap().case.outcome,
        vetoed.case.outcome
    );
}

/// RF-16, SE-01: the moment of the last sign-out is never set back, whoever tells of it and in whatever order.
pub(super) async fn a_sign_out_is_never_taken_back(settings: &Settings) {
    let db = open(settings).await;
    let ada = AccountId("account-ada".into());
    let account = db.account_tag(&ada);
    let signed_out = |at| Guard::SignOut { account, at };
    let (host, last) = (At(BEGIN.0 + 5), At(BEGIN.0 + 9));
    for at in [host, BEGIN] {
        db.sign_out(&ada, at).await.unwrap();
        assert_eq!(db.signed_out(&ada).await.unwrap(), Some(host));
    }
    let request = unproven(&db, new_case()).await;
    let proof = prove(account)
        .guard(signed_out(BEGIN))
        .commit(&db, &request)
        .await
        .unwrap();
    assert_eq!(db.signed_out(&ada).await.unwrap(), Some(host));
    let end = hand(vec![closed()]).guard(signed_out(last));
    end.commit(&db, &proof).await.unwrap();
    assert_eq!(db.signed_out(&ada).await.unwrap(), Some(last));
}
