use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Redirect,
};
use events::{Outgoing, Service, chats::RetryRequested, derived_id};
use serde::Serialize;
use store::chats::{self, DeliveryState};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    auth::{Caller, PageStaff, Staff},
    edge::Site,
    problem::{Problem, ProblemBody},
    trace::Trace,
    wire,
};

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RetryBody {
    message_id: Uuid,
    delivery: wire::Delivery,
}

/// Send a reply again that failed, or of which nobody knows
#[utoipa::path(
    post, path = "/api/users/{userId}/operator-chat/{messageId}/retry", tag = "desk",
    params(("userId" = i64, Path, description = "Telegram's id of the user"), ("messageId" = Uuid, Path)),
    responses(
        (status = 202, description = "Queued again", body = RetryBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 409, description = "not_retriable", body = ProblemBody),
    )
)]
pub(crate) async fn retry_reply(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path((user_id, message_id)): Path<(i64, Uuid)>,
    trace: Trace,
) -> Result<(StatusCode, Json<RetryBody>), Problem> {
    retry(&site, &caller, user_id, message_id, trace).await?;
    let delivery = wire::Delivery::of(DeliveryState::Queued);
    Ok((StatusCode::ACCEPTED, Json(RetryBody { message_id, delivery })))
}

/// `POST /dashboard/users/{userId}/operator-chat/{messageId}/retry`
pub(crate) async fn retry_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path((user_id, message_id)): Path<(i64, Uuid)>,
    trace: Trace,
) -> Result<Redirect, Problem> {
    match retry(&site, &caller, user_id, message_id, trace).await {
        Err(problem) if problem.code != "not_retriable" => Err(problem),
        _ => Ok(Redirect::to(&format!("/dashboard/users/{user_id}/operator-chat#m{message_id}"))),
    }
}

async fn retry(
    site: &Site,
    caller: &Caller,
    user_id: i64,
    message_id: Uuid,
    trace: Trace,
) -> Result<(), Problem> {
    let message = chats::message_by_id(&mut *site.conn().await?, message_id).await?;
    let message = message.filter(|message| message.user_id == user_id).ok_or_else(Problem::not_found)?;
    let ended = message
        .delivery
        .as_ref()
        .filter(|delivery| matches!(delivery.state, DeliveryState::Failed | DeliveryState::Unknown));
    let Some(delivery) = ended else {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "not_retriable",
            "Отправить ещё раз можно только то, что не ушло",
        ));
    };
    // Pressed twice, it is one more attempt and not two.
    let event_id = derived_id(&["retry", &message_id.to_string(), &delivery.attempt.to_string()]);
    let event = RetryRequested { user_id, message_id, operator_id: caller.id() };
    let mut request = Outgoing::request_with_id(event_id, Service::HttpEdge, &caller.auth(), event);
    request.meta.traceparent = trace.0;
    site.bus.publish(&request).await?;
    Ok(())
}
