use serde::{Deserialize, Serialize};

/// Who may speak on the bus. Each has a NATS user (NKey) of its own; `nats.conf` says what it may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Creates streams, consumers and buckets; nothing else does.
    Provision,
    HttpEdge,
    OrderWorker,
    MediaWorker,
    ChatWorker,
    BotBridge,
    /// The command line: credits, roles, dead letters.
    Vestnik,
    /// Creates the mirror in the auditor's own account.
    AuditProvision,
    /// Reads the mirror; can write nowhere.
    Auditor,
}

impl Service {
    pub const ALL: [Self; 9] = [
        Self::Provision,
        Self::HttpEdge,
        Self::OrderWorker,
        Self::MediaWorker,
        Self::ChatWorker,
        Self::BotBridge,
        Self::Vestnik,
        Self::AuditProvision,
        Self::Auditor,
    ];

    /// The name as it stands in `ce-source`, in file names and in the inbox prefix.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Provision => "provision",
            Self::HttpEdge => "http-edge",
            Self::OrderWorker => "order-worker",
            Self::MediaWorker => "media-worker",
            Self::ChatWorker => "chat-worker",
            Self::BotBridge => "bot-bridge",
            Self::Vestnik => "vestnik",
            Self::AuditProvision => "audit-provision",
            Self::Auditor => "auditor",
        }
    }

    /// The environment variable from which `nats.conf` takes the user's public key.
    #[must_use]
    pub fn nkey_variable(self) -> String {
        format!("NATS_NKEY_{}", self.name().replace('-', "_").to_uppercase())
    }
}

impl std::fmt::Display for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
