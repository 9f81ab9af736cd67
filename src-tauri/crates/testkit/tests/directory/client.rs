//! A plain client, which shows what comes over the wire.

use reqwest::{Client, Method, RequestBuilder};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::time::Duration;
use uncouple_testkit::directory::{GoogleOrg, GraphOrg, SignIn};

/// A status and a body. `Value::Null` where there is none, or where it is no JSON.
pub(crate) type Answer = (u16, Value);

pub(crate) struct Plain {
    client: Client,
    base: String,
    token: String,
}

pub(crate) fn client() -> Client {
    Client::builder().timeout(Duration::from_secs(20)).no_proxy().build().unwrap()
}

pub(crate) fn token(sign_in: &SignIn) -> String {
    sign_in.access_token().expose_secret().to_owned()
}

impl Plain {
    pub(crate) fn google(org: &GoogleOrg) -> Self {
        Self { client: client(), base: org.url(), token: token(org.sign_in()) }
    }

    pub(crate) fn graph(org: &GraphOrg) -> Self {
        Self { client: client(), base: format!("{}/", org.url()), token: token(org.sign_in()) }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.client.request(method, url).bearer_auth(&self.token)
    }

    pub(crate) async fn send(&self, method: Method, path: &str) -> reqwest::Result<Answer> {
        answer(self.request(method, path)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path).await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        answer(self.request(Method::POST, path).json(body)).await.unwrap()
    }
}

pub(crate) async fn answer(request: RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let body = response.bytes().await?;
    Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
}

/// The values of a member of all objects in a list.
pub(crate) fn each<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    list.as_array().map(|items| items.iter().map(|item| item[member].as_str().unwrap()).collect()).unwrap_or_default()
}
