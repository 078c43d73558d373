//! The macro `dispatch!`, which declares how a payload's event is identified.

/// Declares how the events of a provider are identified.
///
/// ```text
/// dispatch! {
///     DISPATCH {
///         events: super::EVENTS,
///         named: false,
///         discriminator_paths: [["details", "type"], ["id"], ["kind"]],
///         provider_paths: [["source"]],
///         provider: [[string(["source"], "vendor")]],
///         event_name_paths: [["details", "type"]],
///         discriminator: "type" { "login" => certain("admin_login") | likely("login"), "logout" => ambiguous },
///         fallback: ["scan"],
///     }
///     "login" => [string(["details", "type"], "login")],
///     "scan" => [present(["id"]), has_type(["kind"], Types::STRING), equals(["kind"], Literal::Null)],
/// }
/// ```
///
/// The head has the name of the static, the constant with the facts about each event, and the fields of
/// [`Dispatch`](crate::__private::Dispatch), with paths and event names instead of indices. A line for each event, in
/// order of precedence, has the conditions that must all hold: `string` and `equals` (the member is one of these
/// values), `present`, `absent`, and `has_type`.
#[macro_export]
#[doc(hidden)]
macro_rules! dispatch {
    (
        $name:ident {
            events: $events:path,
            named: $named:literal,
            discriminator_paths: [$([$($path:literal),*]),* $(,)?],
            provider_paths: [$([$($provider_path:literal),*]),* $(,)?],
            provider: [$([$($provider_kind:ident($($provider_condition:tt)*)),* $(,)?]),* $(,)?],
            event_name_paths: [$([$($event_name_path:literal),*]),* $(,)?],
            $(discriminator: $member:literal { $($value:literal => $($guess:ident $(($guessed:literal))?)|+),* $(,)? },)?
            fallback: [$($fallback:literal),* $(,)?]
            $(,)?
        }
        $($event:literal => [$($kind:ident($($condition:tt)*)),* $(,)?],)*
    ) => {
        #[allow(dead_code)]
        const INDEX: $crate::__private::Events = $crate::__private::Events($events);
        const PATHS: $crate::__private::Paths = $crate::__private::Paths(&[$(&[$($path),*]),*]);
        #[allow(dead_code)]
        const PROVIDER_PATHS: $crate::__private::Paths = $crate::__private::Paths(&[$(&[$($provider_path),*]),*]);

        pub(super) static $name: $crate::__private::Dispatch = $crate::__private::Dispatch {
            named: $named,
            discriminator_paths: PATHS,
            provider_paths: PROVIDER_PATHS,
            matchers: &[$(
                $crate::__private::EventMatcher::new(
                    INDEX.index_of($event),
                    &[$($crate::__condition!(PATHS $kind $($condition)*)),*],
                ),
            )*],
            provider: &[$(&[$($crate::__condition!(PROVIDER_PATHS $provider_kind $($provider_condition)*)),*]),*],
            event_name_paths: &[$(PATHS.index_of(&[$($event_name_path),*])),*],
            discriminator: $crate::__first!(
                $((Some($crate::__private::Discriminator::new(
                    concat!("\"", $member, "\""),
                    &[$(($value, &[$($crate::__private::Guess::$guess($(INDEX.index_of($guessed))?)),+])),*],
                ))))?
                (None)
            ),
            finders: $crate::__private::MemberFinders::new(),
            fallback: &[$(INDEX.index_of($fallback)),*],
        };
    };
}

/// A condition of `dispatch!`, as an expression.
#[macro_export]
#[doc(hidden)]
macro_rules! __condition {
    ($paths:ident string [$($path:literal),*] $(, $text:literal)*) => {
        $crate::__condition!($paths equals [$($path),*] $(, $crate::__private::Literal::String($text))*)
    };
    ($paths:ident equals [$($path:literal),*] $(, $literal:expr)*) => {
        $crate::__private::Condition::Equals($paths.index_of(&[$($path),*]), &[$($literal),*])
    };
    ($paths:ident present [$($path:literal),*]) => {
        $crate::__private::Condition::Present($paths.index_of(&[$($path),*]))
    };
    ($paths:ident absent [$($path:literal),*]) => {
        $crate::__private::Condition::Absent($paths.index_of(&[$($path),*]))
    };
    ($paths:ident has_type [$($path:literal),*], $types:expr) => {
        $crate::__private::Condition::HasType($paths.index_of(&[$($path),*]), $types)
    };
}

/// Expands to the first of several expressions in parentheses.
#[macro_export]
#[doc(hidden)]
macro_rules! __first {
    (($first:expr) $(($other:expr))*) => {
        $first
    };
}
