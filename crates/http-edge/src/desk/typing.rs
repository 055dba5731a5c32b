use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use events::{Bus, subjects};
use futures::StreamExt as _;
use process::Shutdown;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::{
    auth::Staff,
    edge::Site,
    problem::{Problem, ProblemBody},
};

/// Somebody at the desk is typing. Core NATS: who misses it misses nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Typist {
    /// The chat.
    pub(super) user_id: i64,
    pub(super) operator_id: Uuid,
    /// The operator's name.
    pub(super) name: String,
}

/// Who is typing, from all instances of the edge.
#[derive(Debug)]
pub(crate) struct Typing(broadcast::Sender<Typist>);

impl Default for Typing {
    fn default() -> Self {
        Self(broadcast::Sender::new(64))
    }
}

impl Typing {
    pub(super) fn listen(&self) -> broadcast::Receiver<Typist> {
        self.0.subscribe()
    }

    /// Listens until shutdown; the client subscribes again by itself after a broken connection.
    pub(crate) async fn follow(&self, bus: &Bus, shutdown: Shutdown) {
        let mut heard = match bus.core().subscribe("typing.*").await {
            Ok(heard) => heard,
            Err(error) => {
                tracing::warn!(%error, "nobody will be seen typing");
                return;
            }
        };
        while let Some(Some(message)) = shutdown.run_until_cancelled(heard.next()).await {
            if let Ok(typist) = serde_json::from_slice(&message.payload) {
                // Nobody watches: nothing to do.
                let _ = self.0.send(typist);
            }
        }
    }
}

/// Tell the colleagues that one is typing
#[utoipa::path(
    post, path = "/api/users/{userId}/operator-chat/typing", tag = "desk",
    params(("userId" = i64, Path, description = "Telegram's id of the user")),
    responses(
        (status = 204, description = "Told"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
    )
)]
pub(crate) async fn tell_typing(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path(user_id): Path<i64>,
) -> Result<StatusCode, Problem> {
    let typist = Typist { user_id, operator_id: caller.id(), name: caller.user.name.clone() };
    let payload = serde_json::to_vec(&typist)?;
    site.bus.core().publish(subjects::typing(user_id), payload.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
