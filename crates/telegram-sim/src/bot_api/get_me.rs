use serde_json::json;

use super::answer::{Answer, Refusal};
use super::params::Params;
use crate::world::World;

pub(super) fn get_me(world: &World) -> Answer {
    let mut me = world.state().bot.as_sender();
    me["can_join_groups"] = true.into();
    me["can_read_all_group_messages"] = false.into();
    me["supports_inline_queries"] = false.into();
    me["can_connect_to_business"] = false.into();
    me["has_main_web_app"] = false.into();
    Ok(me.to_string())
}

/// `ChatFullInfo`, as far as a private chat here has any.
pub(super) fn get_chat(world: &World, params: &Params) -> Answer {
    let chat_id = params.chat_id()?;
    let state = world.state();
    let account = state
        .accounts
        .get(&chat_id)
        .filter(|account| account.started)
        .ok_or_else(|| Refusal::bad_request("chat not found"))?;
    let mut chat = account.user.as_chat();
    chat["accent_color_id"] = 0.into();
    chat["max_reaction_count"] = 11.into();
    chat["accepted_gift_types"] = json!({
        "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
        "premium_subscription": false, "gifts_from_channels": false,
    });
    Ok(chat.to_string())
}
