//! The generator: what it makes of schemas, and what it refuses.

#[cfg(feature = "commands")]
mod backtracking;
#[cfg(feature = "commands")]
mod build_script;
mod conditions;
#[cfg(feature = "commands")]
mod decimals;
mod declarations;
mod diagnostics;
mod dialects;
mod documentation;
mod generation;
mod merged;
mod names;
mod nesting;
mod ownership;
mod shapes;
mod typify;
