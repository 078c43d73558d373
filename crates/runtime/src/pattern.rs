//! Regular expressions of a schema (`pattern`, `patternProperties`).
//!
//! The schema's dialect is ECMA-262, with the `u` flag. Most expressions become automata when code is generated, so a
//! package contains no engine for regular expressions. Expressions whose automaton would be large are compiled when
//! they are first used, which needs the feature `pattern`. Both take time proportional to the text. If a provider opts
//! in, expressions that need backtracking are matched in a limited number of steps.

mod automaton;

pub use self::automaton::Automaton;

/// A regular expression: its source in the schema, and its matcher.
#[derive(Debug)]
pub struct Pattern<'s> {
    source: &'s str,
    matcher: Matcher<'s>,
}

// Most patterns are automata, and all of them are statics: a box could not be made there.
#[allow(clippy::large_enum_variant)]
#[derive(Debug)]
enum Matcher<'s> {
    Automaton(Automaton<'s>),
    Repeated {
        ranges: &'s [(char, char)],
        least: u32,
        most: u32,
    },
    #[cfg(feature = "pattern")]
    Engine(engine::Expression<'s>),
}

impl<'s> Pattern<'s> {
    /// Creates an expression that an automaton decides.
    pub const fn automaton(source: &'s str, automaton: Automaton<'s>) -> Pattern<'s> {
        Pattern { source, matcher: Matcher::Automaton(automaton) }
    }

    /// Creates an expression that the whole text must match, with between `least` and `most` characters of a class. As
    /// an automaton, it would have a state for each number of characters.
    pub const fn repeated(source: &'s str, ranges: &'s [(char, char)], least: u32, most: u32) -> Pattern<'s> {
        Pattern { source, matcher: Matcher::Repeated { ranges, least, most } }
    }

    /// Returns the expression as the schema writes it.
    pub fn source(&self) -> &'s str {
        self.source
    }

    /// Returns whether the expression matches somewhere in the text; `None` if that takes too many steps.
    pub fn decide(&self, text: &str) -> Option<bool> {
        match &self.matcher {
            Matcher::Automaton(automaton) => Some(automaton.is_match(text)),
            Matcher::Repeated { ranges, least, most } => Some(automaton::repeats(text, ranges, *least, *most)),
            #[cfg(feature = "pattern")]
            Matcher::Engine(expression) => expression.is_match(text),
        }
    }
}

#[cfg(feature = "pattern")]
mod engine {
    //! Expressions that are compiled when they are first used.

    use std::sync::OnceLock;

    use super::{Matcher, Pattern};

    #[derive(Debug)]
    pub(super) struct Expression<'s> {
        translated: &'s str,
        #[cfg(feature = "backtracking")]
        backtracks: bool,
        compiled: OnceLock<Option<Compiled>>,
    }

    #[derive(Debug)]
    enum Compiled {
        Linear(regex::Regex),
        #[cfg(feature = "backtracking")]
        Backtracking(Box<fancy_regex::Regex>),
    }

    impl<'s> Pattern<'s> {
        /// Creates an expression that is compiled when it is first used, and matched in linear time. `translated` is
        /// the expression for the engine.
        pub const fn new(source: &'s str, translated: &'s str) -> Pattern<'s> {
            let expression = Expression {
                translated,
                #[cfg(feature = "backtracking")]
                backtracks: false,
                compiled: OnceLock::new(),
            };
            Pattern { source, matcher: Matcher::Engine(expression) }
        }

        /// Creates an expression that is matched with backtracking, in a limited number of steps.
        #[cfg(feature = "backtracking")]
        pub const fn backtracking(source: &'s str, translated: &'s str) -> Pattern<'s> {
            let expression = Expression { translated, backtracks: true, compiled: OnceLock::new() };
            Pattern { source, matcher: Matcher::Engine(expression) }
        }

        /// Compiles a translated expression. Code generation checks every expression with it.
        ///
        /// # Errors
        ///
        /// The expression is invalid, or too large.
        pub fn compile(translated: &str) -> Result<regex::Regex, regex::Error> {
            regex::RegexBuilder::new(translated).size_limit(1 << 24).build()
        }

        /// The number of backtracking steps after which an expression is abandoned.
        #[cfg(feature = "backtracking")]
        pub const STEPS: usize = 100_000;

        /// Compiles a translated expression that needs backtracking.
        ///
        /// # Errors
        ///
        /// The expression is invalid, or too large.
        #[cfg(feature = "backtracking")]
        #[allow(clippy::result_large_err)]
        pub fn compile_backtracking(translated: &str) -> Result<fancy_regex::Regex, fancy_regex::Error> {
            fancy_regex::RegexBuilder::new(translated).backtrack_limit(Self::STEPS).delegate_size_limit(1 << 24).build()
        }
    }

    impl Expression<'_> {
        /// Returns whether the expression matches somewhere in the text, or `None` if that takes too many steps. An
        /// expression that does not compile matches nothing, but codegen rejects such expressions.
        pub(super) fn is_match(&self, text: &str) -> Option<bool> {
            match self.compiled.get_or_init(|| self.compile()) {
                None => Some(false),
                Some(Compiled::Linear(regex)) => Some(regex.is_match(text)),
                #[cfg(feature = "backtracking")]
                Some(Compiled::Backtracking(regex)) => regex.is_match(text).ok(),
            }
        }

        fn compile(&self) -> Option<Compiled> {
            #[cfg(feature = "backtracking")]
            if self.backtracks {
                let compiled = Pattern::compile_backtracking(self.translated).ok();
                return compiled.map(|regex| Compiled::Backtracking(Box::new(regex)));
            }
            Pattern::compile(self.translated).ok().map(Compiled::Linear)
        }
    }
}
