import { useState } from "react";
import type { Instruction } from "../../backend/generated/Instruction";
import type { Opened } from "../../backend/generated/Opened";
import type { Source } from "../../backend/generated/Source";
import type { Words } from "../../backend/generated/Words";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Fold } from "../../components/Fold";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
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

/** The heading of HubSpot's article that the steps belong to. */
export function Section({ section }: { section: Words | null }) {
  const locale = useLocale();
  if (!section) return null;
  return (
    <p className={css.faint} data-testid="guide-section">
      <T>{m.guide_section({ section: section[locale] })}</T>
    </p>
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

/** Where the wording comes from. The guide's own page is not opened from here: its button keeps a record of it. */
export function Sources({ sources, page }: { sources: Source[]; page: string | null }) {
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
              <T>{source.documented ? m.guide_source_documented({ date }) : m.guide_source_seen({ date })}</T>
              {source.note && (
                <>
                  {" "}
                  <T>{source.note[locale]}</T>
                </>
              )}
              {source.url !== page && <OpenSource url={source.url} />}
            </li>
          );
        })}
      </ul>
    </Fold>
  );
}

/** The page of a source, opened by the backend, which knows the addresses that its tables name. */
function OpenSource({ url }: { url: string }) {
  const open = useCommand((backend) => backend.openSource(url));
  const [opened, setOpened] = useState<Opened | null>(null);
  return (
    <>
      <span className={css.line}>
        <Button
          small
          busy={open.busy}
          aria-label={`${m.guide_source_open()}: ${url}`}
          onPress={() => void open.run().then((result) => result && setOpened(result))}
          data-testid="source-open"
        >
          {m.guide_source_open()}
        </Button>
        <span role="status" className={css.faint} data-testid="source-opened">
          {opened && (opened.opened ? m.guide_opened() : m.guide_sample())}
        </span>
      </span>
      <ErrorNote failure={open.failure} onDismiss={open.forget} />
    </>
  );
}
