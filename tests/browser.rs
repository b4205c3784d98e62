//! The whole in a real Chromium, as people use it.

mod answers;
mod contact;
mod evidence;
mod factors;
mod four_eyes;
mod hardened;
mod inert;
mod passkeys;
mod person;
mod scriptless;
mod step_up;
mod veto;
