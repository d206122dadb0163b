//! JSON objects of the wire, read field by field: no field loses the object it stands in.
//!
//! Captures show keys in PascalCase, the documentation in camelCase, envelopes in lower case (PROTOCOL.md 1), so a key is looked for
//! in any case. A key that is told twice counts where both say the same. A field of another form than the wanted one is unknown
//! and kept as it arrived, for whoever shows it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::loose::{self, FromToken};
use crate::domain::RemoteText;
use crate::domain::ticket::OddField;

/// Why JSON text is not what was expected. Says nothing of its content, which may hold a session token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No JSON, or cut in its middle.
    #[error("it is no JSON, or not all of it came")]
    NoJson,
    /// JSON, but no object.
    #[error("it is not an object with named fields")]
    NoObject,
    /// JSON, but no list.
    #[error("it is not a list")]
    NoList,
    /// A field that cannot be done without is absent, or of another form.
    #[error("its {0} is not there, or is not what it should be")]
    Lacks(&'static str),
}

/// A field as it arrived: its key as it was written first, and every value that it was given.
#[derive(Clone, Debug)]
struct Told<'a> {
    key: Cow<'a, str>,
    raw: &'a RawValue,
    /// Values that are written otherwise than the first.
    others: Vec<&'a RawValue>,
}

/// Keys that are found faster one after the other than by an index.
const FEW: usize = 64;

/// The fields of a JSON object, to be taken out one by one.
#[derive(Clone, Debug)]
pub struct Object<'a> {
    fields: Vec<Told<'a>>,
    odd: Vec<OddField>,
}

impl<'a> Object<'a> {
    /// Reads the fields of an object, in the order of arrival.
    ///
    /// # Errors
    /// If the text is no JSON object.
    pub fn read(text: &'a str) -> Result<Self, Unreadable> {
        let mut fields: Vec<Told<'a>> = Vec::new();
        let pairs = pairs(text)?;
        // An object of many keys is not searched from its start for each of them.
        let mut places = (pairs.len() > FEW).then(HashMap::new);
        for (key, raw) in pairs {
            let known = match &mut places {
                Some(places) => match places.entry(key.to_ascii_lowercase()) {
                    Entry::Occupied(place) => fields.get_mut(*place.get()),
                    Entry::Vacant(place) => {
                        place.insert(fields.len());
                        None
                    }
                },
                None => fields.iter_mut().find(|told| told.key.eq_ignore_ascii_case(&key)),
            };
            match known {
                Some(told) if told.raw.get() == raw.get() => {}
                Some(told) => told.others.push(raw),
                None => fields.push(Told { key, raw, others: Vec::new() }),
            }
        }
        Ok(Self { fields, odd: Vec::new() })
    }

