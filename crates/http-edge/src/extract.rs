//! Request bodies: JSON within 64 KiB, each field judged by itself.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{edge::Site, problem::Problem};

/// No JSON request of the contract comes near it.
pub(crate) const JSON_LIMIT: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(15);

/// A JSON body.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Site> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Site) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        expect_json(&parts.headers)?;
        let bytes = read(body, JSON_LIMIT).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| Problem::bad_request(error.to_string()))
    }
}

/// Whether PostgreSQL can be asked about this time: its calendar begins later than RFC 3339 allows. Nothing here is older
/// than 1970.
pub(crate) fn is_storable(time: Timestamp) -> bool {
    time >= Timestamp::UNIX_EPOCH
}

/// A JSON body as it came, for bodies whose fields borrow from it.
#[derive(Debug)]
pub(crate) struct JsonText(pub(crate) Bytes);

impl JsonText {
    pub(crate) fn parse<'b, T: Deserialize<'b>>(&'b self) -> Result<T, Problem> {
        serde_json::from_slice(&self.0).map_err(|error| Problem::bad_request(error.to_string()))
    }
}

impl FromRequest<Site> for JsonText {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Site) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        expect_json(&parts.headers)?;
        read(body, JSON_LIMIT).await.map(Self)
    }
}

/// A page's form.
#[derive(Debug)]
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Site> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read(body, JSON_LIMIT).await?;
        let request = Request::from_parts(parts, Body::from(bytes));
        axum::extract::Form::<T>::from_request(request, site)
            .await
            .map(|form| Self(form.0))
            .map_err(|rejection| Problem::bad_request(rejection.body_text()))
    }
}

/// Reads a body of at most `limit` bytes, which has 15 s to come.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    read_within(PATIENCE, body, limit).await
}

async fn read_within(patience: Duration, body: Body, limit: usize) -> Result<Bytes, Problem> {
    let reading = async {
        let mut stream = body.into_data_stream();
        let mut first = Bytes::new();
        let mut more = BytesMut::new();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| Problem::bad_request("the body ended too early"))?;
            if first.len() + more.len() + chunk.len() > limit {
                return Err(Problem::too_large(format!("the body may have {limit} bytes")));
            }
            // Most bodies come in one piece, which need not be copied.
            if first.is_empty() && more.is_empty() {
                first = chunk;
            } else {
                if more.is_empty() {
                    more.extend_from_slice(&std::mem::take(&mut first));
                }
                more.extend_from_slice(&chunk);
            }
        }
        Ok(if more.is_empty() { first } else { more.freeze() })
    };
    tokio::time::timeout(patience, reading)
        .await
        .unwrap_or_else(|_| Err(Problem::bad_request("the body did not come in time")))
}

/// A body that says it is something else is refused: a form of another site could send it unasked.
fn expect_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    match kind.map(|kind| kind.split(';').next().unwrap_or_default().trim()) {
        None | Some("application/json") => Ok(()),
        Some(kind) if kind.ends_with("+json") => Ok(()),
        Some(_) => Err(Problem::of_status(axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .detail("the body must be application/json")),
    }
}

/// A field of a JSON body, judged by itself: one wrong type must not hide what is wrong with the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Field<T> {
    /// Not there, or null.
    #[default]
    Missing,
    /// Not of its type.
    Wrong,
    Given(T),
}

impl<T> Field<T> {
    pub(crate) fn given(self) -> Option<T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Missing | Self::Wrong => None,
        }
    }

    /// The value; or the code of what is wrong with the field.
    pub(crate) fn required(self) -> Result<T, &'static str> {
        match self {
            Self::Given(value) => Ok(value),
            Self::Missing => Err("required"),
            Self::Wrong => Err("invalid"),
        }
    }

    /// As [`Self::required`], but it may be missing.
    pub(crate) fn optional(self) -> Result<Option<T>, &'static str> {
        match self {
            Self::Given(value) => Ok(Some(value)),
            Self::Missing => Ok(None),
            Self::Wrong => Err("invalid"),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        Ok(match raw {
            "null" => Self::Missing,
            raw => serde_json::from_str(raw).map_or(Self::Wrong, Self::Given),
        })
    }
}

/// A JSON number or string as it is written, so that no fraction is lost on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberText(pub(crate) String);

impl<'de> Deserialize<'de> for NumberText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let raw = raw.get();
        match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str(raw).map(Self).map_err(serde::de::Error::custom),
            Some(b'-' | b'0'..=b'9') => Ok(Self(raw.to_owned())),
            _ => Err(serde::de::Error::custom("not a number")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Asked {
        #[serde(default)]
        title: Field<String>,
        #[serde(default)]
        amount: Field<NumberText>,
        #[serde(default)]
        absent: Field<String>,
    }

    #[tokio::test]
    async fn a_body_that_comes_a_byte_at_a_time_is_not_waited_for() {
        let patience = Duration::from_millis(50);
        let whole = read_within(patience, Body::from("{}"), 2).await;
        assert_eq!(whole.unwrap(), "{}");
        let bytes = futures::stream::unfold((), async |()| {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
        });
        let dripping = read_within(patience, Body::from_stream(bytes), JSON_LIMIT);
        let refused = tokio::time::timeout(patience * 100, dripping).await.expect("an answer").unwrap_err();
        assert_eq!(refused.status, axum::http::StatusCode::BAD_REQUEST);
    }

    #[test]
    fn each_field_is_judged_by_itself() {
        let asked: Asked = serde_json::from_str(r#"{"title": 5, "amount": 99.90, "unknown": {}}"#).unwrap();
        assert_eq!(asked.title, Field::Wrong);
        assert_eq!(asked.amount, Field::Given(NumberText("99.90".into())));
        assert_eq!(asked.absent, Field::Missing);
        let asked: Asked = serde_json::from_str(r#"{"title": null, "amount": "1 500"}"#).unwrap();
        assert_eq!(asked.title, Field::Missing);
        assert_eq!(asked.amount, Field::Given(NumberText("1 500".into())));
    }
}
