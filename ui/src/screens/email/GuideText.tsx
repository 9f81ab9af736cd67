import type { Instruction } from "../../backend/generated/Instruction";
import type { Source } from "../../backend/generated/Source";
import type { Words } from "../../backend/generated/Words";
import { Fold } from "../../components/Fold";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { dayWords } from "../../words/times";
import css from "./Finish.module.css";

/** Numbered lines with the names of buttons as key-caps. */
export function Instructions({ title, lines }: { title?: string; lines: Instruction[] }) {
  const locale = useLocale();
  if (lines.length === 0) return null;
  return (
    <div>
      {title && <p className={css.how}>{title}</p>}
      <ol className={css.lines}>
        {lines.map((line) => (
          <li key={line.text.en}>
            <T>{line.text[locale]}</T>
            {line.labels.map((label) => (
              <KeyCaps key={label.en} label={label} />
            ))}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** A button's name in both languages: the page follows the account's language, not this app's. */
function KeyCaps({ label }: { label: Words }) {
  const locale = useLocale();
  const order = locale === "ja" ? (["ja", "en"] as const) : (["en", "ja"] as const);
  const shown = label.ja === label.en ? order.slice(0, 1) : order;
  return (
    <span className={css.caps}>
      {shown.map((language) => (
        <kbd key={language} lang={language}>
          {label[language]}
        </kbd>
      ))}
    </span>
  );
}

export function Article({ lines }: { lines: Instruction[] }) {
  if (lines.length === 0) return null;
  return (
    <Fold title={m.guide_article()} testid="guide-article">
      <Instructions lines={lines} />
    </Fold>
  );
}

export function Sources({ sources }: { sources: Source[] }) {
  const locale = useLocale();
  if (sources.length === 0) return null;
  return (
    <Fold title={m.guide_sources()} testid="guide-sources">
      <ul className={css.sources}>
        {sources.map((source) => {
          const date = dayWords(source.checked, locale);
          return (
            <li key={source.url}>
              <span className={css.url}>{source.url}</span>
              <br />
              {source.documented ? m.guide_source_documented({ date }) : m.guide_source_seen({ date })}
            </li>
          );
        })}
      </ul>
    </Fold>
  );
}
