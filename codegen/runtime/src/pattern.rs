//! Regular expressions of a schema (`pattern`, `patternProperties`), in linear time.

/// A regular expression: as the schema writes it, and translated for the engine.
///
/// The schema's dialect is ECMA-262. Codegen translates it, and refuses what needs backtracking; the engine's time is
/// proportional to the text.
#[cfg(feature = "pattern")]
#[derive(Debug)]
pub struct Pattern<'s> {
    source: &'s str,
    translated: &'s str,
    compiled: std::sync::OnceLock<Option<regex_lite::Regex>>,
}

#[cfg(feature = "pattern")]
impl<'s> Pattern<'s> {
    /// `source` is the pattern in the schema, `translated` the one for the engine.
    pub const fn new(source: &'s str, translated: &'s str) -> Pattern<'s> {
        Pattern { source, translated, compiled: std::sync::OnceLock::new() }
    }

    /// The expression as the schema writes it.
    pub fn source(&self) -> &'s str {
        self.source
    }

    /// The expression as the engine reads it.
    pub fn translated(&self) -> &'s str {
        self.translated
    }

    /// Whether the expression matches somewhere in the text. One that does not compile matches nothing; codegen lets
    /// none through.
    pub fn matches(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| Pattern::compile(self.translated).ok());
        compiled.as_ref().is_some_and(|regex| regex.is_match(text))
    }

    /// Compiles a translated expression. Code generation checks every expression with it.
    pub fn compile(translated: &str) -> Result<regex_lite::Regex, regex_lite::Error> {
        regex_lite::RegexBuilder::new(translated).size_limit(1 << 24).build()
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
    pub fn matches(&self, _: &str) -> bool {
        match self.0 {}
    }
}
