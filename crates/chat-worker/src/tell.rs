//! Tells customers of their orders, through the bot that they write to.

mod words;

use std::collections::HashMap;

use events::{
    LogEvent, Recorded,
    bus::consume::Delivery,
    chats::NoticeKind,
    images::ImageEvent,
    orders::{OrderEvent, RejectionCode},
};
use store::{
    Conn, Decide, Handled,
    chats::{self, Told},
    orders,
};
use url::Url;
use uuid::Uuid;

use crate::notice::{self, Notice};

/// Makes a notice of each fact that customers wait for.
#[derive(Debug)]
pub(crate) struct Tell {
    /// Where the outside world finds the orders.
    pub base_url: Option<Url>,
}

/// What is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct News {
    order_id: Uuid,
    title: String,
    /// Kopecks.
    amount: i64,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Accepted,
    Rejected(RejectionCode),
    Expired,
    /// The code of the failure and the worker's own words, in English.
    PictureFailed(String, String),
}

impl Decide for Tell {
    async fn decide(&self, conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<Handled> {
        let now = events::now();
        let fresh =
            batch.iter().map(|delivery| &delivery.recorded).filter(|one| !notice::is_stale(&one.meta, now));
        let fresh: Vec<(&Recorded, Uuid)> = fresh.filter_map(|one| Some((one, customer(one)?))).collect();
        let accounts: Vec<Uuid> = fresh.iter().map(|(_, customer)| *customer).collect();
        let mut people: HashMap<Uuid, Vec<Told>> = HashMap::new();
        for told in chats::told(conn, &accounts).await? {
            people.entry(told.account).or_default().push(told);
        }
        let mut facts = Vec::new();
        for (recorded, customer) in fresh {
            let Some(people) = people.get(&customer) else { continue };
            let Some(news) = news(conn, recorded).await? else { continue };
            for told in people {
                let notice = Notice {
                    user_id: told.user_id,
                    bot_id: None,
                    kind: NoticeKind::Order,
                    once: &recorded.meta.id.to_string(),
                    text: words::text(&news, told.language_code.as_deref(), self.base_url.as_ref()),
                    asks_phone: false,
                };
                facts.push(notice.because_of(&recorded.meta, now));
            }
        }
        Ok(Handled { facts, rejected: Vec::new() })
    }
}

/// Whose order, or picture, the fact is about.
fn customer(recorded: &Recorded) -> Option<Uuid> {
    match &recorded.event {
        LogEvent::Order(OrderEvent::OrderAccepted(event)) => Some(event.customer_id),
        LogEvent::Order(OrderEvent::OrderRejected(event)) => Some(event.customer_id),
        LogEvent::Order(OrderEvent::OrderExpired(event)) => Some(event.customer_id),
        LogEvent::Image(ImageEvent::ImageFailed(event)) => Some(event.owner_id),
        _ => None,
    }
}

/// `None` for a picture that no order shows: whoever uploads one is told by the form.
async fn news(conn: &mut Conn, recorded: &Recorded) -> anyhow::Result<Option<News>> {
    Ok(match &recorded.event {
        LogEvent::Order(OrderEvent::OrderAccepted(event)) => Some(News {
            order_id: event.order_id,
            title: event.content.title.clone(),
            amount: event.content.amount,
            what: What::Accepted,
        }),
        LogEvent::Order(OrderEvent::OrderRejected(event)) => Some(News {
            order_id: event.order_id,
            title: event.content.title.clone(),
            amount: event.content.amount,
            what: What::Rejected(event.code),
        }),
        LogEvent::Order(OrderEvent::OrderExpired(event)) => {
            let order = orders::by_id(conn, event.customer_id, event.order_id).await?;
            order.map(|order| about(order, What::Expired))
        }
        LogEvent::Image(ImageEvent::ImageFailed(event)) => {
            let order = orders::by_picture(conn, event.owner_id, event.image_id).await?;
            order.map(|order| about(order, What::PictureFailed(event.code.clone(), event.message.clone())))
        }
        _ => None,
    })
}

fn about(order: orders::Order, what: What) -> News {
    News { order_id: order.id, title: order.content.title, amount: order.content.amount, what }
}
