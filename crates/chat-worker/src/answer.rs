//! What the bot says and does by itself when somebody writes.

use std::collections::HashMap;

use events::{
    Outgoing, Service,
    chats::{NoticeKind, NoticesSwitched},
    desk::{BotSettings, WorkingHours},
    users::TelegramLinked,
};
use jiff::{Timestamp, tz::TimeZone};
use uuid::Uuid;

use crate::{
    command::Command,
    heard::Heard,
    hours::{Desk, desk},
    link::{Links, Wish},
    notice::Notice,
    words,
};

/// What follows from the messages of a batch, in their order.
pub(crate) fn answers(
    heard: &[Heard<'_>],
    bots: &HashMap<i64, BotSettings>,
    mut links: Links,
    now: Timestamp,
) -> Vec<Outgoing> {
    let mut facts = Vec::new();
    // What the batch itself links.
    let mut linked: HashMap<i64, Uuid> = HashMap::new();
    for one in heard {
        let wish = links.take(one);
        let user_id = one.message.user_id;
        let account = linked.get(&user_id).copied().or(one.person.account);
        if let Some(Wish::Granted(granted)) = wish
            && account != Some(granted)
        {
            linked.insert(user_id, granted);
            let fact = TelegramLinked { user_id: granted, telegram_user_id: user_id };
            facts.push(Outgoing::fact(Service::ChatWorker, &one.recorded.meta, 0, None, now, &fact));
        }
        let Some(bot_id) = one.answering(now) else { continue };
        let settings = bots.get(&bot_id);
        let answer = Answer { one, bot_id, now, has_account: account.is_some() };
        answer.add_to(&mut facts, settings, wish);
    }
    facts
}

struct Answer<'a> {
    one: &'a Heard<'a>,
    bot_id: i64,
    now: Timestamp,
    /// Before this message.
    has_account: bool,
}

impl Answer<'_> {
    fn add_to(&self, facts: &mut Vec<Outgoing>, settings: Option<&BotSettings>, wish: Option<Wish>) {
        let welcome =
            settings.and_then(|settings| settings.welcome.as_ref()).filter(|_| !self.one.person.met);
        if let Some(text) = welcome {
            let asks_phone = !self.has_account && wish.is_none();
            facts.push(self.say(NoticeKind::Welcome, "", text.clone(), asks_phone));
        }
        let lang = words::language(self.one.person.language_code.as_deref());
        match (wish, Command::of(self.one.message)) {
            (Some(Wish::Granted(_)), _) => facts.push(self.reply(words::text(lang, "linked"), false)),
            (Some(Wish::NoAccount), _) => facts.push(self.reply(words::text(lang, "no-account"), false)),
            (Some(Wish::WordIsOver), _) => {
                facts.push(self.reply(words::text(lang, "link-over"), !self.has_account));
            }
            // Whoever has been welcomed knows what to do.
            (None, Some(Command::Start)) if welcome.is_some() => {}
            (None, Some(Command::Start | Command::Help)) => {
                facts.push(self.reply(words::text(lang, "help"), false));
            }
            (None, Some(Command::Notices)) => self.switch(facts, lang),
            (None, None) => facts.extend(self.away(settings)),
        }
    }

    fn switch(&self, facts: &mut Vec<Outgoing>, lang: phrases::Lang) {
        let switched =
            NoticesSwitched { user_id: self.one.message.user_id, enabled: !self.one.person.notices };
        let cause = &self.one.recorded.meta;
        facts.push(Outgoing::fact(Service::ChatWorker, cause, 0, None, self.now, &switched));
        let mut text = words::text(lang, if switched.enabled { "notices-on" } else { "notices-off" });
        let needs_account = switched.enabled && !self.has_account;
        if needs_account {
            text.push_str("\n\n");
            text.push_str(&words::text(lang, "notices-need-account"));
        }
        facts.push(self.reply(text, needs_account));
    }

    /// Nobody is at the desk: said once in each stretch that it is closed, to whoever writes within it.
    fn away(&self, settings: Option<&BotSettings>) -> Option<Outgoing> {
        let settings = settings?;
        let (text, hours) = (settings.away.as_ref()?, settings.hours.as_ref()?);
        let Desk::Closed { since } = desk(hours, &zone(self.bot_id, hours)?, self.now) else { return None };
        if since.is_some_and(|since| self.one.recorded.meta.time < since) {
            // There was somebody when it was written.
            return None;
        }
        let once = format!("{}:{}", self.bot_id, since.map_or(0, Timestamp::as_second));
        Some(self.say(NoticeKind::Away, &once, text.clone(), false))
    }

    /// The answer to this very message.
    fn reply(&self, text: String, asks_phone: bool) -> Outgoing {
        self.say(NoticeKind::Command, &self.one.message.message_id.to_string(), text, asks_phone)
    }

    fn say(&self, kind: NoticeKind, once: &str, text: String, asks_phone: bool) -> Outgoing {
        let (user_id, bot_id) = (self.one.message.user_id, Some(self.bot_id));
        Notice { user_id, bot_id, kind, once, text, asks_phone }.because_of(&self.one.recorded.meta, self.now)
    }
}

/// The edge lets no other zone in, but this machine may know fewer.
fn zone(bot: i64, hours: &WorkingHours) -> Option<TimeZone> {
    match TimeZone::get(&hours.zone) {
        Ok(zone) => Some(zone),
        Err(error) => {
            tracing::warn!(bot, zone = hours.zone, %error, "whether the desk is closed cannot be told");
            None
        }
    }
}
