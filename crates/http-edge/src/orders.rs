//! A customer's orders, money and drafts.

pub(crate) mod balance;
pub(crate) mod cancel;
pub(crate) mod check;
pub(crate) mod create;
pub(crate) mod draft;
pub(crate) mod form;
pub(crate) mod input;
pub(crate) mod list;
pub(crate) mod live;
pub(crate) mod money;
mod pending;
mod picture;
pub(crate) mod qr;
mod refusal;
pub(crate) mod short_link;
pub(crate) mod show;
pub(crate) mod timeline;
pub(crate) mod view;
