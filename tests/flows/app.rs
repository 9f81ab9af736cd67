//! The app on a desk, and what a person does with it, by the names on the screen.

use anyhow::Result;
use serde_json::json;
use std::path::PathBuf;
use uncouple_desk::{Desk, Keyring, Person, SignIn, Start, Window};

pub(crate) struct App {
    pub(crate) desk: Desk,
    pub(crate) window: Window,
    pub(crate) sign_in: Option<SignIn>,
    /// What the app is told besides.
    variables: Vec<(String, String)>,
    language: &'static str,
}

impl App {
    /// The app at its welcome, in a language.
    pub(crate) async fn welcome(language: &'static str) -> Result<Self> {
        Self::start(language, Desk::new(Keyring::Unlocked)?, None).await
    }

    /// The same on a desk that was prepared.
    pub(crate) async fn on(language: &'static str, desk: Desk) -> Result<Self> {
        Self::start(language, desk, None).await
    }

    /// The app with an empty workspace of 佐藤 花子's.
    pub(crate) async fn empty(language: &'static str) -> Result<Self> {
        Self::welcome(language).await?.begun().await
    }

    /// The same, where people can sign in.
    pub(crate) async fn with_sign_in(language: &'static str, keyring: Keyring) -> Result<Self> {
        Self::start(language, Desk::new(keyring)?, Some(SignIn::start()?)).await?.begun().await
    }

    /// The same, where an administrator signs in and an organisation's API answers: `provider` is the one that knows the
    /// access token of that API.
    pub(crate) async fn administering(language: &'static str, provider: &str, api: &str, access: &str) -> Result<Self> {
        let sign_in = SignIn::start()?;
        sign_in.behave(provider, "access", access).await?;
        let variables = vec![(format!("UNCOUPLE_{}_API_URL", provider.to_uppercase()), api.to_owned())];
        let desk = Desk::new(Keyring::Unlocked)?;
        let how = starting(language, Some(&sign_in), None).env(SHIFT, shift(&desk)).envs(variables.clone());
        let window = desk.start(how).await?;
        Self { desk, window, sign_in: Some(sign_in), variables, language }.begun().await
    }

    async fn start(language: &'static str, desk: Desk, sign_in: Option<SignIn>) -> Result<Self> {
        let window = desk.start(starting(language, sign_in.as_ref(), None).env(SHIFT, shift(&desk))).await?;
        Ok(Self { desk, window, sign_in, variables: Vec::new(), language })
    }

    pub(crate) async fn begun(self) -> Result<Self> {
        self.window.fill("welcome-name", "佐藤 花子").await?;
        self.window.click("welcome-empty").await?;
        self.window.find("email-empty").await?;
        Ok(self)
    }

    /// The app ends and starts again.
    pub(crate) async fn restarted(self) -> Result<Self> {
        let Self { desk, window, sign_in, variables, language } = self;
        window.quit().await?;
        let how = starting(language, sign_in.as_ref(), None).env(SHIFT, shift(&desk)).envs(variables.clone());
        let window = desk.start(how).await?;
        Ok(Self { desk, window, sign_in, variables, language })
    }

    /// The app is killed, and starts again.
    pub(crate) async fn killed_and_restarted(self) -> Result<Self> {
        let Self { desk, window, sign_in, variables, language } = self;
        window.cut()?;
        let how = starting(language, sign_in.as_ref(), None).env(SHIFT, shift(&desk)).envs(variables.clone());
        let window = desk.start(how).await?;
        Ok(Self { desk, window, sign_in, variables, language })
    }

    /// How the app is started here, for a second start.
    pub(crate) fn how(&self, workspace: Option<PathBuf>) -> Start {
        starting(self.language, self.sign_in.as_ref(), workspace)
    }

    /// Moves the app's clock by so many hours from now.
    pub(crate) fn clock(&self, hours: i32) -> Result<()> {
        Ok(std::fs::write(shift(&self.desk), hours.to_string())?)
    }

    /// Adds a mailbox that HubSpot has.
    pub(crate) async fn track(&self, address: &str, provider: &str, page: &str) -> Result<()> {
        self.window.click("open-track").await?;
        self.window.fill("track-address", address).await?;
        self.window.click(&format!("track-{provider}")).await?;
        if !page.is_empty() {
            self.window.fill("track-page", page).await?;
        }
        self.window.click("dialog-track dialog-confirm").await?;
        self.window.gone("dialog-track").await?;
        self.window.find(&row(address, "")).await?;
        Ok(())
    }

    /// Connects a mailbox here, as the person with that address.
    pub(crate) async fn connect(&self, at: &str, address: &str) -> Result<()> {
        let before = self.desk.opened().len();
        self.window.click("open-connect").await?;
        self.window.click(&format!("connect-{at}")).await?;
        let page = match self.desk.wait_opened(before + 1).await {
            Ok(page) => page,
            Err(error) => anyhow::bail!("{error}; the window says: {}", self.window.text("css:body").await?),
        };
        let landing = Person::new(address)?.agrees(&page).await?;
        anyhow::ensure!(landing.status == 200, "the browser ended at {}: {}", landing.url, landing.text);
        self.window.find(&row(address, "")).await?;
        Ok(())
    }

