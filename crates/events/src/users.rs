//! People who sign in. Never with a password, a hash or a token in it.

mod disabled;
mod enabled;
mod password_changed;
mod registered;
mod role;
mod role_granted;
mod sign_in_failed;
mod signed_in;
mod signed_out;
mod telegram_linked;
mod telegram_unlinked;

pub use disabled::UserDisabled;
pub use enabled::UserEnabled;
pub use password_changed::UserPasswordChanged;
pub use registered::UserRegistered;
pub use role::{Listener, Role};
pub use role_granted::RoleGranted;
pub use sign_in_failed::UserSignInFailed;
pub use signed_in::UserSignedIn;
pub use signed_out::UserSignedOut;
pub use telegram_linked::TelegramLinked;
pub use telegram_unlinked::TelegramUnlinked;

crate::declare_domain!(
    /// What happens to an account.
    UserEvent {
        UserRegistered,
        UserSignedIn,
        UserSignInFailed,
        UserSignedOut,
        RoleGranted,
        TelegramLinked,
        TelegramUnlinked,
        UserDisabled,
        UserEnabled,
        UserPasswordChanged,
    }
);
