#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
//! Lists as people have them: what is read, what is refused, and that no address gets lost.

mod fuzz;

use super::*;
use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};
use std::io::Write as _;

type Line = (u64, Result<String, LineRefusal>);

/// Reads the bytes as a file.
fn bytes(bytes: &[u8], wanted: Option<&str>) -> Result<(Vec<Line>, ListRead), ListError> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let mut all = Vec::new();
    let read = read_list(Source::File(file), wanted, |lines| {
        all.extend(lines.into_iter().map(|line| (line.line, line.key)));
        true
    })?;
    assert_eq!(read.lines, all.len() as u64);
    Ok((all, read))
}

/// Addresses that are read, where nothing is refused.
fn taken(text: &str) -> Vec<String> {
    let (lines, _) = bytes(text.as_bytes(), None).unwrap_or_else(|error| panic!("{error:?}: {text:?}"));
    lines.into_iter().map(|(line, key)| key.unwrap_or_else(|why| panic!("line {line}, {why:?}: {text:?}"))).collect()
}

fn column(text: &str) -> (u32, Option<String>) {
    let (_, read) = bytes(text.as_bytes(), None).unwrap_or_else(|error| panic!("{error:?}: {text:?}"));
    read.column.map(|column| (column.index, column.name)).unwrap()
}

fn error(text: &str) -> ListError {
    bytes(text.as_bytes(), None).map(|read| panic!("{read:?}: {text:?}")).unwrap_err()
}

fn conflict(text: &str) -> Vec<u32> {
    let ListError::Columns(columns) = error(text) else { panic!("{:?}: {text:?}", error(text)) };
    columns.into_iter().map(|column| column.index).collect()
}

const HANAKO: &str = "hanako@example.com";
const TARO: &str = "taro@example.com";

