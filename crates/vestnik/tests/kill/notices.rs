use std::time::Duration;

use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl as _;
use telegram_sim::{Sim, User};

use super::{accounts::Account, chaos::DATABASE, chronicle::Chronicle, customers::Placed, stage::Stage};

/// The customer whom the bot tells of their orders, as Telegram knows them.
pub(crate) const NOTICED: i64 = 700_100;

const SOON: Duration = Duration::from_secs(30);

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    message_text: String,
    #[diesel(sql_type = Text)]
    delivery_state: String,
}

/// Shares the customer's phone with the bot, and waits until the bot has understood.
pub(crate) async fn link(sim: &Sim, customer: &Account) {
    let number = customer.phone.trim_start_matches('+').to_owned();
    let phone = sim.put_user(&User { phone_number: Some(number), ..User::numbered(NOTICED) });
    phone.contact().expect("a phone number");
    phone.wait_for("привязан", SOON).await.expect("the account is linked");
}

/// Of every order its customer is told once, in the order of the decisions, or the desk says that nobody knows.
/// Returns how many notices there are.
pub(crate) async fn check(stage: &Stage, placed: &[Placed], chronicle: &Chronicle) -> usize {
    let mut conn = stage.system.conn().await;
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT message_text, delivery_state FROM chat_messages
         WHERE user_id = $1 AND notice_kind = 'order' ORDER BY position",
    )
    .bind::<BigInt, _>(NOTICED)
    .get_results(&mut conn)
    .await
    .expect("the notices");
    let customer = stage.customers.last().expect("a customer").id;
    let theirs: Vec<&Placed> = placed.iter().filter(|told| told.customer == customer).collect();
    assert_eq!(rows.len(), theirs.len(), "a notice for each order");
    for told in theirs {
        let title = format!("«{}»", told.title);
        let mut notices = rows.iter().filter(|row| row.message_text.contains(&title));
        let notice = notices.next().unwrap_or_else(|| panic!("no word of {told:?}"));
        assert!(notices.next().is_none(), "two words of {told:?}");
        let word = if told.accepted { "принят" } else { "отклонён" };
        assert!(notice.message_text.contains(word), "{told:?}: {}", notice.message_text);
    }
    let sent = stage.sim.sent().into_iter().filter(|(user, _)| *user == NOTICED);
    // The first is that the account is linked.
    let came: Vec<String> = sent.skip(1).map(|(_, message)| message.words().to_owned()).collect();
    let mut unknown = 0;
    for row in &rows {
        let times = came.iter().filter(|text| **text == row.message_text).count();
        match row.delivery_state.as_str() {
            "sent" => assert_eq!(times, 1, "{} came {times} times", row.message_text),
            "unknown" => {
                assert!(times <= 1, "{} came {times} times", row.message_text);
                unknown += 1;
            }
            state => panic!("{} is {state}", row.message_text),
        }
    }
    let said: Vec<&String> = rows.iter().map(|row| &row.message_text).collect();
    let mut wanted = said.clone();
    wanted.retain(|text| came.contains(text));
    assert_eq!(came.iter().collect::<Vec<_>>(), wanted, "the notices came in another order");
    let ends = chronicle.kills(Some("bot-bridge")) + chronicle.kills(Some(DATABASE));
    assert!(unknown <= ends, "{unknown} notices are unknown, more than the bridge can have had in hand");
    rows.len()
}
