use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockWriteGuard},
    time::{Duration, Instant},
};

use axum::http::HeaderValue;
use events::orders::{OrderStatus, rules, short_code};
use jiff::Timestamp;
use store::orders::scans;
use url::Url;
use uuid::Uuid;

/// Where short links lead, as it was a moment ago: a code on a busy wall is looked up every ten seconds, not
/// for each phone. Codes that nobody has are remembered as well, so that guessing does not reach the database
/// each time.
///
/// The tail drops an order as soon as the log says that it was accepted or has ended.
#[derive(Debug, Default)]
pub(crate) struct Links {
    entries: RwLock<HashMap<Box<str>, Entry>>,
}

/// An order that has a short link.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) order_id: Uuid,
    pub(super) customer_id: Uuid,
    /// `None` when the order has ended.
    target: Option<HeaderValue>,
    deadline: Timestamp,
}

#[derive(Debug)]
struct Entry {
    link: Option<Arc<Link>>,
    until: Instant,
}

const GOOD_FOR: Duration = Duration::from_secs(10);
const MOST: usize = 20_000;

impl Link {
    /// Where to send somebody now; `None` when the order has ended, even if its worker has yet to say so.
    pub(super) fn target(&self, now: Timestamp) -> Option<&HeaderValue> {
        self.target.as_ref().filter(|_| now < self.deadline)
    }
}

impl From<scans::Link> for Link {
    fn from(link: scans::Link) -> Self {
        let open = link.status == OrderStatus::Open;
        Self {
            order_id: link.order_id,
            customer_id: link.customer_id,
            target: open.then(|| header(&link.target_url)).flatten(),
            deadline: link.deadline,
        }
    }
}

/// The target as the order has it. What a header cannot carry, such as Cyrillic letters, is written as browsers
/// write it. It was checked when the order was taken, and is again: nobody is ever sent anywhere else.
fn header(target: &str) -> Option<HeaderValue> {
    let target = rules::target_url(target).ok()?;
    if target.is_ascii() {
        return HeaderValue::try_from(target).ok();
    }
    HeaderValue::try_from(String::from(Url::parse(&target).ok()?)).ok()
}

impl Links {
    /// What is known of a code: `None` when it has to be looked up, `Some(None)` when nobody has it.
    #[expect(clippy::option_option, reason = "not known, and known to be none, are two things")]
    pub(super) fn get(&self, code: &str) -> Option<Option<Arc<Link>>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(code)?;
        (entry.until > Instant::now()).then(|| entry.link.clone())
    }

    pub(super) fn put(&self, code: &str, link: Option<Arc<Link>>) {
        let now = Instant::now();
        let mut entries = self.lock();
        if entries.len() >= MOST {
            entries.retain(|_, entry| entry.until > now);
            if entries.len() >= MOST {
                entries.clear();
            }
        }
        entries.insert(code.into(), Entry { link, until: now + GOOD_FOR });
    }

    /// Something has happened to the order.
    pub(crate) fn forget(&self, order: Uuid) {
        self.lock().remove(short_code(order).as_str());
    }

    fn lock(&self) -> RwLockWriteGuard<'_, HashMap<Box<str>, Entry>> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(target: &str, status: OrderStatus) -> Link {
        Link::from(scans::Link {
            order_id: Uuid::from_u128(7),
            customer_id: Uuid::from_u128(1),
            target_url: target.into(),
            status,
            deadline: Timestamp::from_second(1_000).unwrap(),
        })
    }

    #[test]
    fn it_leads_to_the_orders_own_target_while_the_order_is_open_and_nowhere_else() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let open = link("https://Example.org/a?b=%20#c", OrderStatus::Open);
        assert_eq!(open.target(at(999)).unwrap(), "https://Example.org/a?b=%20#c", "exactly as it was typed");
        assert_eq!(open.target(at(1_000)), None, "the clock has yet to expire it");
        for over in [OrderStatus::Cancelled, OrderStatus::Expired, OrderStatus::Rejected] {
            assert_eq!(link("https://example.org/", over).target(at(0)), None);
        }
        let cyrillic = link("https://пример.рф/путь", OrderStatus::Open);
        assert_eq!(cyrillic.target(at(0)).unwrap(), "https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C");
        for bad in ["javascript:alert(1)", "https://a@evil.example/", "//evil.example/", ""] {
            assert_eq!(link(bad, OrderStatus::Open).target(at(0)), None, "{bad}");
        }
    }

    #[test]
    fn it_stays_bounded_and_forgets_an_order() {
        let links = Links::default();
        for number in 0..=MOST {
            links.put(&format!("{number:012}"), None);
        }
        assert!(links.lock().len() <= MOST);
        let code = short_code(Uuid::from_u128(7));
        assert_eq!(links.get(&code), None);
        links.put(&code, None);
        assert_eq!(links.get(&code), Some(None), "known to be nobody's");
        links.forget(Uuid::from_u128(7));
        assert_eq!(links.get(&code), None);
    }
}
