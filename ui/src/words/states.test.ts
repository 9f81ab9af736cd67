import { expect, test } from "vitest";
import type { DisconnectCard } from "../backend/generated/DisconnectCard";
import type { HistoryRow } from "../backend/generated/HistoryRow";
import type { Language } from "../backend/generated/Language";
import type { MailboxRow } from "../backend/generated/MailboxRow";
import type { NoticeView } from "../backend/generated/NoticeView";
import type { StepView } from "../backend/generated/StepView";
import { m } from "../paraglide/messages";
import { setLocale } from "../paraglide/runtime";
// Written by the walk over the rules: `uncouple-engine`, `overview::walk`.
import raw from "../testing/states.json?raw";
import { evidenceWords, notNeededWords, purposeWords, stepWords } from "./facts";
import {
  cardWords,
  completionWords,
  finishWords,
  groupWords,
  jobStrength,
  type Strength,
  stepLook,
  stepMarkWords,
  strengthOf,
} from "./headlines";
import { noticeWords } from "./notices";
import { consentSide, crmSide } from "./sides";

type Card = Omit<DisconnectCard, "steps"> & { steps: number[] };
type States = {
  rows: MailboxRow[];
  steps: StepView[];
  cards: Card[];
  notices: NoticeView[];
  events: Pick<HistoryRow, "kind" | "details" | "sentence">[];
};
const states = JSON.parse(raw) as States;
const cards: DisconnectCard[] = states.cards.map((card) => ({
  ...card,
  steps: card.steps.map((at) => states.steps[at] as StepView),
}));

/** How far a text may go: what is known, or nothing. */
type Known = Strength | null;

/** Words that claim that something is so, and the words that say whose word it is. */
const CLAIMS: Record<Language, RegExp> = {
  en: /(?<!to be )\b(disconnected|revoked|removed|deleted|gone|finished|done|moved|proven|proves|confirmed)\b/i,
  ja: /解除済み|解除され|解除しました|取り消され|取り消し済み|取り消しました|削除済み|削除しました|終わりました|終了|(?<!未)完了|移行済み|切断され|切断済み|切れました|切れています|なくなり|証明|確認済み|が確認/,
};
const PROOF: Record<Language, RegExp> = { en: /\bproven\b|\bproves\b|\bproof\b/i, ja: /証明/ };
/** Nobody is told of anything by Uncouple; see the texts about who is told. */
const TOLD: Record<Language, RegExp> = {
  en: /\btold\b|\bnotified\b|\binformed\b/i,
  ja: /通知しました|知らせました|お知らせしました|通知されました/,
};
const QUALIFIED: Record<"stated" | "unverified" | "listed", Record<Language, RegExp>> = {
  stated: {
    en: /\b(stated|marked|reported|recorded|says|word|undo)\b/i,
    ja: /申告|記録|登録/,
  },
  unverified: {
    en: /unverified|not all is known|without knowing|not known/i,
    ja: /未確認|わかりません/,
  },
  listed: {
    en: /organisation’s list|HubSpot’s article|no steps left/i,
    ja: /組織の一覧|ヘルプ記事|残りの手順はありません/,
  },
};
const MOVE_AS_DISCONNECT: Record<Language, RegExp> = { en: /\bdisconnect(ing|ed)?\b/i, ja: /接続解除/ };

/** What is wrong with a text, by what is known of what it speaks of. */
function violations(text: string, known: Known, locale: Language): string[] {
  const wrong: string[] = [];
  const is = (words: RegExp) => words.test(text);
  if (is(TOLD[locale])) wrong.push(`somebody told: ${text}`);
  if (is(PROOF[locale]) && known !== "proven") wrong.push(`proven (${known}): ${text}`);
  if (!is(CLAIMS[locale])) return wrong;
  const listed = is(QUALIFIED.listed[locale]);
  if (known === "unverified" && !is(QUALIFIED.unverified[locale])) wrong.push(`unverified: ${text}`);
  if (known === "stated" && !is(QUALIFIED.stated[locale]) && !listed) wrong.push(`stated: ${text}`);
  if (known === null && !listed && !is(QUALIFIED.stated[locale]) && !is(QUALIFIED.unverified[locale]))
    wrong.push(`nothing known: ${text}`);
  return wrong;
}

type Said = { text: string; known: Known; moving?: boolean };

function ofRow(row: MailboxRow, locale: Language): Said[] {
  const side = ({ state, detail }: { state: string; detail: string }) => `${state} – ${detail}`;
  const { rank, usage, link } = row.crm;
  const answered = link.is === "lost" && usage === "in_use" && row.holder.here;
  const crm: Known = answered
    ? "proven"
    : row.holder.here
      ? "own"
      : strengthOf({ rank: link.is === "lost" && usage === "in_use" ? "confirmed" : rank, proof: null });
  const { consent } = row;
  return [
    { text: side(crmSide(row, locale)), known: crm },
    {
      text: side(consentSide(row, locale)),
      known: consent.is === "gone" ? strengthOf(consent.evidence) : null,
    },
    { text: row.moving ? m.badge_moving() : m.badge_open_job(), known: null, moving: row.moving },
  ];
}

