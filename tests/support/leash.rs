//! Child processes that never outlive the tests, however these end.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A process in a group of its own behind a small shell, which ends the group when the pipe between us closes: when this
/// value is dropped, and also when the test process is killed.
pub(crate) struct Leash {
    shell: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

/// Starts the words that follow it in a new group, waits for the end of its input, ends the group and sees it gone. A line
/// before that end asks the program to stop; its exit code is then said. A group that is not there yet is ended by its first.
const SHELL: &str = r#"setsid "$@" </dev/null & child=$!
trap 'kill -KILL -"$child" 2>/dev/null || kill -KILL "$child" 2>/dev/null; wait "$child" 2>/dev/null' EXIT
trap 'exit 1' INT TERM HUP
read -r _ || exit
kill -TERM "$child"
wait "$child"
echo "$?"
read -r _"#;

impl Leash {
    /// Runs a program with its standard output read by [`Leash::line`].
    pub(crate) fn run<'a>(program: &str, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", SHELL, "leash", program]).args(arguments);
        Self::held(command)
    }

    /// Runs a shell script that itself ends with its input.
    pub(crate) fn script(text: &str) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", text]);
        Self::held(command)
    }

    fn held(mut command: Command) -> Self {
        let mut shell = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(shell.stdout.take().unwrap()).lines();
        Self { shell, lines }
    }

    /// Asks the program to stop, by SIGTERM. [`Leash::line`] then gives its exit code.
    pub(crate) fn ask_to_stop(&mut self) {
        use std::io::Write as _;
        self.shell.stdin.as_mut().unwrap().write_all(b"stop\n").unwrap();
    }

    /// The next line that the program prints.
    ///
    /// # Panics
    /// When it has ended.
    pub(crate) fn line(&mut self) -> String {
        self.lines
            .next()
            .expect("the program ended before it said what was waited for")
            .unwrap()
    }
}

impl Leash {
    /// Ends it without a word, and sees it gone.
    pub(crate) fn kill(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        self.kill();
    }
}
