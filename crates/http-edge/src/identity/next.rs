use events::users::{Listener, Role};

/// Where to go after signing in: where one wanted to, if that is a path of this site, else home.
pub(super) fn next(asked: Option<&str>, listener: Listener, role: Role) -> String {
    asked
        .filter(|path| is_own_path(path) && !path.starts_with("/auth/"))
        .unwrap_or_else(|| home(listener, role))
        .to_owned()
}

/// Browsers read `//host` and `/\host` as another site.
pub(crate) fn is_own_path(path: &str) -> bool {
    let rest = path.strip_prefix('/');
    rest.is_some_and(|rest| !rest.starts_with(['/', '\\']))
        && path.bytes().all(|byte| byte > 0x20 && byte != b'\\' && byte < 0x7f)
}

const fn home(listener: Listener, role: Role) -> &'static str {
    match (listener, role) {
        (Listener::Backoffice, Role::Auditor) => "/dashboard/auditor",
        (Listener::Backoffice, _) => "/dashboard/operator-chats",
        (Listener::Public, Role::Customer) => "/dashboard/customer",
        (Listener::Public, Role::Executor) => "/dashboard/executor",
        (Listener::Public, _) => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_site_is_followed() {
        let to = |asked| next(Some(asked), Listener::Public, Role::Customer);
        assert_eq!(to("/dashboard/customer/create-order?x=1"), "/dashboard/customer/create-order?x=1");
        for foreign in
            ["//evil.example", "/\\evil.example", "https://evil.example", "", "x", "/\tx", "/auth/signin"]
        {
            assert_eq!(to(foreign), "/dashboard/customer", "{foreign:?}");
        }
    }
}
