//! Id_tokens, good and bad, made by hand.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) const KEY: &str = "key-1";
pub(super) const CLIENT: &str = "client-of-the-tests";
pub(super) const TENANT: &str = "11111111-2222-4333-8444-555555555555";
pub(super) const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Signs nothing but the tokens of these tests.
static SIGNING: LazyLock<CoreRsaPrivateSigningKey> = LazyLock::new(|| {
    CoreRsaPrivateSigningKey::from_pem(include_str!("throwaway.pem"), Some(JsonWebKeyId::new(KEY.to_owned()))).unwrap()
});

pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// The public half, as a key set.
pub(super) fn key_set() -> Value {
    let mut key = serde_json::to_value(SIGNING.as_verification_key()).unwrap();
    key["use"] = json!("sig");
    json!({ "keys": [key] })
}

fn encode(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap())
}

pub(super) fn signed(claims: &Value) -> String {
    let message = format!("{}.{}", encode(&json!({ "alg": "RS256", "typ": "JWT", "kid": KEY })), encode(claims));
    let signature = SIGNING.sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, message.as_bytes()).unwrap();
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

pub(super) fn unsigned(claims: &Value) -> String {
    format!("{}.{}.", encode(&json!({ "alg": "none", "typ": "JWT" })), encode(claims))
}

/// Signed with a secret that everybody knows, as HS256 would be with a desktop app's.
pub(super) fn signed_with_secret(claims: &Value, secret: &str) -> String {
    use openidconnect::core::CoreHmacKey;
    let message = format!("{}.{}", encode(&json!({ "alg": "HS256", "typ": "JWT" })), encode(claims));
    let key = CoreHmacKey::new(secret);
    let signature = key.sign(&CoreJwsSigningAlgorithm::HmacSha256, message.as_bytes()).unwrap();
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

pub(super) fn google_claims(issuer: &str, nonce: &str) -> Value {
    json!({
        "iss": issuer, "aud": CLIENT, "sub": "108", "nonce": nonce, "iat": now(), "exp": now() + 600,
        "email": "Hanako@Example.com", "email_verified": true, "hd": "example.com",
    })
}

pub(super) fn microsoft_claims(issuer: &str, nonce: &str, tenant: &str) -> Value {
    json!({
        "iss": issuer.replace("{tenantid}", tenant), "aud": CLIENT, "sub": "pairwise", "nonce": nonce, "iat": now(),
        "exp": now() + 600, "tid": tenant, "oid": "00000000-0000-4000-8000-00000000000a",
        "preferred_username": "hanako@example.com",
    })
}
