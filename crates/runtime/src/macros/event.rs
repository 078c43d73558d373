//! Macros that implement payload types and the `Event` enums.

/// Implements [`Payload`](crate::Payload) for a generated type: the payload of an event, or an envelope, which is read
/// from a whole body.
///
/// ```text
/// payload! {
///     Type {
///         name: "name",
///         base_uri: "webhooks:///provider/name/schema.json",
///         schema: include_str!("json/name.schema.json"),
///     }
///     "example" => include_str!("json/name.example.json"),
/// }
/// ```
///
/// The head has the JSON name of the event, the URI that references in its schema are relative to, and the text of that schema. Then
/// follows one line for each documented payload, with its name and its text.
#[macro_export]
#[doc(hidden)]
macro_rules! payload {
    (
        $type:ident {
            name: $name:literal,
            base_uri: $base_uri:literal,
            schema: $schema:expr
            $(,)?
        }
        $($example:literal => $payload:expr,)*
    ) => {
        impl $type {
            /// The JSON Schema of this payload, as a self-contained document.
            pub const SCHEMA: &'static str = <Self as $crate::Payload>::SCHEMA;

            /// Reads a payload from JSON.
            ///
            /// # Errors
            ///
            /// [`Error::Json`]($crate::Error::Json) if the bytes are not JSON, and
            /// [`Error::Invalid`]($crate::Error::Invalid), with every violation, if the payload is not accepted.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, $crate::Error> {
                $crate::Payload::from_slice(bytes)
            }

            /// Reads a payload from a JSON value.
            ///
            /// # Errors
            ///
            /// [`Error::Invalid`]($crate::Error::Invalid), with every violation and the value, if the value is not accepted.
            pub fn from_value(value: $crate::serde_json::Value) -> Result<Self, $crate::Error> {
                $crate::Payload::from_value(value)
            }

            /// Validates a JSON value against [`Self::SCHEMA`].
            ///
            /// # Errors
            ///
            /// Every violation, in document order.
            pub fn validate(value: &$crate::serde_json::Value) -> Result<(), $crate::Violations> {
                <Self as $crate::HasSchema>::validate(value)
            }

            /// Returns how this accepted payload deviates from its schema. The deviations are computed on each call.
            pub fn deviations(&self) -> $crate::Deviations {
                $crate::Payload::deviations(self)
            }
        }

        impl $crate::Payload for $type {
            const NAME: &'static str = $name;
            // rustdoc would print a literal in full, but it does not print a block.
            const SCHEMA: &'static str = const { $schema };
            const BASE_URI: &'static str = $base_uri;
            const EXAMPLES: &'static [$crate::Example] =
                &[$($crate::Example::new($name, $example, $payload)),*];
        }
    };
}

