use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody with an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct User {
    pub(crate) id: Uuid,
    /// E.164.
    pub(crate) phone: String,
    pub(crate) name: String,
    /// `CUSTOMER`, `EXECUTOR`, `OPERATOR`, `ADMIN` or `AUDITOR`.
    pub(crate) role: &'static str,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedIn {
    pub(crate) user: User,
}

impl From<&store::users::User> for User {
    fn from(user: &store::users::User) -> Self {
        Self { id: user.id, phone: user.phone.clone(), name: user.name.clone(), role: user.role.name() }
    }
}
