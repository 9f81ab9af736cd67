//! How the bytes of a list are text: by the mark at its start, else UTF-8, else one of the Japanese encodings. What
//! can't be told is no list, and nothing of it is read.

use super::ListError;
use encoding_rs::{DecoderResult, EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// Kinds of files that are chosen by mistake, by their first bytes, and their names.
const KINDS: [(&[u8], &str); 16] = [
    (b"PK\x03\x04", "XLSX / ODS / ZIP"),
    (b"PK\x05\x06", "XLSX / ODS / ZIP"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS / DOC / MSG"),
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"SQLite format 3\0", "SQLite"),
    (b"bplist00", "PLIST"),
    (b"!BDN", "PST"),
    (b"\x7fELF", "ELF"),
    (b"\x00\x01\x00\x00Standard ACE DB", "ACCDB"),
];

/// So much is read at once.
const BLOCK: usize = 64 * 1024;

/// How a source's bytes are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coding {
    encoding: &'static Encoding,
    /// Bytes of the mark at the start.
    mark: usize,
}

impl Coding {
    pub(super) const TEXT: Self = Self { encoding: UTF_8, mark: 0 };

    #[cfg(test)]
    pub(super) fn name(self) -> &'static str {
        self.encoding.name()
    }
}

/// Tells the encoding of all of a source. Whether each byte of it is text in that encoding, [`Decoded`] says.
pub(super) fn coding(source: &mut impl Read, most: u64) -> Result<Coding, ListError> {
    let mut block = vec![0; BLOCK];
    let mut seen = Seen::default();
    let mut first = true;
    loop {
        let got = fill(source, &mut block).map_err(|_| ListError::Unreadable)?;
        let bytes = block.get(..got).unwrap_or_default();
        seen.count += got as u64;
        if seen.count > most {
            return Err(ListError::TooLong);
        }
        if std::mem::take(&mut first)
            && let Some(known) = by_start(bytes)?
        {
            return Ok(known);
        }
        let last = got < BLOCK;
        seen.look_at(bytes, last)?;
        if last {
            return seen.judge();
        }
    }
}

fn fill(source: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(got) => filled += got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// What the first bytes say: a mark, two bytes for each letter, or that it is no text at all.
fn by_start(bytes: &[u8]) -> Result<Option<Coding>, ListError> {
    if let Some((_, kind)) = KINDS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(ListError::Kind(kind));
    }
    // UTF-32 (its mark begins like the one of UTF-16): nobody writes lists in it.
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Err(ListError::Encoding);
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(Some(Coding { encoding, mark }));
    }
    if !bytes.contains(&0) {
        return Ok(None);
    }
    // The letters of addresses, and what separates them, have one byte that is zero.
    let (mut even, mut odd) = (0, 0);
    for pair in bytes.chunks_exact(2) {
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.get(1) == Some(&0));
    }
    let pairs = bytes.len() / 2;
    match (even, odd) {
        // A space of full width has the zero on the other side.
        (even, odd) if odd * 10 >= pairs && odd >= even * 4 => Ok(Some(Coding { encoding: UTF_16LE, mark: 0 })),
        (even, odd) if even * 10 >= pairs && even >= odd * 4 => Ok(Some(Coding { encoding: UTF_16BE, mark: 0 })),
        _ => Err(ListError::Encoding),
    }
}

/// What is seen of a source without a mark.
struct Seen {
    count: u64,
    utf8: Reading,
    shift_jis: Reading,
    euc_jp: Reading,
    escape: bool,
    high: u64,
    /// Bytes of letters that have three bytes in UTF-8. Text in the Japanese encodings looks like that by chance only.
    threes: u64,
    /// How far the bytes at hand look like such a letter.
    three: u8,
}

impl Default for Seen {
    fn default() -> Self {
        let [utf8, shift_jis, euc_jp] = [UTF_8, SHIFT_JIS, EUC_JP].map(Reading::new);
        Self { count: 0, utf8, shift_jis, euc_jp, escape: false, high: 0, threes: 0, three: 0 }
    }
}

impl Seen {
    fn look_at(&mut self, bytes: &[u8], last: bool) -> Result<(), ListError> {
        for byte in bytes {
            match byte {
                0 => return Err(ListError::Encoding),
                0x1b => self.escape = true,
                0x80.. => self.high += 1,
                _ => {}
            }
            self.three = match (self.three, byte) {
                (_, 0xe3..=0xe9 | 0xef) => 1,
                (1, 0x80..=0xbf) => 2,
                (2, 0x80..=0xbf) => {
                    self.threes += 3;
                    0
                }
                _ => 0,
            };
        }
        for reading in [&mut self.utf8, &mut self.shift_jis, &mut self.euc_jp] {
            reading.go_on(bytes, last);
        }
        Ok(())
    }

