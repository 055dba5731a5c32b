use events::chats::{Direction, MessageReceived, MessageType};

/// What a person asks of the bot itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Start,
    Help,
    /// Order notices on or off.
    Notices,
}

impl Command {
    /// The command that this message is; only what Telegram vouches for counts.
    pub(crate) fn of(message: &MessageReceived) -> Option<Self> {
        let heard = message.verified && message.direction == Direction::In && message.bot_id.is_some();
        if !heard || message.message_type != MessageType::Text {
            return None;
        }
        let word = message.message_text.split_whitespace().next()?.strip_prefix('/')?;
        // In groups the bot is named: /help@vestnik_bot.
        let name = word.split_once('@').map_or(word, |(name, _)| name);
        match name.to_ascii_lowercase().as_str() {
            "start" => Some(Self::Start),
            "help" => Some(Self::Help),
            "notices" => Some(Self::Notices),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use events::Event as _;

    use super::*;

    #[test]
    fn only_the_first_word_of_a_text_to_a_bot_is_a_command() {
        let said = |text: &str| MessageReceived {
            message_type: MessageType::Text,
            message_text: text.into(),
            ..MessageReceived::sample()
        };
        assert_eq!(Command::of(&said("/notices")), Some(Command::Notices));
        assert_eq!(Command::of(&said("/Help@vestnik_bot please")), Some(Command::Help));
        assert_eq!(Command::of(&said("/start link_abc")), Some(Command::Start));
        for text in ["notices", "/noticesx", "say /help", "", "/"] {
            assert_eq!(Command::of(&said(text)), None, "{text:?}");
        }
        assert_eq!(Command::of(&MessageReceived { verified: false, ..said("/help") }), None);
        assert_eq!(Command::of(&MessageReceived { bot_id: None, ..said("/help") }), None);
        assert_eq!(Command::of(&MessageReceived { direction: Direction::Out, ..said("/help") }), None);
    }
}
