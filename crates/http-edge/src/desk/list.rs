use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use store::chats::{self, Assignee, ChatList, ListQuery, Status};
use utoipa::{IntoParams, ToSchema};

use crate::{
    auth::{Caller, Staff},
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
    /// `me`, `nobody` or an operator's id; everybody's when missing
    pub(super) assignee: Option<String>,
    /// Part of a name, a username, the phone of the linked account or, from three characters on, of what one of the
    /// newest messages says; or Telegram's id of the user
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
    Staff(caller): Staff,
    Query(asked): Query<Asked>,
) -> Result<Json<ChatsBody>, Problem> {
    let found = find(&site, &caller, &asked).await?;
    Ok(Json(ChatsBody {
        chats: shown(found.chats, asked.search.as_deref()),
        next_cursor: found.next_before.map(|position| position.to_string()),
    }))
}

/// Chats as the list has them, with what was searched for.
pub(super) fn shown(chats: Vec<chats::Chat>, search: Option<&str>) -> Vec<wire::Chat> {
    let shown = chats.into_iter().map(wire::Chat::from);
    let search = search.unwrap_or_default();
    shown.map(|chat| wire::Chat { hit: chat.hit.map(|hit| hit.around(search)), ..chat }).collect()
}

pub(super) async fn find(edge: &Edge, caller: &Caller, asked: &Asked) -> Result<ChatList, Problem> {
    let status = paging::read("status", paging::given(asked.status.as_deref()), Status::from_name)?;
    let before = paging::given(asked.cursor.as_deref());
    let before = paging::read("cursor", before, |cursor| cursor.parse().ok())?;
    let assignee = paging::read("assignee", paging::given(asked.assignee.as_deref()), |name| match name {
        "me" => Some(Assignee::Somebody(caller.id())),
        "nobody" => Some(Assignee::Nobody),
        id => id.parse().ok().map(Assignee::Somebody),
    })?;
    let search =
        asked.search.as_deref().map(|text| text.chars().filter(|c| *c != '\0').take(SEARCH).collect());
    let query = ListQuery { status, assignee, search, before, limit: asked.limit.unwrap_or(USUAL) };
    Ok(chats::list(&mut *edge.conn().await?, &query).await?)
}
