//! IN-11 in the engine itself: whatever a command says, support moves nothing of a case but its words and its end.

use readmit_core::case::Case;
use readmit_core::command::{Act, Role};
use readmit_core::conversation::{Contact, Conversation, Invite};
use readmit_core::dispatch::{DispatchError, How};
use readmit_core::ids::{Digest, PersonId, TaskId};
use readmit_core::refusal::Refusal;
use readmit_core::review::Choice;
use readmit_core::workflow::policy::Profile;
use uuid::Uuid;

use super::player::{ADDRESS, Player, person};
use super::scenario::{Account, Line};
use super::transcripts::definition;

/// Places that a case comes through; each is looked at on its way.
const WAY: [&str; 12] = [
    "start",
    "agree",
    "sign_in right",
    "code right",
    "questions begin",
    "questions give_up",
    "attach account_email counterparty_transaction",
    "submit",
    "jobs",
    "claim rev",
    "approve rev",
    "jobs",
];

/// Every act that there is, as support would have it sent.
fn acts(case: &Case) -> Vec<Act> {
    let (task, token) = case
        .task
        .as_ref()
        .map_or((TaskId(Uuid::nil()), 0), |task| (task.id, task.tokens));
    let me = PersonId(Uuid::from_u128(0x5a));
    let lease = readmit_core::effect::Lease {
        job: readmit_core::ids::JobId(Uuid::nil()),
        until: case.now,
    };
    vec![
        Act::Submit {
            run: case.run,
            verb: "submit".into(),
            fields: readmit_core::kind::Fields::default(),
            files: Vec::new(),
        },
        Act::Resume {
            lease,
            effect: readmit_core::effect::Effect::Remedy,
            run: case.run,
            result: readmit_core::kind::JobResult::Done(serde_json::Value::Null),
        },
        Act::BeginRemedy { lease },
        Act::Signal { signal: "x".into() },
        Act::Follow,
        Act::Withdraw,
        Act::Veto,
        Act::Claim { task },
        Act::Release { task, token },
        Act::HandOver {
            task,
            token,
            to: me,
            to_role: Role::Lead,
        },
        Act::Review {
            task,
            token,
            message: Digest::default(),
            choice: Choice::Approve { note: String::new() },
            ticks: Default::default(),
        },
        Act::TryAgain { task, token },
        Act::GiveUp {
            task,
            token,
            reason: "x".into(),
        },
        // It did not open this one.
        Act::Close {
            reason: "mistaken".into(),
            note: String::new(),
        },
    ]
}

/// The case without what writing in it changes.
fn bones(case: &Case) -> Case {
    Case {
        version: 0,
        keys: Vec::new(),
        sealed: Digest::default(),
        conversation: Conversation::default(),
        ..case.clone()
    }
}

#[tokio::test]
async fn in_11_support_moves_nothing_in_any_stage() {
    let workflow = definition("passkey-reset");
    for profile in [Profile::Published, Profile::Strict] {
        let mut player = Player::new(workflow.clone(), profile, &Account::default());
        let (mut stages, mut written) = (0, 0);
        for line in WAY {
            player.play(&line.parse::<Line>().unwrap()).await;
            let Some(before) = player.loaded().await else { continue };
            stages += 1;
            for act in acts(&before.case) {
                let said = format!("{line}: {act:?}");
                let answer = player.send(person("sup"), act).await;
                // A job of a case that is over is dropped, whoever brings it.
                let refused = match answer {
                    Err(DispatchError::Refused(_)) => true,
                    Ok(done) => done.how == How::Obsolete,
                    Err(_) => false,
                };
                assert!(refused, "{said}");
            }
            let write = Act::Write {
                text: "hello".into(),
                template: None,
                files: Vec::new(),
            };
            written += usize::from(player.send(person("sup"), write).await.is_ok());
            let after = player.loaded().await.unwrap();
            assert_eq!(bones(&after.case), bones(&before.case), "{line}");
        }
        assert!(
            stages == WAY.len() && written >= 4,
            "{stages} stages, {written} messages"
        );
    }
}

/// IN-11: nobody but support invites, and for nothing but a recovery; the link is used once.
#[tokio::test]
async fn in_11_only_support_invites() {
    let workflow = definition("passkey-reset");
    let invite = |player: &Player| Act::Invite {
        workflow: player.definition.hash,
        policy: player.policy.hash,
        language: "en".into(),
        invite: Invite {
            contact: Contact::Phone,
            address: ADDRESS.into(),
            note: "lost it".into(),
        },
    };
    let mut player = Player::new(workflow.clone(), Profile::Published, &Account::default());
    for by in ["rev", "sena", "lea", "olu"] {
        let act = invite(&player);
        let answer = player.send(person(by), act).await;
        assert!(matches!(answer, Err(DispatchError::Refused(_))), "{by}");
    }
    let act = invite(&player);
    player.send(person("sup"), act).await.unwrap();
    let case = player.loaded().await.unwrap().case;
    assert!(case.proven.is_none() && case.proofs.is_empty() && case.step == workflow.start);
    assert!(case.signals.contains_key("support_phone"));
    player.send(player.claimant(), Act::Follow).await.unwrap();
    let again = player.send(player.claimant(), Act::Follow).await;
    assert!(matches!(again, Err(DispatchError::Refused(Refusal::Stale))));
    let staff = player.send(person("sup"), Act::Follow).await;
    assert!(matches!(staff, Err(DispatchError::Refused(Refusal::NotAllowed))));

    let binding = definition("bind-totp");
    let mut player = Player::new(binding, Profile::Published, &Account::default());
    let act = invite(&player);
    let answer = player.send(person("sup"), act).await;
    assert!(
        matches!(answer, Err(DispatchError::Refused(Refusal::NotAllowed))),
        "no settings"
    );
}
