use events::{
    LogEvent, Recorded, accounts::AccountEvent, chats::ChatEvent, orders::OrderEvent, users::UserEvent,
};
use uuid::Uuid;

/// The person whose chat a page has open. What is shown of them beside it changes by more than what they say.
#[derive(Debug)]
pub(super) struct Watched {
    /// Telegram's id.
    pub(super) user_id: i64,
    /// The account that is known to be theirs.
    pub(super) account: Option<Uuid>,
}

impl Watched {
    /// Whether an event changes what is shown of the person.
    pub(super) fn is_changed_by(&mut self, recorded: &Recorded) -> bool {
        match &recorded.event {
            LogEvent::Chat(event) => is_of_person(event) && recorded.meta.entity.parse() == Ok(self.user_id),
            LogEvent::User(UserEvent::TelegramLinked(event)) => {
                let is = event.telegram_user_id == self.user_id;
                if is {
                    self.account = Some(event.user_id);
                }
                is
            }
            LogEvent::User(UserEvent::TelegramUnlinked(event)) => {
                let is = event.telegram_user_id == self.user_id;
                if is {
                    self.account = None;
                }
                is
            }
            LogEvent::Order(event) => customer(event).is_some_and(|id| self.account == Some(id)),
            LogEvent::Account(event) => owner(event).is_some_and(|id| self.account == Some(id)),
            _ => false,
        }
    }
}

const fn is_of_person(event: &ChatEvent) -> bool {
    matches!(
        event,
        ChatEvent::ChatBanned(_)
            | ChatEvent::ChatUnbanned(_)
            | ChatEvent::NoticesSwitched(_)
            | ChatEvent::BotBlocked(_)
            | ChatEvent::BotUnblocked(_)
    )
}

const fn customer(event: &OrderEvent) -> Option<Uuid> {
    Some(match event {
        OrderEvent::OrderAccepted(event) => event.customer_id,
        OrderEvent::OrderRejected(event) => event.customer_id,
        OrderEvent::OrderCancelled(event) => event.customer_id,
        OrderEvent::OrderExpired(event) => event.customer_id,
        _ => return None,
    })
}

const fn owner(event: &AccountEvent) -> Option<Uuid> {
    Some(match event {
        AccountEvent::AccountCredited(event) => event.user_id,
        AccountEvent::AccountHeld(event) => event.user_id,
        AccountEvent::AccountReleased(event) => event.user_id,
        _ => return None,
    })
}
