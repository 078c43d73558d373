//! Fingerprints of values: hashes that tell values apart without building them.

use std::hash::Hasher;

use serde_json::Value;

use super::super::{Mismatch, Result};
use super::{Parser, Position};
use crate::instance::first_repeat;
use crate::mix::Mixer;
use crate::number;

impl Parser<'_> {
    /// Checks that no two items of the array between `start` and the current position are equal as JSON.
    ///
    /// Items with different fingerprints are different. Only if two fingerprints are equal, the array is parsed into a
    /// `Value`, and its items are compared.
    pub(in crate::read) fn check_distinct(&mut self, start: Position) -> Result<()> {
        self.rewind(start);
        let mut prints = Vec::new();
        self.each_item(|parser, _| parser.fingerprint().map(|print| prints.push(print)))?;
        // Sorting puts equal fingerprints next to each other.
        prints.sort_unstable();
        if prints.windows(2).all(|pair| pair[0] != pair[1]) {
            return Ok(());
        }
        // A sender can choose items that differ and have one fingerprint, so a collision decides nothing.
        self.rewind(start);
        match self.value()? {
            Value::Array(items) if first_repeat(&items).is_none() => Ok(()),
            _ => Err(Mismatch),
        }
    }

    /// Consumes a value. Equal values have the same fingerprint: `1` and `1.0`, a string with and without escapes, an object with
    /// its members in another order.
    fn fingerprint(&mut self) -> Result<u64> {
        // The first number distinguishes types: otherwise, an array with one item could have the fingerprint of the
        // item.
        let mut print = Mixer::default();
        match self.peek()? {
            b'"' => {
                print.write_u64(1);
                print.write(self.string()?.as_bytes());
            }
            b'{' => {
                print.write_u64(2);
                let mut members = 0_u64;
                self.each_member(|parser, name| {
                    let mut member = Mixer::default();
                    member.write(name.as_bytes());
                    member.write_u64(parser.fingerprint()?);
                    // A sum does not depend on the order.
                    members = members.wrapping_add(member.finish());
                    Ok(())
                })?;
                print.write_u64(members);
            }
            b'[' => {
                print.write_u64(3);
                self.each_item(|parser, _| parser.fingerprint().map(|item| print.write_u64(item)))?;
            }
            b't' | b'f' => print.write_u64(4 + u64::from(self.boolean()?)),
            b'n' => {
                self.null()?;
                print.write_u64(6);
            }
            _ => {
                print.write_u64(7);
                number::hash(&self.number()?, &mut print);
            }
        }
        Ok(print.finish())
    }
}
