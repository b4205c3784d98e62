//! Just enough HTML to use a page as a person does: its words, its links, its forms.

use std::collections::BTreeMap;

/// One start tag with its attributes, and the text up to the next tag.
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

/// One form of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) method: String,
    pub(crate) multipart: bool,
    /// What would be sent now: hidden and prefilled fields, boxes that are ticked.
    pub(crate) fields: Vec<(String, String)>,
    /// Every name that can be filled in, with the values that boxes and lists offer.
    pub(crate) offered: Vec<(String, String)>,
    pub(crate) files: Vec<String>,
    /// Name, value and words of each button.
    pub(crate) buttons: Vec<(String, String, String)>,
}

/// All forms of a page, in order.
pub(crate) fn forms(page: &str) -> Vec<Form> {
    let (mut forms, mut open): (Vec<Form>, Option<Form>) = (Vec::new(), None);
    let mut select = String::new();
    for tag in tags(page) {
        let get = |name: &str| tag.attributes.get(name).cloned().unwrap_or_default();
        let has = |name: &str| tag.attributes.contains_key(name);
        match (tag.name.as_str(), &mut open) {
            ("form", _) => {
                open = Some(Form {
                    action: get("action"),
                    method: get("method").to_lowercase(),
                    multipart: get("enctype") == "multipart/form-data",
                    ..Form::default()
                });
            }
            ("/form", Some(_)) => forms.extend(open.take()),
            ("input", Some(form)) if !has("disabled") => {
                let box_like = ["checkbox", "radio"].contains(&get("type").as_str());
                let value = if box_like && !has("value") {
                    "on".into()
                } else {
                    get("value")
                };
                form.offered.push((get("name"), value.clone()));
                if get("type") == "file" {
                    form.files.push(get("name"));
                }
                if (!box_like || has("checked")) && get("type") != "file" && has("name") {
                    form.fields.push((get("name"), value));
                }
            }
            ("textarea", Some(form)) => {
                form.offered.push((get("name"), String::new()));
                form.fields.push((get("name"), tag.text.clone()));
            }
            ("select", Some(_)) => select = get("name"),
            ("option", Some(form)) => {
                form.offered.push((select.clone(), get("value")));
                if has("selected") {
                    form.fields.push((select.clone(), get("value")));
                }
            }
            ("button", Some(form)) => form
                .buttons
                .push((get("name"), get("value"), tag.text.trim().to_owned())),
            _ => {}
        }
    }
    forms
}

/// Where every link of a page leads.
pub(crate) fn links(page: &str) -> Vec<String> {
    tags(page)
        .into_iter()
        .filter(|tag| tag.name == "a")
        .filter_map(|tag| tag.attributes.get("href").cloned())
        .collect()
}

/// The words of a page, without its tags, each run of white space one space.
pub(crate) fn words(page: &str) -> String {
    let body = page.split_once("<body").map_or(page, |(_, body)| body);
    let text: Vec<String> = tags(body).into_iter().map(|tag| tag.text).collect();
    text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tags(page: &str) -> Vec<Tag> {
    page.split('<')
        .skip(1)
        .filter(|piece| !piece.starts_with('!'))
        .map(|piece| {
            let (inside, text) = split_tag(piece);
            let name: String = inside
                .chars()
                .take_while(|c| !c.is_whitespace() && *c != '>')
                .collect::<String>()
                .trim_end_matches('/')
                .to_lowercase();
            Tag {
                attributes: attributes(inside.get(name.len()..).unwrap_or_default()),
                name,
                text: unescape(text),
            }
        })
        .collect()
}

/// The inside of a tag and the text behind it; a `>` inside quotes belongs to the tag.
fn split_tag(piece: &str) -> (&str, &str) {
    let mut quote = None;
    for (place, c) in piece.char_indices() {
        match (quote, c) {
            (None, '>') => return (&piece[..place], &piece[place + 1..]),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    (piece, "")
}

fn attributes(inside: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = inside.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            None => ("", after),
            Some(after) => match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            },
        };
        found.insert(name.to_lowercase(), unescape(value));
        rest = after.trim_start();
    }
    found
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let decoded = after
            .split_once(';')
            .and_then(|(entity, tail)| Some((entity_char(entity)?, tail)));
        rest = match decoded {
            Some((c, tail)) => {
                out.push(c);
                tail
            }
            None => {
                out.push('&');
                after
            }
        };
    }
    out + rest
}

fn entity_char(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some(' '),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[test]
fn forms_and_words_are_read_as_a_browser_reads_them() {
    let page = r#"<!DOCTYPE html><body class="x"><h1>A &amp; b</h1><form action="/case/step" method="POST">
        <input type="hidden" name="token" value="a&quot;b"><input type=checkbox name=agree> <input name="mail" value="">
        <textarea name="note">more &gt; less</textarea><button name="verb" value="go">Go <b>on</b></button></form>
        <a href="/x?a=1&amp;b=2">x</a></body>"#;
    let form = &forms(page)[0];
    assert_eq!((form.action.as_str(), form.method.as_str()), ("/case/step", "post"));
    let fields: Vec<String> = form
        .fields
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(fields, ["token=a\"b", "mail=", "note=more > less"]);
    assert_eq!(form.buttons[0], ("verb".into(), "go".into(), "Go".into()));
    assert!(form.offered.contains(&("agree".into(), "on".into())));
    assert_eq!(links(page), ["/x?a=1&b=2"]);
    assert!(words(page).starts_with("A & b"));
}
