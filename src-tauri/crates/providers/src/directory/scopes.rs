//! The scopes that an administrator is asked for.

use std::collections::BTreeSet;
use uncouple_domain::Permission;
use uncouple_engine::directory::AdminScope;
use uncouple_engine::ports::SignInAt;

/// From the discovery documents of `admin:directory_v1` (`tokens`, `users`) and `admin:reports_v1` (`activities`), read
/// 2026-11. Seeing a person's tokens and deleting them are one scope.
const GOOGLE: [AdminScope; 3] = [
    AdminScope {
        scope: "https://www.googleapis.com/auth/admin.directory.user.security",
        permissions: &[Permission::Accesses, Permission::Apps, Permission::Revoke],
    },
    AdminScope {
        scope: "https://www.googleapis.com/auth/admin.directory.user.readonly",
        permissions: &[Permission::People],
    },
    AdminScope {
        scope: "https://www.googleapis.com/auth/admin.reports.audit.readonly",
        permissions: &[Permission::Log],
    },
];

/// The least that each call asks for, delegated
/// (<https://learn.microsoft.com/graph/permissions-reference> and the pages of the calls, read 2026-11).
const MICROSOFT: [AdminScope; 5] = [
    AdminScope {
        scope: "https://graph.microsoft.com/DelegatedPermissionGrant.ReadWrite.All",
        permissions: &[Permission::Revoke],
    },
    AdminScope {
        scope: "https://graph.microsoft.com/Directory.Read.All",
        permissions: &[Permission::People, Permission::Accesses],
    },
    AdminScope { scope: "https://graph.microsoft.com/Application.Read.All", permissions: &[Permission::Apps] },
    AdminScope { scope: "https://graph.microsoft.com/AuditLog.Read.All", permissions: &[Permission::Log] },
    AdminScope { scope: "https://graph.microsoft.com/Policy.Read.All", permissions: &[Permission::Policy] },
];

/// What Microsoft may leave out in front of a scope of Graph.
const GRAPH: &str = "https://graph.microsoft.com/";

fn all(at: SignInAt) -> &'static [AdminScope] {
    match at {
        SignInAt::Google => &GOOGLE,
        SignInAt::Microsoft => &MICROSOFT,
    }
}

pub(super) fn scopes(at: SignInAt, read_only: bool) -> Vec<AdminScope> {
    let wanted = |scope: &&AdminScope| !(read_only && scope.permissions.contains(&Permission::Revoke));
    all(at).iter().filter(wanted).cloned().collect()
}

pub(super) fn permissions(at: SignInAt, granted: &[String]) -> BTreeSet<Permission> {
    let has = |scope: &AdminScope| granted.iter().any(|granted| is_same(at, scope.scope, granted));
    all(at).iter().filter(|scope| has(scope)).flat_map(|scope| scope.permissions.iter().copied()).collect()
}

/// Microsoft's answers write scopes with or without the resource in front, and are not bound to a case
/// (<https://learn.microsoft.com/entra/identity-platform/scopes-oidc>, read 2026-11).
fn is_same(at: SignInAt, scope: &str, granted: &str) -> bool {
    match at {
        SignInAt::Google => scope == granted,
        SignInAt::Microsoft => {
            scope.eq_ignore_ascii_case(granted)
                || scope.strip_prefix(GRAPH).is_some_and(|short| short.eq_ignore_ascii_case(granted))
        }
    }
}
