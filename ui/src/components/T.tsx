import { Fragment } from "react";
import { useLocale } from "../state/locale";
import { phrases } from "../words/phrases";
import css from "./T.module.css";

/** Engines with `auto-phrase` break Japanese well by themselves. */
const needsHelp = typeof CSS !== "undefined" && CSS.supports?.("word-break", "auto-phrase") === false;

/** Running text. In Japanese its lines break between phrases in every webview; what it reads stays the same. */
export function T({ children }: { children: string }) {
  const japanese = useLocale() === "ja";
  if (!needsHelp || !japanese) return children;
  const parts = phrases(children);
  if (parts.length < 2) return children;
  return (
    <span className={css.phrases}>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the phrases of one sentence never change places
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}
