//! Who hosts a domain's mail, judged by names alone.

use uncouple_domain::Provider;
use uncouple_engine::ports::MailHost;

/// Mail domains that everybody can get an address in, so that nobody has to be asked. A short list of
/// the project's own; what is missing here is found by its MX records.
const KNOWN: [(Provider, &[&str]); 3] = [
    (Provider::Google, &["gmail.com", "googlemail.com"]),
    (
        Provider::OutlookCom,
        &[
            "hotmail.co.jp",
            "hotmail.co.uk",
            "hotmail.com",
            "hotmail.de",
            "hotmail.es",
            "hotmail.fr",
            "hotmail.it",
            "live.co.uk",
            "live.com",
            "live.fr",
            "live.jp",
            "live.nl",
            "msn.com",
            "outlook.com",
            "outlook.de",
            "outlook.es",
            "outlook.fr",
            "outlook.it",
            "outlook.jp",
            "outlook.kr",
            "windowslive.com",
        ],
    ),
    (
        Provider::Imap,
        &[
            "aol.com",
            "au.com",
            "biglobe.ne.jp",
            "docomo.ne.jp",
            "ezweb.ne.jp",
            "fastmail.com",
            "gmx.de",
            "gmx.net",
            "icloud.com",
            "i.softbank.jp",
            "mac.com",
            "me.com",
            "nifty.com",
            "ocn.ne.jp",
            "so-net.ne.jp",
            "softbank.ne.jp",
            "yahoo.co.jp",
            "yahoo.co.uk",
            "yahoo.com",
            "ymail.com",
            "zoho.com",
        ],
    ),
];

/// Names of mail exchangers, right to left in whole labels; `*` stands for one label, and one or more
/// must stand before a name that begins with a dot. None: a filter in front of a host that the record
/// does not tell.
///
/// Sources: Google <https://support.google.com/a/answer/174125> (the present single record and the
/// older five); Microsoft 365 <https://learn.microsoft.com/purview/how-smtp-dane-works> (`mx.microsoft`)
/// and the records that its tenants are given; the rest as seen in public tables of mail exchangers.
/// Read 2026-11.
const EXCHANGERS: [(Option<Provider>, &[&str]); 5] = [
    (
        Some(Provider::Google),
        &[
            "smtp.google.com",
            "aspmx.l.google.com",
            ".aspmx.l.google.com",
            "aspmx2.googlemail.com",
            "aspmx3.googlemail.com",
            "aspmx4.googlemail.com",
            "aspmx5.googlemail.com",
            "gmail-smtp-in.l.google.com",
            ".gmail-smtp-in.l.google.com",
        ],
    ),
    (Some(Provider::Microsoft365), &[".mail.protection.outlook.com", ".mail.*.outlook.com", ".mx.microsoft"]),
    (Some(Provider::OutlookCom), &[".olc.protection.outlook.com", ".hotmail.com"]),
    (
        Some(Provider::Imap),
        &[
            ".mail.icloud.com",
            ".yahoodns.net",
            ".mail.yahoo.co.jp",
            ".messagingengine.com",
            ".zoho.com",
            ".gmx.net",
            ".gmx.com",
        ],
    ),
    (
        None,
        &[
            ".pphosted.com",
            ".mimecast.com",
            ".barracudanetworks.com",
            ".messagelabs.com",
            ".inboundmx.com",
            ".mailcontrol.com",
            ".mxlogic.net",
            ".arsmtp.com",
            ".fireeyecloud.com",
        ],
    ),
];

/// The provider of a well-known mail domain. `onmicrosoft.com` is the domain that every Microsoft 365
/// tenant starts with.
pub(crate) fn known(domain: &str) -> Option<Provider> {
    let domain = domain.to_ascii_lowercase();
    if matches(".onmicrosoft.com", &domain) {
        return Some(Provider::Microsoft365);
    }
    KNOWN.into_iter().find(|(_, domains)| domains.contains(&domain.as_str())).map(|(provider, _)| provider)
}

/// Whether a name stands behind a pattern. Label by label: `aspmx.l.google.com.example.net` is not Google's.
fn matches(pattern: &str, name: &str) -> bool {
    let (below, pattern) = pattern.strip_prefix('.').map_or((false, pattern), |rest| (true, rest));
    let mut labels = name.rsplit('.');
    let fits = pattern.rsplit('.').all(|wanted| {
        labels.next().is_some_and(|label| !label.is_empty() && (wanted == "*" || wanted.eq_ignore_ascii_case(label)))
    });
    fits && labels.next().is_some_and(|label| !label.is_empty()) == below
}

fn exchanger(name: &str) -> Option<Option<Provider>> {
    let name = name.strip_suffix('.').unwrap_or(name);
    EXCHANGERS.into_iter().find(|(_, patterns)| patterns.iter().any(|p| matches(p, name))).map(|(whose, _)| whose)
}

