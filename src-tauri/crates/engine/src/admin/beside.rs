//! What stands beside people's consents in an organisation: application permissions, the consent policy, and what
//! nobody looks at.

use crate::core::Engine;
use crate::directory::{ApiError, Directory};
use crate::view::{AppRoleView, AppRolesView, NotLookedAt, Reconsent, RoleReach};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::timeout;
use uncouple_domain::{AppRole, AppRoles, ConsentPolicy, ConsentRule, Organisation, Permission, Scope, Suite};

/// A plan or a run is not held up any longer for this.
const LONGEST: Duration = Duration::from_secs(20);

impl Engine {
    /// Reads the application permissions of the apps that were named as HubSpot's, and the consent policy where the
    /// sign-in allows it. What can't be read is written down as that, and nothing fails because of it. Google has
    /// neither.
    pub(super) async fn read_beside(&self, organisation: &Organisation, directory: &dyn Directory) {
        match organisation.suite {
            Suite::Google => return,
            Suite::Microsoft => {}
        }
        let given = self.start.given_token.is_some();
        let mut roles = BTreeMap::new();
        let mut policy = None;
        let reading_roles = async {
            for app in organisation.apps.iter().filter(|_| given || organisation.may(Permission::Apps)) {
                let at = self.ports.clock.now();
                let read = match directory.app_roles(&app.key).await {
                    Ok(roles) => AppRoles::Read { at, roles },
                    Err(error) => {
                        tracing::info!(%error, "application permissions were not read");
                        AppRoles::Unread { at }
                    }
                };
                roles.insert(app.key.clone(), read);
            }
        };
        let reading_policy = async {
            if given || organisation.may(Permission::Policy) {
                let at = self.ports.clock.now();
                policy = match directory.consent_rule().await {
                    Ok(rule) => Some(ConsentPolicy { rule, at }),
                    // What was known may not hold any more.
                    Err(ApiError::Forbidden { .. } | ApiError::Unreadable) => {
                        Some(ConsentPolicy { rule: ConsentRule::Other, at })
                    }
                    Err(error) => {
                        tracing::info!(%error, "the consent policy was not read");
                        None
                    }
                };
            }
        };
        let in_time = timeout(LONGEST, async { tokio::join!(reading_roles, reading_policy) }).await.is_ok();
        let now = self.ports.clock.now();
        for app in &organisation.apps {
            // An older read says nothing of today.
            let unread = if in_time { AppRoles::NotRead } else { AppRoles::Unread { at: now } };
            roles.entry(app.key.clone()).or_insert(unread);
        }
        let id = organisation.id;
        let written = self
            .change(Scope::Organisation(id), move |workspace, _| workspace.organisation_read(id, &roles, policy))
            .await;
        if let Err(error) = written {
            tracing::warn!(code = ?error.code, "what stands beside the consents was not kept");
        }
    }
}

/// What neither a search nor a proof speaks of.
pub(crate) fn not_looked_at(organisation: &Organisation) -> Vec<NotLookedAt> {
    match organisation.suite {
        Suite::Google => vec![
            NotLookedAt::DomainWideDelegation,
            NotLookedAt::DomainInstalls,
            NotLookedAt::AppPasswords,
            NotLookedAt::Forwarding,
        ],
        Suite::Microsoft => {
            let read = |roles: &AppRoles| matches!(roles, AppRoles::Read { .. });
            let all_read = !organisation.apps.is_empty() && organisation.apps.iter().all(|app| read(&app.roles));
            let unread = (!all_read).then_some(NotLookedAt::ApplicationPermissions);
            unread.into_iter().chain([NotLookedAt::AppPasswords, NotLookedAt::Forwarding]).collect()
        }
    }
}

/// Who can let apps with such scopes in again.
pub(crate) fn reconsent<'a>(policy: Option<&ConsentPolicy>, mut scopes: impl Iterator<Item = &'a str>) -> Reconsent {
    match policy.map(|policy| policy.rule) {
        Some(ConsentRule::People) => Reconsent::People,
        Some(ConsentRule::Administrators) => Reconsent::Administrator,
        Some(ConsentRule::MicrosoftManaged) if scopes.any(is_kept_from_people) => Reconsent::Administrator,
        Some(ConsentRule::MicrosoftManaged | ConsentRule::Other) | None => Reconsent::Unknown,
    }
}

