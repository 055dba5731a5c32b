use std::{sync::Arc, time::Duration};

use events::{Bus, bus::Objects, users::Listener};
use process::{Secret, Shutdown};
use store::{PooledConn, Relay, Store, StoreError};
use url::Url;

use crate::{
    auth::CallerCache,
    bots::BotLines,
    client_address::TrustedProxies,
    desk::{Ear, Frames},
    identity::Attempts,
    images::Progress,
    images::turn::Turns,
    rate_limit::RateLimit,
    scans::{Links, Pulse, Recorder},
    tail::Tail,
};

/// What the handlers of both listeners share; made once, in `run`.
#[derive(Debug)]
pub(crate) struct Edge {
    pub(crate) store: Store,
    pub(crate) bus: Bus,
    pub(crate) relay: Relay,
    pub(crate) tail: Tail,
    pub(crate) callers: CallerCache,
    pub(crate) links: Links,
    pub(crate) recorder: Recorder,
    pub(crate) pulse: Pulse,
    pub(crate) attempts: Attempts,
    /// What is said beside the log.
    pub(crate) heard: Ear,
    /// What the desk's pages are told.
    pub(crate) frames: Frames,
    pub(crate) progress: Progress,
    pub(crate) bot_lines: BotLines,
    pub(crate) media: Objects,
    pub(crate) files: Objects,
    /// Pictures are held in memory while they come in.
    pub(crate) uploads: Turns,
    /// How long each may be on its way, once it is its turn.
    pub(crate) upload_time: Duration,
    pub(crate) chat_message_limit: RateLimit,
    pub(crate) registration_limit: RateLimit,
    pub(crate) chat_message_token: Option<Secret>,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) base_url: Option<Url>,
    /// `https://t.me/…` leads to the bots.
    pub(crate) real_telegram: bool,
    /// What stands in front of a path of the public site, for the outside world; without a slash at its end.
    pub(crate) address: String,
    pub(crate) shutdown: Shutdown,
}

/// One listener's view of the edge: the state of its router.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) edge: Arc<Edge>,
    pub(crate) listener: Listener,
}

impl Edge {
    pub(crate) async fn conn(&self) -> Result<PooledConn, StoreError> {
        self.store.conn().await
    }

    pub(crate) fn is_https(&self) -> bool {
        self.base_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}

impl std::ops::Deref for Site {
    type Target = Edge;

    fn deref(&self) -> &Edge {
        &self.edge
    }
}
