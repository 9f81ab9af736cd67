//! Consents that wait on the disk.

use crate::directory::graph_held::Held;
use crate::directory::graph_wire::Grant;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uncouple_engine::directory::Access;

fn grant(person: &str, number: usize, scope: &str) -> Grant {
    let grant = serde_json::json!({ "id": format!("g{number}"), "clientId": format!("app{}", number % 3),
        "consentType": "Principal", "principalId": person, "resourceId": format!("r{number}"), "scope": scope });
    serde_json::from_value(grant).unwrap()
}

/// Puts consents in, takes everybody out, and compares.
fn come_back(consents: &[(String, String)]) {
    let mut held = Held::new();
    let mut wanted: BTreeMap<String, Vec<Access>> = BTreeMap::new();
    for (number, (person, scope)) in consents.iter().enumerate() {
        let grant = grant(person, number, scope);
        held.put(person, &grant).unwrap();
        wanted.entry(person.clone()).or_default().push(grant.access());
    }
    assert_eq!(held.people(), wanted.len());
    assert!(wanted.keys().all(|person| held.counts(person)) && !held.counts("nobody has this identifier"));
    let mut taken = BTreeMap::new();
    while let Some(part) = held.take().unwrap() {
        for (person, accesses) in part {
            assert!(taken.insert(person, accesses).is_none(), "each person once");
        }
    }
    assert_eq!(taken, wanted);
}

proptest! {
    #[test]
    fn whatever_waits_comes_back_once_and_whole(consents in prop::collection::vec(("\\PC{0,3}", "\\PC{0,40}"), 0..200)) {
        come_back(&consents);
    }
}

#[test]
fn what_does_not_fit_into_memory_comes_back_as_well() {
    let scope = "Mail.ReadWrite Calendars.ReadWrite ".repeat(20);
    let consents: Vec<_> = (0..6_000).map(|number| (format!("person{}", number % 2_000), scope.clone())).collect();
    come_back(&consents);
}
