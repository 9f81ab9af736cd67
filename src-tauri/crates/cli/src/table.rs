//! Rows of text under each other. They are written as they come, so widths are settled beforehand.

use crate::terminal::{clean, columns, cut};

/// No cell is cut to less.
const LEAST: usize = 8;

/// The columns of a table.
#[derive(Clone, Debug)]
pub(crate) struct Table<const N: usize> {
    widths: [usize; N],
    /// Cells of these columns are cut where the terminal is too narrow; the others are needed whole.
    most: [Option<usize>; N],
}

impl<const N: usize> Table<N> {
    /// Columns at least so wide. Those that are `cut` give way where the terminal has no room for all of them.
    pub(crate) fn new(widths: [usize; N], cut: [bool; N], terminal: Option<usize>) -> Self {
        let mut table = Self { widths, most: [None; N] };
        let Some(room) = terminal else { return table };
        let wanted: usize = widths.iter().map(|width| width + 2).sum();
        let giving: usize = widths.iter().zip(cut).filter_map(|(width, cut)| cut.then_some(*width)).sum();
        let fixed = wanted.saturating_sub(giving + 2);
        let left = room.saturating_sub(fixed);
        for ((width, most), cut) in table.widths.iter_mut().zip(&mut table.most).zip(cut) {
            if cut {
                if giving > left {
                    *width = (*width * left / giving.max(1)).clamp(LEAST.min(*width), *width);
                }
                *most = Some(*width);
            }
        }
        table
    }

    /// A row: each cell at least so wide, with two spaces between; the last one as it is.
    pub(crate) fn row(&self, cells: [&str; N]) -> String {
        let mut line = String::new();
        for ((width, most), cell) in self.widths.iter().zip(&self.most).zip(cells) {
            let cell = clean(cell);
            let cell = most.map_or_else(|| cell.clone(), |most| cut(&cell, most));
            let room = width.saturating_sub(columns(&cell));
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', room + 2));
        }
        line.truncate(line.trim_end().len());
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_under_each_other_in_every_script() {
        let table = Table::new([4, 2, 1], [false; 3], None);
        assert_eq!(table.row(["ab", "cde", "f"]), "ab    cde  f");
        assert_eq!(table.row(["佐藤", "c", "f"]), "佐藤  c   f");
        assert_eq!(table.row(["ab", "", ""]), "ab");
    }

    #[test]
    fn a_narrow_terminal_takes_from_the_columns_that_may_be_cut() {
        let table = Table::new([36, 20, 20], [false, true, true], Some(60));
        let line = table.row([&"i".repeat(36), &"a".repeat(40), &"b".repeat(40)]);
        assert!(columns(&line) <= 60, "{line}");
        assert!(line.starts_with(&"i".repeat(36)) && line.contains('…'), "{line}");
        let wide = Table::new([36, 20, 20], [false, true, true], Some(200));
        assert!(wide.row(["i", "a", "b"]).contains('b'));
    }
}
