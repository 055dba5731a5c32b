use super::answer::{Answer, Refusal, yes};
use super::params::Params;
use crate::state::webhook::Webhook;
use crate::world::World;

/// Unlike Telegram, plain http is accepted: the simulation and the bot share a machine.
pub(super) fn set_webhook(world: &World, params: &Params) -> Answer {
    let Some(url) = params.text("url") else {
        return delete_webhook(world, params);
    };
    let secret_token = params.text("secret_token").map(str::to_owned);
    if !secret_token.as_deref().is_none_or(is_secret) {
        return Err(Refusal::bad_request("secret token contains unallowed characters"));
    }
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(Refusal::bad_request("bad webhook: An HTTPS URL must be provided for webhook"));
    }
    let mut state = world.state();
    if let Some(kinds) = params.strings("allowed_updates") {
        state.updates.allow(kinds);
    }
    if params.flag("drop_pending_updates") {
        state.updates.drop_all();
    }
    state.webhook = Some(Webhook {
        url: url.into(),
        secret_token,
        max_connections: params.integer("max_connections").unwrap_or(40).clamp(1, 100),
        last_error: None,
    });
    // Ends a poll that is still waiting, and wakes the delivery.
    state.updates.begin_poll();
    state.signals.updates.send_modify(|count| *count += 1);
    state.signals.tell(|| None);
    yes()
}

pub(super) fn delete_webhook(world: &World, params: &Params) -> Answer {
    let mut state = world.state();
    state.webhook = None;
    if params.flag("drop_pending_updates") {
        state.updates.drop_all();
    }
    state.signals.updates.send_modify(|count| *count += 1);
    state.signals.tell(|| None);
    yes()
}

/// 1–256 characters of `A-Za-z0-9_-` (Bot API, setWebhook).
fn is_secret(token: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    token.len() <= 256 && token.chars().all(allowed)
}
