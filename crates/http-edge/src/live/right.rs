use std::time::Duration;

use events::users::Role;
use rand::Rng as _;
use tokio::time::Instant;

use crate::{auth::Caller, edge::Site, problem::Problem};

/// Somebody's right to be told what happens, as the database knows it: not every end of it is in the log, and
/// what was remembered of the caller may be older than the stream.
pub(super) struct Right<'a> {
    site: &'a Site,
    caller: &'a Caller,
    /// Nobody answered the last time.
    unanswered: bool,
    due: Instant,
}

/// How long nobody asks; and as long again at most, so that a thousand pages do not ask at once.
const QUIET: Duration = Duration::from_secs(30);

impl<'a> Right<'a> {
    pub(super) fn new(site: &'a Site, caller: &'a Caller) -> Self {
        Self { site, caller, unanswered: false, due: Instant::now() }
    }

    /// Waits until it has to be asked for again.
    pub(super) async fn due(&self) {
        tokio::time::sleep_until(self.due).await;
    }

    /// Asks for it.
    pub(super) async fn holds(&mut self) -> bool {
        let answer = self.caller.role_now(self.site).await;
        self.due = Instant::now() + rand::rng().random_range(QUIET..QUIET * 2);
        holds(&answer, self.caller.user.role, &mut self.unanswered)
    }
}

/// A page stays while nobody can say that it may not, but not for long.
fn holds(answer: &Result<Option<Role>, Problem>, role: Role, unanswered: &mut bool) -> bool {
    let before = std::mem::replace(unanswered, answer.is_err());
    match answer {
        Ok(now) => *now == Some(role),
        Err(_) => !before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_stays_through_one_question_without_an_answer_and_not_through_two() {
        let away = || Err(Problem::internal(anyhow::anyhow!("away")));
        let mut unanswered = false;
        let mut ask = |answer| holds(&answer, Role::Operator, &mut unanswered);
        assert!(ask(Ok(Some(Role::Operator))));
        assert!(ask(away()));
        assert!(ask(Ok(Some(Role::Operator))));
        assert!(ask(away()), "it was answered in between");
        assert!(!ask(away()));
        assert!(!ask(Ok(None)));
        assert!(!ask(Ok(Some(Role::Auditor))), "another role has another page");
    }
}
