//! The contenders, and how each makes a package of a set.

mod derived;
mod emitted;
mod generated;
mod quicktype;
mod typify;
mod validator;

use crate::Failure;
use crate::data::{DataSet, Event};
use crate::package::Package;
use crate::versions::Versions;

pub(crate) use self::emitted::Emitted;

/// A contender.
pub(crate) struct Contender {
    /// Its name and version.
    pub(crate) name: String,
    /// Its name in paths.
    pub(crate) slug: &'static str,
    kind: Kind,
}

enum Kind {
    /// A generator that gives modules of Rust code, whose types serde_json reads.
    Emitter(Emit),
    /// A crate that validates.
    Validator { manifest: &'static str },
    /// This repository; `exact`: with every event read exactly.
    Generated { exact: bool },
}

/// What a generator makes of each job: code, or why there is none.
type Emissions = Result<Vec<Result<Emitted, String>>, Failure>;

/// A generator.
type Emit = fn(&[Job]) -> Emissions;

/// The events of one module.
pub(crate) struct Job<'a> {
    /// The name of the module.
    pub(crate) module: String,
    pub(crate) events: Vec<&'a Event>,
}

/// What a contender made of a set.
pub(crate) struct Made {
    pub(crate) package: Package,
    /// How many of the events have a type or a validator.
    pub(crate) events: usize,
    /// Lines of generated code, if there is any.
    pub(crate) lines: Option<usize>,
    /// The events that are missing, and why.
    pub(crate) missing: Vec<(String, String)>,
}

impl Contender {
    /// All contenders.
    pub(crate) fn all(versions: &Versions) -> Vec<Contender> {
        let contender = |name: String, slug, kind| Contender { name, slug, kind };
        vec![
            contender(format!("serde {}, derived types", versions.serde), "derived", Kind::Emitter(derived::emit)),
            contender(format!("typify {}", versions.typify), "typify", Kind::Emitter(typify::emit)),
            contender(format!("quicktype {}", versions.quicktype), "quicktype", Kind::Emitter(quicktype::emit)),
            contender(
                format!("jsonschema {}", versions.jsonschema),
                "jsonschema",
                Kind::Validator { manifest: "jsonschema = { version = \"0.60.2\", default-features = false }" },
            ),
            contender(format!("boon {}", versions.boon), "boon", Kind::Validator { manifest: "boon = \"0.6.1\"" }),
            contender(format!("webhook-codegen {}", versions.own), "ours", Kind::Generated { exact: false }),
            contender(
                format!("webhook-codegen {}, `reading = \"exact\"`", versions.own),
                "ours-exact",
                Kind::Generated { exact: true },
            ),
        ]
    }

    /// Whether the contender is different from others for a set.
    pub(crate) fn applies(&self, set: &DataSet) -> bool {
        !matches!(self.kind, Kind::Generated { exact: true }) || set.is_tolerant
    }

    /// Whether it has types, so that a payload can come back.
    pub(crate) fn has_types(&self) -> bool {
        !matches!(self.kind, Kind::Validator { .. })
    }

    /// Makes the package of a set.
    pub(crate) fn make(&self, set: &DataSet) -> Result<Made, Failure> {
        match &self.kind {
            Kind::Emitter(emit) => emitted::make(self.slug, set, *emit),
            Kind::Validator { manifest } => validator::make(self.slug, manifest, set),
            Kind::Generated { exact } => generated::make(self.slug, *exact, set),
        }
    }
}
