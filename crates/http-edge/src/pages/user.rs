//! Who is signed in.

/// A role, as far as pages care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Orders tasks.
    Customer,
    /// Will fulfil them.
    Executor,
    /// Answers chats.
    Operator,
    /// Does everything.
    Admin,
    /// Reads the log.
    Auditor,
}

impl Role {
    /// Every role, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Customer, Self::Executor, Self::Operator, Self::Admin, Self::Auditor];

    /// The role of a `?role=` parameter or a `role` field: `customer` or `executor`, in any case.
    pub fn from_choice(name: &str) -> Option<Self> {
        [Self::Customer, Self::Executor].into_iter().find(|role| role.name().eq_ignore_ascii_case(name))
    }

    /// `customer`, `executor`, …
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Executor => "executor",
            Self::Operator => "operator",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
        }
    }

    pub(crate) fn text_key(self) -> &'static str {
        match self {
            Self::Customer => "role-customer",
            Self::Executor => "role-executor",
            Self::Operator => "role-operator",
            Self::Admin => "role-admin",
            Self::Auditor => "role-auditor",
        }
    }
}

/// The signed-in person.
#[derive(Debug, Clone)]
pub struct UserView {
    /// UUID.
    pub id: String,
    /// As it was given at sign-up.
    pub name: String,
    /// E.164.
    pub phone: String,
    /// Decides what the header links to.
    pub role: Role,
}
