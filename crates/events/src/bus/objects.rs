use std::{
    pin::Pin,
    task::{Context, Poll},
};

use async_nats::jetstream::object_store::{Object, ObjectStore};
use bytes::{Bytes, BytesMut};
use futures::{Stream, stream};
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, DuplexStream, ReadBuf},
    sync::oneshot,
};

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

    /// Keeps bytes as they come, without ever holding them all. The reader's own error ends it; then, and when
    /// this future is dropped before its end, nothing of them stays.
    pub async fn put_stream(
        &self,
        name: &str,
        content_type: &str,
        reader: impl AsyncRead + Unpin,
    ) -> Result<StoredObject, ObjectError> {
        let mut reader = reader;
        let (mut writer, piped) = tokio::io::duplex(CHUNK);
        let (all_came, whole) = oneshot::channel();
        // On its own, so that it can clean up although whoever asked for it has gone.
        let keeping = tokio::spawn(self.clone().keep(name.to_owned(), piped, whole));
        let copied = tokio::io::copy(&mut reader, &mut writer).await;
        if copied.is_err() {
            drop(all_came);
        } else if all_came.send(()).is_err() {
            tracing::debug!(name, "the object was given up before its end");
        }
        drop(writer);
        let kept = keeping.await.map_err(|source| self.unavailable(source))??;
        let Some((sha256, size)) = kept else {
            let cut = copied.err().unwrap_or_else(|| std::io::Error::other("the object did not come whole"));
            return Err(self.unavailable(cut));
        };
        let (name, content_type) = (name.to_owned(), content_type.to_owned());
        Ok(StoredObject { name, sha256, size, content_type })
    }

    /// The hash and the size of what was kept; `None` when it was not the whole, and is deleted again: the
    /// broker has its pieces under no name until the last of them is there.
    async fn keep(
        self,
        name: String,
        reader: DuplexStream,
        whole: oneshot::Receiver<()>,
    ) -> Result<Option<(String, u64)>, ObjectError> {
        let mut reader = Hashing { reader, hash: Sha256::new(), size: 0 };
        self.store.put(name.as_str(), &mut reader).await.map_err(|source| self.unavailable(source))?;
        if whole.await.is_err() {
            self.delete(&name).await?;
            return Ok(None);
        }
        Ok(Some((hex(&reader.hash.finalize()), reader.size)))
    }

    /// Gives up an object: its bytes go, and its name is free.
    pub async fn delete(&self, name: &str) -> Result<(), ObjectError> {
        self.store.delete(name).await.map_err(|source| self.unavailable(source))
    }

    /// Fetches an object and checks it against the hash in the event.
    pub async fn get(&self, object: &StoredObject) -> Result<Bytes, ObjectError> {
        let mut reader = self.reader(object).await?;
        let mut bytes = Vec::with_capacity(usize::try_from(object.size).unwrap_or_default());
        reader.read_to_end(&mut bytes).await.map_err(|source| self.unavailable(source))?;
        if hash(&bytes) != object.sha256 {
            return Err(ObjectError::Corrupt { bucket: self.bucket, name: object.name.clone() });
        }
        Ok(bytes.into())
    }

    /// Fetches an object bit by bit. The last bit comes only when the whole has the hash in the event, so
    /// that something else never arrives whole.
    pub async fn read(
        &self,
        object: &StoredObject,
    ) -> Result<impl Stream<Item = Result<Bytes, ObjectError>> + Send + 'static, ObjectError> {
        let reader = self.reader(object).await?;
        let reading =
            Reading { objects: self.clone(), object: object.clone(), hash: Sha256::new(), held: None };
        Ok(stream::try_unfold(Some((reader, reading)), async |state| {
            let Some((mut reader, mut reading)) = state else { return Ok(None) };
            loop {
                let mut bytes = BytesMut::with_capacity(CHUNK);
                let read = reader.read_buf(&mut bytes).await;
                if read.map_err(|source| reading.objects.unavailable(source))? == 0 {
                    return Ok(reading.last()?.map(|last| (last, None)));
                }
                reading.hash.update(&bytes);
                if let Some(before) = reading.held.replace(bytes.freeze()) {
                    return Ok(Some((before, Some((reader, reading)))));
                }
            }
        }))
    }

    async fn reader(&self, object: &StoredObject) -> Result<Object, ObjectError> {
        use async_nats::jetstream::object_store::GetErrorKind;
        self.store.get(&object.name).await.map_err(|error| match error.kind() {
            GetErrorKind::NotFound => {
                ObjectError::NotFound { bucket: self.bucket, name: object.name.clone() }
            }
            _ => self.unavailable(error),
        })
    }

    fn unavailable(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ObjectError {
        ObjectError::Unavailable { bucket: self.bucket, source: source.into() }
    }
}

/// An object that is being read.
struct Reading {
    objects: Objects,
    object: StoredObject,
    hash: Sha256,
    /// Read, and not given out before it is known that more follows, or that all is well.
    held: Option<Bytes>,
}

/// The broker keeps objects in pieces of this size.
const CHUNK: usize = 128 * 1024;

impl Reading {
    fn last(&mut self) -> Result<Option<Bytes>, ObjectError> {
        if hex(&self.hash.finalize_reset()) == self.object.sha256 {
            return Ok(self.held.take());
        }
        Err(ObjectError::Corrupt { bucket: self.objects.bucket, name: self.object.name.clone() })
    }
}

/// Counts and hashes what is read through it.
struct Hashing<R> {
    reader: R,
    hash: Sha256,
    size: u64,
}

impl<R: AsyncRead + Unpin> AsyncRead for Hashing<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let done = Pin::new(&mut self.reader).poll_read(context, buffer);
        if let Some(new) = buffer.filled().get(before..) {
            self.hash.update(new);
            self.size += new.len() as u64;
        }
        done
    }
}

fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects").field("bucket", &self.bucket).finish_non_exhaustive()
    }
}
