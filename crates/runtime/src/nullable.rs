//! A member that may be absent, null, or a value.

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// A member that may be absent, null, or a value. Absent and null are kept apart, so that a payload serializes as it
/// was received.
///
/// # Examples
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::Nullable;
///
/// let name = Nullable::Value("internal-server-01".to_owned());
/// assert_eq!(name.as_deref(), Some("internal-server-01"));
/// assert!(!name.is_absent());
/// assert_eq!(Nullable::<String>::Null.into_option(), None);
/// assert_eq!(Nullable::<String>::default(), Nullable::Absent);
/// ```
///
/// A `Nullable` and an [`Option`] convert into each other. `None` becomes [`Nullable::Absent`]:
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::Nullable;
///
/// let city: Nullable<&str> = Some("Lyon").into();
/// assert_eq!(city, Nullable::Value("Lyon"));
/// assert_eq!(Nullable::<&str>::from(None), Nullable::Absent);
/// assert_eq!(Option::from(city), Some("Lyon"));
/// ```
///
/// In a type of your own, two attributes of serde keep absent and null apart:
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::Nullable;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Deserialize, Serialize)]
/// struct Server {
///     #[serde(default, skip_serializing_if = "Nullable::is_absent")]
///     name: Nullable<String>,
/// }
///
/// for text in [r#"{}"#, r#"{"name":null}"#, r#"{"name":"internal-server-01"}"#] {
///     let server: Server = serde_json::from_str(text)?;
///     assert_eq!(serde_json::to_string(&server)?, text);
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nullable<T> {
    /// The object has no such member.
    #[default]
    Absent,
    /// The member is present, and is `null`.
    Null,
    /// The member has a value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Returns a member that is present: null, or a value.
    pub(crate) fn present(value: Option<T>) -> Nullable<T> {
        value.map_or(Nullable::Null, Nullable::Value)
    }

    /// Returns a reference to the value, if there is one.
    pub fn as_option(&self) -> Option<&T> {
        match self {
            Nullable::Value(value) => Some(value),
            _ => None,
        }
    }

    /// Returns a mutable reference to the value, if there is one.
    pub fn as_option_mut(&mut self) -> Option<&mut T> {
        match self {
            Nullable::Value(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the dereferenced value, if there is one: `Option<&str>` for a `Nullable<String>`.
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: std::ops::Deref,
    {
        self.as_option().map(T::deref)
    }

    /// Returns the value, if there is one; absent and null become the same.
    pub fn into_option(self) -> Option<T> {
        match self {
            Nullable::Value(value) => Some(value),
            _ => None,
        }
    }

    /// Returns whether the object has no such member.
    pub fn is_absent(&self) -> bool {
        matches!(self, Nullable::Absent)
    }

    /// Returns whether the member is present and is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Nullable::Null)
    }

    /// Returns whether the member has a value.
    pub fn is_value(&self) -> bool {
        matches!(self, Nullable::Value(_))
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Nullable::Value(value)
    }
}

/// `None` becomes [`Nullable::Absent`].
impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Nullable::Absent, Nullable::Value)
    }
}

/// [`Nullable::Absent`] and [`Nullable::Null`] both become `None`.
impl<T> From<Nullable<T>> for Option<T> {
    fn from(value: Nullable<T>) -> Self {
        value.into_option()
    }
}

/// Absent and null both serialize as `null`: a field needs `skip_serializing_if = "Nullable::is_absent"`, which
/// generated types do by themselves.
impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_option().serialize(serializer)
    }
}

/// `null` deserializes as [`Nullable::Null`]. A field that is absent needs `default`.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Nullable::present)
    }
}
