//! The services' own specifications: Google's discovery documents and the OpenAPI description of Microsoft Graph, as
//! slices of them lie beside a clone of the project. Where they don't, nothing is checked, and whoever asks is told so.

mod arbitrary;
mod check;
mod google;
mod graph;
mod shape;

use google::Google;
use graph::Graph;
use proptest::strategy::BoxedStrategy;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Of longer lists, only so many things from the front and the last one are looked at while a server runs.
const SOME: usize = 20;

/// Whether there was anything to check against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The specification has it, and it fits.
    Checked,
    /// The slices lack it, as [`NOT_IN_SLICE`] says.
    NotInSlice,
}

/// Method and path of what is served but stands in no slice. A star is one part of a path.
pub const NOT_IN_SLICE: [(&str, &str); 6] = [
    ("GET", "/v1.0/policies/authorizationPolicy"),
    ("GET", "/v1.0/auditLogs/directoryAudits"),
    ("POST", "/v1.0/$batch"),
    ("POST", "/token"),
    ("POST", "/*/oauth2/v2.0/token"),
    ("POST", "/revoke"),
];

/// The specifications that are at hand.
#[derive(Debug)]
pub struct Specs {
    google: Google,
    graph: Graph,
}

/// Random answers that fit a schema, such as `Tokens`, `Activities` or
/// `microsoft.graph.oAuth2PermissionGrantCollectionResponse`. `None` where the specifications are absent.
///
/// # Panics
/// When there is no such schema in them.
#[must_use]
pub fn arbitrary(schema: &str) -> Option<BoxedStrategy<Value>> {
    let specs = Specs::find()?;
    let strategy = specs.arbitrary(schema);
    assert!(strategy.is_some(), "no schema is named {schema}");
    strategy
}

impl Specs {
    /// Those in the folder that the environment's `UNCOUPLE_SPECS` names, or in `shared/specs/providers` beside the
    /// clone. Read once.
    ///
    /// # Panics
    /// When the files are there and are not what they should be.
    #[must_use]
    pub fn find() -> Option<Arc<Self>> {
        static FOUND: OnceLock<Option<Arc<Specs>>> = OnceLock::new();
        FOUND
            .get_or_init(|| folder().filter(|folder| folder.is_dir()).map(|folder| Arc::new(Self::read(&folder))))
            .clone()
    }

    fn read(folder: &Path) -> Self {
        Self {
            google: Google::new(&[
                &file(folder, "google-admin-directory_v1.slice.json"),
                &file(folder, "google-admin-reports_v1.activities.slice.json"),
            ]),
            graph: Graph::new(file(folder, "msgraph-v1.0.oauth2grants-serviceprincipals.openapi.slice.json")),
        }
    }

    /// Whether a request is one of the specifications': its path, method, parameters and body. The path begins with a
    /// slash and is encoded as it was sent, the query without its question mark.
    ///
    /// # Errors
    /// What doesn't fit, with the request it is about.
    pub fn check_request(
        &self,
        method: &str,
        path: &str,
        query: &str,
        body: Option<&Value>,
    ) -> Result<Coverage, String> {
        let checked = if not_in_slice(method, path) {
            return Ok(Coverage::NotInSlice);
        } else if let Some(path) = path.strip_prefix("/v1.0") {
            self.graph.check_request(method, path, query, body)
        } else {
            self.google.check_request(method, path, query, body)
        };
        checked.map(|()| Coverage::Checked).map_err(|wrong| format!("request {method} {}: {wrong}", anonymous(path)))
    }

    /// Whether an answer to a request is one of the specifications': its status, and its body's members and their types.
    ///
    /// # Errors
    /// What doesn't fit, with the request it is about.
    pub fn check_answer(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: Option<&Value>,
    ) -> Result<Coverage, String> {
        self.check(method, path, status, body, usize::MAX)
    }

    /// The same, with a look at some things of long lists only.
    pub(crate) fn check_some_of_answer(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: Option<&Value>,
    ) -> Result<Coverage, String> {
        self.check(method, path, status, body, SOME)
    }

    fn check(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: Option<&Value>,
        some: usize,
    ) -> Result<Coverage, String> {
        let checked = if not_in_slice(method, path) {
            return Ok(Coverage::NotInSlice);
        } else if let Some(path) = path.strip_prefix("/v1.0") {
            self.graph.check_answer(method, path, status, body, some)
        } else {
            self.google.check_answer(method, path, status, body, some)
        };
        let about = |wrong| format!("answer {status} to {method} {}: {wrong}", anonymous(path));
        checked.map(|()| Coverage::Checked).map_err(about)
    }

    /// Random answers that fit a schema; `None` where no schema has this name.
    #[must_use]
    pub fn arbitrary(&self, schema: &str) -> Option<BoxedStrategy<Value>> {
        let google = || arbitrary::of(&self.google.schemas, schema);
        arbitrary::of(&self.graph.schemas, schema).or_else(google)
    }
}

fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("UNCOUPLE_SPECS") {
        return Some(folder.into());
    }
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(4)?.join("shared/specs/providers"))
}

#[expect(clippy::expect_used, reason = "for tests: what fails here fails the test")]
fn file(folder: &Path, name: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(name)).expect(name);
    serde_json::from_str(&text).expect(name)
}

fn not_in_slice(method: &str, path: &str) -> bool {
    NOT_IN_SLICE.iter().any(|(is, template)| *is == method && fits(template, path))
}

/// Whether a path is one of a template's. A part of a template in curly brackets, or a star, is any one part.
fn fits(template: &str, path: &str) -> bool {
    let (mut parts, mut wanted) = (path.split('/'), template.split('/'));
    loop {
        match (parts.next(), wanted.next()) {
            (None, None) => return true,
            (Some(part), Some(is)) if part == is || (!part.is_empty() && (is == "*" || is.starts_with('{'))) => {}
            _ => return false,
        }
    }
}

/// A path with stars for people's and grants' ids, so that the same violation is the same text.
fn anonymous(path: &str) -> String {
    let part = |part: &str| {
        let id =
            part.contains(['@', '.']) && part != "v1.0" && part != "v2.0" || part.contains("%40") || part.len() > 30;
        let number = part.len() > 5 && part.bytes().all(|b| b.is_ascii_digit());
        if id || number { "*".to_owned() } else { part.to_owned() }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}
