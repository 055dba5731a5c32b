use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use store::chats::{self, ChatList, ListQuery, Status};
use utoipa::{IntoParams, ToSchema};

use crate::{
    auth::Staff,
    edge::{Edge, Site},
    paging,
    problem::{Problem, ProblemBody},
    wire,
};

#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// `open` or `closed`; both when missing
    pub(super) status: Option<String>,
    /// Part of a name or a username, or Telegram's id of the user
    pub(super) search: Option<String>,
    /// `nextCursor` of the page before
    pub(super) cursor: Option<String>,
    /// 1 to 100
    pub(super) limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChatsBody {
    /// Newest first.
    chats: Vec<wire::Chat>,
    next_cursor: Option<String>,
}

const USUAL: i64 = 50;
const SEARCH: usize = 100;

/// The chats, newest first
#[utoipa::path(
    get, path = "/api/operator-chats", tag = "desk", params(Asked),
    responses(
        (status = 200, description = "A page of the list", body = ChatsBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
    )
)]
pub(crate) async fn list_chats(
    State(site): State<Site>,
    Staff(_operator): Staff,
    Query(asked): Query<Asked>,
) -> Result<Json<ChatsBody>, Problem> {
    let found = find(&site, &asked).await?;
    Ok(Json(ChatsBody {
        chats: found.chats.into_iter().map(wire::Chat::from).collect(),
        next_cursor: found.next_before.map(|position| position.to_string()),
    }))
}

pub(super) async fn find(edge: &Edge, asked: &Asked) -> Result<ChatList, Problem> {
    let status = paging::read("status", paging::given(asked.status.as_deref()), Status::from_name)?;
    let before = paging::given(asked.cursor.as_deref());
    let before = paging::read("cursor", before, |cursor| cursor.parse().ok())?;
    let search =
        asked.search.as_deref().map(|text| text.chars().filter(|c| *c != '\0').take(SEARCH).collect());
    let query = ListQuery { status, assignee: None, search, before, limit: asked.limit.unwrap_or(USUAL) };
    Ok(chats::list(&mut *edge.conn().await?, &query).await?)
}
