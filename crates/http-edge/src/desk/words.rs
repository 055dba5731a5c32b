//! Texts that operators write.

use crate::{
    extract::Field,
    problem::{FieldProblem, Problem},
};

/// What was typed, without blanks around it; of at most `longest` UTF-16 units, as Telegram counts.
pub(super) fn check(typed: Field<String>, longest: usize) -> Result<String, &'static str> {
    let text = typed.required()?;
    // PostgreSQL stores no zero.
    let text = text.replace('\0', "");
    match text.trim() {
        "" => Err("required"),
        text if text.encode_utf16().count() > longest => Err("too_long"),
        text => Ok(text.to_owned()),
    }
}

pub(super) fn read(field: &str, typed: Field<String>, longest: usize) -> Result<String, Problem> {
    check(typed, longest).map_err(|code| Problem::fields(vec![FieldProblem::new(field, code)]))
}
