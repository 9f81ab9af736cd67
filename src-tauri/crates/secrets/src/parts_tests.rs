#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::fake::Fake;
use proptest::prelude::*;

const CAP: usize = 80;

fn small() -> Fake {
    let fake = Fake::default();
    fake.with(|m| m.most = Some(CAP));
    fake
}

fn read(fake: &Fake) -> Option<Vec<u8>> {
    get(fake, "id").unwrap().map(|bytes| bytes.to_vec())
}

#[test]
fn without_a_limit_the_entry_is_the_secret_itself() {
    let fake = Fake::default();
    put(&fake, "id", b"token").unwrap();
    assert_eq!(fake.with(|m| m.entries.clone()), [("id".to_owned(), b"token".to_vec())].into());
}

#[test]
fn a_secret_that_only_fits_without_its_mark_is_split() {
    let fake = small();
    put(&fake, "id", &[7; CAP]).unwrap();
    assert_eq!(read(&fake), Some(vec![7; CAP]));
    put(&fake, "id", &[7; CAP - 1]).unwrap();
    assert_eq!(read(&fake), Some(vec![7; CAP - 1]));
    assert_eq!(fake.with(|m| m.entries.len()), 1);
}

#[test]
fn a_secret_that_looks_like_a_header_comes_back_as_it_was() {
    let fake = small();
    let header = format!("+a:1:{}", "0".repeat(64));
    put(&fake, "id", header.as_bytes()).unwrap();
    assert_eq!(read(&fake), Some(header.into_bytes()));
}

#[test]
fn a_shorter_secret_leaves_no_part_of_the_longer_one() {
    let fake = small();
    put(&fake, "id", &[1; CAP * 5]).unwrap();
    put(&fake, "id", &[2; CAP * 2]).unwrap();
    assert_eq!(read(&fake), Some(vec![2; CAP * 2]));
    assert_eq!(fake.with(|m| m.entries.len()), 3);
}

#[test]
fn a_secret_with_more_parts_than_any_token_needs_is_refused() {
    let fake = small();
    assert_eq!(put(&fake, "id", &[1; CAP * (MOST_PARTS + 1)]), Err(Trouble::Failed));
    assert_eq!(fake.with(|m| m.entries.len()), 0);
}

#[test]
fn a_missing_or_changed_part_is_noticed() {
    for damage in [Some(vec![9; CAP]), None] {
        let fake = small();
        put(&fake, "id", &[1; CAP * 3]).unwrap();
        fake.with(|m| match damage {
            Some(part) => m.entries.insert("id.a1".to_owned(), part),
            None => m.entries.remove("id.a1"),
        });
        assert_eq!(get(&fake, "id"), Err(Trouble::Failed));
    }
}

#[test]
fn deleting_is_only_believed_after_reading_back() {
    let fake = small();
    put(&fake, "id", &[1; CAP * 3]).unwrap();
    fake.with(|m| m.keeps_all = true);
    assert_eq!(delete(&fake, "id"), Err(Trouble::Failed));
    fake.with(|m| {
        m.keeps_all = false;
        m.entries.remove("id");
    });
    delete(&fake, "id").unwrap();
    assert_eq!(fake.with(|m| m.entries.len()), 0);
}

proptest! {
    #[test]
    fn a_crash_at_any_write_leaves_the_old_or_the_new_secret_whole(
        old in prop::collection::vec(any::<u8>(), 0..CAP * 6),
        new in prop::collection::vec(any::<u8>(), 0..CAP * 6),
        writes in 0_usize..20,
    ) {
        let fake = small();
        put(&fake, "id", &old).unwrap();
        fake.with(|m| m.writes_left = Some(writes));
        let done = put(&fake, "id", &new);
        fake.with(|m| m.writes_left = None);
        let now = read(&fake).unwrap();
        prop_assert!(now == new || (done.is_err() && now == old));

        delete(&fake, "id").unwrap();
        prop_assert_eq!(fake.with(|m| m.entries.len()), 0);
    }

    #[test]
    fn a_crash_while_deleting_is_made_good_by_deleting_again(
        secret in prop::collection::vec(any::<u8>(), 0..CAP * 6),
        writes in 0_usize..8,
    ) {
        let fake = small();
        put(&fake, "id", &secret).unwrap();
        fake.with(|m| m.writes_left = Some(writes));
        let _ = delete(&fake, "id");
        fake.with(|m| m.writes_left = None);
        delete(&fake, "id").unwrap();
        prop_assert_eq!(fake.with(|m| m.entries.len()), 0);
    }

    #[test]
    fn no_entry_makes_reading_panic(entry in prop::collection::vec(any::<u8>(), 0..200)) {
        let fake = small();
        fake.with(|m| m.entries.insert("id".to_owned(), entry));
        let _ = get(&fake, "id");
    }
}
