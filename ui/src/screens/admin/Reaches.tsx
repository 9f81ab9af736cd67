import type { Reach } from "../../backend/generated/Reach";
import type { Suite } from "../../backend/generated/Suite";
import { reachesWords } from "../../words/admin";
import css from "./Access.module.css";

/** What an app reaches. Its lines break between the parts only. */
export function Reaches({ reaches, suite }: { reaches: Reach[]; suite: Suite }) {
  return reachesWords(reaches, suite).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one list never change places
    <span key={index}>
      <span className={css.part}>{part.trimEnd()}</span>
      {part.endsWith(" ") ? " " : <wbr />}
    </span>
  ));
}
