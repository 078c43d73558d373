#![doc = include_str!("../README.md")]

mod api;
pub mod catalog;
pub mod compare;
mod diagnostic;
mod doc;
mod format;
mod generate;
pub mod infer;
pub mod json;
mod load;
mod model;
mod options;
mod overlay;
mod plan;
mod refine;
mod render;
mod settings;
mod tables;
mod tell;
mod tree;
mod typify;
mod validator;

pub use crate::api::{Api, ApiItem};
pub use crate::catalog::Catalog;
pub use crate::diagnostic::Diagnostic;
pub use crate::generate::{Generated, generate, generate_folder};
pub use crate::load::{load, load_provider};
pub use crate::model::Dialect;
pub use crate::options::Options;
pub use crate::plan::templates::fits;
pub use crate::tell::Teller;
pub use crate::tree::{Difference, Tree};
pub use crate::validator::Validator;
