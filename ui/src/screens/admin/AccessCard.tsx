import { useState } from "react";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { ACCESS_TABS, type AccessTab, toHash } from "../../state/route";
import email from "../email/Email.module.css";
import settings from "../settings/Settings.module.css";
import css from "./Access.module.css";
import { AccessLines } from "./AccessLines";
import { FromListDialog, LeaverDialog } from "./PlanDialogs";
import { UsesKnown } from "./UsesKnown";
import { WithoutAccess } from "./WithoutAccess";

/** Every organisation at once: to look at, not to plan with. */
export const EVERYWHERE = "all";

const TABS: Record<AccessTab, { words: () => string; about: () => string }> = {
  all: { words: m.view_all, about: m.view_all_about },
  without_crm: { words: m.view_without_crm, about: m.view_without_crm_about },
  unused: { words: m.view_unused, about: m.view_unused_about },
  crm_only: { words: m.view_crm_only, about: m.view_crm_only_about },
};

/** What a search found, in views that set it against what is known of HubSpot's side. */
export function AccessCard({
  organisations,
  wanted,
  tab,
  text,
}: {
  organisations: OrganisationView[];
  wanted: string | null;
  tab: AccessTab;
  text: string;
}) {
  const [asking, setAsking] = useState<"list" | "leaver" | null>(null);
  const found = organisations.filter((one) => one.searched !== null || one.accesses > 0);
  const known = found.find((one) => one.id === wanted);
  const organisation =
    wanted === EVERYWHERE && found.length > 1 ? EVERYWHERE : ((known ?? found[0])?.id ?? EVERYWHERE);
  const within = found.filter((one) => organisation === EVERYWHERE || one.id === organisation);
  const rowsWithout = within.flatMap((one) => one.rows_without_access);
  const planning = organisations.filter((one) => one.chosen.length > 0);
  const route = (view: AccessTab) => {
    const at = wanted ? { organisation: wanted } : {};
    return toHash(view === "all" ? { screen: "access", ...at } : { screen: "access", ...at, view });
  };

  return (
    <Card
      flush
      testid="access-card"
      title={m.accesses_heading()}
      aside={
        planning.length > 0 && (
          <>
            <span className={email.spring} />
            <div className={email.buttons}>
              <Button onPress={() => setAsking("list")} data-testid="plan-list">
                {m.plan_from_list()}
              </Button>
              <Button onPress={() => setAsking("leaver")} data-testid="plan-leaver">
                {m.plan_leaver()}
              </Button>
            </div>
          </>
        )
      }
    >
      <nav className={`${settings.tabs} ${css.tabs}`} aria-label={m.views_label()}>
        {ACCESS_TABS.map((key) => (
          <a
            key={key}
            href={route(key)}
            aria-current={key === tab ? "page" : undefined}
            data-testid={`view-${key}`}
          >
            {TABS[key].words()}
            {key === "crm_only" && rowsWithout.length > 0 && (
              <span className={css.tabCount}>{rowsWithout.length}</span>
            )}
          </a>
        ))}
      </nav>
      <p className={css.about}>
        <T>{TABS[tab].about()}</T>
      </p>
      {tab === "unused" && <UsesKnown organisations={within} />}
      {tab === "crm_only" ? (
        <WithoutAccess rows={rowsWithout} />
      ) : (
        <AccessLines organisations={found} organisation={organisation} tab={tab} text={text} />
      )}
      {asking === "list" && (
        <FromListDialog
          organisations={planning}
          organisation={organisation}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === "leaver" && (
        <LeaverDialog organisations={planning} organisation={organisation} onClose={() => setAsking(null)} />
      )}
    </Card>
  );
}
