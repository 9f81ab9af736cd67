//! `sign-in` and `sign-out`.

use crate::arguments::SignIn;
use crate::failure::{Failure, Status};
use crate::find::parse;
use crate::out::{Form, Out};
use crate::session::Session;
use crate::status::print_organisation;
use crate::terminal;
use crate::words::{self, say};
use async_trait::async_trait;
use serde_json::json;
use uncouple_engine::ports::{Browser, BrowserError};
use uncouple_engine::view::{AdminSignInResult, KeyringTrouble};
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, ErrorCode};
use uncouple_host::SystemBrowser;
use url::Url;

/// The system's browser, and where it can't be started or is not wanted the address to open, for a person who has a
/// browser elsewhere.
#[derive(Debug)]
pub(crate) struct AddressBrowser {
    form: Form,
    never: bool,
}

impl AddressBrowser {
    /// `never`: no browser is started.
    pub(crate) fn new(form: Form, never: bool) -> Self {
        Self { form, never }
    }
}

#[async_trait]
impl Browser for AddressBrowser {
    async fn open(&self, page: &Url) -> Result<(), BrowserError> {
        if !self.never && SystemBrowser.open(page).await.is_ok() {
            return Ok(());
        }
        // The answer comes to this port of this computer (RFC 8252 section 7.3), wherever the browser is.
        let redirect = page.query_pairs().find(|(name, _)| name == "redirect_uri");
        let port = redirect.and_then(|(_, to)| Url::parse(&to).ok()?.port()).unwrap_or_default();
        if self.form == Form::Json {
            terminal::note_json(&json!({ "progress": { "of": "sign_in", "open": page.as_str(), "port": port } }));
        } else {
            terminal::note(&say("sign_in_address", &[]));
            terminal::note(page.as_str());
            terminal::note(&say("sign_in_waits", &[]));
            terminal::note(&say("sign_in_port", &[("port", &port.to_string())]));
        }
        Ok(())
    }
}

pub(crate) async fn sign_in(session: &Session, ask: &SignIn, out: &mut Out) -> Result<Status, Failure> {
    let suite = Suite::from(ask.at);
    let asks = session.engine.admin().await?.asks;
    if !asks.iter().any(|one| one.suite == suite && one.app) {
        let variable = match suite {
            Suite::Google => "UNCOUPLE_GOOGLE_CLIENT_ID",
            Suite::Microsoft => "UNCOUPLE_MICROSOFT_CLIENT_ID",
        };
        return Err(Failure::from(AppError::from(ErrorCode::SignInNoApp))
            .in_words("sign_in_no_app", "sign_in_no_app_for")
            .with("provider", words::suite(suite))
            .with("variable", variable));
    }
    if out.text() && !ask.no_browser {
        terminal::note(&say("sign_in_browser", &[]));
    }
    let result = session.engine.admin_sign_in(suite, ask.read_only, None).await?;
    let id = match result {
        AdminSignInResult::SignedIn { organisation } => organisation,
        // Kept for this run only, it would end with this command.
        AdminSignInResult::KeyringRefused { pending, why, .. } => {
            let pending = pending.parse().map_err(|_| Failure::internal())?;
            session.engine.drop_admin_sign_in(pending).await?;
            return Err(AppError::from(keyring(why)).into());
        }
    };
    let organisation = session.engine.admin().await?.organisations.into_iter().find(|one| one.id == id);
    let organisation = organisation.ok_or_else(Failure::internal)?;
    out.begin("sign-in/1");
    out.field("organisation", &organisation);
    print_organisation(&organisation, out);
    out.id(&organisation.id);
    out.end();
    Ok(Status::Done)
}

fn keyring(why: KeyringTrouble) -> ErrorCode {
    match why {
        KeyringTrouble::Absent => ErrorCode::KeyringAbsent,
        KeyringTrouble::NoCollection => ErrorCode::KeyringNoCollection,
        KeyringTrouble::Locked => ErrorCode::KeyringLocked,
        KeyringTrouble::Silent => ErrorCode::KeyringSilent,
        KeyringTrouble::Failed => ErrorCode::KeyringFailed,
    }
}

pub(crate) async fn sign_out(session: &Session, out: &mut Out) -> Result<Status, Failure> {
    let organisation = session.organisation().await?;
    let done = session.engine.admin_sign_out(parse(&organisation)?).await?;
    out.begin("sign-out/1");
    out.field("organisation", &organisation.id);
    out.field("signed_out", &done);
    out.line(if done.forgotten { say("signed_out", &[]) } else { say("signed_out_kept", &[]) });
    if done.shared {
        out.line(say("signed_out_shared", &[]));
    } else if !done.revoked {
        out.line(say("signed_out_listed", &[]));
    }
    out.end();
    Ok(if done.forgotten { Status::Done } else { Status::Failed })
}
