//! What scopes reach, in the words that people know from HubSpot.

use crate::view::Reach;
use std::collections::BTreeSet;
use uncouple_domain::Suite;

/// What some scopes reach, most telling first. Scopes that only say who somebody is are named where there is no other.
pub(crate) fn reaches(suite: Suite, scopes: &[String]) -> Vec<Reach> {
    let one = match suite {
        Suite::Google => google,
        Suite::Microsoft => microsoft,
    };
    let mut all: BTreeSet<Reach> = scopes.iter().map(|scope| one(scope.trim())).collect();
    if all.len() > 1 {
        all.remove(&Reach::Identity);
    }
    all.into_iter().collect()
}

/// By the scope's last part (<https://developers.google.com/identity/protocols/oauth2/scopes>, read 2026-11).
fn google(scope: &str) -> Reach {
    let name = scope.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let part = name.split('.').next().unwrap_or_default();
    match part {
        "mail" | "gmail" => Reach::Mail,
        "calendar" => Reach::Calendar,
        "contacts" | "directory" => Reach::Contacts,
        "drive" | "documents" | "spreadsheets" | "presentations" => Reach::Files,
        "webmasters" => Reach::SearchConsole,
        "openid" | "email" | "profile" | "userinfo" => Reach::Identity,
        _ => Reach::Other,
    }
}

/// By the permission's first part (<https://learn.microsoft.com/graph/permissions-reference>, read 2026-11).
fn microsoft(scope: &str) -> Reach {
    let name = scope.rsplit('/').next().unwrap_or_default();
    let part = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    match part.as_str() {
        "mail" | "mailboxsettings" | "imap" | "pop" | "smtp" | "ews" | "eas" => Reach::Mail,
        "calendars" => Reach::Calendar,
        "contacts" | "people" => Reach::Contacts,
        "files" | "sites" => Reach::Files,
        "openid" | "email" | "profile" | "offline_access" | "user" => Reach::Identity,
        _ => Reach::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(suite: Suite, scopes: &[&str]) -> Vec<Reach> {
        reaches(suite, &scopes.iter().map(|scope| (*scope).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn scopes_are_named_by_what_they_reach() {
        let google = [
            "openid",
            "https://www.googleapis.com/auth/userinfo.email",
            "https://mail.google.com/",
            "https://www.googleapis.com/auth/gmail.modify",
            "https://www.googleapis.com/auth/calendar.events",
            "https://www.googleapis.com/auth/drive.file",
            "https://www.googleapis.com/auth/webmasters.readonly",
        ];
        let wanted = [Reach::Mail, Reach::Calendar, Reach::Files, Reach::SearchConsole];
        // `mail.google.com` has its name in the host.
        assert_eq!(of(Suite::Google, &google), wanted);
        let graph = ["Mail.ReadWrite", "Calendars.Read", "offline_access", "https://outlook.office.com/SMTP.Send"];
        assert_eq!(of(Suite::Microsoft, &graph), [Reach::Mail, Reach::Calendar]);
        assert_eq!(of(Suite::Microsoft, &["User.Read"]), [Reach::Identity]);
        assert_eq!(of(Suite::Google, &["https://example.com/new"]), [Reach::Other]);
        assert_eq!(of(Suite::Google, &[]), []);
    }
}
