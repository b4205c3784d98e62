//! Claimants, as stories begin: `Recovery::passkey().of("ada@example.com").with_documents().at(&app)`.

use std::sync::atomic::{AtomicU8, Ordering};

use readmit_core::sealed::Sealed;

use super::halcyon::Halcyon;
use super::installation::Installation;
use super::visitor::{Filled, Page, Visitor};

/// A recovery that somebody has brought up to some point.
pub(crate) struct Recovery {
    path: &'static str,
    email: String,
    upto: Upto,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Upto {
    SignIn,
    Code,
    Proven,
    Documents,
    Answers,
}

impl Recovery {
    pub(crate) fn passkey() -> Self {
        Self {
            path: "/passkey-reset",
            email: "ada@example.com".into(),
            upto: Upto::SignIn,
        }
    }

    pub(crate) fn of(mut self, email: &str) -> Self {
        self.email = email.into();
        self
    }

    /// Up to the page that asks for the code.
    pub(crate) fn with_password(mut self) -> Self {
        self.upto = Upto::Code;
        self
    }

    /// Past the code: the case has a reference.
    pub(crate) fn proven(mut self) -> Self {
        self.upto = Upto::Proven;
        self
    }

    /// In review, with documents, the password forgotten.
    pub(crate) fn with_documents(mut self) -> Self {
        self.upto = Upto::Documents;
        self
    }

    /// All questions answered rightly.
    pub(crate) fn with_answers(mut self) -> Self {
        self.upto = Upto::Answers;
        self
    }

    pub(crate) async fn at(self, app: &mut Installation) -> Claimant {
        let mut claimant = Claimant::begin(app, self.path, &self.email, Visitor::new()).await;
        if self.upto == Upto::Documents {
            claimant.forgets_password().await;
        } else if self.upto >= Upto::Code {
            claimant.signs_in(app).await;
        }
        if self.upto >= Upto::Proven {
            claimant.types_code(app).await;
        }
        match self.upto {
            Upto::Documents => claimant.hands_in_documents(app).await,
            Upto::Answers => claimant.answers_rightly(app).await,
            Upto::SignIn | Upto::Code | Upto::Proven => {}
        }
        claimant
    }
}

/// Somebody in the middle of a recovery, and the page that they look at.
pub(crate) struct Claimant {
    pub(crate) visitor: Visitor,
    pub(crate) email: String,
    pub(crate) page: Page,
}

impl Claimant {
    /// Reads the instructions and agrees.
    pub(crate) async fn begin(app: &mut Installation, path: &str, email: &str, visitor: Visitor) -> Self {
        let start = visitor.get(&app.recover(path)).await.expect(200);
        let page = visitor
            .submit(start.press("agree").tick("agree", "yes"))
            .await
            .expect(200);
        app.plant(email);
        Self {
            visitor,
            email: email.into(),
            page,
        }
    }

    pub(crate) async fn signs_in(&mut self, app: &mut Installation) {
        let password = readmit_demo_host::password_of(&self.email);
        app.plant(&password);
        self.signs_in_with(&password).await;
    }

    pub(crate) async fn signs_in_with(&mut self, password: &str) {
        let form = self
            .page
            .press("continue")
            .fill("email", &self.email)
            .fill("password", password);
        self.page = self.visitor.submit(form).await.expect(200);
    }

    pub(crate) async fn forgets_password(&mut self) {
        let form = self.page.press("forgotten").fill("email", &self.email);
        self.page = self.visitor.submit(form).await.expect(200);
    }

    /// The code of the newest mail.
    pub(crate) async fn code(&self, app: &mut Installation) -> String {
        let messages = app.messages(&self.email).await;
        let code = messages
            .iter()
            .rev()
            .find_map(|message| code_in(&message.text))
            .expect("no code was sent");
        app.plant(&code);
        code
    }

    /// The newest code for coming back.
    pub(crate) async fn return_code(&self, app: &mut Installation) -> String {
        let messages = app.messages(&self.email).await;
        let code = messages.iter().rev().find_map(|message| return_code_in(&message.text));
        let code = code.expect("no code for coming back was sent");
        app.plant(&code);
        app.plant(code.replace('-', ""));
        code
    }

    pub(crate) async fn types_code(&mut self, app: &mut Installation) {
        let code = self.code(app).await;
        self.types(&code).await;
    }

    pub(crate) async fn types(&mut self, code: &str) {
        self.page = self
            .visitor
            .submit(self.page.press("submit").fill("code", code))
            .await
            .expect(200);
    }

    /// Reads the page before the questions, and answers all of them rightly.
    pub(crate) async fn answers_rightly(&mut self, app: &mut Installation) {
        self.page = self.visitor.submit(self.page.press("begin")).await.expect(200);
        let reference = self.reference(app).await;
        let sealed = app.case(&reference).await.sealed;
        let answers = right_answers(&sealed);
        app.plant_all(chosen(&sealed, &answers));
        let mut form = self.page.press("answer");
        for (name, places) in answers {
            for place in places {
                form = form.tick(&name, &place);
            }
        }
        self.page = self.visitor.submit(form).await.expect(200);
    }

