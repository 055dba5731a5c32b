//! NKeys: each service signs in to the broker with a key pair of its own (Ed25519).
//! The seeds lie in a folder, `<service>.nk` each, readable by their owner only.

use std::{collections::BTreeMap, io, path::Path};

use nkeys::KeyPair;

use crate::Service;

/// Why the keys could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("cannot access the key file {path}")]
    Io { path: String, source: io::Error },
    #[error("{path} does not hold an NKey user seed")]
    Invalid { path: String },
}

/// The seed of `service` in `folder`.
pub fn read_seed(folder: &Path, service: Service) -> Result<String, KeyError> {
    let path = folder.join(format!("{service}.nk"));
    let shown = path.display().to_string();
    let seed =
        std::fs::read_to_string(&path).map_err(|source| KeyError::Io { path: shown.clone(), source })?;
    let seed = seed.trim().to_owned();
    KeyPair::from_seed(&seed).map_err(|_| KeyError::Invalid { path: shown })?;
    Ok(seed)
}

/// Makes the seeds that are missing and returns, for every service, the variable that `nats.conf`
/// reads and the public key to put there.
pub fn ensure(folder: &Path) -> Result<BTreeMap<String, String>, KeyError> {
    let failed = |path: &Path, source| KeyError::Io { path: path.display().to_string(), source };
    std::fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    let mut public = BTreeMap::new();
    for service in Service::ALL {
        let path = folder.join(format!("{service}.nk"));
        if !path.exists() {
            let seed = KeyPair::new_user()
                .seed()
                .map_err(|_| KeyError::Invalid { path: path.display().to_string() })?;
            write_private(&path, &seed).map_err(|source| failed(&path, source))?;
        }
        let seed = read_seed(folder, service)?;
        let pair =
            KeyPair::from_seed(&seed).map_err(|_| KeyError::Invalid { path: path.display().to_string() })?;
        public.insert(service.nkey_variable(), pair.public_key());
    }
    Ok(public)
}

/// Writes a file that only its owner may read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let first = ensure(folder.path()).unwrap();
        let second = ensure(folder.path()).unwrap();
        assert_eq!(first, second);
        assert_eq!(first.len(), Service::ALL.len());
        assert!(first["NATS_NKEY_ORDER_WORKER"].starts_with('U'));
    }

    #[test]
    fn a_file_that_is_no_seed_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("http-edge.nk"), "nonsense").unwrap();
        let error = ensure(folder.path()).unwrap_err().to_string();
        assert!(error.contains("http-edge.nk"), "{error}");
    }
}
