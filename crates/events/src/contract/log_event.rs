use super::{DecodeError, EventInfo, Meta, Service};
use crate::{
    accounts::AccountEvent, chats::ChatEvent, desk::DeskEvent, images::ImageEvent, letters::LetterEvent,
    orders::OrderEvent, users::UserEvent,
};

/// Any event of the log.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a box would stand in every match")]
pub enum LogEvent {
    Order(OrderEvent),
    Account(AccountEvent),
    Image(ImageEvent),
    Chat(ChatEvent),
    User(UserEvent),
    Letter(LetterEvent),
    Desk(DeskEvent),
}

macro_rules! each {
    ($self:ident, $event:ident => $body:expr) => {
        match $self {
            LogEvent::Order($event) => $body,
            LogEvent::Account($event) => $body,
            LogEvent::Image($event) => $body,
            LogEvent::Chat($event) => $body,
            LogEvent::User($event) => $body,
            LogEvent::Letter($event) => $body,
            LogEvent::Desk($event) => $body,
        }
    };
}

impl LogEvent {
    /// Decodes a body and checks that it belongs on its subject and comes from a service that may say
    /// it. The broker's permissions alone do not stop a forged subject (a client can have an answer
    /// delivered, and so stored, on any subject), so every consumer checks.
    pub fn decode(subject: &str, meta: &Meta, body: &[u8]) -> Result<Self, DecodeError> {
        let event = Self::decode_type(&meta.ce_type, body)?;
        if event.subject() != subject {
            return Err(DecodeError::WrongSubject {
                name: event.name(),
                subject: subject.to_owned(),
                entity: event.entity(),
            });
        }
        if !event.publishers().iter().any(|service| service.name() == meta.source) {
            return Err(DecodeError::WrongSource { name: event.name(), source_name: meta.source.clone() });
        }
        Ok(event)
    }

    /// Decodes a body by its type alone.
    pub fn decode_type(ce_type: &str, body: &[u8]) -> Result<Self, DecodeError> {
        OrderEvent::decode(ce_type, body)
            .map(|event| event.map(Self::Order))
            .or_else(|| AccountEvent::decode(ce_type, body).map(|event| event.map(Self::Account)))
            .or_else(|| ImageEvent::decode(ce_type, body).map(|event| event.map(Self::Image)))
            .or_else(|| ChatEvent::decode(ce_type, body).map(|event| event.map(Self::Chat)))
            .or_else(|| UserEvent::decode(ce_type, body).map(|event| event.map(Self::User)))
            .or_else(|| LetterEvent::decode(ce_type, body).map(|event| event.map(Self::Letter)))
            .or_else(|| DeskEvent::decode(ce_type, body).map(|event| event.map(Self::Desk)))
            .unwrap_or_else(|| Err(DecodeError::UnknownType(ce_type.to_owned())))
    }

    #[must_use]
    pub fn name(&self) -> &'static str {
        each!(self, event => event.name())
    }

    #[must_use]
    pub fn subject(&self) -> String {
        each!(self, event => event.subject())
    }

    #[must_use]
    pub fn entity(&self) -> String {
        each!(self, event => event.entity())
    }

    #[must_use]
    pub fn publishers(&self) -> &'static [Service] {
        each!(self, event => event.publishers())
    }

    /// Every event type of the contract.
    #[must_use]
    pub fn infos() -> Vec<EventInfo> {
        [
            OrderEvent::infos(),
            AccountEvent::infos(),
            ImageEvent::infos(),
            ChatEvent::infos(),
            UserEvent::infos(),
            LetterEvent::infos(),
            DeskEvent::infos(),
        ]
        .concat()
    }
}

impl From<OrderEvent> for LogEvent {
    fn from(event: OrderEvent) -> Self {
        Self::Order(event)
    }
}

impl From<AccountEvent> for LogEvent {
    fn from(event: AccountEvent) -> Self {
        Self::Account(event)
    }
}

impl From<ImageEvent> for LogEvent {
    fn from(event: ImageEvent) -> Self {
        Self::Image(event)
    }
}

impl From<ChatEvent> for LogEvent {
    fn from(event: ChatEvent) -> Self {
        Self::Chat(event)
    }
}

impl From<UserEvent> for LogEvent {
    fn from(event: UserEvent) -> Self {
        Self::User(event)
    }
}

impl From<LetterEvent> for LogEvent {
    fn from(event: LetterEvent) -> Self {
        Self::Letter(event)
    }
}

impl From<DeskEvent> for LogEvent {
    fn from(event: DeskEvent) -> Self {
        Self::Desk(event)
    }
}
