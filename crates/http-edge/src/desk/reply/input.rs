use axum::{
    extract::{FromRequest, Multipart, Request},
    http::header,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    edge::Site,
    extract::{Field, JsonText},
    images::upload,
    problem::{FieldProblem, Problem},
};

/// Telegram counts UTF-16 units (Bot API, `sendMessage`).
const LONGEST: usize = 4_096;

/// A reply as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Input {
    pub(super) message_text: Field<String>,
    client_message_id: Field<String>,
    pub(super) reply_to: Field<Uuid>,
    pub(super) seen_sequence: Field<u64>,
    #[serde(skip)]
    pub(super) file: bool,
}

/// The body of a reply, for the documentation alone.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewReply {
    /// At most 4,096 UTF-16 units.
    message_text: String,
    /// The same one twice is one message.
    client_message_id: Option<String>,
    /// The message that is answered.
    reply_to: Option<Uuid>,
    /// The log sequence that the operator has seen: a colleague's reply after it is asked about first.
    seen_sequence: Option<u64>,
}

impl Input {
    /// JSON from scripts and programs, multipart from the form.
    pub(super) async fn from_any(request: Request, site: &Site) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/")) {
            return JsonText::from_request(request, site).await?.parse();
        }
        let mut multipart = Multipart::from_request(request, site)
            .await
            .map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
        let mut input = Self::default();
        while let Some(field) = multipart.next_field().await.map_err(upload::refused)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                input.file |= field.file_name().is_some_and(|name| !name.is_empty());
                continue;
            }
            let text = field.text().await.map_err(upload::refused)?;
            input.put(&name, text);
        }
        Ok(input)
    }

    fn put(&mut self, name: &str, text: String) {
        match name {
            "messageText" => self.message_text = Field::Given(text),
            "clientMessageId" => self.client_message_id = Field::Given(text),
            "replyTo" if !text.is_empty() => {
                self.reply_to = text.parse().map_or(Field::Wrong, Field::Given);
            }
            "seenSequence" if !text.is_empty() => {
                self.seen_sequence = text.parse().map_or(Field::Wrong, Field::Given);
            }
            _ => {}
        }
    }

    /// The text and the client's id, or what is wrong.
    pub(super) fn read(&self) -> Result<(String, Option<String>), Vec<FieldProblem>> {
        let text = self.message_text.clone().required().and_then(|text| match text.trim() {
            "" => Err("required"),
            text if text.encode_utf16().count() > LONGEST => Err("too_long"),
            text => Ok(text.to_owned()),
        });
        let client_id = self.client_message_id.clone().optional().and_then(|id| match id {
            Some(id) if id.len() > 100 => Err("too_long"),
            id => Ok(id.filter(|id| !id.is_empty())),
        });
        let wrong = |field: &Field<_>| matches!(field, Field::Wrong).then_some("invalid");
        let reply_to = wrong(&self.reply_to);
        let seen = matches!(self.seen_sequence, Field::Wrong).then_some("invalid");
        match (text, client_id, reply_to, seen) {
            (Ok(text), Ok(client_id), None, None) => Ok((text, client_id)),
            (text, client_id, reply_to, seen) => Err([
                ("messageText", text.err()),
                ("clientMessageId", client_id.err()),
                ("replyTo", reply_to),
                ("seenSequence", seen),
            ]
            .into_iter()
            .filter_map(|(field, code)| Some(FieldProblem::new(field, code?)))
            .collect()),
        }
    }
}