function ofStep(step: StepView, locale: Language): Said[] {
  const look = stepLook(step);
  const known = step.evidence ? strengthOf(step.evidence) : null;
  const said: Said[] = [{ text: stepMarkWords(look), known }];
  if (step.evidence) said.push({ text: evidenceWords(step.evidence, locale), known });
  if (step.not_needed) said.push({ text: notNeededWords(step.not_needed), known: null });
  return said;
}

function ofCard(card: DisconnectCard): Said[] {
  const known = jobStrength(card);
  const moving = card.purpose.is !== "leave";
  const texts = [
    completionWords(card),
    cardWords(card),
    finishWords([card]),
    known ? groupWords(known) : "",
    purposeWords(card.purpose) ?? "",
    card.half ? m.job_half() : "",
    m.job_progress({ done: card.completion.done, total: card.completion.total }),
  ];
  const titles: Said[] = texts.map((text) => ({ text, known, moving }));
  return [...titles, ...card.steps.map((step) => ({ text: stepWords(step.kind, card), known: null }))];
}

function ofNotice(notice: NoticeView): Said[] {
  const { title, next } = noticeWords(notice);
  const { what } = notice;
  const said: Said[] = [];
  switch (what.kind) {
    case "removed": {
      const rank = what.rank && strengthOf({ rank: what.rank, proof: what.here ? "store" : null });
      said.push({ text: title, known: rank, moving: what.moving });
      if (next) said.push({ text: next, known: what.rest && strengthOf({ rank: what.rest, proof: null }) });
      break;
    }
    case "lost":
      said.push({ text: title, known: what.here ? "proven" : "stated" });
      break;
    case "moving":
      said.push({ text: title, known: "stated", moving: true });
      break;
    // What the provider's list says is worded with the administrators' side.
    case "access_revoked":
    case "still_there":
    case "asked":
    case "declined":
    case "reminder":
    case "digest":
      break;
  }
  return said;
}

/** Entries that are about an answer of a provider, of the keyring or of a list. */
const ANSWERED = new Set([
  "revocation_answered",
  "secret_forgotten",
  "secret_run_over",
  "orphan_swept",
  "checked",
  "directory_lists",
]);

function ofEvent(row: Pick<HistoryRow, "kind" | "details" | "sentence">, locale: Language): Said[] {
  const evidence = row.details.evidence as Parameters<typeof strengthOf>[0] | undefined;
  const purpose = (row.details.purpose as { is?: string } | undefined)?.is;
  const known: Known = evidence ? strengthOf({ rank: evidence.rank, proof: evidence.proof ?? null }) : null;
  return [
    {
      text: row.sentence[locale],
      known: known ?? (ANSWERED.has(row.kind) ? "proven" : row.kind === "disconnect_ended" ? "own" : null),
      moving: purpose !== undefined && purpose !== "leave",
    },
  ];
}

function everything(locale: Language): Said[] {
  void setLocale(locale, { reload: false });
  return [
    ...states.rows.flatMap((row) => ofRow(row, locale)),
    ...states.steps.flatMap((step) => ofStep(step, locale)),
    ...cards.flatMap(ofCard),
    ...states.notices.flatMap(ofNotice),
    ...states.events.flatMap((event) => ofEvent(event, locale)),
  ];
}

const wrongIn = (said: Said[], locale: Language): string[] =>
  said.flatMap(({ text, known, moving }) => {
    const wrong = violations(text, known, locale);
    if (moving && MOVE_AS_DISCONNECT[locale].test(text)) wrong.push(`a move as a disconnect: ${text}`);
    return wrong;
  });

test.each(["en", "ja"] as const)(
  "in no state that can be reached the words (%s) claim more than is known",
  (locale) => {
    const said = everything(locale);
    const { rows, steps, notices, events } = states;
    const counts = { rows: rows.length, steps: steps.length, jobs: cards.length, notices: notices.length };
    // biome-ignore lint/suspicious/noConsole: the size of the walk is a part of its result
    console.info(
      `${locale}: ${said.length} texts over ${JSON.stringify({ ...counts, entries: events.length })}`,
    );
    expect(Math.min(...Object.values(counts), events.length)).toBeGreaterThan(20);
    expect([...new Set(wrongIn(said, locale))]).toEqual([]);
  },
);

/** Sentences that stood on screen before, each with what was known when it did. */
const BEFORE: [Language, string, Known][] = [
  ["en", "hanako@example.com was disconnected", "stated"],
  ["en", "The disconnect is finished", "unverified"],
  ["en", "Disconnected", "unverified"],
  ["en", "Done, proven by this workspace", "own"],
  ["en", "Done", "stated"],
  ["en", "HubSpot: removed", "stated"],
  ["en", "Google: access removed – Confirmed by NAME", "stated"],
  ["en", "The one who asked is told “not now”", null],
  ["ja", "hanako@example.comの接続が解除されました", "stated"],
  ["ja", "接続解除が終わりました", "unverified"],
  ["ja", "接続解除済み", "stated"],
  ["ja", "完了（佐藤が確認、証明はできません）", "stated"],
  ["ja", "佐藤が確認（今日 7:56）", "stated"],
  ["ja", "「今はしない」と依頼者に知らせました", null],
];

test.each(BEFORE)("an old sentence put back would be found (%s): %s", (locale, text, known) => {
  expect(violations(text, known, locale)).not.toEqual([]);
});
