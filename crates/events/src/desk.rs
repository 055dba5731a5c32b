//! What the desk works with besides chats: bots and ready answers.

mod bot_connected;
mod bot_settings_changed;
mod canned_removed;
mod canned_saved;

pub use bot_connected::BotConnected;
pub use bot_settings_changed::{BotSettings, BotSettingsChanged, OpenHours, WorkingHours};
pub use canned_removed::CannedRemoved;
pub use canned_saved::CannedSaved;

crate::declare_domain!(
    /// What happens around the desk.
    DeskEvent { BotConnected, BotSettingsChanged, CannedSaved, CannedRemoved }
);
