use events::{
    Meta,
    orders::{OrderContent, OrderStatus, RejectionCode, short_code},
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Rubles;

/// An order.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) id: Uuid,
    pub(crate) customer_id: Uuid,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) target_url: String,
    #[schema(value_type = f64)]
    pub(crate) total_amount: Rubles,
    /// Always `RUB`.
    pub(crate) currency: &'static str,
    pub(crate) location: Place,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) deadline: Timestamp,
    pub(crate) platforms: Vec<&'static str>,
    /// `pending`, `open`, `rejected`, `cancelled` or `expired`.
    pub(crate) status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) image_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) image_url: Option<String>,
    /// There once the picture carries its QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) processed_image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) qr_code_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thumbnail_url: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rejection: Option<Rejection>,
    /// The short link that the QR code carries, unless it carries `targetUrl` itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) short_url: Option<String>,
    /// Grows with each change; 0 while it is pending.
    pub(crate) version: u64,
}

/// Where an order is to be fulfilled.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Place {
    /// ISO 3166-1 alpha-2.
    pub(crate) country: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) city: Option<String>,
}

/// Why an order may not be.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Rejection {
    /// `insufficient_balance`, `not_a_customer` or `image_not_available`.
    pub(crate) code: &'static str,
    /// For people, in Russian.
    pub(crate) error: &'static str,
}

impl Order {
    fn new(
        id: Uuid,
        customer_id: Uuid,
        content: OrderContent,
        status: OrderStatus,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            customer_id,
            title: content.title,
            description: content.description,
            target_url: content.target_url,
            total_amount: Rubles(content.amount),
            currency: "RUB",
            location: Place {
                country: content.location.country,
                region: content.location.region,
                city: content.location.city,
            },
            deadline: content.deadline,
            platforms: content.platforms.iter().map(|platform| platform.name()).collect(),
            status: status.name(),
            image_id: content.image_id,
            image_url: content.image_id.map(|image| format!("/media/{image}/original")),
            processed_image_url: None,
            qr_code_url: None,
            thumbnail_url: None,
            created_at,
            rejection: None,
            short_url: content.track_link.then(|| format!("/q/{}", short_code(id))),
            version: 0,
        }
    }

    /// An order whose outcome is not known yet.
    pub(crate) fn pending(event: events::orders::OrderRequested, meta: &Meta) -> Self {
        Self::new(event.order_id, event.customer_id, event.content, OrderStatus::Pending, meta.time)
    }

    /// An order without a picture, as the log tells of it: the database need not be asked.
    pub(crate) fn accepted(event: &events::orders::OrderAccepted, meta: &Meta) -> Self {
        let version = meta.version.unwrap_or_default();
        let (id, customer, content) = (event.order_id, event.customer_id, event.content.clone());
        Self { version, ..Self::new(id, customer, content, OrderStatus::Open, meta.time) }
    }
}

impl From<store::orders::Order> for Order {
    fn from(order: store::orders::Order) -> Self {
        let rendered = order.content.image_id.filter(|_| order.image_rendered);
        let rejection = order.rejection.map(Rejection::from);
        let media = |what: &str| rendered.map(|image| format!("/media/{image}/{what}"));
        Self {
            processed_image_url: media("processed"),
            qr_code_url: media("qr.png"),
            thumbnail_url: media("thumbnail"),
            rejection,
            version: order.version,
            ..Self::new(order.id, order.customer_id, order.content, order.status, order.created_at)
        }
    }
}

impl From<RejectionCode> for Rejection {
    fn from(code: RejectionCode) -> Self {
        let (code, error) = match code {
            RejectionCode::InsufficientBalance => ("insufficient_balance", "Недостаточно средств на балансе"),
            RejectionCode::NotACustomer => ("not_a_customer", "Создавать заказы могут только заказчики"),
            RejectionCode::ImageNotAvailable => ("image_not_available", "Картинка недоступна"),
        };
        Self { code, error }
    }
}
