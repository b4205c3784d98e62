#![allow(clippy::unwrap_used)]

use super::*;
use crate::support::{NOON, brand};
use crate::texts::texts;

const ALL: [Notice; 17] = [
    Notice::Started,
    Notice::Submitted,
    Notice::Wanting,
    Notice::AskedAgain,
    Notice::Approved,
    Notice::Rejected,
    Notice::Done,
    Notice::Withdrawn,
    Notice::HandedOver,
    Notice::Vetoed,
    Notice::Contested,
    Notice::Expired,
    Notice::ClosedBySupport,
    Notice::Wrote,
    Notice::Answered,
    Notice::CodeUsed { left: 7 },
    Notice::Unsynced,
];

const VETO: &str = "https://recover.northwind.example/stop/ABCDEF";
const QUIET: &str = "https://recover.northwind.example/quiet/XYZ";

fn view(brand: &Brand) -> NoticeView<'_> {
    NoticeView {
        brand,
        reference: CaseRef::from_bits(42),
        workflow: "Reset passkey",
        at: NOON,
        veto_url: Some(VETO),
        until: Some(NOON + Span::hours(24)),
        lock: Some(Span::hours(24)),
        change: Change::Resets,
        codes: false,
    }
}

/// RF-16: the end of a reset says what to do now: a new way to sign in, or a new password at the host.
#[test]
fn rf_16_the_notice_of_a_reset_says_what_comes_after_it() {
    let (texts, brand) = (texts().unwrap(), brand());
    let told = |reset: &[&str]| {
        let remedy = RemedySpec {
            reset: reset.iter().map(|kind| (*kind).to_owned()).collect(),
            ..RemedySpec::default()
        };
        let change = Change::of(&remedy);
        let view = NoticeView { change, ..view(&brand) };
        notice(&texts, "en", Notice::Done, &view).unwrap().text
    };
    let (factor, password) = ("add a new way to sign in", "asks for a new one on its own page");
    for reset in [&["passkey"][..], &["totp"], &["phone"], &["passkey", "totp", "phone"]] {
        let told = told(reset);
        assert!(told.contains(factor) && !told.contains(password), "{told}");
    }
    let told = told(&["password"]);
    assert!(told.contains(password) && !told.contains(factor), "{told}");
}

#[test]
fn rf_09_every_notice_says_what_happened_how_to_stop_it_and_whom_to_contact() {
    let (texts, brand) = (texts().unwrap(), brand());
    let view = view(&brand);
    for language in ["en", "zh", "es"] {
        for about in ALL {
            let mail = notice(&texts, language, about, &view).unwrap();
            for part in [&mail.text, &mail.html] {
                assert!(
                    part.contains("Reset passkey") && part.contains("12:00 UTC"),
                    "{language} {about:?}"
                );
                assert!(part.contains(&brand.support_url));
                assert!(part.contains(&view.reference.to_string()));
                assert_eq!(part.contains(VETO), about.carries_veto(), "{language} {about:?}");
            }
            assert!(
                !mail.text.contains("notice-") && !mail.text.contains("{ $"),
                "{}",
                mail.text
            );
            assert!(!mail.subject.contains(['\r', '\n']));
            let short = sms(&texts, language, about, &view);
            assert_eq!(short.contains(VETO), about.carries_veto());
            assert!(short.contains(&view.reference.to_string()));
            let banner = banner(&texts, language, about, &view);
            assert!(banner.title.contains("Reset passkey") && banner.text.contains("12:00 UTC"));
        }
    }
}

#[test]
fn a_notice_holds_no_way_into_the_case() {
    let (texts, brand) = (texts().unwrap(), brand());
    let view = view(&brand);
    for about in ALL {
        let mail = notice(&texts, "en", about, &view).unwrap();
        let links: Vec<&str> = mail.text.lines().filter(|line| line.starts_with("https://")).collect();
        let mut expected = vec![brand.support_url.as_str()];
        if about.carries_veto() {
            expected.insert(0, VETO);
        }
        assert_eq!(links, expected);
    }
}

/// Who has something to do reads how to get there, and never that there is nothing to do.
#[test]
fn a_notice_that_wants_an_answer_says_how_to_give_it() {
    let (texts, brand) = (texts().unwrap(), brand());
    let view = view(&brand);
    for language in ["en", "zh", "es"] {
        let say = Say::new(&texts, language, &brand);
        for about in ALL {
            let wants = matches!(about, Notice::Wanting | Notice::AskedAgain | Notice::Answered);
            let text = notice(&texts, language, about, &view).unwrap().text;
            assert_eq!(
                text.contains(&say.get("notice-how-back")),
                wants,
                "{language} {about:?}"
            );
            let nothing = text.contains(&say.get("notice-was-you"));
            assert_eq!(nothing, about.carries_veto() && !wants, "{language} {about:?}");
            let banner = banner(&texts, language, about, &view).text;
            assert!(!banner.contains(&say.get("notice-no-link")), "it is no mail");
        }
    }
}

