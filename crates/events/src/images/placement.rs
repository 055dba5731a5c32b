use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the QR code goes and how large it is: the customer's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Placement {
    pub corner: Corner,
    pub size: CodeSize,
}

/// A corner of the upright picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Corner {
    #[default]
    LowerRight,
    LowerLeft,
    UpperRight,
    UpperLeft,
}

/// The share of the picture's short side that the code is begun at; it grows from there when it must.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeSize {
    #[default]
    Normal,
    Large,
    Largest,
}

impl Placement {
    /// That of pictures whose customer chose none.
    #[must_use]
    pub fn is_default(self) -> bool {
        self == Self::default()
    }
}

impl Corner {
    pub const ALL: [Self; 4] = [Self::LowerRight, Self::LowerLeft, Self::UpperRight, Self::UpperLeft];

    /// The name in JSON, in forms and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LowerRight => "lower_right",
            Self::LowerLeft => "lower_left",
            Self::UpperRight => "upper_right",
            Self::UpperLeft => "upper_left",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|corner| corner.name() == name)
    }
}

impl CodeSize {
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Largest];

    /// The name in JSON, in forms and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
            Self::Largest => "largest",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_json() {
        for corner in Corner::ALL {
            assert_eq!(serde_json::to_value(corner).unwrap(), corner.name());
            assert_eq!(Corner::named(corner.name()), Some(corner));
        }
        for size in CodeSize::ALL {
            assert_eq!(serde_json::to_value(size).unwrap(), size.name());
            assert_eq!(CodeSize::named(size.name()), Some(size));
        }
        assert_eq!((Corner::named("middle"), CodeSize::named("")), (None, None));
    }
}
