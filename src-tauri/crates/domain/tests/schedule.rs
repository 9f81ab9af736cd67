//! When a run may delete, under random histories.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uncouple_domain::{Admission, NotNow, RunIntent, RunStage, admit, suggests_retry};

const STAGES: [RunStage; 6] =
    [RunStage::Planned, RunStage::Scheduled, RunStage::Running, RunStage::Paused, RunStage::Ended, RunStage::Cancelled];
const INTENTS: [RunIntent; 4] = [RunIntent::Revoke, RunIntent::Retry, RunIntent::Verify, RunIntent::Restore];

#[derive(Clone, Debug)]
enum Act {
    Ask(RunIntent),
    Cancel,
    Pause,
    End,
    /// The clock moves, and somebody may set it back.
    Wait(i32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => prop::sample::select(INTENTS.to_vec()).prop_map(Act::Ask),
        1 => Just(Act::Cancel),
        1 => Just(Act::Pause),
        1 => Just(Act::End),
        2 => (-40_i32..60).prop_map(Act::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(2_000), ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_deleted_before_its_day_whatever_happened_to_the_plan(
        day in prop::option::of(1_i64..200),
        acts in prop::collection::vec(act(), 1..40),
    ) {
        let start: Timestamp = "2026-11-25T09:00:00Z".parse().map_err(|_| TestCaseError::fail("a time"))?;
        let hours = SignedDuration::from_hours;
        let not_before = day.map(|day| start + hours(day));
        let (mut now, mut stage) = (start, RunStage::Planned);
        for act in acts {
            match act {
                Act::Wait(time) => now += hours(time.into()),
                Act::Cancel if stage != RunStage::Planned => stage = RunStage::Cancelled,
                Act::Pause if stage == RunStage::Running => stage = RunStage::Paused,
                Act::End if stage == RunStage::Running => stage = RunStage::Ended,
                Act::Cancel | Act::Pause | Act::End => {}
                Act::Ask(intent) => match admit(stage, not_before, now, intent) {
                    Ok(Admission::Now) if matches!(intent, RunIntent::Verify | RunIntent::Restore) => {}
                    Ok(Admission::Now) => {
                        prop_assert!(not_before.is_none_or(|day| day <= now), "deleted at {}, {:?}", now, not_before);
                        stage = RunStage::Running;
                    }
                    Ok(Admission::OnItsDay(at)) => {
                        prop_assert_eq!((Some(at), stage), (not_before, RunStage::Planned));
                        stage = RunStage::Scheduled;
                    }
                    Err(NotNow::BeforeItsDay(at)) => prop_assert!(at > now),
                    Err(NotNow::OutOfOrder) => {}
                },
            }
        }
    }

    #[test]
    fn a_retry_is_suggested_only_where_it_is_allowed_and_nobody_cancelled(
        stage in prop::sample::select(STAGES.to_vec()),
        day in prop::option::of(-5_i64..5),
        left in 0_u64..3,
    ) {
        let now: Timestamp = "2026-11-25T09:00:00Z".parse().map_err(|_| TestCaseError::fail("a time"))?;
        let not_before = day.map(|day| now + SignedDuration::from_hours(day));
        if suggests_retry(stage, not_before, now, left) {
            prop_assert_eq!(admit(stage, not_before, now, RunIntent::Retry), Ok(Admission::Now));
            prop_assert!(left > 0 && stage != RunStage::Cancelled);
        } else {
            let refused = admit(stage, not_before, now, RunIntent::Retry).is_err();
            prop_assert!(refused || left == 0 || stage == RunStage::Cancelled);
        }
    }
}
