//! Who signed in: the id_token (OpenID Connect Core 1.0 section 3.1.3.7).

use crate::endpoints::{Endpoints, TENANT, is_issuer, is_tenant};
use crate::web::{Http, NoAnswer};
use http::Request;
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreGenderClaim, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AdditionalClaims, ClientId, IdToken, IdTokenClaims, IdTokenVerifier, IssuerUrl, JsonWebKey, Nonce,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uncouple_domain::{Address, AddressError, Provider};
use uncouple_engine::ports::{Identity, SignInAt};

/// The tenant that personal accounts are in
/// (<https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>, read 2026-11).
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The most that a subject may have (OpenID Connect Core 1.0 section 2).
const LONGEST_SUBJECT: usize = 255;

/// How far a provider's clock may be ahead of ours.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(10);

/// Claims beside the standard ones: `tid` and `oid` of Microsoft's, `hd` of Google's.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Extra {
    tid: Option<String>,
    oid: Option<String>,
    hd: Option<String>,
}

impl AdditionalClaims for Extra {}

type Claims = IdTokenClaims<Extra, CoreGenderClaim>;
type Token = IdToken<Extra, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// Why an id_token was not believed; for the log, so without anything of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Doubt {
    /// Not an id_token, or without an address.
    #[error("unreadable")]
    Unreadable,
    /// Signature, issuer, audience, time or nonce.
    #[error("not valid")]
    NotValid,
    /// The tenant of the claims is not that of the issuer or of the key.
    #[error("another tenant")]
    OtherTenant,
    /// Google has not checked that the address is the person's.
    #[error("address not verified")]
    NotVerified,
}

/// A provider's signing keys.
#[derive(Debug)]
pub(crate) struct Keys {
    keys: CoreJsonWebKeySet,
    /// Whom each key signs for, where the set says so, as Microsoft's does: a key of one tenant must not
    /// vouch for another (<https://learn.microsoft.com/entra/identity-platform/access-tokens>,
    /// "Validate the signing key issuer", read 2026-11).
    issuers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct KeyNotes {
    keys: Vec<KeyNote>,
}

#[derive(Deserialize)]
struct KeyNote {
    kid: Option<String>,
    issuer: Option<String>,
}

impl Keys {
    /// Fetches them.
    pub(crate) async fn fetch(http: &Http, ends: &Endpoints) -> Result<Self, NoAnswer> {
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = ends.keys.as_str().parse().map_err(|_| NoAnswer::Unreachable)?;
        let answer = http.send(request).await?;
        if !answer.status().is_success() {
            return Err(NoAnswer::NotNow(answer.status().as_u16()));
        }
        Self::read(answer.body()).ok_or(NoAnswer::Unreachable)
    }

    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let keys = serde_json::from_slice(body).ok()?;
        let notes: KeyNotes = serde_json::from_slice(body).ok()?;
        let issuers = notes.keys.into_iter().filter_map(|note| Some((note.kid?, note.issuer?))).collect();
        Some(Self { keys, issuers })
    }

    /// Whether a key is allowed to speak for an issuer.
    fn signs_for(&self, kid: Option<&str>, issuer: &str) -> bool {
        kid.and_then(|kid| self.issuers.get(kid)).is_none_or(|expected| is_issuer(expected, issuer))
    }
}

/// Believes an id_token, or says why not.
pub(crate) fn identity(
    at: SignInAt,
    ends: &Endpoints,
    keys: &Keys,
    client_id: &str,
    nonce: &Nonce,
    token: &str,
) -> Result<Identity, Doubt> {
    let parsed: Token = token.parse().map_err(|_| Doubt::Unreadable)?;
    let issuer = IssuerUrl::new(ends.issuer.clone()).map_err(|_| Doubt::NotValid)?;
    let many = ends.issuer.contains(TENANT);
    // The client secret of a desktop app is public, so a signature made with it (HS256) proves nothing;
    // a verifier for public clients refuses those.
    let verifier = IdTokenVerifier::new_public_client(ClientId::new(client_id.to_owned()), issuer, keys.keys.clone())
        .require_issuer_match(!many);
    let claims = parsed.claims(&verifier, nonce).map_err(|error| {
        tracing::info!(%error, "id_token refused");
        Doubt::NotValid
    })?;
    let key = parsed.signing_key(&verifier).map_err(|_| Doubt::NotValid)?;
    if !keys.signs_for(key.key_id().map(|kid| kid.as_str()), claims.issuer()) {
        return Err(Doubt::OtherTenant);
    }
    // Section 3.1.3.7: the party that the token was issued to, and when.
    if claims.authorized_party().is_some_and(|party| party.as_str() != client_id) {
        return Err(Doubt::NotValid);
    }
    let ahead = claims.issue_time().timestamp() - Timestamp::now().as_second();
    if ahead > CLOCKS_APART.as_secs() {
        return Err(Doubt::NotValid);
    }
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT || !subject.is_ascii() {
        return Err(Doubt::Unreadable);
    }
    match at {
        SignInAt::Google => google(claims),
        SignInAt::Microsoft => microsoft(claims, ends),
    }
}

fn google(claims: &Claims) -> Result<Identity, Doubt> {
    if claims.email_verified() != Some(true) {
        return Err(Doubt::NotVerified);
    }
    let address = claims.email().ok_or(Doubt::Unreadable)?;
    Ok(Identity {
        provider: Provider::Google,
        subject: claims.subject().to_string(),
        address: address_of(address).map_err(|_| Doubt::Unreadable)?,
        organisation: claims.additional_claims().hd.clone(),
    })
}

/// `tid` and `oid` together name a person; addresses can change hands
/// (<https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>, read 2026-11).
fn microsoft(claims: &Claims, ends: &Endpoints) -> Result<Identity, Doubt> {
    let extra = claims.additional_claims();
    let (Some(tid), Some(oid)) = (extra.tid.as_deref(), extra.oid.as_deref()) else { return Err(Doubt::Unreadable) };
    if !is_tenant(tid) || oid.is_empty() || oid.len() > LONGEST_SUBJECT || oid.contains('.') {
        return Err(Doubt::Unreadable);
    }
    if ends.issuer.contains(TENANT) && claims.issuer().as_str() != ends.issuer.replace(TENANT, tid) {
        return Err(Doubt::OtherTenant);
    }
    let mail = claims.email().map(|email| email.as_str());
    let name = claims.preferred_username().map(|name| name.as_str());
    let address = mail.into_iter().chain(name).find_map(|text| address_of(text).ok()).ok_or(Doubt::Unreadable)?;
    Ok(Identity {
        provider: if tid == PERSONAL { Provider::OutlookCom } else { Provider::Microsoft365 },
        subject: format!("{tid}.{oid}"),
        address,
        organisation: Some(tid.to_owned()),
    })
}

fn address_of(text: &str) -> Result<Address, AddressError> {
    let (local, domain) = Address::split(text)?;
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| AddressError::Domain)?;
    Address::from_parts(local, domain, &ascii)
}
