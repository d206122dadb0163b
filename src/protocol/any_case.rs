//! Reads JSON objects without regard to the case of their keys.
//!
//! Captures show PascalCase, the documentation camelCase, envelopes lower case (PROTOCOL.md 1). Types of the wire name
//! their keys in lower case and are read through [`from_str`]; two spellings of one key in one object are refused.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};

/// Reads `T` from JSON text; the keys of the outermost object may be of any case.
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(AnyCase(&mut json))?;
    json.end()?;
    Ok(value)
}

struct AnyCase<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for AnyCase<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        // As a map, because a struct may also be read from an array, which no reply of ours is.
        self.0.deserialize_map(LowerKeys(visitor))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct LowerKeys<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for LowerKeys<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(LowerKeysMap(map))
    }
}

struct LowerKeysMap<A>(A);

impl<'de, A: MapAccess<'de>> MapAccess<'de> for LowerKeysMap<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(Key(key)) = self.0.next_key::<Key<'de>>()? else { return Ok(None) };
        let lower =
            if key.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(key.to_ascii_lowercase()) } else { key };
        seed.deserialize(lower.into_deserializer()).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(seed)
    }
}

/// A key, borrowed where it has no escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E: de::Error>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::RawValue;

    #[derive(serde::Deserialize)]
    struct Sample<'a> {
        omsid: i64,
        #[serde(borrow)]
        amount: &'a RawValue,
    }

    #[test]
    fn keys_are_read_in_any_case_and_tokens_stay_as_they_are() {
        for text in [
            r#"{"OMSId":1,"Amount":0.0010000000000000000000000000,"Other":[{}]}"#,
            r#"{"omsId":1,"amount":0.0010000000000000000000000000}"#,
        ] {
            let sample: Sample<'_> = from_str(text).unwrap();
            assert_eq!((sample.omsid, sample.amount.get()), (1, "0.0010000000000000000000000000"));
        }
    }

    #[test]
    fn two_spellings_of_one_key_are_refused() {
        assert!(from_str::<Sample<'_>>(r#"{"OMSId":1,"omsid":2,"amount":1}"#).is_err());
    }

    #[test]
    fn trailing_text_is_refused() {
        assert!(from_str::<Sample<'_>>(r#"{"omsid":1,"amount":1} x"#).is_err());
    }
}
