//! Golden transcripts: every scenario beside a workflow, played and compared with the transcript that lies beside it.
//! `UPDATE=1` writes them anew; read the difference before committing it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use readmit_core::case::Class;
use readmit_core::chain::Row;
use readmit_core::command::{Act, Actor};
use readmit_core::dispatch::DispatchError;
use readmit_core::event::Event;
use readmit_core::evolve::{evolve, replay};
use readmit_core::ids::Digest;
use readmit_core::refusal::Refusal;
use readmit_core::review::{Choice, Message};
use readmit_core::workflow::definition::Definition;
use readmit_core::workflow::policy::Profile;

use super::player::{Player, person};
use super::scenario::{Account, Line, Scenario};

pub(super) fn workflows() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows")
}

/// A workflow of the repository, loaded as a running node loads it.
pub(super) fn definition(name: &str) -> Arc<Definition> {
    let body = std::fs::read_to_string(workflows().join(name).join("workflow.yaml")).unwrap();
    Arc::new(readmit_core::workflow::load(&body).unwrap())
}

/// Every workflow of the repository, by name.
fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(workflows())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("workflow.yaml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Every scenario with the workflow that it plays.
fn all() -> Vec<(Arc<Definition>, PathBuf)> {
    let mut all = Vec::new();
    for name in names() {
        let definition = definition(&name);
        let files = scenarios(&name);
        assert!(!files.is_empty(), "{name} has no scenario");
        all.extend(files.into_iter().map(|file| (definition.clone(), file)));
    }
    all
}

fn scenarios(name: &str) -> Vec<PathBuf> {
    let folder = workflows().join(name).join("scenarios");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    files
}

pub(super) async fn play(definition: Arc<Definition>, file: &Path, contrary: bool) -> Player {
    let text = std::fs::read_to_string(file).unwrap();
    let scenario: Scenario = serde_saphyr::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let mut player = Player::new(definition, scenario.profile, &scenario.account);
    player.engine.store.world().contrary = contrary;
    player.transcript = format!("{}\n", scenario.scenario);
    for words in &scenario.script {
        let line: Line = words.parse().unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        player.transcript.push_str(&format!("> {words}\n"));
        player.play(&line).await;
    }
    let loaded = player.loaded().await.unwrap();
    let case = &loaded.case;
    let waiting = player.engine.store.world().jobs.len();
    player.transcript.push_str(&format!(
        "= {} {} proofs={:?} facts={} jobs={waiting}\n",
        case.status().code(),
        case.outcome.map_or("-", |o| o.code()),
        case.proofs,
        serde_json::to_string(&case.facts).unwrap(),
    ));
    player
}

#[tokio::test]
async fn every_branch_gives_its_golden_transcript() {
    let mut wrong = Vec::new();
    for (definition, file) in all() {
        let player = play(definition, &file, false).await;
        let golden = file.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&golden, &player.transcript).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != player.transcript {
            wrong.push(format!("{}\n{}", golden.display(), player.transcript));
        }
    }
    assert!(
        wrong.is_empty(),
        "transcripts differ; run with UPDATE=1 and read the difference:\n{}",
        wrong.join("\n")
    );
}

/// Invariant 5: a command whose first commit meets a conflict comes to the same end.
#[tokio::test]
async fn every_first_commit_made_to_conflict_changes_no_transcript() {
    for (definition, file) in all() {
        let plain = play(definition.clone(), &file, false).await;
        let contrary = play(definition.clone(), &file, true).await;
        assert_eq!(plain.transcript, contrary.transcript, "{}", file.display());
    }
}

