//! Many strangers at once, without the shell.

use readmit_core::effect::Effect;
use readmit_core::ids::{CaseId, Tag};
use readmit_core::time::Span;
use readmit_core::workflow::policy::Profile;
use uuid::Uuid;

use super::player::Player;
use super::scenario::Account;
use super::transcripts::definition;

/// RL-05, RL-04: 500 starts for one address, each from a network of its own, ask for at most twenty codes in a day, whether
/// the address is known or not.
#[tokio::test]
async fn rl_05_five_hundred_starts_send_a_bounded_number_of_codes() {
    for how in ["sign_in forgotten", "sign_in unknown"] {
        let mut player = Player::new(definition("passkey-reset"), Profile::Published, &Account::default());
        for stranger in 0..500u32 {
            player.case = CaseId(Uuid::from_u128(0xca5e + u128::from(stranger)));
            player.prefix = network(stranger);
            player.pass(Span::seconds(60));
            for words in ["start", "agree", how] {
                player.play(&words.parse().unwrap()).await;
            }
        }
        let world = player.engine.store.world();
        let codes = world
            .jobs
            .values()
            .filter(|job| matches!(job.effect, Effect::SendCode { .. }))
            .count();
        assert_eq!(world.cases.len(), 500);
        assert_eq!(codes, 20, "{how}: none more without a human check");
    }
}

fn network(stranger: u32) -> Tag {
    let mut tag = [3; 32];
    for (to, from) in tag.iter_mut().zip(stranger.to_be_bytes()) {
        *to = from;
    }
    Tag(tag)
}
