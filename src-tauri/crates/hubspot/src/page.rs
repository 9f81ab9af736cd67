//! HubSpot's pages: reading an account from a pasted one, and making the one that is opened.

use uncouple_domain::HubSpotAccount;
use url::Url;

/// The host of HubSpot's app where no region is told.
const HOST: &str = "app.hubspot.com";

/// Where everybody can start who does not know their account.
pub(crate) const START: &str = "https://app.hubspot.com/";

/// Longer than any page of HubSpot's, filters included.
const MOST: usize = 8 * 1024;

/// Why no account was read from a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Not the address of a page.
    #[error("not an address")]
    NotAnAddress,
    /// Not https, or with a port or a user name, which HubSpot's pages never have.
    #[error("not a plain https address")]
    NotPlain,
    /// A page of somebody else.
    #[error("not HubSpot's")]
    NotHubSpot,
    /// HubSpot's, but without an account in it, as its start page and links for everybody (`/l/…`) are.
    #[error("no account in it")]
    NoAccount,
    /// HubSpot's sign-in page, which does not say where it leads.
    #[error("a sign-in page")]
    SignIn,
}

/// Reads host and account from the address of any page of HubSpot's app, as pasted from a browser.
///
/// Two shapes are known, both from public use rather than a promise of HubSpot's (seen 2026-11):
/// `/{tool}/{account}/…`, for example `/settings/…`, `/contacts/…`, `/live-messages-settings/…`; and
/// `?portalId={account}` on pages without it, for example `/home`. The sign-in page has the page that it leads to in
/// `loginRedirectUrl`. An account's number alone (its "Hub ID") is taken as well, and an address without `https://`, as
/// browsers show it.
///
/// # Errors
/// [`PageError`].
pub fn parse_page(text: &str) -> Result<HubSpotAccount, PageError> {
    let text = text.trim();
    if text.is_empty() || text.len() > MOST {
        return Err(PageError::NotAnAddress);
    }
    if let Some(account) = number(text) {
        return Ok(HubSpotAccount { host: HOST.to_owned(), account });
    }
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        // What has no scheme is an address only if it begins with a host's name.
        let host = text.split(['/', '?', '#']).next().unwrap_or_default();
        if !host.contains('.') {
            return Err(PageError::NotAnAddress);
        }
        format!("https://{text}")
    };
    let url = Url::parse(&whole).map_err(|_| PageError::NotAnAddress)?;
    read(&url, true)
}

/// Reads a page, and the one that a sign-in page leads to.
fn read(url: &Url, follow: bool) -> Result<HubSpotAccount, PageError> {
    let host = url.host_str().ok_or(PageError::NotAnAddress)?;
    if url.scheme() != "https" || url.port().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(PageError::NotPlain);
    }
    if !is_host(host) {
        return Err(PageError::NotHubSpot);
    }
    let in_path = || {
        let mut parts = url.path_segments()?;
        let tool = parts.next()?;
        let is_tool = tool.starts_with(|c: char| c.is_ascii_lowercase());
        number(parts.next().filter(|_| is_tool)?)
    };
    let in_query = || url.query_pairs().find(|(name, _)| name == "portalId").and_then(|(_, value)| number(&value));
    if let Some(account) = in_path().or_else(in_query) {
        return Ok(HubSpotAccount { host: host.to_owned(), account });
    }
    if !url.path().starts_with("/login") {
        return Err(PageError::NoAccount);
    }
    let next = url.query_pairs().find(|(name, _)| name == "loginRedirectUrl");
    let next = next.filter(|_| follow).and_then(|(_, next)| url.join(&next).ok()).ok_or(PageError::SignIn)?;
    read(&next, false).map_err(|_| PageError::SignIn)
}

/// `app.hubspot.com`, or that of a region such as `app-eu1.hubspot.com`.
fn is_host(host: &str) -> bool {
    let Some(name) = host.strip_suffix(".hubspot.com") else { return false };
    match name.strip_prefix("app") {
        Some("") => true,
        Some(region) => matches!(region.as_bytes(), [b'-', b'a'..=b'z', b'a'..=b'z', b'0'..=b'9']),
        None => false,
    }
}

