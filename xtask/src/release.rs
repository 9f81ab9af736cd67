//! `cargo xtask release-check`: what must be true of the tables before a release is made. It goes by the calendar, which
//! the tests must not do, so it is a command of its own.

use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use jiff::civil::Date;
use serde_json::Value;

use crate::places::Places;

/// Pages of HubSpot, Google and Microsoft change without notice: between March 2024 and 2026 each of them renamed
/// something that the guides name.
const MOST_DAYS: i32 = 180;

/// The tables that name pages of others, with the day on which each was last read.
const TABLES: &[&str] = &["src-tauri/crates/hubspot/guides.json", "src-tauri/crates/providers/pages.json"];

pub(crate) fn check(args: &[String]) -> Result<ExitCode> {
    let today = match args {
        [] => jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date(),
        [flag, day] if flag == "--on" => day.parse().with_context(|| format!("{day} is not a day like 2026-11-28"))?,
        _ => anyhow::bail!("usage: cargo xtask release-check [--on YYYY-MM-DD]"),
    };
    let places = Places::find()?;
    let mut old = Vec::new();
    for table in TABLES {
        let text = std::fs::read_to_string(places.root.join(table)).with_context(|| (*table).to_owned())?;
        let days = checked(&serde_json::from_str(&text).with_context(|| (*table).to_owned())?)?;
        ensure!(!days.is_empty(), "{table} has no day at all");
        old.extend(outdated(&days, today).into_iter().map(|entry| format!("{table}: {entry}")));
    }
    if old.is_empty() {
        println!("Every page was read less than {MOST_DAYS} days ago.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("Read these again, correct their steps, and put today's date in:\n  {}", old.join("\n  "));
    Ok(ExitCode::FAILURE)
}

/// Every `checked` in a table with the place it belongs to: an address, or the name of what has it.
fn checked(table: &Value) -> Result<Vec<(String, Date)>> {
    let mut found = Vec::new();
    let mut open = vec![("the table".to_owned(), table)];
    while let Some((place, value)) = open.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(day) = fields.get("checked") {
                    let text = day.as_str().unwrap_or_default();
                    let place = fields.get("url").and_then(Value::as_str).unwrap_or(&place).to_owned();
                    let day = text.parse().with_context(|| format!("{place} has no day but {day}"))?;
                    found.push((place, day));
                }
                open.extend(fields.iter().map(|(name, value)| (name.clone(), value)));
            }
            Value::Array(entries) => open.extend(entries.iter().map(|value| (place.clone(), value))),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Entries that were read too long ago, or on a day that is still to come.
fn outdated(days: &[(String, Date)], today: Date) -> Vec<String> {
    let age = |day: Date| (today - day).get_days();
    let bad = days.iter().filter(|(_, day)| !(0..MOST_DAYS).contains(&age(*day)));
    bad.map(|(place, day)| format!("{place} was read on {day}, {} days ago", age(*day))).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    fn days(table: &Value) -> Vec<(String, Date)> {
        checked(table).unwrap()
    }

    #[test]
    fn an_entry_of_180_days_is_refused_and_one_of_179_is_not() {
        let table = json!([
            {"guide": {"sources": [{"url": "https://a.example/", "checked": "2026-06-01"}]}},
            {"guide": {"sources": [{"url": "https://b.example/", "checked": "2026-06-02"}]}},
        ]);
        let today = "2026-11-28".parse().unwrap();
        assert_eq!(outdated(&days(&table), today), ["https://a.example/ was read on 2026-06-01, 180 days ago"]);
    }

    #[test]
    fn a_day_that_is_still_to_come_is_refused() {
        let table = json!({"settings": {"checked": "2027-01-01"}});
        let today = "2026-11-28".parse().unwrap();
        assert_eq!(outdated(&days(&table), today), ["settings was read on 2027-01-01, -34 days ago"]);
    }

    #[test]
    fn an_entry_without_a_real_day_is_named() {
        for day in [json!("November 2026"), json!("2026-13-01"), json!(""), json!(null), json!(20_261_128)] {
            let table = json!({"sources": [{"url": "https://a.example/", "checked": day}]});
            assert!(checked(&table).unwrap_err().to_string().contains("https://a.example/"), "{day}");
        }
    }

    #[test]
    fn every_table_of_the_clone_has_days_that_can_be_read() {
        let root = Places::find().unwrap().root;
        for table in TABLES {
            let table: Value = serde_json::from_str(&std::fs::read_to_string(root.join(table)).unwrap()).unwrap();
            let days = days(&table);
            assert!(days.len() > 5, "{days:?}");
            // A day of the table's own and not the calendar's, so that the test never fails by itself.
            let newest = days.iter().map(|(_, day)| *day).max().unwrap();
            assert_eq!(outdated(&days, newest), Vec::<String>::new());
            assert_eq!(outdated(&days, newest.saturating_add(jiff::Span::new().days(180))).len(), days.len());
        }
    }
}
