//! The text after the options in the `--help` of each command: examples, and exit codes.
//!
//! A code means the same for every command. 1: something was rejected, differs, or is left to do. 2: breaking drift. 3: the
//! command could not do its work. 4: a deviation, with `--strict` only.

use clap::Command;

/// The exit code that all commands have.
const UNREADABLE: (u8, &str) = (3, "an argument is wrong, or a file cannot be read or written");

/// The same code of commands that answer a question about other files than schema-defs: a problem of schema-defs is no answer.
const UNANSWERED: (u8, &str) =
    (3, "an argument is wrong, a file cannot be read or written, or schema-defs has problems");

/// The exit codes of comparisons with documents of a vendor.
const DRIFT: [(u8, &str); 4] = [
    (0, "no differences"),
    (1, "differences, none of them breaking; or with --accept, something is left to do"),
    (2, "breaking or unproven differences"),
    UNANSWERED,
];

struct Help {
    command: &'static str,
    /// Arguments, without the program and the command.
    examples: &'static [&'static str],
    /// Exit codes with their meaning. Without 3, it has its usual meaning.
    codes: &'static [(u8, &'static str)],
}

const COMMANDS: &[Help] = &[
    Help {
        command: "new",
        examples: &["our-webhooks", "our-webhooks --package acme-events"],
        codes: &[(0, "the folder is created")],
    },
    Help {
        command: "codegen",
        examples: &["", "--check --format github", "--defs defs --out crates/events --package acme-events"],
        codes: &[(0, "the package is up to date"), (1, "schema-defs has problems; with --check, a file would change")],
    },
    Help {
        command: "drift",
        examples: &["acme webhooks.md", "acme webhooks.html --accept", "--base v0.2.0"],
        codes: &DRIFT,
    },
    Help {
        command: "import",
        examples: &["acme openapi.yaml", "acme openapi.json --schema 'Event*' --discriminator type"],
        codes: &DRIFT,
    },
    Help {
        command: "infer",
        examples: &["acme captured/", "acme/user_created payload.json --write"],
        codes: &[
            (0, "the schemas are written or shown"),
            (1, "a payload or schema-defs has problems; nothing is written"),
        ],
    },
    Help {
        command: "validate",
        examples: &["body.json", "--provider acme --types --strict bodies/*.json", "--json - < body.json"],
        codes: &[
            (0, "no payload is rejected"),
            (1, "a payload is rejected"),
            UNANSWERED,
            (4, "with --strict, an accepted payload deviates from its schema, and none is rejected"),
        ],
    },
    Help {
        command: "roundtrip",
        examples: &["", "--defs defs --json"],
        codes: &[
            (0, "every payload is written as it was read"),
            (1, "a payload is rejected or changes, or schema-defs has problems"),
        ],
    },
    Help {
        command: "generate",
        examples: &["acme", "acme/user_created --count 100 --seed 7"],
        codes: &[
            (0, "all payloads are printed"),
            (1, "there are fewer payloads than asked for, or schema-defs has problems"),
        ],
    },
    Help {
        command: "send",
        examples: &[
            "acme http://localhost:8080/webhooks/acme",
            "acme/user_created http://localhost:8080/ --generate 10 --header \"Authorization: Bearer TOKEN\"",
        ],
        codes: &[(0, "every request is accepted"), (1, "a request is rejected, or schema-defs has problems")],
    },
    Help {
        command: "docs",
        examples: &["", "--out public/catalogue"],
        codes: &[(0, "the site is written"), (1, "schema-defs has problems")],
    },
    Help {
        command: "completions",
        examples: &["bash > ~/.local/share/bash-completion/completions/cargo-webhooks"],
        codes: &[(0, "the completions are printed")],
    },
    Help {
        command: "suite",
        examples: &["../shared/json-schema-test-suite/draft2020-12"],
        codes: &[(0, "every decision is right"), (1, "a decision is wrong")],
    },
    Help { command: "bench", examples: &["", "crowdsec"], codes: &[(0, "the table is printed")] },
    Help { command: "cost", examples: &["", "--check-only"], codes: &[(0, "the table is printed")] },
];

/// Returns the command line with examples and exit codes in the help of each command.
pub(crate) fn with_examples(program: Command) -> Command {
    let call = program.get_bin_name().unwrap_or(program.get_name()).to_owned();
    program.mut_subcommands(|command| {
        let Some(help) = COMMANDS.iter().find(|help| help.command == command.get_name()) else { return command };
        let text = help.text(&call);
        command.after_help(text)
    })
}

impl Help {
    fn text(&self, call: &str) -> String {
        let mut text = String::from(if self.examples.len() == 1 { "Example:" } else { "Examples:" });
        for example in self.examples {
            text.push_str(format!("\n  {call} {} {example}", self.command).trim_end());
        }
        text.push_str("\n\nExit codes:");
        let has_own = self.codes.iter().any(|(code, _)| *code == UNREADABLE.0);
        let mut codes: Vec<(u8, &str)> = self.codes.to_vec();
        codes.extend((!has_own).then_some(UNREADABLE));
        codes.sort_unstable();
        for (code, meaning) in codes {
            text.push_str(&format!("\n  {code}  {meaning}"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn codes_are_in_order() {
        for help in COMMANDS {
            assert!(help.codes.is_sorted() && !help.examples.is_empty(), "{}", help.command);
            let mut meanings: BTreeMap<u8, &str> = BTreeMap::new();
            for (code, meaning) in help.codes {
                assert!(meanings.insert(*code, meaning).is_none(), "{}", help.command);
            }
        }
    }
}
