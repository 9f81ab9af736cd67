use crate::directory::AdminApis;
use crate::directory::Patience;
use crate::directory::likeness::{of_app, of_name};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uncouple_domain::Permission;
use uncouple_engine::directory::{Directories, Likeness};
use uncouple_engine::ports::SignInAt;

#[test]
fn hubspots_name_is_told_from_what_only_looks_like_it() {
    for (name, likeness) in [
        ("HubSpot", Likeness::Named),
        ("hubspot ads", Likeness::Named),
        ("My HUBSPOT helper 日本語", Likeness::Named),
        // A Cyrillic o, a Greek capital, full width, a nought.
        ("HubSp\u{43e}t", Likeness::LookAlike),
        ("HubSp\u{39f}t", Likeness::LookAlike),
        ("ＨｕｂＳｐｏｔ", Likeness::LookAlike),
        ("HubSp0t", Likeness::LookAlike),
        // A space, a sign, an accent, nothing that is seen.
        ("Hub Spot", Likeness::LookAlike),
        ("Hub-Spot", Likeness::LookAlike),
        ("HübSpot", Likeness::LookAlike),
        ("Hub\u{200b}Spot", Likeness::LookAlike),
        ("GitHub", Likeness::Other),
        ("Spot the hub", Likeness::Other),
        ("", Likeness::Other),
    ] {
        assert_eq!(of_name(name), likeness, "{name:?}");
    }
}

#[test]
fn at_microsoft_only_a_verified_publisher_of_the_same_name_makes_an_app_hubspots() {
    assert_eq!(of_app("HubSpot Sales", Some("HubSpot, Inc.")), Likeness::Named);
    assert_eq!(of_app("HubSpot Sales", None), Likeness::LookAlike);
    assert_eq!(of_app("HubSpot Sales", Some("Somebody else")), Likeness::LookAlike);
    assert_eq!(of_app("HubSpot Sales", Some("HubSp\u{43e}t")), Likeness::LookAlike);
    assert_eq!(of_app("HubSp\u{43e}t", Some("HubSpot")), Likeness::LookAlike);
    assert_eq!(of_app("Slack", Some("HubSpot")), Likeness::Other);
}

fn apis() -> AdminApis {
    AdminApis::new(Patience::default()).unwrap()
}

fn permissions(at: SignInAt, granted: &[&str]) -> BTreeSet<Permission> {
    apis().permissions(at, &granted.iter().map(|scope| (*scope).to_owned()).collect::<Vec<_>>())
}

#[test]
fn what_is_asked_for_is_what_is_needed() {
    use Permission::{Accesses, Apps, Log, People, Policy, Revoke};
    for at in [SignInAt::Google, SignInAt::Microsoft] {
        let scopes = |read_only| apis().scopes(at, read_only).iter().map(|scope| scope.scope).collect::<Vec<_>>();
        let mut all = BTreeSet::from([People, Accesses, Apps, Revoke, Log]);
        // Google has no such rule to read.
        all.extend((at == SignInAt::Microsoft).then_some(Policy));
        assert_eq!(permissions(at, &scopes(false)), all);
        let looking = permissions(at, &scopes(true));
        assert!(!looking.contains(&Revoke) && looking.is_superset(&[People, Log].into()), "{looking:?}");
        assert_eq!(looking.contains(&Accesses), at == SignInAt::Microsoft);
        assert!(permissions(at, &["openid", "email", "offline_access"]).is_empty());
    }
}

#[test]
fn microsoft_may_write_scopes_shorter_and_in_any_case() {
    let full = "https://graph.microsoft.com/AuditLog.Read.All";
    for granted in [full, &full.to_lowercase(), "AuditLog.Read.All", "auditlog.read.all"] {
        assert_eq!(permissions(SignInAt::Microsoft, &[granted]), [Permission::Log].into(), "{granted}");
    }
    for other in ["AuditLog.Read", "https://example.com/AuditLog.Read.All", "xAuditLog.Read.All"] {
        assert!(permissions(SignInAt::Microsoft, &[other]).is_empty(), "{other}");
    }
    let google = "https://www.googleapis.com/auth/admin.reports.audit.readonly";
    assert_eq!(permissions(SignInAt::Google, &[google]), [Permission::Log].into());
    assert!(permissions(SignInAt::Google, &["admin.reports.audit.readonly"]).is_empty());
}

proptest! {
    #[test]
    fn no_name_breaks_the_comparison(name in "\\PC{0,40}", before in "\\PC{0,8}", after in "\\PC{0,8}") {
        let _ = of_name(&name);
        prop_assert_eq!(of_name(&format!("{before}hUbSpOt{after}")), Likeness::Named);
        prop_assert_ne!(of_name(&format!("{before}hub spot{after}")), Likeness::Other);
    }
}
