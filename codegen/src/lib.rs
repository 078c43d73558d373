#![doc = include_str!("../README.md")]

#[macro_use]
mod named_variants;

mod build_script;
pub mod compare;
mod containment;
pub mod describe;
mod dispatch;
mod generate;
pub mod infer;
mod interpreted;
pub mod json;
mod load;
mod lower;
mod model;
mod normalize;
mod options;
mod output;
pub mod payloads;
mod plan;
mod refine;
mod render;
mod tables;
mod text;

pub use crate::build_script::build;
pub use crate::dispatch::{EventMatcher, find_precedence};
pub use crate::generate::{Generated, generate, generate_folder};
pub use crate::interpreted::Interpreted;
pub use crate::json::location;
pub use crate::json::location::Location;
pub use crate::load::catalog;
pub use crate::load::catalog::{Catalog, Library};
pub use crate::load::settings_text::{event_table, import_table, settings_text};
pub use crate::load::{document_overlay, load, load_partial, load_provider};
pub use crate::lower::typify::typify;
pub use crate::model::Dialect;
pub use crate::model::diagnostic::{Checked, Code, Diagnostic};
pub use crate::model::uri;
pub use crate::options::Options;
pub use crate::output::api::{Api, ApiItem};
pub use crate::output::tree::{Difference, Tree};
pub use crate::plan::templates::matches_text_templates;
pub use crate::render::package::is_package_name;
pub use crate::tables::validator::Validator;
pub use crate::text::markdown::{code as markdown_code, line as markdown_line, markdown};
pub use crate::text::{cut, nearest, one_line, toml_string, unused};
