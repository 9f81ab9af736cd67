//! Consents that a search at Microsoft has come across, until it is known whose they all are.
//!
//! Graph lists them app by app and in no order, while each person is told of once, with all of theirs. They are parted
//! by person, and wait in the system's temporary folder as soon as there are many, so that memory does not grow with the
//! organisation.

use super::graph_wire::Grant;
use serde::{Deserialize, Serialize};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher as _, BuildHasherDefault};
use std::io::{BufRead as _, BufReader, BufWriter, Seek as _, Write as _};
use tempfile::SpooledTempFile;
use uncouple_engine::directory::{Access, ApiError};

/// Of a hundred thousand people, each has fewer than two thousand.
const PARTS: u64 = 64;

/// Bytes of a part that stay in memory before it goes to the disk.
const IN_MEMORY: usize = 16 * 1024;

/// What gathers before it is written.
const BUFFER: usize = 4 * 1024;

/// People of one part, with all that they gave.
pub(super) type Part = BTreeMap<String, Vec<Access>>;

/// One consent, as it waits.
#[derive(Serialize, Deserialize)]
struct Line {
    person: String,
    app: String,
    grant: String,
    scopes: Vec<String>,
    resource: Option<String>,
}

/// Consents that wait.
pub(super) struct Held {
    /// A file that nobody else sees and that is gone with the search.
    parts: Vec<BufWriter<SpooledTempFile>>,
    /// For counting only: eight bytes of each person.
    people: HashSet<u64>,
    /// The same in each process: a search goes on where another one stopped.
    state: BuildHasherDefault<DefaultHasher>,
}

impl Held {
    pub(super) fn new() -> Self {
        let part = |_| BufWriter::with_capacity(BUFFER, SpooledTempFile::new(IN_MEMORY));
        Self { parts: (0..PARTS).map(part).collect(), people: HashSet::new(), state: BuildHasherDefault::default() }
    }

    /// Takes a person's consent.
    ///
    /// # Errors
    /// [`ApiError::Disk`].
    pub(super) fn put(&mut self, person: &str, grant: &Grant) -> Result<(), ApiError> {
        let number = self.state.hash_one(person);
        self.people.insert(number);
        let Access { app, scopes, resource, .. } = grant.access();
        let line = Line { person: person.to_owned(), app, grant: grant.id.clone(), scopes, resource };
        let part = usize::try_from(number % PARTS).ok().and_then(|part| self.parts.get_mut(part));
        let part = part.ok_or(ApiError::Disk)?;
        serde_json::to_writer(&mut *part, &line).map_err(|_| ApiError::Disk)?;
        part.write_all(b"\n").map_err(|_| ApiError::Disk)
    }

    /// How many people gave any.
    pub(super) fn people(&self) -> usize {
        self.people.len()
    }

    /// Whether somebody gave any, as far as a count needs to know.
    pub(super) fn counts(&self, person: &str) -> bool {
        self.people.contains(&self.state.hash_one(person))
    }

    /// Takes out some people, each with all of theirs. None: nobody is left.
    ///
    /// # Errors
    /// [`ApiError::Disk`].
    pub(super) fn take(&mut self) -> Result<Option<Part>, ApiError> {
        self.parts.pop().map(|part| read(part).map_err(|_| ApiError::Disk)).transpose()
    }
}

fn read(part: BufWriter<SpooledTempFile>) -> std::io::Result<Part> {
    let mut file = part.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.rewind()?;
    let mut people = Part::new();
    for line in BufReader::new(file).lines() {
        let Line { person, app, grant, scopes, resource } = serde_json::from_str(&line?)?;
        people.entry(person).or_default().push(Access { app, grant: Some(grant), scopes, resource });
    }
    Ok(people)
}
