import type { ReactNode } from "react";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import type { Mark } from "../../words/sides";
import css from "./Organisation.module.css";

/** One thing that is known, and what can be done about it. */
export function Fact({
  mark,
  state,
  detail,
  actions,
  children,
  testid,
}: {
  mark: Mark | "warn";
  state: ReactNode;
  detail?: string;
  actions?: ReactNode;
  children?: ReactNode;
  testid?: string;
}) {
  return (
    <div className={css.fact} data-testid={testid} data-mark={mark}>
      <span className={css.mark}>
        <StateMark mark={mark} />
      </span>
      <div className={css.text}>
        <div className={css.state}>{typeof state === "string" ? <T>{state}</T> : state}</div>
        {detail && (
          <p className={css.faint}>
            <T>{detail}</T>
          </p>
        )}
        {children}
        {actions && <div className={css.actions}>{actions}</div>}
      </div>
    </div>
  );
}
