import { useState } from "react";
import type { AdminView } from "../../backend/generated/AdminView";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import { ErrorNote } from "../../components/ErrorNote";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useAdmin, useAdminProgress } from "../../state/admin";
import { useOverview } from "../../state/overview";
import type { Route } from "../../state/route";
import settings from "../settings/Settings.module.css";
import { AccessCard } from "./AccessCard";
import { AdminSignInDialog, type SignInAsk } from "./AdminSignInDialog";
import { OrganisationsCard } from "./OrganisationsCard";
import { PacesForm } from "./PacesForm";
import { SignOutDialog } from "./SignOutDialog";
import { UnreadCard } from "./UnreadCard";

type Props = Omit<Extract<Route, { screen: "access" }>, "screen">;

/** Whose mailboxes HubSpot can reach in the organisations that an administrator signs in to. */
export function AccessScreen(props: Props) {
  const { me, workspace } = useOverview();
  const admin = useAdmin();
  useAdminProgress();
  return (
    <>
      <h1 className={settings.title}>{m.access_heading()}</h1>
      <div className={settings.stack}>
        <p className={settings.lead} data-testid="access-lead">
          <T>{me.super_admin ? m.access_lead() : m.access_not_super()}</T>
        </p>
        {me.super_admin && workspace.sample && (
          <Note testid="access-sample">
            <T>{m.access_sample()}</T>
          </Note>
        )}
        <ErrorNote failure={admin.error} />
        {me.super_admin && admin.data && <Content route={props} admin={admin.data} />}
      </div>
    </>
  );
}

type Asking = { what: "sign_in"; ask: SignInAsk } | { what: "sign_out"; organisation: OrganisationView };

function Content({ route, admin }: { route: Props; admin: AdminView }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  const { organisations } = admin;
  // There is something to look at and to plan with.
  const found = organisations.some((one) => one.searched !== null || one.accesses > 0);
  return (
    <>
      <OrganisationsCard
        organisations={organisations}
        onSignIn={(ask) => setAsking({ what: "sign_in", ask })}
        onSignOut={(organisation) => setAsking({ what: "sign_out", organisation })}
      />
      {organisations
        .filter((one) => (one.searched?.unread ?? 0) > 0)
        .map((one) => (
          <UnreadCard key={one.id} organisation={one} alone={organisations.length === 1} />
        ))}
      {found && (
        <AccessCard
          organisations={organisations}
          wanted={route.organisation ?? null}
          tab={route.view ?? "all"}
          text={route.text ?? ""}
        />
      )}
      {organisations.length > 0 && <PacesForm paces={admin.paces} />}
      {asking?.what === "sign_in" && <AdminSignInDialog asks={admin.asks} ask={asking.ask} onClose={close} />}
      {asking?.what === "sign_out" && <SignOutDialog organisation={asking.organisation} onClose={close} />}
    </>
  );
}
