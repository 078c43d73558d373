//! The macro `providers!`, which declares the providers of a package.

/// Declares the providers of a package as two enums. The first has a variant for each provider, and the second holds
/// events of any provider.
///
/// ```text
/// providers! {
///     Provider { events: AnyEvent }
///     #[cfg(feature = "acme")]
///     Acme(acme),
/// }
/// ```
///
/// A line for each provider has its variant, which is the same in both enums, and its module. Attributes of a line apply to
/// everything that the line declares.
#[macro_export]
#[doc(hidden)]
macro_rules! providers {
    (
        $provider:ident { events: $event:ident $(,)? }
        $($(#[$cfg:meta])* $variant:ident($module:ident),)*
    ) => {
        impl $provider {
            /// Every provider whose feature is enabled, sorted by name.
            pub const ALL: &'static [$provider] = &[$($(#[$cfg])* $provider::$variant,)*];

            /// Returns the facts about the provider, for code that is generic over providers.
            pub fn info(self) -> &'static $crate::ProviderInfo {
                match self {
                    $($(#[$cfg])* $provider::$variant => &$module::PROVIDER,)*
                }
            }

            /// Returns how the provider sends requests, as the vendor documents it.
            pub fn requests(self) -> &'static $crate::RequestInfo {
                &self.info().requests
            }

            /// Returns the name of the provider, which is also the name of its module and of its feature.
            pub fn name(self) -> &'static str {
                self.info().name
            }

            /// Calls the visitor with the `Event` type of the provider.
            pub fn visit<V: $crate::ProviderVisitor>(self, visitor: V) -> V::Output {
                match self {
                    $($(#[$cfg])* $provider::$variant => visitor.visit::<$module::Event>(),)*
                }
            }

            /// Reads a body of the provider, whether it has one event or several. An endpoint for several vendors takes the
            /// provider from the path or a header, or from [`identify`].
            ///
            /// # Errors
            ///
            /// [`Error::Json`]($crate::Error::Json) if the body as a whole is not JSON. Events that cannot be read are
            /// [rejected items]($crate::Batch::rejected).
            pub fn read(self, body: &[u8]) -> Result<$crate::Batch<$event>, $crate::Error> {
                match self {
                    $($(#[$cfg])* $provider::$variant => {
                        $crate::Batch::<$module::Event>::from_slice(body).map(|batch| batch.map($event::$variant))
                    })*
                }
            }

            /// Reads a body of the provider whose events are named outside of the body, for example by a header.
            ///
            /// # Errors
            ///
            /// The same as for [`Self::read`].
            pub fn read_with_name(self, name: &str, body: &[u8]) -> Result<$crate::Batch<$event>, $crate::Error> {
                match self {
                    $($(#[$cfg])* $provider::$variant => {
                        $crate::Batch::<$module::Event>::from_slice_with_name(name, body)
                            .map(|batch| batch.map($event::$variant))
                    })*
                }
            }
        }

        /// The [name](Self::name) of the provider.
        impl ::std::fmt::Display for $provider {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.name())
            }
        }

        /// Parses the [name](Self::name) of a provider whose feature is enabled.
        impl ::std::str::FromStr for $provider {
            type Err = $crate::ConversionError;

            fn from_str(name: &str) -> Result<Self, $crate::ConversionError> {
                let known = Self::ALL.iter().copied().find(|provider| provider.name() == name);
                known.ok_or($crate::ConversionError::UNKNOWN_PROVIDER)
            }
        }

        /// Serializes the [name](Self::name) of the provider.
        impl $crate::__private::serde::Serialize for $provider {
            fn serialize<S: $crate::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        /// Deserializes the [name](Self::name) of a provider whose feature is enabled.
        impl<'de> $crate::__private::serde::Deserialize<'de> for $provider {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name: ::std::string::String = $crate::__private::serde::Deserialize::deserialize(deserializer)?;
                name.parse().map_err($crate::__private::serde::de::Error::custom)
            }
        }

        impl $event {
            /// Returns the provider of the event.
            pub fn provider(&self) -> $provider {
                match self {
                    $($(#[$cfg])* Self::$variant(_) => $provider::$variant,)*
                }
            }

            /// Returns the JSON name of the event. For an unknown event, it is the name in the payload, if there is one.
            pub fn name(&self) -> Option<&str> {
                match self {
                    $($(#[$cfg])* Self::$variant(event) => event.name(),)*
                }
            }

            /// Returns the payload of an unknown event, or `None` if the event is known.
            pub fn as_unknown(&self) -> Option<&$crate::Unknown> {
                match self {
                    $($(#[$cfg])* Self::$variant(event) => event.as_unknown(),)*
                }
            }

            /// Returns how an accepted event deviates from its schema. The deviations are computed on each call.
            pub fn deviations(&self) -> $crate::Deviations {
                match self {
                    $($(#[$cfg])* Self::$variant(event) => event.deviations(),)*
                }
            }
        }

        #[doc(hidden)]
        impl $crate::__private::Sealed for $event {}

        $crate::__write!($event: one of $($(#[$cfg])* $variant(event),)*);

        $(
            $(#[$cfg])*
            impl From<$module::Event> for $event {
                fn from(event: $module::Event) -> Self {
                    Self::$variant(event)
                }
            }
        )*

        /// The provider and the event of a body, as [`identify`] returns them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub struct Identity {
            /// The provider.
            pub provider: $provider,
            /// The JSON name of the event, or `None` if the event is unknown or the body has several different events.
            pub event: Option<&'static str>,
        }

        /// Returns the provider and the event of a body, or `None` if the body does not identify its provider.
        ///
        /// Only the members that identify events are examined, and nothing is validated. Providers that name the event outside of the
        /// body are never identified.
        pub fn identify(body: &[u8]) -> Option<Identity> {
            static IDENTIFIER: ::std::sync::OnceLock<$crate::__private::Identifier> = ::std::sync::OnceLock::new();
            let infos = || $provider::ALL.iter().map(|provider| provider.info());
            let identifier = IDENTIFIER.get_or_init(|| $crate::__private::Identifier::new(infos()));
            let (place, event) = identifier.identify(body)?;
            Some(Identity { provider: $provider::ALL[place], event })
        }
    };
}
