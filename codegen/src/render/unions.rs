//! Reading and writing values of several types, and sets of constants.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::readers::{reader, rule};
use super::tables::literal;
use crate::json::Json;
use crate::plan::{Arm, JsonType, Reader, Ty, Union};
use crate::refine::own_default;
use crate::tables::Tables;

/// `read::Union`, `Serialize` and `Default` for a union.
pub(crate) fn union(tables: &Tables<'_>, name: &Ident, own_rule: &TokenStream, union: &Union) -> TokenStream {
    let expected = &union.expected;
    let variant = |index: usize| format_ident!("{}", union.variants[index].name);
    let functions = union.arms.iter().map(|(class, arm)| {
        let function = match class {
            JsonType::Null => {
                // Null reaches a union only as part of what is kept as it comes.
                let Arm::One(index) = arm else { return TokenStream::new() };
                let variant = variant(*index);
                return quote! {
                    fn null<E: webhook_runtime::serde::de::Error>() -> Result<Self, E> {
                        read::by(read::plain(), webhook_runtime::serde::de::value::UnitDeserializer::new()).map(Self::#variant)
                    }
                };
            }
            JsonType::Boolean => format_ident!("boolean"),
            JsonType::Number => format_ident!("number"),
            JsonType::String => format_ident!("string"),
            JsonType::Array => format_ident!("array"),
            JsonType::Object => format_ident!("object"),
        };
        let body = match arm {
            Arm::One(index) => {
                let (variant, value) = (variant(*index), &union.variants[*index].value);
                let reader = reader(tables, &value.reader);
                quote!(read::by(#reader, deserializer).map(Self::#variant))
            }
            Arm::Tagged(..) => quote!(read::tagged(deserializer)),
            Arm::Choice(choices) => {
                let choices = choices.iter().map(|(node, index)| {
                    let (rule, variant) = (rule(tables, *node), variant(*index));
                    let make = match &union.variants[*index].value.reader {
                        Reader::Plain => quote!(read::from_value(value)),
                        other => {
                            let reader = reader(tables, other);
                            quote!(read::by(#reader, value))
                        }
                    };
                    quote!((#rule, |value| #make.map(Self::#variant)))
                });
                quote!(read::choose(deserializer, #own_rule, &[#(#choices),*]))
            }
        };
        quote! {
            fn #function<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #body
            }
        }
    });
    let written = (0..union.variants.len()).map(|index| {
        let variant = variant(index);
        quote!(Self::#variant(value) => value.serialize(serializer),)
    });
    let default = union.variants.first().map(|first| {
        let (variant, value) = (variant(0), own_default(&first.value.ty).unwrap_or_else(|| quote!(Default::default())));
        quote!(Self::#variant(#value))
    });
    let from = conversions(name, union);
    let tagged = union.arms.iter().find_map(|(_, arm)| match arm {
        Arm::Tagged(tag, values) => Some(self::tagged(tables, name, union, (tag, values))),
        _ => None,
    });
    quote! {
        impl<'de> read::Union<'de> for #name {
            const EXPECTED: &'static str = #expected;

            #(#functions)*
        }

        #tagged

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#written)*
                }
            }
        }

        impl Default for #name {
            fn default() -> Self {
                #default
            }
        }

        #from
    }
}

/// `read::Tagged` for a union of objects.
fn tagged(
    tables: &Tables<'_>,
    name: &Ident,
    union: &Union,
    (tag, values): (&str, &[(Vec<String>, usize)]),
) -> TokenStream {
    let arms = values.iter().map(|(strings, index)| {
        let variant = format_ident!("{}", union.variants[*index].name);
        let reader = reader(tables, &union.variants[*index].value.reader);
        quote!(#(#strings)|* => read::by(#reader, deserializer).map(Self::#variant),)
    });
    quote! {
        impl<'de> read::Tagged<'de> for #name {
            const TAG: &'static str = #tag;

            fn tagged<D: Deserializer<'de>>(tag: &str, deserializer: D) -> Result<Self, D::Error> {
                match tag {
                    #(#arms)*
                    _ => read::unknown_tag(Self::TAG, tag),
                }
            }
        }
    }
}

/// `From` for the variants that are told by their strings, which are what users write most.
fn conversions(name: &Ident, union: &Union) -> TokenStream {
    let texts: Vec<_> = union.variants.iter().filter(|variant| variant.value.ty == Ty::String).collect();
    match texts.as_slice() {
        [only] if only.value.reader == Reader::Plain => {
            let variant = format_ident!("{}", only.name);
            quote! {
                impl From<&str> for #name {
                    fn from(text: &str) -> Self {
                        Self::#variant(text.into())
                    }
                }
            }
        }
        _ => TokenStream::new(),
    }
}

/// `read::Names`, `Serialize` and `Display` for a set of strings.
pub(crate) fn names(name: &Ident, values: &[(String, String)], open: bool) -> TokenStream {
    let pairs = values.iter().map(|(json, variant)| {
        let variant = format_ident!("{variant}");
        quote!((#json, Self::#variant))
    });
    let arms = values.iter().map(|(json, variant)| {
        let variant = format_ident!("{variant}");
        quote!(Self::#variant => #json,)
    });
    let (other, other_arm, receiver, returned) = match open {
        true => (
            Some(quote! {
                fn other(text: &str) -> Option<Self> {
                    Some(Self::Other(text.into()))
                }
            }),
            Some(quote!(Self::Other(text) => text,)),
            quote!(&self),
            quote!(&str),
        ),
        false => (None, None, quote!(self), quote!(&'static str)),
    };
    quote! {
        impl #name {
            /// The string, as JSON has it.
            pub fn as_str(#receiver) -> #returned {
                match self {
                    #(#arms)*
                    #other_arm
                }
            }
        }

        impl read::Names for #name {
            const ALL: &'static [(&'static str, Self)] = &[#(#pairs),*];

            #other
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl std::fmt::Display for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    }
}

/// `read::Literals` and `Serialize` for a set of constants.
pub(crate) fn literals(name: &Ident, values: &[(Json, String)]) -> TokenStream {
    let pairs = values.iter().map(|(json, variant)| {
        let (literal, variant) = (literal(json), format_ident!("{variant}"));
        quote!((#literal, Self::#variant))
    });
    quote! {
        impl read::Literals for #name {
            const ALL: &'static [(Literal<'static>, Self)] = &[#(#pairs),*];
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                write::literal(self, serializer)
            }
        }
    }
}
