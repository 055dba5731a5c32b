use super::InvalidField;

/// How a field breaks its rule. The names are codes of the HTTP contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Nothing was sent, or nothing but white space.
    Required,
    TooLong,
    TooSmall,
    TooLarge,
    /// It is not what the field is for.
    Invalid,
    InThePast,
    TooFar,
    Repeated,
}

impl Fault {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong => "too_long",
            Self::TooSmall => "too_small",
            Self::TooLarge => "too_large",
            Self::Invalid => "invalid",
            Self::InThePast => "in_the_past",
            Self::TooFar => "too_far",
            Self::Repeated => "repeated",
        }
    }

    /// The fault as an event and an answer carry it.
    #[must_use]
    pub fn in_field(self, field: &str) -> InvalidField {
        InvalidField { field: field.to_owned(), code: self.code().to_owned() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
