//! What goes wrong around an installation, and what then does not: nothing is lost, half written or done twice.

mod bucket;
mod clock;
mod commands;
mod demo;
mod disk;
mod full;
mod health;
mod host;
mod keys;
mod kill;
mod mail;
mod nodes;
mod points;
mod publish;
mod restore;
mod store;