#[test]
fn exports_of_all_kinds_are_read_by_the_one_column_that_has_addresses() {
    for (text, at, name) in [
        // HubSpot's users, Japanese and English.
        (
            "ユーザーID,名,姓,Eメールアドレス,最後のログインの日付\n123,花子,佐藤,hanako@example.com,2026-11-01\n",
            4,
            "Eメールアドレス",
        ),
        ("User ID,First name,Last name,Email,Last login\n123,Hanako,Sato,hanako@example.com,2026-11-01\n", 4, "Email"),
        // Slack, HENNGE, cloud services.
        ("username,email,status\nhanako,hanako@example.com,Member\n", 2, "email"),
        ("Username,Email Address\nhsato,hanako@example.com\n", 2, "Email Address"),
        ("ユーザー名,メールアドレス\nhsato,hanako@example.com\n", 2, "メールアドレス"),
        ("日時,IPアドレス,操作,Eメール\n2026-11-01,203.0.113.7,ログイン,hanako@example.com\n", 4, "Eメール"),
        ("メール配信の同意,氏名,メールアドレス\nはい,佐藤,hanako@example.com\n", 3, "メールアドレス"),
        ("端末,MACアドレス,メール\nPC-1,00-00-5E-00-53-01,hanako@example.com\n", 3, "メール"),
        ("Name,Address,E-mail\nHanako,\"1-1 Chiyoda, Tokyo\",hanako@example.com\n", 3, "E-mail"),
        // Forms.
        (
            "タイムスタンプ,メールアドレス,退職日\n2026/11/01 9:00:00,hanako@example.com,2026/12/31\n",
            2,
            "メールアドレス",
        ),
        ("Timestamp,Username,Reason\n2026/11/01 9:00:00,hanako@example.com,moved\n", 2, "Username"),
        ("ID,開始時刻,完了時刻,メール,名前\n1,2026/11/1,2026/11/1,hanako@example.com,佐藤\n", 4, "メール"),
        // Consoles of Google and Microsoft, GAM, PowerShell.
        (
            "First Name [Required],Last Name [Required],Email Address [Required]\nA,B,hanako@example.com\n",
            3,
            "Email Address [Required]",
        ),
        ("User Name,Primary Email\nHanako Sato,hanako@example.com\n", 2, "Primary Email"),
        ("primaryEmail\r\nhanako@example.com\r\n", 1, "primaryEmail"),
        ("primaryEmail,name.fullName,suspended\nhanako@example.com,Hanako,False\n", 1, "primaryEmail"),
        ("\"DisplayName\",\"PrimarySmtpAddress\"\n\"Hanako Sato\",\"hanako@example.com\"\n", 2, "PrimarySmtpAddress"),
        ("Display name,User principal name,Licenses\nHanako,hanako@example.com,E3\n", 2, "User principal name"),
        ("id,displayName,mail,accountEnabled\n1,Hanako,hanako@example.com,TRUE\n", 3, "mail"),
        ("#TYPE Selected.System.String\n\"Name\",\"Mail\"\n\"Hanako\",\"hanako@example.com\"\n", 2, "Mail"),
        ("sep=;\r\nName;E-Mail-Adresse\r\nHanako;hanako@example.com\r\n", 2, "E-Mail-Adresse"),
        ("\"Name, Vorname\";E-Mail\r\n\"Sato, Hanako\";hanako@example.com\r\n", 2, "E-Mail"),
        // Mail programs.
        (
            "First Name,Last Name,E-mail Address,E-mail 2 Address\nHanako,Sato,hanako@example.com,\n",
            3,
            "E-mail Address",
        ),
        (
            "First Name,Display Name,Primary Email,Secondary Email\nHanako,Hanako Sato,hanako@example.com,\n",
            3,
            "Primary Email",
        ),
        // Titles, empty lines and data of the export over the header.
        (
            "退職者一覧,,\n2026年11月分,,\n,,\n氏名,部署,メールアドレス\n佐藤,営業,hanako@example.com\n",
            3,
            "メールアドレス",
        ),
        ("Report: Leavers\nCreated: 2026-11-28\n\nName\tMail\nHanako\thanako@example.com\n", 2, "Mail"),
        ("作成日,2026-11-28\n作成者,総務\n\n氏名,連絡先メール\n佐藤,hanako@example.com\n", 2, "連絡先メール"),
        ("\u{200b}氏名,\u{feff}メール\n佐藤,hanako@example.com\n", 2, "メール"),
        // A name that nobody knows.
        ("氏名,連絡先\n佐藤,hanako@example.com\n", 2, "連絡先"),
        ("Nachname,Kontakt\nSato,hanako@example.com\n", 2, "Kontakt"),
        // Names and cells that look like others.
        ("Email,Contact\n-,hanako@example.com\n", 2, "Contact"),
        ("Email,Name\nhanako@example.com,\"Hanako <hanako@example.com>\"\n", 1, "Email"),
        ("mail | name\n--- | ---\nhanako@example.com | Hanako\n", 1, "mail"),
    ] {
        let all = taken(text);
        assert_eq!(all, [HANAKO], "{text:?}");
        assert_eq!(column(text), (at, Some(name.to_owned())), "{text:?}");
    }
}

