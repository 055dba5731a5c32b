use super::answer::{Answer, Refusal};
use super::params::Params;
use super::send_message::checked_text;
use crate::world::World;

/// `editMessageText` and `editMessageCaption`; `field` is which of the two, `marked` its entities.
pub(super) fn edit_message(world: &World, params: &Params, field: &str, marked: &str) -> Answer {
    let chat_id = params.chat_id()?;
    let message_id = params.message_id()?;
    let words = match field {
        "text" => checked_text(params)?,
        _ => params.text(field).unwrap_or_default(),
    };
    let mut state = world.state();
    let entities = params.structure(marked).map(|entities| (marked, entities.into_owned()));
    state.edit_delivered(chat_id, message_id, words, entities)?;
    state.wire(chat_id, message_id).ok_or_else(|| Refusal::of_code(500))
}