#[test]
fn an_approval_says_when_and_the_end_says_what_is_locked() {
    let (texts, brand) = (texts().unwrap(), brand());
    let view = view(&brand);
    let approved = notice(&texts, "en", Notice::Approved, &view).unwrap();
    assert!(
        approved.text.contains("13 March 2026 at 12:00 UTC"),
        "{}",
        approved.text
    );
    let done = notice(&texts, "en", Notice::Done, &view).unwrap();
    assert!(done.text.contains("locked for 24 hours"), "{}", done.text);
    let again = notice(&texts, "en", Notice::Done, &view).unwrap();
    assert_eq!(done, again, "byte for byte the same");
}

/// SC-01: a recovery code that was used is told with how many are left, in words that fit the number.
#[test]
fn sc_01_a_used_code_is_told_with_how_many_are_left() {
    let (texts, brand) = (texts().unwrap(), brand());
    let view = view(&brand);
    let told = |language, left| notice(&texts, language, Notice::CodeUsed { left }, &view).unwrap().text;
    assert!(told("en", 9).contains("9 are left."), "{}", told("en", 9));
    assert!(told("en", 1).contains("One is left."));
    assert!(told("en", 0).contains("None are left"));
    assert!(told("es", 1).contains("Queda uno.") && told("es", 4).contains("Quedan 4."));
    assert!(told("zh", 0).contains("已全部用完") && told("zh", 3).contains("还剩 3 个"));
}

/// RF-09: who held the old number reads that it was replaced, not that something was added.
#[test]
fn rf_09_a_change_of_number_is_told_as_one() {
    let (texts, brand) = (texts().unwrap(), brand());
    let remedy = RemedySpec {
        reset: vec!["phone".into()],
        add: Some("phone".into()),
        ..RemedySpec::default()
    };
    let view = NoticeView {
        change: Change::of(&remedy),
        ..view(&brand)
    };
    for (language, words) in [
        ("en", "replaced by a new one"),
        ("zh", "已换成新的"),
        ("es", "se cambió por uno nuevo"),
    ] {
        let mail = notice(&texts, language, Notice::Done, &view).unwrap();
        assert!(mail.text.contains(words), "{}", mail.text);
    }
}

/// SC-01, RF-09: the owner reads that recovery codes came with a new factor.
#[test]
fn rf_09_codes_made_with_a_factor_are_told_with_it() {
    let (texts, brand) = (texts().unwrap(), brand());
    let with = NoticeView {
        change: Change::Adds,
        codes: true,
        lock: None,
        ..view(&brand)
    };
    for (language, words) in [
        ("en", "Ten recovery codes were made"),
        ("zh", "十个恢复码"),
        ("es", "diez códigos de recuperación"),
    ] {
        let without = NoticeView { codes: false, ..with };
        let mail = |view| notice(&texts, language, Notice::Done, view).unwrap().text;
        assert!(mail(&with).contains(words), "{}", mail(&with));
        assert!(!mail(&without).contains(words), "{}", mail(&without));
        let lock = Some(Span::hours(24));
        let (locked, both) = (NoticeView { lock, ..without }, NoticeView { lock, ..with });
        let (plain, locked, both) = (mail(&without), mail(&locked), mail(&both));
        let lock_told = locked.lines().find(|line| !plain.contains(line)).unwrap();
        assert!(both.contains(words) && both.contains(lock_told), "RF-14: {both}");
    }
}

#[test]
fn se_07_what_the_host_is_called_is_inert_in_mails() {
    let texts = texts().unwrap();
    let brand = Brand {
        name: "<script>alert(1)</script>".into(),
        ..brand()
    };
    let mail = notice(&texts, "en", Notice::Started, &view(&brand)).unwrap();
    assert!(!mail.html.contains("<script>"));
}

#[test]
fn a_code_mail_has_its_code_and_a_way_to_be_left_alone() {
    let (texts, brand) = (texts().unwrap(), brand());
    let view = CodeView {
        brand: &brand,
        code: "024681",
        until: NOON + Span::minutes(10),
        at: NOON,
        quiet_url: Some(QUIET),
        purpose: Purpose::Step,
    };
    let back = CodeView {
        purpose: Purpose::Return,
        quiet_url: None,
        ..view
    };
    let mail = code_mail(&texts, "en", &back).unwrap();
    assert!(mail.text.contains("go back to your case") && !mail.text.contains(QUIET));
    for language in ["en", "zh", "es"] {
        let mail = code_mail(&texts, language, &view).unwrap();
        assert!(!mail.subject.contains(view.code), "not on a locked screen");
        for part in [&mail.text, &mail.html] {
            assert_eq!(part.matches(view.code).count(), 1);
            assert!(part.contains(QUIET) && part.contains(&brand.support_url));
        }
        assert!(mail.text.starts_with(view.code), "the code is the first line");
    }
}
