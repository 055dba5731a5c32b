use std::collections::BTreeMap;

use serde::Serialize;

/// Calls of one Bot API method.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    pub total: u64,
    pub ok: u64,
    /// Refusals by error code.
    pub failed: BTreeMap<u16, u64>,
    /// Ended without an answer: hung, reset, or the bot went away. Calls still running count
    /// here too.
    pub unanswered: u64,
}

/// Calls by method, in the spelling of the Bot API.
#[derive(Debug, Default)]
pub(crate) struct CallLog(BTreeMap<&'static str, Calls>);

impl CallLog {
    pub(crate) fn begin(&mut self, method: &'static str) {
        let calls = self.0.entry(method).or_default();
        calls.total += 1;
        calls.unanswered += 1;
    }

    /// `failure` is the error code answered.
    pub(crate) fn end(&mut self, method: &'static str, failure: Option<u16>) {
        let calls = self.0.entry(method).or_default();
        calls.unanswered = calls.unanswered.saturating_sub(1);
        match failure {
            None => calls.ok += 1,
            Some(code) => *calls.failed.entry(code).or_default() += 1,
        }
    }

    pub(crate) fn of(&self, method: &str) -> Calls {
        self.0
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(method))
            .map(|(_, calls)| calls.clone())
            .unwrap_or_default()
    }

    pub(crate) fn all(&self) -> &BTreeMap<&'static str, Calls> {
        &self.0
    }
}
