//! Ids that make repetition harmless: whatever is done again gets the id it had.

use uuid::Uuid;

/// Namespace of every derived id of this project: UUIDv5 of the DNS name `events.vestnik`.
const NAMESPACE: Uuid = Uuid::from_u128(0x5f1a_33c4_8f0e_5c56_9c1b_6e0d_2b7f_41aa);

/// The id of a request: made once, where it enters (UUIDv7, so it sorts by time).
#[must_use]
pub fn request_id() -> Uuid {
    Uuid::now_v7()
}

/// The id of a fact: the same for the same cause, name and index, however often the handler runs.
#[must_use]
pub fn fact_id(cause: Uuid, name: &str, index: usize) -> Uuid {
    derived_id(&[&cause.to_string(), name, &index.to_string()])
}

/// An id derived from names, such as `["tg", bot, update_id]` or `["order", user, idempotency key]`.
/// The parts are length-prefixed, so that no two lists of parts collide.
#[must_use]
pub fn derived_id(parts: &[&str]) -> Uuid {
    let mut name = String::new();
    for part in parts {
        name.push_str(&part.len().to_string());
        name.push(':');
        name.push_str(part);
    }
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_cause_gives_the_same_fact_id_and_another_index_another() {
        let cause = request_id();
        assert_eq!(fact_id(cause, "order.accepted", 0), fact_id(cause, "order.accepted", 0));
        assert_ne!(fact_id(cause, "order.accepted", 0), fact_id(cause, "order.accepted", 1));
        assert_ne!(fact_id(cause, "order.accepted", 0), fact_id(cause, "account.held", 0));
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(derived_id(&["ab", "c"]), derived_id(&["a", "bc"]));
    }
}
