use std::{
    hash::{BuildHasher as _, RandomState},
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    ops::Range,
    sync::{
        LazyLock,
        atomic::{AtomicU16, Ordering},
    },
};

/// Below the ports that systems give to outgoing connections (from 32768 on Linux, 49152 on macOS). A client that
/// looks for a server that is not there yet could be given the server's own port, connect to itself, and
/// so keep the server from it.
const PORTS: Range<u16> = 12_000..32_000;

/// An address on this machine that nobody listens on, and that no other call in this process returns: between
/// this call and the server's own start others may look for theirs.
///
/// # Errors
/// When none is found.
pub fn free_address() -> io::Result<SocketAddr> {
    static NEXT: LazyLock<AtomicU16> = LazyLock::new(|| {
        let anywhere = RandomState::new().hash_one(std::process::id()) % u64::from(u16::MAX);
        AtomicU16::new(u16::try_from(anywhere).unwrap_or_default())
    });
    let mut error = io::Error::other("no free port");
    for _ in PORTS {
        let port = PORTS.start + NEXT.fetch_add(1, Ordering::Relaxed) % (PORTS.end - PORTS.start);
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
    fn it_can_be_listened_on_and_is_given_once_and_never_to_an_outgoing_connection() {
        let mut given = std::collections::BTreeSet::new();
        for _ in 0..100 {
            let address = free_address().unwrap();
            assert!(TcpListener::bind(address).is_ok() && PORTS.contains(&address.port()), "{address}");
            assert!(given.insert(address), "{address} was given before");
        }
    }
}
