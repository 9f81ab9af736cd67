import type { AppFailure } from "../../backend";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import { type Route, toHash } from "../../state/route";
import css from "./Dialogs.module.css";

/**
 * An address that is connected already: where, and the way there. In HubSpot too, one address is personal or
 * team, never both.
 */
export function InUseNote({ failure, onFollow }: { failure: AppFailure | null; onFollow: () => void }) {
  const { inboxes } = useOverview();
  if (failure?.code !== "address_in_use" || !failure.details.mailbox) return null;
  const { mailbox, inbox } = failure.details;
  const name = inboxes.find((one) => one.id === inbox)?.name;
  const route: Route = inbox ? { screen: "channels", inbox, mailbox } : { screen: "email", mailbox };
  return (
    <Note tone="warn" testid="in-use">
      <T>{!inbox ? m.in_use_personal() : name ? m.in_use_team({ inbox: name }) : m.in_use_other_team()}</T>{" "}
      <a className={css.link} href={toHash(route)} onClick={onFollow} data-testid="in-use-link">
        {m.in_use_link()}
      </a>
    </Note>
  );
}
