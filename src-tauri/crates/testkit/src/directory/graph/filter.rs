//! `$filter`, as much of it as the directory takes without `ConsistencyLevel: eventual`
//! (<https://learn.microsoft.com/graph/filter-query-parameter>, read 2026-11).

use jiff::Timestamp;
use serde_json::Value;

/// What a filter says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Compare(String, Op, Literal),
    StartsWith(String, String),
    In(String, Vec<String>),
    /// `targetResources/any(t: t/id eq '...')`: the list, the member, the value.
    Any(String, String, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Ne,
    Ge,
    Le,
    Gt,
    Lt,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    Bool(bool),
    Time(Timestamp),
    Null,
}

/// The value of a property of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Text(String),
    Bool(bool),
    Time(Timestamp),
    Null,
    /// The values of a member, one for each thing in a list.
    Texts(Vec<String>),
}

impl From<Value> for Known {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Self::Text(text),
            Value::Bool(is) => Self::Bool(is),
            Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => Self::Null,
        }
    }
}

/// What can be asked of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    Eq,
    EqStartsWithIn,
    Order,
    Any,
}

impl Filter {
    /// `None` where it is no filter that is understood.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser { rest: text };
        let filter = parser.or()?;
        parser.rest.trim().is_empty().then_some(filter)
    }

    /// Whether every property can be asked that.
    pub(super) fn is_supported(&self, asks: &[(&str, Asks)]) -> bool {
        let of = |name: &str| asks.iter().find(|(known, _)| *known == name).map(|(_, asks)| *asks);
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().all(|part| part.is_supported(asks)),
            Self::Compare(name, Op::Eq, _) => of(name).is_some_and(|asks| asks != Asks::Any),
            Self::Compare(name, _, Literal::Time(_)) => of(name) == Some(Asks::Order),
            Self::Compare(..) => false,
            Self::StartsWith(name, _) | Self::In(name, _) => of(name) == Some(Asks::EqStartsWithIn),
            Self::Any(list, member, _) => of(&format!("{list}/{member}")) == Some(Asks::Any),
        }
    }

    /// The most alternatives that any of its parts gives.
    pub(super) fn alternatives(&self) -> usize {
        match self {
            Self::And(parts) => parts.iter().map(Self::alternatives).max().unwrap_or(0),
            Self::Or(parts) => parts.iter().map(Self::alternatives).sum(),
            Self::In(_, values) => values.len(),
            Self::Compare(..) | Self::StartsWith(..) | Self::Any(..) => 1,
        }
    }

    /// Whether something is what it says. Texts are compared without regard to capitals, as the directory does.
    pub(super) fn fits(&self, get: &impl Fn(&str) -> Known) -> bool {
        let text = |name: &str, fits: &dyn Fn(&str) -> bool| matches!(get(name), Known::Text(text) if fits(&text));
        match self {
            Self::And(parts) => parts.iter().all(|part| part.fits(get)),
            Self::Or(parts) => parts.iter().any(|part| part.fits(get)),
            Self::Compare(name, op, literal) => compare(&get(name), *op, literal),
            Self::StartsWith(name, start) => text(name, &|text| text.to_lowercase().starts_with(&start.to_lowercase())),
            Self::In(name, values) => text(name, &|text| values.iter().any(|value| value.eq_ignore_ascii_case(text))),
            Self::Any(list, member, value) => match get(&format!("{list}/{member}")) {
                Known::Texts(texts) => texts.iter().any(|text| text.eq_ignore_ascii_case(value)),
                Known::Text(_) | Known::Bool(_) | Known::Time(_) | Known::Null => false,
            },
        }
    }

    /// The time that a property is not before, if the filter says so.
    pub(super) fn since(&self, name: &str) -> Option<Timestamp> {
        match self {
            Self::Compare(is, Op::Ge | Op::Gt | Op::Eq, Literal::Time(time)) if is == name => Some(*time),
            Self::And(parts) => parts.iter().find_map(|part| part.since(name)),
            Self::Or(_) | Self::Compare(..) | Self::StartsWith(..) | Self::In(..) | Self::Any(..) => None,
        }
    }

    /// The only values that a property may have, if the filter says so: a way to find without looking at everybody.
    pub(super) fn only(&self, name: &str) -> Option<Vec<&str>> {
        match self {
            Self::Compare(is, Op::Eq, Literal::Text(value)) if is == name => Some(vec![value]),
            Self::In(is, values) if is == name => Some(values.iter().map(String::as_str).collect()),
            Self::And(parts) => parts.iter().find_map(|part| part.only(name)),
            Self::Or(_) | Self::Compare(..) | Self::StartsWith(..) | Self::In(..) | Self::Any(..) => None,
        }
    }
}

