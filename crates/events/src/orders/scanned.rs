use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Somebody followed the order's short link. One event tells of all scans since the last one, at most
/// [`MOST`](Self::MOST): a flood of them must not fill a log that nothing is ever deleted from. Who it was is
/// not asked: no address is kept, so no country either.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderScanned {
    pub order_id: Uuid,
    pub customer_id: Uuid,
    pub scans: Vec<Scan>,
}

/// One scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scan {
    /// To the second.
    pub at: Timestamp,
    pub device: Device,
    /// The host name of the page that led to the link, at most 100 characters. A camera names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
}

/// What kind of device it was, as far as it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    Phone,
    Tablet,
    Computer,
    /// A program, such as a messenger that draws a preview: nobody has looked.
    Bot,
    Unknown,
}

impl OrderScanned {
    /// Scans in one event. Written out they are at most 100 KB, a tenth of what the broker takes.
    pub const MOST: usize = 500;
}

impl Device {
    pub const ALL: [Self; 5] = [Self::Phone, Self::Tablet, Self::Computer, Self::Bot, Self::Unknown];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Computer => "computer",
            Self::Bot => "bot",
            Self::Unknown => "unknown",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|device| device.name() == name)
    }
}

crate::declare_event!(OrderScanned {
    name: "order.scanned",
    version: 1,
    subject: "orders.*.scanned",
    entity: order_id,
    by: [HttpEdge],
    personal: [],
    sample: Self {
        order_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
        customer_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        scans: vec![Scan {
            at: Timestamp::UNIX_EPOCH,
            device: Device::Phone,
            referrer: Some("vk.com".into())
        }]
    },
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_event_is_far_below_what_the_broker_takes() {
        let scan = Scan { at: Timestamp::MAX, device: Device::Computer, referrer: Some("x".repeat(100)) };
        let event = OrderScanned {
            order_id: Uuid::max(),
            customer_id: Uuid::max(),
            scans: vec![scan; OrderScanned::MOST],
        };
        assert!(serde_json::to_vec(&event).unwrap().len() < 128 * 1024);
    }
}
