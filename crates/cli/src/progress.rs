//! Progress on a terminal, for operations that take more than a moment.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line on standard error that is redrawn in place and removed at the end. Nothing is drawn unless standard error is a
/// terminal.
pub struct Progress(ProgressBar);

impl Progress {
    /// Starts progress of unknown length.
    pub fn spinner(message: &'static str) -> Progress {
        Progress::start(ProgressBar::new_spinner(), "{spinner} {msg} ({elapsed})", message)
    }

    /// Starts progress of `length` steps.
    pub fn bar(length: usize, message: &'static str) -> Progress {
        let bar = ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX));
        Progress::start(bar, "{spinner} {msg}: {pos} of {len} [{bar:30}] ({elapsed})", message)
    }

    fn start(bar: ProgressBar, template: &str, message: &'static str) -> Progress {
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
            return Progress(bar);
        }
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(message);
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }

    /// Replaces the message.
    pub fn message(&self, message: String) {
        self.0.set_message(message);
    }

    /// Counts a step.
    pub fn step(&self) {
        self.0.inc(1);
    }

    /// Prints a line to standard output, above the progress.
    pub fn println(&self, line: &str) {
        self.0.suspend(|| println!("{line}"));
    }

    /// Removes the line.
    pub fn finish(self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