    /// True if a field is there, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.told(key).is_some()
    }

    /// Both values of a field that was told twice, in two ways.
    pub fn disputed(&self, key: &str) -> Option<String> {
        let told = self.told(key)?;
        told.others.first().map(|other| format!("{} and {}", told.raw.get(), other.get()))
    }

    /// The value of a field that was told more than once, if all that was told says the same, however it is written.
    pub fn agreed<T>(
        &self,
        key: &str,
        read: impl Fn(&'a RawValue) -> Option<T>,
        is_same: impl Fn(&T, &T) -> bool,
    ) -> Option<T> {
        let told = self.told(key).filter(|told| !told.others.is_empty())?;
        let first = read(told.raw)?;
        let agrees = |raw: &&'a RawValue| read(raw).is_some_and(|other| is_same(&first, &other));
        told.others.iter().all(agrees).then_some(first)
    }

    /// The value of a field as it arrived; `None` if it is absent or null, or was told twice in two ways, which is odd.
    pub fn raw(&mut self, key: &str) -> Option<&'a RawValue> {
        if let Some(both) = self.disputed(key) {
            self.note(key, both);
            return None;
        }
        Some(self.told(key)?.raw).filter(|raw| !loose::is_null(raw))
    }

    /// The value of a field, if it is one of this kind; a field of another form is odd.
    pub fn take<T: FromToken>(&mut self, key: &str) -> Option<T> {
        self.read_field(key, T::from_token)
    }

    /// The value of a field, as `read` reads it; a field that it cannot read is odd.
    pub fn read_field<T>(&mut self, key: &str, read: impl FnOnce(&'a RawValue) -> Option<T>) -> Option<T> {
        let raw = self.raw(key)?;
        let read = read(raw);
        if read.is_none() {
            self.note(key, raw.get().to_owned());
        }
        read
    }

    /// The fields that are none of these, in lower case, and every value that they were given.
    pub fn rest(&self, known: &[&str]) -> impl Iterator<Item = (&str, &'a RawValue)> {
        let is_known = |told: &&Told<'a>| known.iter().any(|known| told.key.eq_ignore_ascii_case(known));
        let rest = self.fields.iter().filter(move |told| !is_known(told));
        rest.flat_map(|told| {
            let values = std::iter::once(told.raw).chain(told.others.iter().copied());
            values.map(|value| (told.key.as_ref(), value))
        })
    }

    /// The fields that were asked for and are of another form than the wanted one.
    pub fn into_odd(self) -> Vec<OddField> {
        self.odd
    }

    /// True if one of the fields that were asked for so far is of another form than the wanted one.
    pub fn is_odd(&self) -> bool {
        !self.odd.is_empty()
    }

    fn told(&self, key: &str) -> Option<&Told<'a>> {
        self.fields.iter().find(|told| told.key.eq_ignore_ascii_case(key))
    }

    fn note(&mut self, key: &str, raw: String) {
        let name = self.told(key).map_or(key, |told| told.key.as_ref());
        self.odd.push(OddField { name: RemoteText::from(name), raw: RemoteText::new(raw) });
    }
}

/// The fields of a JSON object with their raw tokens, in the order of arrival, one told twice twice.
///
/// # Errors
/// If the text is no JSON object.
pub fn pairs(text: &str) -> Result<Vec<(Cow<'_, str>, &RawValue)>, Unreadable> {
    let read = serde_json::from_str::<Pairs<'_>>(text).map(|pairs| pairs.0);
    read.map_err(|error| if error.is_data() { Unreadable::NoObject } else { Unreadable::NoJson })
}

/// The items of a JSON list. Some versions wrap it: an object in which one field alone is a list stands for that list.
///
/// # Errors
/// If the text is no list, and wraps none.
pub fn items(text: &str) -> Result<Vec<&RawValue>, Unreadable> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map_err(|_| Unreadable::NoJson);
    }
    let fields = pairs(text).map_err(|why| if why == Unreadable::NoObject { Unreadable::NoList } else { why })?;
    let mut lists = fields.iter().filter(|(_, raw)| raw.get().starts_with('['));
    match (lists.next(), lists.next()) {
        (Some((_, list)), None) => serde_json::from_str(list.get()).map_err(|_| Unreadable::NoJson),
        _ => Err(Unreadable::NoList),
    }
}

/// The object that has a field of this name: the text itself, the one item of a list, or the one object that an object wraps.
///
/// # Errors
/// If it is none of these.
pub fn one<'a>(text: &'a str, key: &str) -> Result<&'a str, Unreadable> {
    let fields = if text.trim_start().starts_with('[') {
        items(text)?
    } else {
        let fields = pairs(text)?;
        if fields.iter().any(|(name, _)| name.eq_ignore_ascii_case(key)) {
            return Ok(text);
        }
        fields.into_iter().map(|(_, raw)| raw).collect()
    };
    let mut objects = fields.into_iter().filter(|raw| raw.get().starts_with('{'));
    match (objects.next(), objects.next()) {
        (Some(one), None) => Ok(one.get()),
        _ => Ok(text),
    }
}

