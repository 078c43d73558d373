//! Runs a command and measures what it costs. The comparison in tests/compare shares this file.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// What a command costs.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// The time that passed.
    pub(crate) passed: Duration,
    /// The time of the processor, where the system reports it.
    pub(crate) processor: Option<Duration>,
}

impl Cost {
    /// The time of the processor if it is known: other programs do not change it.
    pub(crate) fn counted(self) -> Duration {
        self.processor.unwrap_or(self.passed)
    }
}

/// Runs a command to its end; returns what it printed, and what that cost.
pub(crate) fn measured(command: &mut Command) -> io::Result<(Output, Cost)> {
    let (start, before) = (Instant::now(), processor_time());
    let output = command.output()?;
    let passed = start.elapsed();
    let processor = processor_time().zip(before).map(|(after, before)| after.saturating_sub(before));
    Ok((output, Cost { passed, processor }))
}

/// The user time of all child processes that have ended, as Linux reports it.
fn processor_time() -> Option<Duration> {
    let text = fs::read_to_string(Path::new("/proc/self/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    // The fields after the name begin with the third; `cutime` is the sixteenth, in hundredths of a second.
    let ticks: u64 = fields.split_whitespace().nth(13)?.parse().ok()?;
    Some(Duration::from_millis(ticks * 10))
}
