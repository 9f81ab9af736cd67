import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { PAGE, useAccesses, useAdmin } from "../../state/admin";
import { toHash } from "../../state/route";
import css from "./Dialogs.module.css";

/** For a super admin whose search came across this account: it can be revoked, and proven, from there. */
export function ByOrganisation({ card }: { card: DisconnectCard }) {
  const admin = useAdmin();
  if (card.holder.here) return null;
  const suite = card.provider === "google" ? "google" : card.provider === "microsoft365" ? "microsoft" : null;
  const able = (admin.data?.organisations ?? []).filter(
    ({ suite: at, sign_in }) =>
      at === suite && sign_in?.permissions.includes("revoke") && !sign_in.read_only && !sign_in.refused_since,
  );
  return able.map(({ id }) => <Found key={id} card={card} organisation={id} />);
}

function Found({ card, organisation }: { card: DisconnectCard; organisation: string }) {
  const found = useAccesses({
    organisation,
    text: card.address,
    app: null,
    view: "all",
    days: null,
    order: "address",
    offset: 0,
    limit: PAGE,
  });
  // The text is looked for anywhere: it may be a part of somebody else's address.
  if (!found.data?.rows.some((row) => row.chosen && row.crm?.mailbox === card.mailbox)) return null;
  return (
    <Note testid="guide-organisation">
      <T>{m.guide_organisation()}</T>{" "}
      <a className={css.link} href={toHash({ screen: "access", organisation, text: card.address })}>
        {m.runs_to_access()}
      </a>
    </Note>
  );
}
