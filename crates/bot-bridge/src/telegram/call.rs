use std::time::Duration;

use reqwest::{
    Response,
    multipart::{Form, Part},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, value::RawValue};

use super::{Telegram, without_url};

/// Why a call has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallError {
    /// Telegram says no.
    Refused(Refusal),
    /// It never left: there was no connection.
    NoConnection(String),
    /// It may have reached Telegram; the answer did not come, or cannot be read.
    Lost(String),
}

/// What Telegram answers instead of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) error_code: u64,
    pub(crate) description: String,
    /// Seconds.
    pub(crate) retry_after: Option<u64>,
}

/// A call of the Bot API with its parameters.
#[derive(Debug)]
pub(crate) struct Request {
    pub(super) method: &'static str,
    pub(super) fields: Map<String, Value>,
    pub(super) uploads: Vec<Upload>,
}

/// A file that goes with a call.
#[derive(Debug)]
pub(crate) struct Upload {
    /// The part of the form that it is.
    pub(crate) part: String,
    pub(crate) file_name: String,
    pub(crate) content_type: String,
    /// Bytes.
    pub(crate) size: u64,
    pub(crate) body: reqwest::Body,
}

/// Whether Telegram has done it is all that must be readable: an odd word beside a "no" makes it no "perhaps".
#[derive(Deserialize)]
struct Answered<'a> {
    ok: bool,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(default)]
    error_code: Value,
    #[serde(default)]
    description: Value,
    #[serde(default)]
    parameters: Value,
}

/// Bytes per second: files are given this much more time than the answer.
pub(super) const SLOWEST: u64 = 64 * 1024;

impl Request {
    pub(crate) fn new(method: &'static str) -> Self {
        Self { method, fields: Map::new(), uploads: Vec::new() }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    #[must_use]
    pub(crate) fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    #[must_use]
    pub(crate) fn upload(mut self, upload: Upload) -> Self {
        self.uploads.push(upload);
        self
    }
}

impl Telegram {
    /// Makes a call. Files are sent as they are read.
    pub(super) async fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T, CallError> {
        let address = format!("{}/{}", self.calls.api_url, request.method);
        let http = self.calls.client.post(address);
        let http = if request.uploads.is_empty() {
            http.json(&request.fields)
        } else {
            let bytes: u64 = request.uploads.iter().map(|upload| upload.size).sum();
            let timeout = self.timeout + Duration::from_secs(bytes / SLOWEST);
            let form = form(request).map_err(|error| CallError::NoConnection(without_url(&error)))?;
            http.multipart(form).timeout(timeout)
        };
        let response = http.send().await.map_err(|error| {
            if error.is_connect() {
                CallError::NoConnection(without_url(&error))
            } else {
                CallError::Lost(without_url(&error))
            }
        })?;
        read(response).await
    }
}

fn form(request: Request) -> Result<Form, reqwest::Error> {
    // Names of files as they are: Telegram shows them.
    let mut form = Form::new().percent_encode_noop();
    for (name, value) in request.fields {
        let value = match value {
            Value::String(text) => text,
            value => value.to_string(),
        };
        form = form.text(name, value);
    }
    for upload in request.uploads {
        let part = Part::stream_with_length(upload.body, upload.size)
            .file_name(upload.file_name)
            .mime_str(&upload.content_type)?;
        form = form.part(upload.part, part);
    }
    Ok(form)
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, CallError> {
    let status = response.status().as_u16();
    let body = response.bytes().await.map_err(|error| CallError::Lost(without_url(&error)))?;
    answer(status, &body)
}

fn answer<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<T, CallError> {
    let unreadable = |error| CallError::Lost(format!("the answer (HTTP {status}) cannot be read: {error}"));
    let answered: Answered<'_> = serde_json::from_slice(body).map_err(unreadable)?;
    if !answered.ok {
        let error_code = answered.error_code.as_u64().filter(|code| *code != 0);
        return Err(CallError::Refused(Refusal {
            error_code: error_code.unwrap_or(u64::from(status)),
            description: answered.description.as_str().unwrap_or_default().to_owned(),
            retry_after: answered.parameters.get("retry_after").and_then(Value::as_u64),
        }));
    }
    let result = answered.result.map_or("null", RawValue::get);
    serde_json::from_str(result).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, body: &str) -> (u64, String, Option<u64>) {
        match answer::<Value>(status, body.as_bytes()) {
            Err(CallError::Refused(refusal)) => {
                (refusal.error_code, refusal.description, refusal.retry_after)
            }
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn a_no_is_a_no_whatever_stands_beside_it() {
        let words = "Too Many Requests: retry after 5";
        let said = |parameters: &str| {
            format!(r#"{{"ok":false,"error_code":429,"description":"{words}","parameters":{parameters}}}"#)
        };
        assert_eq!(refusal(429, &said(r#"{"retry_after":5}"#)), (429, words.into(), Some(5)));
        for odd in
            ["null", "[]", "{}", r#"{"retry_after":-1}"#, r#"{"retry_after":null}"#, r#"{"retry_after":"5"}"#]
        {
            assert_eq!(refusal(429, &said(odd)), (429, words.into(), None), "{odd}");
        }
        assert_eq!(
            refusal(403, r#"{"ok":false,"error_code":null,"description":null}"#),
            (403, String::new(), None)
        );
    }

    #[test]
    fn what_does_not_say_no_is_lost() {
        for odd in ["", "<html>", "null", "{}", r#"{"ok":"no"}"#, r#"{"ok":true,"result":}"#] {
            assert!(matches!(answer::<Value>(502, odd.as_bytes()), Err(CallError::Lost(_))), "{odd}");
        }
    }
}
