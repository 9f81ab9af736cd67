//! Schemas, read once into a form that is quick to check against. Both dialects end up in the same one: Google's
//! discovery documents (JSON Schema draft 3 with names for references) and OpenAPI 3.0.

use regex::Regex;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a value may be.
#[derive(Debug)]
pub(super) enum Shape {
    Any,
    Bool,
    Text(Text),
    /// Inclusive limits.
    Integer(i64, i64),
    List(Box<Node>),
    Object(Object),
    /// Another schema's name.
    Same(String),
    OneOf(Vec<Node>),
}

/// Texts.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) format: Option<String>,
    /// Fits the whole text.
    pub(super) pattern: Option<Regex>,
    pub(super) one_of: Vec<String>,
}

/// Objects.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub(super) members: BTreeMap<String, Node>,
    /// For members with any other name.
    pub(super) others: Option<Box<Node>>,
    pub(super) required: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) shape: Shape,
    pub(super) nullable: bool,
}

/// Schemas by their names.
pub(super) type Schemas = BTreeMap<String, Node>;

/// Members that a service sends though its schema calls them something else: Graph's errors have `innerError`, not
/// `innererror` (<https://learn.microsoft.com/graph/errors>).
const ALSO: [(&str, &str); 1] = [("innererror", "innerError")];

/// Reads schemas that may name each other.
pub(super) fn read(all: &Map<String, Value>) -> Schemas {
    all.iter().map(|(name, schema)| (name.clone(), node(schema, all))).collect()
}

fn text<'a>(schema: &'a Value, key: &str) -> Option<&'a str> {
    schema.get(key).and_then(Value::as_str)
}

fn name_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// Reads one schema; `all` are those that it may name.
pub(super) fn node(schema: &Value, all: &Map<String, Value>) -> Node {
    let nullable = schema.get("nullable").and_then(Value::as_bool).unwrap_or(false);
    Node { shape: shape(schema, all), nullable }
}

fn shape(schema: &Value, all: &Map<String, Value>) -> Shape {
    if let Some(reference) = text(schema, "$ref") {
        return Shape::Same(name_of(reference).to_owned());
    }
    if let Some(options) = schema.get("anyOf").and_then(Value::as_array) {
        return Shape::OneOf(options.iter().map(|option| node(option, all)).collect());
    }
    if schema.get("allOf").is_some() {
        let mut object = Object::default();
        gather(schema, all, &mut object);
        return Shape::Object(object);
    }
    match text(schema, "type") {
        Some("boolean") => Shape::Bool,
        Some("integer") => Shape::Integer(limit(schema, "minimum", i64::MIN), limit(schema, "maximum", i64::MAX)),
        Some("string") => Shape::Text(text_shape(schema)),
        Some("array") => Shape::List(Box::new(
            schema.get("items").map_or(Node { shape: Shape::Any, nullable: true }, |items| node(items, all)),
        )),
        Some("object") => {
            let mut object = Object::default();
            gather(schema, all, &mut object);
            Shape::Object(object)
        }
        _ => Shape::Any,
    }
}

/// Google writes limits as texts.
fn limit(schema: &Value, key: &str, otherwise: i64) -> i64 {
    let limit = schema.get(key);
    limit.and_then(|limit| limit.as_i64().or_else(|| limit.as_str()?.parse().ok())).unwrap_or(otherwise)
}

#[expect(clippy::expect_used, reason = "a specification's own pattern")]
fn text_shape(schema: &Value) -> Text {
    let pattern = text(schema, "pattern").map(|pattern| Regex::new(&format!("^(?:{pattern})$")).expect("a pattern"));
    let one_of = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    Text {
        format: text(schema, "format").map(str::to_owned),
        pattern,
        one_of: one_of.filter_map(Value::as_str).map(str::to_owned).collect(),
    }
}

/// Everything that an object's schema and those it is made of say.
fn gather(schema: &Value, all: &Map<String, Value>, object: &mut Object) {
    if let Some(named) = text(schema, "$ref").and_then(|reference| all.get(name_of(reference))) {
        gather(named, all, object);
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        gather(part, all, object);
    }
    for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        object.members.insert(name.clone(), node(member, all));
        for (_, also) in ALSO.iter().filter(|(is, _)| is == name) {
            object.members.insert((*also).to_owned(), Node { shape: Shape::Any, nullable: true });
        }
    }
    if let Some(others) = schema.get("additionalProperties").filter(|others| others.is_object()) {
        object.others = Some(Box::new(node(others, all)));
    }
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    // The description asks for a type's name everywhere; the service only sends it where there is a choice of types.
    let required = required.filter_map(Value::as_str).filter(|name| *name != "@odata.type");
    object.required.extend(required.map(str::to_owned));
}
