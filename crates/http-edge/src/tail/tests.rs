use events::{
    Event as _, Outgoing, Service,
    orders::{OrderAccepted, OrderRequested},
    users::{Role, RoleGranted},
};
use store::users::User;

use crate::auth::Account;

use super::*;

fn accepted(cause: Uuid) -> Arc<Recorded> {
    let request = Outgoing::request_with_id(cause, Service::HttpEdge, "test", OrderRequested::sample()).meta;
    let fact =
        Outgoing::fact(Service::OrderWorker, &request, 0, Some(1), events::now(), &OrderAccepted::sample());
    Arc::new(fact.recorded().unwrap())
}

#[tokio::test]
async fn a_waiter_hears_of_its_own_request_only() {
    let (tail, callers) = (Tail::after(0), CallerCache::default());
    let (mine, other) = (Uuid::now_v7(), Uuid::now_v7());
    let mut waiter = tail.waiter(mine);
    tail.pass_on(1, &accepted(other), 10, &callers);
    tail.pass_on(2, &accepted(mine), 10, &callers);
    let cause = waiter.wait(Duration::from_secs(1), |event| event.meta.causation).await;
    assert_eq!(cause, Some(mine));
    drop(waiter);
    let nobody = tail.waiter(Uuid::now_v7()).wait(Duration::from_millis(5), |_| Some(())).await;
    assert_eq!(nobody, None);
}

#[tokio::test]
async fn a_page_resumes_without_gap_and_is_told_of_one() {
    let (tail, callers) = (Tail::after(0), CallerCache::default());
    for sequence in 1..=10_005 {
        tail.pass_on(sequence, &accepted(Uuid::now_v7()), 10, &callers);
    }
    let Resumed::From(missed, mut live) = tail.resume(10_000) else { panic!("the ring has them") };
    assert_eq!(missed.len(), 5);
    tail.pass_on(10_006, &accepted(Uuid::now_v7()), 10, &callers);
    assert!(live.try_recv().is_ok(), "what comes after the ring comes live");
    assert!(live.try_recv().is_err(), "and once");
    assert!(matches!(tail.resume(4), Resumed::Gap(_)), "4 events are gone");
    assert!(matches!(tail.resume(6), Resumed::From(..)));
}

#[test]
fn a_role_that_is_granted_takes_effect_at_once() {
    let (tail, callers) = (Tail::after(0), CallerCache::default());
    let id = Uuid::now_v7();
    let user = User { id, phone: "+79241242417".into(), name: "Анна".into(), role: Role::Operator };
    callers.put([1; 32], Arc::new(Account { user, lang: None }), callers.asking());
    let granted = RoleGranted { user_id: id, role: Role::Customer };
    let granted = Outgoing::request(Service::Vestnik, "test", granted).recorded().unwrap();
    tail.pass_on(1, &Arc::new(granted), 10, &callers);
    assert!(callers.get(&[1; 32]).is_none());
}

#[tokio::test]
async fn a_log_that_has_lost_its_end_is_read_anew() {
    let (tail, callers) = (Tail::after(0), CallerCache::default());
    for sequence in 1..=10 {
        tail.pass_on(sequence, &accepted(Uuid::now_v7()), 10, &callers);
    }
    tail.not_beyond(10);
    assert_eq!(tail.position(), 10);
    tail.not_beyond(7);
    assert_eq!(tail.position(), 7);
    assert!(matches!(tail.resume(5), Resumed::Gap(_)), "what a page has heard may not be so any more");
    assert!(matches!(tail.resume(7), Resumed::From(..)));
}
