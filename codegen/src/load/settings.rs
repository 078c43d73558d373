//! Parses `provider.toml` and `package.toml`: settings that schemas cannot express.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde_ignored::Path as Ignored;
use serde_path_to_error::{Path, Segment};
use toml::{Table, Value};

use crate::json::location::Location;
use crate::json::step;
use crate::load::catalog::{
    CredentialKind, Delivery, HashAlgorithm, HmacSettings, Package, Reading, Release, Settings, Signature,
    SignatureEncoding, Success,
};
use crate::model::Dialect;
use crate::model::diagnostic::{Code, Diagnostic};

/// Parses `provider.toml`.
pub(crate) fn provider(file: &str, text: &str, problems: &mut Vec<Diagnostic>, warnings: &mut Vec<String>) -> Settings {
    read(file, text, problems, warnings)
}

/// Parses `package.toml`.
pub(crate) fn package(file: &str, text: &str, problems: &mut Vec<Diagnostic>, warnings: &mut Vec<String>) -> Package {
    read(file, text, problems, warnings)
}

/// Parses a file. Serde stops at the first error, so the invalid value is reported and removed, and the remaining file
/// is parsed again.
fn read<T: DeserializeOwned + Default>(
    file: &str,
    text: &str,
    problems: &mut Vec<Diagnostic>,
    warnings: &mut Vec<String>,
) -> T {
    let Some(table) = parse(file, text, problems) else { return T::default() };
    let mut rest = Value::Table(table);
    loop {
        let mut unknown = Vec::new();
        let mut collect = |path: Ignored<'_>| unknown.push(keys(&path));
        let deserializer = serde_ignored::Deserializer::new(rest.clone(), &mut collect);
        let error = match serde_path_to_error::deserialize(deserializer) {
            Ok(settings) => {
                warnings.extend(unknown.iter().map(|keys| format!("{file}: nothing reads `{}`", keys.join("."))));
                return settings;
            }
            Err(error) => error,
        };
        let keys: Vec<String> = error.path().iter().map_while(key).collect();
        let message = format!("`{}`: {}", error.path(), error.inner().message());
        problems.push(Diagnostic::at(Code::InvalidSettings, file, pointer(&keys), message, "correct the value"));
        if !remove(&mut rest, error.path()) {
            return T::default();
        }
    }
}

fn parse(file: &str, text: &str, problems: &mut Vec<Diagnostic>) -> Option<Table> {
    text.parse::<Table>()
        .map_err(|error| {
            let message = format!("not TOML: {}", error.message());
            let problem = Diagnostic::of_file(Code::NotToml, file, message, "mend the file");
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

fn pointer(keys: &[String]) -> String {
    keys.iter().fold(String::new(), |pointer, key| step(&pointer, key))
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

/// Returns the value that a word stands for.
fn word<T: Copy, E: serde::de::Error>(text: &str, words: &[(&str, T)]) -> Result<T, E> {
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        E::custom(format!("unknown variant `{text}`, expected one of {}", words.join(", ")))
    })
}

/// Deserializes `delivery`.
pub(super) fn delivery<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Delivery, D::Error> {
    let words = [
        ("single", Delivery::Single),
        ("batch", Delivery::Batch),
        ("lines", Delivery::Lines),
        ("wrapped", Delivery::Wrapped),
    ];
    word(&String::deserialize(deserializer)?, &words)
}

/// Deserializes `reading`.
pub(super) fn reading<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Reading>, D::Error> {
    let words = [("exact", Reading::Exact), ("tolerant", Reading::Tolerant)];
    word(&String::deserialize(deserializer)?, &words).map(Some)
}

/// Deserializes `dialect`.
pub(super) fn dialect<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Dialect>, D::Error> {
    word(&String::deserialize(deserializer)?, &Dialect::ALL.map(|dialect| (dialect.title(), dialect))).map(Some)
}

/// Deserializes `dispatch`, and returns whether it is `named`.
pub(super) fn dispatch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    word(&String::deserialize(deserializer)?, &[("body", false), ("named", true)])
}

/// Deserializes `success`.
pub(super) fn success<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Success>, D::Error> {
    let words = [("200", Success::Ok), ("2xx", Success::Any2xx)];
    word(&String::deserialize(deserializer)?, &words).map(Some)
}

/// Deserializes `credentials`.
pub(super) fn credentials<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<CredentialKind>, D::Error> {
    let words = [
        ("header", CredentialKind::Header),
        ("headers", CredentialKind::Headers),
        ("basic", CredentialKind::Basic),
        ("bearer", CredentialKind::Bearer),
        ("client_certificate", CredentialKind::ClientCertificate),
    ];
    texts(deserializer)?.iter().map(|text| word(text, &words)).collect()
}

/// Deserializes `signature`.
pub(super) fn signature<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Signature>, D::Error> {
    let mut table = Table::deserialize(deserializer)?;
    let scheme = match table.remove("scheme") {
        Some(Value::String(scheme)) => scheme,
        _ => return Err(D::Error::custom("`scheme` is missing: write \"standard-webhooks\" or \"hmac\"")),
    };
    match word(&scheme, &[("standard-webhooks", false), ("hmac", true)])? {
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

/// Deserializes `algorithm`.
pub(super) fn algorithm<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HashAlgorithm, D::Error> {
    let words =
        [("sha256", HashAlgorithm::Sha256), ("sha384", HashAlgorithm::Sha384), ("sha512", HashAlgorithm::Sha512)];
    word(&String::deserialize(deserializer)?, &words)
}

/// Deserializes `encoding`.
pub(super) fn encoding<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignatureEncoding, D::Error> {
    word(&String::deserialize(deserializer)?, &[("hex", SignatureEncoding::Hex), ("base64", SignatureEncoding::Base64)])
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
    let numbers: Option<Vec<u64>> = text.split('.').map(|number| number.parse().ok()).collect();
    match numbers.as_deref() {
        Some([major, minor, patch]) => Ok(Some((*major, *minor, *patch))),
        _ => Err(D::Error::custom(format!("{text:?} is not a version: write three numbers, such as \"0.2.0\""))),
    }
}
