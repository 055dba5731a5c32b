use serde_json::json;

use super::answer::Answer;
use crate::world::World;

pub(super) fn get_webhook_info(world: &World) -> Answer {
    let state = world.state();
    let mut info = json!({
        "url": "",
        "has_custom_certificate": false,
        "pending_update_count": state.updates.len(),
    });
    if let Some(webhook) = &state.webhook {
        info["url"] = webhook.url.as_str().into();
        info["max_connections"] = webhook.max_connections.into();
        if let Some((date, message)) = &webhook.last_error {
            info["last_error_date"] = (*date).into();
            info["last_error_message"] = message.as_str().into();
        }
    }
    if let Some(kinds) = state.updates.allowed() {
        info["allowed_updates"] = kinds.into();
    }
    Ok(info.to_string())
}
