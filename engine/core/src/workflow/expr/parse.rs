//! Parsing: recursive descent over the part of CEL's grammar that conditions use, bounded in length and depth. A general
//! CEL parser would need a deep stack for the nesting that it must allow; a file from outside shall not cost that.

use std::iter::Peekable;
use std::str::CharIndices;

use super::{Relation, Term};
use crate::kind::FactValue;

/// Longest condition, in bytes.
const LONGEST: usize = 400;
/// Deepest nesting of parentheses and `!`.
const DEEPEST: u32 = 16;
/// Words that CEL keeps for itself; a step of such a name cannot be read by conditions.
const RESERVED: [&str; 20] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "while",
];
const NOT_ALLOWED: &str = "conditions are comparisons of names and literals, joined by && || ! and parentheses: no \
                           functions, macros, arithmetic, maps or indexing";

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A word: part of a name, `true`, `false` or `in`.
    Word(String),
    Text(String),
    Int(i64),
    /// An operator or a bracket.
    Mark(&'static str),
}

/// Parses a condition.
///
/// # Errors
/// A sentence `what; why`.
pub(super) fn parse(source: &str) -> Result<Term, String> {
    if source.len() > LONGEST {
        return Err(format!(
            "the condition is longer than {LONGEST} characters; split it into several lines"
        ));
    }
    let mut parser = Parser {
        tokens: tokens(source)?,
        at: 0,
        depth: 0,
    };
    let term = parser.or()?;
    match parser.peek() {
        None => Ok(term),
        Some(token) => Err(unexpected(Some(token))),
    }
}

fn unexpected(token: Option<&Token>) -> String {
    let found = match token {
        None => "the condition ends too early".to_owned(),
        Some(Token::Word(word)) => format!("`{word}` does not fit here"),
        Some(Token::Text(text)) => format!("\"{text}\" does not fit here"),
        Some(Token::Int(int)) => format!("{int} does not fit here"),
        Some(Token::Mark(mark)) => format!("`{mark}` does not fit here"),
    };
    format!("{found}; {NOT_ALLOWED}")
}

fn tokens(source: &str) -> Result<Vec<Token>, String> {
    let (mut tokens, mut chars) = (Vec::new(), source.char_indices().peekable());
    while let Some((_, c)) = chars.next() {
        tokens.push(match c {
            ' ' | '\t' | '\n' | '\r' => continue,
            '"' | '\'' => Token::Text(text(&mut chars, c)?),
            c if c.is_ascii_alphabetic() || c == '_' => {
                Token::Word(run(c, &mut chars, |c| c.is_ascii_alphanumeric() || c == '_'))
            }
            c if c.is_ascii_digit() => Token::Int(number(c, &mut chars)?),
            c => Token::Mark(mark(c, &mut chars)?),
        });
    }
    Ok(tokens)
}

type Chars<'a> = Peekable<CharIndices<'a>>;

fn run(first: char, chars: &mut Chars<'_>, belongs: impl Fn(char) -> bool) -> String {
    let mut run = String::from(first);
    while let Some((_, c)) = chars.next_if(|(_, c)| belongs(*c)) {
        run.push(c);
    }
    run
}

/// A text up to its closing quote; escapes are not needed by any word of the vocabulary.
fn text(chars: &mut Chars<'_>, quote: char) -> Result<String, String> {
    let mut text = String::new();
    for (_, c) in chars.by_ref() {
        match c {
            c if c == quote => return Ok(text),
            '\\' | '\n' => break,
            c => text.push(c),
        }
    }
    Err("a quoted word does not end; quote it on both sides, without backslashes".to_owned())
}

fn number(first: char, chars: &mut Chars<'_>) -> Result<i64, String> {
    let digits = run(first, chars, |c| c.is_ascii_alphanumeric());
    let fraction = chars.peek().is_some_and(|(_, c)| *c == '.');
    let plain = !fraction && digits.chars().all(|c| c.is_ascii_digit());
    let value = plain.then(|| digits.parse().ok()).flatten();
    value.ok_or_else(|| format!("`{digits}` is no whole number; literals are words, whole numbers, true and false"))
}

