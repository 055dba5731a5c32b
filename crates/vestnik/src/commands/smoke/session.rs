use std::time::Duration;

use anyhow::{Context as _, bail};
use events::users::Role;
use reqwest::{Client, Method, RequestBuilder, StatusCode, header};
use serde_json::{Value, json};

use super::demo_account;
use crate::{target::Target, var::Var};

/// A browser's or a program's way into one listener.
#[derive(Debug, Clone)]
pub(super) struct Session {
    client: Client,
    base: String,
    token: Option<String>,
}

const PATIENCE: Duration = Duration::from_secs(20);

impl Session {
    /// With cookies and the headers that a browser sends for its own site.
    pub(super) fn browser(base: &str) -> anyhow::Result<Self> {
        let client = Client::builder().cookie_store(true).timeout(PATIENCE).build()?;
        Ok(Self { client, base: base.to_owned(), token: None })
    }

    pub(super) fn program(base: &str, token: &str) -> anyhow::Result<Self> {
        let client = Client::builder().timeout(PATIENCE).build()?;
        Ok(Self { client, base: base.to_owned(), token: Some(token.to_owned()) })
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request.header("sec-fetch-site", "same-origin").header(header::ORIGIN, &self.base),
        }
    }

    pub(super) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        answer(self.request(Method::GET, path), StatusCode::OK).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value, expected: StatusCode) -> anyhow::Result<Value> {
        answer(self.request(Method::POST, path).json(body), expected).await
    }
}

/// The answer's JSON, if the status is the expected one.
pub(super) async fn answer(request: RequestBuilder, expected: StatusCode) -> anyhow::Result<Value> {
    let response = request.send().await?;
    let status = response.status();
    let text = response.text().await?;
    if status != expected {
        bail!("answered {status} instead of {expected}: {}", text.chars().take(300).collect::<String>());
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&text).context("the answer is not JSON")
}

/// An operator of the back office: by token, or by the demo account of a private system.
pub(super) async fn operator(
    target: &Target,
    var: &Var,
    token: Option<&process::Secret>,
) -> anyhow::Result<Session> {
    let base = target.backoffice_url();
    if let Some(token) = token {
        return Session::program(&base, token.expose());
    }
    let account = demo_account(var, Role::Operator)?.context(
        "no operator to act as: set VESTNIK_OPERATOR_TOKEN to the output of `vestnik token create` for one",
    )?;
    let session = Session::browser(&base)?;
    let body = json!({"phone": account.phone, "password": account.password});
    session.post("/api/auth/signin", &body, StatusCode::OK).await.context("the operator cannot sign in")?;
    Ok(session)
}
