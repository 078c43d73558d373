//! The generator: the code that it generates, and the input that it rejects.

mod backtracking;
mod build_script;
mod conditions;
pub(crate) mod decimals;
mod declarations;
mod diagnostics;
mod dialects;
mod documentation;
mod envelopes;
mod generation;
mod merged;
mod names;
mod nesting;
mod ownership;
mod shapes;
mod typify;
