//! What is said to people, in their language: whoever has texts of its own keeps them in Fluent files and
//! reads them with a [`Catalogue`]; money, phones and why a picture failed are said alike everywhere.

mod catalogue;
pub mod format;
mod lang;
mod picture_failure;

pub use catalogue::{Catalogue, keys};
pub use fluent_bundle::FluentValue;
pub use lang::Lang;
pub use picture_failure::words as picture_failure;
