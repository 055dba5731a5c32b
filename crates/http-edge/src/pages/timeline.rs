//! An order's events as sentences.

use jiff::Timestamp;

use super::{Layout, reasons};

/// An event of an order's timeline.
#[derive(Debug, Clone)]
pub struct TimelineEvent {
    /// The event's id.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What it says.
    pub kind: TimelineKind,
    /// The event's type, `vestnik.order.accepted.v1`.
    pub event_type: String,
    /// The event whole, as indented JSON.
    pub json: String,
}

/// What an event says. Amounts are in kopecks.
#[derive(Debug, Clone)]
pub enum TimelineKind {
    /// The customer sent the form.
    Requested,
    /// Accepted.
    Accepted {
        /// What was held for it.
        held: i64,
    },
    /// Rejected.
    Rejected {
        /// Why: a code, or words.
        reason: String,
    },
    /// The customer wants it cancelled.
    CancelRequested,
    /// Cancelled.
    Cancelled {
        /// What was given back.
        released: i64,
    },
    /// Not cancelled.
    CancelRefused {
        /// Why: a code, or words.
        reason: String,
    },
    /// The deadline passed.
    Expired {
        /// What was given back.
        released: i64,
    },
    /// Money was held.
    Held {
        /// How much.
        amount: i64,
    },
    /// Money was released.
    Released {
        /// How much.
        amount: i64,
    },
    /// The picture arrived.
    ImageUploaded,
    /// The picture has its code.
    ImageRendered,
    /// The picture could not be rendered.
    ImageFailed {
        /// Why: a code, or words.
        reason: String,
    },
    /// Anything newer than this page.
    Other,
}

impl TimelineEvent {
    pub(crate) fn sentence(&self, layout: &Layout) -> String {
        let amount = |key: &str, kopecks: &i64| layout.tv(key, "amount", layout.money(kopecks));
        let because = |key: &str, reason: &str| layout.tv(key, "reason", reasons::text(layout, reason));
        match &self.kind {
            TimelineKind::Requested => layout.t("timeline-requested"),
            TimelineKind::Accepted { held } => amount("timeline-accepted", held),
            TimelineKind::Rejected { reason } => because("timeline-rejected", reason),
            TimelineKind::CancelRequested => layout.t("timeline-cancel-requested"),
            TimelineKind::Cancelled { released } => amount("timeline-cancelled", released),
            TimelineKind::CancelRefused { reason } => because("timeline-cancel-refused", reason),
            TimelineKind::Expired { released } => amount("timeline-expired", released),
            TimelineKind::Held { amount: held } => amount("timeline-held", held),
            TimelineKind::Released { amount: released } => amount("timeline-released", released),
            TimelineKind::ImageUploaded => layout.t("timeline-image-uploaded"),
            TimelineKind::ImageRendered => layout.t("timeline-image-rendered"),
            TimelineKind::ImageFailed { reason } => because("timeline-image-failed", reason),
            TimelineKind::Other => layout.tv("timeline-other", "type", self.event_type.clone()),
        }
    }

    /// The colour of the mark: `good`, `bad` or nothing.
    pub(crate) fn tone(&self) -> &'static str {
        match self.kind {
            TimelineKind::Accepted { .. } | TimelineKind::ImageRendered => "good",
            TimelineKind::Rejected { .. }
            | TimelineKind::CancelRefused { .. }
            | TimelineKind::ImageFailed { .. } => "bad",
            _ => "plain",
        }
    }
}
