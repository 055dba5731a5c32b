use std::{
    hash::{BuildHasher as _, RandomState},
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    ops::Range,
};

/// Below the ports that systems give to outgoing connections (from 32768 on Linux, 49152 on macOS). A client that
/// looks for a server that is not there yet could be given the server's own port, connect to itself, and
/// so keep the server from it.
const PORTS: Range<u16> = 12_000..32_000;
const ATTEMPTS: u64 = 1_000;

/// An address on this machine that nobody listens on.
///
/// # Errors
/// When none is found.
pub fn free_address() -> io::Result<SocketAddr> {
    let random = RandomState::new();
    let mut error = io::Error::other("no free port");
    for attempt in 0..ATTEMPTS {
        let offset = random.hash_one(attempt) % u64::from(PORTS.end - PORTS.start);
        let port = PORTS.start + u16::try_from(offset).unwrap_or_default();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        match TcpListener::bind(address) {
            Ok(_) => return Ok(address),
            Err(taken) => error = taken,
        }
    }
    Err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_listened_on_and_is_never_one_of_an_outgoing_connection() {
        for _ in 0..100 {
            let address = free_address().unwrap();
            assert!(TcpListener::bind(address).is_ok() && PORTS.contains(&address.port()), "{address}");
        }
    }
}
