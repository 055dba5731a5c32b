use std::{net::IpAddr, num::NonZeroU32};

use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};

use crate::client_address::network;

/// So many at once per network, and then one after the other. Kept per instance of the edge.
#[derive(Debug)]
pub(crate) struct RateLimit(DefaultKeyedRateLimiter<IpAddr>);

/// Addresses remembered; those that have been quiet are forgotten first.
const MOST: usize = 20_000;

impl RateLimit {
    fn new(at_once: NonZeroU32, quota: Quota) -> Self {
        Self(DefaultKeyedRateLimiter::keyed(quota.allow_burst(at_once)))
    }

    /// Messages of foreign bots: 30 at once, then one a second.
    pub(crate) fn of_chat_messages() -> Self {
        const AT_ONCE: NonZeroU32 = NonZeroU32::new(30).unwrap();
        Self::new(AT_ONCE, Quota::per_second(NonZeroU32::MIN))
    }

    /// New accounts, and questions whether a phone has one: 10 at once, as when an office is shown the site,
    /// then two a minute.
    pub(crate) fn of_registrations() -> Self {
        const AT_ONCE: NonZeroU32 = NonZeroU32::new(10).unwrap();
        const A_MINUTE: NonZeroU32 = NonZeroU32::new(2).unwrap();
        Self::new(AT_ONCE, Quota::per_minute(A_MINUTE))
    }

    /// Takes one; or says after how many seconds to come again.
    pub(crate) fn take(&self, address: IpAddr) -> Result<(), u64> {
        if self.0.len() >= MOST {
            self.0.retain_recent();
            if self.0.len() >= MOST {
                return Err(60);
            }
        }
        self.0
            .check_key(&network(address))
            .map_err(|refused| refused.wait_time_from(self.0.clock().now()).as_secs() + 1)
    }

    pub(crate) fn forget_old(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    #[test]
    fn thirty_at_once_and_not_one_more_from_the_same_network() {
        let limit = RateLimit::of_chat_messages();
        let of = |last: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        for index in 0..30 {
            assert_eq!(limit.take(of(index)), Ok(()));
        }
        assert!(limit.take(of(30)).is_err());
        assert_eq!(limit.take(IpAddr::from([192, 0, 2, 1])), Ok(()));
    }

    #[test]
    fn an_office_signs_up_at_once_and_then_one_by_one() {
        let (limit, office) = (RateLimit::of_registrations(), IpAddr::from([192, 0, 2, 1]));
        for _ in 0..10 {
            assert_eq!(limit.take(office), Ok(()));
        }
        let wait = limit.take(office).unwrap_err();
        assert!((25..=31).contains(&wait), "{wait}");
    }
}
