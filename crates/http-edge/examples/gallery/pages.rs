//! Every sample page, rendered, by name.

use http_edge::pages::{AuditorPage, ExecutorPage, LandingPage, LinkOverPage, Notice, Role, Site, Theme};
use http_edge::texts::Lang;

use super::{samples, samples_admin, samples_bots, samples_desk};

/// All pages in one language and theme: name and HTML.
pub(crate) fn all(lang: Lang, theme: Theme) -> Vec<(&'static str, String)> {
    let public = |path: &str, role| samples::layout(lang, theme, Site::Public, path, role);
    let customer = |path: &str| public(path, Some(Role::Customer));
    let staff = |path: &str, role| samples::layout(lang, theme, Site::BackOffice, path, role);
    let desk_path = "/dashboard/operator-chats";
    let operator = || staff(desk_path, Some(Role::Operator));
    let admin = |path: &str| staff(path, Some(Role::Admin));
    let form_path = "/dashboard/customer/create-order";
    let orders_path = "/dashboard/customer";
    let mut created = samples::orders(customer(orders_path));
    created.layout.notice = Some(Notice::OrderCreated);
    let html = |page: &dyn askama::DynTemplate| page.dyn_render().expect("renders");
    vec![
        ("landing", html(&LandingPage { layout: public("/", None) })),
        ("signin", html(&samples::sign_in(public("/auth/signin", None)))),
        ("signup", html(&samples::sign_up(public("/auth/signup", None)))),
        ("orders", html(&created)),
        ("orders-none", html(&samples::no_orders(customer(orders_path)))),
        ("money", html(&samples::money(customer("/dashboard/customer/money")))),
        ("order", html(&samples::order_page(customer("/dashboard/customer/orders/1")))),
        ("order-refused", html(&samples::order_refused(customer("/dashboard/customer/orders/1")))),
        ("order-unscanned", html(&samples::unscanned_order_page(customer("/dashboard/customer/orders/1")))),
        ("link-over", html(&LinkOverPage { layout: public("/q/j0n2vzqw629c", None) })),
        ("order-form", html(&samples::order_form(customer(form_path)))),
        ("order-form-wrong", html(&samples::order_form_wrong(customer(form_path)))),
        ("executor", html(&ExecutorPage { layout: public("/dashboard/executor", Some(Role::Executor)) })),
        (
            "forbidden",
            html(&samples::error(
                public(form_path, Some(Role::Executor)),
                403,
                Some("Только заказчики могут создавать задания"),
            )),
        ),
        ("not-found", html(&samples::error(public("/nowhere", None), 404, None))),
        ("broken", html(&samples::error(operator(), 500, None))),
        ("staff-signin", html(&samples::sign_in(staff("/auth/signin", None)))),
        ("desk", html(&samples_desk::desk(operator()))),
        ("desk-none", html(&samples_desk::empty_desk(operator()))),
        ("chat", html(&samples_desk::chat(operator()))),
        ("canned", html(&samples_desk::canned_page(operator()))),
        ("account", html(&samples_admin::account(customer("/dashboard/account")))),
        ("staff-account", html(&samples_admin::account(operator()))),
        ("users", html(&samples_admin::users(admin("/dashboard/users")))),
        ("users-none", html(&samples_admin::no_users(admin("/dashboard/users")))),
        ("user", html(&samples_admin::user(admin("/dashboard/users/1")))),
        ("user-shut", html(&samples_admin::shut_user(admin("/dashboard/users/3")))),
        ("all-orders", html(&samples_admin::orders(admin("/dashboard/orders")))),
        ("any-order", html(&samples_admin::order_page(admin("/dashboard/orders/2")))),
        ("letters", html(&samples_admin::letters(admin("/dashboard/dead-letters")))),
        ("letters-none", html(&samples_admin::no_letters(admin("/dashboard/dead-letters")))),
        ("letter", html(&samples_admin::letter(admin("/dashboard/dead-letters/1")))),
        ("letter-settled", html(&samples_admin::settled_letter(admin("/dashboard/dead-letters/1")))),
        ("bots", html(&samples_bots::bots(admin("/dashboard/bots")))),
        ("bots-none", html(&samples_bots::no_bots(admin("/dashboard/bots")))),
        ("bot", html(&samples_bots::bot(admin("/dashboard/bots/1")))),
        ("auditor", html(&AuditorPage { layout: staff("/dashboard/auditor", Some(Role::Auditor)) })),
        ("chat-blocked", html(&samples_desk::blocked_chat(operator()))),
    ]
}