#[test]
fn columns_with_different_addresses_are_refused_by_name_until_somebody_chooses() {
    for (text, wanted) in [
        ("申請者メールアドレス,退職者メールアドレス\nhr@example.com,hanako@example.com\n", &[1, 2][..]),
        ("Email,Manager\nhanako@example.com,boss@example.com\n", &[1, 2]),
        ("User principal name,mail\nhanako@tenant.onmicrosoft.com,hanako@example.com\n", &[1, 2]),
        ("Primary Email,Secondary Email\nhanako@example.com,hana@home.example\n", &[1, 2]),
        ("Email,Note\nhanako@example.com,ask boss@example.com\n", &[1, 2]),
        ("退職者,関係者\nhanako@example.com,hanako@example.com; boss@example.com\n", &[1, 2]),
        // In different lines.
        ("Email,Kontakt\nhanako@example.com,\n,boss@example.com\n", &[1, 2]),
        // Without a header.
        ("佐藤花子,hanako@example.com,hr@example.com\n", &[2, 3]),
        ("佐藤,hanako@example.com,hr@example.com\n鈴木,taro@example.com,boss@example.com\n", &[2, 3]),
        ("hr@example.com,hanako@example.com\nhr@example.com,taro@example.com\n", &[1, 2]),
        ("佐藤\thanako@example.com\thr@example.com\n", &[2, 3]),
        ("佐藤,hanako@example.com,hr@example.com\ntaro@example.com\n", &[1, 2, 3]),
    ] {
        assert_eq!(conflict(text), wanted, "{text:?}");
    }
    let late = format!("Email,Alt\n{}hanako@example.com,boss@example.com\n", "taro@example.com,\n".repeat(3_000));
    assert_eq!(conflict(&late), [1, 2], "in the last of many lines");
    let text = "申請者,退職者\nhr@example.com,hanako@example.com\nhr@example.com,taro@example.com\nhr@example.com,\n";
    for wanted in ["退職者", "2", " 退職者 ", "２"] {
        let (lines, read) = bytes(text.as_bytes(), Some(wanted)).unwrap();
        let all = [(2, Ok(HANAKO.to_owned())), (3, Ok(TARO.to_owned())), (4, Err(LineRefusal::NoAddress))];
        assert_eq!(lines, all, "{wanted}");
        assert_eq!(read.column.unwrap().to_string(), "2 “退職者”");
    }
    let (lines, _) = bytes("佐藤,hanako@example.com,hr@example.com\n".as_bytes(), Some("2")).unwrap();
    assert_eq!(lines, [(1, Ok(HANAKO.to_owned()))]);
    for wanted in ["承認者", "0", "3", "退職"] {
        let refused = bytes(text.as_bytes(), Some(wanted));
        assert!(
            matches!(refused, Err(ListError::NoColumn(ref columns)) if columns.len() == 2),
            "{wanted}: {refused:?}"
        );
    }
    let twice = bytes("Email,Email\nhanako@example.com,taro@example.com\n".as_bytes(), Some("email"));
    assert!(matches!(twice, Err(ListError::NoColumn(_))), "{twice:?}");
    let none = bytes("Name,Email\nSato,hanako@example.com\n".as_bytes(), Some("Name"));
    assert!(matches!(none, Err(ListError::NoAddresses(_))), "{none:?}");
}

#[test]
fn columns_with_the_same_addresses_are_no_conflict() {
    for (text, at) in [
        ("User principal name,mail\nhanako@example.com,Hanako@Example.com\ntaro@example.com,taro@example.com\n", 1),
        ("Display,mail,Proxy\nHanako,hanako@example.com,SMTP:hanako@example.com\nTaro,taro@example.com,\n", 2),
        ("mail,User principal name\n,hanako@example.com\ntaro@example.com,taro@example.com\n", 2),
    ] {
        assert_eq!(taken(text), [HANAKO, TARO], "{text:?}");
        assert_eq!(column(text).0, at, "{text:?}");
    }
}

#[test]
fn every_address_on_a_line_is_taken() {
    for text in [
        "hanako@example.com, taro@example.com",
        "Sato <hanako@example.com>; Suzuki <taro@example.com>",
        "hanako@example.com taro@example.com",
        "hanako@example.com、taro@example.com",
        "hanako@example.com；taro@example.com",
        "hanako@example.com|taro@example.com",
        "hanako@example.com\ttaro@example.com",
        "hanako@example.com　taro@example.com\n",
        "\"Sato, Hanako\" <hanako@example.com>, \"Suzuki, Taro\" <taro@example.com>\n",
        "'hanako@example.com'; 'taro@example.com'",
        "To: Hanako <hanako@example.com>, taro@example.com",
        "退職者:\nhanako@example.com, taro@example.com\n",
        "・hanako@example.com\n・taro@example.com\n",
        "- hanako@example.com\n- taro@example.com\n",
        "1. hanako@example.com\n2. taro@example.com\n",
        "Email,Name\n\"hanako@example.com; taro@example.com\",Both\n",
        "Email,Name\n\"hanako@example.com\ntaro@example.com\",Both\n",
        "Sato, hanako@example.com, Suzuki, taro@example.com",
        "hanako@example.com\n\n\n  \ntaro@example.com",
        "hanako@example.com\rtaro@example.com\r",
        "BEGIN:VCARD EMAIL;TYPE=INTERNET:hanako@example.com\nEMAIL:taro@example.com\n",
    ] {
        assert_eq!(taken(text), [HANAKO, TARO], "{text:?}");
    }
    let many: Vec<String> = (0..2_000).map(|number| format!("person{number}@example.com")).collect();
    for between in [", ", " ", ";", "、"] {
        assert_eq!(taken(&many.join(between)), many, "one long line");
    }
    assert_eq!(taken("hanako@example.com <Hanako@example.com>\n"), [HANAKO], "a name that is the address");
}

