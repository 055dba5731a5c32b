use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A message that was given up will not be tried again. It stays among the dead letters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LetterDiscarded {
    /// The durable consumer that gave it up.
    pub consumer: String,
    /// The log sequence of what was given up; with the consumer it names the letter.
    pub sequence: u64,
    /// The subject that it had in the log.
    pub subject: String,
    /// Why, 1 to 500 characters.
    pub reason: String,
}

crate::declare_event!(LetterDiscarded {
    name: "letter.discarded",
    version: 1,
    subject: "letters.*.discarded",
    entity: consumer,
    by: [HttpEdge, Vestnik],
    personal: ["/reason"],
    sample: Self {
        consumer: "order-worker".into(),
        sequence: 4_711,
        subject: "orders.01900000-0000-7000-8000-000000000002.requested".into(),
        reason: "sent by hand on Monday".into()
    },
});
