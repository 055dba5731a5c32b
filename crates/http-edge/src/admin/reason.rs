//! Why an administrator does something.

use events::orders::rules;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    extract::Field,
    problem::{FieldProblem, Problem},
};

/// Characters of a reason.
const MOST: usize = 500;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReasonInput {
    reason: Field<String>,
}

/// Why, for the documentation alone.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct Reason {
    /// 1 to 500 characters.
    reason: String,
}

impl ReasonInput {
    pub(super) fn read(self) -> Result<String, Problem> {
        read_reason(self.reason).map_err(|code| Problem::fields(vec![FieldProblem::new("reason", code)]))
    }
}

/// One line of 1 to 500 characters.
pub(crate) fn read_reason(given: Field<String>) -> Result<String, &'static str> {
    let reason = rules::line(&given.required()?);
    match reason.chars().count() {
        0 => Err("required"),
        length if length > MOST => Err("too_long"),
        _ => Ok(reason),
    }
}
