//! The macro `schemas!`, which declares a table of schemas.

/// Declares the schemas of a provider as one table. The schemas refer to each other by name.
///
/// ```text
/// schemas! {
///     USER = [Keyword::Type(Types::OBJECT), properties(&[("name", STRING)])];
///     STRING = [Keyword::Type(Types::STRING)];
/// }
/// ```
///
/// Inside the table, a name is the index of a schema. Outside of the table, it is a
/// [`Validator`](crate::schema::Validator).
#[macro_export]
#[doc(hidden)]
macro_rules! schemas {
    ($($name:ident = $keywords:expr;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Index {
            $($name,)*
        }

        #[allow(dead_code)]
        mod ids {
            $(pub(super) const $name: $crate::__private::schema::Id = super::Index::$name as u32;)*
        }

        $(
            #[allow(dead_code)]
            pub(super) const $name: $crate::__private::schema::Validator<'static> =
                $crate::__private::schema::Validator::of_static(|| &SCHEMAS, ids::$name);
        )*

        static SCHEMAS: $crate::__private::schema::Table<'static> = {
            use self::ids::*;
            $crate::__private::schema::Table::new(&[$($crate::__private::schema::Schema(&$keywords),)*])
        };
    };
}
