//! Rows of text under each other. They are written as they come, so widths are settled beforehand.

/// What can be shown in a terminal of a text from outside: nothing that moves the cursor or turns the direction.
pub(crate) fn shown(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    text.chars().filter(|c| !hidden(*c)).collect()
}

/// A row: each cell at least so wide, with two spaces between; the last one as it is.
pub(crate) fn row<const N: usize>(widths: [usize; N], cells: [&str; N]) -> String {
    let mut line = String::new();
    for (width, cell) in widths.into_iter().zip(cells) {
        let cell = shown(cell);
        let room = width.saturating_sub(cell.chars().count());
        line.push_str(&cell);
        line.extend(std::iter::repeat_n(' ', room + 2));
    }
    line.truncate(line.trim_end().len());
    line
}

/// The day of a time as the engine writes it.
pub(crate) fn day(time: Option<&str>) -> &str {
    time.and_then(|time| time.get(..10)).unwrap_or("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_commands_the_terminal() {
        assert_eq!(shown("a\u{1b}[2Jb\r\u{202e}c\u{7}"), "a[2Jbc");
    }

    #[test]
    fn cells_stand_under_each_other() {
        assert_eq!(row([4, 2, 1], ["ab", "cde", "f"]), "ab    cde  f");
        assert_eq!(row([4, 2], ["ab", ""]), "ab");
    }
}
