//! What typify makes of the goldens' lowered documents, as it stands: it must compile.

// typify documents no flattened member, and does not care for the style of names.
#![allow(missing_docs, clippy::all, rustdoc::all, uncommon_codepoints, mixed_script_confusables)]

include!(concat!(env!("OUT_DIR"), "/modules.rs"));