/// Invariant 3: what the rows fold to is the stored case, and a changed, dropped or swapped row is found.
#[tokio::test]
async fn replay_equals_the_stored_case_and_every_mutation_of_the_chain_is_found() {
    for (definition, file) in all() {
        let player = play(definition, &file, false).await;
        let world = player.engine.store.world();
        let kept = &world.cases[&player.case];
        assert_eq!(replay(player.case, &kept.entries), kept.case, "{}", file.display());
        assert_eq!(kept.case.version as usize, kept.entries.len());

        let mut rows: Vec<Row> = Vec::new();
        let mut state = readmit_core::evolve::blank(player.case);
        for (entry, seq) in kept.entries.iter().zip(1..) {
            state = evolve(state, entry);
            let previous = rows.last().map_or_else(Default::default, |row| row.hash);
            let (entry, state) = (serde_json::to_vec(entry).unwrap(), serde_json::to_vec(&state).unwrap());
            let hash = readmit_core::chain::link(&previous, player.case, seq, &entry, &state);
            rows.push(Row {
                seq,
                entry,
                state,
                hash,
            });
        }
        assert_eq!(readmit_core::chain::verify(player.case, &rows), Ok(()));
        for place in 0..rows.len() {
            let mut flipped = rows.clone();
            flipped[place].entry[0] ^= 1;
            assert!(readmit_core::chain::verify(player.case, &flipped).is_err());
            let mut dropped = rows.clone();
            dropped.remove(place);
            assert!(place + 1 == rows.len() || readmit_core::chain::verify(player.case, &dropped).is_err());
            if place > 0 {
                let mut swapped = rows.clone();
                swapped.swap(place - 1, place);
                assert!(readmit_core::chain::verify(player.case, &swapped).is_err());
            }
        }
    }
}

/// What no scenario can play, by workflow, profile (or either), step and outcome, and why.
const NOT_PLAYED: &[(&str, &str, &str, &str, &str)] = &[
    (
        "passkey-reset",
        "Published",
        "answered",
        "1",
        "the rule asks for the hardened profile",
    ),
    (
        "passkey-reset",
        "Strict",
        "answered",
        "else",
        "the rule before it asks for the hardened profile",
    ),
    (
        "change-mobile",
        "either",
        "number",
        "held",
        "the number that is there goes, and holds no other back",
    ),
    (
        "change-mobile",
        "either",
        "verify",
        "unavailable_sms",
        "the number that goes is no way of proving it",
    ),
    (
        "unbind-totp",
        "either",
        "verify",
        "unavailable_totp",
        "the app that goes is no way of proving it",
    ),
    (
        "bind-mobile",
        "either",
        "bind",
        "given_up",
        "what is only added is our own write, and asks nothing of the host",
    ),
    (
        "bind-totp",
        "either",
        "bind",
        "given_up",
        "what is only added is our own write, and asks nothing of the host",
    ),
    (
        "bind-passkey",
        "either",
        "bind",
        "given_up",
        "what is only added is our own write, and asks nothing of the host",
    ),
    (
        "recovery-codes",
        "either",
        "keep",
        "given_up",
        "what is only added is our own write, and asks nothing of the host",
    ),
];

/// Every outcome of every step, and with them every rule of every decision, occurs in some transcript: of each profile in a
/// recovery, and of either in the settings and step-ups, where most steps know no profile.
#[tokio::test]
async fn every_outcome_of_every_step_is_played() {
    let (mut there, mut played) = (BTreeSet::new(), BTreeSet::new());
    for (definition, file) in all() {
        let name = |profile: Profile, step: &str, outcome: &str| {
            let profile = match definition.class {
                Class::Recovery => format!("{profile:?}"),
                Class::Settings | Class::StepUp => "either".to_owned(),
            };
            (definition.name.clone(), profile, step.to_owned(), outcome.to_owned())
        };
        for step in &definition.steps {
            for profile in [Profile::Published, Profile::Strict] {
                there.extend(step.then.keys().map(|outcome| name(profile, &step.name, outcome)));
            }
        }
        let player = play(definition.clone(), &file, false).await;
        let world = player.engine.store.world();
        let mut at = "";
        for event in world.cases[&player.case].entries.iter().flat_map(|entry| &entry.events) {
            match event {
                Event::Entered { step, .. } => at = step,
                Event::Left { outcome, .. } => _ = played.insert(name(player.policy.profile, at, outcome)),
                _ => {}
            }
        }
    }
    let excused = NOT_PLAYED.iter().map(|(workflow, profile, step, outcome, why)| {
        assert!(!why.is_empty());
        let [workflow, profile, step, outcome] = [workflow, profile, step, outcome].map(|word| (*word).to_owned());
        (workflow, profile, step, outcome)
    });
    let excused: BTreeSet<_> = excused.collect();
    let missing: BTreeSet<_> = there.difference(&played).cloned().collect();
    assert!(there.len() > 230, "only {} outcomes", there.len());
    assert_eq!(
        missing, excused,
        "outcomes in no transcript, against those that are excused"
    );
}

