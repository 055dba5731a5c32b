//! Accounts, sessions and tokens: what they are good for, and until when.
#![expect(clippy::expect_used, reason = "a test that meets nothing has failed")]

use diesel_async::RunQueryDsl as _;
use events::{
    Service,
    users::{Listener, Role},
};
use jiff::SignedDuration;
use store::{
    Conn, Relay,
    identity::{self, AccessError, CredentialsError, NewAccount, NewSession, PasswordChange, RegisterError},
    users::{self, User},
};
use testkit::System;

/// Stands for one: nothing here is compared with a password.
const HASH: &str = "$argon2id$";

async fn account(relay: &Relay, phone: &str) -> Result<User, RegisterError> {
    let account = NewAccount {
        phone: phone.into(),
        name: "Анна".into(),
        role: Role::Customer,
        password_hash: HASH.into(),
        session: None,
    };
    identity::register(relay, account, Some("test")).await
}

fn session(secret: &str, replaces: Option<&str>) -> NewSession {
    NewSession {
        token_hash: identity::secret_hash(secret),
        listener: Listener::Public,
        replaces: replaces.map(identity::secret_hash),
        device: "Firefox, Linux".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_has_one_account_even_when_two_come_at_once() {
    let system = System::start().await;
    let relay = system.relay(Service::HttpEdge).await;
    let (first, second) = tokio::join!(account(&relay, "+79241242417"), account(&relay, "+79241242417"));
    let taken =
        [&first, &second].iter().filter(|made| matches!(made, Err(RegisterError::PhoneTaken))).count();
    assert_eq!(taken, 1);
    let log = system.log().await;
    assert_eq!(log.len(), 1, "and the log tells of one");
    assert!(log[0].subject.ends_with(".registered"));
    assert!(!String::from_utf8_lossy(&log[0].body).contains("argon2id"), "never with a password in it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_idle_when_old_and_when_replaced() {
    let system = System::start().await;
    let relay = system.relay(Service::HttpEdge).await;
    let user = account(&relay, "+79241242417").await.unwrap();
    identity::open_session(&relay, user.id, HASH, &session("one", None)).await.unwrap();
    let mut conn = system.conn().await;
    let hash = identity::secret_hash("one");
    let now = events::now();
    let day = |days: i64| now + SignedDuration::from_hours(24 * days);
    let mut good =
        async |listener, at| identity::session(&mut conn, &hash, listener, at).await.unwrap().is_some();
    assert!(good(Listener::Public, now).await);
    assert!(!good(Listener::Backoffice, now).await, "of the other listener it is none");
    assert!(good(Listener::Public, day(6)).await);
    assert!(!good(Listener::Public, day(8)).await, "idle for a week");
    let mut conn = system.conn().await;
    identity::touch_session(&mut conn, &hash, day(29)).await.unwrap();
    let mut good =
        async |at| identity::session(&mut conn, &hash, Listener::Public, at).await.unwrap().is_some();
    assert!(good(day(29)).await, "used yesterday");
    assert!(!good(day(31)).await, "no session lasts longer than a month");
    identity::open_session(&relay, user.id, HASH, &session("two", Some("one"))).await.unwrap();
    assert!(!good(now).await, "signing in again replaces it");
    let mut conn = system.conn().await;
    assert_eq!(identity::end_other_sessions(&relay, user.id, None).await.unwrap(), 1);
    let two = identity::secret_hash("two");
    assert!(identity::session(&mut conn, &two, Listener::Public, now).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_until_it_is_revoked() {
    let system = System::start().await;
    let relay = system.relay(Service::Vestnik).await;
    let user = account(&relay, "+79241242417").await.unwrap();
    let mut conn = system.conn().await;
    let hash = identity::secret_hash("token");
    identity::create_token(&mut conn, user.id, &hash, events::now()).await.unwrap();
    assert_eq!(identity::token_owner(&mut conn, &hash).await.unwrap(), Some(user.clone()));
    assert!(identity::revoke_token(&mut conn, &hash, events::now()).await.unwrap());
    assert_eq!(identity::token_owner(&mut conn, &hash).await.unwrap(), None);
    assert!(!identity::revoke_token(&mut conn, &hash, events::now()).await.unwrap());
    assert_eq!(identity::tokens_of(&mut conn, user.id).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_was_granted_survives_a_repetition_of_the_one_before() {
    let system = System::start().await;
    let relay = system.relay(Service::Vestnik).await;
    let user = account(&relay, "+79241242417").await.unwrap();
    for role in [Role::Operator, Role::Admin] {
        identity::grant_role(&relay, user.id, role, "test").await.unwrap();
    }
    let nobody = identity::grant_role(&relay, uuid::Uuid::now_v7(), Role::Admin, "test").await;
    assert!(matches!(nobody, Err(AccessError::NoSuchUser)));
    let log: Vec<_> = system.log().await.iter().map(|message| message.decode().unwrap()).collect();
    let mut conn = system.conn().await;
    store::apply(&mut conn, &log[..2]).await.unwrap();
    assert_eq!(users::by_id(&mut conn, user.id).await.unwrap().unwrap().role, Role::Admin);
    // The log alone makes the same account.
    let other = testkit::TestDatabase::create().await;
    let replayed = other.store();
    let mut conn = replayed.conn().await.unwrap();
    for slice in [&log[..], &log[..]] {
        store::apply(&mut conn, slice).await.unwrap();
    }
    let rebuilt = users::by_phone(&mut conn, "+79241242417").await.unwrap();
    assert_eq!(rebuilt, Some(User { role: Role::Admin, ..user }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shut_account_has_no_session_no_token_and_no_way_in() {
    let system = System::start().await;
    let relay = system.relay(Service::HttpEdge).await;
    let user = account(&relay, "+79241242417").await.unwrap();
    identity::open_session(&relay, user.id, HASH, &session("one", None)).await.unwrap();
    let mut conn = system.conn().await;
    let (one, token) = (identity::secret_hash("one"), identity::secret_hash("token"));
    identity::create_token(&mut conn, user.id, &token, events::now()).await.unwrap();
    for _ in 0..2 {
        identity::disable(&relay, user.id, "sold", "test").await.unwrap();
    }
    let now = events::now();
    assert!(identity::session(&mut conn, &one, Listener::Public, now).await.unwrap().is_none());
    assert!(identity::token_owner(&mut conn, &token).await.unwrap().is_none());
    let opened = identity::open_session(&relay, user.id, HASH, &session("two", None)).await;
    assert!(matches!(opened, Err(CredentialsError::Shut)));
    let two = identity::secret_hash("two");
    assert!(identity::session(&mut conn, &two, Listener::Public, now).await.unwrap().is_none());
    assert!(identity::credentials(&mut conn, &user.phone).await.unwrap().unwrap().disabled);
    let shut = users::account(&mut conn, user.id).await.unwrap().unwrap().disabled.unwrap();
    assert_eq!(shut.reason, "sold");

    let log: Vec<_> = system.log().await.iter().map(|message| message.decode().unwrap()).collect();
    assert_eq!(log.iter().filter(|event| event.event.name() == "user.disabled").count(), 1, "twice is once");
    identity::enable(&relay, user.id, "test").await.unwrap();
    assert!(
        identity::session(&mut conn, &one, Listener::Public, now).await.unwrap().is_none(),
        "it stays ended"
    );
    assert!(identity::token_owner(&mut conn, &token).await.unwrap().is_some());
    // What comes late changes nothing.
    store::apply(&mut conn, &log).await.unwrap();
    assert!(users::account(&mut conn, user.id).await.unwrap().unwrap().disabled.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_always_an_administrator_left_even_when_two_shut_each_other() {
    let system = System::start().await;
    let relay = system.relay(Service::HttpEdge).await;
    let (one, two) =
        (account(&relay, "+79241242417").await.unwrap(), account(&relay, "+79241242418").await.unwrap());
    for admin in [&one, &two] {
        identity::grant_role(&relay, admin.id, Role::Admin, "test").await.unwrap();
    }
    let (id_one, id_two) = (one.id.to_string(), two.id.to_string());
    let own = identity::disable(&relay, one.id, "tired", &id_one).await;
    assert!(matches!(own, Err(AccessError::Oneself)));
    let own = identity::grant_role(&relay, one.id, Role::Operator, &id_one).await;
    assert!(matches!(own, Err(AccessError::Oneself)));
    let (first, second) = tokio::join!(
        identity::disable(&relay, two.id, "first", &id_one),
        identity::grant_role(&relay, one.id, Role::Operator, &id_two),
    );
    let outcomes = [first, second];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(AccessError::NotAdmin))), "{outcomes:?}");
    let left = if outcomes[0].is_ok() { one.id } else { two.id };
    let last = identity::disable(&relay, left, "by the command", "vestnik").await;
    assert!(matches!(last, Err(AccessError::LastAdmin)));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_shut_or_demoted_while_they_ask_does_nothing_more() {
    let system = System::start().await;
    let relay = system.relay(Service::HttpEdge).await;
    let mut people = Vec::new();
    for last in 1..=4 {
        people.push(account(&relay, &format!("+7924124241{last}")).await.unwrap());
    }
    let [anna, boris, clara, customer] = <[User; 4]>::try_from(people).unwrap();
    for admin in [&anna, &boris, &clara] {
        identity::grant_role(&relay, admin.id, Role::Admin, "test").await.unwrap();
    }
    // Boris's wishes wait for the lock that stands for the change that shuts him.
    let mut conn = system.conn().await;
    let by_boris = boris.id.to_string();
    sql(&mut conn, "BEGIN").await;
    let shut = format!(
        "UPDATE users SET disabled_at = now(), disabled_reason = 'x', access_at = now() WHERE id = '{by_boris}'"
    );
    sql(&mut conn, &shut).await;
    let (first, second, auth) = (relay.clone(), relay.clone(), by_boris.clone());
    let shut = tokio::spawn(async move { identity::disable(&first, anna.id, "revenge", &by_boris).await });
    let promoted =
        tokio::spawn(async move { identity::grant_role(&second, customer.id, Role::Admin, &auth).await });
    wait_for_locks(&system, 2).await;
    sql(&mut conn, "COMMIT").await;
    for outcome in [shut.await.unwrap(), promoted.await.unwrap()] {
        assert!(matches!(outcome, Err(AccessError::NotAdmin)), "{outcome:?}");
    }
    assert!(users::account(&mut conn, anna.id).await.unwrap().unwrap().disabled.is_none());
    let outcome = identity::enable(&relay, boris.id, &customer.id.to_string()).await;
    assert!(matches!(outcome, Err(AccessError::NotAdmin)), "who never was one neither");
    identity::enable(&relay, boris.id, &clara.id.to_string()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_about_an_account_counts_although_the_last_ones_clock_was_ahead() {
    let system = System::start().await;
    let relay = system.relay(Service::HttpEdge).await;
    let user = account(&relay, "+79241242417").await.unwrap();
    let mut conn = system.conn().await;
    let ahead =
        "UPDATE users SET access_at = now() + interval '1 hour', updated_at = now() + interval '1 hour'";
    sql(&mut conn, ahead).await;
    identity::disable(&relay, user.id, "sold", "test").await.unwrap();
    assert!(users::account(&mut conn, user.id).await.unwrap().unwrap().disabled.is_some());
    identity::enable(&relay, user.id, "test").await.unwrap();
    assert!(users::account(&mut conn, user.id).await.unwrap().unwrap().disabled.is_none());
    identity::grant_role(&relay, user.id, Role::Operator, "test").await.unwrap();
    assert_eq!(users::by_id(&mut conn, user.id).await.unwrap().unwrap().role, Role::Operator);
    // And in the log they follow each other too.
    let log: Vec<_> = system.log().await.iter().map(|message| message.decode().unwrap()).collect();
    let times: Vec<_> = log.iter().map(|event| event.meta.time).collect();
    assert!(times[1] > events::now() + SignedDuration::from_mins(50) && times[2] > times[1], "{times:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_replaced_since_it_was_compared_opens_and_changes_nothing() {
    let system = System::start().await;
    let relay = system.relay(Service::HttpEdge).await;
    let user = account(&relay, "+79241242417").await.unwrap();
    let auth = user.id.to_string();
    let own = |compared, hash| PasswordChange { compared: Some(compared), hash, session: None };
    identity::set_password(&relay, user.id, own(HASH, "$second"), &auth).await.unwrap();
    let late = identity::open_session(&relay, user.id, HASH, &session("late", None)).await;
    assert!(matches!(late, Err(CredentialsError::Replaced)), "{late:?}");
    let late = identity::set_password(&relay, user.id, own(HASH, "$third"), &auth).await;
    assert!(matches!(late, Err(CredentialsError::Replaced)), "{late:?}");
    // The command asks for no old one, and what was compared before it is worth nothing after it.
    let by_command = PasswordChange { compared: None, hash: "$fourth", session: None };
    identity::set_password(&relay, user.id, by_command, "vestnik").await.unwrap();
    let late = identity::set_password(&relay, user.id, own("$second", "$fifth"), &auth).await;
    assert!(matches!(late, Err(CredentialsError::Replaced)), "{late:?}");
    identity::open_session(&relay, user.id, "$fourth", &session("one", None)).await.unwrap();
    let nobody = identity::set_password(&relay, uuid::Uuid::now_v7(), by_command, "vestnik").await;
    assert!(matches!(nobody, Err(CredentialsError::NoSuchUser)));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_is_left_behind_by_what_ends_them_all_at_the_same_time() {
    let system = System::start().await;
    let relay = system.relay(Service::HttpEdge).await;
    let user = account(&relay, "+79241242417").await.unwrap();
    let auth = user.id.to_string();
    let mut conn = system.conn().await;
    let mut hash = HASH.to_owned();
    for round in 0..10 {
        let next = format!("$round{round}");
        let change = PasswordChange { compared: Some(&hash), hash: &next, session: None };
        let late = session(&format!("late{round}"), None);
        let (changed, _) = tokio::join!(
            identity::set_password(&relay, user.id, change, &auth),
            identity::open_session(&relay, user.id, &hash, &late),
        );
        changed.unwrap();
        let left = identity::sessions_of(&mut conn, user.id, None, events::now()).await.unwrap();
        assert!(left.is_empty(), "with the old password: {left:?}");
        hash = next;
    }
    // A change that waits while the account is shut brings no session that lives on when it is opened.
    let rotated = session("rotated", None);
    let change = PasswordChange { compared: Some(&hash), hash: "$last", session: Some(&rotated) };
    let mut other = system.conn().await;
    sql(&mut other, "BEGIN").await;
    let shut = "UPDATE users SET disabled_at = now(), disabled_reason = 'x', access_at = now()";
    sql(&mut other, shut).await;
    let mut waiting = Box::pin(identity::set_password(&relay, user.id, change, &auth));
    tokio::select! {
        early = &mut waiting => panic!("it did not wait: {early:?}"),
        () = wait_for_locks(&system, 1) => {}
    }
    sql(&mut other, "COMMIT").await;
    let outcome = waiting.await;
    assert!(matches!(outcome, Err(CredentialsError::Shut)), "{outcome:?}");
    identity::enable(&relay, user.id, "test").await.unwrap();
    assert!(identity::sessions_of(&mut conn, user.id, None, events::now()).await.unwrap().is_empty());
}

async fn sql(conn: &mut Conn, statement: &str) {
    diesel::sql_query(statement).execute(conn).await.expect(statement);
}

/// Until so many statements of this database wait for a lock.
async fn wait_for_locks(system: &System, waiting: i64) {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        waiting: i64,
    }
    testkit::wait_for("the statements to wait for the lock", async || {
        let mut conn = system.conn().await;
        let query = "SELECT count(*) AS waiting FROM pg_stat_activity
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let row: Row = diesel::sql_query(query).get_result(&mut conn).await.expect(query);
        row.waiting == waiting
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_ends_ones_own_sessions_and_no_others() {
    let system = System::start().await;
    let relay = system.relay(Service::HttpEdge).await;
    let (user, other) =
        (account(&relay, "+79241242417").await.unwrap(), account(&relay, "+79241242418").await.unwrap());
    for (who, secret) in [(&user, "one"), (&user, "two"), (&user, "three"), (&other, "four")] {
        identity::open_session(&relay, who.id, HASH, &session(secret, None)).await.unwrap();
    }
    let mut conn = system.conn().await;
    let (now, current) = (events::now(), Some(identity::secret_hash("two")));
    let mine = identity::sessions_of(&mut conn, user.id, current, now).await.unwrap();
    assert_eq!(mine.iter().map(|session| session.current).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(mine[0].device, "Firefox, Linux");
    assert!(!identity::end_own_session(&relay, other.id, mine[1].id).await.unwrap(), "not another's");
    assert!(identity::end_own_session(&relay, user.id, mine[1].id).await.unwrap());
    assert!(!identity::end_own_session(&relay, user.id, mine[1].id).await.unwrap(), "twice is once");
    // A new password ends the rest and gives the one that asks a new secret.
    let rotated = session("five", None);
    let change = PasswordChange { compared: Some(HASH), hash: "$argon2id$new", session: Some(&rotated) };
    identity::set_password(&relay, user.id, change, &user.id.to_string()).await.unwrap();
    let five = Some(identity::secret_hash("five"));
    let left = identity::sessions_of(&mut conn, user.id, five, now).await.unwrap();
    assert_eq!((left.len(), left[0].current), (1, true));
    assert_eq!(identity::sessions_of(&mut conn, other.id, None, now).await.unwrap().len(), 1);
    let log = system.log().await;
    assert_eq!(log.iter().filter(|message| message.subject.ends_with(".signed-out")).count(), 1);
    let changed = log.iter().find(|message| message.subject.ends_with(".password-changed")).unwrap();
    assert!(!String::from_utf8_lossy(&changed.body).contains("argon2id"), "never with a password in it");
}
