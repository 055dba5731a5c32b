//! Dead letters: messages that a consumer gave up, and what people do with them.

mod discarded;
mod redriven;

pub use discarded::LetterDiscarded;
pub use redriven::LetterRedriven;

crate::declare_domain!(
    /// What becomes of a dead letter.
    LetterEvent { LetterRedriven, LetterDiscarded }
);
