//! How a transcript writes events down: in one line each, without what is random by design.

use readmit_core::effect::Effect;
use readmit_core::event::Event;
use readmit_core::ids::Digest;
use readmit_core::time::At;
use uuid::Uuid;

pub(super) fn effect_words(effect: &Effect) -> String {
    match effect {
        Effect::SendCode { issue } => format!("code {issue}"),
        Effect::Notice { notice, channel } => format!("notice {} on channel {channel}", notice.code()),
        other => format!("{other:?}"),
    }
}

/// An event in one line: its fields as JSON, without what is random by design.
pub(super) fn line_of(event: &Event, opened: At) -> String {
    let mut value = serde_json::to_value(event).unwrap();
    soften(&mut value, opened);
    let object = value.as_object_mut().unwrap();
    let name = object.remove("event").unwrap();
    let fields = object
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join(" ");
    format!("{} {fields}", name.as_str().unwrap()).trim_end().to_owned()
}

/// Identifiers, digests and references become `#`; moments become the time since the case was opened.
fn soften(value: &mut serde_json::Value, opened: At) {
    use serde_json::Value;
    match value {
        Value::Object(map) => map.values_mut().for_each(|v| soften(v, opened)),
        Value::Array(list) => list.iter_mut().for_each(|v| soften(v, opened)),
        Value::Number(n) => {
            if let Some(at) = n.as_i64().filter(|n| *n > 1_000_000_000_000) {
                *value = Value::String(format!("+{}", At(at) - opened));
            }
        }
        Value::String(text) => {
            let random = Uuid::parse_str(text).is_ok() || text.parse::<Digest>().is_ok() || text.starts_with("RC-");
            if random {
                *text = "#".into();
            }
        }
        _ => {}
    }
}
