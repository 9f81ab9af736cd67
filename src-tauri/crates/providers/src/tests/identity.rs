use super::token::{
    CLIENT, KEY, PERSONAL, TENANT, google_claims, key_set, microsoft_claims, now, signed, signed_with_secret, unsigned,
};
use crate::endpoints::Endpoints;
use crate::identity::{Doubt, Keys, identity};
use openidconnect::Nonce;
use serde_json::{Value, json};
use uncouple_domain::Provider;
use uncouple_engine::ports::{Identity, SignInApp, SignInAt};

const GOOGLE: &str = "https://accounts.google.com";
const MICROSOFT: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";

fn judge_with(at: SignInAt, keys: &Value, token: &str) -> Result<Identity, Doubt> {
    let ends = Endpoints::of(at, &SignInApp::default()).unwrap();
    let keys = Keys::read(keys.to_string().as_bytes()).unwrap();
    identity(at, &ends, &keys, CLIENT, &Nonce::new("nonce".to_owned()), token)
}

fn google(change: impl FnOnce(&mut Value)) -> Result<Identity, Doubt> {
    let mut claims = google_claims(GOOGLE, "nonce");
    change(&mut claims);
    judge_with(SignInAt::Google, &key_set(), &signed(&claims))
}

fn microsoft(change: impl FnOnce(&mut Value)) -> Result<Identity, Doubt> {
    let mut claims = microsoft_claims(MICROSOFT, "nonce", TENANT);
    change(&mut claims);
    judge_with(SignInAt::Microsoft, &key_set(), &signed(&claims))
}

#[test]
fn google_names_a_person_by_sub_and_states_the_address() {
    let found = google(|_| {}).unwrap();
    assert_eq!((found.provider, found.subject.as_str()), (Provider::Google, "108"));
    assert_eq!(found.address.as_str(), "Hanako@Example.com");
}

#[test]
fn an_address_that_google_has_not_verified_is_not_taken() {
    assert_eq!(google(|c| c["email_verified"] = json!(false)), Err(Doubt::NotVerified));
    assert_eq!(google(|c| c["email_verified"] = Value::Null), Err(Doubt::NotVerified));
    assert_eq!(google(|c| c["email"] = Value::Null), Err(Doubt::Unreadable));
    assert_eq!(google(|c| c["email"] = json!("no address")), Err(Doubt::Unreadable));
}

#[test]
fn an_international_domain_is_taken() {
    let found = google(|c| c["email"] = json!("info@日本語.jp")).unwrap();
    assert_eq!(found.address.key(), "info@xn--wgv71a119e.jp");
}

#[test]
fn another_issuer_audience_or_nonce_is_refused() {
    for (name, value) in [
        ("iss", json!("https://accounts.google.com.example.com")),
        ("aud", json!("another client")),
        ("aud", json!([CLIENT, "another client"])),
        ("nonce", json!("another")),
        ("nonce", Value::Null),
        ("exp", json!(now() - 1)),
    ] {
        assert_eq!(google(|c| c[name] = value.clone()), Err(Doubt::NotValid), "{name}: {value}");
    }
}

#[test]
fn a_token_issued_to_another_party_or_in_the_future_or_for_nobody_is_refused() {
    assert!(google(|c| c["azp"] = json!(CLIENT)).is_ok());
    assert!(google(|c| c["iat"] = json!(now() + 60)).is_ok(), "clocks differ");
    assert_eq!(google(|c| c["azp"] = json!("another client")), Err(Doubt::NotValid));
    assert_eq!(google(|c| c["iat"] = json!(now() + 86_400)), Err(Doubt::NotValid));
    assert!(google(|c| c["sub"] = json!("a".repeat(255))).is_ok());
    for subject in [String::new(), "a".repeat(256), "a".repeat(10_000), "利用者".to_owned()] {
        assert_eq!(google(|c| c["sub"] = json!(subject)), Err(Doubt::Unreadable), "{}", subject.len());
    }
    assert!(microsoft(|c| c["sub"] = json!("")).is_err() && microsoft(|c| c["oid"] = json!("a".repeat(300))).is_err());
}

