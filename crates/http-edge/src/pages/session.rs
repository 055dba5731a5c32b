//! Signing in and up.

use askama::Template;
use serde::Deserialize;

use super::{FieldErrors, Layout, Role};

/// `/auth/signin`, on both sites. The form posts `phone`, `password`, `role`, `next` to itself.
#[derive(Debug, Template)]
#[template(path = "signin.html")]
pub struct SignInPage {
    /// The common part.
    pub layout: Layout,
    /// Of `?role=`; carried on to sign-up.
    pub role: Option<Role>,
    /// Of `?next=`: where to go afterwards. Checked by the handler to be a path of this site.
    pub next: Option<String>,
    /// As it was typed, after a failure.
    pub phone: String,
    /// Why the last attempt failed.
    pub problem: Option<SignInProblem>,
}

/// Why signing in failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProblem {
    /// Phone or password; never which.
    BadCredentials,
    /// Too many attempts.
    TooMany,
    /// The page is only for people who are signed in; nothing failed yet.
    Required,
    /// Right password, but not a role of this site.
    NotStaff,
    /// Right password, but an administrator has shut the account.
    Disabled,
}

impl SignInPage {
    fn problem_text(&self) -> Option<String> {
        self.problem.map(|problem| {
            self.layout.t(match problem {
                SignInProblem::BadCredentials => "signin-bad-credentials",
                SignInProblem::TooMany => "signin-too-many",
                SignInProblem::Required => "signin-required",
                SignInProblem::NotStaff => "signin-not-staff",
                SignInProblem::Disabled => "problem-account-disabled",
            })
        })
    }

    fn is_failure(&self) -> bool {
        self.problem.is_some_and(|problem| problem != SignInProblem::Required)
    }

    fn sign_up_url(&self) -> String {
        let role = self.role.unwrap_or(Role::Customer);
        match &self.next {
            Some(next) => format!(
                "/auth/signup?role={}&next={}",
                role.name(),
                url::form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>()
            ),
            None => format!("/auth/signup?role={}", role.name()),
        }
    }
}

/// The sign-up form as it was typed, without the password, which is never sent back.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SignUpForm {
    /// In any usual form.
    pub phone: String,
    /// What to call the person.
    pub name: String,
    /// `customer` or `executor`.
    pub role: String,
}

/// `/auth/signup`. The form posts `phone`, `password`, `name`, `role`, `next` to itself.
#[derive(Debug, Template)]
#[template(path = "signup.html")]
pub struct SignUpPage {
    /// The common part.
    pub layout: Layout,
    /// As it was typed.
    pub form: SignUpForm,
    /// Where to go afterwards.
    pub next: Option<String>,
    /// Fields `phone`, `password`, `name`, `role`; codes `required`, `invalid`, `taken`,
    /// `too_short`, `too_long`, `too_common`.
    pub errors: FieldErrors,
}

impl SignUpPage {
    fn is_role(&self, role: &str) -> bool {
        self.form.role.eq_ignore_ascii_case(role) || (role == "customer" && self.form.role.is_empty())
    }
}
