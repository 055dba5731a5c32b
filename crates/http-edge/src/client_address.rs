//! Where a request comes from, whatever proxies stand in between.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderValue, request::Parts},
};
use ipnet::IpNet;

use crate::edge::Site;

/// Networks whose word about an address counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// The client's address. As good as the network: whoever sits behind an address shares it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl TrustedProxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Addresses and networks, separated by commas: `127.0.0.1, 10.0.0.0/8`.
impl FromStr for TrustedProxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = |one: &str| {
            one.parse::<IpNet>()
                .or_else(|_| one.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| format!("{one:?} is neither an address nor a network such as 10.0.0.0/8"))
        };
        text.split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl FromRequestParts<Site> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // Without a peer there is no connection that anybody else could share.
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        Ok(Self(client(&site.trusted_proxies, peer, &parts.headers)))
    }
}

/// The peer; or, when the peer is a trusted proxy, the last address of `X-Forwarded-For` that is none: all
/// before it is what somebody untrusted has said, and may be any bytes.
fn client(trusted: &TrustedProxies, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut nearest = peer.to_canonical();
    let values: Vec<&HeaderValue> = headers.get_all("x-forwarded-for").iter().collect();
    for hop in values.iter().rev().flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b',')) {
        if !trusted.trusts(nearest) {
            break;
        }
        let Some(address) = std::str::from_utf8(hop).ok().and_then(|hop| read(hop.trim())) else { break };
        nearest = address;
    }
    nearest
}

/// An address, also with a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
fn read(hop: &str) -> Option<IpAddr> {
    let address = hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// What limits are kept for: whoever has an IPv6 address has a whole /64 of them.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(trusted: &str, peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            // As bytes: a client may send any.
            headers.append("x-forwarded-for", HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        client(&trusted.parse().unwrap(), peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_as_far_as_it_can_know() {
        let forged = ["203.0.113.9, 192.0.2.1"];
        assert_eq!(of("", "127.0.0.1", &forged), "127.0.0.1", "nobody is trusted unless it is said");
        assert_eq!(of("127.0.0.1", "127.0.0.1", &forged), "192.0.2.1", "what the proxy has seen");
        assert_eq!(of("127.0.0.1,192.0.2.0/24", "127.0.0.1", &forged), "203.0.113.9", "two proxies");
        assert_eq!(of("127.0.0.1", "198.51.100.7", &forged), "198.51.100.7", "a stranger forges nothing");
        assert_eq!(of("127.0.0.1", "::ffff:127.0.0.1", &["192.0.2.1:4711"]), "192.0.2.1");
        assert_eq!(of("127.0.0.1", "127.0.0.1", &["198.51.100.1", "[2001:db8::7]:1"]), "2001:db8::7");
        assert_eq!(of("127.0.0.1", "127.0.0.1", &["203.0.113.9, nonsense"]), "127.0.0.1");
        assert_eq!(of("127.0.0.1", "127.0.0.1", &["дом, 192.0.2.1"]), "192.0.2.1", "said by the client");
        assert_eq!(of("127.0.0.1", "127.0.0.1", &["дом", "192.0.2.1"]), "192.0.2.1");
        assert_eq!(of("10.0.0.0/8", "10.0.0.1", &[]), "10.0.0.1");
        assert!("10.0.0.0/33".parse::<TrustedProxies>().is_err());
    }

    #[test]
    fn neighbours_in_an_ipv6_network_are_one() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:0:1::5"), of("2001:db8:0:1:ffff::9"));
        assert_ne!(of("2001:db8:0:1::5"), of("2001:db8:0:2::5"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