/// QS-02: no question is asked, and no password's verdict told, before the code has passed.
#[tokio::test]
async fn nothing_of_the_account_is_shown_before_the_code() {
    // A step-up begins with an account that the host has signed in, and sends no code.
    let with_code = all()
        .into_iter()
        .filter(|(definition, _)| definition.class != Class::StepUp);
    for (definition, file) in with_code {
        let player = play(definition, &file, false).await;
        let world = player.engine.store.world();
        let events = world.cases[&player.case].entries.iter().flat_map(|entry| &entry.events);
        let before: Vec<&Event> = events
            .take_while(|event| !matches!(event, Event::Proven { .. }))
            .collect();
        for event in before {
            match event {
                Event::Entered { step, .. } => {
                    assert!(
                        ["agreement", "sign_in", "email_code"].contains(&step.as_str()),
                        "{step}"
                    );
                }
                Event::Left { facts, .. } | Event::Turned { facts, .. } => assert!(facts.is_empty(), "{facts:?}"),
                _ => {}
            }
        }
    }
}

/// RF-15: a decision about anything but what lies there now changes nothing.
#[tokio::test]
async fn a_decision_on_another_message_is_refused() {
    let account = Account {
        factors: vec!["passkey".into()],
        ..Account::default()
    };
    let mut player = Player::new(definition("passkey-reset"), Profile::Published, &account);
    let script = "start/agree/sign_in forgotten/jobs/code right/attach account_email counterparty_transaction/submit/\
                  jobs/claim mina";
    for words in script.split('/') {
        player.play(&words.parse().unwrap()).await;
    }
    let loaded = player.loaded().await.unwrap();
    let task = loaded.case.task.clone().unwrap();
    let choice = Choice::Approve { note: String::new() };
    let act = Act::Review {
        task: task.id,
        token: 1,
        message: Digest([7; 32]),
        choice,
        ticks: Vec::new(),
    };
    let refused = player.send(person("mina"), act).await;
    assert!(matches!(refused, Err(DispatchError::Refused(Refusal::MessageChanged))));
    assert_eq!(player.loaded().await.unwrap().case, loaded.case);
}

/// EV-11: an approval with a check left unticked is refused and writes nothing. IN-10: a decision records what was ticked,
/// by whom, for which slot; a tick that nobody offered is not recorded.
#[tokio::test]
async fn ev_11_an_approval_with_a_missing_tick_is_refused() {
    let account = Account {
        factors: vec!["passkey".into()],
        ..Account::default()
    };
    let mut player = Player::new(definition("passkey-reset"), Profile::Published, &account);
    let script = "start/agree/sign_in forgotten/jobs/code right/attach account_email counterparty_transaction/submit/\
                  jobs/claim mina";
    for words in script.split('/') {
        player.play(&words.parse().unwrap()).await;
    }
    let before = player.loaded().await.unwrap().case;
    player.play(&"hasty mina".parse().unwrap()).await;
    assert!(
        player.transcript.ends_with("  refused: field checks: tick_checks\n"),
        "{}",
        player.transcript
    );
    assert_eq!(player.loaded().await.unwrap().case, before);

    let task = before.task.unwrap();
    let loaded = player.loaded().await.unwrap();
    let reject = Act::Review {
        task: task.id,
        token: 1,
        message: Message::of(&loaded.case, &loaded.sealed, &player.definition, &loaded.keys).digest(),
        choice: Choice::Reject {
            reason: "not_owner".into(),
            note: String::new(),
        },
        ticks: vec!["made.up".into(), "account_email.whole".into()],
    };
    player.send(person("mina"), reject).await.unwrap();
    let world = player.engine.store.world();
    let events = world.cases[&player.case].entries.iter().flat_map(|entry| &entry.events);
    let decided: Vec<_> = events
        .filter_map(|event| match event {
            Event::Decided { person, decided, .. } => Some((*person, decided.ticks.clone())),
            _ => None,
        })
        .collect();
    let Actor::Staff { person: mina, .. } = person("mina") else {
        panic!("mina is staff");
    };
    assert_eq!(decided, [(mina, vec!["account_email.whole".to_owned()])]);
}

