//! The input for rendering the files of a provider.

use crate::dispatch::Dispatch;
use crate::json::Json;
use crate::load::catalog::Provider;
use crate::normalize::Schemas;
use crate::plan::Plan;
use crate::refine::Refined;
use crate::tables::Tables;

/// The input for rendering the files of a provider.
pub(crate) struct RenderContext<'r> {
    pub(crate) provider: &'r Provider,
    pub(crate) plan: &'r Plan,
    pub(crate) dispatch: &'r Dispatch,
    pub(crate) schemas: &'r Schemas,
    pub(crate) tables: &'r Tables<'r>,
    pub(crate) items: &'r [Refined],
    /// The schema of each event as a self-contained document.
    pub(crate) documents: &'r [Json],
    /// The name of the generated crate, as written in code.
    pub(crate) crate_name: &'r str,
}
