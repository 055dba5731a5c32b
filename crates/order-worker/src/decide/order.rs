//! A customer sent the form.

use events::orders::{
    DecisionInputs, InvalidField, OrderAccepted, OrderContent, OrderRejected, OrderRequestRefused,
    OrderRequested, RefusalCode, RejectionCode, rules, short_code,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{Facts, money};
use crate::state::State;

/// How long the same content under another id is asked about.
pub const DUPLICATE_WINDOW: SignedDuration = SignedDuration::from_mins(1);

/// The version of an order that has just been decided.
const FIRST: Option<u64> = Some(1);

pub(super) fn decide(
    requested: &OrderRequested,
    content: &OrderContent,
    hash: &str,
    state: &State,
    facts: &mut Facts<'_>,
) {
    let (order_id, customer_id) = (requested.order_id, requested.customer_id);
    let mut refuse = |code, existing_order_id, errors: Vec<InvalidField>| {
        facts.tell(None, OrderRequestRefused { order_id, customer_id, code, existing_order_id, errors });
    };
    if let Some(existing) = state.orders.get(&order_id) {
        // The same wish in another event (asked again with or without the guard): it has its answer, in the
        // table and in the log, and a second one would only contradict its inputs.
        if existing.customer_id != customer_id || existing.content_hash != hash {
            refuse(RefusalCode::IdempotencyMismatch, None, Vec::new());
        }
        return;
    }
    // A shut account is none, as far as orders go: the contract's codes are sealed.
    let role = state.roles.get(&customer_id).filter(|_| !state.disabled.contains(&customer_id));
    let Some(&role) = role else {
        return refuse(RefusalCode::UserNotFound, None, Vec::new());
    };
    let errors = rules::check(content, state.now);
    if !errors.is_empty() {
        return refuse(RefusalCode::Invalid, None, errors);
    }
    let newest = || state.recent.get(&(customer_id, hash.to_owned()))?.last();
    if let Some((_, existing)) = requested.guard_duplicates.then(newest).flatten() {
        return refuse(RefusalCode::PossibleDuplicate, Some(*existing), Vec::new());
    }
    let balance = state.balance(customer_id);
    let inputs = DecisionInputs { role, available: balance.available, at: state.now };
    let (content, content_hash) = (content.clone(), hash.to_owned());
    let verdict = match rules::admit(role, balance.available, content.amount) {
        // A rejection for want of money keeps the picture, so the picture is judged first.
        Ok(()) | Err(RejectionCode::InsufficientBalance)
            if !picture_is_available(order_id, &content, customer_id, state) =>
        {
            Err(RejectionCode::ImageNotAvailable)
        }
        verdict => verdict,
    };
    match verdict {
        Ok(()) => {
            let amount = content.amount;
            facts.tell(FIRST, OrderAccepted { order_id, customer_id, content, content_hash, inputs });
            money::hold(order_id, customer_id, amount, state, facts);
        }
        Err(code) => {
            facts.tell(FIRST, OrderRejected { order_id, customer_id, content, content_hash, code, inputs });
        }
    }
}

/// The customer's own, not failed, and its code leads where the order leads. One that is still being rendered
/// will do.
fn picture_is_available(order: Uuid, content: &OrderContent, customer: Uuid, state: &State) -> bool {
    let own = |image: Uuid| state.pictures.get(&image).filter(|picture| picture.owner_id == customer);
    let shown = content.image_id.is_none_or(|image| {
        own(image).is_some_and(|picture| {
            let link = picture.link.as_deref();
            !picture.failed && link.is_some_and(|link| leads(link, order, content))
        })
    });
    shown && content.source_image_id.is_none_or(|source| content.image_id.is_some() && own(source).is_some())
}

/// A short link has this site's address in front, which only the edge knows.
fn leads(link: &str, order: Uuid, content: &OrderContent) -> bool {
    if content.track_link {
        link.strip_suffix(&short_code(order)).is_some_and(|address| address.ends_with("/q/"))
    } else {
        link == content.target_url
    }
}
