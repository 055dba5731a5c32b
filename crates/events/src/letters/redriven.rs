use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A message that was given up is to be tried again: its consumer fetches it from the dead letters and
/// handles it as if it came now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LetterRedriven {
    /// The durable consumer that gave it up.
    pub consumer: String,
    /// The log sequence of what was given up; with the consumer it names the letter.
    pub sequence: u64,
    /// The subject that it had in the log.
    pub subject: String,
}

crate::declare_event!(LetterRedriven {
    name: "letter.redriven",
    version: 1,
    subject: "letters.*.redriven",
    entity: consumer,
    by: [HttpEdge, Vestnik],
    personal: [],
    sample: Self {
        consumer: "order-worker".into(),
        sequence: 4_711,
        subject: "orders.01900000-0000-7000-8000-000000000002.requested".into()
    },
});
