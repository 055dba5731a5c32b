use std::ops::Deref;

use store::users::User;

use crate::texts::Lang;

/// Whose request it is, with what they prefer.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) user: User,
    /// What they have chosen; `None` leaves it to the browser.
    pub(crate) lang: Option<Lang>,
}

impl Deref for Account {
    type Target = User;

    fn deref(&self) -> &User {
        &self.user
    }
}
