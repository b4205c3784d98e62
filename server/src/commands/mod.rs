//! What each command of the command line does.

mod doctor;
mod evidence;
pub(crate) mod install;
mod keys;
pub(crate) mod run;
mod staff;
mod workflow;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::{Arguments, Command, Installation, Show};
use crate::config::{self, Config};
use crate::{bench, demo, logs, models};

/// The exit code for a command line, configuration or place that cannot be used.
const UNUSABLE: u8 = 2;

/// Carries out a command. Its exit code: 0 done, 1 faults in a workflow file, 2 could not be done; one line on standard
/// error says why.
#[must_use]
pub fn run(arguments: Arguments) -> ExitCode {
    match arguments.command {
        Command::Workflow(crate::cli::Workflow::Check { paths }) => workflow::check(&paths),
        Command::Workflow(crate::cli::Workflow::Graph { path }) => done(workflow::graph(&path)),
        Command::Config(Show::Show(installation)) => done(show(&installation)),
        Command::Inspect => done(evidence::inspect()),
        Command::Evidence(crate::cli::Evidence::Lint { paths }) => evidence::lint(&paths),
        Command::Models(crate::cli::Models::Fetch { from, models }) => {
            done(models::fetch(from.as_deref(), &models.folder, &say))
        }
        other => in_runtime(other).unwrap_or_else(|error| done(Err(error))),
    }
}

fn done(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_wrong(&format!("readmit: {error:#}"));
            ExitCode::from(UNUSABLE)
        }
    }
}

/// Looks at each file: what is wrong with one keeps no other from being looked at. The worst of the exit codes: 0 all fine, 1
/// faults, 2 a file that cannot be read.
fn of_each(paths: &[PathBuf], look: impl Fn(&Path) -> anyhow::Result<bool>) -> ExitCode {
    let mut worst = 0;
    for path in paths {
        worst = worst.max(match look(path) {
            Ok(true) => 0,
            Ok(false) => 1,
            Err(error) => {
                say_wrong(&format!("readmit: {error:#}"));
                UNUSABLE
            }
        });
    }
    ExitCode::from(worst)
}

/// One line on standard error. Nothing can be done when that fails.
pub(crate) fn say_wrong(line: &str) {
    use std::io::Write as _;
    let _unheard = writeln!(std::io::stderr(), "{}", line.replace('\n', " "));
}

/// Text on standard output; a closed pipe ends the command quietly.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn show(installation: &Installation) -> anyhow::Result<()> {
    say(&config::show(&config::read(&installation.config)?))
}

fn in_runtime(command: Command) -> anyhow::Result<ExitCode> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("a crypto provider is installed already"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let done = match command {
            Command::Demo(demo) => demo::run(&demo).await,
            Command::Serve(at) => run::serve(&configured(&at)?).await,
            Command::Work(at) => run::work(&configured(&at)?).await,
            Command::All(at) => run::all(&configured(&at)?).await,
            Command::Migrate(at) => install::migrate(&configured(&at)?).await,
            Command::Workflow(crate::cli::Workflow::Publish { path, installation }) => {
                workflow::publish(&path, &configured(&installation)?).await
            }
            Command::Staff(crate::cli::Staff::Add {
                name,
                roles,
                display,
                installation,
            }) => staff::add(&configured(&installation)?, &name, display.as_deref(), &roles).await,
            Command::Keys(crate::cli::Keys::Rotate { to, installation }) => {
                keys::rotate(&configured(&installation)?, &to).await
            }
            Command::Bench(asked) => bench::run(&asked).await,
            Command::Doctor(at) => return doctor::run(&configured(&at)?).await,
            Command::Evidence(crate::cli::Evidence::Check(check)) => evidence::check(&check).await,
            Command::Evidence(crate::cli::Evidence::Publish { paths, installation }) => {
                evidence::publish(&paths, &configured(&installation)?).await
            }
            Command::Workflow(_)
            | Command::Config(_)
            | Command::Evidence(_)
            | Command::Models(_)
            | Command::Inspect => Ok(()),
        };
        done.map(|()| ExitCode::SUCCESS)
    })
}

fn configured(installation: &Installation) -> anyhow::Result<Config> {
    let config = config::read(&installation.config)?;
    logs::start(config.logs, "info,sqlx=warn,sea_orm=warn");
    Ok(config)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn a_file_that_cannot_be_read_keeps_no_other_from_being_looked_at() {
        let looked = RefCell::new(Vec::new());
        let paths = ["a", "b", "c"].map(PathBuf::from);
        let code = of_each(&paths, |path| {
            looked.borrow_mut().push(path.to_owned());
            anyhow::ensure!(path != Path::new("a"), "it cannot be read");
            Ok(path != Path::new("b"))
        });
        assert_eq!(looked.into_inner(), paths);
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(UNUSABLE)));
    }
}
