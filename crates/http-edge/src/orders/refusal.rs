//! Why there is no order, as the contract words it.

use axum::http::StatusCode;
use events::orders::{OrderRequestRefused, RefusalCode, RejectionCode};
use uuid::Uuid;

use crate::{
    problem::{FieldProblem, Problem},
    wire,
};

/// The order is kept, but may not be. `missing` in kopecks, when the balance was too small.
pub(super) fn rejected(order: Uuid, code: RejectionCode, missing: Option<i64>) -> Problem {
    let words = wire::Rejection::from(code);
    let problem = match code {
        RejectionCode::InsufficientBalance => {
            Problem::new(StatusCode::PAYMENT_REQUIRED, words.code, words.error)
        }
        RejectionCode::NotACustomer => Problem::not_a_customer(),
        RejectionCode::ImageNotAvailable => {
            let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, words.code, words.error);
            problem.errors = vec![FieldProblem::new("imageId", "not_available")];
            problem
        }
    };
    let problem = problem.with("orderId", order.to_string());
    match missing.filter(|missing| *missing > 0 && code == RejectionCode::InsufficientBalance) {
        Some(missing) => {
            problem.with("missing", serde_json::to_value(wire::Rubles(missing)).unwrap_or_default())
        }
        None => problem,
    }
}

pub(super) fn refused(event: OrderRequestRefused) -> Problem {
    match event.code {
        RefusalCode::Invalid => Problem::fields(event.errors.into_iter().map(FieldProblem::from).collect()),
        RefusalCode::UserNotFound => Problem::user_not_found(),
        RefusalCode::IdempotencyMismatch => idempotency_mismatch(event.order_id),
        RefusalCode::PossibleDuplicate => {
            let problem = Problem::new(
                StatusCode::CONFLICT,
                "possible_duplicate",
                "Такой же заказ создан меньше минуты назад",
            )
            .detail("repeat with \"confirmDuplicate\": true if another order is meant");
            match event.existing_order_id {
                Some(id) => problem.with("existingOrderId", id.to_string()),
                None => problem,
            }
        }
    }
}

/// `existing` may be another customer's, if somebody guessed an id; its page tells nobody else anything.
pub(super) fn idempotency_mismatch(existing: Uuid) -> Problem {
    Problem::new(StatusCode::CONFLICT, "idempotency_mismatch", "Этот ключ уже использован для другого заказа")
        .with("existingOrderId", existing.to_string())
}
