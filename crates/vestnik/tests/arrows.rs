//! The arrows between the crates are the architecture: services meet only in events.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// What each crate may import of this project, outside its tests.
const ALLOWED: &[(&str, &[&str])] = &[
    ("events", &[]),
    ("private-servers", &[]),
    ("qr-code", &[]),
    ("phrases", &[]),
    ("telegram-sim", &[]),
    ("store", &["events"]),
    ("process", &["store", "events"]),
    ("order-worker", &["store", "events", "process"]),
    ("media-worker", &["store", "events", "process", "qr-code"]),
    ("chat-worker", &["store", "events", "process", "phrases"]),
    ("bot-bridge", &["store", "events", "process", "phrases"]),
    ("http-edge", &["store", "events", "process", "qr-code", "phrases"]),
    ("auditor", &["store", "events", "process"]),
    ("testkit", &["store", "events", "process", "private-servers"]),
    (
        "vestnik",
        &[
            "order-worker",
            "media-worker",
            "chat-worker",
            "bot-bridge",
            "http-edge",
            "auditor",
            "telegram-sim",
            "private-servers",
            "store",
            "events",
            "process",
        ],
    ),
];

fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let ours: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    metadata
        .packages
        .iter()
        .map(|package| {
            let imports = package
                .dependencies
                .iter()
                .filter(|dependency| {
                    dependency.kind == DependencyKind::Normal && ours.contains(&dependency.name)
                })
                .map(|dependency| dependency.name.clone())
                .collect();
            (package.name.to_string(), imports)
        })
        .collect()
}

#[test]
fn no_crate_imports_what_it_may_not() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    for (name, imports) in imports() {
        let may =
            allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} is not in the table of arrows"));
        for import in imports {
            assert!(may.contains(&import.as_str()), "{name} may not import {import}");
        }
    }
}

/// Pure rules import neither broker, database nor HTTP.
#[test]
fn pure_rules_stay_pure() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for place in [
        "crates/events/src/orders/rules.rs",
        "crates/events/src/orders/rules",
        "crates/order-worker/src/decide.rs",
        "crates/order-worker/src/decide",
        "crates/qr-code/src",
        "crates/media-worker/src/render.rs",
        "crates/media-worker/src/render",
        "crates/bot-bridge/src/schedule.rs",
        "crates/bot-bridge/src/schedule",
    ] {
        for (path, text) in sources(&root.join(place)) {
            for banned in ["async_nats", "diesel", "axum", "reqwest", "tokio", "store::", "events::Bus"] {
                assert!(!text.contains(banned), "{} names {banned}", path.display());
            }
        }
    }
}

fn sources(place: &std::path::Path) -> Vec<(std::path::PathBuf, String)> {
    if place.is_dir() {
        let entries = std::fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path());
        return entries.flat_map(|path| sources(&path)).collect();
    }
    std::fs::read_to_string(place).map_or_else(|_| Vec::new(), |text| vec![(place.to_owned(), text)])
}
