//! Each version of an event keeps its schema and its sample for ever. `VESTNIK_SEAL=1` writes the files
//! that are missing; a file that is there is never changed: fix the code, or raise the version.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use events::{EventInfo, LogEvent};
use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// What is committed under the name, which is `today` if nothing was and sealing is asked for.
fn sealed(kind: &str, name: &str, today: &Value) -> Value {
    let path = folder(kind).join(format!("{name}.json"));
    if !path.exists() && std::env::var_os("VESTNIK_SEAL").is_some() {
        fs::write(&path, format!("{today:#}\n")).unwrap();
    }
    let text = fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{kind}/{name}.json: {error}; VESTNIK_SEAL=1 cargo test -p events --test contract writes it")
    });
    serde_json::from_str(&text).unwrap()
}

/// Name, type and content of every sample ever committed.
fn samples() -> Vec<(String, String, Vec<u8>)> {
    let files = fs::read_dir(folder("samples")).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name.clone(), format!("vestnik.{name}"), fs::read(path).unwrap())
        })
        .collect()
}

#[test]
fn the_schema_of_each_type_is_the_committed_one() {
    for info in LogEvent::infos() {
        let name = info.versioned_name();
        let today = (info.schema)().to_value();
        let sealed = sealed("schemas", &name, &today);
        assert!(
            without_words(&sealed) == without_words(&today),
            "{name} has changed its schema: raise its version. If the change is a new optional field, delete \
             the file and seal it again. It was:\n{sealed:#}\nand is:\n{today:#}"
        );
    }
}

/// Explaining a field better does not change it. A field that is called so has an object here, not a text.
fn without_words(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, field)| !(*name == "description" && field.is_string()))
            .map(|(name, field)| (name.clone(), without_words(field)))
            .collect(),
        Value::Array(items) => items.iter().map(without_words).collect(),
        other => other.clone(),
    }
}

#[test]
fn the_sample_of_each_type_is_read_and_written_as_committed() {
    for info in LogEvent::infos() {
        let name = info.versioned_name();
        let today = (info.sample)();
        assert!(today.is_object(), "{name} has a sample that cannot be encoded");
        let sealed = sealed("samples", &name, &today);
        let again = (info.reencode)(sealed.to_string().as_bytes()).unwrap();
        assert_eq!(again, sealed, "{name} is no longer read and written as committed: raise its version");
    }
}

#[test]
fn every_sample_ever_committed_is_still_read() {
    for (name, ce_type, body) in samples() {
        let event = LogEvent::decode_type(&ce_type, &body).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(name.starts_with(&format!("{}.v", event.name())), "{name} was read as {}", event.name());
    }
}

#[test]
fn schemas_and_samples_are_of_the_same_versions() {
    let names = |kind: &str| -> BTreeSet<String> {
        let files = fs::read_dir(folder(kind)).unwrap().map(|entry| entry.unwrap().path());
        files.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("schemas"), names("samples"));
}

#[test]
fn names_types_and_subjects_are_given_once() {
    let infos = LogEvent::infos();
    let count = |of: fn(&EventInfo) -> String| infos.iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(count(EventInfo::ce_type), infos.len());
    assert_eq!(count(|info| info.name.into()), infos.len());
    assert_eq!(count(|info| info.subject.into()), infos.len());
}

/// So that a sample shows, and the tests above try, every field there is.
#[test]
fn samples_fill_every_field() {
    for info in LogEvent::infos() {
        let schema = (info.schema)().to_value();
        let mut empty = Vec::new();
        find_empty(&schema, &schema, &(info.sample)(), String::new(), &mut empty);
        assert!(empty.is_empty(), "the sample of {} lacks {empty:?}", info.name);
    }
}

fn find_empty(root: &Value, schema: &Value, value: &Value, at: String, empty: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        return find_empty(root, target, value, at, empty);
    }
    if let Some(variants) = schema["anyOf"].as_array() {
        let some = variants.iter().find(|variant| variant["type"] != "null").unwrap();
        return find_empty(root, some, value, at, empty);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        find_empty(root, field, &value[name], format!("{at}/{name}"), empty);
    }
    match value {
        Value::Null => empty.push(at),
        Value::Array(items) if items.is_empty() => empty.push(at),
        Value::Array(items) => {
            for item in items {
                find_empty(root, &schema["items"], item, format!("{at}/-"), empty);
            }
        }
        _ => {}
    }
}
