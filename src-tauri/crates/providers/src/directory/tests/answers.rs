use super::{google_error, json_of, open};
use crate::directory::answer::{date, retry_after};
use http::HeaderMap;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;
use std::time::Duration;
use uncouple_domain::Permission;
use uncouple_engine::directory::{ApiError, Obstacle};
use uncouple_engine::ports::{ProviderCode, SignInAt};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

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

/// What the search of an organisation that answers everything so comes to.
async fn refused_with(answer: ResponseTemplate) -> ApiError {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    open(SignInAt::Google, &server).organisation("admin@example.com").await.unwrap_err()
}

#[tokio::test]
async fn what_stands_in_the_way_of_all_calls_is_no_matter_of_the_role() {
    let off =
        "Admin SDK API has not been used in project 764086051850 before or it is disabled. Enable it by visiting …";
    let api_off = |word, project| ApiError::Blocked(Obstacle::ApiOff { project, code: ProviderCode::Word(word) });
    let scope = |word| {
        let code = ProviderCode::Word(word);
        ApiError::Blocked(Obstacle::ScopeMissing { permission: Permission::People, code })
    };
    assert_eq!(
        refused_with(google_error(403, "accessNotConfigured", off)).await,
        api_off("accessNotConfigured", Some(764_086_051_850))
    );
    let info = |reason: &str| {
        json_of(
            403,
            &json!({ "error": { "code": 403, "message": "for people", "status": "PERMISSION_DENIED",
                "details": [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason,
                    "domain": "googleapis.com", "metadata": { "consumer": "projects/42", "service": "admin.googleapis.com" } }] } }),
        )
    };
    assert_eq!(refused_with(info("SERVICE_DISABLED")).await, api_off("SERVICE_DISABLED", Some(42)));
    assert_eq!(
        refused_with(google_error(403, "accessNotConfigured", "off")).await,
        api_off("accessNotConfigured", None)
    );
    let cannot = ApiError::Blocked(Obstacle::DomainCannot { code: ProviderCode::Word("domainCannotUseApis") });
    for status in [400, 403] {
        assert_eq!(refused_with(google_error(status, "domainCannotUseApis", "")).await, cannot);
    }
    assert_eq!(refused_with(google_error(403, "insufficientPermissions", "")).await, scope("insufficientPermissions"));
    let word = "ACCESS_TOKEN_SCOPE_INSUFFICIENT";
    assert_eq!(refused_with(info(word)).await, scope(word));
    // The role, and what is in nobody's form.
    let role = ApiError::Forbidden { permission: Permission::People };
    assert_eq!(refused_with(google_error(403, "forbidden", "Not Authorized to access this resource/api")).await, role);
    assert_eq!(refused_with(json_of(403, &json!({ "reason": "accessNotConfigured" }))).await, role);
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
