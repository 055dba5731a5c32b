//! One bot of the desk.

mod introduce;
mod menu;

use std::sync::Arc;

use crate::{
    status::{Line, Mode},
    telegram::Telegram,
};

pub(crate) use introduce::introduce;

pub(crate) struct Bot {
    /// Telegram's id of it.
    pub(crate) id: i64,
    pub(crate) telegram: Telegram,
    pub(crate) line: Arc<Line>,
}

impl Bot {
    pub(crate) fn new(id: i64, telegram: Telegram, mode: Mode) -> Self {
        Self { id, telegram, line: Arc::new(Line::new(mode)) }
    }
}
