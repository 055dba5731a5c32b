use super::answer::{Answer, Refusal};
use super::params::Params;
use crate::state::State;
use crate::state::draft::{Draft, utf16_len};
use crate::world::World;

/// Longest text of a message, in UTF-16 code units.
pub(super) const LONGEST_TEXT: usize = 4096;

pub(super) fn send_message(world: &World, params: &Params) -> Answer {
    let chat_id = params.chat_id()?;
    let mut draft = Draft::text(checked_text(params)?);
    // parse_mode is not interpreted: the text arrives as it is.
    if let Some(entities) = params.structure("entities") {
        draft = draft.with("entities", entities.into_owned());
    }
    draft.mark_entities();
    deliver(&mut world.state(), chat_id, draft, params)
}

/// Telegram trims what surrounds a text before it looks at its length.
pub(super) fn checked_text(params: &Params) -> Result<&str, Refusal> {
    let text = params.text("text").unwrap_or_default().trim();
    if text.is_empty() {
        return Err(Refusal::bad_request("message text is empty"));
    }
    if utf16_len(text) > LONGEST_TEXT {
        return Err(Refusal::bad_request("message is too long"));
    }
    Ok(text)
}

/// Sends the draft, with whatever all send methods have in common, and answers the message.
pub(super) fn deliver(state: &mut State, chat_id: i64, mut draft: Draft, params: &Params) -> Answer {
    let (reply_to, reply_optional) = params.reply();
    draft.reply_to = reply_to;
    if let Some(markup) = params.structure("reply_markup") {
        draft = draft.with("reply_markup", markup.into_owned());
    }
    let message_id = state.deliver(chat_id, draft, reply_optional)?;
    state.wire(chat_id, message_id).ok_or_else(|| Refusal::of_code(500))
}
