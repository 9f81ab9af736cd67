//! A request as it arrived, and what it asks for.

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use std::fmt;

/// What a request asks for. Both services share the names of what they have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// The list of the organisation's people.
    Users,
    /// One person.
    User,
    /// Google: the list of the apps that one person lets in.
    Tokens,
    /// Google: one app that one person lets in.
    Token,
    /// Google: `tokens.delete`.
    DeleteToken,
    /// The log: Google's `token` activities, Microsoft's directory audits.
    Audit,
    /// Microsoft: the signed-in administrator.
    Me,
    /// Microsoft: the tenant.
    Organization,
    /// Microsoft: the grants of one person, without those for everyone.
    UserGrants,
    /// Microsoft: the grants of the tenant.
    Grants,
    /// Microsoft: one grant.
    Grant,
    /// Microsoft: the deletion of one grant.
    DeleteGrant,
    /// Microsoft: a new grant.
    PostGrant,
    /// Microsoft: the application permissions of one app.
    AppRoles,
    /// Microsoft: what people may do by themselves.
    Policy,
    /// Microsoft: the list of service principals.
    Apps,
    /// Microsoft: one service principal, by its id or by its app's id.
    App,
    /// Microsoft: `$batch` itself. What is in it has routes of its own.
    Batch,
    /// The token endpoint.
    Refresh,
    /// Google's revocation endpoint.
    Revoke,
    /// Nothing that is served here.
    Unknown,
}

impl Route {
    /// The same, for one person only (counted from 0).
    #[must_use]
    pub fn of(self, user: usize) -> On {
        On { route: Some(self), user: Some(user) }
    }

    /// Whether something is deleted by it.
    #[must_use]
    pub fn deletes(self) -> bool {
        matches!(self, Self::DeleteToken | Self::DeleteGrant)
    }

    /// Whether it belongs to the sign-in and not to the API.
    #[must_use]
    pub fn is_sign_in(self) -> bool {
        matches!(self, Self::Refresh | Self::Revoke)
    }
}

/// Which requests something is about. A [`Route`] is one of these, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct On {
    /// `None` for every route.
    pub route: Option<Route>,
    /// `None` for everybody, and for routes that are about nobody.
    pub user: Option<usize>,
}

impl On {
    /// Every request.
    pub const ANY: Self = Self { route: None, user: None };

    pub(crate) fn meets(self, target: &Target) -> bool {
        self.route.is_none_or(|route| route == target.route) && self.user.is_none_or(|user| target.user == Some(user))
    }
}

impl From<Route> for On {
    fn from(route: Route) -> Self {
        Self { route: Some(route), user: None }
    }
}

/// What a request turned out to be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) route: Route,
    /// The person, where the request names one that exists or existed.
    pub(crate) user: Option<usize>,
    /// The client id, the grant's id or what else is at the end of the path.
    pub(crate) item: Option<String>,
}

impl Target {
    pub(crate) fn plain(route: Route) -> Self {
        Self { route, user: None, item: None }
    }
}

/// A request, read to its end.
#[derive(Clone, Default)]
pub(crate) struct Call {
    /// The connection's number, from 1.
    pub(crate) connection: u64,
    /// Came inside of a `$batch`.
    pub(crate) in_batch: bool,
    pub(crate) method: String,
    /// As it was sent, still encoded.
    pub(crate) path: String,
    /// As it was sent, without the question mark.
    pub(crate) query: String,
    pub(crate) authorization: Option<String>,
    /// `ConsistencyLevel: eventual` was sent.
    pub(crate) eventual: bool,
    pub(crate) client_request_id: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Bytes,
}

impl Call {
    /// The decoded parts of the path.
    pub(crate) fn segments(&self) -> Vec<String> {
        segments(&self.path)
    }

    /// The decoded parameters, in their order.
    pub(crate) fn params(&self) -> Params {
        Params(url::form_urlencoded::parse(self.query.as_bytes()).into_owned().collect())
    }

    /// The fields of a form that was sent as the body.
    pub(crate) fn form(&self) -> Params {
        Params(url::form_urlencoded::parse(&self.body).into_owned().collect())
    }
}

/// Without what lets somebody in.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}?{}", self.method, self.path, self.query)
    }
}

pub(crate) fn segments(path: &str) -> Vec<String> {
    let parts = path.strip_prefix('/').unwrap_or(path).split('/');
    parts.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect()
}

/// Parameters of a query or fields of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(pub(crate) Vec<(String, String)>);

impl Params {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A name that is not among the known ones, or is there twice.
    pub(crate) fn odd_one(&self, known: &[&str]) -> Option<&str> {
        let twice = |name: &String| self.0.iter().filter(|(key, _)| key == name).count() > 1;
        self.0.iter().map(|(key, _)| key).find(|key| !known.contains(&key.as_str()) || twice(key)).map(String::as_str)
    }
}
