//! The keyboard.

use anyhow::{Result, bail};
use serde_json::json;
use thirtyfour::TypingData;

use crate::window::{Window, selector};

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

impl Window {
    /// Presses one key, wherever the focus is.
    ///
    /// # Errors
    /// When the app is gone.
    pub async fn press(&self, key: Key) -> Result<()> {
        let (modifier, key) = key.code();
        let actions = self.web()?.action_chain();
        let actions = match modifier {
            Some(modifier) => actions.key_down(modifier).key_down(key).key_up(key).key_up(modifier),
            None => actions.key_down(key).key_up(key),
        };
        Ok(actions.perform().await?)
    }

    /// Types wherever the focus is.
    ///
    /// # Errors
    /// When the app is gone.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        Ok(self.web()?.action_chain().send_keys(TypingData::from(text)).perform().await?)
    }

    /// Presses Tab until this place, or something inside of it, has the focus.
    ///
    /// # Errors
    /// When the focus doesn't come there within a hundred steps.
    pub async fn tab_to(&self, place: &str) -> Result<()> {
        let inside =
            "return [...document.querySelectorAll(arguments[0])].some((e) => e.contains(document.activeElement))";
        for _ in 0..100 {
            if self.run(inside, vec![json!(selector(place))]).await? == json!(true) {
                return Ok(());
            }
            self.press(Key::Tab).await?;
        }
        bail!("Tab never comes to {place}")
    }
}
