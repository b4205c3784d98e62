//! `workflows/schema.json`: what editors check and complete workflow files by.

use super::written::Outline;

/// The JSON schema of workflow files, as stored.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Outline);
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::read::SECTIONS;

    #[test]
    fn the_stored_schema_is_up_to_date() {
        let stored = include_str!("../../../../workflows/schema.json");
        assert!(stored == schema(), "workflows/schema.json must be:\n{}", schema());
    }

    #[test]
    fn schema_and_reader_know_the_same_sections() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap_or_default();
        let properties = schema.get("properties").and_then(serde_json::Value::as_object);
        let mut known: Vec<&str> = properties.into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        let mut read = SECTIONS.to_vec();
        known.sort_unstable();
        read.sort_unstable();
        assert_eq!(known, read);
    }
}
