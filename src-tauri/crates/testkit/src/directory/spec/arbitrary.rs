//! Random values that fit a schema, for feeding parsers.

use super::shape::{Node, Object, Schemas, Shape, Text};
use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::{Map, Value, json};

/// Objects in objects go no deeper than this. Deeper ones are left out or empty.
const DEEPEST: u32 = 5;

/// Lists are no longer than this.
const LONGEST: usize = 4;

/// Values that fit the schema with this name.
pub(super) fn of(schemas: &Schemas, name: &str) -> Option<BoxedStrategy<Value>> {
    schemas.get(name).map(|node| any_of(schemas, node, DEEPEST))
}

fn any_of(schemas: &Schemas, node: &Node, depth: u32) -> BoxedStrategy<Value> {
    let strategy = match &node.shape {
        Shape::Any => anything(),
        Shape::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Shape::Integer(least, most) => integer(*least, *most),
        Shape::Text(shape) => text(shape),
        Shape::List(each) => {
            let longest = if depth == 0 { 0 } else { LONGEST };
            let items = prop::collection::vec(any_of(schemas, each, depth.saturating_sub(1)), 0..=longest);
            items.prop_map(Value::Array).boxed()
        }
        Shape::Object(shape) => object(schemas, shape, depth),
        Shape::Same(name) => match schemas.get(name) {
            Some(node) => any_of(schemas, node, depth),
            None => anything(),
        },
        Shape::OneOf(options) => Union::new(options.iter().map(|option| any_of(schemas, option, depth))).boxed(),
    };
    if node.nullable { prop_oneof![1 => Just(Value::Null), 5 => strategy].boxed() } else { strategy }
}

/// Members that may be missing sometimes are. All of the deepest ones are that may be.
fn object(schemas: &Schemas, shape: &Object, depth: u32) -> BoxedStrategy<Value> {
    let required = |name: &String| shape.required.contains(name);
    let members: Vec<BoxedStrategy<Option<(String, Value)>>> = shape
        .members
        .iter()
        .filter(|(name, _)| depth > 0 || required(name))
        .map(|(name, node)| {
            let (name, here) = (name.clone(), if required(name) { 1.0 } else { 0.6 });
            let value = any_of(schemas, node, depth.saturating_sub(1));
            (prop::bool::weighted(here), value)
                .prop_map(move |(here, value)| here.then(|| (name.clone(), value)))
                .boxed()
        })
        .collect();
    let others = match &shape.others {
        Some(node) if depth > 0 => {
            prop::collection::btree_map("[a-z]{1,8}", any_of(schemas, node, depth - 1), 0..=2).boxed()
        }
        _ => Just(Default::default()).boxed(),
    };
    (members, others)
        .prop_map(|(members, others)| {
            Value::Object(others.into_iter().chain(members.into_iter().flatten()).collect::<Map<_, _>>())
        })
        .boxed()
}

fn integer(least: i64, most: i64) -> BoxedStrategy<Value> {
    let numbers = least.max(i64::from(i32::MIN))..=most.min(i64::from(i32::MAX));
    prop_oneof![4 => numbers, 1 => Just(least), 1 => Just(most)].prop_map(|number| json!(number)).boxed()
}

fn anything() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(|number| json!(number)),
        "\\PC{0,6}".prop_map(Value::String),
        Just(json!([])),
        Just(json!([{"value": "x", "primary": true}])),
        Just(json!({"value": [1, "x", null]})),
    ]
    .boxed()
}

fn text(shape: &Text) -> BoxedStrategy<Value> {
    if !shape.one_of.is_empty() {
        return prop::sample::select(shape.one_of.clone()).prop_map(Value::String).boxed();
    }
    let text = match shape.format.as_deref() {
        Some("date-time") => date_time(),
        Some("uuid") => any::<u128>().prop_map(|id| uuid::Uuid::from_u128(id).to_string()).boxed(),
        Some("int64") => prop_oneof![any::<i64>(), -9..9_i64].prop_map(|number| number.to_string()).boxed(),
        Some("time") => "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,7})?".boxed(),
        Some("base64url") => "[A-Za-z0-9_-]{0,16}".boxed(),
        _ => prop_oneof![
            Just(String::new()),
            Just("HubSpot".to_owned()),
            "[ -~]{1,20}",
            "\\PC{1,12}",
            // What a careless program takes for something else.
            prop::sample::select(vec!["null", "0", "true", "\u{202e}topSbuH", "a\u{0}b", "'; --", "=1+1"])
                .prop_map(str::to_owned),
        ]
        .boxed(),
    };
    text.prop_map(Value::String).boxed()
}

/// With and without parts of a second, in UTC and elsewhere, in years that both services' users may see.
fn date_time() -> BoxedStrategy<String> {
    let offset = prop::sample::select(vec!["Z", "+09:00", "-03:30"]);
    let parts =
        (1970..2100_i32, 1..=12_i32, 1..=28_i32, 0..=23_i32, 0..=59_i32, 0..=59_i32, "(\\.[0-9]{1,7})?", offset);
    parts
        .prop_map(|(year, month, day, hour, minute, second, part, offset)| {
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{part}{offset}")
        })
        .boxed()
}