fn mark(first: char, chars: &mut Chars<'_>) -> Result<&'static str, String> {
    const DOUBLE: [&str; 6] = ["&&", "||", "==", "!=", "<=", ">="];
    const SINGLE: [&str; 10] = ["!", "<", ">", "(", ")", "[", "]", ",", ".", "-"];
    let second = chars.peek().map(|(_, c)| *c);
    let double = DOUBLE
        .iter()
        .find(|mark| mark.chars().eq([Some(first), second].into_iter().flatten()));
    if let Some(mark) = double {
        chars.next();
        return Ok(mark);
    }
    let single = SINGLE.iter().find(|mark| mark.starts_with(first));
    single
        .copied()
        .ok_or_else(|| format!("`{first}` is not part of a condition; {NOT_ALLOWED}"))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: u32,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }

    fn take(&mut self, mark: &'static str) -> bool {
        let there = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, mark: &'static str) -> Result<(), String> {
        if self.take(mark) {
            Ok(())
        } else {
            Err(unexpected(self.peek()))
        }
    }

    fn or(&mut self) -> Result<Term, String> {
        let mut term = self.and()?;
        while self.take("||") {
            term = Term::Or(Box::new(term), Box::new(self.and()?));
        }
        Ok(term)
    }

    fn and(&mut self) -> Result<Term, String> {
        let mut term = self.relation()?;
        while self.take("&&") {
            term = Term::And(Box::new(term), Box::new(self.relation()?));
        }
        Ok(term)
    }

    fn relation(&mut self) -> Result<Term, String> {
        let left = self.unary()?;
        let relation = match self.peek() {
            Some(Token::Word(word)) if word == "in" => {
                self.at += 1;
                return Ok(Term::In(Box::new(left), self.list()?));
            }
            Some(Token::Mark(mark)) => Relation::of(mark),
            _ => None,
        };
        let Some(relation) = relation else {
            return Ok(left);
        };
        self.at += 1;
        Ok(Term::Compare(relation, Box::new(left), Box::new(self.unary()?)))
    }

    fn unary(&mut self) -> Result<Term, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!(
                "the condition is nested deeper than {DEEPEST}; split it into several lines"
            ));
        }
        let term = if self.take("!") {
            Term::Not(Box::new(self.unary()?))
        } else if self.take("(") {
            let inner = self.or()?;
            self.expect(")")?;
            inner
        } else {
            self.primary()?
        };
        self.depth -= 1;
        Ok(term)
    }

    fn primary(&mut self) -> Result<Term, String> {
        match self.next() {
            Some(Token::Word(group)) if !matches!(group.as_str(), "true" | "false") => self.name(&group),
            token => literal(token, || self.next()).map(Term::Literal),
        }
    }

    /// The rest of a dotted name.
    fn name(&mut self, group: &str) -> Result<Term, String> {
        if RESERVED.contains(&group) {
            return Err(format!(
                "`{group}` is a word that CEL keeps for itself; name the step otherwise"
            ));
        }
        let field = if self.take(".") { self.next() } else { None };
        let Some(Token::Word(field)) = field else {
            return Err(format!(
                "`{group}` is not a name; names have two parts, as in `account.kyc`"
            ));
        };
        if RESERVED.contains(&field.as_str()) {
            return Err(format!(
                "`{field}` is a word that CEL keeps for itself; name it otherwise"
            ));
        }
        Ok(Term::Name(format!("{group}.{field}")))
    }

    fn list(&mut self) -> Result<Vec<FactValue>, String> {
        self.expect("[")?;
        let mut values = Vec::new();
        loop {
            let token = self.next();
            values.push(literal(token, || self.next())?);
            if self.take("]") {
                return Ok(values);
            }
            self.expect(",")?;
        }
    }
}

fn literal(token: Option<Token>, next: impl FnOnce() -> Option<Token>) -> Result<FactValue, String> {
    match token {
        Some(Token::Text(text)) => Ok(FactValue::Word(text)),
        Some(Token::Int(int)) => Ok(FactValue::Int(int)),
        Some(Token::Word(word)) if word == "true" => Ok(FactValue::Bool(true)),
        Some(Token::Word(word)) if word == "false" => Ok(FactValue::Bool(false)),
        Some(Token::Mark("-")) => match next() {
            Some(Token::Int(int)) => Ok(FactValue::Int(-int)),
            other => Err(unexpected(other.as_ref())),
        },
        other => Err(unexpected(other.as_ref())),
    }
}
