//! What a page says once about the action that led to it.

/// What a page says once about the action that led to it. Travels as `?notice=<code>`, so that
/// nobody can make a page say anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// «Заказ успешно создан!»
    OrderCreated,
    /// The order is taken, its outcome is still to come.
    OrderChecking,
    /// The order is cancelled and its money is free.
    OrderCancelled,
    /// It could not be cancelled: it was not open any more.
    OrderNotOpen,
    /// The cancellation is on its way.
    OrderCancelling,
    /// The draft is kept.
    DraftSaved,
    /// The draft is removed.
    DraftCleared,
    /// The session is over.
    SignedOut,
    /// The password is another one.
    PasswordChanged,
    /// One of the account's other sessions is over.
    SessionEnded,
    /// All of the account's other sessions are over.
    SessionsEnded,
    /// A Telegram user is the account's no longer.
    TelegramUnlinked,
    /// A bot behaves as it was told.
    BotSaved,
    /// Somebody has another role.
    RoleGranted,
    /// An account is shut.
    UserDisabled,
    /// An account is open again.
    UserEnabled,
    /// Money was added.
    Credited,
    /// The credit is on its way.
    CreditPending,
    /// A dead letter will be tried again.
    LetterRedriven,
    /// A dead letter was discarded.
    LetterDiscarded,
}

impl Notice {
    const ALL: [Self; 20] = [
        Self::OrderCreated,
        Self::OrderChecking,
        Self::OrderCancelled,
        Self::OrderNotOpen,
        Self::OrderCancelling,
        Self::DraftSaved,
        Self::DraftCleared,
        Self::SignedOut,
        Self::PasswordChanged,
        Self::SessionEnded,
        Self::SessionsEnded,
        Self::TelegramUnlinked,
        Self::BotSaved,
        Self::RoleGranted,
        Self::UserDisabled,
        Self::UserEnabled,
        Self::Credited,
        Self::CreditPending,
        Self::LetterRedriven,
        Self::LetterDiscarded,
    ];

    /// The value of `?notice=`.
    pub fn code(self) -> &'static str {
        match self {
            Self::OrderCreated => "order-created",
            Self::OrderChecking => "order-checking",
            Self::OrderCancelled => "order-cancelled",
            Self::OrderNotOpen => "order-not-open",
            Self::OrderCancelling => "order-cancelling",
            Self::DraftSaved => "draft-saved",
            Self::DraftCleared => "draft-cleared",
            Self::SignedOut => "signed-out",
            Self::PasswordChanged => "password-changed",
            Self::SessionEnded => "session-ended",
            Self::SessionsEnded => "sessions-ended",
            Self::TelegramUnlinked => "telegram-unlinked",
            Self::BotSaved => "bot-saved",
            Self::RoleGranted => "role-granted",
            Self::UserDisabled => "user-disabled",
            Self::UserEnabled => "user-enabled",
            Self::Credited => "credited",
            Self::CreditPending => "credit-pending",
            Self::LetterRedriven => "letter-redriven",
            Self::LetterDiscarded => "letter-discarded",
        }
    }

    /// The notice of a `?notice=` value.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.code() == code)
    }

    /// Whether it tells of something that did not work.
    pub fn is_bad(self) -> bool {
        self == Self::OrderNotOpen
    }

    pub(crate) fn text_key(self) -> &'static str {
        match self {
            Self::OrderCreated => "notice-order-created",
            Self::OrderChecking => "notice-order-checking",
            Self::OrderCancelled => "notice-order-cancelled",
            Self::OrderNotOpen => "notice-order-not-open",
            Self::OrderCancelling => "notice-order-cancelling",
            Self::DraftSaved => "notice-draft-saved",
            Self::DraftCleared => "notice-draft-cleared",
            Self::SignedOut => "notice-signed-out",
            Self::PasswordChanged => "notice-password-changed",
            Self::SessionEnded => "notice-session-ended",
            Self::SessionsEnded => "notice-sessions-ended",
            Self::TelegramUnlinked => "notice-telegram-unlinked",
            Self::BotSaved => "notice-bot-saved",
            Self::RoleGranted => "notice-role-granted",
            Self::UserDisabled => "notice-user-disabled",
            Self::UserEnabled => "notice-user-enabled",
            Self::Credited => "notice-credited",
            Self::CreditPending => "notice-credit-pending",
            Self::LetterRedriven => "notice-letter-redriven",
            Self::LetterDiscarded => "notice-letter-discarded",
        }
    }
}
