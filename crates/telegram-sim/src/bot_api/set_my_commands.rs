use serde_json::Value;

use super::answer::{Answer, Refusal, yes};
use super::params::Params;
use crate::state::signals::Told;
use crate::world::World;

/// The most commands of one list, and the longest name and description (Bot API, `BotCommand`).
const MOST: usize = 100;
const LONGEST_NAME: usize = 32;
const LONGEST_DESCRIPTION: usize = 256;

pub(super) fn set_my_commands(world: &World, params: &Params) -> Answer {
    let commands = params
        .structure("commands")
        .filter(|commands| commands.is_array())
        .ok_or_else(|| Refusal::bad_request("can't parse commands"))?;
    let list = commands.as_array().map(Vec::as_slice).unwrap_or_default();
    if list.len() > MOST {
        return Err(Refusal::bad_request("BOT_COMMANDS_TOO_MUCH"));
    }
    if !list.iter().all(|command| is_name(&command["command"])) {
        return Err(Refusal::bad_request("BOT_COMMAND_INVALID"));
    }
    if !list.iter().all(|command| is_description(&command["description"])) {
        return Err(Refusal::bad_request("BOT_COMMAND_DESCRIPTION_INVALID"));
    }
    put(world, params, commands.into_owned())
}

pub(super) fn delete_my_commands(world: &World, params: &Params) -> Answer {
    put(world, params, Value::Array(Vec::new()))
}

/// The list of a language, as it was set.
pub(super) fn get_my_commands(world: &World, params: &Params) -> Answer {
    Ok(world.state().menus.of(language(params)?).to_string())
}

fn put(world: &World, params: &Params, commands: Value) -> Answer {
    let language = language(params)?;
    let mut state = world.state();
    state.menus.set(language, commands);
    state.signals.tell(|| Some(Told::new("bot", &state.shown_bot())));
    yes()
}

fn language(params: &Params) -> Result<&str, Refusal> {
    let code = params.text("language_code").unwrap_or_default();
    let two_letters = code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_lowercase());
    if code.is_empty() || two_letters { Ok(code) } else { Err(Refusal::bad_request("LANG_CODE_INVALID")) }
}

fn is_name(name: &Value) -> bool {
    let fits = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_';
    name.as_str().is_some_and(|name| (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(fits))
}

fn is_description(words: &Value) -> bool {
    words.as_str().is_some_and(|words| (1..=LONGEST_DESCRIPTION).contains(&words.chars().count()))
}
