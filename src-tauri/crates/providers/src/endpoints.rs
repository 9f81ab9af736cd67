//! Where the providers' OAuth endpoints are.

use uncouple_engine::ports::{SignInApp, SignInAt, SignInError, TokenHosts};
use url::{Host, Url};

/// Stands for the tenant in Microsoft's issuer
/// (<https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>, read 2026-11).
pub(crate) const TENANT: &str = "{tenantid}";

/// Whether this build takes plain http to the loopback address. True in every build with debug
/// assertions and in those with the feature `test-endpoints`; a shipped build has neither.
pub(crate) const TEST_BUILD: bool = cfg!(any(debug_assertions, feature = "test-endpoints"));

/// The addresses of one sign-in.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
    pub(crate) authorize: Url,
    pub(crate) token: Url,
    pub(crate) keys: Url,
    /// None at Microsoft, which has no RFC 7009 endpoint (its discovery document names none; read 2026-11).
    pub(crate) revoke: Option<Url>,
    /// The `iss` of its id_tokens; at Microsoft with [`TENANT`] in it.
    pub(crate) issuer: String,
}

impl Endpoints {
    /// The provider's own, or those of the app. Google's are from its discovery document
    /// (`accounts.google.com/.well-known/openid-configuration`), Microsoft's from that of the tenant
    /// `common`, which serves work and personal accounts alike; both read 2026-11.
    pub(crate) fn of(at: SignInAt, app: &SignInApp) -> Result<Self, SignInError> {
        let (authorize, token, keys, revoke, issuer) = match at {
            SignInAt::Google => (
                "https://accounts.google.com/o/oauth2/v2/auth",
                "https://oauth2.googleapis.com/token",
                "https://www.googleapis.com/oauth2/v3/certs",
                Some("https://oauth2.googleapis.com/revoke"),
                "https://accounts.google.com",
            ),
            SignInAt::Microsoft => (
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                "https://login.microsoftonline.com/common/oauth2/v2.0/token",
                "https://login.microsoftonline.com/common/discovery/v2.0/keys",
                None,
                "https://login.microsoftonline.com/{tenantid}/v2.0",
            ),
        };
        let issuer = app.issuer.as_deref().unwrap_or(issuer);
        checked(issuer)?;
        api(at, app)?;
        Ok(Self {
            authorize: authorization(app.authorize_url.as_deref().unwrap_or(authorize), TEST_BUILD)?,
            token: checked(app.token_url.as_deref().unwrap_or(token))?,
            keys: checked(app.jwks_url.as_deref().unwrap_or(keys))?,
            revoke: revoke.map(|own| checked(app.revoke_url.as_deref().unwrap_or(own))).transpose()?,
            issuer: issuer.to_owned(),
        })
    }
}

/// The hosts that see a sign-in app's tokens.
pub(crate) fn token_hosts(at: SignInAt, app: &SignInApp) -> Result<TokenHosts, SignInError> {
    let ends = Endpoints::of(at, app)?;
    Ok(TokenHosts {
        issuer: origin(&checked(&ends.issuer)?),
        token: origin(&ends.token),
        revoke: ends.revoke.as_ref().map(origin),
        api: origin(&api(at, app)?),
    })
}

