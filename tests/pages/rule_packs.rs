//! Rule packs that are published while cases are open (EV-11).

use readmit_core::command::Role;
use readmit_core::ids::Digest;
use readmit_core::ports::Store as _;
use readmit_core::workflow::policy::Packs;
use readmit_steps::documents::{Piece, pieces};

use crate::support::claimant::Claimant;
use crate::support::installation::{Installation, Setup};
use crate::support::sources::root;

/// A pack that finds something new in every picture.
fn stricter(name: &str) -> String {
    let shipped = std::fs::read_to_string(root().join(format!("workflows/rules/{name}.yaml"))).unwrap();
    let body = shipped.replacen("version: 1", "version: 2", 1);
    let rule = "rules:\n  - {rule: stricter, fail: 'picture.past_end >= 0', say: {en: This is asked since today.}}\n";
    let changed = body.replacen("rules:\n", rule, 1);
    assert_ne!(changed, shipped);
    changed
}

/// The pictures of a claimant's case, once they are read.
async fn read(app: &Installation, claimant: &mut Claimant) -> Vec<Piece> {
    app.work().await;
    claimant.looks(app).await;
    let loaded = app.case(&claimant.reference(app).await).await;
    let definition = app.wired.db.definition(loaded.case.workflow).await;
    pieces(&loaded.sealed, &definition.unwrap().unwrap())
}

fn judged_by(piece: &Piece) -> &Packs {
    &piece.inspected().unwrap().report.judged_by
}

/// EV-11: a case is judged for its whole life by the packs that it began under, whatever is published meanwhile; the next
/// case by what was published. Findings name the files that judged.
async fn an_open_case_keeps_its_rules(app: &mut Installation) {
    let mail = "account_email";
    let changed = stricter("account-email");
    let upload = |who: &str, n: u8| {
        let picture = image::RgbImage::from_fn(390, 844, |x, y| image::Rgb([(x * y) as u8, n, who.len() as u8]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    let mut ada = Claimant::at_documents(app, "ada@example.com").await;
    ada.attaches(mail, &upload("ada", 1)).await;
    let first = judged_by(&read(app, &mut ada).await[0]).clone();
    assert_ne!(first["account-email"], Digest::of(changed.as_bytes()));

    let db = &app.wired.db;
    assert_eq!(
        db.publish_packs(&[("account-email", &changed)], app.clock.at())
            .await
            .unwrap(),
        1
    );
    ada.attaches(mail, &upload("ada", 2)).await;
    let both = read(app, &mut ada).await;
    assert_eq!((both.len(), judged_by(&both[1])), (2, &first));
    assert!(!ada.page.words().contains("asked since today"), "{}", ada.page.words());

    let mut ben = Claimant::at_documents(app, "ben@example.com").await;
    ben.attaches(mail, &upload("ben", 3)).await;
    let next = judged_by(&read(app, &mut ben).await[0]).clone();
    assert_eq!(next["account-email"], Digest::of(changed.as_bytes()));
    assert_eq!(next["every-picture"], first["every-picture"]);
    assert!(ben.page.words().contains("asked since today"), "{}", ben.page.words());

    let signe = app.signed_in("signe", Role::Senior).await;
    let short = |hash: &Digest| hash.to_string().chars().take(12).collect::<String>();
    for (claimant, packs) in [(&mut ada, &first), (&mut ben, &next)] {
        let path = app.staff(&format!("/cases/{}", claimant.reference(app).await));
        let page = signe.visitor.get(&path).await.expect(200);
        assert!(
            page.words().contains(&short(&packs["account-email"])),
            "{}",
            page.words()
        );
    }
    let list = signe.visitor.get(&app.staff("/workflows")).await.expect(200);
    for hash in [&first["account-email"], &next["account-email"]] {
        assert!(list.words().contains(&short(hash)), "{}", list.words());
    }
    let file = app.staff(&format!("/workflows/{}", next["account-email"]));
    let file = signe.visitor.get(&file).await.expect(200);
    assert!(file.words().contains("This is asked since today."), "{}", file.words());
}

#[test]
fn ev_11_an_open_case_keeps_its_rules() {
    Setup::default().run(an_open_case_keeps_its_rules);
}

#[test]
fn ev_11_an_open_case_keeps_its_rules_on_postgresql() {
    Setup::default().on_postgres().run(an_open_case_keeps_its_rules);
}
