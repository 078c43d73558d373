//! Regular expressions of a schema (`pattern`, `patternProperties`): in linear time, or with backtracking where a provider opts in.

/// A regular expression: as the schema writes it, and translated for the engine.
///
/// The schema's dialect is ECMA-262. Codegen translates it. Unless a provider opts in, it refuses what needs backtracking, and
/// the engine's time is proportional to the text.
#[cfg(feature = "pattern")]
#[derive(Debug)]
pub struct Pattern<'s> {
    source: &'s str,
    translated: &'s str,
    #[cfg(feature = "backtracking")]
    backtracks: bool,
    compiled: std::sync::OnceLock<Option<Compiled>>,
}

/// A compiled expression, for one of the engines.
#[cfg(feature = "pattern")]
#[derive(Debug)]
enum Compiled {
    Linear(regex_lite::Regex),
    #[cfg(feature = "backtracking")]
    Backtracking(Box<fancy_regex::Regex>),
}

#[cfg(feature = "pattern")]
impl<'s> Pattern<'s> {
    /// An expression that is matched in linear time. `source` is the one in the schema, `translated` the one for the engine.
    pub const fn new(source: &'s str, translated: &'s str) -> Pattern<'s> {
        Pattern {
            source,
            translated,
            #[cfg(feature = "backtracking")]
            backtracks: false,
            compiled: std::sync::OnceLock::new(),
        }
    }

    /// An expression that is matched with backtracking, in a limited number of steps.
    #[cfg(feature = "backtracking")]
    pub const fn backtracking(source: &'s str, translated: &'s str) -> Pattern<'s> {
        Pattern { source, translated, backtracks: true, compiled: std::sync::OnceLock::new() }
    }

    /// The expression as the schema writes it.
    pub fn source(&self) -> &'s str {
        self.source
    }

    /// The expression as the engine reads it.
    pub fn translated(&self) -> &'s str {
        self.translated
    }

    /// Whether it is matched with backtracking.
    #[cfg(feature = "backtracking")]
    pub fn backtracks(&self) -> bool {
        self.backtracks
    }

    /// Whether the expression matches somewhere in the text; `None` if that takes too many steps. An expression that does not
    /// compile matches nothing; codegen lets none through.
    pub fn decide(&self, text: &str) -> Option<bool> {
        match self.compiled.get_or_init(|| self.compile_own()) {
            None => Some(false),
            Some(Compiled::Linear(regex)) => Some(regex.is_match(text)),
            #[cfg(feature = "backtracking")]
            Some(Compiled::Backtracking(regex)) => regex.is_match(text).ok(),
        }
    }

    fn compile_own(&self) -> Option<Compiled> {
        #[cfg(feature = "backtracking")]
        if self.backtracks {
            let compiled = Pattern::compile_backtracking(self.translated).ok();
            return compiled.map(|regex| Compiled::Backtracking(Box::new(regex)));
        }
        Pattern::compile(self.translated).ok().map(Compiled::Linear)
    }

    /// Compiles a translated expression. Code generation checks every expression with it.
    pub fn compile(translated: &str) -> Result<regex_lite::Regex, regex_lite::Error> {
        regex_lite::RegexBuilder::new(translated).size_limit(1 << 24).build()
    }

    /// The number of times that an expression may go back before it is given up.
    #[cfg(feature = "backtracking")]
    pub const STEPS: usize = 100_000;

    /// The same for an expression that needs backtracking.
    #[cfg(feature = "backtracking")]
    #[allow(clippy::result_large_err)]
    pub fn compile_backtracking(translated: &str) -> Result<fancy_regex::Regex, fancy_regex::Error> {
        fancy_regex::RegexBuilder::new(translated).backtrack_limit(Self::STEPS).delegate_size_limit(1 << 24).build()
    }
}

/// Without the feature `pattern` there is no pattern: no value of this type exists.
#[cfg(not(feature = "pattern"))]
#[derive(Debug)]
pub struct Pattern<'s>(std::convert::Infallible, std::marker::PhantomData<&'s str>);

#[cfg(not(feature = "pattern"))]
impl<'s> Pattern<'s> {
    /// The expression as the schema writes it.
    pub fn source(&self) -> &'s str {
        match self.0 {}
    }

    /// Whether the expression matches somewhere in the text.
    pub fn decide(&self, _: &str) -> Option<bool> {
        match self.0 {}
    }
}