/// An account's number: no sign, no leading zero, at most twelve digits (nine are in use, 2026-11).
fn number(text: &str) -> Option<u64> {
    let digits = text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    if digits { text.parse().ok() } else { None }
}

/// The Email settings of an account, or HubSpot's start page. The account may come from a file, so its
/// host is checked again.
pub(crate) fn email_settings(account: Option<&HubSpotAccount>) -> (String, bool) {
    match account {
        Some(HubSpotAccount { host, account }) if is_host(host) => {
            (format!("https://{host}/settings/{account}/user-preferences/email"), true)
        }
        _ => (START.to_owned(), false),
    }
}

/// The page with the inboxes and their channels, as [`email_settings`]. The address of the channels themselves is not
/// known, so the click path stands beside it (seen in public use, 2026-11).
pub(crate) fn inbox_settings(account: Option<&HubSpotAccount>) -> (String, bool) {
    match account {
        Some(HubSpotAccount { host, account }) if is_host(host) => {
            (format!("https://{host}/live-messages-settings/{account}/inboxes"), true)
        }
        _ => (START.to_owned(), false),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn account_of(text: &str) -> Result<(String, u64), PageError> {
        parse_page(text).map(|found| (found.host, found.account))
    }

    #[test]
    fn any_page_of_an_account_tells_it() {
        for (text, host, account) in [
            ("https://app.hubspot.com/settings/1234567/user-preferences/email", "app.hubspot.com", 1_234_567),
            (
                "https://app-eu1.hubspot.com/contacts/145437796/objects/0-1/views/all/list",
                "app-eu1.hubspot.com",
                145_437_796,
            ),
            ("https://app-na2.hubspot.com/live-messages-settings/53/inboxes", "app-na2.hubspot.com", 53),
            ("  https://app.hubspot.com/reports-dashboard/9876543?x=1#y \n", "app.hubspot.com", 9_876_543),
            ("https://app.hubspot.com/home?portalId=1234567", "app.hubspot.com", 1_234_567),
            ("https://APP.HubSpot.com/contacts/1234567/", "app.hubspot.com", 1_234_567),
            ("https://app.hubspot.com:443/contacts/1234567/", "app.hubspot.com", 1_234_567),
            ("app.hubspot.com/settings/1234567/user-preferences/email", "app.hubspot.com", 1_234_567),
            ("app-eu1.hubspot.com/contacts/1234567", "app-eu1.hubspot.com", 1_234_567),
            (" 1234567 ", "app.hubspot.com", 1_234_567),
            (
                "https://app.hubspot.com/login?loginRedirectUrl=https%3A%2F%2Fapp-eu1.hubspot.com%2Fsettings%2F1234567%2Fx",
                "app-eu1.hubspot.com",
                1_234_567,
            ),
            ("https://app.hubspot.com/login/beta?loginRedirectUrl=%2Fcontacts%2F1234567", "app.hubspot.com", 1_234_567),
            ("https://app.hubspot.com/login?loginPortalId=7&portalId=1234567", "app.hubspot.com", 1_234_567),
        ] {
            assert_eq!(account_of(text), Ok((host.to_owned(), account)), "{text}");
        }
    }

    #[test]
    fn other_peoples_pages_are_refused() {
        for text in [
            "https://app.hubspot.com.attacker.example/settings/1234567/",
            "https://attacker.example/app.hubspot.com/settings/1234567/",
            "https://hubspot.com/settings/1234567/",
            "https://www.hubspot.com/settings/1234567/",
            "https://knowledge.hubspot.com/settings/1234567/",
            "https://xapp.hubspot.com/settings/1234567/",
            "https://app-.hubspot.com/settings/1234567/",
            "https://app-eu.hubspot.com/settings/1234567/",
            "https://app-eu11.hubspot.com/settings/1234567/",
            "https://app-eu1.x.hubspot.com/settings/1234567/",
            "https://apphubspot.com/settings/1234567/",
            "https://app.hubspot.com./settings/1234567/",
            "https://127.0.0.1/settings/1234567/",
        ] {
            assert_eq!(account_of(text), Err(PageError::NotHubSpot), "{text}");
        }
    }

    #[test]
    fn an_address_with_something_unusual_is_refused() {
        for text in [
            "http://app.hubspot.com/settings/1234567/",
            "ftp://app.hubspot.com/settings/1234567/",
            "https://app.hubspot.com:8443/settings/1234567/",
            "https://user@app.hubspot.com/settings/1234567/",
            "https://:secret@app.hubspot.com/settings/1234567/",
        ] {
            assert_eq!(account_of(text), Err(PageError::NotPlain), "{text}");
        }
        let long = format!("https://app.hubspot.com/contacts/1234567/{}", "x".repeat(MOST));
        for text in
            ["", "  ", "/contacts/1234567", "javascript:1", "hub id", "0123", "1234567890123", "https://", &long]
        {
            assert_eq!(account_of(text), Err(PageError::NotAnAddress), "{:.60}", text);
        }
    }

    #[test]
    fn a_sign_in_page_leads_nowhere_but_to_hubspots_own_pages() {
        for text in [
            "https://app.hubspot.com/login",
            "https://app.hubspot.com/login?loginRedirectUrl=",
            "https://app.hubspot.com/login?loginRedirectUrl=https%3A%2F%2Fattacker.example%2Fsettings%2F1234567%2F",
            "https://app.hubspot.com/login?loginRedirectUrl=%2Flogin%3FloginRedirectUrl%3D%252Fcontacts%252F1234567",
            "app.hubspot.com/login/sso",
        ] {
            assert_eq!(account_of(text), Err(PageError::SignIn), "{text}");
        }
    }

    #[test]
    fn a_page_without_an_account_says_so() {
        for text in [
            "https://app.hubspot.com",
            "https://app.hubspot.com/l/settings/user-preferences/email",
            "https://app.hubspot.com/1234567/contacts",
            "https://app.hubspot.com/contacts//1234567",
            "https://app.hubspot.com/contacts/0123456/",
            "https://app.hubspot.com/contacts/-1/",
            "https://app.hubspot.com/contacts/1e6/",
            "https://app.hubspot.com/contacts/１２３４５６７/",
            "https://app.hubspot.com/contacts/1234567890123/",
            "https://app.hubspot.com/home?portalId=",
            "https://app.hubspot.com/home?portalid=1234567",
        ] {
            assert_eq!(account_of(text), Err(PageError::NoAccount), "{text}");
        }
    }

    #[test]
    fn a_host_that_was_changed_in_the_file_is_not_opened() {
        for host in ["attacker.example", "app.hubspot.com/x@attacker.example", "app.hubspot.com:8443", ""] {
            let account = HubSpotAccount { host: host.to_owned(), account: 1 };
            assert_eq!(email_settings(Some(&account)), (START.to_owned(), false), "{host}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_or_leads_to_another_host(text in "\\PC{0,80}") {
            if let Ok(found) = parse_page(&text) {
                prop_assert!(is_host(&found.host));
            }
        }

        #[test]
        fn what_is_read_opens_on_hubspots_own_host(
            text in "https?://[a-z0-9.@:-]{0,12}(app|app-eu1|app-x)?\\.hubspot\\.com[a-z0-9.@:?#/-]{0,4}/settings/[0-9]{0,14}[/a-z]{0,8}",
        ) {
            if let Ok(found) = parse_page(&text) {
                let (page, known) = email_settings(Some(&found));
                let opened = Url::parse(&page).unwrap();
                prop_assert!(known && opened.scheme() == "https" && is_host(opened.host_str().unwrap()));
                prop_assert!(opened.port().is_none() && opened.username().is_empty());
                // The page that is opened is itself one that tells the account.
                prop_assert_eq!(parse_page(&page), Ok(found));
            }
        }

        #[test]
        fn every_account_number_goes_there_and_back(account in 1_u64..1_000_000_000_000, region in "(-[a-z]{2}[0-9])?") {
            let text = format!("https://app{region}.hubspot.com/contacts/{account}/objects");
            prop_assert_eq!(account_of(&text), Ok((format!("app{region}.hubspot.com"), account)));
        }
    }
}
