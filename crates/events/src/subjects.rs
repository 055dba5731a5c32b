//! Subjects, streams, consumers and buckets: everything that has a name at the broker.
//!
//! ```text
//! event      = domain "." entity "." what
//! domain     = "orders" | "accounts" | "images" | "chats" | "users" | "letters" | "desk"
//! entity     = a UUID; in chats Telegram's id of the user, in letters a consumer's name, in desk
//!              Telegram's id of a bot or a UUID: one token, never a wildcard
//! what       = what happened, lower case with hyphens: "accepted", "cancel-requested"
//! dead       = "dead." consumer "." event "." sequence   (stream DEAD)
//! progress   = "progress.images." image                  (core NATS, on no stream)
//! typing     = "typing." telegram-user                   (core NATS, on no stream)
//! waiting    = "waiting." telegram-user                  (core NATS, on no stream)
//! status     = "status." bot                             (core NATS, on no stream)
//! ```
//!
//! Each durable consumer also reads `letters.<its name>.redriven`: what it gave up once and shall try again.
//! At the broker it is two, [`DurableConsumer::lanes`].
//!
//! Renaming a durable consumer consumes the whole log again.

use std::time::Duration;

/// The log: every event but the dead letters. Denies delete and purge, has no limits.
pub const EVENTS: &str = "EVENTS";
pub const EVENTS_SUBJECTS: [&str; 7] =
    ["orders.>", "accounts.>", "images.>", "chats.>", "users.>", "letters.>", "desk.>"];

/// Messages that were given up.
pub const DEAD: &str = "DEAD";
pub const DEAD_SUBJECTS: &str = "dead.>";

/// The auditor's mirror of [`EVENTS`], in an account of its own.
pub const AUDIT: &str = "AUDIT";

/// Object store buckets: pictures of orders, and files of chats.
pub const MEDIA_BUCKET: &str = "media";
pub const FILES_BUCKET: &str = "files";

/// A durable consumer of [`EVENTS`].
#[derive(Debug, Clone, Copy)]
pub struct DurableConsumer {
    pub name: &'static str,
    /// What it lives for, best a single one: among several the broker looks for the next message by going
    /// through all subjects of a block (nats-server 2.15, `firstMatchingMulti`), which with a backlog of a
    /// thousand chats costs more than everything else.
    pub filters: &'static [&'static str],
    /// What comes seldom and in no order with the rest, beside its dead letters.
    pub seldom: &'static [&'static str],
    /// After this the broker takes a message for lost with its consumer and delivers it again; long
    /// work sends progress in between.
    pub ack_wait: Duration,
}

/// What stands for a consumer at the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    pub name: String,
    pub filters: Vec<String>,
}

impl DurableConsumer {
    /// What it reads all day, under its own name, and what comes seldom, in a lane of its own so that the first
    /// has as few filters as it can. They are pulled in turns, by one reader.
    #[must_use]
    pub fn lanes(&self) -> [Lane; 2] {
        let seldom = self.seldom.iter().map(ToString::to_string);
        let again = format!("letters.{}.redriven", self.name);
        [
            Lane { name: self.name.into(), filters: self.filters.iter().map(ToString::to_string).collect() },
            Lane { name: format!("{}-seldom", self.name), filters: seldom.chain([again]).collect() },
        ]
    }
}

pub const ORDER_WORKER: DurableConsumer = DurableConsumer {
    name: "order-worker",
    filters: &["orders.*.requested", "orders.*.cancel-requested", "accounts.*.credit-requested"],
    seldom: &[],
    // What a worker that died had in hand is an answer that somebody waits for.
    ack_wait: Duration::from_secs(5),
};

/// Beside the orders' wishes, in the same process: a flood of scans delays no decision.
pub const ORDER_WORKER_SCANS: DurableConsumer = DurableConsumer {
    name: "order-worker-scans",
    filters: &["orders.*.scanned"],
    seldom: &[],
    ack_wait: Duration::from_secs(10),
};

pub const MEDIA_WORKER: DurableConsumer = DurableConsumer {
    name: "media-worker",
    filters: &["images.*.uploaded"],
    seldom: &[],
    ack_wait: Duration::from_secs(10),
};

pub const CHAT_WORKER: DurableConsumer = DurableConsumer {
    name: "chat-worker",
    filters: &["chats.>"],
    seldom: &["desk.>", "users.*.telegram-linked", "users.*.telegram-unlinked"],
    ack_wait: Duration::from_secs(5),
};

/// Beside the chats, in the same process: a flood of orders delays no message.
pub const CHAT_WORKER_NOTICES: DurableConsumer = DurableConsumer {
    name: "chat-worker-notices",
    filters: &["orders.*.accepted", "orders.*.rejected", "orders.*.expired", "images.*.failed"],
    seldom: &[],
    ack_wait: Duration::from_secs(10),
};

pub const BOT_BRIDGE: DurableConsumer = DurableConsumer {
    name: "bot-bridge",
    filters: &[
        "chats.*.reply-requested",
        "chats.*.notice-requested",
        "chats.*.retry-requested",
        "chats.*.edit-requested",
        "chats.*.delete-requested",
    ],
    seldom: &[],
    ack_wait: Duration::from_secs(5),
};

pub const BOT_BRIDGE_FILES: DurableConsumer = DurableConsumer {
    name: "bot-bridge-files",
    filters: &["chats.*.message-received"],
    seldom: &[],
    ack_wait: Duration::from_secs(60),
};

pub const DURABLE_CONSUMERS: [DurableConsumer; 7] = [
    ORDER_WORKER,
    ORDER_WORKER_SCANS,
    MEDIA_WORKER,
    CHAT_WORKER,
    CHAT_WORKER_NOTICES,
    BOT_BRIDGE,
    BOT_BRIDGE_FILES,
];

/// Where `consumer` puts a message that it gave up: a subject of its own for each letter, so that it can be
/// asked for by its subject alone. `sequence` is that of what was given up in the log.
#[must_use]
pub fn dead_letter(consumer: &str, subject: &str, sequence: u64) -> String {
    format!("dead.{consumer}.{subject}.{sequence}")
}

#[must_use]
pub fn image_progress(image: uuid::Uuid) -> String {
    format!("progress.images.{image}")
}

#[must_use]
pub fn typing(telegram_user: i64) -> String {
    format!("typing.{telegram_user}")
}

/// What the bridge says of a reply that waits: when it is tried next.
#[must_use]
pub fn waiting(telegram_user: i64) -> String {
    format!("waiting.{telegram_user}")
}

/// How a bot's line to Telegram is.
#[must_use]
pub fn bot_status(bot: i64) -> String {
    format!("status.{bot}")
}
