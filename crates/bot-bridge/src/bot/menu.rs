use std::sync::LazyLock;

use frankenstein::Error;
use phrases::{Catalogue, Lang};

use super::Bot;
use crate::telegram::{Command, reason};

const RU: &str = include_str!("../../texts/ru.ftl");
const EN: &str = include_str!("../../texts/en.ftl");

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(RU, EN));

/// What the chat worker answers to, and the texts that say what it is for.
const COMMANDS: [(&str, &str); 2] = [("help", "command-help"), ("notices", "command-notices")];

/// Whose list is in which language: Telegram shows the one without a language to everybody who has none.
const LISTS: [(Option<&str>, Lang); 2] = [(None, Lang::En), (Some("ru"), Lang::Ru)];

/// Whether Telegram has the bot's commands. Without them the bot works as well, so it is said only once.
#[derive(Debug, Default)]
pub(super) struct Menu {
    set: bool,
    said: bool,
}

impl Menu {
    pub(super) async fn offer(&mut self, bot: &Bot) {
        if self.set {
            return;
        }
        match set(bot).await {
            Ok(()) => self.set = true,
            Err(error) if !self.said => {
                self.said = true;
                tracing::warn!(bot_id = bot.id, error = reason(&error), "the bot's commands are not offered");
            }
            Err(_) => {}
        }
    }
}

async fn set(bot: &Bot) -> Result<(), Error> {
    for (language, lang) in LISTS {
        let commands = COMMANDS.map(|(command, key)| Command { command, description: text(lang, key) });
        bot.telegram.set_commands(language, &commands).await?;
    }
    Ok(())
}

fn text(lang: Lang, key: &str) -> String {
    TEXTS.text(lang, key, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_said_in_both_languages_and_nothing_else_is() {
        let (ru, en) = (phrases::keys(RU).unwrap(), phrases::keys(EN).unwrap());
        assert_eq!(ru, en);
        assert_eq!(ru, COMMANDS.iter().map(|(_, key)| *key).collect());
        for (lang, (_, key)) in Lang::ALL.into_iter().flat_map(|lang| COMMANDS.map(|one| (lang, one))) {
            // Bot API, BotCommand.
            assert!((1..=256).contains(&text(lang, key).chars().count()));
        }
    }
}
