use std::cmp::Reverse;

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::answer::Problem;
use super::of_bot::OfBot;
use crate::state::account::Account;
use crate::state::signals::person;
use crate::state::user::User;
use crate::world::World;

/// What may be said about a person; empty text removes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    id: Option<i64>,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    language_code: Option<String>,
    phone_number: Option<String>,
}

impl Said {
    fn about(self, mut user: User) -> User {
        if let Some(name) = self.first_name.filter(|name| !name.trim().is_empty()) {
            user.first_name = name.trim().into();
        }
        let change = |field: &mut Option<String>, said: Option<String>| {
            if let Some(said) = said {
                *field = Some(said.trim().to_owned()).filter(|said| !said.is_empty());
            }
        };
        change(&mut user.last_name, self.last_name);
        change(&mut user.username, self.username.map(|name| name.trim_start_matches('@').into()));
        change(&mut user.language_code, self.language_code);
        change(&mut user.phone_number, self.phone_number.map(|number| digits(&number)));
        user
    }
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    limit: Option<usize>,
    /// Part of a name, a username or an id.
    q: Option<String>,
}

/// People, those with the newest messages first.
pub(super) async fn list(OfBot(world): OfBot, Query(asked): Query<Asked>) -> Json<Vec<Value>> {
    let state = world.state();
    let words = asked.q.unwrap_or_default().to_lowercase();
    let mut found: Vec<&Account> =
        state.accounts.values().filter(|account| account.user.is_called(&words)).collect();
    found.sort_by_key(|account| Reverse(account.messages.last().map(|last| last.message_id)));
    let found = found.into_iter().take(asked.limit.unwrap_or(200));
    Json(found.filter_map(person).collect())
}

pub(super) async fn show(OfBot(world): OfBot, Path(id): Path<i64>) -> Result<Json<Value>, Problem> {
    shown(&world, id)
}

fn shown(world: &World, id: i64) -> Result<Json<Value>, Problem> {
    let state = world.state();
    let person = state.accounts.get(&id).and_then(person);
    person.map(Json).ok_or_else(|| Problem::not_found("no such user"))
}

/// Creates a person, or changes the one who has the id already.
pub(super) async fn create(
    OfBot(world): OfBot,
    Json(said): Json<Said>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let (id, user) = {
        let state = world.state();
        let id = said.id.unwrap_or_else(|| state.free_user_id());
        if id <= 0 {
            return Err(Problem::bad_request("the id of a person is positive"));
        }
        let known = state.accounts.get(&id).map(|account| account.user.clone());
        let user = said.about(known.unwrap_or_else(|| User::numbered(id)));
        (id, user)
    };
    world.put_user(&user);
    Ok((StatusCode::CREATED, shown(&world, id)?))
}

pub(super) async fn change(
    OfBot(world): OfBot,
    Path(id): Path<i64>,
    Json(said): Json<Said>,
) -> Result<Json<Value>, Problem> {
    let user = {
        let state = world.state();
        let account = state.accounts.get(&id);
        let account = account.ok_or_else(|| Problem::not_found("no such user"))?;
        said.about(account.user.clone())
    };
    world.put_user(&user);
    shown(&world, id)
}