fn compare(known: &Known, op: Op, literal: &Literal) -> bool {
    let equal = match (known, literal) {
        (Known::Text(known), Literal::Text(value)) => known.to_lowercase() == value.to_lowercase(),
        (Known::Bool(known), Literal::Bool(value)) => known == value,
        (Known::Null, Literal::Null) => true,
        (Known::Time(known), Literal::Time(value)) => {
            return match op {
                Op::Eq => known == value,
                Op::Ne => known != value,
                Op::Ge => known >= value,
                Op::Le => known <= value,
                Op::Gt => known > value,
                Op::Lt => known < value,
            };
        }
        _ => false,
    };
    op == Op::Eq && equal
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn or(&mut self) -> Option<Filter> {
        let mut parts = vec![self.and()?];
        while self.word("or") {
            parts.push(self.and()?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Filter::Or(parts) })
    }

    fn and(&mut self) -> Option<Filter> {
        let mut parts = vec![self.term()?];
        while self.word("and") {
            parts.push(self.term()?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
    }

    fn term(&mut self) -> Option<Filter> {
        if self.sign("(") {
            let inner = self.or()?;
            return self.sign(")").then_some(inner);
        }
        if self.sign("startswith(") {
            let name = self.name()?;
            let value = self.sign(",").then(|| self.quoted())??;
            return self.sign(")").then_some(Filter::StartsWith(name, value));
        }
        let name = self.name()?;
        if let Some(list) = name.strip_suffix("/any") {
            return self.any(list.to_owned());
        }
        if self.word("in") {
            let mut values = vec![self.sign("(").then(|| self.quoted())??];
            while self.sign(",") {
                values.push(self.quoted()?);
            }
            return self.sign(")").then_some(Filter::In(name, values));
        }
        let ops = [("eq", Op::Eq), ("ne", Op::Ne), ("ge", Op::Ge), ("le", Op::Le), ("gt", Op::Gt), ("lt", Op::Lt)];
        let (_, op) = ops.into_iter().find(|(word, _)| self.word(word))?;
        Some(Filter::Compare(name, op, self.literal()?))
    }

    fn any(&mut self, list: String) -> Option<Filter> {
        let each = self.sign("(").then(|| self.name())??;
        let name = self.sign(":").then(|| self.name())??;
        let member = name.strip_prefix(&format!("{each}/"))?.to_owned();
        let value = self.word("eq").then(|| self.quoted())??;
        self.sign(")").then_some(Filter::Any(list, member, value))
    }

    fn literal(&mut self) -> Option<Literal> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with('\'') {
            return self.quoted().map(Literal::Text);
        }
        let end = self.rest.find([' ', ')']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word {
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            "null" => Some(Literal::Null),
            _ => word.parse().ok().map(Literal::Time),
        }
    }

    /// A text in quotes, in which a doubled quote stands for one.
    fn quoted(&mut self) -> Option<String> {
        let mut rest = self.rest.trim_start().strip_prefix('\'')?;
        let mut text = String::new();
        loop {
            let (before, after) = rest.split_once('\'')?;
            text.push_str(before);
            match after.strip_prefix('\'') {
                Some(more) => {
                    text.push('\'');
                    rest = more;
                }
                None => {
                    self.rest = after;
                    return Some(text);
                }
            }
        }
    }

    fn name(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn word(&mut self, word: &str) -> bool {
        let after = self.rest.trim_start().strip_prefix(word).filter(|rest| rest.starts_with([' ', '(']));
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn sign(&mut self, sign: &str) -> bool {
        let after = self.rest.trim_start().strip_prefix(sign);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use super::*;

    fn person(name: &str) -> Known {
        match name {
            "displayName" => Known::Text("Siobhán O'Neil".to_owned()),
            "accountEnabled" => Known::Bool(true),
            "createdDateTime" => Known::Time("2026-01-01T00:00:00Z".parse().unwrap()),
            "targetResources/id" => Known::Texts(vec!["one".to_owned(), "two".to_owned()]),
            _ => Known::Null,
        }
    }

    #[test]
    fn a_filter_finds_what_it_says() {
        for yes in [
            "displayName eq 'siobhán o''neil'",
            "startswith(displayName,'SIO')",
            "displayName in ('x', 'Siobhán O''Neil')",
            "accountEnabled eq true and mail eq null",
            "(mail eq 'x' or accountEnabled eq true) and createdDateTime ge 2026-01-01T00:00:00Z",
            "targetResources/any(t: t/id eq 'two')",
        ] {
            assert!(Filter::parse(yes).unwrap().fits(&person), "{yes}");
        }
        for no in [
            "displayName eq 'x'",
            "startswith(displayName,'O')",
            "accountEnabled eq false or mail eq 'x'",
            "createdDateTime lt 2026-01-01T00:00:00Z",
            "targetResources/any(t:t/id eq 'three')",
        ] {
            assert!(!Filter::parse(no).unwrap().fits(&person), "{no}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for bad in
            ["", "displayName", "displayName eq", "displayName eq 'x", "eq 'x'", "a eq 'b' and", "a eq 'b')", "a eq b"]
        {
            assert_eq!(Filter::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_what_a_property_can_be_asked_is_supported() {
        let asks = [("clientId", Asks::Eq), ("activityDateTime", Asks::Order)];
        let supported = |text: &str| Filter::parse(text).unwrap().is_supported(&asks);
        assert!(supported("clientId eq 'a' and activityDateTime ge 2026-01-01T00:00:00Z"));
        for no in ["startswith(clientId,'a')", "clientId ne 'a'", "scope eq 'a'", "clientId in ('a')"] {
            assert!(!supported(no), "{no}");
        }
    }
}