/// Declares the enum of a provider's events. Each variant holds the boxed payload of an event. The last variant is
/// `Unknown`.
///
/// ```text
/// events! {
///     Event {
///         provider: PROVIDER,
///         infos: EVENTS,
///         examples: EXAMPLES,
///     }
///     Variant(Payload),
///     Other(OtherPayload) = "name.in.header",
/// }
/// ```
///
/// The head has the name of the provider's `ProviderInfo`, and the names of two constants that are declared here: the
/// facts about each event, and all documented payloads. `envelope` may follow, with the type of the object around the
/// events of a body. A line for each event has its variant, its type, and the name that is sent outside of the body, if
/// that is not the JSON name of the event.
#[macro_export]
#[doc(hidden)]
macro_rules! events {
    (
        $enum:ident {
            provider: $provider:path,
            infos: $infos:ident,
            examples: $examples:ident
            $(, envelope: $envelope:ident)?
            $(,)?
        }
        $($variant:ident($type:ident) $(= $wire_name:literal)?,)*
    ) => {
        /// The facts about each event.
        const $infos: &[$crate::EventInfo] =
            &[$($crate::EventInfo::of::<$type>($crate::__wire_name!($type $($wire_name)?)),)*];

        /// Every documented payload.
        pub const $examples: &[$crate::Example] =
            &$crate::__private::examples::<{ $crate::__private::example_count($infos) }>($infos);

        impl $enum {
            /// Reads one event from JSON. `str::parse` reads it from text.
            ///
            /// # Errors
            ///
            /// [`Error::Json`]($crate::Error::Json) if the bytes are not JSON, and
            /// [`Error::Invalid`]($crate::Error::Invalid), with every violation, if the payload is a known event and is
            /// not accepted. Any other JSON is [`Self::Unknown`], which is not an error.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, $crate::Error> {
                $crate::WebhookEvent::from_slice(bytes)
            }

            /// Reads one event from a JSON value.
            ///
            /// # Errors
            ///
            /// [`Error::Invalid`]($crate::Error::Invalid), with every violation and the value, if the value is a known event and
            /// is not accepted.
            pub fn from_value(value: $crate::serde_json::Value) -> Result<Self, $crate::Error> {
                $crate::WebhookEvent::from_value(value)
            }

            /// Reads one event that is named outside of the body, for example by a header.
            ///
            /// # Errors
            ///
            /// The same as for [`Self::from_slice`]. An unknown name is [`Self::Unknown`], which is not an error.
            pub fn from_slice_with_name(name: &str, bytes: &[u8]) -> Result<Self, $crate::Error> {
                $crate::WebhookEvent::from_slice_with_name(name, bytes)
            }

            /// Validates a JSON value against the schema of its event. Unknown events are valid.
            ///
            /// # Errors
            ///
            /// Every violation, in document order.
            pub fn validate(value: &$crate::serde_json::Value) -> Result<(), $crate::Violations> {
                <Self as $crate::WebhookEvent>::validate(value)
            }

            /// Returns how an accepted event deviates from its schema: members that the schema does not name, values
            /// that the schema does not allow, and strings that the schema does not list. Unknown events have no
            /// deviations. The deviations are computed on each call.
            pub fn deviations(&self) -> $crate::Deviations {
                $crate::WebhookEvent::deviations(self)
            }

            /// Returns the JSON name of the event. For an unknown event, it is the name in the payload, if there is
            /// one.
            pub fn name(&self) -> Option<&str> {
                $crate::WebhookEvent::name(self)
            }

            /// Returns the payload of an unknown event, or `None` if the event is known.
            pub fn as_unknown(&self) -> Option<&$crate::Unknown> {
                $crate::WebhookEvent::as_unknown(self)
            }
        }

        #[doc(hidden)]
        impl $crate::__private::Sealed for $enum {}

        impl $crate::WebhookEvent for $enum {
            const PROVIDER: &'static $crate::ProviderInfo = &$provider;

            const READERS: &'static [$crate::__private::EventReader<Self>] = &[
                $($crate::__private::EventReader {
                    from_text: |parser| $crate::__private::read::from_parser(parser).map(Self::$variant),
                    payload: $crate::__private::PayloadInfo::of::<$type>(),
                },)*
            ];

            fn unknown(unknown: $crate::Unknown) -> Self {
                Self::Unknown(unknown)
            }

            fn name(&self) -> Option<&str> {
                match self {
                    $(Self::$variant(_) => Some(<$type as $crate::Payload>::NAME),)*
                    Self::Unknown(unknown) => unknown.name(),
                }
            }

            fn as_unknown(&self) -> Option<&$crate::Unknown> {
                match self {
                    Self::Unknown(unknown) => Some(unknown),
                    _ => None,
                }
            }

            fn deviations(&self) -> $crate::Deviations {
                match self {
                    $(Self::$variant(event) => $crate::Payload::deviations(&**event),)*
                    Self::Unknown(_) => $crate::Deviations::default(),
                }
            }
        }

        $(
            impl $crate::HasEnvelope for $enum {
                type Envelope = $envelope;
            }
        )?

        $crate::__write!($enum: one of $($variant(event),)* Unknown(event));

        impl<'de> $crate::__private::serde::Deserialize<'de> for $enum {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = $crate::__private::serde::Deserialize::deserialize(deserializer)?;
                $crate::WebhookEvent::from_value(value).map_err($crate::__private::serde::de::Error::custom)
            }
        }

        impl ::std::str::FromStr for $enum {
            type Err = $crate::Error;

            fn from_str(text: &str) -> Result<Self, $crate::Error> {
                $crate::__private::event_from_str(text)
            }
        }

        $(
            impl From<$type> for $enum {
                fn from(event: $type) -> Self {
                    Self::$variant(Box::new(event))
                }
            }

            /// Returns the payload if the event is of this type. Otherwise, the error is the event, unchanged.
            impl ::std::convert::TryFrom<$enum> for $type {
                type Error = $enum;

                fn try_from(event: $enum) -> Result<Self, $enum> {
                    match event {
                        $enum::$variant(payload) => Ok(*payload),
                        other => Err(other),
                    }
                }
            }
        )*
    };
}

/// Expands to the name of an event outside of the body: its JSON name, unless the declaration has another name.
#[macro_export]
#[doc(hidden)]
macro_rules! __wire_name {
    ($type:ident) => {
        <$type as $crate::Payload>::NAME
    };
    ($type:ident $wire_name:literal) => {
        $wire_name
    };
}