    fn judge(self) -> Result<Coding, ListError> {
        let whole = |encoding| Ok(Coding { encoding, mark: 0 });
        if self.high == 0 {
            return whole(if self.escape { ISO_2022_JP } else { UTF_8 });
        }
        if self.escape {
            return Err(ListError::Encoding);
        }
        if !self.utf8.failed {
            return whole(UTF_8);
        }
        // Two files in one, of which one was UTF-8.
        if self.threes * 4 > self.high {
            return Err(ListError::Encoding);
        }
        let mut fits = [&self.shift_jis, &self.euc_jp].into_iter().filter(|reading| reading.is_japanese());
        match (fits.next(), fits.next()) {
            (None, _) => Err(ListError::Encoding),
            (Some(one), None) => whole(one.encoding),
            // Halfwidth katakana of Shift_JIS can be kanji of EUC-JP, but hardly its kana or signs; what EUC-JP has is in
            // Shift_JIS halfwidth and else. The letters of addresses are the same bytes in both.
            (Some(_), Some(_)) => {
                let halfwidth = self.shift_jis.other == 0 && self.shift_jis.kana == 0;
                let kanji = self.euc_jp.kana == 0 && self.euc_jp.signs == 0;
                whole(if halfwidth && kanji { SHIFT_JIS } else { EUC_JP })
            }
        }
    }
}

/// A source read as text of one encoding, for what kinds of letters it has.
struct Reading {
    encoding: &'static Encoding,
    decoder: encoding_rs::Decoder,
    text: String,
    before: char,
    /// That one is in `in_words`.
    counted: bool,
    failed: bool,
    kana: u64,
    halfwidth: u64,
    /// Punctuation and letters of full width; they are in `other`, too.
    signs: u64,
    other: u64,
    /// Letters beside an ASCII letter, as in a name of a language with accents.
    in_words: u64,
}

impl Reading {
    fn new(encoding: &'static Encoding) -> Self {
        Self {
            encoding,
            decoder: encoding.new_decoder_without_bom_handling(),
            text: String::new(),
            before: ' ',
            counted: false,
            failed: false,
            kana: 0,
            halfwidth: 0,
            signs: 0,
            other: 0,
            in_words: 0,
        }
    }

    fn go_on(&mut self, mut bytes: &[u8], last: bool) {
        while !self.failed {
            self.text.clear();
            self.text.reserve(BLOCK);
            let (result, read) = self.decoder.decode_to_string_without_replacement(bytes, &mut self.text, last);
            bytes = bytes.get(read..).unwrap_or_default();
            self.failed = matches!(result, DecoderResult::Malformed(..));
            // Of UTF-8 nothing more is to be known.
            if self.encoding != UTF_8 {
                self.count();
            }
            if matches!(result, DecoderResult::InputEmpty) {
                break;
            }
        }
    }

    fn count(&mut self) {
        for letter in self.text.chars() {
            if letter.is_ascii() {
                let beside = letter.is_ascii_alphabetic() && !self.before.is_ascii();
                self.in_words += u64::from(beside && !self.counted);
            } else {
                match letter {
                    '\u{3041}'..='\u{30fe}' => self.kana += 1,
                    '\u{ff61}'..='\u{ff9f}' => self.halfwidth += 1,
                    _ => self.other += 1,
                }
                self.signs += u64::from(matches!(letter, '\u{3000}'..='\u{3020}' | '\u{ff01}'..='\u{ff60}'));
                self.counted = self.before.is_ascii_alphabetic();
                self.in_words += u64::from(self.counted);
            }
            self.before = letter;
        }
    }

    /// It is text, and not that of a European encoding: there each letter that is not ASCII is within a word.
    fn is_japanese(&self) -> bool {
        !self.failed && (self.kana > 0 || self.signs > 0 || self.halfwidth + self.other > self.in_words)
    }
}

