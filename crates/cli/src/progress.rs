//! Progress on a terminal, for operations that take more than a moment: a line on standard error that is redrawn in place
//! and removed at the end. Nothing is drawn unless standard error is a terminal.

use std::time::Duration;

pub use indicatif::ProgressBar;
use indicatif::{ProgressFinish, ProgressStyle};

/// Starts progress of unknown length.
pub fn spinner(message: &'static str) -> ProgressBar {
    start(ProgressBar::new_spinner(), "{spinner} {msg} ({elapsed})", message)
}

/// Starts progress of `length` steps.
pub fn bar(length: usize, message: &'static str) -> ProgressBar {
    start(ProgressBar::new(length as u64), "{spinner} {msg}: {pos} of {len} [{bar:30}] ({elapsed})", message)
}

fn start(bar: ProgressBar, template: &str, message: &'static str) -> ProgressBar {
    let bar = bar.with_finish(ProgressFinish::AndClear).with_message(message);
    if bar.is_hidden() {
        return bar;
    }
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
