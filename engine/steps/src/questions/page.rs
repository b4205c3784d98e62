//! The page before the questions, the questions, and what a reviewer reads of them.

use askama::Template;

use super::build::{ASKED, Choice, Question};
use super::{Config, Kept, Place, Questions, State};
use crate::config::{published, state};
use crate::face::{ClaimantView, Face, Finding, Form, Fragment, Mark, ReviewerView, Stage, findings};
use crate::words::Say;

#[derive(Template)]
#[template(path = "questions/attention.html")]
struct Attention<'a> {
    say: Say<'a>,
    form: Form<'a>,
    /// After a wrong try: how many are left.
    again: Option<String>,
    tries: String,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "questions/claimant.html")]
struct Asking<'a> {
    say: Say<'a>,
    form: Form<'a>,
    questions: Vec<Asked>,
    /// What is wrong, each with its question.
    faults: Vec<(String, String)>,
    attempt: String,
    refused: Option<String>,
}

/// One question, ready to show.
struct Asked {
    name: String,
    number: String,
    text: String,
    hint: String,
    many: bool,
    options: Vec<Shown>,
    /// More options than fit as rows.
    long: bool,
    error: Option<String>,
}

struct Shown {
    place: usize,
    label: String,
    ticked: bool,
}

impl Face for Questions {
    fn claimant(&self, view: &ClaimantView<'_>) -> Result<Fragment, askama::Error> {
        let (Ok(config), Ok(now)) = (published::<Config>(view.step), state::<State>(&view.case.state)) else {
            return crate::status::with_a_person(view);
        };
        let kept = view
            .sealed
            .steps
            .get(&view.step.name)
            .and_then(|kept| state::<Kept>(kept).ok());
        match (now.at, kept) {
            (Place::Asking, Some(kept)) => asking(view, &config, now, &kept.questions),
            _ => attention(view, &config, now),
        }
    }

    fn reviewer(&self, view: &ReviewerView<'_>) -> Result<Option<Fragment>, askama::Error> {
        let say = view.say();
        let Some(now) = view.state().and_then(|now| state::<State>(now).ok()) else {
            return Ok(None);
        };
        let kept = view
            .sealed
            .steps
            .get(&view.step.name)
            .and_then(|kept| state::<Kept>(kept).ok());
        let best = kept.map_or(0, |kept| kept.best);
        let passed = view.case.proofs.contains("questions");
        let (mark, quiet) = match now.tried {
            0 => (Mark::Warn, say.get("questions-finding-none")),
            n if passed => (Mark::Pass, say.count("questions-finding-passed", n)),
            n => {
                let values = [
                    ("n", n.into()),
                    ("best", i64::try_from(best).unwrap_or_default().into()),
                    ("of", i64::try_from(ASKED).unwrap_or_default().into()),
                ];
                (Mark::Fail, say.with("questions-finding-tried", &values))
            }
        };
        let title = say.get("questions-finding");
        findings(title.clone(), &[Finding::new(mark, &say, title, quiet)])
    }
}

fn attention(view: &ClaimantView<'_>, config: &Config, now: State) -> Result<Fragment, askama::Error> {
    let say = view.say();
    let again = (now.at == Place::NotRight).then(|| say.count("questions-not-right", now.tries_left.unwrap_or(0)));
    let page = Attention {
        say,
        form: view.form,
        tries: say.count("questions-tries", config.tries),
        refused: view.refused(),
        again,
    };
    Ok(Fragment {
        title: say.get(if page.again.is_some() {
            "questions-not-right-title"
        } else {
            "questions-attention"
        }),
        error: page.refused.is_some() || page.again.is_some(),
        html: page.render()?,
        stage: Stage::Prove,
    })
}

fn asking(
    view: &ClaimantView<'_>,
    config: &Config,
    now: State,
    questions: &[Question],
) -> Result<Fragment, askama::Error> {
    let say = view.say();
    let attempt = config.tries.saturating_sub(now.tries_left.unwrap_or(config.tries)) + 1;
    let questions: Vec<Asked> = questions
        .iter()
        .zip(1..)
        .map(|(question, n)| asked(view, question, n))
        .collect();
    let fault = |question: &Asked| {
        let error = question.error.as_ref()?;
        Some((format!("{}: {error}", question.number), question.name.clone()))
    };
    let page = Asking {
        say,
        form: view.form,
        faults: questions.iter().filter_map(fault).collect(),
        questions,
        attempt: say.with(
            "questions-attempt",
            &[("n", attempt.into()), ("of", config.tries.into())],
        ),
        refused: view.refused(),
    };
    Ok(Fragment {
        title: say.get("questions-title"),
        error: !page.faults.is_empty() || page.refused.is_some(),
        html: page.render()?,
        stage: Stage::Prove,
    })
}

fn asked(view: &ClaimantView<'_>, question: &Question, n: u32) -> Asked {
    let say = view.say();
    let name = format!("q{n}");
    let ticked: Vec<&str> = view.kept.all(&name).collect();
    let options: Vec<Shown> = question
        .options
        .iter()
        .enumerate()
        .map(|(place, option)| Shown {
            place,
            label: match option {
                Choice::Name(name) => name.clone(),
                Choice::Month(month) => say.get(&format!("month-{month}")),
            },
            ticked: ticked.contains(&place.to_string().as_str()),
        })
        .collect();
    Asked {
        number: say.with(
            "questions-number",
            &[("n", n.into()), ("of", i64::try_from(ASKED).unwrap_or_default().into())],
        ),
        text: say.get(&format!("question-{}", question.topic.code())),
        hint: say.get(&format!("question-{}-hint", question.topic.code())),
        many: question.topic.many(),
        long: options.len() > 7,
        error: view.field_error(&name),
        options,
        name,
    }
}
