//! Enums whose variants have texts.

/// Declares an enum with the text of each variant, which `as_str` and `Display` return.
macro_rules! named_variants {
    ($(#[$attribute:meta])* pub enum $name:ident {
        $($(#[$docs:meta])* $variant:ident $({ $($fields:tt)* })? = $text:literal,)*
    }) => {
        $(#[$attribute])*
        pub enum $name {
            $($(#[$docs])* $variant $({ $($fields)* })?,)*
        }

        impl $name {
            /// Returns the text form, which is stable across versions: lowercase words separated by hyphens.
            pub fn as_str(&self) -> &'static str {
                match self {
                    $($name::$variant { .. } => $text,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