#[test]
fn what_is_not_taken_is_named_with_its_line_and_reason() {
    let long = "a".repeat(2_000);
    let text = format!(
        "ok@example.com\n=cmd|' /C calc'!A0@x.com\nno address\n{long}@example.com\na@@b.com\n-x@example.com\n\
         #off@example.com\n// off@example.com\n＝1+a@example.com\n\u{200b}+1@example.com\nhanako.example.com\n"
    );
    let no = |line, why| (line, Err(why));
    let wanted = [
        (1, Ok("ok@example.com".to_owned())),
        no(2, LineRefusal::Formula),
        no(3, LineRefusal::NoAddress),
        no(4, LineRefusal::TooLong),
        no(5, LineRefusal::NoAddress),
        no(6, LineRefusal::Formula),
        no(7, LineRefusal::Comment),
        no(8, LineRefusal::Comment),
        no(9, LineRefusal::Formula),
        no(10, LineRefusal::Formula),
        no(11, LineRefusal::NoAddress),
    ];
    let (lines, _) = bytes(text.as_bytes(), None).unwrap();
    assert_eq!(lines, wanted);
    let table = "Name,Email\nSato,hanako@example.com\nSuzuki, Taro,taro@example.com\nNone,-\nFormula,=1+1\n,\n";
    let (lines, _) = bytes(table.as_bytes(), None).unwrap();
    let wanted = [
        (2, Ok(HANAKO.to_owned())),
        no(3, LineRefusal::Shifted),
        no(4, LineRefusal::NoAddress),
        no(5, LineRefusal::Formula),
    ];
    assert_eq!(lines, wanted);
    let typo = "hanako.example.com\ntaro@example.com\n";
    assert_eq!(bytes(typo.as_bytes(), None).unwrap().0, [no(1, LineRefusal::NoAddress), (2, Ok(TARO.to_owned()))]);
    let first = "氏名,メール\n佐藤,\n鈴木,taro@example.com\n";
    assert_eq!(bytes(first.as_bytes(), None).unwrap().0, [no(2, LineRefusal::NoAddress), (3, Ok(TARO.to_owned()))]);
}

#[test]
fn lists_are_read_in_the_encodings_that_spreadsheets_write() {
    let both = "氏名,部署,メールアドレス\r\nファン,営業,hanako@example.com\r\n鈴木,営業,taro@example.com\r\n";
    let one = "氏名,メールアドレス\r\n佐藤　花子,hanako@example.com\r\n";
    for (text, wanted) in [(both, &[HANAKO, TARO][..]), (one, &[HANAKO])] {
        let utf16 = |big: bool| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let mut forms =
            vec![text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes(), utf16(false), utf16(true)];
        forms.extend([&utf16(false)[2..], &utf16(true)[2..]].map(<[u8]>::to_vec));
        forms.extend([SHIFT_JIS, EUC_JP, ISO_2022_JP].map(|encoding| encoding.encode(text).0.into_owned()));
        for form in forms {
            let (lines, read) = bytes(&form, None).unwrap_or_else(|error| panic!("{error:?}: {form:?}"));
            let keys: Vec<_> = lines.into_iter().map(|(_, key)| key.unwrap()).collect();
            assert_eq!(keys, wanted, "{form:?}");
            assert_eq!(read.column.unwrap().name.as_deref(), Some("メールアドレス"));
        }
    }
}

