use super::answer::{Answer, yes};
use super::params::Params;
use crate::world::World;

pub(super) fn delete_message(world: &World, params: &Params) -> Answer {
    let (chat_id, message_id) = (params.chat_id()?, params.message_id()?);
    world.state().delete(chat_id, message_id)?;
    yes()
}
