use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::media::Kind;

/// Files people and the bot have sent.
#[derive(Debug, Default)]
pub(crate) struct FileStore {
    /// By file id.
    files: HashMap<String, Arc<StoredFile>>,
    /// File path to file id.
    paths: HashMap<String, String>,
    /// What a file id stands for when it is sent again: the whole `photo`, `video`, …
    media: HashMap<String, (Kind, Value)>,
    last_number: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    pub(crate) file_id: String,
    pub(crate) file_unique_id: String,
    /// As `getFile` tells it, such as `photos/file_3.jpg`.
    pub(crate) file_path: String,
    pub(crate) mime: String,
    pub(crate) name: String,
    /// Kept in a file of its own by the state file, under the unique id.
    #[serde(skip)]
    pub(crate) bytes: Bytes,
}

/// What a state file keeps of the store; the bytes are kept beside it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Index {
    pub(crate) files: Vec<StoredFile>,
    media: HashMap<String, (Kind, Value)>,
    last_number: u64,
}

impl FileStore {
    /// Stores bytes in `folder` with an ending that fits the name or the type.
    pub(crate) fn add(&mut self, folder: &str, bytes: Bytes, mime: &str, name: &str) -> Arc<StoredFile> {
        self.last_number += 1;
        let number = self.last_number;
        let ending = ending(mime, name);
        let file = Arc::new(StoredFile {
            file_id: format!("AgACAgI{}", Uuid::new_v4().simple()),
            file_unique_id: format!("AQAD{}", &Uuid::new_v4().simple().to_string()[..12]),
            file_path: format!("{folder}/file_{number}{ending}"),
            mime: mime.into(),
            name: name.into(),
            bytes,
        });
        self.insert(file.clone());
        file
    }

    fn insert(&mut self, file: Arc<StoredFile>) {
        self.paths.insert(file.file_path.clone(), file.file_id.clone());
        self.files.insert(file.file_id.clone(), file);
    }

    pub(crate) fn remember(&mut self, file_id: &str, kind: Kind, media: &Value) {
        self.media.insert(file_id.into(), (kind, media.clone()));
    }

    pub(crate) fn media(&self, file_id: &str) -> Option<&(Kind, Value)> {
        self.media.get(file_id)
    }

    pub(crate) fn by_id(&self, file_id: &str) -> Option<Arc<StoredFile>> {
        self.files.get(file_id).cloned()
    }

    pub(crate) fn by_path(&self, path: &str) -> Option<Arc<StoredFile>> {
        self.by_id(self.paths.get(path)?)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<StoredFile>> {
        self.files.values()
    }

    pub(crate) fn index(&self) -> Index {
        Index {
            files: self.files.values().map(|file| (**file).clone()).collect(),
            media: self.media.clone(),
            last_number: self.last_number,
        }
    }

    pub(crate) fn resume(index: Index) -> Self {
        let mut store = Self { media: index.media, last_number: index.last_number, ..Self::default() };
        for file in index.files {
            store.insert(Arc::new(file));
        }
        store
    }
}

fn ending(mime: &str, name: &str) -> String {
    let own = name.rsplit_once('.').map(|(_, ending)| ending);
    if let Some(own) = own.filter(|e| e.len() <= 5 && e.chars().all(|c| c.is_ascii_alphanumeric())) {
        return format!(".{}", own.to_ascii_lowercase());
    }
    match mime {
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/webp" => ".webp",
        "video/mp4" => ".mp4",
        "audio/ogg" => ".oga",
        "audio/mpeg" => ".mp3",
        _ => "",
    }
    .into()
}
