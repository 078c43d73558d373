//! Renders `dispatch.rs`, which identifies the event of a payload.

use super::context::RenderContext;
use super::declare::{Declaration, block, string};
use super::tables::{literal, mentions, types_text};
use crate::dispatch::{Condition, Guess, Guessed, Path, fallback};
use crate::plan::Plan;

/// Returns the text of the file. Events and members are written by name, and are resolved to indices when the file is
/// compiled.
pub(crate) fn file(context: &RenderContext<'_>) -> String {
    let RenderContext { plan, dispatch, .. } = context;
    let named = context.provider.settings.named;
    let name = |event: usize| string(&plan.roots[event].name);
    let list = |items: Vec<String>| block("[", &items, "]");
    let conditions = |conditions: &[Condition]| list(conditions.iter().map(condition).collect());
    let paths = |paths: &[Path]| list(paths.iter().map(path).collect());

    let provider = dispatch.provider.iter().map(|alternative| conditions(alternative)).collect();
    let mut labels = vec![
        ("events", "super::EVENTS".to_owned()),
        ("named", named.to_string()),
        ("discriminator_paths", paths(&dispatch.discriminator_paths)),
        ("provider_paths", paths(&dispatch.provider_paths)),
        ("provider", list(provider)),
        ("event_name_paths", paths(&dispatch.event_names)),
    ];
    if let Some(Guess { member, events }) = Guess::new(plan, dispatch).filter(|_| !named) {
        let guess = |guessed: &Option<Guessed>| match guessed {
            Some(Guessed { event, is_certain: true }) => format!("certain({})", name(*event)),
            Some(Guessed { event, is_certain: false }) => format!("likely({})", name(*event)),
            None => "ambiguous".to_owned(),
        };
        let meaning = |(text, guesses): (&String, &Vec<Option<Guessed>>)| {
            format!("{} => {}", string(text), guesses.iter().map(guess).collect::<Vec<_>>().join(" | "))
        };
        let meanings: Vec<String> = events.iter().map(meaning).collect();
        labels.push(("discriminator", block(&format!("{} {{ ", string(member)), &meanings, " }")));
    }
    let fallback = if named { Vec::new() } else { fallback(plan, dispatch) };
    labels.push(("fallback", list(fallback.into_iter().map(name).collect())));

    let events = dispatch.events.iter().filter(|_| !named || has_rivals(plan));
    let lines = events.map(|(event, all)| format!("{} => {},", name(*event), conditions(all))).collect();
    let declaration = Declaration { kind: "dispatch", name: "DISPATCH".to_owned(), labels, lines }.text();

    let used = [("Literal", "Literal"), ("NumberLiteral", "number::NumberLiteral"), ("Types", "schema::Types")];
    let used = used.iter().filter(|(name, _)| mentions(&declaration, name));
    let mut uses: String = used.map(|(_, path)| format!("use webhook_runtime::__private::{path};\n")).collect();
    if !uses.is_empty() {
        uses.push('\n');
    }
    format!("//! Which event a payload is: conditions on a few members, in order of precedence.\n\n{uses}{declaration}")
}

fn path(path: &Path) -> String {
    block("[", &path.iter().map(|name| string(name)).collect::<Vec<_>>(), "]")
}

/// Returns whether two events have one name outside the body, so that the body has to distinguish them.
fn has_rivals(plan: &Plan) -> bool {
    let mut names: Vec<&str> = plan.events().iter().map(|event| event.wire_name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

fn condition(condition: &Condition) -> String {
    let path = path(condition.path());
    let call = |kind: &str, values: Vec<String>| {
        let arguments: Vec<String> = std::iter::once(path.clone()).chain(values).collect();
        format!("{kind}({})", arguments.join(", "))
    };
    match condition {
        Condition::Equals(_, values) => match values.iter().map(|value| value.as_str()).collect::<Option<Vec<_>>>() {
            Some(strings) => call("string", strings.into_iter().map(string).collect()),
            None => call("equals", values.iter().map(literal).collect()),
        },
        Condition::Present(_) => call("present", Vec::new()),
        Condition::Absent(_) => call("absent", Vec::new()),
        Condition::Type(_, types) => call("has_type", vec![types_text(*types)]),
    }
}
