//! Holding values against schemas.

use super::shape::{Node, Object, Schemas, Shape, Text};
use crate::directory::mask::Mask;
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

/// A check against schemas that may name each other.
#[derive(Clone, Copy)]
pub(super) struct Check<'a> {
    pub(super) schemas: &'a Schemas,
    /// How many things at the front of each list are looked at, besides the last one.
    pub(super) some: usize,
}

fn wrong(at: &str, what: &str) -> String {
    let at = if at.is_empty() { "the body" } else { at };
    format!("{at} {what}")
}

impl Check<'_> {
    /// Whether a value, which stands at some place in a body, is what a schema says.
    pub(super) fn value(self, node: &Node, value: &Value, at: &str) -> Result<(), String> {
        if value.is_null() && node.nullable {
            return Ok(());
        }
        match &node.shape {
            Shape::Any => Ok(()),
            Shape::Same(name) => match self.schemas.get(name) {
                Some(node) => self.value(node, value, at),
                None => Err(wrong(at, &format!("has a schema that is missing: {name}"))),
            },
            Shape::OneOf(options) => self.one_of(options, value, at),
            Shape::Bool if value.is_boolean() => Ok(()),
            Shape::Bool => Err(wrong(at, "is neither true nor false")),
            Shape::Integer(least, most) => match value.as_i64() {
                Some(number) if (*least..=*most).contains(&number) => Ok(()),
                Some(_) => Err(wrong(at, "is outside of its limits")),
                None => Err(wrong(at, "is no whole number")),
            },
            Shape::Text(shape) => match value.as_str() {
                Some(text) => plain(shape, text).map_err(|what| wrong(at, &what)),
                None => Err(wrong(at, "is no text")),
            },
            Shape::List(each) => match value.as_array() {
                Some(items) => self.list(each, items, at),
                None => Err(wrong(at, "is no list")),
            },
            Shape::Object(shape) => match value.as_object() {
                Some(members) => self.object(shape, members, at),
                None => Err(wrong(at, "is no object")),
            },
        }
    }

    fn one_of(self, options: &[Node], value: &Value, at: &str) -> Result<(), String> {
        let mut first = Ok(());
        for option in options {
            let checked = self.value(option, value, at);
            if checked.is_ok() {
                return checked;
            }
            first = first.and(checked);
        }
        first
    }

    fn list(self, each: &Node, items: &[Value], at: &str) -> Result<(), String> {
        let last = items.len().saturating_sub(1);
        let looked_at = items.iter().enumerate().filter(|(number, _)| *number < self.some || *number == last);
        for (_, item) in looked_at {
            self.value(each, item, &format!("{at}[]"))?;
        }
        Ok(())
    }

    fn object(self, shape: &Object, members: &Map<String, Value>, at: &str) -> Result<(), String> {
        if let Some(name) = shape.required.iter().find(|name| !members.contains_key(*name)) {
            return Err(wrong(at, &format!("lacks {name}")));
        }
        for (name, value) in members {
            let place = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
            match shape.members.get(name).or(shape.others.as_deref()) {
                Some(node) => self.value(node, value, &place)?,
                // Annotations may stand everywhere (OData JSON 4.01, section 4.6).
                None if name.contains("@odata.") => {}
                None => return Err(wrong(&place, "is not in the schema")),
            }
        }
        Ok(())
    }

    /// Whether a selection names members that there are.
    pub(super) fn mask(self, node: &Node, mask: &Mask) -> Result<(), String> {
        match &node.shape {
            Shape::Same(name) => self.schemas.get(name).map_or(Ok(()), |node| self.mask(node, mask)),
            Shape::List(each) => self.mask(each, mask),
            Shape::Object(object) => mask.0.iter().filter(|(name, _)| *name != "*").try_for_each(|(name, inner)| {
                let member = object.members.get(name).or(object.others.as_deref());
                member.map_or_else(
                    || Err(format!("fields names {name}, which there is not")),
                    |node| self.mask(node, inner),
                )
            }),
            Shape::Any | Shape::OneOf(_) => Ok(()),
            Shape::Bool | Shape::Integer(..) | Shape::Text(_) if mask.0.is_empty() => Ok(()),
            Shape::Bool | Shape::Integer(..) | Shape::Text(_) => Err("fields goes into a plain value".to_owned()),
        }
    }
}

/// Whether a text, in a body or a parameter, is what its schema says.
pub(super) fn plain(shape: &Text, text: &str) -> Result<(), String> {
    if !shape.one_of.is_empty() && !shape.one_of.iter().any(|one| one == text) {
        return Err(format!("is none of its values: {text}"));
    }
    if shape.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text)) {
        return Err("doesn't fit its pattern".to_owned());
    }
    let fits = match shape.format.as_deref() {
        Some("date-time") => text.parse::<Timestamp>().is_ok(),
        Some("uuid") => Uuid::try_parse(text).is_ok(),
        Some("int64") => text.parse::<i64>().is_ok(),
        _ => true,
    };
    if fits { Ok(()) } else { Err(format!("is no {}", shape.format.as_deref().unwrap_or_default())) }
}