struct Pairs<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                // A key is read as a token too, since half a letter in it is no error of the fields beside it.
                while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    fields.push((loose::lent(key), value));
                }
                Ok(Pairs(fields))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn odd(object: Object<'_>) -> Vec<(String, String)> {
        object.into_odd().iter().map(|odd| (odd.name.inert(), odd.raw.inert())).collect()
    }

    #[test]
    fn keys_are_read_in_any_case_and_tokens_stay_as_they_are() {
        for text in [
            r#"{"OMSId":1,"Amount":0.0010000000000000000000000000,"Other":[{}]}"#,
            r#"{"omsId":1,"amount":0.0010000000000000000000000000}"#,
        ] {
            let mut object = Object::read(text).unwrap();
            assert_eq!(object.take::<i64>("omsid"), Some(1));
            assert_eq!(object.raw("amount").unwrap().get(), "0.0010000000000000000000000000");
            assert!(!object.is_odd());
        }
    }

    #[test]
    fn a_field_of_another_form_is_unknown_and_kept_and_its_neighbours_are_read() {
        let mut object = Object::read(r#"{"AccountId":7.0,"UpdatedByUser":"","OMSId":"1","Fee":null}"#).unwrap();
        assert_eq!(object.take::<i64>("accountid"), None);
        assert_eq!(object.take::<i64>("updatedbyuser"), None);
        assert_eq!((object.take::<i64>("omsid"), object.take::<i64>("fee")), (Some(1), None));
        assert_eq!(odd(object), [("AccountId".into(), "7.0".into()), ("UpdatedByUser".into(), "\"\"".into())]);
    }

    #[test]
    fn a_key_told_twice_counts_where_both_say_the_same() {
        let mut object = Object::read(r#"{"OMSId":1,"omsid":1,"UserId":2,"USERID":3}"#).unwrap();
        assert_eq!((object.take::<i64>("omsid"), object.take::<i64>("userid")), (Some(1), None));
        assert_eq!(odd(object), [("UserId".into(), "2 and 3".into())]);
    }

    #[test]
    fn among_many_keys_one_told_twice_counts_as_among_few() {
        let many = (0..100_000).map(|at| format!("\"k{at}\":{at}")).collect::<Vec<_>>().join(",");
        let text = format!("{{{many},\"OMSId\":1,\"omsid\":1,\"UserId\":2,\"USERID\":3}}");
        let mut object = Object::read(&text).unwrap();
        assert_eq!((object.take::<i64>("omsid"), object.take::<i64>("userid")), (Some(1), None));
        assert_eq!(odd(object), [("UserId".into(), "2 and 3".into())]);
    }

    #[test]
    fn half_a_letter_in_a_key_loses_no_field() {
        let mut object = Object::read(r#"{"a\ud83d":1,"OMSId":1}"#).unwrap();
        assert_eq!(object.take::<i64>("omsid"), Some(1));
    }

    #[rstest]
    #[case::nothing("", Unreadable::NoJson)]
    #[case::cut(r#"{"a":1"#, Unreadable::NoJson)]
    #[case::more(r#"{"a":1} x"#, Unreadable::NoJson)]
    #[case::list("[]", Unreadable::NoObject)]
    #[case::number("7", Unreadable::NoObject)]
    fn no_object_says_what_it_is_not(#[case] text: &str, #[case] why: Unreadable) {
        assert_eq!(Object::read(text).unwrap_err(), why);
    }

    #[rstest]
    #[case::list("[1,2]", Ok(2))]
    #[case::wrapped(r#"{"Tickets":[1,2],"Total":2}"#, Ok(2))]
    #[case::two_lists(r#"{"a":[1],"b":[2]}"#, Err(Unreadable::NoList))]
    #[case::object(r#"{"a":1}"#, Err(Unreadable::NoList))]
    #[case::words("busy", Err(Unreadable::NoJson))]
    fn a_list_is_read_bare_or_wrapped(#[case] text: &str, #[case] read: Result<usize, Unreadable>) {
        assert_eq!(items(text).map(|items| items.len()), read);
    }
}