/// Scopes that people can't allow by themselves where Microsoft manages the consent settings
/// (<https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies>, read 2026-11).
fn is_kept_from_people(scope: &str) -> bool {
    const KEPT: [&str; 8] = [
        "Mail.Read",
        "Mail.ReadWrite",
        "Calendars.Read",
        "Calendars.ReadWrite",
        "IMAP.AccessAsUser.All",
        "POP.AccessAsUser.All",
        "EWS.AccessAsUser.All",
        "EAS.AccessAsUser.All",
    ];
    let name = scope.rsplit('/').next().unwrap_or_default();
    KEPT.iter().any(|kept| kept.eq_ignore_ascii_case(name))
}

pub(crate) fn roles_view(suite: Suite, roles: &AppRoles) -> AppRolesView {
    match (suite, roles) {
        (Suite::Google, _) => AppRolesView::None,
        (Suite::Microsoft, AppRoles::NotRead) => AppRolesView::NotRead,
        (Suite::Microsoft, AppRoles::Unread { at }) => AppRolesView::Unread { at: text(*at) },
        (Suite::Microsoft, AppRoles::Read { at, roles }) => {
            AppRolesView::Read { at: text(*at), roles: roles.iter().map(role_view).collect() }
        }
    }
}

fn text(at: Timestamp) -> String {
    at.to_string()
}

fn role_view(role: &AppRole) -> AppRoleView {
    AppRoleView {
        id: role.id.clone(),
        value: role.value.clone(),
        resource: role.resource.clone(),
        reach: role.value.as_deref().and_then(reach),
    }
}

/// By the permission's name (<https://learn.microsoft.com/graph/permissions-reference>, and for Exchange Online
/// <https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth>,
/// read 2026-11).
fn reach(value: &str) -> Option<RoleReach> {
    Some(match value {
        "Mail.Read" | "Mail.ReadBasic" | "Mail.ReadBasic.All" => RoleReach::MailRead,
        "Mail.ReadWrite" => RoleReach::MailChange,
        "Mail.Send" | "SMTP.SendAsApp" => RoleReach::MailSend,
        "full_access_as_app" | "IMAP.AccessAsApp" | "POP.AccessAsApp" => RoleReach::Mailboxes,
        "Calendars.Read" | "Calendars.ReadBasic.All" | "Calendars.ReadWrite" => RoleReach::Calendars,
        "Contacts.Read" | "Contacts.ReadWrite" => RoleReach::Contacts,
        "Files.Read.All" | "Files.ReadWrite.All" | "Sites.Read.All" | "Sites.ReadWrite.All" => RoleReach::Files,
        "User.Read.All" | "User.ReadBasic.All" | "Directory.Read.All" => RoleReach::People,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_can_let_it_in_again_is_said_only_where_it_is_known() {
        let at = Timestamp::UNIX_EPOCH;
        let of = |rule: Option<ConsentRule>, scopes: &[&str]| {
            reconsent(rule.map(|rule| ConsentPolicy { rule, at }).as_ref(), scopes.iter().copied())
        };
        let mail = ["offline_access", "Mail.ReadWrite"];
        assert_eq!(of(None, &mail), Reconsent::Unknown);
        assert_eq!(of(Some(ConsentRule::People), &mail), Reconsent::People);
        assert_eq!(of(Some(ConsentRule::Administrators), &[]), Reconsent::Administrator);
        assert_eq!(of(Some(ConsentRule::MicrosoftManaged), &mail), Reconsent::Administrator);
        let imap = ["https://outlook.office.com/IMAP.AccessAsUser.All"];
        assert_eq!(of(Some(ConsentRule::MicrosoftManaged), &imap), Reconsent::Administrator);
        assert_eq!(of(Some(ConsentRule::MicrosoftManaged), &["User.Read"]), Reconsent::Unknown);
        assert_eq!(of(Some(ConsentRule::Other), &mail), Reconsent::Unknown);
    }
}
