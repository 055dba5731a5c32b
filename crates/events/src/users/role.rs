use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    Customer,
    Executor,
    Operator,
    Admin,
    Auditor,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Customer, Self::Executor, Self::Operator, Self::Admin, Self::Auditor];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER",
            Self::Executor => "EXECUTOR",
            Self::Operator => "OPERATOR",
            Self::Admin => "ADMIN",
            Self::Auditor => "AUDITOR",
        }
    }

    /// In any case: `customer` as in a sign-up link, `CUSTOMER` as in the database.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(name))
    }

    /// May enter the back office.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Operator | Self::Admin | Self::Auditor)
    }
}

/// Where a session is good: a session of one listener is none on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Listener {
    Public,
    Backoffice,
}

impl Listener {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Backoffice => "backoffice",
        }
    }
}
