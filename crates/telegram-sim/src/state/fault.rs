use serde::{Deserialize, Serialize};

/// Something that goes wrong with calls of the bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Bot API method, in any case; `*` is every method, `download` is fetching a file.
    #[serde(default = "every_method")]
    pub method: String,
    /// Only calls for this chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<i64>,
    /// How many calls it hits; without it, all of them until it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Before Telegram has done what was asked, or after: then the answer is lost, but the
    /// message is delivered.
    #[serde(default)]
    pub when: When,
    #[serde(flatten)]
    pub effect: Effect,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    #[default]
    Before,
    After,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Effect {
    /// Telegram refuses: 429 with `retry_after` seconds, 403, 500, 502, …
    Error {
        code: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
    },
    /// No answer ever comes; the connection stays open until the bot gives up.
    Hang,
    /// The connection is reset.
    Reset,
    /// The answer is right, but comes this much later.
    Slow { ms: u64 },
}

impl Fault {
    fn of(effect: Effect) -> Self {
        Self { method: every_method(), chat_id: None, times: None, when: When::Before, effect }
    }

    /// 429 Too Many Requests, with the seconds to wait.
    pub fn too_many_requests(retry_after: u32) -> Self {
        Self::of(Effect::Error { code: 429, description: None, retry_after: Some(retry_after) })
    }

    /// Any other refusal; without a description the usual one of its code.
    pub fn error(code: u16) -> Self {
        Self::of(Effect::Error { code, description: None, retry_after: None })
    }

    /// A refusal in these words of Telegram's.
    pub fn refusal(code: u16, description: &str) -> Self {
        Self::of(Effect::Error { code, description: Some(description.into()), retry_after: None })
    }

    pub fn hang() -> Self {
        Self::of(Effect::Hang)
    }

    pub fn reset() -> Self {
        Self::of(Effect::Reset)
    }

    pub fn slow(ms: u64) -> Self {
        Self::of(Effect::Slow { ms })
    }

    /// Only calls of this method.
    #[must_use]
    pub fn on(mut self, method: &str) -> Self {
        self.method = method.into();
        self
    }

    /// Only calls for this chat.
    #[must_use]
    pub fn in_chat(mut self, chat_id: i64) -> Self {
        self.chat_id = Some(chat_id);
        self
    }

    /// Only the next `times` calls.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// After the work is done: the outcome is ambiguous to the bot.
    #[must_use]
    pub fn after_the_work(mut self) -> Self {
        self.when = When::After;
        self
    }

    fn hits(&self, method: &str, chat_id: Option<i64>) -> bool {
        (self.method == "*" || self.method.eq_ignore_ascii_case(method))
            && (self.chat_id.is_none() || self.chat_id == chat_id)
    }
}

fn every_method() -> String {
    "*".into()
}

/// The faults in force, oldest first.
#[derive(Debug, Default)]
pub(crate) struct FaultList {
    last_id: u64,
    faults: Vec<Listed>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Listed {
    pub(crate) id: u64,
    #[serde(flatten)]
    pub(crate) fault: Fault,
}

impl FaultList {
    pub(crate) fn add(&mut self, fault: Fault) -> u64 {
        self.last_id += 1;
        self.faults.push(Listed { id: self.last_id, fault });
        self.last_id
    }

    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.faults.len();
        self.faults.retain(|listed| listed.id != id);
        self.faults.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    pub(crate) fn list(&self) -> &[Listed] {
        &self.faults
    }

    /// What happens to this call: any number of delays, then at most one failure. Counts the
    /// faults it uses; a failure shadowed by an older one is not used up.
    pub(crate) fn strike(&mut self, method: &str, chat_id: Option<i64>) -> Vec<(When, Effect)> {
        let mut struck = Vec::new();
        for Listed { fault, .. } in &mut self.faults {
            if !fault.hits(method, chat_id) {
                continue;
            }
            if let Some(times) = &mut fault.times {
                *times = times.saturating_sub(1);
            }
            struck.push((fault.when, fault.effect.clone()));
            if !matches!(fault.effect, Effect::Slow { .. }) {
                break;
            }
        }
        self.faults.retain(|listed| listed.fault.times != Some(0));
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_fault_is_used_up() {
        let mut faults = FaultList::default();
        faults.add(Fault::error(500).on("sendmessage").times(2));
        assert!(faults.strike("getUpdates", None).is_empty());
        assert_eq!(faults.strike("sendMessage", Some(1)).len(), 1);
        assert_eq!(faults.strike("sendMessage", Some(1)).len(), 1);
        assert!(faults.strike("sendMessage", Some(1)).is_empty());
        assert!(faults.list().is_empty());
    }

    #[test]
    fn delays_add_up_but_only_one_failure_strikes() {
        let mut faults = FaultList::default();
        faults.add(Fault::slow(5));
        faults.add(Fault::reset().in_chat(7).times(1));
        faults.add(Fault::hang().times(1));
        assert_eq!(faults.strike("sendMessage", Some(7)).len(), 2);
        assert_eq!(faults.list().len(), 2);
        let struck = faults.strike("sendMessage", Some(8));
        assert_eq!(struck[1], (When::Before, Effect::Hang));
    }

    #[test]
    fn reads_what_the_control_api_documents() {
        let fault: Fault = serde_json::from_value(json!({
            "method": "sendMessage", "times": 3, "when": "after",
            "kind": "error", "code": 429, "retry_after": 5,
        }))
        .unwrap();
        let expected = Fault::too_many_requests(5).on("sendMessage").times(3).after_the_work();
        assert_eq!(fault, expected);
    }
}
