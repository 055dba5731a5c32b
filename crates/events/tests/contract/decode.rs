//! What is read leniently and what is refused.

use events::{LogEvent, Meta, Service, contract::DecodeError, now, request_id};
use serde_json::{Value, json};

fn add_unknown_fields(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(add_unknown_fields);
            fields.insert("fieldOfALaterVersion".into(), json!({"any": ["thing"]}));
        }
        Value::Array(items) => items.iter_mut().for_each(add_unknown_fields),
        _ => {}
    }
}

fn meta(ce_type: String, source: &str) -> Meta {
    Meta {
        id: request_id(),
        source: source.into(),
        ce_type,
        time: now(),
        entity: "any".into(),
        correlation: request_id(),
        causation: None,
        auth: "test".into(),
        version: None,
        traceparent: None,
    }
}

#[test]
fn a_field_that_is_not_known_yet_is_ignored() {
    for info in LogEvent::infos() {
        let sample = (info.sample)();
        let mut later = sample.clone();
        add_unknown_fields(&mut later);
        let mut again = (info.reencode)(later.to_string().as_bytes()).unwrap();
        // What Telegram sent is kept whole, whatever is in it.
        if let Some(raw) = sample.get("raw") {
            assert_eq!(again["raw"]["fieldOfALaterVersion"], json!({"any": ["thing"]}));
            again["raw"] = raw.clone();
        }
        assert_eq!(again, sample, "{}", info.name);
    }
}

#[test]
fn an_unknown_type_or_version_is_named() {
    for info in LogEvent::infos() {
        let body = (info.sample)().to_string();
        let next = format!("vestnik.{}.v{}", info.name, info.version + 1);
        for ce_type in [next.as_str(), info.name, "", "vestnik.order"] {
            let error = LogEvent::decode_type(ce_type, body.as_bytes()).unwrap_err();
            assert!(matches!(&error, DecodeError::UnknownType(named) if named == ce_type), "{error}");
        }
    }
}

#[test]
fn a_body_that_lacks_a_required_field_is_refused() {
    for info in LogEvent::infos() {
        let schema = (info.schema)().to_value();
        for field in schema["required"].as_array().unwrap() {
            let mut body = (info.sample)();
            body.as_object_mut().unwrap().remove(field.as_str().unwrap());
            let error = LogEvent::decode_type(&info.ce_type(), body.to_string().as_bytes()).unwrap_err();
            assert!(matches!(error, DecodeError::Body { name, .. } if name == info.name), "{field}: {error}");
        }
    }
}

#[test]
fn an_event_belongs_on_its_own_subject_only() {
    for info in LogEvent::infos() {
        let body = (info.sample)().to_string();
        let event = LogEvent::decode_type(&info.ce_type(), body.as_bytes()).unwrap();
        let meta = meta(info.ce_type(), info.publishers[0].name());
        LogEvent::decode(&event.subject(), &meta, body.as_bytes()).unwrap();
        let another_entity = info.subject.replacen('*', "4711", 1);
        for subject in [another_entity, format!("{}.more", event.subject()), info.subject.into()] {
            let error = LogEvent::decode(&subject, &meta, body.as_bytes()).unwrap_err();
            assert!(matches!(error, DecodeError::WrongSubject { .. }), "{subject}: {error}");
        }
    }
}

#[test]
fn an_event_comes_from_its_publishers_only() {
    for info in LogEvent::infos() {
        let body = (info.sample)().to_string();
        let subject = LogEvent::decode_type(&info.ce_type(), body.as_bytes()).unwrap().subject();
        for service in Service::ALL {
            let meta = meta(info.ce_type(), service.name());
            let decoded = LogEvent::decode(&subject, &meta, body.as_bytes());
            let allowed = info.publishers.contains(&service);
            assert_eq!(decoded.is_ok(), allowed, "{} from {service}", info.name);
            assert!(allowed || matches!(decoded, Err(DecodeError::WrongSource { .. })));
        }
    }
}
