//! Parses `provider.toml` and `package.toml`: settings that schemas cannot express.

use serde::de::value::Error as ValueError;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, Visitor};
use serde_ignored::Path as Ignored;
use serde_path_to_error::{Path, Segment};
use toml::{Table, Value};

use crate::json::descend;
use crate::json::location::Location;
use crate::load::catalog::{
    CredentialKind, Delivery, EventSettings, HashAlgorithm, HmacSettings, Import, Package, Reading, Release, Requests,
    Settings, Signature, SignatureEncoding, Source, Success, release_of,
};
use crate::model::Dialect;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::text::nearest;

/// Parses `provider.toml`.
pub(crate) fn provider(file: &str, text: &str, problems: &mut Vec<Diagnostic>) -> Settings {
    let keys = |table: &[&str]| match table {
        [] => keys_of::<Settings>(),
        ["requests"] => keys_of::<Requests>(),
        ["import"] => keys_of::<Import>(),
        ["events", _] => keys_of::<EventSettings>(),
        _ => &[],
    };
    read(file, text, keys, problems)
}

/// Parses `package.toml`.
pub(crate) fn package(file: &str, text: &str, problems: &mut Vec<Diagnostic>) -> Package {
    read(file, text, |table| if table.is_empty() { keys_of::<Package>() } else { &[] }, problems)
}

/// Reads a file. Because serde stops at the first error, the invalid value is reported and removed, and the remaining values
/// are read again. `known` returns the keys of a table.
fn read<T: DeserializeOwned + Default>(
    file: &str,
    text: &str,
    known: impl Fn(&[&str]) -> &'static [&'static str],
    problems: &mut Vec<Diagnostic>,
) -> T {
    let Some(table) = parse(file, text, problems) else { return T::default() };
    let mut rest = Value::Table(table);
    loop {
        let mut unknown = Vec::new();
        let mut collect = |path: Ignored<'_>| unknown.push(keys(&path));
        let deserializer = serde_ignored::Deserializer::new(rest.clone(), &mut collect);
        let error = match serde_path_to_error::deserialize(deserializer) {
            Ok(settings) => {
                problems.extend(unknown.iter().map(|keys| unknown_key(file, keys, &known)));
                return settings;
            }
            Err(error) => error,
        };
        let keys: Vec<String> = error.path().iter().map_while(key).collect();
        let message = format!("`{}`: {}", error.path(), error.inner().message());
        problems.push(Diagnostic::at(Code::InvalidSettings, file, descend("", &keys), message, "correct the value"));
        if !remove(&mut rest, error.path()) {
            return T::default();
        }
    }
}

/// Returns the problem of an unknown key.
fn unknown_key(file: &str, keys: &[String], known: impl Fn(&[&str]) -> &'static [&'static str]) -> Diagnostic {
    let table: Vec<&str> = keys.iter().map(String::as_str).collect();
    let (name, known) = match table.split_last() {
        Some((name, table)) => (*name, known(table)),
        None => ("", &[][..]),
    };
    let advice = match (nearest(name, known.iter().copied()), known) {
        (Some(nearest), _) => format!("did you mean `{nearest}`?"),
        (None, []) => "remove it".to_owned(),
        (None, known) => format!("remove it; the keys of this table are {}", known.join(", ")),
    };
    let message = format!("unknown key `{}`", keys.join("."));
    Diagnostic::at(Code::UnknownKey, file, descend("", keys), message, advice)
}

/// Returns the keys of a struct: serde passes them to a deserializer.
fn keys_of<T: DeserializeOwned>() -> &'static [&'static str] {
    struct Keys<'k>(&'k mut &'static [&'static str]);
    impl<'de> Deserializer<'de> for Keys<'_> {
        type Error = ValueError;

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> Result<V::Value, ValueError> {
            *self.0 = fields;
            Err(ValueError::custom("only the keys are wanted"))
        }

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, ValueError> {
            Err(ValueError::custom("not a struct"))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }
    let mut keys: &'static [&'static str] = &[];
    let _ = T::deserialize(Keys(&mut keys));
    keys
}

fn parse(file: &str, text: &str, problems: &mut Vec<Diagnostic>) -> Option<Table> {
    text.parse::<Table>()
        .map_err(|error| {
            let message = format!("not TOML: {}", error.message());
            let problem = Diagnostic::of_file(Code::NotToml, file, message, "correct the file");
            let location = error.span().map(|bytes| Location::new(text, bytes));
            problems.push(Diagnostic { location, ..problem });
        })
        .ok()
}

/// Returns the keys that lead to an ignored value.
fn keys(path: &Ignored<'_>) -> Vec<String> {
    let (parent, key) = match path {
        Ignored::Root => return Vec::new(),
        Ignored::Map { parent, key } => (parent, Some(key.clone())),
        Ignored::Seq { parent, index } => (parent, Some(index.to_string())),
        Ignored::Some { parent } | Ignored::NewtypeStruct { parent } | Ignored::NewtypeVariant { parent } => {
            (parent, None)
        }
    };
    keys(parent).into_iter().chain(key).collect()
}

fn key(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Map { key } => Some(key.clone()),
        Segment::Seq { index } => Some(index.to_string()),
        _ => None,
    }
}

/// Removes the key that a path leads to, or the key of the array for a location inside an array. Returns whether the
/// key existed.
fn remove(value: &mut Value, path: &Path) -> bool {
    let keys = path.iter().map_while(|segment| match segment {
        Segment::Map { key } => Some(key),
        _ => None,
    });
    let mut place = Some(value);
    let mut keys = keys.peekable();
    while let Some(key) = keys.next() {
        let Some(table) = place.and_then(Value::as_table_mut) else { return false };
        if keys.peek().is_none() || !table.get(key).is_some_and(Value::is_table) {
            return table.remove(key).is_some();
        }
        place = table.get_mut(key);
    }
    false
}

