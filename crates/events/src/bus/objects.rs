use async_nats::jetstream::object_store::ObjectStore;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;

use super::Bus;
use crate::images::StoredObject;

/// A bucket of the object store.
#[derive(Clone)]
pub struct Objects {
    store: ObjectStore,
    bucket: &'static str,
}

/// Why bytes could not be kept or fetched.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    #[error("{bucket} has no object {name}")]
    NotFound { bucket: &'static str, name: String },
    #[error("the object {name} in {bucket} is not what was stored: its hash differs")]
    Corrupt { bucket: &'static str, name: String },
    #[error("the bucket {bucket} cannot be reached")]
    Unavailable {
        bucket: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Bus {
    pub async fn objects(&self, bucket: &'static str) -> Result<Objects, ObjectError> {
        let store = self
            .jetstream
            .get_object_store(bucket)
            .await
            .map_err(|source| ObjectError::Unavailable { bucket, source: source.into() })?;
        Ok(Objects { store, bucket })
    }
}

impl Objects {
    /// Keeps bytes under a name. The same name again replaces them.
    pub async fn put(
        &self,
        name: &str,
        content_type: &str,
        bytes: &[u8],
    ) -> Result<StoredObject, ObjectError> {
        let mut reader = bytes;
        self.store.put(name, &mut reader).await.map_err(|source| self.unavailable(source))?;
        Ok(StoredObject {
            name: name.to_owned(),
            sha256: hash(bytes),
            size: bytes.len() as u64,
            content_type: content_type.to_owned(),
        })
    }

    /// Fetches an object and checks it against the hash in the event.
    pub async fn get(&self, object: &StoredObject) -> Result<Bytes, ObjectError> {
        use async_nats::jetstream::object_store::GetErrorKind;
        let mut reader = self.store.get(&object.name).await.map_err(|error| match error.kind() {
            GetErrorKind::NotFound => {
                ObjectError::NotFound { bucket: self.bucket, name: object.name.clone() }
            }
            _ => self.unavailable(error),
        })?;
        let mut bytes = Vec::with_capacity(usize::try_from(object.size).unwrap_or_default());
        reader.read_to_end(&mut bytes).await.map_err(|source| self.unavailable(source))?;
        if hash(&bytes) != object.sha256 {
            return Err(ObjectError::Corrupt { bucket: self.bucket, name: object.name.clone() });
        }
        Ok(bytes.into())
    }

    fn unavailable(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ObjectError {
        ObjectError::Unavailable { bucket: self.bucket, source: source.into() }
    }
}

fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects").field("bucket", &self.bucket).finish_non_exhaustive()
    }
}