/// RF-09: whatever is told reaches every channel, and the first word is never lost, however soon the case ends.
#[tokio::test]
async fn rf_09_every_notice_reaches_every_channel() {
    for (definition, file) in all() {
        let mut player = play(definition.clone(), &file, false).await;
        player.run_jobs().await;
        let loaded = player.loaded().await.unwrap();
        let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for line in player.transcript.lines() {
            if let Some((notice, channel)) = line
                .strip_prefix("  sent notice ")
                .and_then(|words| words.split_once(" on channel "))
            {
                told.entry(notice).or_default().insert(channel);
            }
        }
        let place = file.display();
        if loaded.case.proven.is_some() && definition.class != Class::StepUp {
            assert!(told.contains_key("started"), "{place}: {told:?}");
            assert!(loaded.case.outcome.is_none() || told.len() > 1, "{place}: {told:?}");
        }
        // Said by e-mail alone: what to mend, and that somebody wrote.
        for (notice, channels) in told.iter().filter(|(notice, _)| !["wanting", "wrote"].contains(notice)) {
            assert_eq!(channels.len(), loaded.sealed.channels.len(), "{place}: {notice}");
        }
    }
}

/// SC-01: whoever binds a factor and has no recovery codes gets them with it, unless they shall wait; whoever has them keeps those.
#[tokio::test]
async fn sc_01_binding_leads_to_recovery_codes() {
    for (name, scenario, kept) in [
        ("bind-totp", "first", vec!["totp", "recovery_codes"]),
        ("bind-totp", "later", vec!["totp"]),
        ("bind-totp", "strict", vec!["recovery_codes", "totp"]),
        ("bind-mobile", "first", vec!["phone", "recovery_codes"]),
        ("bind-passkey", "first", vec!["passkey", "recovery_codes"]),
    ] {
        let file = workflows().join(name).join(format!("scenarios/{scenario}.yaml"));
        let player = play(definition(name), &file, false).await;
        let world = player.engine.store.world();
        let found: Vec<&str> = world.factors.values().flatten().map(|f| f.kind.as_str()).collect();
        assert_eq!(found, kept, "{name} {scenario}");
        let loaded = &world.cases[&player.case];
        assert_eq!(
            loaded.case.outcome.map(|o| o.code()),
            Some("approved"),
            "{name} {scenario}"
        );
    }
}

/// RF-04: a password reset removes no factor here, and each reset only what its workflow names.
#[tokio::test]
async fn rf_04_a_reset_leaves_every_factor_that_it_does_not_name() {
    for (name, left) in [
        ("password-reset", vec!["passkey", "totp", "phone"]),
        ("totp-reset", vec!["passkey", "phone"]),
        ("mobile-reset", vec!["passkey", "totp"]),
        ("all-factors-reset", vec![]),
    ] {
        let file = workflows().join(name).join("scenarios/documents.yaml");
        let player = play(definition(name), &file, false).await;
        let world = player.engine.store.world();
        let kept: Vec<&str> = world.factors.values().flatten().map(|f| f.kind.as_str()).collect();
        assert_eq!(kept, left, "{name}");
    }
}
