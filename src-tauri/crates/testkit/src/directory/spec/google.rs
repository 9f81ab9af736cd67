//! Google's discovery documents.

use super::check::{Check, plain};
use super::fits;
use super::shape::{self, Node, Schemas, Shape};
use crate::directory::call::segments;
use crate::directory::mask::Mask;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The methods and schemas of some documents.
#[derive(Debug)]
pub(super) struct Google {
    methods: Vec<Method>,
    pub(super) schemas: Schemas,
    /// No document describes errors: `{error: {code, message, errors: [{domain, reason, message}]}}`
    /// (<https://developers.google.com/workspace/admin/directory/v1/limits>, and the answers themselves).
    error: Node,
}

#[derive(Debug)]
struct Method {
    http: String,
    /// From the root, with a slash in front.
    path: String,
    parameters: BTreeMap<String, Parameter>,
    request: Option<String>,
    response: Option<String>,
}

#[derive(Debug)]
struct Parameter {
    node: Node,
    in_path: bool,
    required: bool,
    repeated: bool,
}

impl Google {
    pub(super) fn new(documents: &[&Value]) -> Self {
        let mut google =
            Self { methods: Vec::new(), schemas: Schemas::new(), error: shape::node(&error(), &Map::new()) };
        for document in documents {
            let globals = document.get("parameters").and_then(Value::as_object).cloned().unwrap_or_default();
            google.add(document, &globals);
            let schemas = document.get("schemas").and_then(Value::as_object).cloned().unwrap_or_default();
            google.schemas.extend(shape::read(&schemas));
        }
        google
    }

    /// The methods of a resource and of the resources in it.
    fn add(&mut self, resource: &Value, globals: &Map<String, Value>) {
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let named = |value: Option<&Value>| value.map(|value| text(value, "$ref"));
        for method in resource.get("methods").and_then(Value::as_object).into_iter().flat_map(Map::values) {
            let own = method.get("parameters").and_then(Value::as_object).into_iter().flatten();
            let parameters = globals.iter().chain(own).map(|(name, schema)| (name.clone(), Parameter::new(schema)));
            self.methods.push(Method {
                http: text(method, "httpMethod"),
                path: format!("/{}", text(method, "path")),
                parameters: parameters.collect(),
                request: named(method.get("request")),
                response: named(method.get("response")),
            });
        }
        for inner in resource.get("resources").and_then(Value::as_object).into_iter().flat_map(Map::values) {
            self.add(inner, globals);
        }
    }

    fn method(&self, http: &str, path: &str) -> Result<&Method, String> {
        let found = self.methods.iter().find(|method| method.http == http && fits(&method.path, path));
        found.ok_or_else(|| "no document has this method and path".to_owned())
    }

    fn check(&self, some: usize) -> Check<'_> {
        Check { schemas: &self.schemas, some }
    }

    pub(super) fn check_request(
        &self,
        http: &str,
        path: &str,
        query: &str,
        body: Option<&Value>,
    ) -> Result<(), String> {
        let method = self.method(http, path)?;
        let mut given: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if let Some((name, _)) =
            given.iter().find(|(name, _)| method.parameters.get(name).is_none_or(|known| known.in_path))
        {
            return Err(format!("the parameter {name} is not known"));
        }
        let template = segments(&method.path);
        let in_path = template
            .iter()
            .zip(segments(path))
            .filter_map(|(name, value)| Some((name.strip_prefix('{')?.strip_suffix('}')?.to_owned(), value)));
        given.extend(in_path);
        for (name, parameter) in &method.parameters {
            let values: Vec<&str> =
                given.iter().filter(|(is, _)| is == name).map(|(_, value)| value.as_str()).collect();
            parameter.check(&values).map_err(|what| format!("the parameter {name} {what}"))?;
        }
        if let Some((_, fields)) = given.iter().find(|(name, _)| name == "fields") {
            let mask = Mask::parse(fields).ok_or("fields is no selection")?;
            let schema = method.response.as_ref().and_then(|name| self.schemas.get(name));
            schema.map_or(Ok(()), |schema| self.check(0).mask(schema, &mask))?;
        }
        self.check_body(method.request.as_ref(), body, usize::MAX)
    }

    pub(super) fn check_answer(
        &self,
        http: &str,
        path: &str,
        status: u16,
        body: Option<&Value>,
        some: usize,
    ) -> Result<(), String> {
        if !(200..300).contains(&status) {
            let body = body.ok_or("an error has no body")?;
            return self.check(some).value(&self.error, body, "");
        }
        self.check_body(self.method(http, path)?.response.as_ref(), body, some)
    }

    fn check_body(&self, schema: Option<&String>, body: Option<&Value>, some: usize) -> Result<(), String> {
        match (schema, body) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err("there is a body where there should be none".to_owned()),
            (Some(_), None) => Err("there is no body".to_owned()),
            (Some(name), Some(body)) => {
                self.check(some).value(&Node { shape: Shape::Same(name.clone()), nullable: false }, body, "")
            }
        }
    }
}

impl Parameter {
    fn new(schema: &Value) -> Self {
        let is = |key: &str| schema.get(key).and_then(Value::as_bool).unwrap_or(false);
        Self {
            node: shape::node(schema, &Map::new()),
            in_path: schema.get("location").and_then(Value::as_str) == Some("path"),
            required: is("required"),
            repeated: is("repeated"),
        }
    }

    fn check(&self, values: &[&str]) -> Result<(), String> {
        if values.is_empty() && self.required {
            return Err("is missing".to_owned());
        }
        if values.len() > 1 && !self.repeated {
            return Err("is there more than once".to_owned());
        }
        values.iter().try_for_each(|value| self.check_one(value))
    }

    fn check_one(&self, value: &str) -> Result<(), String> {
        match &self.node.shape {
            Shape::Text(shape) => plain(shape, value),
            Shape::Bool if matches!(value, "true" | "false") => Ok(()),
            Shape::Bool => Err("is neither true nor false".to_owned()),
            Shape::Integer(least, most) => match value.parse::<i64>() {
                Ok(number) if (*least..=*most).contains(&number) => Ok(()),
                Ok(_) => Err("is outside of its limits".to_owned()),
                Err(_) => Err("is no whole number".to_owned()),
            },
            Shape::Any | Shape::List(_) | Shape::Object(_) | Shape::Same(_) | Shape::OneOf(_) => Ok(()),
        }
    }
}

fn error() -> Value {
    let text = json!({"type": "string"});
    let object = |required: &[&str], properties: Value| json!({"type": "object", "required": required, "properties": properties});
    let detail = object(
        &["domain", "reason", "message"],
        json!({"domain": text, "reason": text, "message": text, "location": text, "locationType": text}),
    );
    let error = object(
        &["code", "message", "errors"],
        json!({"code": {"type": "integer"}, "message": text, "status": text, "errors": {"type": "array", "items": detail}}),
    );
    object(&["error"], json!({"error": error}))
}