/// The hosts of an app's endpoints that are not the provider's own: those that it is sent to, and those that are believed.
pub(crate) fn foreign_hosts(at: SignInAt, app: &SignInApp) -> Vec<String> {
    let all = |app: &SignInApp| -> Result<Vec<String>, SignInError> {
        let ends = Endpoints::of(at, app)?;
        let hosts = token_hosts(at, app)?;
        let asked = [&ends.authorize, &ends.keys].map(origin);
        Ok([hosts.issuer, hosts.token, hosts.api].into_iter().chain(hosts.revoke).chain(asked).collect())
    };
    let (Ok(own), Ok(these)) = (all(&SignInApp::default()), all(app)) else { return Vec::new() };
    let mut foreign: Vec<String> = these.into_iter().filter(|host| !own.contains(host)).collect();
    foreign.sort();
    foreign.dedup();
    foreign
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Where a provider's administrators' API is, without a slash at the end: its own address, or that of the app. From the
/// discovery documents of `admin:directory_v1` and `admin:reports_v1` at Google, and
/// <https://learn.microsoft.com/graph/use-the-api> at Microsoft; both read 2026-11.
pub(crate) fn api(at: SignInAt, app: &SignInApp) -> Result<Url, SignInError> {
    let own = match at {
        SignInAt::Google => "https://admin.googleapis.com",
        SignInAt::Microsoft => "https://graph.microsoft.com/v1.0",
    };
    let mut url = checked(app.api_url.as_deref().unwrap_or(own))?;
    if url.query().is_some() {
        return Err(SignInError::BadEndpoint);
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// What a request for authorization says by itself (RFC 6749 section 4.1.1, RFC 7636 section 4.3, OpenID Connect Core
/// section 3.1.2.1): said twice, it would be the provider's choice which of them counts (RFC 6749 section 3.1).
const OWN_PARAMETERS: [&str; 13] = [
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "access_type",
    "login_hint",
    "request",
];

/// Takes the endpoint that the browser is sent to: with no port, behind which another program of this computer may be,
/// and no parameter that the request has itself.
fn authorization(text: &str, test_build: bool) -> Result<Url, SignInError> {
    let url = checked_in(text, test_build)?;
    let port = url.port().is_some() && !(test_build && url.scheme() == "http");
    let twice = url.query_pairs().any(|(name, _)| OWN_PARAMETERS.contains(&name.as_ref()));
    if port || twice { Err(SignInError::BadEndpoint) } else { Ok(url) }
}

/// Takes an endpoint: https with a host and nothing that could hide where it leads.
pub(crate) fn checked(text: &str) -> Result<Url, SignInError> {
    checked_in(text, TEST_BUILD)
}

fn checked_in(text: &str, test_build: bool) -> Result<Url, SignInError> {
    let url = Url::parse(text).map_err(|_| SignInError::BadEndpoint)?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(SignInError::BadEndpoint),
    };
    let safe = url.scheme() == "https" || (test_build && url.scheme() == "http" && loopback);
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if safe && plain { Ok(url) } else { Err(SignInError::BadEndpoint) }
}

/// Whether an `iss` is the expected one.
pub(crate) fn is_issuer(expected: &str, iss: &str) -> bool {
    match expected.split_once(TENANT) {
        None => expected == iss,
        Some((before, after)) => {
            iss.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).is_some_and(is_tenant)
        }
    }
}

/// Whether a text is a tenant's identifier: a GUID in small letters.
pub(crate) fn is_tenant(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'-'))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn app(set: impl FnOnce(&mut SignInApp)) -> SignInApp {
        let mut app = SignInApp { client_id: "id".to_owned(), ..SignInApp::default() };
        set(&mut app);
        app
    }

    #[test]
    fn the_vendors_own_endpoints_pass_their_own_check() {
        for at in [SignInAt::Google, SignInAt::Microsoft] {
            let ends = Endpoints::of(at, &app(|_| {})).unwrap();
            assert_eq!(ends.revoke.is_some(), at == SignInAt::Google);
        }
    }

    #[test]
    fn every_endpoint_of_an_app_is_checked() {
        let bad = Some("http://example.com/x".to_owned());
        let apps = [
            app(|a| a.authorize_url = bad.clone()),
            app(|a| a.token_url = bad.clone()),
            app(|a| a.revoke_url = bad.clone()),
            app(|a| a.jwks_url = bad.clone()),
            app(|a| a.issuer = bad.clone()),
            app(|a| a.api_url = bad.clone()),
            app(|a| a.api_url = Some("https://example.com/v1.0?key=x".to_owned())),
        ];
        for app in apps {
            assert_eq!(Endpoints::of(SignInAt::Google, &app).unwrap_err(), SignInError::BadEndpoint);
        }
    }

    #[test]
    fn the_address_of_an_api_ends_without_a_slash() {
        let at = |text: &str| api(SignInAt::Microsoft, &app(|a| a.api_url = Some(text.to_owned()))).unwrap();
        assert_eq!(at("https://graph.example.com/v1.0/").as_str(), "https://graph.example.com/v1.0");
        assert_eq!(at("https://graph.example.com").path(), "/");
    }

    #[test]
    fn a_shipped_build_takes_https_only() {
        assert!(checked_in("https://login.example.com/token", false).is_ok());
        for text in ["http://127.0.0.1:8080/token", "http://localhost/token", "http://[::1]/token"] {
            assert!(checked_in(text, false).is_err(), "{text}");
            assert!(checked_in(text, true).is_ok(), "{text}");
        }
    }

    #[test]
    fn the_browser_is_sent_to_no_port_and_with_no_parameter_twice() {
        for text in [
            "https://evil.example:8443/",
            "https://login.example.com/?state=known",
            "https://login.example.com/?redirect_uri=https%3A%2F%2Fevil.example",
            "https://login.example.com/?a=b&cl%69ent_id=x",
            "https://login.example.com/?code_challenge_method=plain",
        ] {
            for test_build in [false, true] {
                assert!(authorization(text, test_build).is_err(), "{text}");
            }
        }
        for text in ["https://login.example.com/", "https://login.example.com:443/", "https://login.example.com/?hd=x"]
        {
            assert!(authorization(text, false).is_ok(), "{text}");
        }
        assert!(authorization("http://127.0.0.1:8080/", true).is_ok());
    }

    #[test]
    fn hosts_that_are_not_the_providers_own_are_named() {
        assert_eq!(foreign_hosts(SignInAt::Google, &app(|_| {})), Vec::<String>::new());
        let tenant =
            app(|a| a.token_url = Some("https://login.microsoftonline.com/contoso/oauth2/v2.0/token".to_owned()));
        assert_eq!(foreign_hosts(SignInAt::Microsoft, &tenant), Vec::<String>::new());
        let urls: [fn(&mut SignInApp, Option<String>); 6] = [
            |a, url| a.authorize_url = url,
            |a, url| a.token_url = url,
            |a, url| a.revoke_url = url,
            |a, url| a.jwks_url = url,
            |a, url| a.issuer = url,
            |a, url| a.api_url = url,
        ];
        for set in urls {
            let custom = app(|a| set(a, Some("https://evil.example/x".to_owned())));
            assert_eq!(foreign_hosts(SignInAt::Google, &custom), ["https://evil.example"]);
        }
    }

    #[test]
    fn no_build_takes_these() {
        for text in [
            "",
            "login.example.com",
            "http://example.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "https://user@example.com/",
            "https://:secret@example.com/",
            "https://example.com/#part",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert!(checked_in(text, true).is_err(), "{text}");
        }
    }

    #[test]
    fn an_issuer_with_a_tenant_matches_any_tenant_and_nothing_else() {
        let expected = "https://login.microsoftonline.com/{tenantid}/v2.0";
        assert!(is_issuer(expected, "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"));
        for iss in [
            "https://login.microsoftonline.com/{tenantid}/v2.0",
            "https://login.microsoftonline.com//v2.0",
            "https://login.microsoftonline.com/common/v2.0",
            "https://login.microsoftonline.com/a/../9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
            "https://login.example.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        ] {
            assert!(!is_issuer(expected, iss), "{iss}");
        }
        assert!(!is_issuer("https://accounts.google.com", "https://accounts.google.com/"));
    }

    proptest! {
        #[test]
        fn what_passes_in_a_shipped_build_is_https(text in "[a-z]{2,6}:/{0,3}[a-z0-9@:/#.\\[\\]]{0,30}") {
            if let Ok(url) = checked_in(&text, false) {
                prop_assert_eq!(url.scheme(), "https");
                prop_assert!(url.username().is_empty() && url.password().is_none());
            }
        }
    }
}
