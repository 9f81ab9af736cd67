//! Keys by name.

/// A key that has no letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Enter.
    Enter,
    /// The space bar.
    Space,
    /// Escape.
    Escape,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// The key beside the space bar that opens a context menu: Shift and F10.
    Menu,
}

impl Key {
    /// The modifier, if any, and the key, as the WebDriver standard numbers them.
    pub(crate) fn code(self) -> (Option<char>, char) {
        const SHIFT: char = '\u{e008}';
        match self {
            Self::Tab => (None, '\u{e004}'),
            Self::BackTab => (Some(SHIFT), '\u{e004}'),
            Self::Enter => (None, '\u{e007}'),
            Self::Space => (None, ' '),
            Self::Escape => (None, '\u{e00c}'),
            Self::Up => (None, '\u{e013}'),
            Self::Down => (None, '\u{e015}'),
            Self::Left => (None, '\u{e012}'),
            Self::Right => (None, '\u{e014}'),
            Self::Home => (None, '\u{e011}'),
            Self::End => (None, '\u{e010}'),
            Self::Menu => (Some(SHIFT), '\u{e03a}'),
        }
    }
}