    /// Disables a mailbox through its dialog.
    pub(crate) async fn disable(&self, address: &str) -> Result<()> {
        self.press(address, "row-disable", "dialog-disable").await
    }

    /// Removes a mailbox through its dialog.
    pub(crate) async fn remove(&self, address: &str) -> Result<()> {
        self.press(address, "row-remove", "dialog-remove").await
    }

    async fn press(&self, address: &str, button: &str, dialog: &str) -> Result<()> {
        self.window.hover(&row(address, "")).await?;
        self.window.click(&row(address, button)).await?;
        self.window.says(dialog, address).await?;
        self.window.click(&format!("{dialog} dialog-confirm")).await?;
        if let Err(error) = self.window.gone(dialog).await {
            anyhow::bail!("{error}; it says: {}", self.window.text(dialog).await?);
        }
        Ok(())
    }

    /// Presses a button of a step, opening the step first if it is folded.
    pub(crate) async fn step(&self, kind: &str, button: &str) -> Result<()> {
        let step = format!("step-{kind}");
        // Steps open and fold by themselves while others are settled, so the state is looked at each time.
        uncouple_desk::wait_for(&format!("{button} of {step}"), async || {
            let shown = self.window.all(&format!("{step} {button}")).await?;
            let folded = self.window.all(&format!("{step} step-show")).await?;
            match (shown.first(), folded.first()) {
                (Some(button), _) => Ok(button.click().await.ok()),
                (None, Some(show)) => {
                    let _ = show.click().await;
                    Ok(None)
                }
                (None, None) => Ok(None),
            }
        })
        .await
    }

    /// Waits until a step stands so.
    pub(crate) async fn step_is(&self, kind: &str, state: &str) -> Result<()> {
        self.window.find(&format!("css:[data-testid=step-{kind}][data-state={state}]")).await?;
        Ok(())
    }

    /// Waits until a row is used so.
    pub(crate) async fn row_is(&self, address: &str, usage: &str) -> Result<()> {
        self.window.find(&format!("css:[data-testid=mailbox-row][data-address='{address}'][data-use={usage}]")).await?;
        Ok(())
    }

    /// Walks the chain on the history screen, and exports it.
    pub(crate) async fn verify_and_export(&self) -> Result<String> {
        self.window.click("nav-history").await?;
        // Until the rows are there, what stands below them moves away from under the pointer.
        self.window.find("history-row").await?;
        self.window.click("history-verify").await?;
        self.window.find("css:[data-testid=verify-result][data-tone=good]").await?;
        let file = self.desk.home().join("history.csv");
        self.window.fill("export-path", file.to_str().unwrap_or_default()).await?;
        self.window.click("export-submit").await?;
        self.window.find("export-result").await?;
        Ok(std::fs::read_to_string(file)?)
    }

    /// What the backend answers to a command, past the screens.
    pub(crate) async fn invoke(&self, command: &str, args: serde_json::Value) -> Result<serde_json::Value> {
        let script = "const done = arguments[arguments.length - 1];
            window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])
                .then((ok) => done({ ok }), (error) => done({ error }));";
        self.window.run_async(script, vec![json!(command), args]).await
    }
}

/// Names the file with the hours by which a debug build's clock is moved.
const SHIFT: &str = "UNCOUPLE_CLOCK_SHIFT";

fn shift(desk: &Desk) -> String {
    desk.home().join("clock-shift").display().to_string()
}

fn starting(language: &str, sign_in: Option<&SignIn>, workspace: Option<PathBuf>) -> Start {
    let mut start = Start::new(env!("CARGO_BIN_EXE_uncouple")).env("UNCOUPLE_LANG", language);
    if let Some(file) = workspace {
        start = start.arg("--workspace").arg(file.display().to_string());
    }
    for (name, provider) in sign_in.iter().flat_map(|s| [("GOOGLE", &s.google), ("MICROSOFT", &s.microsoft)]) {
        let at = |what: &str| format!("UNCOUPLE_{name}_{what}");
        start = start
            .env(&at("CLIENT_ID"), &provider.client_id)
            .env(&at("AUTHORIZE_URL"), provider.authorize.as_str())
            .env(&at("TOKEN_URL"), provider.token.as_str())
            .env(&at("JWKS_URL"), provider.jwks.as_str())
            .env(&at("ISSUER"), provider.issuer.as_str().trim_end_matches('/'));
        if let Some(secret) = &provider.client_secret {
            start = start.env(&at("CLIENT_SECRET"), secret);
        }
        if let Some(revoke) = &provider.revoke {
            start = start.env(&at("REVOKE_URL"), revoke.as_str());
        }
    }
    start
}

/// A place in the row of an address; the row itself for an empty one.
pub(crate) fn row(address: &str, place: &str) -> String {
    let inside = if place.is_empty() { String::new() } else { format!(" [data-testid={place}]") };
    format!("css:[data-testid=mailbox-row][data-address='{address}']{inside}")
}
