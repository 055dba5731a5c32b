use super::{
    count::{FORGET, LONGEST_WAIT},
    *,
};

const ANNA: &str = "+79241242417";

fn who(phone: &str, last: u8) -> Who {
    Who::new(Some(phone), phone, IpAddr::from([192, 0, 2, last]))
}

/// A wrong password; or how long to wait.
fn fail(attempts: &Attempts, who: Who, now: Instant) -> Result<(), Duration> {
    attempts.begin(who, now).map(drop)
}

fn succeed(attempts: &Attempts, who: Who, now: Instant) -> Result<(), Duration> {
    attempts.begin(who, now).map(|attempt| attempt.succeeded(now))
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

#[test]
fn waiting_grows_to_minutes_and_no_further_and_ends() {
    let (attempts, mut now) = (Attempts::default(), Instant::now());
    let anna = || who(ANNA, 1);
    for _ in 0..HERE.free {
        fail(&attempts, anna(), now).unwrap();
    }
    let mut waits = Vec::new();
    for _ in 0..12 {
        let wait = fail(&attempts, anna(), now).unwrap_err();
        assert_eq!(fail(&attempts, anna(), now), Err(wait), "asking again does not make it longer");
        waits.push(wait.as_secs());
        now += wait;
        fail(&attempts, anna(), now).unwrap();
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    now += FORGET;
    fail(&attempts, anna(), now).unwrap();
    fail(&attempts, anna(), now).unwrap();
}

#[test]
fn many_at_once_are_not_more_than_one_after_another() {
    let (attempts, now) = (Attempts::default(), Instant::now());
    let begun: Vec<_> = (0..64).filter_map(|_| attempts.begin(who(ANNA, 1), now).ok()).collect();
    assert_eq!(begun.len(), 5, "none of them has ended");
    drop(begun);
    assert!(fail(&attempts, who(ANNA, 1), now).is_err());
}

#[test]
fn a_stranger_keeps_nobody_out_for_long_and_a_known_network_not_at_all() {
    let (attempts, mut now) = (Attempts::default(), Instant::now());
    let owner = || who(ANNA, 1);
    succeed(&attempts, owner(), now).unwrap();
    // From many networks, as fast as it is let.
    for turn in 0..200_u32 {
        let stranger = who(ANNA, 10 + u8::try_from(turn % 200).unwrap());
        if let Err(wait) = fail(&attempts, stranger.clone(), now) {
            now += wait;
            fail(&attempts, stranger, now).unwrap();
        }
    }
    assert!(fail(&attempts, who(ANNA, 250), now).unwrap_err() <= LONGEST_WAIT);
    fail(&attempts, owner(), now).expect("the owner comes in from home");
    fail(&attempts, who("+79241242418", 250), now).expect("another account is not harmed");
    // Nor by what others do at home.
    for turn in 0..NETWORK.free {
        fail(&attempts, who(&format!("+7924{turn:07}"), 1), now).unwrap();
    }
    assert!(fail(&attempts, who("+79240009999", 1), now).is_err());
    fail(&attempts, owner(), now).expect("the owner is known there");
}

#[test]
fn whoever_was_told_to_wait_is_let_in_then_whatever_others_do_meanwhile() {
    let (attempts, mut now) = (Attempts::default(), Instant::now());
    // From one network after the other, so that only what is common to them counts.
    let mut network = 0;
    let mut stranger = |now: Instant| {
        network = (network + 1) % 100;
        fail(&attempts, who(ANNA, network), now)
    };
    for _ in 0..EVERYWHERE.free + 10 {
        while let Err(wait) = stranger(now) {
            now += wait;
        }
    }
    let owner = || who(ANNA, 200);
    let told = fail(&attempts, owner(), now).unwrap_err();
    let due = now + told;
    // Just before it is over somebody else is let in, whose turn it is: all others wait anew.
    let early = due - Duration::from_secs(1);
    assert_eq!(
        fail(&attempts, owner(), early),
        Err(Duration::from_secs(1)),
        "what is left of the first wait"
    );
    attempts.lock().counts.get_mut(&Key::Everywhere(ANNA.into())).unwrap().failed(early);
    assert!(fail(&attempts, who(ANNA, 201), due).unwrap_err() > minutes(4), "a newcomer");
    succeed(&attempts, owner(), due).expect("it was promised");
    fail(&attempts, owner(), due).expect("and now it is known there");

    // What is promised is bounded, or many networks would guess as often as there are networks.
    now = due + minutes(20);
    for _ in 0..20 {
        attempts.lock().counts.get_mut(&Key::Everywhere(ANNA.into())).unwrap().failed(now);
    }
    for last in 100..200 {
        assert!(fail(&attempts, who(ANNA, last), now).is_err());
    }
    let let_in = (100..200).filter(|last| fail(&attempts, who(ANNA, *last), now + LONGEST_WAIT).is_ok());
    assert!(let_in.count() <= EVERYWHERE.promises + 1);
}

#[test]
fn the_right_password_takes_back_its_own_attempt_only() {
    let (attempts, now) = (Attempts::default(), Instant::now());
    // One account of one's own does not open the network for guesses at others.
    for turn in 0..NETWORK.free {
        fail(&attempts, who(&format!("+7924{turn:07}"), 7), now).unwrap();
        let _ = succeed(&attempts, who("+79991112233", 7), now);
    }
    assert!(fail(&attempts, who("+79240009999", 7), now).is_err());
    for _ in 0..100 {
        attempts.begin(who(ANNA, 8), now).unwrap().undecided();
    }
    // At a known network the others were not raised, so they are not lowered either.
    succeed(&attempts, who(ANNA, 9), now).unwrap();
    for last in 10..10 + u8::try_from(EVERYWHERE.free).unwrap() {
        fail(&attempts, who(ANNA, last), now).unwrap();
    }
    for _ in 0..EVERYWHERE.free {
        succeed(&attempts, who(ANNA, 9), now).unwrap();
        attempts.begin(who(ANNA, 9), now).unwrap().undecided();
    }
    assert!(fail(&attempts, who(ANNA, 99), now).is_err(), "elsewhere the account is still guarded");
}

#[test]
fn an_office_that_mistypes_now_and_then_for_days_is_not_slowed() {
    let (attempts, mut now) = (Attempts::default(), Instant::now());
    for turn in 0..1_500_u32 {
        let someone = who(&format!("+7924{turn:07}"), 7);
        fail(&attempts, someone.clone(), now).expect("nobody waits");
        succeed(&attempts, someone, now).expect("nor does the right password");
        now += minutes(2);
    }
    // The right password alone restarts nobody's wait.
    let (attempts, begun) = (Attempts::default(), Instant::now());
    for turn in 0..NETWORK.free + 6 {
        let stranger = who(&format!("+7925{turn:07}"), 7);
        while let Err(wait) = fail(&attempts, stranger.clone(), now) {
            now += wait;
        }
    }
    assert!(now > begun);
    now += Duration::from_secs(63);
    succeed(&attempts, who(ANNA, 7), now + Duration::from_secs(1)).unwrap();
    fail(&attempts, who("+79240009998", 7), now + Duration::from_secs(1)).expect("it has waited long enough");
}

#[test]
fn what_is_typed_is_told_apart_and_memory_is_bounded() {
    let (attempts, now) = (Attempts::default(), Instant::now());
    let typed = |text: &str, last: u8| Who::new(None, text, IpAddr::from([192, 0, 2, last]));
    for _ in 0..HERE.free {
        fail(&attempts, typed("anna", 1), now).unwrap();
    }
    assert!(fail(&attempts, typed("anna ", 1), now).is_err());
    fail(&attempts, typed("boris", 1), now).expect("what is no phone is not all one");
    for index in 0..30_000_u32 {
        let [_, a, b, c] = index.to_be_bytes();
        let stranger = Who::new(None, &index.to_string(), IpAddr::from([10, a, b, c]));
        let _ = fail(&attempts, stranger, now);
    }
    assert!(attempts.lock().counts.len() <= MOST);
    assert!(fail(&attempts, typed("anna", 1), now).is_err(), "many names do not make one forgotten");
}
