//! The generator: what it makes of schemas, and what it rejects.

mod backtracking;
mod build_script;
mod conditions;
mod decimals;
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