#[test]
fn a_token_without_a_good_signature_is_refused() {
    let claims = google_claims(GOOGLE, "nonce");
    let judge = |token: &str| judge_with(SignInAt::Google, &key_set(), token);
    assert!(judge(&signed(&claims)).is_ok());
    assert!(judge(&unsigned(&claims)).is_err());
    assert_eq!(judge(&signed_with_secret(&claims, "public secret")), Err(Doubt::NotValid));

    let mut other = claims.clone();
    other["sub"] = json!("109");
    let (good, changed) = (signed(&claims), signed(&other));
    let (body, signature) = (changed.rsplit_once('.').unwrap().0, good.rsplit_once('.').unwrap().1);
    assert_eq!(judge(&format!("{body}.{signature}")), Err(Doubt::NotValid));

    assert_eq!(judge_with(SignInAt::Google, &json!({ "keys": [] }), &good), Err(Doubt::NotValid));
}

#[test]
fn what_is_no_token_is_refused() {
    for text in ["", ".", "..", "a.b.c", "e30.e30.e30", "💥"] {
        assert_eq!(judge_with(SignInAt::Google, &key_set(), text), Err(Doubt::Unreadable), "{text}");
    }
}

#[test]
fn microsoft_names_a_person_by_tenant_and_object() {
    let found = microsoft(|_| {}).unwrap();
    assert_eq!(found.provider, Provider::Microsoft365);
    assert_eq!(found.subject, format!("{TENANT}.00000000-0000-4000-8000-00000000000a"));
    assert_eq!(found.address.as_str(), "hanako@example.com");
}

#[test]
fn the_tenant_of_personal_accounts_means_outlook_com() {
    let token = signed(&microsoft_claims(MICROSOFT, "nonce", PERSONAL));
    let found = judge_with(SignInAt::Microsoft, &key_set(), &token).unwrap();
    assert_eq!(found.provider, Provider::OutlookCom);
}

#[test]
fn microsofts_email_claim_goes_before_the_user_name() {
    assert_eq!(microsoft(|c| c["email"] = json!("mail@example.com")).unwrap().address.as_str(), "mail@example.com");
    // A personal account's user name may be a telephone number, and an email claim may be empty.
    assert_eq!(microsoft(|c| c["email"] = json!("")).unwrap().address.as_str(), "hanako@example.com");
    assert_eq!(microsoft(|c| c["preferred_username"] = json!("+81312345678")), Err(Doubt::Unreadable));
}

#[test]
fn a_tenant_that_is_not_the_issuers_is_refused() {
    assert_eq!(microsoft(|c| c["tid"] = json!(PERSONAL)), Err(Doubt::OtherTenant));
    assert_eq!(microsoft(|c| c["iss"] = json!(MICROSOFT)), Err(Doubt::OtherTenant));
    assert_eq!(microsoft(|c| c["iss"] = json!(GOOGLE)), Err(Doubt::OtherTenant));
    for name in ["tid", "oid"] {
        assert_eq!(microsoft(|c| c[name] = Value::Null), Err(Doubt::Unreadable), "{name}");
        assert_eq!(microsoft(|c| c[name] = json!("a.b")), Err(Doubt::Unreadable), "{name}");
    }
}

#[test]
fn a_key_of_one_tenant_does_not_speak_for_another() {
    let token = signed(&microsoft_claims(MICROSOFT, "nonce", TENANT));
    for (issuer, good) in [
        (MICROSOFT.to_owned(), true),
        (MICROSOFT.replace("{tenantid}", TENANT), true),
        (MICROSOFT.replace("{tenantid}", PERSONAL), false),
    ] {
        let mut keys = key_set();
        assert_eq!(keys["keys"][0]["kid"], json!(KEY));
        keys["keys"][0]["issuer"] = json!(issuer);
        let found = judge_with(SignInAt::Microsoft, &keys, &token);
        assert_eq!(found.is_ok(), good, "{issuer}: {found:?}");
    }
}
