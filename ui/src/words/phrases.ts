/**
 * Where a Japanese sentence may break, for engines that don't know `word-break: auto-phrase` (WebKit).
 *
 * A line should end after a phrase: a word with the particles and endings that follow it. The engine's own
 * dictionary finds the words; a phrase ends where what follows hiragana or punctuation begins with
 * something else. That is wrong now and then, and then a line is only shorter than it could be.
 */
const ENDS_PHRASE = /[ぁ-ゖー、。・：）」』？！…]$/u;
const BEGINS_PHRASE = /^[^ぁ-ゖー、。・：）」』？！…\s]/u;
const OPENS = /^[（「『]/u;
const JAPANESE = /[ぁ-ゖァ-ヺ一-鿿]/u;

let segmenter: Intl.Segmenter | null | undefined;

function words(text: string): string[] | null {
  segmenter ??=
    typeof Intl.Segmenter === "undefined" ? null : new Intl.Segmenter("ja", { granularity: "word" });
  return segmenter && [...segmenter.segment(text)].map((part) => part.segment);
}

const known = new Map<string, string[]>();

/** The phrases of a text, which joined are the text. */
export function phrases(text: string): string[] {
  const before = known.get(text);
  if (before) return before;
  const parts = JAPANESE.test(text) ? words(text) : null;
  const found: string[] = [];
  for (const part of parts ?? [text]) {
    const last = found.at(-1);
    const breaks =
      last === undefined || OPENS.test(part) || (ENDS_PHRASE.test(last) && BEGINS_PHRASE.test(part));
    if (last !== undefined && !breaks) {
      found[found.length - 1] = last + part;
    } else {
      found.push(part);
    }
  }
  // Names and reasons come through here too, and there is no end of those.
  if (known.size > 2000) known.clear();
  known.set(text, found);
  return found;
}
