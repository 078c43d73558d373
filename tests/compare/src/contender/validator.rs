//! Packages with the schemas, for crates that validate.

use super::Made;
use crate::Failure;
use crate::data::DataSet;
use crate::package::{Checked, Package};

/// Makes the package for a crate with this line of a manifest.
pub(super) fn make(slug: &'static str, manifest: &str, set: &DataSet) -> Result<Made, Failure> {
    let mut package = Package::new(set, slug, &format!("{manifest}\n"));
    let mut library = format!("pub use {slug};\n\npub const SCHEMAS: &[(&str, &str)] = &[\n");
    for (index, event) in set.events.iter().enumerate() {
        package.add(&format!("schemas/{index}.json"), event.schema.to_string());
        library.push_str(&format!("    ({:?}, include_str!(\"../schemas/{index}.json\")),\n", event.id()));
    }
    library.push_str("];\n");
    package.add("src/lib.rs", library);
    package.runner(&[slug], &format!("compare_runner::{slug}::entries(types::SCHEMAS)"));
    package.write()?;
    match package.check()? {
        Checked::Compiles => Ok(Made { package, events: set.events.len(), lines: None, missing: Vec::new() }),
        Checked::Fails { reason, .. } => Err(Failure::new("does not compile", reason)),
    }
}
