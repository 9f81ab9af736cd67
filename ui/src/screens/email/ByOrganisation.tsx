import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useAccesses, useAdmin } from "../../state/admin";
import { useOverview } from "../../state/overview";
import { toHash } from "../../state/route";
import { EVERYWHERE } from "../admin/AccessCard";
import css from "./Dialogs.module.css";

/** For a super admin whose search came across this account: it can be revoked, and proven, from there. */
export function ByOrganisation({ card }: { card: DisconnectCard }) {
  const { me } = useOverview();
  const admin = useAdmin();
  const suite = card.provider === "google" ? "google" : card.provider === "microsoft365" ? "microsoft" : null;
  const able = (admin.data?.organisations ?? []).filter(
    ({ suite: at, sign_in }) =>
      at === suite && sign_in?.permissions.includes("revoke") && !sign_in.read_only && !sign_in.refused_since,
  );
  if (!me.super_admin || able.length === 0 || card.holder.here) return null;
  return <Found address={card.address} organisation={able.length === 1 ? able[0]?.id : EVERYWHERE} />;
}

function Found({ address, organisation = EVERYWHERE }: { address: string; organisation?: string }) {
  const found = useAccesses({
    organisation: organisation === EVERYWHERE ? null : organisation,
    text: address,
    app: null,
    view: "all",
    days: null,
    order: "address",
    offset: 0,
    limit: 1,
  });
  if (!found.data?.total) return null;
  return (
    <Note testid="guide-organisation">
      <T>{m.guide_organisation()}</T>{" "}
      <a className={css.link} href={toHash({ screen: "access", organisation, text: address })}>
        {m.runs_to_access()}
      </a>
    </Note>
  );
}
