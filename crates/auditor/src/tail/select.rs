use events::bus::LogMessage;

/// Which events: all that are given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Select {
    /// A subject with NATS wildcards: `*` is one word, `>` the rest.
    pub subject: Option<String>,
    /// `order.accepted`, `order.accepted.v1` or `vestnik.order.accepted.v1`.
    pub event_type: Option<String>,
    /// The second word of the subject.
    pub entity: Option<String>,
}

impl Select {
    /// What the broker can choose by: one filter at most.
    pub(super) fn filters(&self) -> Vec<String> {
        let by_entity = self.entity.as_ref().map(|entity| format!("*.{entity}.*"));
        self.subject.clone().or(by_entity).into_iter().collect()
    }

    pub(super) fn takes(&self, message: &LogMessage) -> bool {
        let subject = self.subject.as_deref().is_none_or(|filter| fits(filter, &message.subject));
        let entity =
            self.entity.as_deref().is_none_or(|entity| message.subject.split('.').nth(1) == Some(entity));
        let event_type = self
            .event_type
            .as_deref()
            .is_none_or(|wanted| message.meta.as_ref().is_ok_and(|meta| is_type(wanted, &meta.ce_type)));
        subject && entity && event_type
    }
}

fn is_type(wanted: &str, ce_type: &str) -> bool {
    let name = ce_type.strip_prefix("vestnik.").unwrap_or(ce_type);
    wanted == ce_type || wanted == name || name.rsplit_once(".v").is_some_and(|(name, _)| name == wanted)
}

/// Subject matching as the broker does it: <https://docs.nats.io/nats-concepts/subjects#wildcards>
fn fits(filter: &str, subject: &str) -> bool {
    let mut words = subject.split('.');
    for wanted in filter.split('.') {
        match (wanted, words.next()) {
            (">", Some(_)) => return true,
            ("*", Some(_)) => {}
            (wanted, Some(word)) if wanted == word => {}
            _ => return false,
        }
    }
    words.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_the_broker_does_it() {
        assert!(fits("orders.*.accepted", "orders.1.accepted"));
        assert!(!fits("orders.*.accepted", "orders.1.rejected"));
        assert!(fits("chats.>", "chats.7.opened"));
        assert!(!fits("chats.>", "chats"));
        assert!(!fits("orders.*", "orders.1.accepted"));
        assert!(!fits("orders.1.accepted.more", "orders.1.accepted"));
    }

    #[test]
    fn a_type_may_be_given_without_its_version() {
        for wanted in ["order.accepted", "order.accepted.v1", "vestnik.order.accepted.v1"] {
            assert!(is_type(wanted, "vestnik.order.accepted.v1"), "{wanted}");
        }
        assert!(!is_type("order.accept", "vestnik.order.accepted.v1"));
        assert!(!is_type("order.accepted.v2", "vestnik.order.accepted.v1"));
    }
}
