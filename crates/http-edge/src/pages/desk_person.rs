use askama::Template;

use super::{Layout, desk_chat::Beside, kinds::Worded as _};

/// What a page of the desk shows beside an open chat, to be put in place of what it shows: elements with
/// `data-fresh`.
#[derive(Debug, Template)]
#[template(path = "desk_person_part.html")]
pub struct PersonPart {
    /// The common part.
    pub layout: Layout,
    /// The person and what belongs to them.
    pub chat: Beside,
}
