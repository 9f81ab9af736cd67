//! The OpenAPI description of Microsoft Graph.

use super::check::{Check, plain};
use super::fits;
use super::shape::{self, Node, Schemas, Shape};
use serde_json::{Map, Value};

/// Parameters that no path describes: the service puts `$skiptoken` into next links, which are followed unchanged
/// (<https://learn.microsoft.com/graph/paging>).
const IN_NEXT_LINKS: &str = "$skiptoken";

/// Paths and schemas.
#[derive(Debug)]
pub(super) struct Graph {
    paths: Vec<(String, Map<String, Value>)>,
    components: Value,
    pub(super) schemas: Schemas,
}

impl Graph {
    pub(super) fn new(document: Value) -> Self {
        let part = |path: &str| document.pointer(path).and_then(Value::as_object).cloned().unwrap_or_default();
        let schemas = shape::read(&part("/components/schemas"));
        let paths = part("/paths").into_iter().filter_map(|(path, item)| Some((path, item.as_object()?.clone())));
        let mut paths: Vec<_> = paths.collect();
        // A part that is given goes before one that may be anything.
        paths.sort_by_key(|(path, _)| path.matches('{').count());
        let components = document.get("components").cloned().unwrap_or_default();
        Self { paths, components, schemas }
    }

    /// The operation, by its path from the version on.
    fn operation(&self, method: &str, path: &str) -> Result<&Value, String> {
        // The same thing under its other key: the description only has the path by id.
        let by_app_id = path.starts_with("/servicePrincipals(appId='") && path.ends_with("')");
        let path = if by_app_id { "/servicePrincipals/*" } else { path };
        let found = self.paths.iter().find(|(template, _)| fits(template, path));
        let (_, item) = found.ok_or("the description has no such path")?;
        item.get(&method.to_ascii_lowercase()).ok_or_else(|| "the path has no such method".to_owned())
    }

    /// Follows a reference to another part of the description.
    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("#/components"));
        target.and_then(|target| self.components.pointer(target)).unwrap_or(value)
    }

    pub(super) fn check_request(
        &self,
        method: &str,
        path: &str,
        query: &str,
        body: Option<&Value>,
    ) -> Result<(), String> {
        let operation = self.operation(method, path)?;
        let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let known: Vec<&Value> = parameters.map(|parameter| self.resolve(parameter)).collect();
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let mut seen = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if seen.contains(&name) {
                return Err(format!("the parameter {name} is there more than once"));
            }
            let in_query = |known: &&&Value| text(known, "in").as_deref() == Some("query");
            let parameter = known.iter().filter(in_query).find(|known| text(known, "name").as_deref() == Some(&*name));
            match parameter.and_then(|parameter| parameter.get("schema")) {
                Some(schema) => {
                    parameter_fits(schema, &value).map_err(|what| format!("the parameter {name} {what}"))?
                }
                None if name == IN_NEXT_LINKS => {}
                None => return Err(format!("the parameter {name} is not known")),
            }
            seen.push(name);
        }
        let schema = operation.pointer("/requestBody/content/application~1json/schema");
        self.check_body(schema, body, usize::MAX)
    }

    pub(super) fn check_answer(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: Option<&Value>,
        some: usize,
    ) -> Result<(), String> {
        let error = self.components.pointer("/responses/error");
        let operation = self.operation(method, path);
        // What is not there is answered with an error as well.
        let response = match operation {
            Err(_) if status >= 400 => error,
            Err(wrong) => return Err(wrong),
            Ok(operation) => {
                let responses = operation.get("responses");
                let get = |key: &str| responses.and_then(|responses| responses.get(key));
                get(&status.to_string()).or_else(|| get(&format!("{}XX", status / 100)))
            }
        };
        let response = self.resolve(response.ok_or("the description has no such status")?);
        self.check_body(response.pointer("/content/application~1json/schema"), body, some)
    }

    fn check_body(&self, schema: Option<&Value>, body: Option<&Value>, some: usize) -> Result<(), String> {
        match (schema, body) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err("there is a body where there should be none".to_owned()),
            (Some(_), None) => Err("there is no body".to_owned()),
            (Some(schema), Some(body)) => {
                Check { schemas: &self.schemas, some }.value(&shape::node(schema, &Map::new()), body, "")
            }
        }
    }
}

fn parameter_fits(schema: &Value, value: &str) -> Result<(), String> {
    let node: Node = shape::node(schema, &Map::new());
    match &node.shape {
        Shape::List(each) => {
            let parts: Vec<&str> = value.split(',').collect();
            for (number, part) in parts.iter().enumerate() {
                if parts.iter().skip(number + 1).any(|other| other == part) {
                    return Err(format!("has {part} more than once"));
                }
                if let Shape::Text(shape) = &each.shape {
                    plain(shape, part)?;
                }
            }
            Ok(())
        }
        Shape::Integer(least, most) => match value.parse::<i64>() {
            Ok(number) if (*least..=*most).contains(&number) => Ok(()),
            Ok(_) => Err("is outside of its limits".to_owned()),
            Err(_) => Err("is no whole number".to_owned()),
        },
        Shape::Bool if !matches!(value, "true" | "false") => Err("is neither true nor false".to_owned()),
        Shape::Text(shape) => plain(shape, value),
        Shape::Any | Shape::Bool | Shape::Object(_) | Shape::Same(_) | Shape::OneOf(_) => Ok(()),
    }
}
