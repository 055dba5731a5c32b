use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{Response, sse::Event},
};
use events::{
    LogEvent, Recorded,
    accounts::AccountEvent,
    images::{ImageEvent, ImageProgress, Stage},
    orders::{OrderAccepted, OrderEvent, OrderRequestRefused, RefusalCode},
};
use serde::{Deserialize, Serialize};
use store::orders::{self, scans};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    task::JoinHandle,
};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    auth::Customer,
    edge::Site,
    live::{self, frame},
    problem::ProblemBody,
    scans::Heard,
    wire,
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// The log sequence to go on after; `Last-Event-ID` counts before it
    after: Option<u64>,
}

/// A picture whose rendering has ended, one way or the other.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", untagged)]
enum Image {
    Rendered {
        image_id: Uuid,
        status: &'static str,
        processed_image_url: String,
        qr_code_url: String,
        thumbnail_url: String,
    },
    Failed {
        image_id: Uuid,
        status: &'static str,
        code: String,
        reason: String,
    },
}

/// What the media worker is doing with a picture.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageStage {
    image_id: Uuid,
    stage: Stage,
}

/// A wish that has left no order.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    order_id: Uuid,
    code: RefusalCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    existing_order_id: Option<Uuid>,
}

/// A balance, and which it is: a page that knows a newer one keeps that.
#[derive(Debug, Serialize)]
struct NumberedBalance {
    #[serde(flatten)]
    balance: wire::Balance,
    /// The number of entries that it is the sum of.
    version: u64,
}

/// How often an order's code has been scanned.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Scanned {
    order_id: Uuid,
    total: u64,
}

struct CustomerPage {
    site: Site,
    customer: Uuid,
    progress: broadcast::Receiver<ImageProgress>,
    pulse: broadcast::Receiver<Heard>,
    /// Orders that were scanned, the query that asks how often, and the frames that say so.
    scanned: HashSet<Uuid>,
    totals: Option<JoinHandle<Vec<Event>>>,
    told: VecDeque<Event>,
}

/// Live updates of one's own orders
///
/// Server-sent events `order`, `refused`, `image` and `balance`; `id` is the log sequence. Orders and balances carry
/// a `version`: one that is not above the version known is older news. `progress` (`{imageId, stage}`) and, at most
/// once a second, `scans` (`{orderId, total}`) come without an `id` and are not repeated. `reset` says that too much
/// was missed and everything has to be read again.
#[utoipa::path(
    get, path = "/api/orders/live", tag = "orders", params(Asked),
    responses(
        (status = 200, description = "The stream", body = String, content_type = "text/event-stream"),
        (status = 401, description = "unauthorized", body = ProblemBody),
    )
)]
pub(crate) async fn follow_orders(
    State(site): State<Site>,
    Customer(caller): Customer,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let after = live::after(&headers, asked.after, site.tail.position());
    let page = CustomerPage {
        customer: caller.id(),
        progress: site.progress.listen(),
        pulse: site.pulse.subscribe(),
        scanned: HashSet::new(),
        totals: None,
        told: VecDeque::new(),
        site: site.clone(),
    };
    live::stream(site, caller, after, page)
}

impl live::Listener for CustomerPage {
    async fn frames(&mut self, events: Vec<Arc<Recorded>>) -> Vec<Event> {
        let mine: Vec<Arc<Recorded>> =
            events.into_iter().filter(|event| owner(&event.event) == Some(self.customer)).collect();
        let rows = self.rows(&mine).await;
        mine.iter().filter_map(|recorded| self.frame(recorded, &rows)).collect()
    }

    /// May be dropped while it waits: what it has heard stays until it is told.
    async fn aside(&mut self) -> Event {
        loop {
            if let Some(event) = self.told.pop_front() {
                return event;
            }
            if self.totals.is_none() && !self.scanned.is_empty() {
                // Its own task: whatever else the page hears meanwhile, the query is asked once.
                self.totals =
                    Some(tokio::spawn(totals(self.site.clone(), std::mem::take(&mut self.scanned))));
            }
            tokio::select! {
                totals = done(&mut self.totals) => self.told.extend(totals),
                heard = self.pulse.recv() => match heard {
                    Ok(heard) => {
                        let mine = heard.iter().filter(|(_, customer)| **customer == self.customer);
                        self.scanned.extend(mine.map(|(order, _)| *order));
                    }
                    // The next one says as much.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => std::future::pending().await,
                },
                progress = self.progress.recv() => match progress {
                    Ok(progress) if progress.owner_id == self.customer => {
                        let stage = ImageStage { image_id: progress.image_id, stage: progress.stage };
                        self.told.extend(frame("progress", None, &stage));
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => std::future::pending().await,
                },
            }
        }
    }
}

impl CustomerPage {
    /// The orders that the database has to tell of: it has every fact that is in the log.
    async fn rows(&self, events: &[Arc<Recorded>]) -> HashMap<Uuid, orders::Order> {
        let mut rows = HashMap::new();
        for recorded in events {
            let LogEvent::Order(event) = &recorded.event else { continue };
            let Some(id) = needs_row(event).filter(|id| !rows.contains_key(id)) else { continue };
            let read = async {
                let mut conn = self.site.conn().await?;
                anyhow::Ok(orders::by_id(&mut conn, self.customer, id).await?)
            };
            match read.await {
                Ok(order) => rows.extend(order.map(|order| (id, order))),
                Err(error) => tracing::warn!(error = format!("{error:#}"), "a live page misses an order"),
            }
        }
        rows
    }