/// A setting that is written as one of a few words.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// All values, by their words.
    const WORDS: &'static [(&'static str, Self)];
}

macro_rules! words {
    ($($type:ident: $($word:literal $variant:ident),+;)+) => {
        $(impl Word for $type {
            const WORDS: &'static [(&'static str, $type)] = &[$(($word, $type::$variant)),+];
        })+
    };
}

words! {
    Delivery: "single" Single, "batch" Batch, "lines" Lines, "wrapped" Wrapped;
    Source: "documented" Documented, "inferred" Inferred;
    Reading: "exact" Exact, "tolerant" Tolerant;
    Success: "200" Ok, "2xx" Any2xx;
    CredentialKind: "header" Header, "headers" Headers, "basic" Basic, "bearer" Bearer,
        "client_certificate" ClientCertificate;
    HashAlgorithm: "sha256" Sha256, "sha384" Sha384, "sha512" Sha512;
    SignatureEncoding: "hex" Hex, "base64" Base64;
}

/// Returns the word of a value.
pub(crate) fn written<T: Word>(value: T) -> &'static str {
    T::WORDS.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}

/// Returns the value that a word stands for.
fn meaning<T: Copy, E: serde::de::Error>(text: &str, words: &[(&str, T)]) -> Result<T, E> {
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let hint = nearest(text, words.iter().map(|(word, _)| *word));
        let hint = hint.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
        let words: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        E::custom(format!("`{text}` is not one of {}{hint}", words.join(", ")))
    })
}

/// Deserializes a word.
pub(super) fn word<'de, D: Deserializer<'de>, T: Word>(deserializer: D) -> Result<T, D::Error> {
    meaning(&String::deserialize(deserializer)?, T::WORDS)
}

/// Deserializes a word where none has to be.
pub(super) fn some_word<'de, D: Deserializer<'de>, T: Word>(deserializer: D) -> Result<Option<T>, D::Error> {
    word(deserializer).map(Some)
}

/// Deserializes a list of words.
pub(super) fn words<'de, D: Deserializer<'de>, T: Word>(deserializer: D) -> Result<Vec<T>, D::Error> {
    texts(deserializer)?.iter().map(|text| meaning(text, T::WORDS)).collect()
}

/// Deserializes `dialect`.
pub(super) fn dialect<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Dialect>, D::Error> {
    meaning(&String::deserialize(deserializer)?, &Dialect::ALL.map(|dialect| (dialect.title(), dialect))).map(Some)
}

/// Deserializes `dispatch`, and returns whether it is `named`.
pub(super) fn dispatch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    meaning(&String::deserialize(deserializer)?, &[("body", false), ("named", true)])
}

/// Deserializes `signature`.
pub(super) fn signature<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Signature>, D::Error> {
    let mut table = Table::deserialize(deserializer)?;
    let scheme = match table.remove("scheme") {
        Some(Value::String(scheme)) => scheme,
        _ => return Err(D::Error::custom("`scheme` is missing: write \"standard-webhooks\" or \"hmac\"")),
    };
    match meaning(&scheme, &[("standard-webhooks", false), ("hmac", true)])? {
        true => {
            let hmac =
                HmacSettings::deserialize(Value::Table(table)).map_err(|error| D::Error::custom(error.message()))?;
            for (name, place) in [("{timestamp}", &hmac.timestamp_header), ("{id}", &hmac.id_header)] {
                let key = name.trim_matches(['{', '}']);
                if hmac.text.contains(name) && place.is_none() {
                    return Err(D::Error::custom(format!(
                        "`text` has {name}: write {key}_header, the header that has it"
                    )));
                }
            }
            if hmac.tolerance_seconds.is_some() && !hmac.text.contains("{timestamp}") {
                return Err(D::Error::custom(
                    "`tolerance_seconds` needs a timestamp in `text`, or anybody can change it",
                ));
            }
            Ok(Some(Signature::Hmac(hmac)))
        }
        false => match table.keys().next() {
            Some(key) => Err(D::Error::custom(format!("`{key}` is fixed by Standard Webhooks: remove it"))),
            None => Ok(Some(Signature::StandardWebhooks)),
        },
    }
}

pub(super) fn sha256() -> HashAlgorithm {
    HashAlgorithm::Sha256
}

pub(super) fn hex() -> SignatureEncoding {
    SignatureEncoding::Hex
}

pub(super) fn signed_text() -> String {
    "{body}".to_owned()
}

/// Deserializes the signed text, which must contain the body.
pub(super) fn signed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.contains("{body}") { Ok(text) } else { Err(D::Error::custom("`text` has no {body}")) }
}

/// Deserializes a list of strings. A single string is a list with one item.
pub(super) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(untagged, expecting = "expected a string or a list of strings")]
    enum Texts {
        One(String),
        Many(Vec<String>),
    }
    Texts::deserialize(deserializer).map(|texts| match texts {
        Texts::One(text) => vec![text],
        Texts::Many(texts) => texts,
    })
}

/// Deserializes a version with three numbers.
pub(super) fn release<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Release>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let message = || format!("{text:?} is not a version: write three numbers, such as \"0.2.0\"");
    release_of(&text).map(Some).ok_or_else(|| D::Error::custom(message()))
}
