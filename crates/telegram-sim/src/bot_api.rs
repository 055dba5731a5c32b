//! The Bot API: one POST or GET per method, parameters in any of its encodings.

mod answer;
mod call;
mod delete_message;
mod download_file;
mod edit_message;
mod get_file;
mod get_me;
mod get_updates;
mod get_webhook_info;
mod params;
mod send_chat_action;
mod send_media;
mod send_media_group;
mod send_message;
mod set_my_commands;
mod set_webhook;
mod struck;

pub(crate) use answer::Refusal;
pub(crate) use call::call;
pub(crate) use download_file::download_file;

use answer::Answer;
use params::Params;

use crate::media::Kind;
use crate::world::World;

/// The methods there are, in the Bot API's spelling. Names are matched in any case, as
/// Telegram does.
const METHODS: [&str; 26] = [
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "sendVideo",
    "sendDocument",
    "sendAudio",
    "sendVoice",
    "sendAnimation",
    "sendVideoNote",
    "sendSticker",
    "sendMediaGroup",
    "sendChatAction",
    "editMessageText",
    "editMessageCaption",
    "deleteMessage",
    "deleteMessages",
    "getFile",
    "getChat",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "answerCallbackQuery",
];

fn spelled(name: &str) -> Option<&'static str> {
    METHODS.into_iter().find(|method| method.eq_ignore_ascii_case(name))
}

async fn carry_out(world: &World, method: &'static str, params: Params) -> Answer {
    match method {
        "getMe" => get_me::get_me(world),
        "getUpdates" => get_updates::get_updates(world, &params).await,
        "setWebhook" => set_webhook::set_webhook(world, &params),
        "deleteWebhook" => set_webhook::delete_webhook(world, &params),
        "getWebhookInfo" => get_webhook_info::get_webhook_info(world),
        "sendMessage" => send_message::send_message(world, &params),
        "sendPhoto" => send_media::send_media(world, params, Kind::Photo).await,
        "sendVideo" => send_media::send_media(world, params, Kind::Video).await,
        "sendDocument" => send_media::send_media(world, params, Kind::Document).await,
        "sendAudio" => send_media::send_media(world, params, Kind::Audio).await,
        "sendVoice" => send_media::send_media(world, params, Kind::Voice).await,
        "sendAnimation" => send_media::send_media(world, params, Kind::Animation).await,
        "sendVideoNote" => send_media::send_media(world, params, Kind::VideoNote).await,
        "sendSticker" => send_media::send_media(world, params, Kind::Sticker).await,
        "sendMediaGroup" => send_media_group::send_media_group(world, params).await,
        "sendChatAction" => send_chat_action::send_chat_action(world, &params),
        "editMessageText" => edit_message::edit_message(world, &params, "text", "entities"),
        "editMessageCaption" => edit_message::edit_message(world, &params, "caption", "caption_entities"),
        "deleteMessage" => delete_message::delete_message(world, &params),
        "deleteMessages" => delete_message::delete_messages(world, &params),
        "getFile" => get_file::get_file(world, &params),
        "getChat" => get_me::get_chat(world, &params),
        "setMyCommands" => set_my_commands::set_my_commands(world, &params),
        "getMyCommands" => set_my_commands::get_my_commands(world, &params),
        "deleteMyCommands" => set_my_commands::delete_my_commands(world, &params),
        "answerCallbackQuery" => answer::yes(),
        _ => Err(Refusal::not_found()),
    }
}