/// The text of a source, as UTF-8. What is no text of its encoding is an error of the kind `InvalidData`.
pub(super) struct Decoded<R> {
    source: R,
    decoder: encoding_rs::Decoder,
    mark: usize,
    block: Vec<u8>,
    text: String,
    given: usize,
    over: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(source: R, coding: Coding) -> Self {
        let decoder = coding.encoding.new_decoder_without_bom_handling();
        let (block, text) = (vec![0; BLOCK], String::new());
        Self { source, decoder, mark: coding.mark, block, text, given: 0, over: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let got = fill(&mut self.source, &mut self.block)?;
        self.over = got < BLOCK;
        let start = std::mem::take(&mut self.mark);
        let mut bytes = self.block.get(start..got).unwrap_or_default();
        loop {
            self.text.reserve(BLOCK);
            let (result, read) = self.decoder.decode_to_string_without_replacement(bytes, &mut self.text, self.over);
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
        // The zero letter is in no text.
        if self.text.contains('\0') { Err(io::ErrorKind::InvalidData.into()) } else { Ok(()) }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.over {
            self.refill()?;
        }
        let left = self.text.as_bytes().get(self.given..).unwrap_or_default();
        let count = left.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), left.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Result<&'static str, ListError> {
        let coding = coding(&mut &*bytes, 1 << 20)?;
        let mut text = String::new();
        Decoded::new(bytes, coding).read_to_string(&mut text).map_err(|_| ListError::Encoding)?;
        Ok(coding.name())
    }

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    const TEXTS: [&str; 7] = [
        "氏名,部署,メールアドレス\r\nファン,営業,hanako@example.com\r\n鈴木,営業,taro@example.com\r\n",
        "氏名,メールアドレス\r\n佐藤　花子,hanako@example.com\r\n",
        "Name,Email\n林,hanako@example.com\n",
        "Name,Email\nさとう,hanako@example.com\n",
        "ソ表能予申十,hanako@example.com\n",
        "佐藤hanako,hanako@example.com\n",
        "①㈱髙橋,hanako@example.com\n",
    ];

    #[test]
    fn each_encoding_is_told_with_and_without_its_mark() {
        for text in TEXTS {
            assert_eq!(told(text.as_bytes()), Ok("UTF-8"), "{text}");
            assert_eq!(told(format!("\u{feff}{text}").as_bytes()), Ok("UTF-8"), "{text}");
            for mark in [true, false] {
                assert_eq!(told(&utf16(text, false, mark)), Ok("UTF-16LE"), "{text}");
                assert_eq!(told(&utf16(text, true, mark)), Ok("UTF-16BE"), "{text}");
            }
            for encoding in [SHIFT_JIS, EUC_JP, ISO_2022_JP] {
                let (bytes, _, lossy) = encoding.encode(text);
                // Kanji alone can be halfwidth katakana as well; the addresses are the same.
                let either = encoding == EUC_JP && !text.contains(['ー', 'さ', 'ソ', '①']);
                if !lossy && !either {
                    assert_eq!(told(&bytes), Ok(encoding.name()), "{text}");
                }
            }
        }
        let halfwidth = "ｻﾄｳ ﾊﾅｺ,hanako@example.com\n";
        assert_eq!(told(&SHIFT_JIS.encode(halfwidth).0), Ok("Shift_JIS"));
        assert_eq!(told(b""), Ok("UTF-8"));
    }

    #[test]
    fn what_can_not_be_told_is_refused_whole() {
        for bytes in [
            &b"M\xfcller,hanako@example.com\n"[..],
            b"Andr\xe9s,hanako@example.com\n",
            b"\xd6zil,hanako@example.com\n",
            b"a@example.com\n\xff\n",
            b"a@example.com\n\0\0\n",
            b"\xef\xbb\xbfa@example.com\n\x83\x40\n",
            b"\xff\xfea\0@\0b",
            b"\xff\xfe\0\0a\0\0\0",
            b"\x1b[31ma@example.com\x1b[0m\n",
            b"\x00\x01\x02\x03\x04",
        ] {
            assert_eq!(told(bytes), Err(ListError::Encoding), "{bytes:?}");
        }
        // A list in UTF-8 that one in Shift_JIS was written behind.
        let mut both = "佐藤花子,hanako@example.com\n".repeat(3).into_bytes();
        both.extend_from_slice(&SHIFT_JIS.encode("鈴木太郎,taro@example.com\n").0);
        assert_eq!(told(&both), Err(ListError::Encoding));
    }

    #[test]
    fn files_that_are_no_text_are_called_by_their_kind() {
        assert_eq!(told(b"PK\x03\x04\x14\0"), Err(ListError::Kind("XLSX / ODS / ZIP")));
        assert_eq!(told(b"%PDF-1.7\n"), Err(ListError::Kind("PDF")));
        assert_eq!(told(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), Err(ListError::Kind("PNG")));
    }

    #[test]
    fn more_bytes_than_the_most_are_too_long() {
        assert_eq!(coding(&mut &[b'a'; 100][..], 100).map(Coding::name), Ok("UTF-8"));
        assert_eq!(coding(&mut &[b'a'; 101][..], 100), Err(ListError::TooLong));
    }
}
