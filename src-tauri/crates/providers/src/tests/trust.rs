//! A server whose certificate nobody signed, as behind a proxy that inspects what is encrypted.

use super::token::CLIENT;
use crate::accounts::{Limits, Vendors};
use crate::directory::{AdminApis, Patience};
use async_trait::async_trait;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use uncouple_engine::directory::{ApiError, ApiKey, Directories as _, Obstacle, Pace};
use uncouple_engine::ports::{
    Accounts as _, Ask, Browser, BrowserError, RefreshReply, SignInApp, SignInAt, SignInError,
};
use url::Url;

const PEM: &[u8] = include_bytes!("untrusted.pem");

/// Serves handshakes and nothing else. Gives its address.
async fn server() -> String {
    let certificate = CertificateDer::from_pem_slice(PEM).unwrap();
    let key = PrivateKeyDer::from_pem_slice(PEM).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let _ = stream.read_to_end(&mut Vec::new()).await;
                }
            });
        }
    });
    address
}

/// What the client says of it, for when the test fails.
async fn chain(url: &str) -> String {
    let error = reqwest::get(url).await.unwrap_err();
    format!("{error:?}")
}

#[derive(Debug)]
struct Key;

#[async_trait]
impl ApiKey for Key {
    async fn token(&self, _: Option<&SecretString>) -> Result<SecretString, ApiError> {
        Ok("token".into())
    }
}

struct NoBrowser;

#[async_trait]
impl Browser for NoBrowser {
    async fn open(&self, _: &Url) -> Result<(), BrowserError> {
        Err(BrowserError)
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_told_at_once_and_not_tried_again() {
    let url = server().await;
    let app = SignInApp {
        client_id: CLIENT.to_owned(),
        token_url: Some(format!("{url}/token")),
        jwks_url: Some(format!("{url}/keys")),
        api_url: Some(url.clone()),
        ..SignInApp::default()
    };
    let began = Instant::now();
    let apis = AdminApis::new(Patience::default()).unwrap();
    for at in [SignInAt::Google, SignInAt::Microsoft] {
        let directory = apis.open(at, &app, Arc::new(Key), Pace::default()).unwrap();
        let asked = directory.organisation("admin@example.com").await;
        assert_eq!(asked.unwrap_err(), ApiError::Blocked(Obstacle::Untrusted), "{}", chain(&url).await);
        let vendors = Vendors::new(Limits::default()).unwrap();
        let refreshed = vendors.refresh(at, &app, &"refresh".into()).await;
        assert!(matches!(refreshed, RefreshReply::Untrusted), "{refreshed:?}");
        let (_keep, cancel) = tokio::sync::watch::channel(false);
        let signed = vendors.sign_in(at, &app, &Ask::default(), &NoBrowser, cancel).await;
        assert_eq!(signed.unwrap_err().why, SignInError::Untrusted);
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn without_a_network_the_first_call_says_so_within_seconds() {
    // A port that was just free, and a name that never resolves (RFC 6761 section 6.4).
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for url in [format!("http://localhost:{}", closed.port()), "https://directory.invalid".to_owned()] {
        let app = SignInApp { client_id: CLIENT.to_owned(), api_url: Some(url.clone()), ..SignInApp::default() };
        let apis = AdminApis::new(Patience::default()).unwrap();
        let directory = apis.open(SignInAt::Google, &app, Arc::new(Key), Pace::default()).unwrap();
        let began = Instant::now();
        let asked = directory.organisation("admin@example.com").await;
        assert_eq!(asked.unwrap_err(), ApiError::NoAnswer, "{url}");
        let took = began.elapsed();
        assert!(took < Duration::from_secs(10) && took > Duration::from_secs(1), "it was tried again: {took:?}");
    }
}

#[tokio::test]
async fn an_answer_whose_head_has_no_end_is_given_up_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let head = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n", "x".repeat(2 * 1024 * 1024));
                let _ = stream.write_all(head.as_bytes()).await;
            });
        }
    });
    let app = SignInApp { client_id: CLIENT.to_owned(), api_url: Some(url), ..SignInApp::default() };
    let directory =
        AdminApis::new(Patience::default()).unwrap().open(SignInAt::Google, &app, Arc::new(Key), Pace::default());
    let began = Instant::now();
    assert_eq!(directory.unwrap().organisation("admin@example.com").await.unwrap_err(), ApiError::TooLong);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
