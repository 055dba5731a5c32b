use std::borrow::Cow;
use std::collections::HashMap;

use axum::Form;
use axum::extract::{FromRequest, Multipart, Query, Request};
use axum::http::header;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::answer::Refusal;
use crate::media::Upload;

/// Parameters of a call. The Bot API takes them from the query string, as JSON, as a form or as
/// multipart; in all but JSON, objects and arrays are strings of JSON.
#[derive(Debug, Default)]
pub(super) struct Params {
    values: Map<String, Value>,
    files: HashMap<String, Upload>,
}

impl Params {
    pub(super) async fn read(request: Request) -> Result<Self, Refusal> {
        let mut params = Self::default();
        if let Ok(Query(query)) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()) {
            params.add_all(query);
        }
        let content_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        if content_type.starts_with("multipart/form-data") {
            params.read_multipart(request).await?;
        } else if content_type.starts_with("application/x-www-form-urlencoded") {
            params.read_form(request).await?;
        } else if content_type.starts_with("application/json") {
            params.read_json(request).await?;
        }
        Ok(params)
    }

    fn add_all(&mut self, pairs: Vec<(String, String)>) {
        let values = pairs.into_iter().map(|(name, value)| (name, value.into()));
        self.values.extend(values);
    }

    async fn read_json(&mut self, request: Request) -> Result<(), Refusal> {
        let body = Bytes::from_request(request, &()).await.map_err(|_| Refusal::too_large())?;
        if body.is_empty() {
            return Ok(());
        }
        let values: Map<String, Value> = serde_json::from_slice(&body)
            .map_err(|_| Refusal::bad_request("can't parse the request body as a JSON object"))?;
        self.values.extend(values);
        Ok(())
    }

    async fn read_form(&mut self, request: Request) -> Result<(), Refusal> {
        // A GET has its form in the query, which is read already.
        if request.method() == axum::http::Method::GET {
            return Ok(());
        }
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, &())
            .await
            .map_err(|_| Refusal::bad_request("can't parse the form"))?;
        self.add_all(pairs);
        Ok(())
    }

    async fn read_multipart(&mut self, request: Request) -> Result<(), Refusal> {
        let broken = |_| Refusal::bad_request("can't parse the multipart body");
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| Refusal::bad_request("can't parse the multipart body"))?;
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let field = part.name().unwrap_or_default().to_owned();
            let Some(name) = part.file_name().map(str::to_owned) else {
                let value = part.text().await.map_err(broken)?;
                self.values.insert(field, value.into());
                continue;
            };
            let mime = part.content_type().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|_| Refusal::too_large())?;
            self.files.insert(field, Upload { name, mime, bytes });
        }
        Ok(())
    }

    /// Absent, or an empty string: `None`.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        match self.values.get(name)? {
            Value::String(text) => text.trim().parse().ok(),
            value => value.as_i64(),
        }
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true") || text == "1",
            Some(value) => value.as_bool().unwrap_or_default(),
            None => false,
        }
    }

    /// An object or array, whichever way it was encoded.
    pub(super) fn structure(&self, name: &str) -> Option<Cow<'_, Value>> {
        match self.values.get(name)? {
            Value::String(text) => serde_json::from_str(text).ok().map(Cow::Owned),
            Value::Null => None,
            value => Some(Cow::Borrowed(value)),
        }
    }

    /// A list of strings; an empty or absent one is `None` only when absent.
    pub(super) fn strings(&self, name: &str) -> Option<Vec<String>> {
        let list = self.structure(name)?;
        let strings = list.as_array()?.iter().filter_map(Value::as_str);
        Some(strings.map(str::to_owned).collect())
    }

    /// Takes an uploaded file: the part of that name, or the part `attach://…` names.
    pub(super) fn take_upload(&mut self, name: &str) -> Option<Upload> {
        if let Some(upload) = self.files.remove(name) {
            return Some(upload);
        }
        let reference = self.text(name)?.to_owned();
        self.take_attached(&reference)
    }

    /// Takes the uploaded file that `attach://…` names.
    pub(super) fn take_attached(&mut self, reference: &str) -> Option<Upload> {
        self.files.remove(reference.strip_prefix("attach://")?)
    }

    /// The private chat meant. Names of channels and groups lead nowhere here.
    pub(super) fn chat_id(&self) -> Result<i64, Refusal> {
        match self.values.get("chat_id") {
            None => Err(Refusal::bad_request("chat_id is empty")),
            Some(_) => self.integer("chat_id").ok_or_else(|| Refusal::bad_request("chat not found")),
        }
    }

    pub(super) fn message_id(&self) -> Result<i32, Refusal> {
        self.integer("message_id")
            .and_then(|id| i32::try_from(id).ok())
            .ok_or_else(|| Refusal::bad_request("message identifier is not specified"))
    }

    /// The message to answer, and whether to send without it if it is gone. Both the present
    /// `reply_parameters` and the older `reply_to_message_id` are understood.
    pub(super) fn reply(&self) -> (Option<i32>, bool) {
        let old = (self.integer("reply_to_message_id"), self.flag("allow_sending_without_reply"));
        let (id, optional) = match self.structure("reply_parameters") {
            Some(reply) => (
                reply["message_id"].as_i64(),
                reply["allow_sending_without_reply"].as_bool().unwrap_or_default(),
            ),
            None => old,
        };
        (id.and_then(|id| i32::try_from(id).ok()), optional)
    }
}
