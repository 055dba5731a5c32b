//! Who asks: by session cookie or bearer token.

mod account;
mod cache;
mod caller;
pub(crate) mod cookie;
mod device;
mod phone;

pub(crate) use account::Account;
pub(crate) use cache::CallerCache;
pub(crate) use caller::{Admin, Caller, Customer, PageAdmin, PageCustomer, PageStaff, PageUser, Staff};
pub(crate) use device::device;
pub use phone::read_phone;