/// Judges MX records (preference, exchanger). Only those with the lowest preference speak: the others
/// are often a spare that keeps mail for the real host. If they disagree, nobody knows.
pub(crate) fn host(records: &[(u16, String)]) -> MailHost {
    let Some(lowest) = records.iter().map(|(preference, _)| *preference).min() else { return MailHost::Unknown };
    let mut first = records.iter().filter(|(preference, _)| *preference == lowest).map(|(_, name)| exchanger(name));
    match first.next() {
        Some(Some(Some(provider))) if first.all(|other| other == Some(Some(provider))) => MailHost::Is(provider),
        _ => MailHost::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(name: &str) -> MailHost {
        host(&[(10, name.to_owned())])
    }

    #[test]
    fn well_known_exchangers_tell_their_host() {
        for (name, provider) in [
            ("aspmx.l.google.com.", Provider::Google),
            ("SMTP.GOOGLE.COM", Provider::Google),
            ("alt1.aspmx.l.google.com", Provider::Google),
            ("alt3.gmail-smtp-in.l.google.com", Provider::Google),
            ("example-com.mail.protection.outlook.com", Provider::Microsoft365),
            ("example-com.mail.eo.outlook.com.", Provider::Microsoft365),
            ("example-com.o-v1.mx.microsoft", Provider::Microsoft365),
            ("outlook-com.olc.protection.outlook.com", Provider::OutlookCom),
            ("mx1.mail.icloud.com", Provider::Imap),
            ("mta5.am0.yahoodns.net", Provider::Imap),
        ] {
            assert_eq!(one(name), MailHost::Is(provider), "{name}");
        }
    }

    #[test]
    fn filters_and_strangers_tell_nothing() {
        for name in [
            "mx0a-001.pphosted.com",
            "eu-smtp-inbound-1.mimecast.com",
            "mail.example.net",
            "evil-aspmx.l.google.com.example.net",
            "evilaspmx.l.google.com",
            "xsmtp.google.com",
            "x.smtp.google.com",
            "x.aspmx2.googlemail.com",
            "mail.protection.outlook.com",
            "mx.microsoft",
            "x.mail.a.b.outlook.com",
            "google.com",
            "",
            ".",
            "..mail.protection.outlook.com",
        ] {
            assert_eq!(one(name), MailHost::Unknown, "{name}");
        }
    }

    #[test]
    fn a_domain_that_takes_no_mail_has_no_host() {
        assert_eq!(host(&[]), MailHost::Unknown);
        // RFC 7505: a single MX of the root with preference 0.
        assert_eq!(host(&[(0, ".".to_owned())]), MailHost::Unknown);
    }

    #[test]
    fn only_the_lowest_preference_speaks() {
        let records = |list: &[(u16, &str)]| list.iter().map(|(p, n)| (*p, (*n).to_owned())).collect::<Vec<_>>();
        let google = "smtp.google.com";
        assert_eq!(host(&records(&[(20, "mail.example.net"), (1, google)])), MailHost::Is(Provider::Google));
        assert_eq!(host(&records(&[(1, "mail.example.net"), (20, google)])), MailHost::Unknown);
        assert_eq!(host(&records(&[(1, "mx.pphosted.com"), (20, google)])), MailHost::Unknown);
        assert_eq!(host(&records(&[(1, google), (1, "a.mail.protection.outlook.com")])), MailHost::Unknown);
        assert_eq!(host(&records(&[(1, google), (1, "aspmx.l.google.com")])), MailHost::Is(Provider::Google));
    }

    #[test]
    fn well_known_domains_need_no_question() {
        for (domain, provider) in [
            ("gmail.com", Some(Provider::Google)),
            ("GMAIL.com", Some(Provider::Google)),
            ("outlook.jp", Some(Provider::OutlookCom)),
            ("yahoo.co.jp", Some(Provider::Imap)),
            ("contoso.onmicrosoft.com", Some(Provider::Microsoft365)),
            ("onmicrosoft.com", None),
            ("mail.gmail.com", None),
            ("notgmail.com", None),
            ("example.com", None),
        ] {
            assert_eq!(known(domain), provider, "{domain}");
        }
    }

    #[test]
    fn the_lists_are_in_small_letters_and_name_nothing_twice() {
        let domains: Vec<_> = KNOWN.iter().flat_map(|(_, domains)| domains.iter()).collect();
        let mut sorted = domains.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), domains.len());
        let patterns = EXCHANGERS.iter().flat_map(|(_, patterns)| patterns.iter());
        for text in domains.into_iter().chain(patterns) {
            assert_eq!(text.to_ascii_lowercase(), **text);
        }
    }

    proptest! {
        #[test]
        fn a_foreign_end_is_never_a_known_host(front in "[a-z0-9.-]{0,40}", end in "[a-z]{2,8}\\.(example|test|invalid)") {
            prop_assert_eq!(one(&format!("{front}.{end}")), MailHost::Unknown);
        }

        #[test]
        fn case_and_a_last_dot_change_nothing(name in "[a-zA-Z0-9.-]{0,20}(\\.mx\\.microsoft|smtp\\.google\\.com|)") {
            prop_assume!(!name.ends_with('.'));
            prop_assert_eq!(one(&name), one(&format!("{}.", name.to_ascii_uppercase())));
        }
    }
}
