//! The input for rendering the files of a provider.

use crate::dispatch::Dispatch;
use crate::json::Json;
use crate::load::catalog::Provider;
use crate::normalize::Schemas;
use crate::plan::Plan;
use crate::refine::Refined;
use crate::tables::Tables;

/// The inputs of a provider's files.
pub(crate) struct RenderContext<'r> {
    pub(crate) provider: &'r Provider,
    pub(crate) plan: &'r Plan,
    pub(crate) dispatch: &'r Dispatch,
    pub(crate) schemas: &'r Schemas,
    pub(crate) tables: &'r Tables<'r>,
    pub(crate) items: &'r [Refined],
    /// The schema of each event, as a document of its own.
    pub(crate) documents: &'r [Json],
    /// The name of the generated crate, as code writes it.
    pub(crate) crate_name: &'r str,
}
