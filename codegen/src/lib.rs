#![doc = include_str!("../README.md")]

mod build_script;
pub mod compare;
pub mod describe;
mod generate;
pub mod infer;
pub mod json;
mod load;
mod lower;
mod matching;
mod model;
mod normalize;
mod options;
mod output;
mod plan;
mod refine;
mod render;
mod tables;

pub use crate::build_script::build;
pub use crate::generate::{Generated, generate, generate_folder};
pub use crate::json::location;
pub use crate::json::location::Location;
pub use crate::load::catalog;
pub use crate::load::catalog::Catalog;
pub use crate::load::{load, load_provider, load_sound};
pub use crate::lower::typify::typify;
pub use crate::matching::EventMatcher;
pub use crate::matching::precedence::settled;
pub use crate::model::Dialect;
pub use crate::model::diagnostic::{Code, Diagnostic};
pub use crate::options::Options;
pub use crate::output::api::{Api, ApiItem};
pub use crate::output::tree::{Difference, Tree};
pub use crate::plan::templates::fits_templates;
pub use crate::render::package::is_package_name;
pub use crate::tables::validator::Validator;
