//! Numbers of JSON text.

use serde_json::Number;

use super::Parser;
use crate::read::{Mismatch, Result};

impl<'t> Parser<'t> {
    /// Consumes the characters of a number, and returns them.
    fn digits(&mut self) -> Result<&'t str> {
        self.peek()?;
        let start = self.at;
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        self.at += self.rest().iter().take_while(|byte| is_part(byte)).count();
        self.text.get(start..self.at).filter(|text| !text.is_empty()).ok_or(Mismatch)
    }

    /// Consumes an integer of at most 18 digits. Consumes nothing and returns `None` if the number is written in
    /// another way.
    #[inline]
    pub(in crate::read) fn small_integer(&mut self) -> Result<Option<i64>> {
        self.peek()?;
        let rest = self.rest();
        let negative = rest.first() == Some(&b'-');
        let digits = &rest[usize::from(negative)..];
        let mut value: i64 = 0;
        let mut count = 0;
        while let Some(digit @ b'0'..=b'9') = digits.get(count) {
            // 18 digits never overflow an `i64`.
            if count == 18 {
                return Ok(None);
            }
            value = value * 10 + i64::from(digit - b'0');
            count += 1;
        }
        let is_plain = match (count, digits.first()) {
            (0, _) => false,
            // `01` is not a number of JSON, and an integer cannot keep the sign of `-0`.
            (_, Some(b'0')) => count == 1 && !negative,
            _ => true,
        };
        if !is_plain || matches!(digits.get(count), Some(b'.' | b'e' | b'E' | b'+' | b'-')) {
            return Ok(None);
        }
        self.at += count + usize::from(negative);
        Ok(Some(if negative { -value } else { value }))
    }

    /// Consumes a number.
    pub fn number(&mut self) -> Result<Number> {
        match self.small_integer()? {
            Some(integer) => Ok(integer.into()),
            None => crate::number::from_text(self.digits()?).ok_or(Mismatch),
        }
    }
}
