//! typify, as a library, with its default settings.

use super::emitted::{Emitted, declared};
use super::{Emissions, Job};
use crate::data::merged;
use crate::peers::typify_document;

pub(super) fn emit(jobs: &[Job]) -> Emissions {
    // A panic is a result, and needs no message.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let emitted = jobs.iter().map(emit_one).collect();
    std::panic::set_hook(hook);
    Ok(emitted)
}

fn emit_one(job: &Job) -> Result<Emitted, String> {
    let (document, keys) = merged(&job.events);
    let code = typify_document(document)?;
    let found = |key: &String| declared(&code, key).ok_or_else(|| format!("there is no type {key}"));
    let types = keys.iter().map(found).collect::<Result<_, _>>()?;
    Ok(Emitted { code, types })
}
