use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::ServerError;

/// A nats-server of 2.12 or newer: `NATS_SERVER`, then the folder given, then the PATH.
pub fn find_nats_server(tools: &Path) -> Result<PathBuf, ServerError> {
    let candidates = std::env::var_os("NATS_SERVER")
        .map(PathBuf::from)
        .into_iter()
        .chain([tools.join("nats-server"), PathBuf::from("nats-server")]);
    candidates
        .into_iter()
        .find(|program| version(program).is_some_and(|version| version >= (2, 12)))
        .ok_or(ServerError::NoNatsServer)
}

/// The folder with the programs of PostgreSQL 14 or newer: `POSTGRES_BIN`, else the newest that is installed.
pub fn find_postgres_bin() -> Result<PathBuf, ServerError> {
    let candidates = match std::env::var_os("POSTGRES_BIN") {
        Some(folder) => vec![folder.into()],
        None => candidates(),
    };
    let mut found: Vec<((u32, u32), PathBuf)> = candidates
        .into_iter()
        .filter_map(|folder| Some((version(&folder.join("postgres"))?, folder)))
        .filter(|(version, folder)| version.0 >= 14 && is_whole(folder))
        .collect();
    found.sort();
    found.pop().map(|(_, folder)| folder).ok_or(ServerError::NoPostgres)
}

/// A folder of links may hold some of the programs only.
fn is_whole(folder: &Path) -> bool {
    ["initdb", "pg_isready"].iter().all(|program| folder.join(program).exists())
}

fn candidates() -> Vec<PathBuf> {
    let below = |parent: &str, then: &str| -> Vec<PathBuf> {
        std::fs::read_dir(parent)
            .map(|entries| entries.flatten().map(|entry| entry.path().join(then)).collect())
            .unwrap_or_default()
    };
    let mut folders = below("/usr/lib/postgresql", "bin");
    folders.extend(below("/opt/homebrew/opt", "bin"));
    folders.extend(below("/usr/local/opt", "bin"));
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    folders.retain(|folder| folder.join("postgres").exists());
    folders
}

/// The first two numbers of what `--version` prints.
fn version(program: &Path) -> Option<(u32, u32)> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut numbers = text[start..].split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
    Some((numbers.next()?.ok()?, numbers.next().and_then(Result::ok).unwrap_or_default()))
}
