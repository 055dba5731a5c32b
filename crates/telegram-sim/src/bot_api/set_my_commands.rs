use serde_json::Value;

use super::answer::{Answer, Refusal, yes};
use super::params::Params;
use crate::world::World;

pub(super) fn set_my_commands(world: &World, params: &Params) -> Answer {
    let commands = params
        .structure("commands")
        .filter(|commands| commands.is_array())
        .ok_or_else(|| Refusal::bad_request("can't parse commands"))?;
    put(world, commands.into_owned())
}

pub(super) fn delete_my_commands(world: &World) -> Answer {
    put(world, Value::Array(Vec::new()))
}

fn put(world: &World, commands: Value) -> Answer {
    let mut state = world.state();
    state.commands = commands;
    state.signals.tell(|| None);
    yes()
}

/// The list as it was set; scopes and languages are not told apart.
pub(super) fn get_my_commands(world: &World) -> Answer {
    Ok(world.state().commands.to_string())
}
