use serde_json::Value;

use super::answer::{Answer, Refusal, yes};
use super::params::Params;
use crate::world::World;

pub(super) fn delete_message(world: &World, params: &Params) -> Answer {
    let (chat_id, message_id) = (params.chat_id()?, params.message_id()?);
    world.state().delete(chat_id, message_id)?;
    yes()
}

/// Up to a hundred at once; those that are not there are passed over.
pub(super) fn delete_messages(world: &World, params: &Params) -> Answer {
    let chat_id = params.chat_id()?;
    let ids = params.structure("message_ids");
    let ids = ids.as_deref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if ids.is_empty() || ids.len() > 100 {
        return Err(Refusal::bad_request("message identifiers are not specified, or too many"));
    }
    let mut state = world.state();
    if !state.accounts.contains_key(&chat_id) {
        return Err(Refusal::bad_request("chat not found"));
    }
    for id in ids.iter().filter_map(Value::as_i64).filter_map(|id| i32::try_from(id).ok()) {
        if state.message(chat_id, id).is_some_and(|message| !message.deleted) {
            state.delete(chat_id, id)?;
        }
    }
    yes()
}
