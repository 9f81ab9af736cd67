import type { RowWithoutAccess } from "../../backend/generated/RowWithoutAccess";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import { toHash } from "../../state/route";
import css from "./Access.module.css";
import { useRowRoutes } from "./AccessTable";

/** HubSpot's rows whose person was read and has no access. */
export function WithoutAccess({ rows }: { rows: RowWithoutAccess[] }) {
  const { inboxes } = useOverview();
  const routes = useRowRoutes();
  if (rows.length === 0) {
    return (
      <div className={css.note}>
        <p data-testid="crm-only-empty">{m.crm_only_none()}</p>
      </div>
    );
  }
  return (
    <ul className={css.without} aria-label={m.view_crm_only()} data-testid="crm-only">
      {rows.map(({ mailbox, address, inbox }) => {
        const route = routes.get(mailbox) ?? ({ screen: "history", mailbox } as const);
        const team = inbox && inboxes.find((one) => one.id === inbox)?.name;
        return (
          <li key={mailbox} data-testid="crm-only-row" data-address={address}>
            <span className={css.address}>
              <strong>{address}</strong>
            </span>
            <span className={css.faint}>{team ? m.job_inbox({ inbox: team }) : m.email_heading()}</span>
            <a
              className={css.link}
              href={toHash(route)}
              aria-label={m.crm_show_label({ address })}
              data-testid="crm-only-show"
            >
              {m.crm_show()}
            </a>
          </li>
        );
      })}
    </ul>
  );
}
