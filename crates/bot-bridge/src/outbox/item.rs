use std::time::Duration;

use events::chats::MessageType;
use jiff::Timestamp;
use store::calls::{Call, Task};

use super::{
    Waiting,
    schedule::{Order, Placed},
    verdict::{Answer, Instead},
};

/// How a call is made; each of these only after Telegram has refused the usual way, and so sent nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Way {
    /// Without entities.
    pub(crate) plain: bool,
    /// Pictures as documents.
    pub(crate) document: bool,
    /// Every file uploaded, whatever Telegram may remember of it.
    pub(crate) upload: bool,
}

/// A call on its way through.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub(super) call: Call,
    pub(super) way: Way,
    /// Its attempt is recorded, and nothing has come of it yet.
    pub(super) begun: bool,
    /// Answers so far.
    pub(super) tries: u32,
}

/// What an attempt has come to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum End {
    Sent(Answer),
    Failed {
        code: &'static str,
        reason: String,
        blocked: bool,
    },
    Unknown {
        reason: String,
    },
    /// It was surely not made; it is again, no earlier than this by either clock.
    Back {
        why: &'static str,
        until: Duration,
        not_before: Option<Timestamp>,
        /// Nothing else of the bot is either.
        whole_bot: bool,
    },
}

/// A call that has ended, for good or for now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finished {
    pub(super) item: Item,
    pub(super) end: End,
}

impl Item {
    pub(super) fn new(call: Call) -> Self {
        Self { call, way: Way::default(), begun: false, tries: 0 }
    }

    pub(super) fn waiting(&self, until: Option<Timestamp>) -> Waiting {
        let Call { user_id, message_id, part, .. } = self.call;
        Waiting { user_id, message_id, part, until }
    }

    /// The way to try after a refusal, if there is another.
    pub(super) fn instead(&self, instead: Instead) -> Option<Way> {
        let (entities, files) = match &self.call.task {
            Task::Send { entities, files, .. } => (entities.as_slice(), files.as_slice()),
            Task::Edit { entities, .. } => (entities.as_slice(), &[][..]),
            Task::Delete {} => return None,
        };
        let way = self.way;
        match instead {
            Instead::Plain => (!way.plain && !entities.is_empty()).then_some(Way { plain: true, ..way }),
            Instead::Document => (!way.document && files.iter().any(|file| file.kind == MessageType::Photo))
                .then_some(Way { document: true, ..way }),
            Instead::Upload => (!way.upload && !files.is_empty()).then_some(Way { upload: true, ..way }),
        }
    }

    /// Recorded, but not made.
    pub(super) fn unmade(self) -> Finished {
        let not_before = self.call.not_before;
        let end = End::Back { why: "not_made", until: Duration::ZERO, not_before, whole_bot: false };
        Finished { item: self, end }
    }
}

impl Finished {
    /// What Telegram calls files from now on.
    pub(crate) fn remembered(&self) -> &[super::Remembered] {
        match &self.end {
            End::Sent(answer) => &answer.files,
            _ => &[],
        }
    }
}

impl Placed for Item {
    fn chat(&self) -> i64 {
        self.call.user_id
    }

    fn order(&self) -> Order {
        (self.call.position, self.call.part)
    }
}