    /// Answers all questions, not all of them rightly.
    pub(crate) async fn answers_wrongly(&mut self, app: &mut Installation) {
        let verb = if self.page.offers("begin") { "begin" } else { "again" };
        self.page = self.visitor.submit(self.page.press(verb)).await.expect(200);
        let reference = self.reference(app).await;
        let sealed = app.case(&reference).await.sealed;
        let answers = wrong_answers(&sealed);
        app.plant_all(chosen(&sealed, &answers));
        let mut form = self.page.press("answer");
        for (name, places) in answers {
            for place in places {
                form = form.tick(&name, &place);
            }
        }
        self.page = self.visitor.submit(form).await.expect(200);
    }

    /// Fills every open slot with one picture and hands them in.
    pub(crate) async fn hands_in_documents(&mut self, app: &mut Installation) {
        let form = self.page.press("submit");
        let slots: Vec<String> = form.files().into_iter().filter(|name| !name.contains('.')).collect();
        assert!(!slots.is_empty(), "no slot is open: {}", self.page.words());
        let mut form = form;
        for (slot, place) in slots.iter().zip(1..) {
            let name = format!("statement of {} {place}.png", self.email.replace('@', " at "));
            app.plant(&name);
            form = form.attach(slot, &name, &picture());
        }
        self.page = self.visitor.submit(form).await.expect(200);
        app.work().await;
        self.looks(app).await;
    }

    /// Looks at the case again.
    pub(crate) async fn looks(&mut self, app: &Installation) {
        self.page = self.visitor.get(&app.recover("/case")).await.expect(200);
    }

    /// The case's reference, as the newest mail that has one shows it.
    pub(crate) async fn reference(&self, app: &Installation) -> String {
        app.reference(&self.email).await
    }
}

impl Installation {
    /// The reference in the newest mail to an address that has one.
    pub(crate) async fn reference(&self, email: &str) -> String {
        let messages = self.messages(email).await;
        let found = messages.iter().rev().find_map(|message| reference_in(&message.text));
        found.expect("no mail names a case")
    }
}

/// Goes on with a case by its reference and a code for coming back, as the mail says; `submit` sends a form to its end.
pub(crate) async fn comes_back(
    halcyon: &Halcyon,
    email: &str,
    ask: Page,
    submit: impl AsyncFn(Filled) -> Page,
) -> Page {
    let reference = halcyon.reference(email).await;
    let page = submit(ask.form_to("/continue").fill("reference", &reference))
        .await
        .expect(200);
    let code = halcyon.return_code(email).await;
    submit(page.form_to("/continue/code").fill("code", &code))
        .await
        .expect(200)
}

/// What would be right, by the name of each question's field.
pub(crate) fn right_answers(sealed: &Sealed) -> Vec<(String, Vec<String>)> {
    let questions = sealed.steps["questions"]["questions"].as_array().unwrap();
    let named = (1..).map(|n| format!("q{n}"));
    let right = questions.iter().map(|question| {
        let places = question["right"].as_array().unwrap();
        places.iter().map(|place| place.to_string()).collect()
    });
    named.zip(right).collect()
}

/// The first question answered by an option that is not right, the others rightly.
pub(crate) fn wrong_answers(sealed: &Sealed) -> Vec<(String, Vec<String>)> {
    let mut answers = right_answers(sealed);
    let right = answers[0].1.clone();
    answers[0].1 = (0..)
        .map(|place: usize| place.to_string())
        .find(|place| !right.contains(place))
        .into_iter()
        .collect();
    answers
}

/// The options behind these answers, as the claimant reads them.
pub(crate) fn chosen(sealed: &Sealed, answers: &[(String, Vec<String>)]) -> Vec<String> {
    let questions = sealed.steps["questions"]["questions"].as_array().unwrap();
    let ticked = questions.iter().zip(answers).flat_map(|(question, (_, places))| {
        let option = |place: &String| question["options"][place.parse::<usize>().unwrap()]["name"].as_str();
        places.iter().filter_map(option)
    });
    ticked.map(str::to_owned).collect()
}

/// A code of six digits that stands by itself.
pub(crate) fn code_in(text: &str) -> Option<String> {
    let six = |word: &&str| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .find(six)
        .map(str::to_owned)
}

/// A code for coming back, `7F3K-92QX-A4MN-0TVB`.
pub(crate) fn return_code_in(text: &str) -> Option<String> {
    let groups = |word: &&str| word.split('-').count() == 4 && word.split('-').all(|group| group.len() == 4);
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.into_iter().find(groups).map(str::to_owned)
}

/// `RC-7F3K-92QX`.
pub(crate) fn reference_in(text: &str) -> Option<String> {
    let start = text.find("RC-")?;
    text.get(start..start + 12).map(str::to_owned)
}

/// The first link to a path that holds `place`.
pub(crate) fn link_in(text: &str, place: &str) -> Option<String> {
    text.split_whitespace()
        .find(|word| word.contains(place))
        .map(str::to_owned)
}

/// The link that stops a case.
pub(crate) fn stop_link_in(text: &str) -> Option<String> {
    link_in(text, "/stop/")
}

/// A picture that is really one, large enough to be looked at, and unlike every other.
pub(crate) fn picture() -> Vec<u8> {
    static SHADE: AtomicU8 = AtomicU8::new(0);
    let shade = SHADE.fetch_add(1, Ordering::Relaxed);
    let picture = image::RgbImage::from_fn(400, 300, |x, y| {
        let ink = (x / 7 + y / 11 + u32::from(shade)) % 3 == 0;
        image::Rgb(if ink { [shade, 0, 0] } else { [255; 3] })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
