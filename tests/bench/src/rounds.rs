//! Measures contenders that take turns, round after round.
//!
//! A figure is the median of the rounds' ratios to the first contender, so that a machine that is slow for a while is
//! slow for all.

use std::time::{Duration, Instant};

/// What one contender took.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// The median of the ratios to the first contender.
    pub ratio: f64,
    /// The median time of one run, in nanoseconds.
    pub nanoseconds: f64,
}

/// Runs the contenders in turn for at least this long, and for at least 15 rounds; returns how many rounds there were,
/// and the figures of each contender.
pub fn measure(contenders: &[&dyn Fn()], least: Duration) -> (usize, Vec<Figures>) {
    let Some(first) = contenders.first() else { return (0, Vec::new()) };
    let repeat = repetitions(first);
    let mut rounds: Vec<Vec<f64>> = Vec::new();
    let end = Instant::now() + least;
    while rounds.len() < 15 || Instant::now() < end {
        rounds.push(contenders.iter().map(|run| time(run, repeat).as_secs_f64() / f64::from(repeat)).collect());
    }
    // The first rounds warm up.
    let warm = &rounds[rounds.len() / 10..];
    let figures = |index: usize| Figures {
        ratio: median(warm.iter().map(|round| round[index] / round[0]).collect()),
        nanoseconds: median(warm.iter().map(|round| round[index] * 1e9).collect()),
    };
    (rounds.len(), (0..contenders.len()).map(figures).collect())
}

/// How often a contender is run for one measurement, so that a measurement takes some hundred microseconds.
fn repetitions(first: &dyn Fn()) -> u32 {
    let mut repeat = 1;
    while repeat < 1 << 16 && time(first, repeat) < Duration::from_micros(100) {
        repeat *= 2;
    }
    repeat
}

fn time(run: &dyn Fn(), repeat: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..repeat {
        run();
    }
    start.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
