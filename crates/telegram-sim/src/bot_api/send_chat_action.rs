use serde_json::json;

use super::answer::{Answer, Refusal, yes};
use super::params::Params;
use crate::state::signals::Told;
use crate::world::World;

pub(super) fn send_chat_action(world: &World, params: &Params) -> Answer {
    let chat_id = params.chat_id()?;
    let action =
        params.text("action").ok_or_else(|| Refusal::bad_request("wrong parameter action in request"))?;
    let state = world.state();
    let account = state
        .accounts
        .get(&chat_id)
        .filter(|account| account.started)
        .ok_or_else(|| Refusal::bad_request("chat not found"))?;
    if account.blocked {
        return Err(Refusal::forbidden("bot was blocked by the user"));
    }
    let data = json!({"chat_id": chat_id, "action": action});
    state.signals.tell(|| Some(Told::new("action", &data)));
    yes()
}
