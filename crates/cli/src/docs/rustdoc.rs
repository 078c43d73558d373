//! Links to the documentation that rustdoc makes of the generated crate.

use webhook_codegen::describe::{RustMember, TypeKind};

use super::site::ProviderPages;

/// The documentation of a provider's module, as a page of the site links to it.
pub(super) struct Rustdoc<'r> {
    provider: &'r ProviderPages<'r>,
    /// The folder of the module, with a slash at its end.
    module: String,
}

impl<'r> Rustdoc<'r> {
    /// `root` leads from the page to the root of the site, below which a relative address begins.
    pub(super) fn of(provider: &'r ProviderPages<'r>, root: &str) -> Option<Rustdoc<'r>> {
        let base = provider.rustdoc?.trim_end_matches('/');
        let root = if base.contains("://") { "" } else { root };
        let module = format!("{root}{base}/{}/{}/", provider.crate_name, provider.about.module);
        Some(Rustdoc { provider, module })
    }

    /// The page of the module.
    pub(super) fn module(&self) -> String {
        format!("{}index.html", self.module)
    }

    /// The page of a type.
    pub(super) fn type_page(&self, name: &str) -> String {
        let kind = match self.provider.about.types.get(name) {
            Some(TypeKind::Enum) => "enum",
            _ => "struct",
        };
        format!("{}{kind}.{name}.html", self.module)
    }

    /// The place of a variant of the enum `Event`.
    pub(super) fn variant(&self, name: &str) -> String {
        format!("{}enum.Event.html#variant.{name}", self.module)
    }

    /// The place of a field or an associated constant.
    pub(super) fn member(&self, member: &RustMember) -> String {
        let kind = if member.constant { "associatedconstant" } else { "structfield" };
        format!("{}#{kind}.{}", self.type_page(&member.owner), member.name)
    }
}
