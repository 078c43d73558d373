//! Links to the rustdoc documentation of the generated crate.

use webhook_codegen::describe::{RustMember, TypeKind};

use super::site::ProviderPages;

/// Links from a page of the site to the rustdoc documentation of a provider's module.
pub(super) struct Rustdoc<'r> {
    provider: &'r ProviderPages<'r>,
    /// The folder of the module, with a slash at its end.
    module: String,
}

impl<'r> Rustdoc<'r> {
    /// Returns the links from a page to a provider's module. `root` is the relative URL from the page to the root of
    /// the site, where a relative address starts.
    pub(super) fn of(provider: &'r ProviderPages<'r>, root: &str) -> Option<Rustdoc<'r>> {
        let base = provider.rustdoc?.trim_end_matches('/');
        let root = if base.contains("://") { "" } else { root };
        let module = format!("{root}{base}/{}/{}/", provider.crate_name, provider.about.module);
        Some(Rustdoc { provider, module })
    }

    /// Returns the URL of the module's page.
    pub(super) fn module(&self) -> String {
        format!("{}index.html", self.module)
    }

    /// Returns the URL of a type's page.
    pub(super) fn type_page(&self, name: &str) -> String {
        let kind = match self.provider.about.types.get(name) {
            Some(TypeKind::Enum) => "enum",
            _ => "struct",
        };
        format!("{}{kind}.{name}.html", self.module)
    }

    /// Returns the URL of a variant of the enum `Event`.
    pub(super) fn variant(&self, name: &str) -> String {
        format!("{}enum.Event.html#variant.{name}", self.module)
    }

    /// Returns the URL of a field or an associated constant.
    pub(super) fn member(&self, member: &RustMember) -> String {
        let kind = if member.constant { "associatedconstant" } else { "structfield" };
        format!("{}#{kind}.{}", self.type_page(&member.owner), member.name)
    }
}
