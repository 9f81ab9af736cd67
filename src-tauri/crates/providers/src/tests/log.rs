use super::oidc::{Manners, Provider, agrees, limits};
use crate::accounts::Vendors;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;
use uncouple_engine::ports::{Accounts, SignInAt};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn nothing_secret_is_logged_or_shown_for_debugging() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut said = String::new();
    for manners in [
        Manners::google(),
        Manners { change: |c| c["nonce"] = serde_json::json!("another"), ..Manners::google() },
        Manners { answer: |a| a["expires_in"] = serde_json::json!("the-refresh-token"), ..Manners::google() },
        Manners { refusal: Some((400, r#"{"error":"the-refresh-token"}"#)), ..Manners::google() },
    ] {
        let provider = Provider::start(manners).await;
        let vendors = Vendors::new(limits()).unwrap();
        let signed_in = provider.sign_in(SignInAt::Google, agrees).await;
        let token = "the-refresh-token".into();
        let refreshed = vendors.refresh(SignInAt::Google, &provider.app(), &token).await;
        let revoked = vendors.revoke(SignInAt::Google, &provider.app(), &token).await;
        said += &format!("{signed_in:?} {refreshed:?} {revoked:?} {vendors:?}");
        assert!(!said.contains("the-refresh-token"), "{said}");
        let state = provider.asked()["state"].clone();
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        for secret in ["the-refresh-token", "the-code", &state] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    assert!(!log.0.lock().unwrap().is_empty(), "the log was not watched");
}
