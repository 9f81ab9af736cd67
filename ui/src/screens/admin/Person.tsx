import type { AccountView } from "../../backend/generated/AccountView";
import { Badge } from "../../components/Badge";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { capital } from "../../words/admin";
import css from "./Access.module.css";

/** Whose account it is; or that it is everybody's. */
export function Person({ person }: { person: AccountView | null }) {
  if (!person) {
    return (
      <>
        <span className={css.address}>
          <strong>{capital(m.everybody())}</strong>
          <Badge>{m.everybody_badge()}</Badge>
        </span>
        <span className={css.faint}>
          <T>{m.everybody_hint()}</T>
        </span>
      </>
    );
  }
  return (
    <>
      <span className={css.address}>
        <strong>{person.address}</strong>
        {person.suspended && <Badge>{m.person_suspended()}</Badge>}
      </span>
      {person.name && <span className={css.faint}>{person.name}</span>}
    </>
  );
}
