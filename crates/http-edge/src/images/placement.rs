use events::images::{CodeSize, Corner, Placement};

use crate::problem::FieldProblem;

/// Where the code is to go, as it was typed; nothing and an empty text are the usual.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) corner: Option<String>,
    pub(crate) size: Option<String>,
}

impl Choice {
    /// The placement, or what is wrong with it, by field.
    pub(crate) fn read(&self) -> Result<Placement, Vec<FieldProblem>> {
        let corner = chosen("corner", self.corner.as_deref(), Corner::named);
        let size = chosen("size", self.size.as_deref(), CodeSize::named);
        match (corner, size) {
            (Ok(corner), Ok(size)) => Ok(Placement { corner, size }),
            (corner, size) => Err([corner.err(), size.err()].into_iter().flatten().collect()),
        }
    }
}

fn chosen<T: Default>(
    field: &'static str,
    typed: Option<&str>,
    named: impl Fn(&str) -> Option<T>,
) -> Result<T, FieldProblem> {
    match typed {
        None | Some("") => Ok(T::default()),
        Some(name) => named(name).ok_or_else(|| FieldProblem::new(field, "invalid")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(corner: &str, size: &str) -> Choice {
        Choice { corner: Some(corner.into()), size: Some(size.into()) }
    }

    #[test]
    fn names_are_read_and_others_are_told_by_field() {
        assert_eq!(Choice::default().read(), Ok(Placement::default()));
        assert_eq!(choice("", "").read(), Ok(Placement::default()));
        let read = choice("upper_left", "largest").read();
        assert_eq!(read, Ok(Placement { corner: Corner::UpperLeft, size: CodeSize::Largest }));
        let wrong = choice("middle", "huge").read().unwrap_err();
        let fields: Vec<&str> = wrong.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["corner", "size"]);
    }
}
