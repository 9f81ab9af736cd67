//! Random answers that fit the services' own schemas, with what their prose promises put in.

use crate::directory::google_wire::{Activities, Administrator, TokenList, User as GoogleUser, UserList};
use crate::directory::graph_wire::{Grant, Organization, Page, ServicePrincipal, User};
use crate::directory::object::Object;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uncouple_testkit::directory::spec;

fn put(object: &mut Value, key: &str, value: Value) {
    object[key] = value;
}

/// Sees to members that every honest answer has.
fn has(object: &mut Value, keys: &[&str]) {
    for key in keys {
        if object.get(key).is_none_or(|value| value.is_null() || value == "") {
            put(object, key, json!("x"));
        }
    }
}

fn each(object: &mut Value, key: &str, work: impl Fn(&mut Value)) {
    if let Some(items) = object.get_mut(key).and_then(Value::as_array_mut) {
        items.iter_mut().for_each(work);
    }
}

/// Reads many answers of a schema, and looks at every one.
fn read_all<T: DeserializeOwned>(schema: &str, promise: impl Fn(&mut Value), look: impl Fn(T)) {
    let Some(answers) = spec::arbitrary(schema) else {
        println!("SKIPPED {schema}: the specifications are not at hand");
        return;
    };
    let judge = |mut answer: Value| {
        promise(&mut answer);
        let text = answer.to_string();
        match serde_json::from_str::<Object<T>>(&text) {
            Ok(Object(read)) => look(read),
            Err(error) => prop_assert!(false, "{error} in {text}"),
        }
        Ok(())
    };
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config).run(&answers, judge).unwrap();
}

#[test]
fn whatever_google_may_say_of_a_persons_apps_is_read() {
    let promise = |answer: &mut Value| {
        put(answer, "kind", json!("admin#directory#tokenList"));
        each(answer, "items", |item| has(item, &["clientId"]));
    };
    read_all("Tokens", promise, |list: TokenList| {
        for token in list.items {
            let (app, likeness) = (token.app(), token.likeness());
            assert!(!app.name.is_empty() && app.likeness == likeness);
            assert_eq!(token.access().app, app.key);
        }
    });
}

#[test]
fn whatever_google_may_say_of_people_is_read() {
    let promise = |answer: &mut Value| {
        put(answer, "kind", json!("admin#directory#users"));
        each(answer, "users", |user| has(user, &["id", "primaryEmail"]));
    };
    read_all("Users", promise, |list: UserList| {
        list.users.into_iter().map(GoogleUser::person).for_each(|person| assert_ne!(person.name.as_deref(), Some("")));
    });
    read_all("User", |user| has(user, &["customerId", "primaryEmail"]), |_: Administrator| {});
}

#[test]
fn whatever_google_may_say_in_its_log_is_read() {
    let promise = |answer: &mut Value| put(answer, "kind", json!("admin#reports#activities"));
    read_all("Activities", promise, |list: Activities| {
        for activity in list.items {
            let _ = (activity.at(), activity.person(), activity.address());
            for event in &activity.events {
                let _ = (event.client_id(), event.app_name(), event.scopes());
            }
        }
    });
}

fn collection<T: DeserializeOwned>(schema: &str, keys: &[&str], look: impl Fn(T)) {
    let promise = |answer: &mut Value| {
        if answer.get("value").is_none() {
            put(answer, "value", json!([]));
        }
        each(answer, "value", |item| has(item, keys));
    };
    read_all(schema, promise, |page: Page<T>| page.value.into_iter().for_each(&look));
}

#[test]
fn whatever_graph_may_say_of_consents_is_read() {
    let look = |grant: Grant| {
        let _ = grant.whose();
        assert_eq!(grant.access().grant.as_deref(), Some(grant.id.as_str()));
        assert!(grant.scopes().all(|scope| !scope.is_empty() && !scope.contains(' ')));
    };
    collection("microsoft.graph.oAuth2PermissionGrantCollectionResponse", &["id", "clientId"], look);
}

#[test]
fn whatever_graph_may_say_of_apps_is_read() {
    collection("microsoft.graph.servicePrincipalCollectionResponse", &["id"], |principal: ServicePrincipal| {
        let app = principal.app();
        assert_eq!(app.verified, Some(app.publisher.is_some()));
    });
}

#[test]
fn whatever_graph_may_say_of_people_and_of_the_organisation_is_read() {
    collection("microsoft.graph.userCollectionResponse", &["id"], |user: User| {
        let person = user.person();
        assert!(!person.address.is_empty() && !person.aliases.contains(&person.address));
    });
    collection("microsoft.graph.organizationCollectionResponse", &["id"], |organisation: Organization| {
        assert!(organisation.name().is_none_or(|name| !name.trim().is_empty()));
    });
}
