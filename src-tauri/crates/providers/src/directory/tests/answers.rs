use crate::directory::answer::{date, retry_after};
use http::HeaderMap;
use jiff::Timestamp;
use proptest::prelude::*;
use std::time::Duration;

const MOST: Duration = Duration::from_secs(300);

fn after(text: &str, date: Option<&str>) -> Option<u64> {
    retry_after(text, date.map(|date| date.parse().unwrap()), MOST).map(|wait| wait.as_secs())
}

#[test]
fn a_wait_is_seconds_or_a_time_by_the_clock_that_wrote_it() {
    let now = Some("2026-11-25T10:00:00Z");
    assert_eq!(after("7", now), Some(7));
    assert_eq!(after(" 7 ", None), Some(7));
    assert_eq!(after("Wed, 25 Nov 2026 10:00:30 GMT", now), Some(30));
    // The obsolete forms of RFC 9110 section 5.6.7.
    assert_eq!(after("Wednesday, 25-Nov-26 10:00:30 GMT", now), Some(30));
    assert_eq!(after("Wed Nov 25 10:00:30 2026", now), Some(30));
    // Never longer than there is patience for, and none where there is nothing to wait for.
    assert_eq!(after("86400", now), Some(300));
    assert_eq!(after("18446744073709551615", now), Some(300));
    assert_eq!(after("Wed, 25 Nov 2099 10:00:30 GMT", now), Some(300));
    assert_eq!(after("Wed, 25 Nov 2026 09:00:00 GMT", now), None);
    for nothing in ["0", "-1", "", "soon", "1.5", "99999999999999999999"] {
        assert_eq!(after(nothing, now), None, "{nothing:?}");
    }
}

#[test]
fn the_date_header_is_read_or_left() {
    let of = |text: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("date", text.parse().unwrap());
        date(&headers)
    };
    assert_eq!(of("Wed, 25 Nov 2026 10:00:00 GMT"), Some("2026-11-25T10:00:00Z".parse::<Timestamp>().unwrap()));
    assert_eq!(of("today"), None);
    assert_eq!(date(&HeaderMap::new()), None);
}

proptest! {
    #[test]
    fn no_wait_is_longer_than_there_is_patience_for(text in "\\PC{0,40}", seconds: u64) {
        for text in [text, seconds.to_string()] {
            if let Some(wait) = retry_after(&text, None, MOST) {
                prop_assert!(!wait.is_zero() && wait <= MOST);
            }
        }
    }
}
