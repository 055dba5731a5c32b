use std::{net::IpAddr, num::NonZeroU32};

use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};

use crate::client_address::network;

/// One message a second per address, 30 at once. Kept per instance of the edge.
#[derive(Debug)]
pub(crate) struct RateLimit(DefaultKeyedRateLimiter<IpAddr>);

const BURST: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Addresses remembered; those that have been quiet are forgotten first.
const MOST: usize = 20_000;

impl Default for RateLimit {
    fn default() -> Self {
        let second = NonZeroU32::MIN;
        Self(DefaultKeyedRateLimiter::keyed(Quota::per_second(second).allow_burst(BURST)))
    }
}

impl RateLimit {
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
        let limit = RateLimit::default();
        let of = |last: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        for index in 0..30 {
            assert_eq!(limit.take(of(index)), Ok(()));
        }
        assert!(limit.take(of(30)).is_err());
        assert_eq!(limit.take(IpAddr::from([192, 0, 2, 1])), Ok(()));
    }
}