    fn frame(&self, recorded: &Recorded, rows: &HashMap<Uuid, orders::Order>) -> Option<Event> {
        let sequence = recorded.position;
        match &recorded.event {
            LogEvent::Order(OrderEvent::OrderAccepted(event)) if is_plain(event) => {
                frame("order", sequence, &wire::Order::accepted(event, &recorded.meta))
            }
            LogEvent::Order(OrderEvent::OrderRequestRefused(event)) => {
                frame("refused", sequence, &refused(event))
            }
            LogEvent::Order(event) => {
                let order = rows.get(&needs_row(event)?)?;
                frame("order", sequence, &wire::Order::from(order.clone()))
            }
            LogEvent::Account(event) => {
                let version = recorded.meta.version.unwrap_or_default();
                frame("balance", sequence, &NumberedBalance { balance: balance(event)?, version })
            }
            LogEvent::Image(event) => frame("image", sequence, &image(event)?),
            LogEvent::Chat(_) | LogEvent::User(_) | LogEvent::Letter(_) | LogEvent::Desk(_) => None,
        }
    }
}

async fn totals(site: Site, orders: HashSet<Uuid>) -> Vec<Event> {
    let orders: Vec<Uuid> = orders.into_iter().collect();
    let read = async {
        let mut conn = site.conn().await?;
        anyhow::Ok(scans::totals(&mut conn, &orders).await?)
    };
    let totals = read.await.unwrap_or_else(|error| {
        tracing::warn!(error = format!("{error:#}"), "a live page misses its scans");
        Vec::new()
    });
    let frame = |(order_id, total)| frame("scans", None, &Scanned { order_id, total });
    totals.into_iter().filter_map(frame).collect()
}

/// What the query has found; waits for ever when there is none. May be dropped while it waits.
async fn done(totals: &mut Option<JoinHandle<Vec<Event>>>) -> Vec<Event> {
    match totals {
        Some(running) => {
            // A query that broke off has told nothing; the next scan asks again.
            let found = running.await.unwrap_or_default();
            *totals = None;
            found
        }
        None => std::future::pending().await,
    }
}

/// The event itself says everything.
const fn is_plain(event: &OrderAccepted) -> bool {
    event.content.image_id.is_none()
}

fn needs_row(event: &OrderEvent) -> Option<Uuid> {
    match event {
        OrderEvent::OrderAccepted(event) => (!is_plain(event)).then_some(event.order_id),
        OrderEvent::OrderRejected(event) => Some(event.order_id),
        OrderEvent::OrderCancelled(event) => Some(event.order_id),
        OrderEvent::OrderExpired(event) => Some(event.order_id),
        OrderEvent::OrderRequested(_)
        | OrderEvent::OrderRequestRefused(_)
        | OrderEvent::OrderCancelRequested(_)
        | OrderEvent::OrderCancelRefused(_)
        | OrderEvent::OrderScanned(_) => None,
    }
}

fn owner(event: &LogEvent) -> Option<Uuid> {
    match event {
        LogEvent::Order(event) => match event {
            OrderEvent::OrderAccepted(event) => Some(event.customer_id),
            OrderEvent::OrderRejected(event) => Some(event.customer_id),
            OrderEvent::OrderCancelled(event) => Some(event.customer_id),
            OrderEvent::OrderExpired(event) => Some(event.customer_id),
            OrderEvent::OrderRequestRefused(event) => Some(event.customer_id),
            OrderEvent::OrderRequested(_)
            | OrderEvent::OrderCancelRequested(_)
            | OrderEvent::OrderCancelRefused(_)
            | OrderEvent::OrderScanned(_) => None,
        },
        LogEvent::Account(event) => match event {
            AccountEvent::AccountCredited(event) => Some(event.user_id),
            AccountEvent::AccountHeld(event) => Some(event.user_id),
            AccountEvent::AccountReleased(event) => Some(event.user_id),
            AccountEvent::CreditRequested(_) | AccountEvent::CreditRefused(_) => None,
        },
        LogEvent::Image(event) => match event {
            ImageEvent::ImageRendered(event) => Some(event.owner_id),
            ImageEvent::ImageFailed(event) => Some(event.owner_id),
            ImageEvent::ImageUploaded(_) => None,
        },
        LogEvent::Chat(_) | LogEvent::User(_) | LogEvent::Letter(_) | LogEvent::Desk(_) => None,
    }
}

const fn refused(event: &OrderRequestRefused) -> Refused {
    Refused { order_id: event.order_id, code: event.code, existing_order_id: event.existing_order_id }
}

const fn balance(event: &AccountEvent) -> Option<wire::Balance> {
    let (available, held) = match event {
        AccountEvent::AccountCredited(event) => (event.available, event.held),
        AccountEvent::AccountHeld(event) => (event.available, event.held),
        AccountEvent::AccountReleased(event) => (event.available, event.held),
        AccountEvent::CreditRequested(_) | AccountEvent::CreditRefused(_) => return None,
    };
    Some(wire::Balance::new(available, held))
}

fn image(event: &ImageEvent) -> Option<Image> {
    match event {
        ImageEvent::ImageUploaded(_) => None,
        ImageEvent::ImageRendered(event) => {
            let url = |what: &str| format!("/media/{}/{what}", event.image_id);
            Some(Image::Rendered {
                image_id: event.image_id,
                status: "rendered",
                processed_image_url: url("processed"),
                qr_code_url: url("qr.png"),
                thumbnail_url: url("thumbnail"),
            })
        }
        ImageEvent::ImageFailed(event) => Some(Image::Failed {
            image_id: event.image_id,
            status: "failed",
            code: event.code.clone(),
            reason: event.message.clone(),
        }),
    }
}
