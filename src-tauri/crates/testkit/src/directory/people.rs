//! People by their number. Nobody is stored: 50,000 of them take no more memory than one.

/// Which of many have something: every so many-th, from one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Every {
    step: usize,
    from: usize,
}

impl Every {
    /// Each one.
    pub const ONE: Self = Self { step: 1, from: 0 };
    /// None.
    pub const NONE: Self = Self { step: 0, from: 0 };

    /// Every so many-th, starting with the first one: 3 for the numbers 0, 3, 6 and so on.
    #[must_use]
    pub const fn nth(step: usize) -> Self {
        Self { step, from: 0 }
    }

    /// The same, starting with another one: `nth(3).from(1)` for the numbers 1, 4, 7 and so on.
    #[must_use]
    pub const fn from(self, from: usize) -> Self {
        Self { from, ..self }
    }

    /// Whether a number is among them.
    #[must_use]
    pub const fn has(self, number: usize) -> bool {
        self.step > 0 && number >= self.from && (number - self.from).is_multiple_of(self.step)
    }
}

/// Given name and family name. Written as people write them.
const NAMES: [(&str, &str); 11] = [
    ("Hanako", "Sato"),
    ("花子", "佐藤"),
    ("Zoë", "Müller"),
    ("Siobhán", "O'Neil"),
    ("محمد", "العلي"),
    ("Anne-Marie", "van der Berg"),
    ("José", "Núñez"),
    ("Олена", "Коваль"),
    ("李", "小龍"),
    ("Grace", "Hopper"),
    ("=SUM(A1)", "\"Bobby\", Tables"),
];

/// Given name and family name of somebody.
pub(crate) fn name(user: usize) -> (&'static str, &'static str) {
    NAMES.get(user % NAMES.len()).copied().unwrap_or_default()
}

/// The part of an address before the at sign. In the order of the numbers up to 99,999.
pub(crate) fn mailbox(user: usize) -> String {
    format!("person{user:05}")
}

/// Whose address this is, for a domain. Capitals don't matter.
pub(crate) fn by_address(address: &str, domain: &str, prefix: &str) -> Option<usize> {
    let (name, at) = address.rsplit_once('@')?;
    if !at.eq_ignore_ascii_case(domain) {
        return None;
    }
    let digits = name.get(prefix.len()..)?;
    let fits = name.get(..prefix.len())?.eq_ignore_ascii_case(prefix) && digits.bytes().all(|b| b.is_ascii_digit());
    let user = if fits { digits.parse().ok()? } else { return None };
    // `person1@` is nobody's.
    (format!("{user:05}").len() == digits.len()).then_some(user)
}

/// Many in an order of their names, by position, without sorting them.
#[derive(Clone, Debug)]
pub(crate) struct InOrder {
    /// The classes' first numbers, in order. Everybody in a class has the same name.
    classes: Vec<usize>,
    users: usize,
}

impl InOrder {
    /// Classes by `number % len`, in this order.
    pub(crate) fn of(classes: Vec<usize>, users: usize) -> Self {
        Self { classes, users }
    }

    /// By given or family name.
    pub(crate) fn by(key: impl Fn(&(&'static str, &'static str)) -> &'static str, users: usize) -> Self {
        let mut classes: Vec<usize> = (0..NAMES.len()).collect();
        classes.sort_by_key(|class| key(&name(*class)));
        Self::of(classes, users)
    }

    /// Who is at a position.
    pub(crate) fn at(&self, mut position: usize) -> Option<usize> {
        let step = self.classes.len();
        for class in &self.classes {
            let many = self.users.saturating_sub(*class).div_ceil(step);
            if position < many {
                return Some(class + position * step);
            }
            position -= many;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_third_is_every_third() {
        let have = |every: Every| (0..8).filter(|number| every.has(*number)).collect::<Vec<_>>();
        assert_eq!(have(Every::nth(3)), [0, 3, 6]);
        assert_eq!(have(Every::nth(3).from(1)), [1, 4, 7]);
        assert_eq!(have(Every::ONE).len(), 8);
        assert_eq!(have(Every::NONE).len(), 0);
    }

    #[test]
    fn an_address_says_who_it_is() {
        for user in [0, 7, 49_999, 123_456] {
            let address = format!("{}@example.com", mailbox(user));
            assert_eq!(by_address(&address.to_uppercase(), "example.com", "person"), Some(user));
        }
        for nobody in
            ["person00007@example.org", "person7@example.com", "person@example.com", "", "@", "佐@example.com"]
        {
            assert_eq!(by_address(nobody, "example.com", "person"), None, "{nobody}");
        }
    }

    #[test]
    fn an_order_has_everybody_once() {
        let order = InOrder::by(|(given, _)| given, 25);
        let all: Vec<usize> = (0..).map_while(|position| order.at(position)).collect();
        let mut sorted = all.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..25).collect::<Vec<_>>());
        assert!(all.iter().is_sorted_by_key(|user| name(*user).0));
    }
}
