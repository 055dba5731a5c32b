//! `nats.conf` lets each service say what the contract has it say, and nothing else.

use std::{collections::BTreeMap, fs, path::Path};

use events::{LogEvent, Service, subjects::DURABLE_CONSUMERS};

/// The lists of one user in `nats.conf`.
#[derive(Debug, Default)]
struct Lists {
    publish: Vec<String>,
    deny: Vec<String>,
    subscribe: Vec<String>,
}

/// Reads the lists line by line, in the shape in which the file is written.
fn lists() -> BTreeMap<&'static str, Lists> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../nats.conf");
    let text = fs::read_to_string(path).unwrap();
    let mut users: BTreeMap<&str, Lists> = BTreeMap::new();
    for section in text.split("nkey: $").skip(1) {
        let (variable, rest) = section.split_once('\n').unwrap();
        let service =
            Service::ALL.into_iter().find(|service| service.nkey_variable() == variable.trim()).unwrap();
        let lists = users.entry(service.name()).or_default();
        let mut current = None;
        // The user ends where its lists of what it hears end.
        let (rest, heard) = rest.split_once("subscribe:").unwrap();
        for line in rest.lines().filter(|line| !line.trim_start().starts_with('#')) {
            if line.contains("publish: [") || line.contains("allow: [") {
                current = Some(&mut lists.publish);
            } else if line.contains("deny: [") {
                current = Some(&mut lists.deny);
            }
            if let (Some(current), Some(subject)) = (&mut current, quoted(line).first()) {
                current.push(subject.clone());
            }
        }
        lists.subscribe = quoted(heard.lines().next().unwrap());
    }
    users
}

fn quoted(line: &str) -> Vec<String> {
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether everything that `subject` stands for is also under `pattern`.
fn covers(pattern: &str, subject: &str) -> bool {
    let (mut pattern, mut subject) = (pattern.split('.'), subject.split('.'));
    loop {
        match (pattern.next(), subject.next()) {
            (Some(">"), Some(_)) | (None, None) => return true,
            (Some("*"), Some(token)) if token != ">" => {}
            (Some(wanted), Some(token)) if wanted == token => {}
            _ => return false,
        }
    }
}

#[test]
fn every_service_is_a_user_of_the_broker() {
    let users = lists();
    assert_eq!(users.len(), Service::ALL.len());
    for service in Service::ALL {
        let own_inbox = format!("_INBOX_{service}.>");
        assert!(users[service.name()].subscribe.contains(&own_inbox), "{service} cannot hear answers");
    }
}

#[test]
fn each_event_may_be_published_by_its_publishers_and_nobody_else() {
    let users = lists();
    for info in LogEvent::infos() {
        for service in Service::ALL {
            let may = users[service.name()].publish.iter().any(|pattern| covers(pattern, info.subject));
            assert_eq!(may, info.publishers.contains(&service), "{service} and {}", info.subject);
        }
    }
}

#[test]
fn nobody_may_publish_what_is_no_event() {
    let infos = LogEvent::infos();
    for (service, lists) in lists() {
        let domains = ["orders.", "accounts.", "images.", "chats.", "users.", "letters.", "desk."];
        let events = lists.publish.iter().filter(|one| domains.iter().any(|domain| one.starts_with(domain)));
        for pattern in events {
            let known = infos.iter().any(|info| covers(pattern, info.subject));
            assert!(known, "{service} may publish {pattern}, which no event has");
        }
        let wildcards = lists.publish.iter().filter(|one| one.starts_with(['*', '>']));
        assert_eq!(wildcards.count(), 0, "{service} may publish on a whole tree");
    }
}

#[test]
fn readers_of_the_log_cannot_touch_a_durable_consumer() {
    let users = lists();
    for consumer in DURABLE_CONSUMERS {
        let name = consumer.name;
        for reader in [Service::HttpEdge, Service::Vestnik] {
            let deny = &users[reader.name()].deny;
            for subject in [
                format!("$JS.API.CONSUMER.CREATE.EVENTS.{name}"),
                format!("$JS.API.CONSUMER.CREATE.EVENTS.{name}.>"),
                format!("$JS.API.CONSUMER.DELETE.EVENTS.{name}"),
                format!("$JS.API.CONSUMER.MSG.NEXT.EVENTS.{name}"),
            ] {
                assert!(deny.contains(&subject), "{reader} is not denied {subject}");
            }
        }
    }
}

#[test]
fn a_durable_consumer_is_read_acknowledged_and_buried_by_one_service() {
    let users = lists();
    for consumer in DURABLE_CONSUMERS {
        let name = consumer.name;
        for subject in [
            format!("$JS.API.CONSUMER.MSG.NEXT.EVENTS.{name}"),
            format!("$JS.ACK.EVENTS.{name}.>"),
            format!("dead.{name}.>"),
        ] {
            let may = users
                .iter()
                .filter(|(_, lists)| lists.publish.iter().any(|pattern| covers(pattern, &subject)))
                .filter(|(_, lists)| !lists.deny.iter().any(|pattern| covers(pattern, &subject)));
            assert_eq!(may.count(), 1, "{subject}");
        }
    }
}
