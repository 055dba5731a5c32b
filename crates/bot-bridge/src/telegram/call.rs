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

#[derive(Deserialize)]
struct Answered<'a> {
    ok: bool,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(default)]
    error_code: u64,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

/// Uploads are given this much more time than the answer.
const SLOWEST_UPLOAD: u64 = 64 * 1024;

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
            let timeout = self.timeout + Duration::from_secs(bytes / SLOWEST_UPLOAD);
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
    let unreadable = |error| CallError::Lost(format!("the answer (HTTP {status}) cannot be read: {error}"));
    let answered: Answered<'_> = serde_json::from_slice(&body).map_err(unreadable)?;
    if !answered.ok {
        let error_code = if answered.error_code == 0 { u64::from(status) } else { answered.error_code };
        let retry_after = answered.parameters.retry_after;
        return Err(CallError::Refused(Refusal {
            error_code,
            description: answered.description,
            retry_after,
        }));
    }
    let result = answered.result.map_or("null", RawValue::get);
    serde_json::from_str(result).map_err(unreadable)
}
