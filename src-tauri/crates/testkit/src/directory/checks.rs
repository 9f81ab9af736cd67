//! What the specifications find wrong with requests and answers, while a server runs.

use super::call::Call;
use super::reply::{Content, Reply};
use super::spec::Specs;
use crate::fakes::locked;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// More different ones are not kept.
const KEPT: usize = 200;

/// A check of everything that comes in and goes out.
#[derive(Debug)]
pub(crate) struct Checks {
    specs: Option<Arc<Specs>>,
    violations: Mutex<BTreeSet<String>>,
}

impl Checks {
    pub(crate) fn new() -> Self {
        Self { specs: Specs::find(), violations: Mutex::default() }
    }

    pub(crate) fn on(&self) -> bool {
        self.specs.is_some()
    }

    pub(crate) fn violations(&self) -> Vec<String> {
        locked(&self.violations).iter().cloned().collect()
    }

    pub(crate) fn request(&self, call: &Call) {
        let Some(specs) = &self.specs else { return };
        let body = serde_json::from_slice(&call.body).ok();
        if let Err(wrong) = specs.check_request(&call.method, &call.path, &call.query, body.as_ref()) {
            self.note(wrong);
        }
    }

    pub(crate) fn answer(&self, call: &Call, reply: &Reply) {
        let Some(specs) = &self.specs else { return };
        let body = match &reply.content {
            Content::Json(value) => Some(value),
            Content::Empty => None,
            Content::Html(_) | Content::Flood { .. } => return,
        };
        if reply.spoilt {
            return;
        }
        if let Err(wrong) = specs.check_some_of_answer(&call.method, &call.path, reply.status, body) {
            self.note(wrong);
        }
    }

    fn note(&self, wrong: String) {
        let mut violations = locked(&self.violations);
        if violations.len() < KEPT {
            violations.insert(wrong);
        }
    }
}
