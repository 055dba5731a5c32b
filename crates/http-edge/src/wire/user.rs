use jiff::Timestamp;
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

/// An account as administrators see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    pub(crate) id: Uuid,
    /// E.164.
    pub(crate) phone: String,
    pub(crate) name: String,
    /// `CUSTOMER`, `EXECUTOR`, `OPERATOR`, `ADMIN` or `AUDITOR`.
    pub(crate) role: &'static str,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disabled: Option<Disabled>,
}

/// That an account is shut.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Disabled {
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    pub(crate) reason: String,
}

impl From<store::users::Account> for Account {
    fn from(account: store::users::Account) -> Self {
        Self {
            id: account.user.id,
            phone: account.user.phone,
            name: account.user.name,
            role: account.user.role.name(),
            created_at: account.created_at,
            disabled: account.disabled.map(|shut| Disabled { at: shut.at, reason: shut.reason }),
        }
    }
}
