//! `sign-in` and `sign-out`.

use crate::arguments::SignIn;
use crate::failure::{Failure, Status};
use crate::find::parse;
use crate::out::Out;
use crate::session::Session;
use crate::status::print_organisation;
use std::io::Write as _;
use uncouple_engine::view::{AdminSignInResult, KeyringTrouble};
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, ErrorCode};

pub(crate) async fn sign_in(session: &Session, ask: &SignIn, out: &mut Out) -> Result<Status, Failure> {
    if !out.json() {
        let _ = writeln!(std::io::stderr(), "The browser opens. Sign in there and come back.");
    }
    let result = session.engine.admin_sign_in(Suite::from(ask.at), ask.read_only, None).await?;
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
    out.end();
    Ok(Status::Done)
}

fn keyring(why: KeyringTrouble) -> ErrorCode {
    match why {
        KeyringTrouble::Absent => ErrorCode::KeyringAbsent,
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
    out.line(if done.forgotten {
        "Signed out. The token was deleted, and the keyring read back as empty."
    } else {
        "Signed out. The keyring did not let go of the token yet; that is tried again when Uncouple runs."
    });
    if done.shared {
        out.line(
            "A mailbox that is connected here hangs on the same permission, so the provider still lists this app.",
        );
    } else if !done.revoked {
        out.line("The provider may still list this app's own permission. It can be removed there.");
    }
    out.end();
    Ok(if done.forgotten { Status::Done } else { Status::Failed })
}
