#![doc = include_str!("../README.md")]

pub mod assets;
mod auth;
mod backoffice;
mod both;
mod chat_message;
mod client_address;
mod config;
mod csrf;
mod desk;
mod docs;
mod edge;
mod envelope;
mod extract;
mod identity;
mod images;
mod landing;
mod layout;
mod live;
mod openapi;
mod orders;
pub mod pages;
mod places;
mod preferences;
mod problem;
mod public;
mod run;
mod scans;
mod static_files;
mod tail;
pub mod texts;
mod trace;
mod wire;

pub use auth::read_phone;
pub use client_address::TrustedProxies;
pub use config::Config;
pub use run::{Bound, run};