#[test]
fn other_files_are_refused_whole_and_nothing_of_them_is_handed_out() {
    let key =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n-----END OPENSSH PRIVATE KEY-----\n";
    let putty = "PuTTY-User-Key-File-3: ssh-ed25519\nComment: hanako@example.com\n";
    let behind = format!("{}{key}", "hanako@example.com\n".repeat(20_000));
    let account = "{\n  \"type\": \"service_account\",\n  \"client_email\": \"a@b.example.com\"\n}\n";
    for (list, wanted) in [
        (key.as_bytes(), ListError::Key),
        (putty.as_bytes(), ListError::Key),
        (behind.as_bytes(), ListError::Key),
        (account.as_bytes(), ListError::Kind("JSON")),
        (b"[\"a@example.com\"]", ListError::Kind("JSON")),
        (b"<!DOCTYPE html><p>a@example.com", ListError::Kind("HTML / XML")),
        (b"PK\x03\x04\x14\0\x06\0 a@example.com", ListError::Kind("XLSX / ODS / ZIP")),
        (b"%PDF-1.7\na@example.com\n", ListError::Kind("PDF")),
        (b"a@example.com\nM\xfcller <b@example.com>\n", ListError::Encoding),
        (b"\x7fELF\x02\x01 a@example.com", ListError::Kind("ELF")),
        (b"a@example.com\n\0", ListError::Encoding),
        (b"a@example.com\n\"b@example.com\nc@example.com\n", ListError::Quote(2)),
        (b"", ListError::Empty),
        (b"\xef\xbb\xbf\r\n\r\n", ListError::Empty),
        (b"Email,Name\n", ListError::Empty),
        (b"sep=;\nEmail;Name\n", ListError::Empty),
        (b"no address\nnone either\n", ListError::NoAddresses(1)),
        (b"Name,Email\nSato,\n", ListError::NoAddresses(1)),
        (b"a@@b\n", ListError::NoAddresses(1)),
    ] {
        let mut handed = 0;
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(list).unwrap();
        let read = read_list(Source::File(file), None, |lines| {
            handed += lines.len();
            true
        });
        assert_eq!((read, handed), (Err(wanted), 0));
    }
}

#[test]
fn an_export_with_a_line_for_each_grant_says_so() {
    let gam = "user,clientId,displayText,anonymous,nativeApp,userKey,scopes\n\
        hanako@example.com,1.apps.googleusercontent.com,HubSpot,False,False,1,https://mail.google.com/\n\
        hanako@example.com,2.apps.googleusercontent.com,Slack,False,False,1,openid\n";
    let (lines, read) = bytes(gam.as_bytes(), None).unwrap();
    assert!(read.grants);
    assert_eq!(lines.len(), 2);
    assert!(!bytes(b"Email,Name\nhanako@example.com,Hanako\n", None).unwrap().1.grants);
}

#[test]
fn our_own_exports_are_lists() {
    let mut table = crate::export::Table::new(
        crate::past::ExportFormat::Csv,
        "uncouple-accesses/1",
        &crate::admin::accesses::COLUMNS,
    );
    let row = |address: &str, name: &str| {
        let mut row = vec![String::new(); crate::admin::accesses::COLUMNS.len()];
        row[1] = address.to_owned();
        row[2] = name.to_owned();
        row
    };
    for (address, name) in [(HANAKO, "boss@example.com"), (HANAKO, "=1+1"), ("", "everybody"), ("-x@example.com", "x")]
    {
        table.row(&row(address, name));
    }
    let text = table.close(&[]);
    assert_eq!(taken(&text), [HANAKO, HANAKO, "-x@example.com"]);
    let (_, read) = bytes(text.as_bytes(), None).unwrap();
    assert!(read.grants);
    assert_eq!(read.column.unwrap().name.as_deref(), Some("address"));
}

#[test]
fn lines_are_counted_as_people_count_them() {
    let text = "\u{feff}Name,\"E-Mail Address\",Note\r\n\"Sato, \"\"Hana\"\"\",Hanako@Example.com,\"two\r\nlines\"\r\n\
        Taro, taro@example.com ,\r\n";
    let wanted = [(2, Ok(HANAKO.to_owned())), (4, Ok(TARO.to_owned()))];
    assert_eq!(bytes(text.as_bytes(), None).unwrap().0, wanted);
}

#[test]
fn a_table_of_many_people_is_read_in_batches_and_one_line_more_than_the_most_is_too_long() {
    let text = "p@example.com\n".repeat(12_000);
    let mut batches = Vec::new();
    let read = |most, batches: &mut Vec<usize>| {
        let mut source = io::Cursor::new(text.as_bytes());
        read_in(&mut source, Coding::TEXT, None, most, |lines| {
            batches.push(lines.len());
            true
        })
    };
    assert_eq!(read(12_000, &mut batches).map(|read| read.lines), Ok(12_000));
    assert_eq!(batches, [5_000, 5_000, 2_000]);
    assert_eq!(read(11_999, &mut batches), Err(ListError::TooLong));
}
